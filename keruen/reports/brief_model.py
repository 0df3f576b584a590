"""What a brief is made of: one neutral document of blocks, figures and notes, which the writers put on paper.

    Brief  =  title, two pages of blocks, an annex of blocks, the figures stated, the notes they lean on
    note   =  a number at a figure -> the rows it rests on -> sources with title, edition, date, address

A figure stands in the text with the number of its note and once more in `figures`, as a number with its unit, for programs and the
workbook. Blocks know nothing of paper, and writers nothing of trade. Equal briefs are written as equal bytes: their day is that of the
newest source they lean on, never that of the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Piece:
    """Some words of a line: the numbers of the notes behind them, whether bold, and the colour of a mark before them (#rrggbb)."""

    text: str
    notes: tuple[int, ...] = ()
    bold: bool = False
    mark: str = ""


Line = tuple[Piece, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 opens a part of the annex."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """Running words. style: plain, bullet or small."""

    line: Line
    style: str = "plain"


@dataclass(frozen=True)
class Tile:
    """One of the few numbers that come first."""

    value: Piece
    label: str


@dataclass(frozen=True)
class Tiles:
    """The numbers that come first, side by side."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Grid:
    """A table: heads, rows of lines, shares of the width, and the columns that hold numbers (set to the right). small: in the annex."""

    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    widths: tuple[float, ...]
    numbers: frozenset[int] = frozenset()
    small: bool = False


@dataclass(frozen=True)
class Picture:
    """A picture as PNG with its size in pixels, its title, and what it shows in words for who does not see it."""

    name: str
    png: bytes
    size: tuple[int, int]
    title: str
    alt: str


@dataclass(frozen=True)
class Beside:
    """Blocks side by side, with their shares of the width."""

    columns: tuple[tuple[Block, ...], ...]
    shares: tuple[float, ...]


Block = Heading | Paragraph | Tiles | Grid | Picture | Beside


@dataclass(frozen=True)
class Origin:
    """A source: its key, title, address, date, and its number in the annex."""

    number: int
    source: str
    title: str
    url: str
    date: str


@dataclass(frozen=True)
class Note:
    """What stands behind figures: a sentence, the rows (`table:key`), the sources of these, and how many of the rows are assumed."""

    number: int
    said: str
    rows: tuple[str, ...]
    sources: tuple[str, ...]
    assumed: int = 0


@dataclass(frozen=True)
class Stated:
    """A figure of the brief: where it stands, what it is, the number in `unit`, the words it is printed as, and its note.

    low, high: what its rounding or method allows; None where it is not told.
    """

    section: str
    label: str
    value: float
    unit: str
    text: str
    note: int
    rows: tuple[str, ...]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Brief:
    """Two pages and an annex on a pair of countries, a corridor or a material. about: pair, corridor or material; `key` of what."""

    about: str
    key: str
    lang: str
    title: str
    subtitle: str
    footer: str
    day: str
    body: tuple[Block, ...]
    annex: tuple[Block, ...]
    figures: tuple[Stated, ...]
    notes: tuple[Note, ...]
    sources: tuple[Origin, ...]
    unknown: tuple[str, ...]
    annex_title: str

    @property
    def made(self) -> datetime:
        """The day that files carry as the day they were made: that of the newest source."""
        year, month, day = ([int(part) for part in self.day.split("-")] + [1, 1])[:3] if self.day else (2000, 1, 1)
        return datetime(year, month, day)

    def pictures(self) -> Iterator[Picture]:
        """The pictures in order."""
        yield from (block for block in walk((*self.body, *self.annex)) if isinstance(block, Picture))

    def to_dict(self) -> dict[str, Any]:
        """The figures with their notes and sources, ready for JSON; no words of layout and no pictures."""
        return {
            "about": self.about, "key": self.key, "lang": self.lang, "title": self.title, "day": self.day or None,
            "figures": [
                {
                    "section": one.section, "label": one.label, "value": one.value, "low": one.low, "high": one.high, "unit": one.unit,
                    "text": one.text, "note": one.note, "rows": list(one.rows),
                }
                for one in self.figures
            ],
            "notes": [
                {"number": one.number, "said": one.said, "rows": list(one.rows), "sources": list(one.sources), "assumed": one.assumed}
                for one in self.notes
            ],
            "sources": [
                {"number": one.number, "source": one.source, "title": one.title, "url": one.url or None, "date": one.date or None}
                for one in self.sources
            ],
            "unknown": list(self.unknown),
        }  # fmt: skip


def tidied(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Blocks with a capital at the head of lines, cells of a head and labels, and without the marks of code."""
    return tuple(_tidy(block) for block in blocks)


def _tidy(block: Block) -> Block:
    match block:
        case Paragraph(line=line):
            return replace(block, line=_capital(line))
        case Tiles(tiles=tiles):
            return replace(block, tiles=tuple(replace(tile, label=_upper(tile.label)) for tile in tiles))
        case Grid(head=head, rows=rows):
            return replace(
                block, head=tuple(map(_upper, head)), rows=tuple(tuple(map(_capital, row)) if not block.small else row for row in rows)
            )  # fmt: skip
        case Beside(columns=columns):
            return replace(block, columns=tuple(tidied(column) for column in columns))
        case _:
            return block


def _capital(line: Line) -> Line:
    bare = tuple(replace(piece, text=piece.text.replace("`", "")) for piece in line)
    return (replace(bare[0], text=_upper(bare[0].text)), *bare[1:]) if bare else bare


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """All blocks, also those that stand side by side."""
    for block in blocks:
        if isinstance(block, Beside):
            for column in block.columns:
                yield from walk(column)
        else:
            yield block


def texts_of(brief: Brief) -> Iterator[str]:
    """Every text that is printed, for a check of its letters."""
    yield from (brief.title, brief.subtitle, brief.footer, brief.annex_title)
    for block in walk((*brief.body, *brief.annex)):
        match block:
            case Heading(text=text):
                yield text
            case Paragraph(line=line):
                yield from (piece.text for piece in line)
            case Tiles(tiles=tiles):
                yield from (text for tile in tiles for text in (tile.value.text, tile.label))
            case Grid(head=head, rows=rows):
                yield from head
                yield from (piece.text for row in rows for line in row for piece in line)
            case Picture(title=title):
                yield title
