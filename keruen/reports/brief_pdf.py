"""A brief as PDF: A4, the two pages set to fit two pages, then the annex; DejaVu Sans, which has all Cyrillic and Kazakh letters.

    fit    the largest of SIZES at which the body takes at most two pages; if none does, lists lose their last lines until it does

Written by ReportLab in its invariant mode: no time of writing and no random id is in the file. The fonts are those that come with
matplotlib and are embedded, only the letters used.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from keruen.reports.brief_model import Beside, Block, Brief, Grid, Heading, Line, Paragraph, Picture, Tiles
from keruen.reports.map_style import COLOURS, QUIET, RULE
from keruen.tables.whole_file import whole_file

PAGES = 2
SIZES = (9.0, 8.6, 8.3, 8.0, 7.7, 7.4, 7.1, 6.8)
ANNEX_SIZE = 6.6
MARGIN_MM, FOOT_MM = 14.0, 10.0
FONTS = {"Keruen": "DejaVuSans.ttf", "Keruen-Bold": "DejaVuSans-Bold.ttf"}
BREAK_AFTER = "/|_-.?=&:"  # places at which a long row or address may break
LONG_WORD = 24
HEADING_ROOM = 6.0  # lines that must fit below a heading on its page
SMALLEST = 0.8  # of their height pictures may become to end a page
ACCENT = COLOURS[0]


@dataclass(frozen=True)
class Setting:
    """Letters of so many points on lines so wide."""

    points: float
    width: float


def font_file(name: str) -> Path:
    """The file of a font that comes with matplotlib."""
    from matplotlib import get_data_path

    return Path(get_data_path()) / "fonts" / "ttf" / name


@cache
def register_fonts() -> None:
    """Make the fonts known to ReportLab, once."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name, file in FONTS.items():
        pdfmetrics.registerFont(TTFont(name, str(font_file(file))))
    pdfmetrics.registerFontFamily(
        "Keruen", normal="Keruen", bold="Keruen-Bold", italic="Keruen", boldItalic="Keruen-Bold"
    )


def write_pdf(brief: Brief, path: str | os.PathLike[str]) -> Path:
    """Write a brief as PDF, whole or not at all."""
    target = Path(path)
    content = pdf_bytes(brief)
    with whole_file(target) as draft:
        draft.write_bytes(content)
    return target


def pdf_bytes(brief: Brief) -> bytes:
    """The PDF, the same bytes for the same brief."""
    body, points = fitted(brief)
    return _built(brief, body, points, annex=True)[0]


def fitted(brief: Brief) -> tuple[tuple[Block, ...], float]:
    """The body as it fits two pages, and the size of its letters in points."""
    for points in SIZES:
        if _built(brief, brief.body, points, annex=False)[1] <= PAGES:
            return brief.body, points
    body = brief.body
    while (shorter := _shortened(body)) != body:
        body = shorter
        if _built(brief, body, SIZES[-1], annex=False)[1] <= PAGES:
            break
    return body, SIZES[-1]


def _shortened(body: tuple[Block, ...]) -> tuple[Block, ...]:
    """The body without the last line of its longest run of bullets; the figures of the annex keep what it told."""
    runs: list[tuple[int, int]] = []
    start = None
    for i, block in enumerate((*body, Heading(""))):
        is_bullet = isinstance(block, Paragraph) and block.style == "bullet"
        if is_bullet and start is None:
            start = i
        elif not is_bullet and start is not None:
            runs.append((i - start, i))
            start = None
    longest = max(runs, default=(0, 0))
    return body if longest[0] < 2 else (*body[: longest[1] - 1], *body[longest[1] :])


