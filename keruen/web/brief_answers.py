"""What a brief holds as JSON, described for the OpenAPI document: figures with their notes, notes with rows and sources."""

from __future__ import annotations

from typing import Annotated

from keruen.web.answers import Answer, Rows, means


class BriefFigure(Answer):
    """A figure of a brief."""

    section: Annotated[str, means("Part of the brief that states it.", examples=["trade"])]
    label: Annotated[str, means("What it is, in the language of the brief.")]
    value: Annotated[float, means("In `unit`.")]
    low: Annotated[float | None, means("Least that its rounding or method allows; null: not told.")]
    high: Annotated[float | None, means("Most that it allows; null: not told.")]
    unit: str
    text: Annotated[str, means("As it is printed.", examples=["805.4"])]
    note: Annotated[int, means("Number of its note.")]
    rows: Rows


class BriefNote(Answer):
    """What stands behind figures."""

    number: int
    said: str
    rows: Rows
    sources: Annotated[list[str], means("Keys of rows of the sources table.")]
    assumed: Annotated[int, means("How many of the rows are assumptions of ours.")]


class BriefSource(Answer):
    """A source that notes name."""

    number: int
    source: str
    title: str
    url: str | None
    date: str | None


class BriefFigures(Answer):
    """The figures of a brief, without its words of layout and its pictures."""

    about: Annotated[str, means("pair, corridor or material")]
    key: Annotated[str, means("Of what: KAZ-VNM, trans_caspian, titanium.")]
    lang: str
    title: str
    day: Annotated[str | None, means("Date of the newest source named; null: none is dated.")]
    figures: list[BriefFigure]
    notes: list[BriefNote]
    sources: list[BriefSource]
    unknown: Annotated[list[str], means("What is not known, in sentences.")]
