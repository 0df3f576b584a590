"""The toy world: three countries, nine places, ten links, with every kind of arc. Built by the same code as the real world.

              EAST              |                  MIDDLE                   |            WEST
                                |                                           |
    HAWK ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ air 4000 km ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ IBIS
     : 40 km                    |                                           |            :
     : ................ road 400|40 ........... road 1000 ..................|........ 400 : 40 km
     :/                         |  \\                                        |           \\:
    ANVIL ==== rail 1435 ==== 400|50 CROSS --- rail 1520 500 --- DOCK ~ ferry 400 ~ ELM == 250 == FORT
      ||                        |                                           |              ||
      || 300                    |                                           |              || 200
     BAY ~~~~~~~~~~~~~~~~~~~~~~~~~~~~ sea by the canal 5000 km ~~~~~~~~~~~~~~~~~~~~~~~~~~ GULF
       ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ sea round the cape 8000 km ~~~~~~~~~~~~~~~~~~~~~~~~~~~

The line has 1435 mm gauge in the east and the west, 1520 mm in the middle; CROSS has the only gauge yard. Trains cross from the east
at the pass. The ferry over the lake is the only way of a train to the west. Speeds: rail 50, road 40, sea 25, air 500 km/h.
All numbers are invented and round, so that a story can be added up in the head.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import gettempdir

import numpy as np

from keruen.network import build
from keruen.network.air import Airports
from keruen.network.assembly import Assembly
from keruen.network.base import GAUGES, Lines
from keruen.network.build import World
from keruen.network.crossings import Crossings
from keruen.network.features import with_features
from keruen.network.gazetteer import BASES, KINDS, MAIN_NAME, Gazetteer, Texts
from keruen.network.graph import ALL_LOADS, Graph
from keruen.network.laid_lines import add_lines
from keruen.network.place_names import name_key
from keruen.network.sea import SeaLanes
from keruen.network.sphere import unit_vectors
from keruen.network.terminals import (
    LIMIT_KM,
    RAIL_LOADS,
    Layers,
    add_anchors,
    add_gauge_yards,
    add_services,
    add_sites,
    countries_of,
    spurs,
)
from keruen.network.world import add_air, add_sea, offered_sites
from keruen.routing.result import Leg, Route, RouteResult
from keruen.tables import Dataset, load, table_from_rows

Row = Mapping[str, object]
Rows = Sequence[Row]
Point = tuple[float, float]

SOURCE = "invented"
INVENTED = {"basis": "assumed", "source": SOURCE, "note": "A round number."}
EAST, MIDDLE, WEST = "EA", "MI", "WE"
BOX = "boxes"  # the commodity of most stories: 10 t in a 20-foot box, each day of delay costs 100 USD

COUNTRIES: Rows = [
    {"country": code, "iso3": f"{code}X", "name": name, "groups": groups}
    for code, name, groups in [(EAST, "East", ""), (MIDDLE, "Middle", "UNION"), (WEST, "West", "UNION")]
]
PLACES: Rows = [
    {"place": code, "name": name, "country": country, "kind": kind, "lat": lat, "lon": lon, "gauges_mm": gauges}
    for code, name, country, kind, lat, lon, gauges in [
        ("ANVIL", "Anvil", EAST, "rail_terminal", 10, 2, "1435"),
        ("BAY", "Bay", EAST, "seaport", 6, 2, "1435"),
        ("HAWK", "Hawk", EAST, "airport", 13, 2, ""),
        ("CROSS", "Cross", MIDDLE, "gauge_yard", 10, 10, "1435|1520"),
        ("DOCK", "Dock", MIDDLE, "ferry_port", 10, 15, "1520"),
        ("ELM", "Elm", WEST, "ferry_port", 10, 20, "1435"),
        ("FORT", "Fort", WEST, "rail_terminal", 10, 25, "1435"),
        ("GULF", "Gulf", WEST, "seaport", 6, 25, "1435"),
        ("IBIS", "Ibis", WEST, "airport", 13, 25, ""),
    ]
]
POINTS: dict[str, Point] = {
    **{str(row["place"]): (float(str(row["lat"])), float(str(row["lon"]))) for row in PLACES},
    "pass in the east": (10, 9.5), "pass in the middle": (10, 9.5),
    "moor in the middle": (12, 21), "moor in the west": (12, 21),
    "road at the pass, east": (10.3, 9.5), "road at the pass, middle": (10.3, 9.5),
    "canal east": (4, 12), "canal west": (4, 14), "cape east": (-30, 12), "cape west": (-30, 14),
}  # fmt: skip

Link = tuple[str, str, float, str, int]  # from, to, km, country ("" across a border or at sea), gauge in mm
RAILWAYS: Sequence[Link] = [
    ("ANVIL", "BAY", 300, EAST, 1435),
    ("ANVIL", "pass in the east", 400, EAST, 1435),
    ("pass in the east", "pass in the middle", 0, "", 1435),
    ("pass in the middle", "CROSS", 50, MIDDLE, 1435),
    ("CROSS", "DOCK", 500, MIDDLE, 1520),
    ("ELM", "FORT", 250, WEST, 1435),
    ("GULF", "FORT", 200, WEST, 1435),
]
HIGHWAYS: Sequence[Link] = [
    ("HAWK", "ANVIL", 40, EAST, 0),
    ("ANVIL", "road at the pass, east", 400, EAST, 0),
    ("road at the pass, east", "road at the pass, middle", 0, "", 0),
    ("road at the pass, middle", "CROSS", 40, MIDDLE, 0),
    ("CROSS", "moor in the middle", 1000, MIDDLE, 0),
    ("moor in the middle", "moor in the west", 0, "", 0),
    ("moor in the west", "FORT", 400, WEST, 0),
    ("FORT", "IBIS", 40, WEST, 0),
]
LANES: Sequence[Link] = [
    ("BAY", "canal east", 2000, "", 0),
    ("canal east", "canal west", 100, "", 0),
    ("canal west", "GULF", 2900, "", 0),
    ("BAY", "cape east", 4000, "", 0),
    ("cape east", "cape west", 100, "", 0),
    ("cape west", "GULF", 3900, "", 0),
]
LANE_PASSAGES = {("canal east", "canal west"): "canal", ("cape east", "cape west"): "cape"}
FLIGHTS = [("HAWK", "IBIS", 4000.0)]

BORDERS: Rows = [
    {
        "border": key,
        "name": name,
        "mode": mode,
        "lat": lat,
        "lon": lon,
        "radius_km": 20,
        "country_a": a,
        "country_b": b,
        "status": "open",
    }
    for key, name, mode, lat, lon, a, b in [
        ("pass_rail", "The Pass", "rail", 10, 9.5, EAST, MIDDLE),
        ("moor_road", "The Moor", "road", 12, 21, MIDDLE, WEST),
    ]
]
BORDER_DWELL: Rows = [
    {"border": border, "mode": mode, "from_country": a, "to_country": b, "hours": hours, "usd_per_unit": usd, "per": "container"}
    for border, mode, a, b, hours, usd in [
        ("pass_rail", "rail", EAST, MIDDLE, 24, 30),
        ("pass_rail", "rail", MIDDLE, EAST, 12, 20),
        ("*", "road", EAST, MIDDLE, 10, 25),
        ("*", "road", MIDDLE, EAST, 10, 25),
        ("*", "road", "UNION", "UNION", 6, 15),
        ("*", "rail", "*", "*", 48, 50),
        ("*", "road", "*", "*", 48, 50),
    ]
]  # fmt: skip
GAUGE_YARDS: Rows = [
    {"place": "CROSS", "border": "pass_rail", "gauge_a_mm": 1435, "gauge_b_mm": 1520, "methods": "transload"}
    | {"hours": 12, "usd_per_teu": 25, "usd_per_t": 3},
]
LAKE_FERRY: Row = {
    "service": "lake_ferry", "name": "Lake ferry", "mode": "ferry", "kind": "rail_ferry", "from_place": "DOCK", "to_place": "ELM",
    "both_ways": True, "distance_km": 400, "running_h": 20, "headway_h": 24, "cv": 1, "usd_teu": 200, "usd_t": 15,
    "usd_trailer": 300, "loads": "container|reefer|roro|dry_bulk", "emission_factor": "ship", "status": "active",
}  # fmt: skip
PASSAGES: Rows = [
    {"passage": key, "name": name, "kind": key, "lat": lat, "lon": 13, "radius_km": 100, "default_open": True}
    | {"gate_lat_a": lat - 1, "gate_lon_a": 13, "gate_lat_b": lat + 1, "gate_lon_b": 13}
    | {"wait_h": wait_h, "usd_teu": usd, "usd_t": usd / 10, "max_draft_m": draft}
    for key, name, lat, wait_h, usd, draft in [
        ("canal", "The Canal", 4, 10, 40, 12),
        ("cape", "The Cape", -30, 0, 0, None),
    ]
]
SPEEDS: Rows = [
    {"mode": mode, "country": "*", "load": "*", "speed_kmh": speed}
    for mode, speed in [("rail", 50), ("road", 40), ("sea", 25), ("air", 500)]
]
TARIFFS: Rows = [
    {"mode": mode, "country": "*", "unit": unit, "usd_per_km": per_km, "fixed_usd": fixed}
    for mode, unit, per_km, fixed in [
        ("rail", "teu", 0.5, 7), ("rail", "tonne", 0.04, 0), ("air", "tonne", 0.5, 0),
        ("road", "teu", 1.0, 0), ("road", "tonne", 0.1, 0), ("road", "trailer", 1.0, 0),
        ("sea", "teu", 0.05, 0), ("sea", "tonne", 0.004, 0), ("sea", "trailer", 0.1, 0),
        ("ferry", "teu", 0.5, 0), ("ferry", "tonne", 0.05, 0), ("ferry", "trailer", 0.5, 0),
    ]
]  # fmt: skip
HANDLING: Rows = [
    {"kind": kind, "place": "*", "unit": unit, "hours": hours, "usd": usd * share, "co2e_kg_per_t": 0}
    for kind, hours, usd in [
        ("rail_terminal", 3, 15), ("gauge_yard", 3, 15), ("seaport", 5, 20), ("ferry_port", 4, 15), ("airport", 2, 100),
        ("road_terminal", 1, 0),
    ]
    for unit, share in (("teu", 1), ("tonne", 0.1), ("trailer", 1))
]  # fmt: skip
WAITS: Rows = [
    {"mode": mode, "scope": "*", "headway_h": headway, "cv": cv, "cutoff_h": cutoff}
    for mode, headway, cv, cutoff in [
        ("rail", 8, 0, 1), ("sea", 48, 0.5, 0), ("air", 24, 0, 0), ("road", 0, 0, 0)
    ]  # mean waits: 5 h, 30 h, 12 h, none
]  # fmt: skip
COMMODITIES: Rows = [
    {"commodity": key, "name": key.capitalize(), "load": carried, "unit": unit, "usd_per_t": 1000, "t_per_teu": 10}
    | {"vot_usd_per_t_day": value_of_time}
    for key, carried, unit, value_of_time in [
        (BOX, "container", "20ft", 10), ("fish", "reefer", "20ft", 50), ("acid", "dangerous", "20ft", 10),
        ("coal", "dry_bulk", "tonne", 0.1), ("oil", "liquid_bulk", "tonne", 0.1), ("cars", "roro", "trailer", 10),
    ]
]  # fmt: skip
LOAD_UNITS: Rows = [
    {"unit": "20ft", "name": "20-foot box", "teu": 1, "max_payload_t": 21, "tariff_unit": "teu", "loads": "container|reefer|dangerous"},
    {"unit": "tonne", "name": "Tonne", "max_payload_t": 1, "tariff_unit": "tonne", "loads": "dry_bulk|liquid_bulk"},
    {"unit": "trailer", "name": "Trailer", "teu": 2, "max_payload_t": 20, "tariff_unit": "trailer", "loads": "roro|container"},
]  # fmt: skip
VESSELS: Rows = [
    {"vessel": "coaster", "name": "Coaster", "draft_m": 9, "beam_m": 20, "default_for": "container|reefer"},
    {"vessel": "giant", "name": "Giant", "draft_m": 16, "beam_m": 60},
]
EMISSION_FACTORS: Rows = [
    {
        "factor": key,
        "mode": mode,
        "subtype": key,
        "scope": "WTW",
        "g_co2e_per_tkm": grams,
        "unit_published": "g_co2e_per_tkm",
    }
    for key, mode, grams in [("train", "rail", 20), ("truck", "road", 100), ("ship", "sea", 5), ("plane", "air", 1000)]
]
EMISSION_CHOICE: Rows = [
    {"mode": mode, "country": "*", "load": "*", "distance_class": "*", "factor": factor}
    for mode, factor in [("rail", "train"), ("road", "truck"), ("sea", "ship"), ("ferry", "ship"), ("air", "plane")]
]
CORRIDORS: Rows = [
    {"corridor": key, "name": name, "rank": rank, "gates": gates, "also": also, "never": never, "description": f"{name}."}
    for rank, (key, name, gates, also, never) in enumerate([
        ("sky", "By the sky", "mode:air", "", ""),
        ("lake_then_sea", "Over the lake, then by sea", "service:lake_ferry", "mode:sea", ""),
        ("lake", "Over the lake", "service:lake_ferry", "", ""),
        ("moor", "Over the moor", "border:moor_road", "", "mode:rail"),
        ("moor_and_rail", "Over the moor, with trains", "border:moor_road", "mode:rail", ""),
        ("canal", "By the canal", "passage:canal", "", ""),
        ("cape", "Round the cape", "passage:cape", "", ""),
        ("train", "By train", "mode:rail", "", "mode:road|mode:sea"),
    ])
]  # fmt: skip
SANCTIONS: Rows = [
    {"profile": "no_middle", "item": f"country:{MIDDLE}", "rule": "avoid", "reason": "A story."},
]
SOURCES: Rows = [{"source": SOURCE, "title": "Invented for the tests", "tier": "assumption"}]

TABLES: dict[str, Rows] = {
    "borders": BORDERS, "border_dwell": BORDER_DWELL, "commodities": COMMODITIES, "corridors": CORRIDORS, "countries": COUNTRIES,
    "emission_choice": EMISSION_CHOICE, "emission_factors": EMISSION_FACTORS, "gauge_yards": GAUGE_YARDS, "handling": HANDLING,
    "load_units": LOAD_UNITS, "passages": PASSAGES, "places": PLACES, "sanctions": SANCTIONS, "services": [LAKE_FERRY], "sources": SOURCES,
    "speeds": SPEEDS, "tariffs": TARIFFS, "vessels": VESSELS, "waits": WAITS,
}  # fmt: skip


def toy_tables(**changed: Rows) -> Dataset:
    """The tables of the toy world, those named replaced by other rows; every other table of the dictionary is empty."""
    schemas, tables = load().schema, {}
    for name, schema in schemas.items():
        rows = (changed.get(name) if name in changed else TABLES.get(name)) or []
        usual = {
            column: value
            for column, value in INVENTED.items()
            if column in schema and (name, column) != ("sources", "source")
        }
        tables[name] = table_from_rows(schema, [usual | dict(row) for row in rows])
    return Dataset(schemas, {}, tables)


@cache
def toy() -> Dataset:
    """The toy world as it is."""
    return opened(toy_tables())


def toy_with(**changed: Rows) -> Dataset:
    """The toy world with other rows in some tables, its network built anew."""
    return opened(toy_tables(**changed))


def opened(data: Dataset, graph: Graph | None = None) -> Dataset:
    """The dataset, its network (the toy's, unless another is given) at hand for every question asked of it."""
    build._opened[data] = World(graph or toy_graph(data), toy_gazetteer(data), {}, Path(gettempdir()) / "keruen-toy")
    return data


def toy_graph(data: Dataset) -> Graph:
    """The network of the toy world, laid by the builders of the real one."""
    countries = list(data["countries"].texts("country"))
    assembly = Assembly(countries)
    names = [("the town", "город")]
    crossings = Crossings(assembly, list(data["borders"]), unit_vectors(np.array([10.3]), np.array([9.5])), names)
    rails = add_lines(assembly, lines(RAILWAYS, countries), "rail", RAIL_LOADS, crossings)
    road = add_lines(assembly, lines(HIGHWAYS, countries), "road", ALL_LOADS, crossings)["road"]
    passages = list(data["passages"])
    lanes = sea_lanes([str(row["passage"]) for row in passages], countries)
    sea = add_sea(assembly, lanes, passages)
    chosen = airports()
    air = add_air(assembly, chosen)
    sites = offered_sites(data)
    port_nodes = {code: int(sea[node]) for code, node in zip(lanes.port_code.tolist(), lanes.port_node, strict=True)}
    air_nodes = dict(zip(chosen.code.tolist(), air.tolist(), strict=True))
    around = Layers(road, rails, port_nodes, frozenset(), air_nodes)
    hubs = add_sites(assembly, sites, around, spurs(sites, countries_of(assembly, sites), road, LIMIT_KM["road"]))
    troubles = add_services(assembly, list(data["services"]), hubs)
    troubles += add_gauge_yards(assembly, list(data["gauge_yards"]), {site.code: site for site in sites}, rails)
    assert not troubles, troubles
    add_anchors(assembly, sites, hubs)
    return with_features(assembly.freeze(), build.corridor_features(data["corridors"]))


def lines(links: Sequence[Link], countries: list[str]) -> Lines:
    """Links as base lines: a node for each of their ends, straight courses."""
    ends = sorted({(end, gauge) for a, b, _, _, gauge in links for end in (a, b)})
    node = {end: i for i, end in enumerate(ends)}
    country_of = {
        (end, gauge): country for a, b, _, country, gauge in links if country for end in (a, b)
    }  # an end at a border lies in the country of the other link that meets it there
    u = [node[a, gauge] for a, _, _, _, gauge in links]
    v = [node[b, gauge] for _, b, _, _, gauge in links]
    at = np.array([POINTS[end] for end, _ in ends])
    rows = [countries.index(country_of[end]) if end in country_of else -1 for end in ends]
    return Lines(
        node_lat=at[:, 0], node_lon=at[:, 1], node_country=np.array(rows, np.int16),
        edge_u=np.array(u, np.int32), edge_v=np.array(v, np.int32), edge_km=np.array([link[2] for link in links], np.float64),
        edge_country=np.array([countries.index(link[3]) if link[3] else -1 for link in links], np.int16),
        edge_gauge=np.array([GAUGES.index(link[4]) if link[4] else 0 for link in links], np.uint8),
        edge_line=np.full(len(links), -1, np.int16), geom_ptr=np.arange(0, 2 * len(links) + 1, 2, dtype=np.int64),
        geom_lat=at[np.stack([u, v], axis=1).ravel(), 0].astype(np.float32),
        geom_lon=at[np.stack([u, v], axis=1).ravel(), 1].astype(np.float32),
    )  # fmt: skip


def sea_lanes(passages: list[str], countries: list[str]) -> SeaLanes:
    """The two ways by sea; BAY and GULF are their ports."""
    laid = lines(LANES, countries)
    ports = ["BAY", "GULF"]
    at = np.array([POINTS[port] for port in ports])
    edges = len(LANES)
    node = {(lat, lon): i for i, (lat, lon) in enumerate(zip(laid.node_lat, laid.node_lon, strict=True))}
    passed = [LANE_PASSAGES.get((a, b), "") for a, b, *_ in LANES]
    return SeaLanes(
        lines=laid, edge_passage=np.array([passages.index(key) if key else -1 for key in passed], np.int8),
        edge_polar=np.zeros(edges, np.bool_), edge_port=np.full(edges, -1, np.int32), port_code=np.array(ports),
        port_name=np.array(["Bay", "Gulf"]), port_country=np.array([EAST, WEST]), port_lat=at[:, 0], port_lon=at[:, 1],
        is_terminal=np.ones(2, np.bool_), port_node=np.array([node[POINTS[port]] for port in ports], np.int32), port_km=np.zeros(2),
    )  # fmt: skip


def airports() -> Airports:
    """The two airports and the flights between them, both ways."""
    codes = sorted({end for a, b, _ in FLIGHTS for end in (a, b)})
    both_ways = [*FLIGHTS, *((b, a, km) for a, b, km in FLIGHTS)]
    at = np.array([POINTS[code] for code in codes])
    return Airports(
        iata=np.array(codes), code=np.array(codes), country=np.array([EAST, WEST]), name=np.array(codes), lat=at[:, 0], lon=at[:, 1],
        is_hub=np.ones(len(codes), np.bool_), u=np.array([codes.index(a) for a, _, _ in both_ways], np.int32),
        v=np.array([codes.index(b) for _, b, _ in both_ways], np.int32), km=np.array([km for *_, km in both_ways]),
    )  # fmt: skip


def toy_gazetteer(data: Dataset) -> Gazetteer:
    """A gazetteer of the places of the tables alone, by code and name."""
    places, countries = data["places"], sorted(data["countries"], key=lambda row: row.text("country"))
    codes = {code.casefold(): i for i, code in enumerate(places.texts("place"))}
    names = {name_key(name): i for i, name in enumerate(places.texts("name"))}
    country_names = {name_key(row.text("name")): i for i, row in enumerate(countries)}
    bits = [sum(1 << KINDS.index(kind) for kind in kinds) for kinds in places.lists("kind")]
    return Gazetteer(
        code=Texts.pack(places.texts("place")),
        name=Texts.pack(places.texts("name")),
        name_ru=Texts.pack(places.texts("name_ru")),
        country=np.array(places.texts("country"), "S2"),
        lat=places.numbers("lat"),
        lon=places.numbers("lon"),
        kind=np.array(bits, np.uint16),
        population=np.full(len(places), -1, np.int32),
        basis=np.full(len(places), BASES.index("places"), np.uint8),
        place_row=np.arange(len(places), dtype=np.int32),
        code_key=Texts.pack(sorted(codes)),
        code_entry=np.array([codes[key] for key in sorted(codes)], np.int32),
        key=Texts.pack(sorted(names)),
        key_ptr=np.arange(len(names) + 1, dtype=np.int32),
        named_entry=np.array([names[key] for key in sorted(names)], np.int32),
        named_how=np.full(len(names), MAIN_NAME, np.uint8),
        country_code=np.array([row.text("country") for row in countries], "S2"),
        country_name=Texts.pack([row.text("name") for row in countries]),
        country_name_ru=Texts.pack([""] * len(countries)),
        country_key=Texts.pack(sorted(country_names)),
        country_of_key=np.array([country_names[key] for key in sorted(country_names)], np.int32),
    )


def without(rows: Rows, **cells: object) -> Rows:
    """The rows but those that have these cells."""
    return [row for row in rows if any(row.get(column) != cell for column, cell in cells.items())]


def with_cells(rows: Rows, where: Row, **cells: object) -> Rows:
    """The rows, some cells replaced in those that have the cells of `where`."""
    return [{**row, **cells} if all(row.get(c) == v for c, v in where.items()) else row for row in rows]


def told(route: Route) -> str:
    """A route as a line of text: `ANVIL 8h ~ rail 6h ~ BAY 3h`. Stops go by their place or border, gauge changes by `gauge`."""
    return " ~ ".join(f"{leg_name(leg)} {round(leg.time_h, 1):g}h" for leg in route.legs)


def leg_name(leg: Leg) -> str:
    """What a leg is called in a story."""
    if leg.mode == "terminal":
        return leg.start
    return {"border": f"border {leg.start}", "gauge_change": "gauge"}.get(leg.mode, leg.mode)


def route_of(answer: RouteResult, corridor: str) -> Route:
    """The first route of a corridor in an answer, with a readable failure where there is none."""
    found = [route for route in answer.routes if route.corridor == corridor]
    assert found, f"no {corridor!r} among {corridors(answer.routes)}"
    return found[0]


def corridors(routes: Iterable[Route]) -> list[str]:
    """Corridors of routes in order."""
    return [route.corridor for route in routes]
