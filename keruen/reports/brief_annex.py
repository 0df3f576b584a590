"""The annex of a brief: notes, sources, rival figures in full, projects, and what we do not know.

    notes      number, what it is, sources by number, rows (`keruen sources ROW` opens each)
    sources    number, title, date, address

Nothing in it is cut: whoever doubts a figure of the two pages finds here what it rests on.
"""

from __future__ import annotations

from collections.abc import Sequence

from keruen.reports.brief_draft import Draft, plain
from keruen.reports.brief_model import Block, Grid, Heading, Paragraph

MOST_ROWS = 40  # of a note on paper; the workbook has all


def annex_of(draft: Draft, extra: Sequence[tuple[str, Grid | None]], method: Sequence[str]) -> tuple[Block, ...]:
    """The annex: what is not known and how it was made first, then tables (heading key, table), notes and sources."""
    found: list[Block] = [Heading(draft.words["brief_not_known"])]
    found += [Paragraph(plain(text), "bullet") for text in draft.unknown] or [
        Paragraph(plain(draft.words["brief_nothing_unknown"]))
    ]
    found.append(Heading(draft.words["brief_method"]))
    found += [Paragraph(plain(text), "bullet") for text in method]
    for key, grid in extra:
        if grid is not None:
            found += [Heading(draft.words[key]), grid]
    notes = []
    for note in draft.notes:
        numbers = [next(one.number for one in draft.sources if one.source == source) for source in note.sources]
        shown = ", ".join(note.rows[:MOST_ROWS])
        if len(note.rows) > MOST_ROWS:
            shown += " " + draft.say("brief_more_rows", count=len(note.rows) - MOST_ROWS)
        if note.assumed:
            shown += " " + draft.say("brief_assumed_rows", count=note.assumed, all=len(note.rows))
        notes.append(
            (plain(str(note.number)), plain(note.said), plain(", ".join(f"S{n}" for n in numbers)), plain(shown))
        )
    head = tuple(draft.words[key] for key in ("column_number", "brief_what", "brief_sources", "brief_rows"))
    found += [Heading(draft.words["brief_notes"]), Grid(head, tuple(notes), (0.05, 0.42, 0.17, 0.36), small=True)]
    sources = [
        (plain(f"S{one.number}"), plain(one.title), plain(one.date or draft.words["figures_undated"]), plain(one.url))
        for one in draft.sources
    ]
    head = tuple(draft.words[key] for key in ("column_number", "brief_title", "brief_date", "brief_address"))
    found += [
        Heading(draft.words["brief_source_list"]),
        Grid(head, tuple(sources), (0.06, 0.4, 0.12, 0.42), small=True),
    ]
    return tuple(found)
