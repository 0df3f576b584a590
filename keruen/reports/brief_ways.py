"""The ways between two places in a brief: the three best corridors by generalized cost, as a table, a diagram and a map.

Of the ways that no other beats on time, cost and CO2e, the best of each corridor counts; of these the first three stand in the brief. The
numbers are those of `keruen route` for the same question, and each has a note that names all rows it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from keruen.errors import NoRoute, in_language
from keruen.reports.amounts import percent
from keruen.reports.brief_charts import journey_pictures
from keruen.reports.brief_draft import Draft, joined, plain
from keruen.reports.brief_model import Beside, Block, Grid, Heading, Line, Paragraph, Piece, Tile
from keruen.reports.map_style import colour_of
from keruen.reports.wording import ASSUMED_MARK, mode_text, place_name, shipment_text, stop_name
from keruen.routing.result import ResultDict, RouteDict, RouteResult
from keruen.tables.dataset import Dataset

MOST_WAYS, MOST_UNSURE, MOST_STOPS = 3, 3, 4
HOURS_PER_DAY, KG_PER_T = 24, 1000
LEAST_SHARE, LEAST_STOP_H, LEAST_LEG_H, MOST_LEGS = 0.05, 4.0, 6.0, 16


@dataclass(frozen=True)
class Ways:
    """The ways shown, as in JSON with geometry; `why_none` where there is none."""

    answer: ResultDict | None
    why_none: str = ""

    @property
    def routes(self) -> Sequence[RouteDict]:
        """The ways in order."""
        return self.answer["routes"] if self.answer is not None else []

    @property
    def corridors(self) -> tuple[str, ...]:
        """Their corridors."""
        return tuple(route["corridor"] for route in self.routes)

    @property
    def countries(self) -> tuple[str, ...]:
        """Countries that they pass, as alpha-2 codes, each once."""
        return tuple(dict.fromkeys(leg["country"] for route in self.routes for leg in route["legs"] if leg["country"]))

    @property
    def features(self) -> frozenset[str]:
        """Rows that they rest on, as `table:key`."""
        return frozenset(row for route in self.routes for row in route["sources"])


def best_of(answer: RouteResult, first: Iterable[str] = ()) -> ResultDict:
    """The best way of each corridor, three at most, those of the corridors `first` before others, as JSON with geometry."""
    whole = answer.to_dict(geometry=True)
    by_corridor: dict[str, RouteDict] = {}
    wanted = tuple(first)
    for route in whole["routes"]:
        if not route["beaten_by"] or route["corridor"] in wanted:
            by_corridor.setdefault(route["corridor"], route)
    shown = sorted(by_corridor.values(), key=lambda route: route["corridor"] not in wanted)[:MOST_WAYS]
    return {**whole, "routes": shown}


def find_ways(data: Dataset, origin: str, destination: str, lang: str) -> Ways:
    """The three best corridors between two places for a usual container. What cannot be routed is told why, not raised."""
    from keruen.routing.route import route

    try:
        return Ways(best_of(route(data, origin, destination)))
    except NoRoute as problem:
        return Ways(None, in_language(problem.message, lang))


def ways_tile(draft: Draft, ways: Ways) -> list[Tile]:
    """Days and dollars of the first way."""
    if not ways.routes:
        return []
    route = ways.routes[0]
    days = _days(draft, route, "p50_h" if route["p50_h"] is not None else "time_h")
    found = [
        Tile(
            Piece(draft.say("brief_days", days=days.text), days.notes, bold=True),
            draft.say("brief_tile_days", corridor=corridor(draft, route)),
        )
    ]
    dollars = _dollars(draft, route)
    found.append(
        Tile(Piece(draft.say("brief_usd", usd=dollars.text), dollars.notes, bold=True), draft.words["brief_tile_cost"])
    )
    return found


def corridor(draft: Draft, route: RouteDict) -> str:
    """The name of a corridor, in Kazakh where there is one."""
    own = draft.words.get(f"corridor_{route['corridor']}")
    return own or (route["corridor_name_ru"] if draft.spoken == "ru" else "") or route["corridor_name"]


def ways_blocks(draft: Draft, ways: Ways, *, heading: str = "brief_ways") -> list[Block]:
    """The ways as a table, what makes their days unsure, and the two pictures."""
    draft.section = "ways"
    if ways.answer is None or not ways.routes:
        draft.lacks("brief_lacks_way")
        return [Heading(draft.words[heading]), Paragraph(plain(ways.why_none or draft.words["routes_none"]))]
    answer = ways.answer
    ends = [place_name(answer[end], draft.spoken) for end in ("origin", "destination")]
    title = draft.say(heading, origin=ends[0], destination=ends[1])
    head = tuple(
        draft.words[key]
        for key in (
            "brief_corridor",
            "brief_modes",
            "brief_p50",
            "brief_p90",
            "brief_cost",
            "brief_co2e",
            "brief_km",
        )
    )
    rows: list[tuple[Line, ...]] = []
    for i, route in enumerate(ways.routes):
        rows.append(
            (
                (Piece(f" {i + 1}. {corridor(draft, route)}", (), False, colour_of(i)),),
                plain(", ".join(mode_text(mode, draft.words) for mode in route["modes"])),
                _percentile(draft, route, "p50_h"),
                _percentile(draft, route, "p90_h"),
                plain(_dollars(draft, route)),
                plain(_co2e(draft, route)),
                plain(_km(draft, route)),
            )
        )
    table = Grid(head, tuple(rows), (0.33, 0.17, 0.1, 0.1, 0.12, 0.1, 0.08), frozenset(range(2, 7)))
    told = "; ".join(
        f"{i}. {corridor(draft, route)}: {draft.number(route['time_h'] / HOURS_PER_DAY, 1)} {draft.words['days']}"
        for i, route in enumerate(ways.routes, 1)
    )
    pictures = journey_pictures(draft, answer, told)
    return [
        Heading(title),
        Paragraph(plain(draft.say("brief_ways_asked", shipment=_shipment(answer, draft))), "small"),
        table,
        *_unsure(draft, ways),
        Beside(((pictures[0],), (pictures[1],)), (0.5, 0.5)),
    ]


def _shipment(answer: ResultDict, draft: Draft) -> str:
    return shipment_text(answer, lang=draft.spoken)


def _name(draft: Draft, route: RouteDict, what: str) -> str:
    return f"{corridor(draft, route)}: {draft.words[what]}"


def _marked(route: RouteDict, measure: str, text: str) -> str:
    return f"{ASSUMED_MARK}{text}" if measure in route["assumed"] else text


def _note(draft: Draft, route: RouteDict) -> str:
    usual = draft.number(route["time_h"] / HOURS_PER_DAY, 1)
    share = route["spread_assumed_share"]
    said = draft.say("brief_ways_note", corridor=corridor(draft, route), days=usual)
    return (
        said
        if share is None
        else said + " " + draft.say("brief_ways_spread", share=percent(share, draft.words, digits=0))
    )


def _days(draft: Draft, route: RouteDict, measure: str) -> Piece:
    hours = route[measure]  # type: ignore[literal-required]
    label = _name(draft, route, {"p50_h": "brief_p50", "p90_h": "brief_p90"}.get(measure, "days"))
    text = _marked(route, "time_h", draft.number(hours / HOURS_PER_DAY, 1))
    return draft.figure(label, hours / HOURS_PER_DAY, "days", text, rows=route["sources"], said=_note(draft, route))


def _percentile(draft: Draft, route: RouteDict, measure: str) -> Line:
    return plain(draft.words["unknown"] if route[measure] is None else _days(draft, route, measure))  # type: ignore[literal-required]


def _dollars(draft: Draft, route: RouteDict) -> Piece:
    text = _marked(route, "cost_usd", draft.number(route["cost_usd"]))
    return draft.figure(
        _name(draft, route, "brief_cost"),
        route["cost_usd"],
        "USD",
        text,
        rows=route["sources"],
        said=_note(draft, route),
    )


def _co2e(draft: Draft, route: RouteDict) -> str | Piece:
    if route["co2e_kg"] is None:
        draft.lacks("brief_lacks_co2e", corridor=corridor(draft, route))
        return draft.words["unknown"]
    tonnes = route["co2e_kg"] / KG_PER_T
    text = _marked(route, "co2e_kg", draft.number(tonnes, 1))
    return draft.figure(
        _name(draft, route, "brief_co2e"), tonnes, "t", text, rows=route["sources"], said=_note(draft, route)
    )


def _km(draft: Draft, route: RouteDict) -> Piece:
    return draft.figure(
        _name(draft, route, "brief_km"),
        route["distance_km"],
        "km",
        draft.number(route["distance_km"]),
        rows=route["sources"],
        said=_note(draft, route),
    )


def _unsure(draft: Draft, ways: Ways) -> list[Block]:
    """What the days of the first way hang on: the legs that make its spread."""
    route = ways.routes[0]
    assert ways.answer is not None
    told: list[Line] = []
    for leg in route["spread_legs"][:MOST_UNSURE]:
        if leg["share"] < LEAST_SHARE:
            break
        where = (
            (leg["name_ru"] if draft.spoken == "ru" else "")
            or leg["name"]
            or stop_name(ways.answer, leg["to"], draft.spoken)
        )
        label = f"{mode_text(leg['mode'], draft.words)} {where}".strip()
        piece = draft.figure(
            f"{draft.words['brief_unsure_share']}: {label}",
            100 * leg["share"],
            "%",
            percent(leg["share"], draft.words, digits=0),
            rows=leg["sources"],
            said=draft.words["brief_unsure_share"],
        )
        told.append(plain(f"{label} ", piece))
    lines: list[Block] = []
    if told:
        lead = draft.say("brief_unsure", corridor=corridor(draft, route))
        lines.append(Paragraph((Piece(f"{lead} "), *joined(", ", told), Piece("."))))
    return lines


def legs_blocks(draft: Draft, ways: Ways) -> list[Block]:
    """The first way leg by leg: the legs that take at least LEAST_LEG_H, in order."""
    if not ways.routes or ways.answer is None:
        return []
    draft.section = "legs"
    route = ways.routes[0]
    rows: list[tuple[Line, ...]] = []
    for leg in route["legs"]:
        if leg["time_h"] < LEAST_LEG_H:
            continue
        start, end = (stop_name(ways.answer, leg[side], draft.spoken) for side in ("from", "to"))
        where = (leg["name_ru"] if draft.spoken == "ru" else "") or leg["name"] if start == end else ""
        label = where or (start if start == end else f"{start} → {end}")
        name = f"{mode_text(leg['mode'], draft.words)} {label}"
        cells: list[Line] = [
            plain(mode_text(leg["mode"], draft.words)),
            plain(label),
            plain(draft.country2(leg["country"]) if leg["country"] else "–"),
        ]
        for value, measure, unit, digits in (
            (leg["time_h"] / HOURS_PER_DAY, "time_h", "days", 1),
            (leg["cost_usd"], "cost_usd", "USD", 0),
        ):
            text = f"{ASSUMED_MARK if measure in leg['assumed'] else ''}{draft.number(value, digits)}"
            what = draft.words["days" if unit == "days" else "brief_cost"]
            cells.append(plain(draft.figure(f"{name}: {what}", value, unit, text, rows=leg["sources"], said=name)))
        rows.append(tuple(cells))
    head = tuple(
        draft.words[key] for key in ("brief_modes", "brief_leg", "brief_country", "brief_days_head", "brief_cost")
    )
    title = draft.say("brief_legs", corridor=corridor(draft, route))
    return [Heading(title), Grid(head, tuple(rows[:MOST_LEGS]), (0.15, 0.43, 0.18, 0.12, 0.12), frozenset({3, 4}))]


def stops_blocks(draft: Draft, ways: Ways) -> list[Block]:
    """Where the first way stands longest: borders, ports, gauge yards, waits for a ship."""
    if not ways.routes or ways.answer is None:
        return []
    draft.section = "stops"
    route = ways.routes[0]
    stops = sorted(
        (leg for leg in route["legs"] if leg["waiting_h"] + leg["handling_h"] + leg["border_h"] >= LEAST_STOP_H),
        key=lambda leg: -(leg["waiting_h"] + leg["handling_h"] + leg["border_h"]),
    )[:MOST_STOPS]
    found: list[Block] = [Heading(draft.words["brief_stops"])]
    for leg in stops:
        hours = leg["waiting_h"] + leg["handling_h"] + leg["border_h"]
        where = (
            (leg["name_ru"] if draft.spoken == "ru" else "")
            or leg["name"]
            or stop_name(ways.answer, leg["to"], draft.spoken)
        )
        label = f"{mode_text(leg['mode'], draft.words)} {where}".strip()
        text = (
            _marked(route, "time_h", draft.number(hours, 0)) if "time_h" in leg["assumed"] else draft.number(hours, 0)
        )
        piece = draft.figure(label, hours, "h", draft.say("brief_hours", hours=text), rows=leg["sources"], bold=True)
        found.append(Paragraph(plain(f"{label}: ", piece), "bullet"))
    return found if len(found) > 1 else []
