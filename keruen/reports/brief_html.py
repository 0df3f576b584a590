"""A brief as one HTML page that stands alone and prints on A4: pictures within it, no script, numbers of notes as links."""

from __future__ import annotations

import base64
import os
from html import escape
from pathlib import Path

from keruen.reports.brief_model import Beside, Block, Brief, Grid, Heading, Line, Paragraph, Picture, Tiles
from keruen.reports.map_style import COLOURS, INK, QUIET, RULE
from keruen.tables.whole_file import whole_file

STYLE = f"""
:root {{ color-scheme: light; }}
body {{ font: 14px/1.4 "DejaVu Sans", "Segoe UI", Arial, sans-serif; color: {INK}; max-width: 62rem; margin: 1.5rem
auto; padding: 0 1rem; }}
h1 {{ font-size: 1.7rem; margin: 0 0 .2rem; }} h2 {{ font-size: 1.05rem; color: {COLOURS[0]}; margin: 1rem 0 .3rem; }}
p {{ margin: .25rem 0; }} .small, .lead {{ color: {QUIET}; font-size: .86em; }} ul {{ margin: .2rem 0; padding-left:
1.1rem; }}
.tiles {{ display: flex; flex-wrap: wrap; gap: 2px; }} .tile {{ flex: 1 1 8rem; background: #eef4f7; border-left: 3px
solid {COLOURS[0]}; padding: .4rem .6rem; }}
.tile b {{ font-size: 1.15rem; }} .tile span {{ display: block; color: {QUIET}; font-size: .8em; }}
.beside {{ display: flex; gap: 1rem; flex-wrap: wrap; }} .beside > div {{ min-width: 16rem; }}
table {{ border-collapse: collapse; width: 100%; }} th {{ text-align: left; color: {QUIET}; font-weight: normal;
font-size: .85em; border-bottom: 1px solid {QUIET}; }}
td, th {{ padding: .12rem .4rem .12rem 0; vertical-align: top; overflow-wrap: anywhere; }} td {{ border-bottom: 1px
solid {RULE}; }}
.n {{ text-align: right; overflow-wrap: normal; }} .fine {{ font-size: .78em; }} sup a {{ color: {COLOURS[0]};
text-decoration: none; }} figure {{ margin: 0; }}
img {{ width: 100%; height: auto; }} figcaption {{ color: {QUIET}; font-size: .8em; }} footer {{ color: {QUIET};
font-size: .78em; margin-top: 1rem; }}
@page {{ size: A4; margin: 12mm; }}
@media print {{ body {{ font-size: 8pt; margin: 0; padding: 0; max-width: none; }} .annex {{ break-before: page; }}
.beside {{ flex-wrap: nowrap; }} .beside > div {{ min-width: 0; }} }}
"""


def write_html(brief: Brief, path: str | os.PathLike[str]) -> Path:
    """Write a brief as an HTML page, whole or not at all."""
    target = Path(path)
    with whole_file(target) as draft:
        draft.write_text(html_of(brief), encoding="utf-8")
    return target


def html_of(brief: Brief) -> str:
    """The page."""
    body = "\n".join(_blocks(brief.body))
    annex = "\n".join(_blocks(brief.annex))
    return (
        f'<!doctype html>\n<html lang="{brief.lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(brief.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{escape(brief.title)}</h1>\n"
        f'<p class="lead">{escape(brief.subtitle)}</p>\n{body}\n<section class="annex">\n<h1>{escape(brief.annex_title)}</h1>\n{annex}\n'
        f"</section>\n</main>\n<footer>{escape(brief.footer)}</footer>\n</body>\n</html>\n"
    )


def _blocks(blocks: tuple[Block, ...]) -> list[str]:
    """Blocks as HTML; bullets that follow each other are one list."""
    found: list[str] = []
    bullets: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph) and block.style == "bullet":
            bullets.append(f"<li>{_line(block.line)}</li>")
            continue
        if bullets:
            found.append(f"<ul>{''.join(bullets)}</ul>")
            bullets = []
        found.append(_block(block))
    if bullets:
        found.append(f"<ul>{''.join(bullets)}</ul>")
    return found


def _block(block: Block) -> str:
    match block:
        case Heading(text=text):
            return f"<h2>{escape(text[:1].upper() + text[1:])}</h2>"
        case Paragraph(line=line, style=style):
            return f'<p class="{style}">{_line(line)}</p>'
        case Tiles(tiles=tiles):
            cells = "".join(
                f'<div class="tile">{_line((tile.value,))}<span>{escape(tile.label)}</span></div>' for tile in tiles
            )
            return f'<div class="tiles">{cells}</div>'
        case Grid():
            return _grid(block)
        case Picture(png=png, title=title, alt=alt):
            data = base64.b64encode(png).decode("ascii")
            return f'<figure><img alt="{escape(alt)}" src="data:image/png;base64,{data}"><figcaption>{escape(title)}</figcaption></figure>'
        case Beside(columns=columns, shares=shares):
            cells = "".join(
                f'<div style="flex: {share:g}">{"".join(_blocks(column))}</div>'
                for column, share in zip(columns, shares, strict=True)
            )
            return f'<div class="beside">{cells}</div>'


def _grid(block: Grid) -> str:
    def cell(tag: str, i: int, text: str) -> str:
        return f'<{tag} class="n">{text}</{tag}>' if i in block.numbers else f"<{tag}>{text}</{tag}>"

    columns = "".join(f'<col style="width: {100 * share:g}%">' for share in block.widths)
    head = "".join(cell("th", i, escape(text)) for i, text in enumerate(block.head))
    rows = "".join(
        f"<tr{_anchor(row, block)}>{''.join(cell('td', i, _line(line)) for i, line in enumerate(row))}</tr>"
        for row in block.rows
    )
    fine = ' class="fine"' if block.small else ""
    return f"<table{fine}><colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _anchor(row: tuple[Line, ...], block: Grid) -> str:
    """The id of a row of notes (its number) or sources (S and its number), so that numbers lead there."""
    first = row[0][0].text if block.small and row[0] else ""
    if first.isdigit():
        return f' id="n{first}"'
    return f' id="{first}"' if first[:1] == "S" and first[1:].isdigit() else ""


def _line(line: Line) -> str:
    found = []
    for piece in line:
        text = escape(piece.text)
        if piece.mark:
            text = f'<span style="color:{piece.mark}">■</span>{text}'
        if piece.bold:
            text = f"<b>{text}</b>"
        if piece.notes:
            text += "<sup>" + ",".join(f'<a href="#n{number}">{number}</a>' for number in piece.notes) + "</sup>"
        found.append(text)
    return "".join(found)
