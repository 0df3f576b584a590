"""Projects and what to watch, for a brief: what is being built, which sayings in circulation do not hold, what was shut lately.

    projects    rows on one thing together, their rival capacities and years side by side, the nearest to the question first
    watch       claims checked before that the evidence does not bear out; rivals that cannot both be right; closures on the way;
                figures of a year that is still open to revision

Nothing is judged here: the verdicts are those of the tables (claims) and of the ledger.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from keruen.figures.ledger import ALL_GOODS
from keruen.reports.brief_draft import Draft, joined, plain
from keruen.reports.brief_model import Block, Grid, Heading, Line, Paragraph, Piece
from keruen.reports.brief_trade import SAME_SHARE, Trade, goods_name
from keruen.reports.figures_text import apart_text
from keruen.tables.table import Row

MOST_PROJECTS, MOST_CLAIMS, MOST_APART, MOST_CLOSED = 6, 4, 2, 2
MOST_UNKNOWN = 4
FAILING = ("partly", "contradicted", "not_confirmed", "open")
ORDER = ("building", "agreed", "planned", "study", "stopped")
LATELY = "2024"


def projects_of(draft: Draft, countries: Sequence[str], on_the_way: Collection[str]) -> list[list[Row]]:
    """Projects not done yet, rows on one thing together: those in `countries` first, then those in countries on the way (alpha-2)."""
    groups: dict[str, list[Row]] = {}
    for row in draft.data["projects"]:
        if set(row.texts("countries")) & {*countries, *on_the_way}:
            groups.setdefault(row.text("name_ru"), []).append(row)  # one name for what sources name in two ways
    groups = {name: rows for name, rows in groups.items() if all(row.text("status") != "done" for row in rows)}

    def rank(rows: list[Row]) -> tuple[int, int, int, str]:
        lies = {country for row in rows for country in row.texts("countries")}
        status = min(ORDER.index(row.text("status")) for row in rows)
        return -len(lies & set(countries)), -len(lies & set(on_the_way)), status, rows[0].text("project")

    return sorted(groups.values(), key=rank)


def projects_blocks(draft: Draft, groups: list[list[Row]]) -> list[Block]:
    """The first few projects, a line each."""
    draft.section = "projects"
    found: list[Block] = [Heading(draft.words["brief_projects"])]
    if not groups:
        return [*found, Paragraph(plain(draft.words["brief_projects_none"]))]
    found += [Paragraph(_project_line(draft, rows), "bullet") for rows in groups[:MOST_PROJECTS]]
    more = len(groups) - MOST_PROJECTS
    if more > 0:
        found.append(Paragraph(plain(draft.say("brief_more_projects", count=more)), "small"))
    return found


def _project_line(draft: Draft, rows: list[Row]) -> Line:
    first = rows[0]
    lands = ", ".join(draft.country2(code) for code in first.texts("countries"))
    status = ", ".join(dict.fromkeys(draft.words[f"project_{row.text('status')}"] for row in rows))
    years = sorted({row.text("completion_year")[:4] for row in rows if row.text("completion_year")})
    line: list[str | Piece] = [Piece(draft.own(first), (), True), f" ({lands}): {status}"]
    if years:
        line.append(", " + draft.say("brief_by_year", years=" / ".join(years)))
    values = []
    for row in rows:
        after = row.number("capacity_after")
        unit = row.text("capacity_unit")
        word = draft.words.get(f"capacity_{unit.replace(' ', '_').replace('/', '_per_')}", "")
        if after != after or not word:
            continue
        before = row.number("capacity_before")
        text = draft.number(after, 0 if after == int(after) else 1)
        piece = draft.figure(
            f"{draft.own(first)}: {draft.words['brief_capacity']}", after, unit, f"{text} {word}", rows=[row.id]
        )
        values.append(
            plain(
                *([f"{draft.number(before, 0 if before == int(before) else 1)} → "] if before == before else []), piece
            )
        )
    if values:
        line += ["; ", *joined(f" {draft.words['brief_beside']} ", values[:3])]
    else:
        line.append(Piece("", (draft.note([row.id for row in rows], draft.own(first)),)))
    return plain(*line)


def projects_grid(draft: Draft, groups: list[list[Row]]) -> Grid | None:
    """All projects, a row for each row of the table, for the annex."""
    if not groups:
        return None
    draft.section = "projects"
    rows = []
    for group in groups:
        for row in group:
            after = row.number("capacity_after")
            told = (
                ""
                if after != after
                else f"{draft.number(after, 0 if after == int(after) else 1)} {row.text('capacity_unit')}"
            )
            note = draft.note([row.id], draft.own(row))
            rows.append(
                (
                    (Piece(draft.own(row), (note,)),),
                    plain(", ".join(row.texts("countries"))),
                    plain(draft.words[f"project_{row.text('status')}"]),
                    plain(row.text("completion_year")),
                    plain(told),
                    plain(row.text("cost_text")),
                )
            )
    head = tuple(
        draft.words[key]
        for key in (
            "brief_project",
            "brief_country",
            "brief_status",
            "brief_done_by",
            "brief_capacity",
            "brief_cost_word",
        )
    )
    return Grid(head, tuple(rows), (0.34, 0.11, 0.12, 0.09, 0.18, 0.16), small=True)


def claims_on(draft: Draft, names: Iterable[str], corridors: Collection[str] = ()) -> list[Row]:
    """Claims that the evidence does not bear out and that speak of one of some things: all words of a name stand in the claim.

    Behind them those that the same texts make of other things. corridors: those whose words (brief_corridors.claimed_as) count as named.
    """
    failing = [row for row in draft.data["claims"] if row.text("status") in FAILING]
    told = {row.id: f"{row.text('text')} {row.text('scope')}".casefold() for row in failing}
    named = [
        row for row in failing if any(all(word in told[row.id] for word in name.casefold().split()) for name in names)
    ]
    texts = {source for row in named for source in row.sources()}
    same_text = [row for row in failing if texts & set(row.sources())]
    of_corridors = [row for row in failing if _of_corridor(draft, told[row.id], corridors)]
    return list({row.id: row for row in (*named, *same_text, *of_corridors)}.values())


def _of_corridor(draft: Draft, text: str, corridors: Collection[str]) -> bool:
    families = {row.text("corridor"): row.texts("claimed_as") for row in draft.data["brief_corridors"]}
    return any(name.casefold() in text for one in corridors for name in families.get(one, ()))


def watch_blocks(
    draft: Draft, *, trade: Trade | None, claims: Sequence[Row], countries: Collection[str], rows: Collection[str]
) -> list[Block]:
    """What to watch. countries: alpha-2, of the ways; rows: what the ways rest on."""
    draft.section = "watch"
    found: list[Block] = [_claim(draft, row) for row in claims[:MOST_CLAIMS]]
    if trade is not None:
        apart = [
            (one, conflict)
            for one, conflict in trade.conflicts
            if conflict.share >= SAME_SHARE and one.thing.flow in ("export", "import", "turnover")
        ]
        for one, conflict in apart[:MOST_APART]:
            goods = "" if one.figures[0].commodity == ALL_GOODS else f", {goods_name(draft, one.figures[0])}"
            label = f"{draft.words[f'flow_{one.thing.flow}']}{goods}, {one.thing.period}"
            found.append(
                Paragraph(
                    plain(
                        f"{draft.words['brief_conflict']}: {label}: ",
                        draft.recorded(label, conflict.first),
                        f" ({draft.stands(conflict.first)}) ",
                        f"{draft.words['brief_beside']} ",
                        draft.recorded(label, conflict.second),
                        f" ({draft.stands(conflict.second)}); ",
                        draft.say("brief_apart", share=apart_text(conflict.share, draft.words)),
                    ),
                    "bullet",
                )
            )
        last = trade.years[-1] if trade.years else None
        if last is not None and any(figure.edition == "latest" for figure in last.official.values()):
            found.append(Paragraph(plain(draft.say("brief_open_year", year=last.year)), "bullet"))
    found += _closed(draft, countries, rows)
    return [Heading(draft.words["brief_watch"]), *(found or [Paragraph(plain(draft.words["brief_watch_none"]))])]


def unknown_blocks(draft: Draft) -> list[Block]:
    """The first of what is not known, on the page itself."""
    if not draft.unknown:
        return []
    return [
        Heading(draft.words["brief_not_known"]),
        *(Paragraph(plain(text), "bullet") for text in draft.unknown[:MOST_UNKNOWN]),
    ]


def _claim(draft: Draft, row: Row) -> Block:
    """A saying with what the evidence says of it."""
    text = draft.own(row, "text")
    finding = draft.own(row, "finding").removeprefix(row.text("status")).lstrip(":, ")
    evidence = [one for one in row.texts("evidence") if ":" in one]
    value = row.number("value")
    shown = draft.number(value, 0 if value == int(value) else 1) if value == value else draft.words["unknown"]
    top = row.number("value_max")
    if top == top:
        shown += f"–{draft.number(top, 0 if top == int(top) else 1)}"
    unit = draft.words.get(f"claim_{row.text('unit')}", row.text("unit"))
    piece: str | Piece = shown
    if value == value:
        piece = draft.figure(
            text, value, row.text("unit"), f"{shown} {unit}".strip(), rows=[row.id, *evidence], bold=True
        )
    return Paragraph(
        plain(
            f"{draft.words['brief_claim']}: {text}: ",
            piece,
            f". {draft.words['claim_' + row.text('status')]}. ",
            f"{finding[:1].upper()}{finding[1:]}." if finding else "",
        ),
        "bullet",
    )


def _closed(draft: Draft, countries: Collection[str], rows: Collection[str]) -> list[Block]:
    """Closures and long waits of the last years at borders between countries of the ways, or of things on the ways."""
    found = []
    for row in draft.data["conditions"]:
        when = row.text("period_start")
        lands = [code for code in _lands(row.text("item")) if code]
        near = len(lands) >= 2 and all(code in countries for code in lands)
        if (when >= LATELY and near) or (when >= LATELY and row.text("item") in rows):
            found.append(row)
    found.sort(key=lambda row: row.text("period_start"), reverse=True)
    told: list[Block] = []
    for row in found[:MOST_CLOSED]:
        note = draft.note([row.id, *row.texts("evidence")], draft.own(row))
        until = row.text("period_end")
        when = (
            row.text("period_start")
            if until == row.text("period_start")
            else f"{row.text('period_start')} – {until or draft.words['brief_still']}"
        )
        told.append(Paragraph((Piece(f"{draft.own(row)} ({when})", (note,)),), "bullet"))
    return told


def _lands(item: str) -> list[str]:
    """The countries in the item of a condition: pair:BY-PL, border_dwell:brest_rail/rail/BY/PL."""
    kind, _, rest = item.partition(":")
    if kind == "pair":
        return [part.partition("@")[0] for part in rest.split("-")]
    return [part for part in rest.split("/") if len(part) == 2 and part.isupper()]
