"""How many times faster: the table and the map of a comparison."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from toy_world import BOX, toy

from keruen.errors import UnknownOption
from keruen.reports.ratio_map import Comparison, Pair, draw_ratio_map, ratio_table
from keruen.routing.result import PlaceRef, Reliability, Route
from keruen.routing.route import route
from keruen.routing.shipment import Shipment


def way(days: float) -> Route:
    """A way that takes so many days in every journey."""
    shown = route(toy(), "ANVIL", "FORT", shipment=Shipment(commodity=BOX)).routes[0]
    return replace(shown, reliability=Reliability(tuple([24 * days] * 99), 24 * days, 0.0, (), 0.0, 1.0))


TOWN = PlaceRef("AA", "Town", "Город", "XX", 40.0, 50.0)
VILLAGE = PlaceRef("BB", "Village", "", "XX", 45.0, 60.0)


@pytest.fixture(scope="module")
def shown() -> Comparison:
    return Comparison("before", [Pair(TOWN, way(10), way(25)), Pair(VILLAGE, None, way(25))])


def test_the_ratio_says_how_many_times_faster(shown: Comparison) -> None:
    assert shown.pairs[0].ratio() == pytest.approx(2.5)
    assert shown.pairs[1].ratio() is None


def test_the_table_leaves_unknown_cells_empty(shown: Comparison) -> None:
    town, village = csv.DictReader(ratio_table(shown).splitlines())
    assert (town["p50_days"], town["other_p50_days"], town["ratio_p50"]) == ("10.0", "25.0", "2.50")
    assert (village["p50_days"], village["ratio_p50"], village["other_p50_days"]) == ("", "", "25.0")


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_map_is_drawn_whole(shown: Comparison, tmp_path: Path, lang: str) -> None:
    path = draw_ratio_map([shown, shown], tmp_path / "ratio.svg", title="Twice", lang=lang)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("<?xml") and "</svg>" in text
    assert list(tmp_path.iterdir()) == [path]


def test_another_ending_is_refused(shown: Comparison, tmp_path: Path) -> None:
    with pytest.raises(UnknownOption, match="PNG|png"):
        draw_ratio_map([shown], tmp_path / "ratio.pdf", title="")
