"""A route answer as text: a table of the routes, then the legs of each.

    text = route_text(result, lang="ru", width=100)

Figures that rest in part on an assumption carry the mark ≈, CO2e that is not known is a question mark, and both are
explained under the tables. Narrow screens get fewer columns, never cut figures. The words are rows of data/words.csv
(key, en, ru). `result` is the mapping that `RouteResult.to_dict()` gives and that `keruen route --json` prints.
"""

from __future__ import annotations

import math
import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

from keruen.routing.result import STOP_MODES, LegDict, PlaceDict, ResultDict, RouteDict, SpreadLegDict
from keruen.tables.words import LANGUAGES as LANGUAGES
from keruen.tables.words import Words as Words
from keruen.tables.words import words_in as words_in

if TYPE_CHECKING:
    from rich.console import RenderableType

ASSUMED_MARK = "≈"
DEFAULT_WIDTH = 120
MOST_SPREAD_LEGS, LEAST_SPREAD_SHARE = 3, 0.05  # legs named as causes of the spread
_PLAIN_SIGNS = str.maketrans({"→": "->", "≈": "~", "─": "-", "·": "-", "×": "x", "\xa0": " "})
_SHIPMENT_FIGURES = {
    "tonnes": 1,
    "value_usd": 0,
    "value_of_time_usd_per_t_day": 2,
    "carbon_price_usd_per_t": 0,
}  # decimals
_LEG_FIGURES = {
    "distance_km": 0,
    "running_h": 1,
    "waiting_h": 1,
    "handling_h": 1,
    "border_h": 1,
    "time_h": 1,
    "cost_usd": 0,
    "co2e_kg": 0,
}
_DISPENSABLE = {
    "country": 4,
    "running_h": 3,
    "waiting_h": 3,
    "handling_h": 3,
    "border_h": 3,
    "distance_km": 2,
    "co2e_kg": 1,
}


@dataclass(frozen=True)
class _Column:
    """A column: head, cells, foot, whether figures (to the right), how soon it goes on a narrow screen (0: never)."""

    head: str
    cells: Sequence[str]
    foot: str = ""
    figures: bool = True
    dispensable: int = 0

    @property
    def widest(self) -> int:
        """Letters of its longest cell."""
        return max(map(len, (self.head, *self.cells, self.foot)))

    @property
    def width(self) -> int:
        """Letters it takes; texts can be folded to 28."""
        return self.widest if self.figures else min(self.widest, 28)

    def right(self, cell: str) -> str:
        """A figure moved to the right, a blank before the longest; a text as it is."""
        return cell.rjust(self.widest + 1) if self.figures else cell


def route_text(
    result: ResultDict, *, lang: str = "en", width: int | None = None, colour: bool = False, legs: str = "all"
) -> str:
    """The whole answer as text, `width` characters wide at most; ANSI colours only if `colour`.

    legs: the leg tables of "all" routes, of the "unbeaten" ones, or of "none".

    Raises:
        UnknownOption: a language there are no words for.
    """
    from rich.console import Console, Group

    words = words_in(lang)
    width = width or DEFAULT_WIDTH
    parts: list[RenderableType] = [_heading(result, words, lang), _overview(result, words, lang, width)]
    for i, route in enumerate(result["routes"], 1):
        if legs == "all" or (legs == "unbeaten" and route["beaten_by"] is None):
            parts.append(_legs_of(result, route, i, words, lang, width))
    parts.append("\n" + "\n".join(notes(result, lang=lang)))
    console = Console(
        width=width,
        force_terminal=colour,
        no_color=not colour,
        highlight=False,
        emoji=False,
        markup=False,
        force_jupyter=False,
    )
    with console.capture() as capture:
        console.print(Group(*parts))
    return "\n".join(line.rstrip() for line in capture.get().splitlines()).strip("\n") + "\n"


def print_routes(result: ResultDict, *, lang: str = "en", legs: str = "all", file: TextIO | None = None) -> None:
    """Write the answer to a file, by default the standard output: as wide as the terminal, in colour only on one.

    legs: as `route_text`.

    Signs that the file's encoding lacks are written with others that look like them.

    Raises:
        UnknownOption: a language there are no words for.
    """
    file = file or sys.stdout
    terminal = file.isatty()
    width = shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns if terminal else DEFAULT_WIDTH
    colour = terminal and not os.environ.get("NO_COLOR")
    file.write(in_encoding(route_text(result, lang=lang, width=width, colour=colour, legs=legs), file.encoding))


