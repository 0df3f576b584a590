"""A brief as a workbook: all figures with their notes, rows and sources, and what is not known; the same bytes every time."""

from __future__ import annotations

import os
from pathlib import Path

from keruen.reports.brief_model import Brief
from keruen.reports.workbook import Cell, write_sheets

FIGURES = ("number", "section", "what", "value", "low", "high", "unit", "as printed", "note", "rows", "sources")


def write_xlsx(brief: Brief, path: str | os.PathLike[str]) -> Path:
    """Write the figures, notes and sources of a brief as a workbook, whole or not at all."""
    notes = {note.number: note for note in brief.notes}
    figures: list[list[Cell]] = [list(FIGURES)]
    for i, one in enumerate(brief.figures, 1):
        sources = "|".join(notes[one.note].sources)
        figures.append(
            [
                i,
                one.section,
                one.label,
                one.value,
                one.low,
                one.high,
                one.unit,
                one.text,
                one.note,
                "|".join(one.rows),
                sources,
            ]
        )
    told: list[list[Cell]] = [["number", "what", "rows", "rows assumed", "sources"]]
    told += [[one.number, one.said, "|".join(one.rows), one.assumed, "|".join(one.sources)] for one in brief.notes]
    sources_sheet: list[list[Cell]] = [["number", "source", "title", "address", "date"]]
    sources_sheet += [[f"S{one.number}", one.source, one.title, one.url, one.date] for one in brief.sources]
    about: list[list[Cell]] = [
        ["what", "value"],
        ["title", brief.title],
        ["language", brief.lang],
        ["newest source", brief.day],
    ]
    about += [["not known", text] for text in brief.unknown]
    return write_sheets({"Figures": figures, "Notes": told, "Sources": sources_sheet, "About": about}, path)
