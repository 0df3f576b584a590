"""A brief in the making: words of its language, figures as they are stated, and the notes they get, numbered as they first come.

    draft.figure("turnover", 2025", 805.4e6, "USD", "805.4 million USD", rows=...)   ->   a Piece with the number of its note

Figures that rest on the same rows share a note. A source is numbered once, in the order in which notes name it. In Kazakh the labels are
Kazakh and the sentences Russian (data/words_kk.csv); names of places and corridors are those of `spoken`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keruen.figures.ledger import Figure
from keruen.reports.brief_model import Line, Note, Origin, Piece, Stated
from keruen.reports.figures_text import country_names, figure_cells
from keruen.reports.wording import number, words_in
from keruen.reports.workbook import figure_keys
from keruen.tables.dataset import Dataset
from keruen.tables.table import Row
from keruen.tables.words import LABELS, label_basis

ASSUMED = "assumed"


class Draft:
    """What is stated so far. data: the tables. lang: en, ru or kk; spoken: the language of sentences and of names out of tables."""

    def __init__(self, data: Dataset, lang: str) -> None:
        self.data, self.lang = data, lang
        self.words = words_in(lang)
        self.spoken = label_basis(lang)
        self.section = ""
        self.unknown: list[str] = []
        self._figures: list[Stated] = []
        self._notes: dict[tuple[tuple[str, ...], str], Note] = {}
        self._sources: dict[str, Origin] = {}
        self._names = country_names(data, self.spoken)
        if lang in LABELS:
            own = {row.text("country"): row.text("name") for row in data["country_labels"] if row.text("lang") == lang}
            codes = zip(data["countries"].texts("country"), data["countries"].texts("iso3"), strict=True)
            self._names = {**self._names, **{iso3: own[code] for code, iso3 in codes if code in own}}

    def say(self, key: str, *ordered: object, **values: object) -> str:
        """A row of the words, filled in."""
        return self.words[key].format(*ordered, **values)

    def country(self, iso3: str) -> str:
        """The name of a country by its alpha-3 code; the code itself where it has none."""
        return self._names.get(iso3, iso3)

    def country2(self, code: str) -> str:
        """The same by its alpha-2 code."""
        row = self.data["countries"].find(code)
        return self.country(row.text("iso3")) if row is not None else code

    def own(self, row: Row | None, column: str = "name") -> str:
        """A cell of a table row in the language: `column`_ru where there is one and it is wanted, else the column."""
        if row is None:
            return ""
        other = f"{column}_ru"
        return (row.text(other) if self.spoken == "ru" and other in row.table.schema else "") or row.text(column)

    def number(self, value: float, digits: int = 0) -> str:
        """A number with the signs of the language."""
        return number(value, digits, self.words)

    def note(self, rows: Iterable[str], said: str = "", sources: Iterable[str] = ()) -> int:
        """The number of the note on some rows; a new one where these rows were not named yet."""
        found = tuple(dict.fromkeys(key for row in rows for key in figure_keys(row)))
        key = (found, "" if found else said)  # the same rows are the same note, whatever it is called
        if key not in self._notes:
            named = dict.fromkeys(sources)
            assumed = 0
            for one in found:
                row = self.data.find_row(one)
                if row is not None:
                    named.update(dict.fromkeys(row.sources()))
                    assumed += "basis" in row and row["basis"] == ASSUMED
            for source in named:
                self._source(source)
            self._notes[key] = Note(len(self._notes) + 1, said, found, tuple(named), assumed)
        return self._notes[key].number

    def _source(self, source: str) -> None:
        if source not in self._sources:
            row = self.data["sources"].find(source)
            cells = [row.text(name) if row is not None else "" for name in ("title", "url", "date")]
            self._sources[source] = Origin(len(self._sources) + 1, source, cells[0] or source, cells[1], cells[2])

    def figure(
        self,
        label: str,
        value: float,
        unit: str,
        text: str,
        *,
        rows: Iterable[str],
        said: str = "",
        sources: Iterable[str] = (),
        low: float | None = None,
        high: float | None = None,
        bold: bool = False,
        mark: str = "",
    ) -> Piece:
        """State a figure: it is kept with its note, and comes back as the piece to print."""
        kept = tuple(rows)
        told = self.note(kept, said or label, sources)
        self._figures.append(Stated(self.section, label, value, unit, text, told, kept, low, high))
        return Piece(text, (told,), bold, mark)

    def recorded(self, label: str, figure: Figure, *, bold: bool = False, short: str = "") -> Piece:
        """State a figure of the ledger, as the ledger prints it or as `short`."""
        cells = figure_cells(figure, self.words)
        interval = figure.interval
        value = figure.value if figure.value is not None else (figure.growth_pct or 0.0)
        unit = figure.unit if figure.value is not None else "%"
        whose = self.country(cells[2]) if cells[2] else ""
        said = "; ".join(part for part in (label, cells[0], cells[1], whose, cells[3]) if part)
        return self.figure(
            label,
            value,
            unit,
            short or cells[0],
            rows=figure.rows,
            said=said,
            sources=figure.sources,
            bold=bold,
            low=_finite(interval.low) if interval else None,
            high=_finite(interval.high) if interval else None,
        )

    def stands(self, figure: Figure) -> str:
        """Where a figure of the ledger stands, whose it is and when it was published."""
        cells = figure_cells(figure, self.words)
        return ", ".join(part for part in (cells[1], self.country(cells[2]) if cells[2] else "", cells[3]) if part)

    def lacks(self, key: str, **values: object) -> None:
        """Keep what is not known, to be told on the page and in the annex."""
        text = self.say(key, **values)
        if text not in self.unknown:
            self.unknown.append(text)

    @property
    def figures(self) -> tuple[Stated, ...]:
        """The figures stated, in order."""
        return tuple(self._figures)

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes by number."""
        return tuple(self._notes.values())

    @property
    def sources(self) -> tuple[Origin, ...]:
        """The sources by number."""
        return tuple(self._sources.values())

    @property
    def day(self) -> str:
        """The date of the newest source named, as ISO 8601; empty if none is dated."""
        return max((one.date for one in self._sources.values() if one.date[:1] == "2"), default="")


def plain(*parts: str | Piece) -> Line:
    """A line out of texts and pieces."""
    return tuple(Piece(part) if isinstance(part, str) else part for part in parts)


def joined(between: str, lines: Sequence[Line]) -> Line:
    """Lines one after the other, with a text between them."""
    found: list[Piece] = []
    for i, line in enumerate(lines):
        found += [Piece(between)] if i else []
        found += line
    return tuple(found)


def _finite(value: float) -> float | None:
    return value if abs(value) != float("inf") else None
