"""What each arc takes: hours, dollars and kilograms of CO2e for a consignment.

    move       km / speed(mode, country, load)       km x tariff(mode, country, unit) x units       km x tonnes x factor
    load       handling + wait for departure         handling charge + fixed part of the tariff     handling emissions
    unload     handling                              handling charge
    border     dwell of both sides                   fees
    gauge      hours at the yard                     charge per TEU or tonne
    service    sailing + wait                        price of the service                           km x tonnes x factor
    passage    + wait                                + toll
    sea lane                                         + what the freight market charges for containers   (sea_prices)

    wait for a departure every H hours with variation cv:   H / 2 (1 + cv^2) + cut-off              (METHODS 3.1)
    wait for a ship that leaves when full:                  (Q - 1) / (2 x arrivals), on top

Every number is a row; the most specific row holds. One cost is charged once: running speeds contain no border or terminal stop.
Arcs that the load may not use, and closed facilities, have infinite weight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.errors import BadTable, Problem, Text
from keruen.network.graph import FACILITY_KINDS, MODES, Graph, Kind, load_bit
from keruen.routing.compiled import THREADS
from keruen.routing.remember import Remembered
from keruen.routing.sea_prices import market_arcs
from keruen.routing.shipment import Consignment
from keruen.tables.dataset import Dataset
from keruen.tables.lookup import most_specific, most_specific_rows
from keruen.tables.table import Row, Table

Floats = NDArray[np.float64]
MOST_REMEMBERED = 4  # as many load units alternate in the workspace; each takes about 60 MB
MOST_OUTLOOKS = 3  # of each, 7 MB a destination: all together stay below 400 MB with the process they are in
LAND_TERMINALS = ("rail_terminal", "dry_port", "inland_port", "gauge_yard")
RATE_TABLES = ("speeds", "tariffs", "waits", "handling", "border_dwell", "emission_choice", "emission_factors")


@dataclass(frozen=True)
class ArcCosts:
    """Costs of all m arcs for one consignment.

    `weights` float64[3, m]: hours, USD, kg CO2e; +inf where closed. `waiting_h` float64[m] is the part of the hours spent waiting for a
    departure or in a queue. `closed` bool[m]. `row` int32[m]: the row of the table of the arc's facility (handling, border_dwell,
    gauge_yards, services, passages), -1 for a plain run; `wait_row` int32[m]: the row of waits; `rates` has the rows of runs.
    `tariff_usd` float64[m] is what a run costs by the kilometres of its tariff, `market_usd` float64[m] what the row `market_row`
    int32[m] of sea_markets adds.
    `shut` int32[k]:
    arcs of facilities that are shut unless asked for, with the weights float64[3, k] they would have.
    """

    weights: Floats
    waiting_h: Floats
    closed: NDArray[np.bool_]
    row: NDArray[np.int32]
    wait_row: NDArray[np.int32]
    tariff_usd: Floats
    market_usd: Floats
    market_row: NDArray[np.int32]
    rates: Rates
    consignment: Consignment
    shut: NDArray[np.int32]
    shut_weights: Floats
    outlooks: Remembered[int, Any] = field(default_factory=lambda: Remembered(MOST_OUTLOOKS), repr=False)
    memo: dict[str, Any] = field(default_factory=dict, repr=False)

    def opened(self, asked: Iterable[NDArray[np.int32]]) -> ArcCosts:
        """The costs with those arcs open that are asked for and only shut unless asked for; the same object if there are none."""
        wanted = np.flatnonzero(np.isin(self.shut, np.concatenate([np.empty(0, np.int32), *asked])))
        if not len(wanted):
            return self
        weights = self.weights.copy()
        weights[:, self.shut[wanted]] = self.shut_weights[:, wanted]
        return replace(self, weights=weights, outlooks=Remembered(MOST_OUTLOOKS), memo={})

    def by_road(self, km: float, country: int) -> Floats:
        """Hours, USD and kg CO2e of kilometres by road in a country (row; -1: none), float64[3]."""
        road = MODES.index("road")
        rates = self.rates
        return km * np.array([
            1 / rates.speed_kmh[road, country], rates.usd_per_km[road, country], rates.kg_per_km[road, country]
        ])  # fmt: skip


def world_costs(data: Dataset, graph: Graph, load: Consignment) -> ArcCosts:
    """Arc costs of a consignment; those of the last few are remembered with the network."""
    known: Remembered[tuple[str, str], ArcCosts] = graph.memo.setdefault("costs", Remembered(MOST_REMEMBERED))
    key = (data.content_hash, repr(load))  # as text, in which what is not known (NaN) is equal to itself
    return known.find(key, lambda: arc_costs(data, graph, load))


def generalized_cost(weights: Floats, load: Consignment) -> Floats:
    """Generalized cost of arcs in USD, float64[m], from hours, USD and kg CO2e, float64[3, m]; inf where closed."""
    closed = np.isinf(weights[0])
    return np.where(closed, np.inf, weighting(load) @ np.where(closed, 0.0, weights))


def weighting(load: Consignment) -> Floats:
    """What an hour, a dollar and a kilogram of CO2e count in the generalized cost, USD, float64[3]."""
    return np.array([load.value_of_time_usd_per_h, 1.0, load.carbon_price_usd_per_t / 1000])


def arc_costs(data: Dataset, graph: Graph, load: Consignment) -> ArcCosts:
    """Hours, dollars and CO2e of every arc for a consignment. Raises BadTable if a table they come from has no rows at all."""
    require_rows(data)
    rates = Rates(data, graph, load)
    nothing = np.full(graph.m, -1, np.int32)
    weights = moving(graph, rates)
    time_h, cost_usd, co2e_kg = weights
    bill = Bill(
        time_h, cost_usd, co2e_kg, np.zeros(graph.m), nothing, nothing.copy(), cost_usd.copy(), np.zeros(graph.m), nothing.copy()
    )  # fmt: skip
    for part in (passages, terminals, border_stops, gauge_changes, sailings, sea_freight):
        part(data, graph, load, rates, bill)
    closed = closed_arcs(data, graph, load) | ~np.all(np.isfinite(weights), axis=0)
    shut = (graph.arc_facility >= 0) & ~graph.facility_open[graph.arc_facility]
    openable = np.flatnonzero(shut & ~closed).astype(np.int32)
    shut_weights = weights[:, openable]
    closed |= shut
    weights[:, closed] = np.inf
    return ArcCosts(
        weights, bill.waiting_h, closed, bill.row, bill.wait_row, bill.tariff_usd, bill.market_usd, bill.market_row, rates, load,
        shut=openable, shut_weights=shut_weights,
    )  # fmt: skip


def require_rows(data: Dataset) -> None:
    """That no table of rates is empty, as after half a copy: every way would be closed, or free, without a word."""
    advice = "Put its rows back, or copy the table that ships with Keruen"
    problems = [
        Problem(name, 0, "", "the table has no rows, so nothing can be priced", advice)
        for name in RATE_TABLES
        if not len(data[name])
    ]
    if problems:
        raise BadTable(problems)


@dataclass
class Bill:
    """Costs of all arcs in the making, float64[m] each, the first three rows of the weights; what a table does not say is NaN and closes
    the arc."""

    time_h: Floats
    cost_usd: Floats
    co2e_kg: Floats
    waiting_h: Floats
    row: NDArray[np.int32]
    wait_row: NDArray[np.int32]
    tariff_usd: Floats
    market_usd: Floats
    market_row: NDArray[np.int32]


class Rates:
    """Rows and numbers by mode and country, [modes, countries + 1]; the last column is for arcs in no country.

    What has no price per box in a mode (air) is priced per tonne: `unit` is what each mode charges for, `count` how many there are.
    """

    def __init__(self, data: Dataset, graph: Graph, load: Consignment) -> None:
        self.places = [str(code) for code in graph.countries] + ["*"]
        scopes = [country_and_groups(data, code) for code in self.places]
        self.unit = tuple(unit_charged(data["tariffs"], mode, load) for mode in MODES)
        self.count = np.array([load.tonnes if unit == "tonne" else float(load.units) for unit in self.unit])
        speeds, tariffs = data["speeds"], data["tariffs"]
        self.speed_row = np.stack([
            most_specific_rows(speeds, "country", self.places, mode=mode, load=load.load) for mode in MODES
        ])  # fmt: skip
        self.tariff_row = np.stack([
            most_specific_rows(tariffs, "country", self.places, mode=mode, unit=unit)
            for mode, unit in zip(MODES, self.unit, strict=True)
        ])  # fmt: skip
        self.wait_row = np.stack([most_specific_rows(data["waits"], "scope", scopes, mode=mode) for mode in MODES])
        self.emission_row = np.stack([
            most_specific_rows(data["emission_choice"], "country", self.places, mode=mode, load=load.load, distance_class="*")
            for mode in MODES
        ])  # fmt: skip
        self.speed_kmh = speeds.numbers_at("speed_kmh", self.speed_row)
        self.usd_per_km = tariffs.numbers_at("usd_per_km", self.tariff_row) * self.count[:, None]
        self.fixed_usd = np.nan_to_num(tariffs.numbers_at("fixed_usd", self.tariff_row)) * self.count[:, None]
        self.wait_h = np.nan_to_num(expected_wait_h(data["waits"], self.wait_row))
        self.kg_per_km = factors(data, self.emission_row, self.places) * load.tonnes / 1000


def unit_charged(tariffs: Table, mode: str, load: Consignment) -> str:
    """What a mode charges a consignment for: its own unit if the mode has a price for it, else the tonne."""
    priced = set(zip(tariffs.texts("mode"), tariffs.texts("unit"), strict=True))
    return load.tariff_unit if (mode, load.tariff_unit) in priced else "tonne"


def country_and_groups(data: Dataset, code: str) -> tuple[str, ...]:
    """A country, then the groups and the region it belongs to, from the narrowest to the widest."""
    row = data["countries"].find(code)
    if row is None:
        return (code,)
    region = row.text("region")
    return (code, *row.texts("groups"), *((region,) if region else ()))


def expected_wait_h(waits: Table, rows: NDArray[np.intp]) -> Floats:
    """H / 2 (1 + cv^2) + cut-off for rows of the waits table, NaN where there is no row."""
    headway, cv, cutoff = (waits.numbers_at(column, rows) for column in ("headway_h", "cv", "cutoff_h"))
    return np.asarray(headway / 2 * (1 + np.nan_to_num(cv) ** 2) + np.nan_to_num(cutoff))


def factors(data: Dataset, rows: NDArray[np.intp], countries: Sequence[str]) -> Floats:
    """g CO2e per t-km, well to wheel, for rows of emission_choice by country [.., countries]: electric and other traction blended.

        g = (1 - e) g_fuel + e g_electric,    g_electric = kWh per t-km x g per kWh of the country's current, else the row's own factor

    with e the electrified share of the country's railways (0 where it is not known); only rows that name electric traction.
    """
    choice, table = data["emission_choice"], data["emission_factors"]

    def values(column: str) -> Floats:
        found = (table.find(key) for key in choice.texts(column))
        return np.array([row.number("g_co2e_per_tkm") if row else np.nan for row in found] + [np.nan])[rows]

    known = [data["countries"].find(code) for code in countries]
    share = np.array([row.number("electrified_share") if row else np.nan for row in known])
    grid = np.array([row.number("grid_kg_co2e_per_kwh") if row else np.nan for row in known])
    fuel, electric = values("factor"), values("electric_factor")
    by_current = choice.numbers_at("kwh_per_tkm", rows) * grid * 1000
    electric = np.where(np.isnan(by_current), electric, by_current)
    blended = (1 - share) * fuel + share * electric
    return np.asarray(np.where(np.isnan(blended), fuel, blended))


def moving(graph: Graph, rates: Rates) -> Floats:
    """Hours, USD and kg CO2e of covering the kilometres of each arc, float64[3, m]; zero for arcs that are stops."""
    stops = (graph.arc_kind != Kind.MOVE) | ~(graph.arc_km > 0)
    made = np.empty((3, graph.m))

    def fill(k: int) -> None:
        rate = (rates.speed_kmh, rates.usd_per_km, rates.kg_per_km)[k][graph.arc_mode, graph.arc_country]
        with np.errstate(invalid="ignore", divide="ignore"):
            (np.divide if k == 0 else np.multiply)(graph.arc_km, rate, out=made[k])
        made[k, stops] = 0.0

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(fill, range(3)))
    return made


def passages(data: Dataset, graph: Graph, load: Consignment, rates: Rates, bill: Bill) -> None:
    """Add queue and toll of canals and straits."""
    for arcs, row in facility_rows(data["passages"], graph, "passage"):
        bill.row[arcs] = row.index
        wait_h = number_or(row.number("wait_h"), 0.0)
        bill.time_h[arcs] += wait_h
        bill.waiting_h[arcs] += wait_h
        bill.cost_usd[arcs] += number_or(price(row, load), 0.0)


def unknown_tolls(data: Dataset, graph: Graph, load: Consignment, used: NDArray[np.int32]) -> list[Text]:
    """Names of the passages among the arcs used that take a toll, by other units, whose toll for this consignment no row knows."""
    return [
        Text(row.text("name"), row.text("name_ru"))
        for arcs, row in facility_rows(data["passages"], graph, "passage")
        if not all(np.isnan(row.number(column)) for column in ("usd_teu", "usd_t", "usd_trailer"))
        and np.isnan(price(row, load))
        and np.isin(arcs, used).any()
    ]


def terminals(data: Dataset, graph: Graph, load: Consignment, rates: Rates, bill: Bill) -> None:
    """Add handling at terminals, and for loading the wait for a departure and the fixed part of the tariff."""
    table = data["handling"]
    arcs = np.flatnonzero((graph.arc_kind == Kind.LOAD) | (graph.arc_kind == Kind.UNLOAD))
    mode, facility = graph.arc_mode[arcs], graph.arc_facility[arcs]
    types, type_of = np.unique(graph.facility_type, return_inverse=True)
    kinds, countries = types.tolist(), graph.countries.tolist()
    sites, lands = (
        named_rows(table.texts("place"), graph.facility_key),
        named_rows(table.texts("place"), graph.countries),
    )

    def row_of(m: int, kind: int, land: int, site: int) -> int:
        site_key = (str(graph.facility_key[site]),) if site >= 0 else ()
        country = (countries[land],) if land >= 0 else ()
        return handling_row(table, MODES[m], kinds[kind], (*site_key, *country), rates.unit[m])

    rows = rows_by_case(row_of, mode, type_of[facility], lands[graph.facility_country_a[facility]], sites[facility])
    bill.row[arcs] = rows
    bill.time_h[arcs] = table.numbers_at("hours", rows)
    bill.cost_usd[arcs] = table.numbers_at("usd", rows) * rates.count[mode]
    bill.co2e_kg[arcs] = table.numbers_at("co2e_kg_per_t", rows) * load.tonnes
    departures(data, graph, rates, bill)


def departures(data: Dataset, graph: Graph, rates: Rates, bill: Bill) -> None:
    """Add the wait for a departure and the fixed part of the tariff to loading; named services have both on their own arcs."""
    service = np.flatnonzero(graph.layers == "service")
    onto_line = ~np.isin(graph.node_layer[graph.head], service)
    arcs = np.flatnonzero((graph.arc_kind == Kind.LOAD) & onto_line)
    mode, country, facility = graph.arc_mode[arcs], graph.arc_country[arcs], graph.arc_facility[arcs]
    table = data["waits"]
    rows = rates.wait_row[mode, country]
    sites = named_rows(table.texts("scope"), graph.facility_key)
    own = rows_by_case(
        lambda m, site: table.find_index(MODES[m], str(graph.facility_key[site])) if site >= 0 else -1,
        mode,
        sites[facility],
    )
    rows = np.where(own >= 0, own, rows)
    wait_h = np.nan_to_num(expected_wait_h(table, rows))
    bill.wait_row[arcs] = rows
    bill.time_h[arcs] += wait_h
    bill.waiting_h[arcs] = wait_h
    bill.cost_usd[arcs] += rates.fixed_usd[mode, country]


def named_rows(names: Iterable[str], keys: NDArray[np.str_]) -> NDArray[np.intp]:
    """For each key its own position if it is among the names, else -1."""
    known = set(names)
    return np.array([row if key in known else -1 for row, key in enumerate(keys.tolist())], np.intp)


def rows_by_case(row_of: Callable[..., int], *columns: NDArray[np.integer[Any]]) -> NDArray[np.intp]:
    """Row numbers for elements that columns of small numbers tell apart, intp[k]; each case that occurs is looked up once."""
    if not len(columns[0]):
        return np.empty(0, np.intp)
    code = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        least = column.min()
        code = code * (int(column.max()) - int(least) + 1) + (column - least)
    _, first, case = np.unique(code, return_index=True, return_inverse=True)
    found = [row_of(*values) for values in zip(*(column[first].tolist() for column in columns), strict=True)]
    return np.array(found, np.intp)[case]


def terminal_kind(mode: str, site_type: str) -> str:
    """The kind of terminal whose handling row holds for boarding a mode at a site of a type."""
    if mode == "rail":
        return site_type if site_type in LAND_TERMINALS else "rail_terminal"
    return {"road": "road_terminal", "sea": "seaport", "ferry": "ferry_port", "air": "airport"}[mode]


def handling_row(table: Table, mode: str, site_type: str, place: str | tuple[str, ...], unit: str) -> int:
    """Row number of the handling table for a mode at a site, -1 if there is none; a kind without rows is a rail terminal."""
    for kind in (terminal_kind(mode, site_type), "rail_terminal"):
        row = most_specific(table, kind=kind, place=place, unit=unit)
        if row is not None:
            return row.index
    return -1


def border_stops(data: Dataset, graph: Graph, load: Consignment, rates: Rates, bill: Bill) -> None:
    """Add dwell and fees at borders."""
    arcs = np.flatnonzero(graph.arc_kind == Kind.BORDER)
    if not len(arcs):
        return
    table = data["border_dwell"]
    rows = dwell_rows(data, graph, arcs)
    bill.row[arcs] = rows
    bill.time_h[arcs] = table.numbers_at("hours", rows)
    fee = table.numbers_at("usd_per_unit", rows)
    per = np.array([*table.texts("per"), ""])[rows]
    count = np.where(
        per == "t", load.tonnes, float(load.units if load.tariff_unit != "tonne" else np.ceil(load.tonnes / 60))
    )
    bill.cost_usd[arcs] = np.nan_to_num(fee) * count


def dwell_rows(data: Dataset, graph: Graph, arcs: NDArray[np.intp]) -> NDArray[np.intp]:
    """Rows of border_dwell for border arcs, most specific first: the named crossing, the pair of countries, groups, anything."""
    table = data["border_dwell"]
    scopes = [country_and_groups(data, str(code)) for code in graph.countries]
    borders = named_rows(table.texts("border"), graph.facility_key)

    def row_of(site: int, a: int, b: int, mode: int) -> int:
        border = str(graph.facility_key[site]) if site >= 0 else "*"
        row = most_specific(table, border=border, mode=MODES[mode], from_country=scopes[a], to_country=scopes[b])
        return row.index if row else -1

    tails, heads = graph.node_country[graph.tail[arcs]], graph.node_country[graph.head[arcs]]
    return rows_by_case(row_of, borders[graph.arc_facility[arcs]], tails, heads, graph.arc_mode[arcs])


def gauge_changes(data: Dataset, graph: Graph, load: Consignment, rates: Rates, bill: Bill) -> None:
    """Add the hours and charges of changing gauge."""
    for arcs, row in facility_rows(data["gauge_yards"], graph, "gauge_yard"):
        bill.row[arcs] = row.index
        bill.time_h[arcs] = row.number("hours")
        bill.cost_usd[arcs] = gauge_charge_usd(row, load)


def gauge_charge_usd(row: Row, load: Consignment) -> float:
    """Charge of a gauge yard: per TEU for boxes, per tonne otherwise; NaN if the row has neither."""
    by_teu, by_tonne = row.number("usd_per_teu") * load.teu, row.number("usd_per_t") * load.tonnes
    return number_or(by_tonne, by_teu) if load.tariff_unit == "tonne" else number_or(by_teu, by_tonne)


def sailings(data: Dataset, graph: Graph, load: Consignment, rates: Rates, bill: Bill) -> None:
    """Add time, price and emissions of ferries and other named services."""
    table = data["services"]
    for arcs, row in facility_rows(table, graph, "service"):
        wait_h = sum(service_wait_h(row))
        bill.row[arcs] = row.index
        bill.time_h[arcs] = row.number("running_h") + wait_h
        bill.waiting_h[arcs] = wait_h
        by_km = rates.usd_per_km[MODES.index("ferry"), -1] * row.number("distance_km")
        bill.cost_usd[arcs] = number_or(price(row, load), by_km)
        factor = data["emission_factors"].find(row.text("emission_factor"))
        per_km = (
            factor.number("g_co2e_per_tkm") * load.tonnes / 1000
            if factor
            else rates.kg_per_km[MODES.index("ferry"), -1]
        )
        bill.co2e_kg[arcs] = per_km * row.number("distance_km")


def service_wait_h(row: Row) -> tuple[float, float]:
    """Hours that a load waits for a service, for a vessel to come and for it to fill (METHODS 3.1).

    for a vessel: headway / 2 x (1 + cv^2);  for a vessel that leaves when full: (TEU of a sailing - 1) / (2 x TEU that come in a day) days
    """
    cv, fill, per_day = (row.number(name) for name in ("cv", "fill_teu", "fill_teu_per_day"))
    filling_h = 24 * (fill - 1) / (2 * per_day)
    return row.number("headway_h") / 2 * (1 + number_or(cv, 0.0) ** 2), number_or(filling_h, 0.0)


def sea_freight(data: Dataset, graph: Graph, load: Consignment, rates: Rates, bill: Bill) -> None:
    """Charge containers at sea what the freight markets do, instead of the tariff where a market has kilometres of its own."""
    table = data["sea_markets"]
    arcs, rows = market_arcs(data, graph, load.tariff_unit)
    per_km = table.numbers_at("usd_per_km", rows)
    by_market = arcs[~np.isnan(per_km)]
    bill.cost_usd[by_market] -= bill.tariff_usd[by_market]
    bill.tariff_usd[by_market] = 0.0
    each_usd = np.nan_to_num(per_km) * graph.arc_km[arcs] + np.nan_to_num(table.numbers_at("usd", rows))
    bill.market_usd[arcs] = each_usd * load.units
    bill.market_row[arcs] = rows
    bill.cost_usd[arcs] += bill.market_usd[arcs]


def price(row: Row, load: Consignment) -> float:
    """Price of a row with usd_teu, usd_feu, usd_trailer, usd_t columns for a consignment, USD; NaN if it names none that fits."""

    def column(name: str) -> float:
        return row.number(name) if name in row.table.schema else np.nan

    by_tonne = column("usd_t") * load.tonnes
    match load.tariff_unit:
        case "feu":
            return number_or(column("usd_feu") * load.units, column("usd_teu") * load.teu, by_tonne)
        case "teu":
            return number_or(column("usd_teu") * load.teu, by_tonne)
        case "trailer":
            return number_or(column("usd_trailer") * load.units, by_tonne)
        case _:
            return by_tonne


def number_or(*values: float) -> float:
    """The first that is known; NaN if none is."""
    return next((value for value in values if not np.isnan(value)), np.nan)


def facility_rows(table: Table, graph: Graph, kind: str) -> list[tuple[NDArray[np.intp], Row]]:
    """For each facility of a kind its arcs and its row of a table, found by key."""
    facilities = np.flatnonzero(graph.facility_kind == FACILITY_KINDS.index(kind))
    if not len(facilities):
        return []
    arcs = np.flatnonzero(np.isin(graph.arc_facility, facilities))
    order = np.argsort(graph.arc_facility[arcs], kind="stable")
    arcs = arcs[order]
    first = np.searchsorted(graph.arc_facility[arcs], facilities)
    last = np.searchsorted(graph.arc_facility[arcs], facilities, side="right")
    by_first_key = {key.split("/")[0]: i for i, key in enumerate(table.keys)}
    rows = [
        (arcs[a:b], by_first_key.get(str(graph.facility_key[f]), -1))
        for f, a, b in zip(facilities, first, last, strict=True)
    ]
    return [(here, table.row(i)) for here, i in rows if i >= 0]


def closed_arcs(data: Dataset, graph: Graph, load: Consignment) -> NDArray[np.bool_]:
    """Arcs this consignment cannot use: wrong load class, a canal its ship does not fit."""
    closed = (graph.arc_loads & load_bit(load.load)) == 0
    for arcs, row in facility_rows(data["passages"], graph, "passage"):
        if row.number("max_draft_m") < load.draft_m or row.number("max_beam_m") < load.beam_m:
            closed[arcs] = True
    return np.asarray(closed)