def _built(brief: Brief, body: tuple[Block, ...], points: float, *, annex: bool) -> tuple[bytes, int]:
    """The bytes of a PDF and how many pages it has."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate

    register_fonts()
    held = io.BytesIO()
    width, height = A4
    margin, foot = MARGIN_MM * mm, FOOT_MM * mm
    setting = Setting(points, width - 2 * margin)
    with _invariant():
        document = BaseDocTemplate(
            held,
            pagesize=A4,
            title=brief.title,
            author="Keruen",
            subject=brief.subtitle,
            creator="Keruen",
            producer="Keruen",
            invariant=1,
            lang=brief.lang,
        )
        frame = Frame(margin, foot + 4 * mm, setting.width, height - foot - 4 * mm - 10 * mm, 0, 0, 0, 0)
        document.addPageTemplates(
            [PageTemplate("page", [frame], onPage=lambda canvas, page: _foot(canvas, page, brief, width, margin, foot))]
        )
        story = [*_title(brief, setting), *_body(body, setting)]
        if annex:
            small = Setting(ANNEX_SIZE, setting.width)
            story += [PageBreak(), _text(brief.annex_title, points * 1.5, bold=True, after=4)]
            story += [one for block in brief.annex for one in _flowables(block, small)]
        document.build(story)
    return held.getvalue(), document.page


@contextmanager
def _invariant() -> Iterator[None]:
    """A block in which ReportLab writes no time and no random id."""
    from reportlab import rl_config

    before = rl_config.invariant
    rl_config.invariant = 1
    try:
        yield
    finally:
        rl_config.invariant = before


def _foot(canvas: Any, document: Any, brief: Brief, width: float, margin: float, foot: float) -> None:
    """The foot of a page: what the marks mean, and the number of the page."""
    canvas.saveState()
    canvas.setFont("Keruen", 5.8)
    canvas.setFillColor(QUIET)
    canvas.drawString(margin, foot, brief.footer)
    canvas.drawRightString(width - margin, foot, str(document.page))
    canvas.restoreState()


def _title(brief: Brief, setting: Setting) -> list[Any]:
    return [
        _text(brief.title, setting.points * 1.9, bold=True, after=1.5),
        _text(brief.subtitle, setting.points * 0.82, colour=QUIET, after=4),
    ]


def _text(
    text: str,
    points: float,
    *,
    bold: bool = False,
    colour: str = "#22303a",
    after: float = 2.0,
    before: float = 0.0,
    right: bool = False,
    bullet: bool = False,
) -> Any:
    """A paragraph of text that is already marked up, or plain."""
    from reportlab.lib.enums import TA_LEFT, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph as Set

    style = ParagraphStyle(
        "keruen",
        fontName="Keruen-Bold" if bold else "Keruen",
        fontSize=points,
        leading=points * 1.24,
        textColor=colour,
        spaceAfter=after,
        spaceBefore=before,
        alignment=TA_RIGHT if right else TA_LEFT,
        leftIndent=points if bullet else 0,
        bulletIndent=points * 0.2,
        splitLongWords=True,
        bulletFontName="Keruen",
        bulletFontSize=points,
        allowWidows=0,
        allowOrphans=0,
    )
    return Set(text, style, bulletText="•" if bullet else None)


def _marked(line: Line, points: float) -> str:
    """A line as ReportLab's markup: bold, marks in their colour, numbers of notes raised."""
    found = []
    for piece in line:
        text = escape(breakable(piece.text), quote=False)
        if piece.mark:
            text = f'<font color="{piece.mark}">■</font>{text}'
        if piece.bold:
            text = f"<b>{text}</b>"
        if piece.notes:
            numbers = ",".join(map(str, piece.notes))
            text += f'<super size="{points * 0.66:.1f}" rise="{points * 0.34:.1f}"><font color="{ACCENT}">{numbers}</font></super>'
        found.append(text)
    return "".join(found)


def breakable(text: str) -> str:
    """A text whose long rows and addresses may break after a sign: a blank of no width stands there."""
    return " ".join(
        word if len(word) <= LONG_WORD else "".join(f"{sign}\u200b" if sign in BREAK_AFTER else sign for sign in word)
        for word in text.split(" ")
    )


