"""How surely known ways keep their time, on the world network."""

from __future__ import annotations

import time

import numpy as np
import pytest

import keruen
from keruen.errors import UnknownOption
from keruen.routing.reliability import simulate, with_reliability
from keruen.routing.result import RouteResult


@pytest.fixture(scope="module")
def answer() -> RouteResult:
    return keruen.route(keruen.load(), "VNHPH", "DEDUI")


def test_percentiles_stand_in_order_and_legs_explain_the_spread(answer: RouteResult) -> None:
    for route in answer.to_dict()["routes"]:
        p10, p50, p80, p90, p95 = (route[f"p{p}_h"] for p in (10, 50, 80, 90, 95))
        assert p10 < p50 < p80 < p90 < p95
        assert 0.9 < p50 / route["time_h"] < 1.25
        assert route["buffer_h"] == pytest.approx(p95 - p50, abs=1e-5)
        shares = [leg["share"] for leg in route["spread_legs"]]
        assert shares == sorted(shares, reverse=True) and sum(shares) == pytest.approx(1, abs=1e-4)
        assert all(route["legs"][leg["leg"]]["to"] == leg["to"] for leg in route["spread_legs"])
        rows = [keruen.load().find_row(row) for leg in route["spread_legs"] for row in leg["sources"]]
        assert rows and all(row is not None and row.texts("source") for row in rows)


def test_a_route_is_as_sure_by_itself_as_beside_others(answer: RouteResult) -> None:
    for route in answer.routes[:3]:
        hours = np.quantile(simulate(keruen.load(), [route.legs])[0], 0.9)
        assert route.reliability is not None
        assert route.reliability.percentile_h(90) == pytest.approx(hours, rel=1e-3)


def test_a_chain_by_sea_varies_as_the_logistics_performance_index_says() -> None:
    """LPI 2023: 44 days from port to port with a standard deviation of 10.5 over all routes, so 24 per cent; ours is one route's."""
    routes = keruen.route(keruen.load(), "CNSHA", "NLRTM", require=("passage:suez", "mode:sea")).routes
    sure = next(route.reliability for route in routes if route.corridor == "suez")
    assert sure is not None
    assert 0.12 < sure.sd_h / sure.mean_h < 0.28


def test_the_caspian_makes_the_spread_of_the_trans_caspian_route() -> None:
    routes = keruen.route(keruen.load(), "KZALA", "AZBAK", require=("corridor:trans_caspian",)).routes
    sure = routes[0].reliability
    assert sure is not None
    caspian = {"KZAAU", "AZALA", "KZKUR"}
    share = sum(
        one.share for one in sure.spread_legs if {routes[0].legs[one.leg].start, routes[0].legs[one.leg].end} & caspian
    )
    assert share > 0.5


def test_eight_routes_are_judged_within_the_time_promised(answer: RouteResult) -> None:
    """300 ms warm for eight routes of 20,000 draws; the least of five tries, since other work shares the machine."""
    data, tries = keruen.load(), []
    for _ in range(5):
        start = time.perf_counter()
        with_reliability(data, answer.routes[:8], 1.0)
        tries.append(time.perf_counter() - start)
    assert min(tries) < 0.3


def published_kmh(metric: str, mode: str) -> list[float]:
    """Speeds that CPMM published for all CAREC and for Kazakhstan, km/h."""
    return [
        row.number("value")
        for row in keruen.load()["border_times"]
        if row.text("metric") == metric
        and row.texts("modes") == (mode,)
        and row.text("subject").startswith(("CAREC", "Kazakhstan"))
    ]


@pytest.mark.parametrize(
    ("mode", "pairs"),
    [
        ("rail", ["CNURC UZTAS", "CNXAG UZTAS", "CNXAG KZALA"]),
        ("road", ["CNURC UZTAS", "CNURC TJDYU", "KZALA UZTAS"]),
    ],
)
def test_speed_with_delay_is_among_those_cpmm_measured(mode: str, pairs: list[str]) -> None:
    """TFI4 over borders of Central Asia: kilometres over hours from gate to gate with all stops, in the range of the years published.

    By road China-Tashkent alone comes to 18 km/h, below it: CPMM's trucks cross other borders than Khorgos, where ours stand two days.
    """
    shipment = keruen.Shipment(unit="trailer" if mode == "road" else "40ft")
    km = hours = 0.0
    for pair in pairs:
        route = keruen.route(keruen.load(), *pair.split(), require=(f"mode:{mode}",), shipment=shipment).routes[0]
        km += route.distance_km
        hours += sum(leg.time_h for leg in route.legs[1:-1])
    seen = published_kmh("speed_with_delay", mode)
    assert 0.9 * min(seen) < km / hours < 1.1 * max(seen)


def test_the_middle_corridor_stands_still_for_more_of_its_time_than_the_northern() -> None:
    """Altynkol-Poti beside Altynkol-Duisburg: over half against under half of the time; 2,200 km less take as long."""
    data = keruen.load()
    middle = keruen.route(data, "KZALTYNKOL", "GEPTI", require=("corridor:trans_caspian",)).routes[0]
    northern = keruen.route(data, "KZALTYNKOL", "DEDUI", require=("corridor:northern",)).routes[0]
    standing = [1 - sum(leg.running_h for leg in route.legs) / route.time_h for route in (middle, northern)]
    assert standing[0] > 0.5 > standing[1]
    assert middle.distance_km < 0.75 * northern.distance_km
    assert middle.time_h > 0.9 * northern.time_h


def test_the_probability_to_be_in_time_grows_with_the_days_and_meets_the_percentiles() -> None:
    data = keruen.load()
    shares = []
    for days in (10, 20, 40):
        answer = keruen.route(data, "CNXAG", "AZBAK", within_days=days, only_unbeaten=True)
        first = answer.to_dict()["routes"][0]
        assert answer.to_dict()["within_days"] == days and first["on_time"] is not None
        shares.append(first["on_time"])
        assert (first["p90_h"] <= 24 * days) == (first["on_time"] >= 0.9)
    assert shares == sorted(shares) and shares[0] < shares[-1]
    assert keruen.route(data, "CNXAG", "AZBAK", only_unbeaten=True).to_dict()["routes"][0]["on_time"] is None


def test_the_surest_way_has_the_least_p95_of_those_shown() -> None:
    data = keruen.load()
    (surest,) = keruen.route(data, "CNXAG", "AZBAK", objective="surest", avoid=("air",)).routes
    assert surest.reliability is not None
    for other in keruen.route(data, "CNXAG", "AZBAK", avoid=("air",)).routes:
        assert other.reliability is not None
        assert surest.reliability.percentile_h(95) <= 1.02 * other.reliability.percentile_h(95)


@pytest.mark.parametrize("days", [0.0, -1.0, float("inf"), float("nan")])
def test_days_that_are_none_are_refused(days: float) -> None:
    with pytest.raises(UnknownOption, match="days"):
        keruen.route(keruen.load(), "CNXAG", "AZBAK", within_days=days)