def in_encoding(text: str, encoding: str | None) -> str:
    """The text with signs that an encoding lacks replaced: → by ->, ≈ by ~, rules by minus signs, all else by "?"."""
    try:
        text.encode(encoding or "utf-8")
        return text
    except UnicodeEncodeError:
        return text.translate(_PLAIN_SIGNS).encode(encoding or "utf-8", "replace").decode(encoding or "utf-8")


def number(value: float, digits: int, words: Words) -> str:
    """A figure with the signs of the language: 12,345.6 or 12 345,6."""
    signs = {",": words["thousands_sign"], ".": words["decimal_sign"]}
    return "".join(signs.get(letter, letter) for letter in f"{value:,.{digits}f}")


def place_name(place: PlaceDict, lang: str) -> str:
    """Name of a place in the language, in English if it has none."""
    return (place["name_ru"] if lang == "ru" else "") or place["name"]


def stop_name(result: ResultDict, place: str, lang: str) -> str:
    """Name of a place that a leg names by id; the id itself if the result does not hold it."""
    known = result["places"].get(place)
    return place_name(known, lang) if known else place


def corridor_name(route: RouteDict, lang: str) -> str:
    """Name of the corridor of a route."""
    return (route["corridor_name_ru"] if lang == "ru" else "") or route["corridor_name"] or route["corridor"]


def modes_text(route: RouteDict, words: Words) -> str:
    """The modes of a route in the order they come."""
    return ", ".join(mode_text(mode, words) for mode in route["modes"])


def mode_text(mode: str, words: Words) -> str:
    """A mode in a word."""
    return words.get(f"short_{mode}") or words.get(f"mode_{mode}") or mode.replace("_", " ")


def shipment_text(result: ResultDict, *, lang: str = "en") -> str:
    """What is sent, in one line; parts that the shipment does not state are left out."""
    words, shipment = words_in(lang), result["shipment"]
    goods = (shipment.get("commodity_name_ru") if lang == "ru" else "") or shipment.get("commodity_name")
    parts = [str(goods or shipment.get("commodity") or words["commodity"])]
    unit = shipment.get("unit")
    if unit and unit != "tonne" and shipment.get("units"):
        parts.append(f"{number(shipment['units'], 0, words)} × {unit}")
    for key, digits in _SHIPMENT_FIGURES.items():
        if shipment.get(key):
            parts.append(words[f"shipment_{key}"].format(value=number(shipment[key], digits, words)))
    return ", ".join(parts)


def days_text(route: RouteDict, words: Words) -> str:
    """Time of a route in days, marked if assumed."""
    return marked(number(route["time_h"] / 24, 1, words), "time_h", route["assumed"])


def percentile_text(hours: float | None, words: Words) -> str:
    """A percentile in days; empty where no reliability was worked out."""
    return "" if hours is None else number(hours / 24, 1, words)


def surety_text(route: RouteDict, words: Words, lang: str) -> str:
    """How surely a route keeps its time, in two sentences; empty where no reliability was worked out."""
    if route["buffer_h"] is None or route["buffer_usd"] is None:
        return ""
    found = words["surety"].format(
        p50=percentile_text(route["p50_h"], words), p90=percentile_text(route["p90_h"], words),
        buffer=number(route["buffer_h"] / 24, 1, words), usd=number(route["buffer_usd"], 0, words),
    )  # fmt: skip
    most = [leg for leg in route["spread_legs"][:MOST_SPREAD_LEGS] if leg["share"] >= LEAST_SPREAD_SHARE]
    if not most:
        return found
    named = ", ".join(f"{spread_leg_name(leg, words, lang)} {number(100 * leg['share'], 0, words)} %" for leg in most)
    return f"{found} {words['surety_from'].format(legs=named)}"


def spread_leg_name(leg: SpreadLegDict, words: Words, lang: str) -> str:
    """A leg that causes spread: its mode, and its name where it stands at one place."""
    name = (leg["name_ru"] if lang == "ru" else "") or leg["name"]
    mode = mode_text(leg["mode"], words)
    if not name or leg["mode"] not in STOP_MODES:
        return mode
    return name if name.startswith(mode) else f"{mode} {name}"


def cost_text(route: RouteDict, words: Words) -> str:
    """Cost of a route in dollars, marked if assumed."""
    return marked(number(route["cost_usd"], 0, words), "cost_usd", route["assumed"])


def co2e_text(route: RouteDict, words: Words) -> str:
    """CO2e of a route in tonnes, marked if assumed, a question mark if unknown."""
    co2e_kg = route["co2e_kg"]
    if co2e_kg is None:
        return words["unknown"]
    return marked(number(co2e_kg / 1000, 2, words), "co2e_kg", route["assumed"])


def marked(figure: str, measure: str, assumed: Iterable[str]) -> str:
    """A figure with the mark of an assumption if its measure rests on one."""
    return ASSUMED_MARK + figure if measure in assumed else figure