def _flowables(block: Block, setting: Setting) -> list[Any]:
    """A block as ReportLab's flowables."""
    points = setting.points
    match block:
        case Heading(text=text):
            from reportlab.platypus import CondPageBreak

            shown = _text(
                escape(text[:1].upper() + text[1:]),
                points * 1.22,
                bold=True,
                colour=ACCENT,
                before=points * 0.55,
                after=1.6,
            )
            return [CondPageBreak(HEADING_ROOM * points), shown]
        case Paragraph(line=line, style=style):
            size = points * 0.86 if style == "small" else points
            return [
                _text(
                    _marked(line, size),
                    size,
                    colour=QUIET if style == "small" else "#22303a",
                    bullet=style == "bullet",
                    after=1.4,
                )
            ]
        case Tiles():
            return [_tiles(block, setting)]
        case Grid():
            return [_grid(block, setting)]
        case Picture():
            return _picture(block, setting)
        case Beside(columns=columns, shares=shares):
            return [_beside(columns, shares, setting)]


def _body(blocks: Sequence[Block], setting: Setting) -> list[Any]:
    """The blocks of the two pages: a table is not parted over pages nor from its heading, and pictures side by side become smaller
    by up to a fifth rather than leave the rest of a page empty."""
    from reportlab.platypus import CondPageBreak, KeepInFrame, KeepTogether

    story: list[Any] = []
    heading: list[Any] = []
    for block in blocks:
        found = _flowables(block, setting)
        match block:
            case Heading():
                story += heading
                heading = found
                continue
            case Grid():
                found = [KeepTogether(heading + found)]
            case Beside() if not heading:
                _, high = found[0].wrap(setting.width, 1e6)
                found = [CondPageBreak(SMALLEST * high), KeepInFrame(0, 0, found, mode="shrink")]
            case _:
                found = heading + found
        story += found
        heading = []
    return story + heading


def _picture(block: Picture, setting: Setting) -> list[Any]:
    from reportlab.platypus import Image

    high = setting.width * block.size[1] / block.size[0]
    return [
        Image(io.BytesIO(block.png), setting.width, high),
        _text(escape(block.title), setting.points * 0.8, colour=QUIET, after=2),
    ]


def _beside(columns: Sequence[tuple[Block, ...]], shares: Sequence[float], setting: Setting) -> Any:
    from reportlab.platypus import Table

    gap = 8.0
    widths = [setting.width * share for share in shares]
    cells = [
        [one for block in column for one in _flowables(block, Setting(setting.points, width - gap))]
        for column, width in zip(columns, widths, strict=True)
    ]
    table = Table([cells], colWidths=widths, hAlign="LEFT")
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), gap),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ]
    )
    return table


def _tiles(block: Tiles, setting: Setting) -> Any:
    from reportlab.platypus import Spacer, Table

    if not block.tiles:
        return Spacer(1, 1)
    width = setting.width / len(block.tiles)
    cells = [
        [
            _text(_marked((tile.value,), setting.points * 1.25), setting.points * 1.25, after=1),
            _text(escape(tile.label), setting.points * 0.78, colour=QUIET, after=0),
        ]
        for tile in block.tiles
    ]
    table = Table([cells], colWidths=[width] * len(cells), hAlign="LEFT")
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BACKGROUND", (0, 0), (-1, -1), "#eef4f7"),
            ("LINEBEFORE", (0, 0), (-1, -1), 2, ACCENT),
            ("LEFTPADDING", (0, 0), (-1, -1), 5),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ]
    )
    return table


def _grid(block: Grid, setting: Setting) -> Any:
    from reportlab.platypus import Table

    points = setting.points * (1.0 if block.small else 0.94)
    widths = [setting.width * share for share in block.widths]
    rows = [
        [
            _text(escape(breakable(head)), points * 0.88, colour=QUIET, after=0, right=i in block.numbers)
            for i, head in enumerate(block.head)
        ]
    ]
    rows += [
        [_text(_marked(line, points), points, after=0, right=i in block.numbers) for i, line in enumerate(row)]
        for row in block.rows
    ]
    table = Table(rows, colWidths=widths, repeatRows=1, hAlign="LEFT", splitInRow=1)
    pad = 1.2 if not block.small else 1.0
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, QUIET),
            ("LINEBELOW", (0, 1), (-1, -1), 0.3, RULE),
            ("LEFTPADDING", (0, 0), (-1, -1), 1.5),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ("TOPPADDING", (0, 0), (-1, -1), pad),
            ("BOTTOMPADDING", (0, 0), (-1, -1), pad),
        ]
    )
    return table
