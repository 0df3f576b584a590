"""Routes of the real world: certified by an independent judge, in the corridors people know, with the days that were observed.

The judge (certificate.py) shares no code with the search. Observed ranges come from the journeys table, by way of `keruen.accuracy`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from certificate import Judge

from keruen.errors import NoRoute
from keruen.network.build import open_world
from keruen.network.gazetteer import resolve
from keruen.network.graph import FACILITY_KINDS
from keruen.network.sphere import distance_km
from keruen.routing import kernels
from keruen.routing.accuracy import Compared, accuracy, from_departure
from keruen.routing.cost import world_costs
from keruen.routing.matrix import CRITERIA, matrix
from keruen.routing.result import Leg, Route, RouteResult
from keruen.routing.route import OBJECTIVES, route
from keruen.routing.shipment import Shipment, consignment
from keruen.tables import Dataset, Feature, parse_feature

pytestmark = pytest.mark.world

Ask = Callable[..., RouteResult]

JUDGED = [("VNHPH", "DEDUI", "general"), ("CNSHA", "NLRTM", "electronics"), ("KZALA", "GEPTI", "coal")]
ASIA_EUROPE = [("CNSHA", "NLRTM"), ("JPYOK", "GBFXT"), ("KRPUS", "FIHEL"), ("VNHPH", "DEDUI"), ("CNTAO", "NOOSL")]
MEASURES = ("time_h", "cost_usd", "co2e_kg")


@pytest.fixture(scope="module")
def ask(world_data: Dataset) -> Ask:
    """Answers as keruen.route(data, ...), each question once."""
    known: dict[str, RouteResult | NoRoute] = {}

    def answer(start: str, end: str, **how: object) -> RouteResult:
        key = repr((start, end, sorted(how.items())))
        if key not in known:
            try:
                known[key] = route(world_data, start, end, **how)  # type: ignore[arg-type]
            except NoRoute as error:
                known[key] = error
        found = known[key]
        if isinstance(found, NoRoute):
            raise found
        return found

    return answer


@pytest.fixture(scope="module")
def answers(ask: Ask) -> list[RouteResult]:
    """Answers that every rule of form is held against."""
    return [
        ask("VNHPH", "DEDUI"),
        ask("VNHPH", "DEDUI", avoid=("suez",)),
        ask("CNSHA", "NLRTM", shipment=Shipment(commodity="electronics")),
        ask("CNXAG", "AZBAK"),
        ask("KZALA", "GEPTI", shipment=Shipment(commodity="coal")),
        ask("TRIST", "KZHOR", require=("corridor:trans_caspian_btk",)),
    ]


def of_corridor(answer: RouteResult, corridor: str) -> Route:
    found = [way for way in answer.routes if way.corridor == corridor]
    assert found, f"no {corridor} among {[way.corridor for way in answer.routes]}"
    return found[0]


def vector(way: Route) -> np.ndarray:
    return np.array([getattr(way, measure) for measure in MEASURES], np.float64)


def ways(answers: list[RouteResult]) -> Iterator[Route]:
    for answer in answers:
        yield from answer.routes


# --------------------------------------------------------------------------------------------------------- certificates


@pytest.fixture(scope="module", params=JUDGED, ids=lambda case: "-".join(case))
def judged(
    request: pytest.FixtureRequest, world_data: Dataset, ask: Ask
) -> tuple[Judge, RouteResult, tuple[str, str, Shipment]]:
    start, end, commodity = request.param
    shipment, graph = Shipment(commodity=commodity), open_world(world_data).graph
    ends = graph.ends_of(start), graph.ends_of(end)
    assert ends[0] is not None
    assert ends[1] is not None
    weights = world_costs(world_data, graph, consignment(world_data, shipment)).weights
    return Judge(graph, weights, ends[0][0], ends[1][1]), ask(start, end, shipment=shipment), (start, end, shipment)


def test_no_path_beats_a_route_shown_as_unbeaten(judged: tuple[Judge, RouteResult, tuple[str, str, Shipment]]) -> None:
    judge, answer, _ = judged
    assert answer.coverage["certified"]
    unbeaten = [way for way in answer.routes if way.beaten_by is None]
    assert unbeaten
    for way in unbeaten:
        better = judge.path_that_beats(vector(way))
        assert better is None, f"{way.corridor} {vector(way)} is beaten by {better}"


def test_the_judge_finds_what_beats_a_worse_route(judged: tuple[Judge, RouteResult, tuple[str, str, Shipment]]) -> None:
    """So that it cannot call everything unbeaten: each unbeaten route beats itself made a thousandth worse."""
    judge, answer, _ = judged
    way = answer.routes[0]
    better = judge.path_that_beats(vector(way) * 1.001)
    assert better is not None
    assert np.all(better <= vector(way) * 1.001)


def test_what_is_said_to_beat_a_route_does(answers: list[RouteResult]) -> None:
    beaten = [way for way in ways(answers) if way.beaten_by is not None]
    assert len(beaten) > 10
    for way in beaten:
        assert way.beaten_by is not None
        better = np.array([getattr(way.beaten_by, measure) for measure in MEASURES])
        assert np.all(better <= vector(way) * (1 + 1e-9))
        assert np.any(better < vector(way) * (1 - 1e-9))


def test_the_fastest_cheapest_and_cleanest_are_shortest_paths(
    judged: tuple[Judge, RouteResult, tuple[str, str, Shipment]], ask: Ask
) -> None:
    judge, _, (start, end, shipment) = judged
    for k, objective in enumerate(OBJECTIVES):
        (way,) = ask(start, end, shipment=shipment, objective=objective).routes
        assert vector(way)[k] == pytest.approx(judge.best(k), rel=1e-6)


def test_the_matrix_holds_the_optima_of_the_routes(world_data: Dataset, ask: Ask) -> None:
    starts, ends = ["VNHPH", "CNXAG", "KZAAU"], ["DEDUI", "GEPTI"]
    for objective, by in zip(OBJECTIVES, CRITERIA, strict=False):
        found = matrix(world_data, starts, ends, by=by)
        for i, start in enumerate(starts):
            for j, end in enumerate(ends):
                (way,) = ask(start, end, objective=objective).routes
                assert found.values[i, j] == pytest.approx(vector(way)[list(OBJECTIVES).index(objective)], rel=1e-5)


# ----------------------------------------------------------------------------------------------------------------- form


def test_legs_join_up_and_components_add_up(answers: list[RouteResult]) -> None:
    for answer in answers:
        for way in answer.routes:
            assert (way.legs[0].start, way.legs[-1].end) == (answer.origin.place, answer.destination.place)
            for before, after in zip(way.legs, way.legs[1:], strict=False):
                assert before.end == after.start
            for leg in way.legs:
                for measure in MEASURES:
                    parts = math.fsum(getattr(part, measure) for part in leg.components)
                    assert parts == pytest.approx(getattr(leg, measure), rel=1e-4, abs=1e-4), (
                        way.corridor,
                        leg.mode,
                        measure,
                    )
            for measure in (*MEASURES, "distance_km"):
                legs = math.fsum(getattr(leg, measure) for leg in way.legs)
                assert legs == pytest.approx(getattr(way, measure), rel=1e-9)


def test_the_drawn_line_is_unbroken_and_about_as_long_as_the_way(answers: list[RouteResult]) -> None:
    """Courses are thinned, and what stands for a place may lie some kilometres from the line."""
    for way in ways(answers):
        moves = [leg for leg in way.legs if leg.moves]
        for leg in moves:
            line = np.array(leg.geometry)
            drawn = float(np.sum(distance_km(line[:-1, 1], line[:-1, 0], line[1:, 1], line[1:, 0])))
            assert drawn <= leg.distance_km * 1.15 + 5, (
                way.corridor,
                leg.mode,
                leg.start,
                leg.end,
                drawn,
                leg.distance_km,
            )
            assert drawn >= leg.distance_km * 0.6 - 80, (
                way.corridor,
                leg.mode,
                leg.start,
                leg.end,
                drawn,
                leg.distance_km,
            )
        for before, after in zip(moves, moves[1:], strict=False):
            (lon_a, lat_a), (lon_b, lat_b) = before.geometry[-1], after.geometry[0]
            gap_km = float(distance_km(lat_a, lon_a, lat_b, lon_b))
            assert gap_km < 150, (way.corridor, before.end, gap_km)


def test_every_row_a_route_rests_on_is_there(world_data: Dataset, answers: list[RouteResult]) -> None:
    rows = {source for way in ways(answers) for source in way.sources}
    assert len(rows) > 100
    missing = [source for source in rows if world_data.find_row(source) is None]
    assert not missing
    assert all(world_data.find_row(source).sources() for source in rows)  # type: ignore[union-attr]


def test_every_hour_dollar_and_kilogram_names_its_row(world_data: Dataset, answers: list[RouteResult]) -> None:
    for way in ways(answers):
        for leg in way.legs:
            for part in leg.components:
                if part.adds:
                    assert part.source, (way.corridor, leg.mode, leg.start, part)
                    row = world_data.find_row(part.source)
                    assert row is not None
                    assert part.basis or "basis" not in row.table.schema, part


def test_named_corridors_are_the_first_whose_conditions_hold(world_data: Dataset, answers: list[RouteResult]) -> None:
    """Told again from the legs and the signature, without the network."""
    rows = sorted(world_data["corridors"], key=lambda row: row.number("rank"))
    for way in ways(answers):
        fits = [
            row.text("corridor")
            for row in rows
            if (not row.texts("gates") or any(uses(world_data, way, item) for item in row.texts("gates")))
            and all(uses(world_data, way, item) for item in row.texts("also"))
            and not any(uses(world_data, way, item) for item in row.texts("never"))
        ]
        assert way.corridor == fits[0], fits[:3]


def uses(data: Dataset, way: Route, item: str) -> bool:
    """Whether a route uses a feature, by its legs and what it spends on."""
    feature = parse_feature(item)
    match feature.kind:
        case "passage" | "service" | "border":
            return f"{feature.kind}:{feature.value}" in way.signature
        case "mode":
            return feature.value in way.modes
        case "country":
            return crosses(way, feature)
        case "pair":
            return any(
                joins(data, key.partition(":")[2], feature) for key in way.signature if key.startswith("border:")
            )
        case "place":
            return bool({f"terminal:{feature.value}", f"gauge_yard:{feature.value}"} & way.signature.keys())
        case _:
            raise AssertionError(f"{item}: corridors are not told by this")


def crosses(way: Route, feature: Feature) -> bool:
    """Whether a route runs in a country by a mode; by sea, whether it loads or unloads a ship there."""
    if feature.mode in {"rail", "road"}:
        return f"{feature.mode}:{feature.value}" in way.signature
    stops = [
        (leg, neighbour)
        for i, leg in enumerate(way.legs)
        for neighbour in (*way.legs[max(0, i - 1) : i], *way.legs[i + 1 : i + 2])
        if leg.mode == "terminal"
    ]
    return any(stop.country == feature.value and by.mode == feature.mode for stop, by in stops)


def joins(data: Dataset, border: str, feature: Feature) -> bool:
    """Whether a crossing lies between the two countries of a feature."""
    row = data.find_row(f"borders:{border}")
    if row is not None:
        mode, pair = row.text("mode"), {row.text("country_a"), row.text("country_b")}
    else:
        mode, countries, _ = border.split(":")
        pair = set(countries.split("-"))
    return pair == set(feature.keys) and feature.mode in ("", mode)


# ------------------------------------------------------------------------------------------------------------ corridors


def test_hai_phong_to_duisburg_shows_the_corridors_of_the_world(ask: Ask) -> None:
    shown = {way.corridor: way for way in reversed(ask("VNHPH", "DEDUI").routes)}
    assert {"suez", "northern", "air"} <= shown.keys()
    suez, northern, air = (shown[key] for key in ("suez", "northern", "air"))
    caspian = min((way for way in shown.values() if crosses_the_caspian(way)), key=lambda way: way.generalized_cost_usd)
    assert caspian.corridor.startswith("trans_caspian")
    assert "sea" in suez.modes
    assert set(northern.modes) <= {"rail", "road"}
    assert "rail" in caspian.modes
    assert air.time_h < northern.time_h < caspian.time_h < suez.time_h
    assert suez.cost_usd < northern.cost_usd < caspian.cost_usd < air.cost_usd


def test_a_reader_sees_the_corridors_that_really_differ(ask: Ask) -> None:
    """The Cape beside Suez, Siberia beside the northern route, one way over the Caspian: about a dozen routes, no near-copies."""
    shown = [way.corridor for way in ask("VNHPH", "DEDUI").routes]
    assert 8 <= len(shown) <= 14
    assert {"suez", "cape", "northern", "trans_siberian", "air"} <= set(shown)
    assert sum(corridor.startswith("trans_caspian") for corridor in shown) == 1
    for start, end in (
        ("KZALA", "NLRTM"),
        ("VNHPH", "LTKLJ"),
        ("INNSA", "RUMOW"),
        ("CNSHA", "NLRTM"),
        ("CNXAG", "AZBAK"),
    ):
        answer = ask(start, end)
        assert 5 <= len(answer.routes) <= 14, (start, end)
        beaten = [way.corridor for way in answer.routes if way.beaten_by is not None]
        assert len(set(beaten)) == len(beaten)


def test_of_each_family_one_beaten_corridor_at_most(world_data: Dataset, answers: list[RouteResult]) -> None:
    family = {row.text("corridor"): row.text("family") or row.text("corridor") for row in world_data["corridors"]}
    for answer in answers:
        unbeaten = {family[way.corridor] for way in answer.routes if way.beaten_by is None}
        beaten = [family[way.corridor] for way in answer.routes if way.beaten_by is not None]
        assert len(set(beaten)) == len(beaten)
        assert not unbeaten & set(beaten)


def crosses_the_caspian(way: Route) -> bool:
    """Whether a route sails from Kazakhstan or Turkmenistan to Azerbaijan, or back."""
    ends = ({leg.start, leg.end} for leg in way.legs if leg.mode in {"sea", "ferry"})
    return any("AZALA" in pair and pair & {"KZAAU", "KZKUR", "TMKRW"} for pair in ends)


def test_trans_caspian_crosses_the_caspian(ask: Ask) -> None:
    (way,) = ask("VNHPH", "DEDUI", require=("corridor:trans_caspian_black_sea",), objective="cheapest").routes
    assert crosses_the_caspian(way), [(leg.mode, leg.start, leg.end) for leg in way.legs if leg.moves]


def test_round_the_cape_when_suez_is_avoided(ask: Ask) -> None:
    answer = ask("VNHPH", "DEDUI", avoid=("suez",))
    cape = of_corridor(answer, "cape")
    assert cape.beaten_by is None
    assert all("passage:suez" not in way.signature for way in answer.routes)


def test_each_corridor_is_possible_or_says_what_blocks_it(world_data: Dataset, ask: Ask) -> None:
    """Required, it gives a way that goes by its own name and meets its conditions."""
    impossible = set()
    for row in world_data["corridors"]:
        corridor = row.text("corridor")
        try:
            way = ask("VNHPH", "DEDUI", require=(f"corridor:{corridor}",), objective="cheapest").routes[0]
        except NoRoute as error:
            assert any(corridor in blocker for blocker in error.blocked_by)
            impossible.add(corridor)
            continue
        assert math.isfinite(way.generalized_cost_usd)
        assert way.corridor == corridor
        assert not row.texts("gates") or any(uses(world_data, way, item) for item in row.texts("gates")), corridor
        assert all(uses(world_data, way, item) for item in row.texts("also")), corridor
        assert not any(uses(world_data, way, item) for item in row.texts("never")), corridor
    assert impossible <= {"volga_don"}  # ships that fit the locks carry no boxes here


def test_a_required_corridor_is_no_token_detour(ask: Ask) -> None:
    answer = ask("VNHPH", "DEDUI", require=("corridor:magellan",))
    assert {way.corridor for way in answer.routes} == {"magellan"}
    assert all("passage:cape_of_good_hope" not in way.signature for way in answer.routes)


def test_a_required_country_is_crossed_and_not_only_touched(ask: Ask) -> None:
    for country in ("LT", "TJ"):
        for way in ask("VNHPH", "DEDUI", require=(country,)).routes:
            assert any(leg.country == country for leg in way.legs)
            stopped = [leg.start for leg in way.legs if leg.mode == "border" and leg.border_h > 0]
            assert len(set(stopped)) == len(stopped), (country, stopped)


def test_an_avoided_corridor_leaves_its_gates_to_others(world_data: Dataset, ask: Ask) -> None:
    """Without the northern route trains still run in Poland, from elsewhere, and over the border of Kazakhstan and Russia, to elsewhere."""
    answer = ask("VNHPH", "DEDUI", avoid=("corridor:northern",))
    assert answer.coverage["certified"]
    by_rail = [way for way in answer.routes if "rail:PL" in way.signature]
    assert by_rail
    for way in answer.routes:
        kazakh_russian = any(
            joins(world_data, key.partition(":")[2], parse_feature("pair:KZ-RU@rail"))
            for key in way.signature
            if key.startswith("border:")
        )
        assert not (kazakh_russian and {"rail:PL", "rail:LT", "rail:LV"} & way.signature.keys())


def test_no_boxes_go_through_the_arctic_unless_asked(ask: Ask) -> None:
    for start, end in ASIA_EUROPE:
        for way in ask(start, end, avoid=("suez",)).routes:
            for leg in way.legs:
                if leg.mode in {"sea", "ferry"}:
                    assert max(lat for _, lat in leg.geometry) <= 66, (start, end, way.corridor, leg.name)
    small = Shipment(draft_m=12.0)  # the usual ship is too deep for the Sannikov Strait
    asked = of_corridor(ask("CNSHA", "NLRTM", shipment=small, require=("northern_sea_route",)), "arctic")
    assert max(lat for leg in asked.legs for _, lat in leg.geometry) > 70


def test_crossings_passages_and_terminals_are_there_by_name(world_data: Dataset) -> None:
    world = open_world(world_data)
    graph = world.graph
    kinds = np.array(FACILITY_KINDS)[graph.facility_kind]
    open_now = {
        (kind, key)
        for kind, key, is_open in zip(kinds, graph.facility_key, graph.facility_open, strict=True)
        if is_open
    }
    services = [row for row in world_data["services"] if row.text("status") == "active"]
    sailing = {key for kind, key in open_now if kind == "service"}
    assert {row.text("service") for row in services} == sailing
    ends = [{row.text("from_place"), row.text("to_place")} for row in services]
    caspian, black_sea = {"KZAAU", "KZKUR", "TMKRW", "AZALA"}, {"GEPTI", "GEBUS", "ROCND", "BGBOJ", "BGVAR", "UAILK"}
    assert sum(pair <= caspian for pair in ends) >= 3
    assert sum(pair <= black_sea for pair in ends) >= 3
    assert {("passage", "volga_don"), ("passage", "suez"), ("passage", "bosporus")} <= open_now
    for name in (
        "Xi'an dry port",
        "Сухой порт в Сиане",
        "Kazakh terminal in Lianyungang",
        "Казахстанско-китайский терминал в порту Ляньюньган",
    ):
        assert graph.ends_of(resolve(world.gazetteer, name).code) is not None, name


# ---------------------------------------------------------------------------------------------------------------- loads


def modes_used(answer: RouteResult) -> set[str]:
    return {mode for way in answer.routes for mode in way.modes}


def test_coal_does_not_fly_and_nothing_that_is_loose_does(ask: Ask) -> None:
    for commodity in ("coal", "crude_oil", "grain", "electric_cars"):
        assert "air" not in modes_used(ask("CNSHA", "NLRTM", shipment=Shipment(commodity=commodity)))
        with pytest.raises(NoRoute):
            ask("CNSHA", "NLRTM", shipment=Shipment(commodity=commodity), require=("mode:air",))
    assert "air" in modes_used(ask("CNSHA", "NLRTM", shipment=Shipment(commodity="electronics")))


def test_oil_takes_no_service_that_does_not_carry_it(world_data: Dataset, ask: Ask) -> None:
    answer = ask("KZAAU", "AZBAK", shipment=Shipment(commodity="crude_oil"))
    taken = {key.partition(":")[2] for way in answer.routes for key in way.signature if key.startswith("service:")}
    for key in taken:
        row = world_data.find_row(f"services:{key}")
        assert row is not None
        assert "liquid_bulk" in row.texts("loads"), key
    boxes_only = [row.text("service") for row in world_data["services"] if "liquid_bulk" not in row.texts("loads")]
    assert "aktau_alat_feeder" in boxes_only
    with pytest.raises(NoRoute):
        ask("KZAAU", "AZBAK", shipment=Shipment(commodity="crude_oil"), require=("aktau_alat_feeder",))


def test_electric_cars_go_on_their_wheels_or_in_boxes(ask: Ask) -> None:
    rolling = ask("CNSHA", "DEDUI", shipment=Shipment(commodity="electric_cars", unit="trailer"))
    assert "rail" not in modes_used(rolling)
    assert "sea" in modes_used(rolling)


@pytest.mark.parametrize("commodity", ["chemicals", "food_reefer", "uranium", "pharmaceuticals"])
def test_dangerous_and_chilled_goods_have_ways(ask: Ask, commodity: str) -> None:
    answer = ask("CNXAG", "DEDUI", shipment=Shipment(commodity=commodity))
    assert {"rail", "sea"} <= modes_used(answer)


# ----------------------------------------------------------------------------------------------------- closing and ships


def test_the_sanctions_profile_keeps_out_of_russia_and_belarus(ask: Ask) -> None:
    answer = ask("VNHPH", "DEDUI", sanctions=("eu_russia_belarus_transit",))
    assert not {"northern", "trans_siberian", "trans_mongolian", "northern_baltic"} & {
        way.corridor for way in answer.routes
    }
    for way in answer.routes:
        assert not {"RU", "BY"} & {leg.country for leg in way.legs}
        assert not any(item.endswith((":RU", ":BY")) for item in way.signature)
    assert any(crosses_the_caspian(way) for way in answer.routes)
    assert of_corridor(answer, "suez").beaten_by is None


def test_a_country_cannot_be_reached_when_it_is_avoided(ask: Ask) -> None:
    with pytest.raises(NoRoute) as error:
        ask("VNHPH", "DEDUI", avoid=("DE",))
    assert error.value.blocked_by == ("avoid DE",)


def test_a_draught_of_16_m_closes_panama(ask: Ask) -> None:
    deep = ask("CNSHA", "USNYC", shipment=Shipment(draft_m=16.0))
    assert all("passage:panama" not in way.signature for way in deep.routes)
    usual = ask("CNSHA", "USNYC")
    assert any("passage:panama" in way.signature for way in usual.routes)
    with pytest.raises(NoRoute):
        ask("CNSHA", "USNYC", shipment=Shipment(draft_m=16.0), require=("panama",))


# ------------------------------------------------------------------------------------------------------------- observed


ROUNDED_D = 0.5  # sources give whole days


@pytest.fixture(scope="module")
def seen(world_data: Dataset) -> list[Compared]:
    """The journeys that happened, of both halves, beside what is predicted."""
    return [row for row in accuracy(world_data, half="all").rows if row.observation.haul.measure == "time"]


@pytest.mark.parametrize(
    ("start", "end", "corridor"),
    [
        ("VNYEV", "DEDUI", "northern"),
        ("VNYEV", "KZALA", "vietnam_china_kazakhstan_rail"),
        ("CNSHA", "NLRTM", "suez"),
        ("CNSHA", "NLRTM", "cape"),
        ("CNXAG", "DEDUI", "northern"),
        ("CNXAG", "AZBAK", "trans_caspian"),
        ("CNXAG", "IRTHR", "instc_east"),
        ("KZALTYNKOL", "AZBAK", "trans_caspian"),
        ("UZALK", "AZBAK", "trans_caspian_turkmen"),
        ("CNCQI", "LTKEN", "northern"),
    ],
)
def test_central_times_lie_within_what_was_seen(seen: list[Compared], start: str, end: str, corridor: str) -> None:
    """The range over all rows that tell what happened on the corridor between these places meets the predicted days of their way.

    Days of departure to arrival, or of terminal to terminal all told: most sources do not say which they count. The way is by the modes
    of the rows: trains that were seen from Hanoi are compared with a train, though `keruen route` shows trucks to Chongqing as faster.
    """
    rows = [
        row
        for row in seen
        if row.observation.haul.happened
        and row.predicted.corridor == corridor
        and (row.predicted.found.origin.code, row.predicted.found.destination.code) == (start, end)
    ]
    assert rows, "no row of the journeys table tells of this"
    told = [row.observation for row in rows]
    least = min(one.least for one in told) - ROUNDED_D
    most = max(math.inf if one.at_least else one.most or one.least for one in told) + ROUNDED_D
    ways = [row.predicted.found.way for row in rows if row.predicted.found.way is not None]
    assert ways
    for way in ways:
        moving, all_told = sum(leg.time_h for leg in from_departure(way.legs)) / 24, way.time_h / 24
        assert moving <= most, f"{moving:.1f} days from departure to arrival, {least:g} to {most:g} seen"
        assert least <= all_told, f"{all_told:.1f} days all told, {least:g} to {most:g} seen"


def test_trains_from_hanoi_are_compared_with_trains(seen: list[Compared], ask: Ask) -> None:
    """Rows that name rail alone go by no truck; whoever asks for the quickest way by the corridor is shown trucks to a Chinese hub."""
    rows = [
        row.predicted.found.way
        for row in seen
        if row.observation.haul.modes == ("rail",) and row.predicted.found.origin.code == "VNYEV"
    ]
    assert len(rows) >= 5
    assert all(way is not None and set(way.modes) == {"rail"} for way in rows)
    quicker = of_corridor(ask("VNYEV", "DEDUI"), "northern")
    train = next(way for way in rows if way is not None and way.corridor == "northern" and way.legs[-1].end == "DEDUI")
    assert "road" in quicker.modes
    assert quicker.time_h < train.time_h


def test_hai_phong_is_a_little_farther_than_hanoi(ask: Ask) -> None:
    from_port, from_hanoi = (of_corridor(ask(start, "DEDUI"), "northern") for start in ("VNHPH", "VNYEV"))
    assert 0 < from_port.distance_km - from_hanoi.distance_km < 300
    assert abs(from_port.time_h - from_hanoi.time_h) < 48


def test_most_journeys_that_were_seen_come_out_about_right(seen: list[Compared]) -> None:
    ratios = np.array([1 + row.error_pct / 100 for row in seen if row.used and row.error_pct is not None])
    assert len(ratios) >= 55, [f"{row.observation.id}: {row.reason}" for row in seen if not row.used]
    assert 0.75 <= float(np.median(ratios)) <= 1.25
    assert np.mean((ratios > 0.5) & (ratios < 2)) > 0.9


def test_predictions_follow_what_was_seen(seen: list[Compared]) -> None:
    """Longer journeys are predicted to be longer: the rank correlation over all that happened is clear."""
    scipy_stats = pytest.importorskip("scipy.stats")
    pairs = [
        (row.observation.middle, row.predicted.band.p50) for row in seen if row.used and row.predicted.band is not None
    ]
    assert scipy_stats.spearmanr(*zip(*pairs, strict=True)).statistic > 0.6


def stops_of(way: Route) -> list[Leg]:
    return [leg for leg in way.legs if not leg.moves]


def test_northern_stops_where_trains_stop(ask: Ask) -> None:
    """Gauge changes twice, at named yards beside the borders of the two gauges."""
    way = of_corridor(ask("CNXAG", "DEDUI"), "northern")
    assert [leg.mode for leg in stops_of(way)].count("gauge_change") == 2
    crossed = [leg.start for leg in stops_of(way) if leg.mode == "border"]
    assert {"dostyk_rail", "khorgos_rail"} & set(crossed)
    assert len(crossed) == len(set(crossed))


def test_asking_for_a_mode_opens_no_closed_border_and_no_arctic(ask: Ask) -> None:
    with pytest.raises(NoRoute):
        ask("KRSEL", "CNPEK", require=("road",), avoid=("sea", "air", "ferry"))
    answer = ask("VNHPH", "DEDUI", require=("sea",))
    assert answer.routes and all("passage:northern_sea_route" not in way.signature for way in answer.routes)
    assert "arctic" not in {way.corridor for way in answer.routes}


def test_bulk_pays_tolls_by_the_tonne(ask: Ask) -> None:
    for way in ask("ZARCB", "NLRTM", shipment=Shipment(commodity="coal"), require=("passage:suez",)).routes:
        assert sum(toll(way, "passages:suez")) > 0
    grain = ask("UAODS", "EGALY", shipment=Shipment(commodity="grain"))
    through = [way for way in grain.routes if "passage:bosporus" in way.signature]
    assert through
    for way in through:
        assert sum(toll(way, "passages:bosporus")) > 0
    assert not grain.warnings


def toll(way: Route, row: str) -> list[float]:
    return [part.cost_usd for leg in way.legs for part in leg.components if part.kind == "toll" and part.source == row]


def test_trucks_cross_the_channel_by_ferry_or_shuttle(ask: Ask) -> None:
    """There is no road; what crosses pays for the crossing and takes its time."""
    answer = ask("FRPAR", "GBLON", shipment=Shipment(unit="trailer"), avoid=("air",))
    assert answer.routes
    for way in answer.routes:
        assert any(key.startswith("service:") or key == "sea" for key in way.signature), way.signature
        assert not any(key.startswith("border:road:FR-GB") for key in way.signature)


def test_planes_are_changed_at_a_price(ask: Ask, world_data: Dataset) -> None:
    """Between two flights the load is unloaded and loaded again."""
    answers = [ask(start, end, shipment=Shipment(commodity="electronics"), require=("air",))
               for start, end in (("VNHPH", "DEDUI"), ("KZALA", "BRSSZ"), ("MNULN", "ZACPT"))]  # fmt: skip
    for answer in answers:
        for way in answer.routes:
            for before, after in zip(way.legs, way.legs[1:], strict=False):
                assert not (before.mode == "air" and after.mode == "air"), (way.corridor, before.end)
                assert before.mode != "air" or before.distance_km >= 500
                if before.mode == "air":
                    assert after.mode == "terminal" and after.handling_h > 0


# ------------------------------------------------------------------------------------------------------------------ work


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of nodes of each shortest-path tree that is grown for routes from now on, in any order."""
    seen: list[int] = []
    grow = kernels._grow

    def counted(*given: object) -> int:
        seen.append(grow(*given))  # type: ignore[arg-type]
        return seen[-1]

    monkeypatch.setattr(kernels, "_grow", counted)
    return seen