def beaten_by_name(route: RouteDict, lang: str) -> str:
    """Name of the corridor that beats a route; empty if none does."""
    way = route["beaten_by_way"]
    if way is None:
        return route["beaten_by"] or ""
    return (way["corridor_name_ru"] if lang == "ru" else "") or way["corridor_name"] or way["corridor"]


def beaten_number(result: ResultDict, route: RouteDict) -> int | None:
    """Number, counted from 1, of the first route shown that is the way that beats a route; None if that way is not shown."""
    way = route["beaten_by_way"]
    for i, other in enumerate(result["routes"], 1):
        same = way is None or all(math.isclose(other[key], way[key], rel_tol=1e-3) for key in ("time_h", "cost_usd"))
        if same and not other["beaten_by"] and other["corridor"] == route["beaten_by"]:
            return i
    return None


def beaten_name(route: RouteDict, lang: str) -> str:
    """The way that beats a route, with its days and dollars, since it is not among those shown."""
    words, way = words_in(lang), route["beaten_by_way"]
    name = beaten_by_name(route, lang)
    if way is None:
        return name
    days, usd = number(way["time_h"] / 24, 1, words), number(way["cost_usd"], 0, words)
    return f"{name}, {days} {words['days']}, {usd} {words['usd']}"


def beaten_text(result: ResultDict, route: RouteDict, lang: str) -> str:
    """What beats a route, by its number if it has one; empty if nothing does."""
    if not route["beaten_by"]:
        return ""
    number = beaten_number(result, route)
    words = words_in(lang)
    if number is not None:
        return words["beaten_by_number"].format(number=number)
    return words["beaten_by"].format(corridor=beaten_name(route, lang))


def notes(result: ResultDict, *, lang: str = "en") -> list[str]:
    """What the reader must know beside the tables: marks that occur, coverage of the search, warnings."""
    words, routes = words_in(lang), result["routes"]
    found = []
    if any(route["assumed"] for route in routes):
        found.append(words["note_assumed"])
    if any(route["co2e_kg"] is None for route in routes):
        found.append(words["note_unknown"])
    if any(route["beaten_by"] for route in routes):
        found.append(words["note_beaten"])
    if any(route["p90_h"] is not None for route in routes):
        found.append(words["note_p90"])
    coverage = result["coverage"]
    if coverage.get("truncated"):
        found.append(words["note_truncated"])
    if coverage.get("certified") is False:
        found.append(words["note_uncertain"])
    rows = {source for route in routes for source in route["sources"]}
    if rows:
        tables = {row.split(":")[0] for row in rows}
        found.append(words["rests_on"].format(rows=len(rows), tables=len(tables)))
    return found + result["warnings_ru" if lang == "ru" else "warnings"]


def _heading(result: ResultDict, words: Words, lang: str) -> RenderableType:
    from rich.text import Text

    ends = [result["origin"], result["destination"]]
    title = " → ".join(f"{place_name(end, lang)} ({end['place']})" for end in ends)
    return Text.assemble((title, "bold"), f"\n{shipment_text(result, lang=lang)}\n")


def _overview(result: ResultDict, words: Words, lang: str, width: int) -> RenderableType:
    """One row for each route."""
    routes = result["routes"]
    if not routes:
        return words["routes_none"]
    columns = [
        _Column(words["column_number"], [str(i) for i, _ in enumerate(routes, 1)]),
        _Column(words["column_corridor"], [corridor_name(route, lang) for route in routes], figures=False),
        _Column(words["column_modes"], [modes_text(route, words) for route in routes], figures=False, dispensable=3),
        _Column(words["column_days"], [days_text(route, words) for route in routes]),
        _Column(words["column_p90"], [percentile_text(route["p90_h"], words) for route in routes], dispensable=1),
        *_on_time(result, words),
        _Column(words["column_cost_usd"], [cost_text(route, words) for route in routes]),
        _Column(words["column_co2e_t"], [co2e_text(route, words) for route in routes]),
        _Column(
            words["column_distance_km"], [number(route["distance_km"], 0, words) for route in routes], dispensable=2
        ),
    ]
    if any(route["beaten_by"] for route in routes):
        beaten = [
            str(beaten_number(result, route) or (beaten_name(route, lang) if route["beaten_by"] else ""))
            for route in routes
        ]
        columns.append(_Column(words["column_beaten_by"], beaten, figures=False, dispensable=1))
    return _table(columns, width, dim=[bool(route["beaten_by"]) for route in routes])


