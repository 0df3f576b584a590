"""A brief on a corridor: what it carried by year, what is said of it, its way beside others, where the load stands, projects, sayings.

    volumes    figures of the ledger on the names of the corridor (brief_corridors.figures), and rows of `volumes` of its corridors, by year
    ways       from its usual place to its usual place (brief_corridors): its own way first, then the best other corridors

Volumes are whole years of cargo and containers; everything else on record stands in the annex.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from keruen.errors import NoRoute, UnknownOption, in_language
from keruen.figures.asking import recorded
from keruen.figures.ledger import Figure, Rivals, ledger
from keruen.reports.brief_draft import Draft, joined, plain
from keruen.reports.brief_model import Block, Grid, Heading, Line, Paragraph, Piece, Tile, Tiles
from keruen.reports.brief_trade import rivals_grid
from keruen.reports.brief_watch import (
    claims_on,
    projects_blocks,
    projects_grid,
    projects_of,
    unknown_blocks,
    watch_blocks,
)
from keruen.reports.brief_ways import Ways, best_of, legs_blocks, stops_blocks, ways_blocks, ways_tile
from keruen.tables.dataset import Dataset
from keruen.tables.table import Row
from keruen.tables.words import said

UNITS = ("tonnes", "TEU")
MOST_YEARS, MOST_BESIDE, MOST_PLANS = 6, 3, 5


def corridor_named(data: Dataset, text: str) -> str | None:
    """The key of the corridor that a text names, by key, name or another name of brief_corridors; None if none does."""
    wanted = text.strip().casefold()
    for row in data["brief_corridors"]:
        if wanted in (row.text("corridor"), *(name.casefold() for name in row.texts("names"))):
            return row.text("corridor")
    for row in data["corridors"]:
        if wanted in (row.text("corridor"), row.text("name").casefold(), row.text("name_ru").casefold()):
            return row.text("corridor")
    return None


def corridor_blocks(
    draft: Draft, corridor: str, origin: str, destination: str, tell: Callable[[str, float], None]
) -> tuple[list[Block], list[tuple[str, Grid | None]], list[str], str]:
    """The two pages, tables of the annex, how it was made, and the title.

    Raises:
        UnknownOption: no usual ends are on record for the corridor, and not both are given.
    """
    data = draft.data
    usual = data["brief_corridors"].find(corridor)
    if usual is None and not (origin and destination):
        raise UnknownOption(
            said("err_brief_corridor_ends", corridor=corridor, known=", ".join(data["brief_corridors"].keys))
        )
    ends = (
        origin or (usual.text("origin") if usual else ""),
        destination or (usual.text("destination") if usual else ""),
    )
    row = data["corridors"].find(corridor)
    name = draft.words.get(f"corridor_{corridor}") or (draft.own(row) if row is not None else corridor)
    tell("figures", 0.05)
    found = _recorded(draft, usual, corridor)
    tell("route", 0.15)
    ways = _ways(data, corridor, *ends, draft.spoken)
    tell("write", 0.6)
    years = _years(found)
    draft.section = "first"
    head = [*_tiles(draft, years), *ways_tile(draft, ways)]
    countries = _lands(usual, ways)
    projects = projects_of(draft, countries, ways.countries)
    claims = claims_on(draft, [], (corridor,))
    body: list[Block] = [
        Tiles(tuple(head)),
        *_volumes(draft, years),
        *ways_blocks(draft, ways),
        *stops_blocks(draft, ways),
        *legs_blocks(draft, ways),
        *_plans(draft, found),
        *projects_blocks(draft, projects),
        *watch_blocks(draft, trade=None, claims=claims, countries=ways.countries, rows=ways.features),
    ]
    body += unknown_blocks(draft)
    extra = [("brief_rivals", rivals_grid(draft, found)), ("brief_all_projects", projects_grid(draft, projects))]
    method = [
        draft.say(
            "brief_corridor_ends",
            origin=ends[0],
            destination=ends[1],
            why=draft.own(usual, "note") if usual is not None else draft.words["brief_end_asked"],
        )
    ]
    return body, extra, method, draft.say("brief_title_corridor", name=name)


def _recorded(draft: Draft, usual: Row | None, corridor: str) -> list[Rivals]:
    """What is on record of the corridor by its names in the ledger."""
    found: list[Rivals] = []
    known = ledger(draft.data).subjects()
    for subject in usual.texts("figures") if usual is not None else ():
        if subject in known:
            found += recorded(draft.data, subject, flow="freight")
    return found


def _ways(data: Dataset, corridor: str, origin: str, destination: str, lang: str) -> Ways:
    """The corridor's own way first, then the best others."""
    from keruen.routing.route import route

    try:
        answer = best_of(route(data, origin, destination), (corridor,))
        if corridor not in [one["corridor"] for one in answer["routes"]]:
            own = route(data, origin, destination, require=[corridor]).to_dict(geometry=True)
            places = {**answer["places"], **own["places"]}
            return Ways({**answer, "places": places, "routes": [*own["routes"][:1], *answer["routes"][:2]]})
    except NoRoute as problem:
        return Ways(None, in_language(problem.message, lang))
    return Ways(answer)