@pytest.mark.parametrize(
    ("how", "most"),
    [
        ({}, 25),
        ({"avoid": ["RU"]}, 25),
        ({"avoid": ["northern"]}, 35),
        ({"require": ["KZ"]}, 60),
        ({"require": ["GE"]}, 60),
        ({"require": ["KZAAU"]}, 60),
    ],
    ids=str,
)
def test_what_is_asked_does_not_multiply_the_work(
    world_data: Dataset, settled: list[int], how: dict[str, list[str]], most: int
) -> None:
    """Trees are most of the work: at most so many of the whole network. A corridor avoided is three questions, what is required doubles
    the network; what they have in common is done once."""
    load = Shipment(tonnes=11 + len(str(how)) / 100)  # a load of which nothing is remembered
    route(world_data, "VNHPH", "DEDUI", shipment=load, **how)  # type: ignore[arg-type]
    assert sum(settled) <= most * open_world(world_data).graph.n


@pytest.mark.parametrize("how", [{"avoid": ["northern"]}, {"avoid": ["corridor:sea", "northern_baltic"]}], ids=str)
def test_what_keeps_out_of_a_corridor_is_certified(ask: Ask, how: dict[str, list[str]]) -> None:
    assert ask("KZALA", "NLRTM", **how).coverage["certified"]