def _on_time(result: ResultDict, words: Words) -> list[_Column]:
    """A column with the probability to arrive in time, if it is asked for."""
    days = result["within_days"]
    if days is None:
        return []
    cells = [
        "" if route["on_time"] is None else f"{number(100 * route['on_time'], 0, words)} %"
        for route in result["routes"]
    ]
    return [_Column(words["column_on_time"].format(days=number(days, 0, words)), cells)]


def _legs_of(
    result: ResultDict, route: RouteDict, position: int, words: Words, lang: str, width: int
) -> RenderableType:
    """A heading with the totals of a route and a table of its legs."""
    from rich.console import Group
    from rich.text import Text

    co2e = (
        f"{co2e_text(route, words)} {words['tonnes_co2e']}" if route["co2e_kg"] is not None else words["co2e_unknown"]
    )
    totals = f"{days_text(route, words)} {words['days']} · {cost_text(route, words)} {words['usd']} · {co2e}"
    beaten = beaten_text(result, route, lang)
    title = Text.assemble(
        f"\n{position}  ",
        (corridor_name(route, lang), "bold"),
        f"   {totals}",
        (f"   {beaten}" if beaten else "", "dim"),
    )
    surety = surety_text(route, words, lang)
    said = [Text(surety, "dim")] if surety else []
    return Group(title, *said, _leg_table(result, route, words, lang, width))


def _leg_table(result: ResultDict, route: RouteDict, words: Words, lang: str, width: int) -> RenderableType:
    """One row for each leg but borders where nothing is lost, the totals as its foot."""
    legs = [leg for leg in route["legs"] if not is_open_border(leg)]
    columns = [
        _Column(words["column_mode"], [mode_text(leg["mode"], words) for leg in legs], words["total"], figures=False),
        _Column(words["column_where"], [_where(result, leg, lang) for leg in legs], figures=False),
        _Column(words["column_country"], [leg["country"] for leg in legs], figures=False, dispensable=4),
    ]
    for name, digits in _LEG_FIGURES.items():
        *cells, foot = [_leg_figure(leg, name, digits, words) for leg in [*legs, route]]
        columns.append(_Column(words[f"column_{name}"], cells, foot, dispensable=_DISPENSABLE.get(name, 0)))
    return _table(columns, width, dim=[leg["mode"] in STOP_MODES for leg in legs])


def _leg_figure(leg: Mapping[str, Any], name: str, digits: int, words: Words) -> str:
    """A figure of a leg (or of the whole route): empty for nothing, a question mark for unknown."""
    value = leg[name]
    if value is None:
        return words["unknown"]
    measure = "time_h" if name.endswith("_h") else name
    shown = number(value, digits, words) if value else ""
    return marked(shown, measure, leg["assumed"]) if shown and name in ("time_h", "cost_usd", "co2e_kg") else shown


def is_open_border(leg: LegDict) -> bool:
    """Whether a leg is a border that takes no time and no money, as within Schengen: nothing to tell in a table."""
    return leg["mode"] == "border" and leg["time_h"] == 0 and leg["cost_usd"] == 0


def _where(result: ResultDict, leg: LegDict, lang: str) -> str:
    """Where a leg leads: "Almaty → Aktau", "Khorgos", or the border crossing; the name of a service stands behind."""
    start, end = (stop_name(result, leg[key], lang) for key in ("from", "to"))
    name = (leg["name_ru"] if lang == "ru" else "") or leg["name"]
    where = start if start == end else f"{start} → {end}"
    if not name or name in where:
        return where
    return name if leg["mode"] == "border" else f"{where} ({name})"


def _table(columns: Sequence[_Column], width: int, *, dim: Sequence[bool]) -> RenderableType:
    """A table no wider than `width`: columns go by `dispensable`, highest first, then texts fold."""
    from rich import box
    from rich.table import Table

    shown = list(columns)
    while sum(column.width + 2 for column in shown) > width and any(column.dispensable for column in shown):
        most = max(column.dispensable for column in shown)
        shown = [column for column in shown if column.dispensable < most]
    footed = any(column.foot for column in shown)
    # widths given and a blank more in place of padding: what rich need not measure it shows in half the time
    table = Table(box=box.SIMPLE, padding=0, pad_edge=False, show_edge=False, show_footer=footed, footer_style="bold")
    for column, following in zip(shown, [*shown[1:], None], strict=True):
        if column.figures:
            gap = 1 if following is None or following.figures else 2
            table.add_column(
                column.right(column.head), column.right(column.foot), no_wrap=True, width=column.width + gap
            )
        else:
            head = column.head.ljust(column.widest + 1)
            table.add_column(head, column.foot, overflow="fold", min_width=min(column.width, 12))
    for row, is_dim in enumerate(dim):
        table.add_row(*(column.right(column.cells[row]) for column in shown), style="dim" if is_dim else None)
    return table