def _lands(usual: Row | None, ways: Ways) -> Sequence[str]:
    """Countries of the corridor, alpha-2: those that its own way passes."""
    if not ways.routes:
        return usual.texts("countries") if usual is not None else ()
    return tuple(dict.fromkeys(leg["country"] for leg in ways.routes[0]["legs"] if leg["country"]))


def _years(found: Sequence[Rivals]) -> dict[str, dict[str, list[Figure]]]:
    """Figures of cargo and containers by whole year and unit, plans left out; the earliest year first."""
    years: dict[str, dict[str, list[Figure]]] = {}
    for one in found:
        thing = one.thing
        if (
            len(thing.period) != 4
            or thing.unit not in UNITS
            or thing.scope
            or thing.measure not in ("", "containers carried")
        ):
            continue
        counted = [f for f in one.figures if f.modality == "stated" and f.value is not None]
        if counted:
            years.setdefault(thing.period, {}).setdefault(thing.unit, []).extend(counted)
    return dict(sorted(years.items()))


def _tiles(draft: Draft, years: dict[str, dict[str, list[Figure]]]) -> list[Tile]:
    """Cargo and containers of the last year that has them."""
    found = []
    for unit, word in (("tonnes", "brief_cargo"), ("TEU", "brief_containers")):
        year = max((year for year, units in years.items() if unit in units), default="")
        if not year:
            draft.lacks("brief_lacks_volume", what=draft.words[word])
            continue
        label = f"{draft.words[word]}, {year}"
        found.append(Tile(draft.recorded(label, years[year][unit][0], bold=True), label))
    return found


def _plans(draft: Draft, found: Sequence[Rivals]) -> list[Block]:
    """What was planned or forecast, by the year it is for, the latest first; rivals of a year side by side."""
    draft.section = "plans"
    by_year: dict[tuple[str, str, str], list[Figure]] = {}
    for one in found:
        for figure in one.figures:
            if (
                figure.modality != "stated"
                and figure.value is not None
                and len(figure.period) == 4
                and figure.unit in UNITS
            ):
                by_year.setdefault((figure.period, figure.unit, figure.measure), []).append(figure)
    lines: list[Block] = []
    for (year, unit, measure), figures in sorted(by_year.items(), reverse=True)[:MOST_PLANS]:
        word = draft.words["brief_cargo" if unit == "tonnes" else "brief_containers"]
        label = f"{measure or word}, {year}"
        told = [
            plain(draft.recorded(label, figure, bold=True), f" ({draft.stands(figure)})")
            for figure in figures[:MOST_BESIDE]
        ]
        lines.append(Paragraph((Piece(f"{label}: "), *joined(f" {draft.words['brief_beside']} ", told)), "bullet"))
    return [Heading(draft.words["brief_plans"]), *lines] if lines else []


def _volumes(draft: Draft, years: dict[str, dict[str, list[Figure]]]) -> list[Block]:
    """A table of years: rivals of a year in one cell, side by side."""
    draft.section = "volumes"
    blocks: list[Block] = [Heading(draft.words["brief_volumes"])]
    if not years:
        return [*blocks, Paragraph(plain(draft.words["brief_volumes_none"]))]
    rows: list[tuple[Line, ...]] = []
    for year in list(years)[-MOST_YEARS:]:
        cells: list[Line] = [plain(year)]
        for unit, word in (("tonnes", "brief_cargo"), ("TEU", "brief_containers")):
            told = [
                plain(draft.recorded(f"{draft.words[word]} {year}", figure), f" [{draft.words['kind_' + figure.kind]}]")
                for figure in years[year].get(unit, [])[:MOST_BESIDE]
            ]
            cells.append(joined("; ", told) if told else plain(draft.words["unknown"]))
        rows.append(tuple(cells))
    head = (draft.words["brief_year"], draft.words["brief_cargo"], draft.words["brief_containers"])
    return [
        *blocks,
        Grid(head, tuple(rows), (0.1, 0.55, 0.35)),
        Paragraph((Piece(draft.words["brief_side_by_side"]),), "small"),
    ]
