"""What a corridor reaches, against the search for one pair, on the world network."""

from __future__ import annotations

import pytest

import keruen
from keruen.errors import UnknownOption
from keruen.routing.reach import reach

BRANCHES = ("trans_caspian", "trans_caspian_btk", "trans_caspian_black_sea")


def test_each_way_is_the_best_that_the_search_finds_by_one_of_the_corridors() -> None:
    data = keruen.load()
    ways = reach(data, "CNXAG", ["AZBAK", "GEPTI", "TRIST"], BRANCHES)
    assert sorted(ways) == ["AZBAK", "GEPTI", "TRIST"]
    for place, way in ways.items():
        found = keruen.route(data, "CNXAG", place, require=(f"corridor:{way.corridor}",)).routes
        best = min(route.generalized_cost_usd for route in found)
        assert way.generalized_cost_usd == pytest.approx(best, rel=1e-6)
        assert way.legs[-1].end == place and way.reliability is not None


def test_a_place_behind_the_origin_is_not_reached_by_turning_back() -> None:
    assert reach(keruen.load(), "CNXAG", ["KZALA"], BRANCHES) == {}


def test_the_cape_is_reached_when_suez_is_shut_and_takes_longer() -> None:
    data = keruen.load()
    suez = reach(data, "VNHPH", ["NLRTM"], ["suez"])["NLRTM"]
    cape = reach(data, "VNHPH", ["NLRTM"], ["cape"], avoid=["passage:suez"])["NLRTM"]
    assert (suez.corridor, cape.corridor) == ("suez", "cape")
    assert 5 * 24 < cape.time_h - suez.time_h < 20 * 24


@pytest.mark.parametrize("corridors", [(), ("nonsense",), ("suez", "nonsense")])
def test_a_corridor_that_is_not_there_is_named(corridors: tuple[str, ...]) -> None:
    with pytest.raises(UnknownOption, match="nonsense|nothing"):
        reach(keruen.load(), "VNHPH", ["NLRTM"], corridors)


def test_a_corridor_cannot_be_avoided_here() -> None:
    with pytest.raises(UnknownOption, match="no corridor"):
        reach(keruen.load(), "VNHPH", ["NLRTM"], ["cape"], avoid=["corridor:suez"])
