"""The time-cost-distance diagram: what is drawn is what the routes say, nothing covers anything, files appear whole."""

from __future__ import annotations

import csv
import math
import os
import struct
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from invented_journey import invented_result

from keruen.errors import UnknownOption
from keruen.reports.map_style import COLOURS
from keruen.reports.tcd import MOST_CURVES, TABLE_COLUMNS, diagram, draw_diagram, write_table
from keruen.reports.tcd_frame import drawn, ticks, window_of
from keruen.routing.performance import BORDER, MOVE, STOP, Bundle, Step, Trip, bundles, from_result, indicators


@pytest.fixture(scope="module")
def trips() -> tuple[Trip, ...]:
    return from_result(invented_result())


def there_and_back(hours: float, year: int = 2023, usd: float | None = 10.0) -> Trip:
    """100 km, a border of so many hours, 50 km, a stop without time."""
    steps = (
        Step(MOVE, "road", "A", "B", distance_km=100.0, moving_h=2.0, cost_usd=usd),
        Step(BORDER, "border", "B", "C", name="B - C", name_ru="Б - Ц", border_h=hours, cost_usd=usd),
        Step(MOVE, "rail", "C", "D", distance_km=50.0, moving_h=1.0, cost_usd=usd),
        Step(STOP, "", "D", "D", cost_usd=usd),
    )
    return Trip(f"{hours:g}", steps, corridor="A to D", year=year)


def texts_of(figure: object) -> list[object]:
    return [text for axes in figure.axes for text in axes.texts if text.get_text()]  # type: ignore[attr-defined]


def test_sums_of_the_steps_are_the_totals_of_the_route() -> None:
    answer = invented_result()
    for route, trip in zip(answer.routes, from_result(answer), strict=True):
        assert trip.distance_km == pytest.approx(route.distance_km, abs=1e-4)
        assert trip.total("time_h") == pytest.approx(route.time_h, abs=1e-4)
        assert trip.total("cost_usd") == pytest.approx(route.cost_usd, abs=1e-4)
        assert (trip.total("co2e_kg") is None) == (route.co2e_kg is None)
        found = indicators([trip])
        assert found.moving_h == pytest.approx(math.fsum(leg.running_h for leg in route.legs), abs=1e-4)
        assert found.border_h == pytest.approx(math.fsum(leg.border_h for leg in route.legs), abs=1e-4)
        assert found.crossings == sum(leg.mode == "border" for leg in route.legs)
        assert found.priced_tkm == pytest.approx(18.0 * route.distance_km, rel=1e-9)


def test_stretches_climb_and_stops_stand_upright(trips: tuple[Trip, ...]) -> None:
    together = [Bundle(trip.name, (trip,)) for trip in trips]
    window = window_of(together, "time_h", (0.0, 0.0, 1000.0, 800.0), 1.0)
    assert window is not None
    for curve in drawn(together, window):
        for piece in curve.pieces:
            across = piece.end[0] - piece.start[0]
            assert across == pytest.approx(piece.step.distance_km * 1000.0 / window.most_km, abs=1e-6)
            assert piece.height == pytest.approx(piece.step.time_h * 800.0 / window.most_value, abs=1e-6)
            assert (across > 0) == piece.moves


def test_every_trip_is_drawn_in_its_colour(trips: tuple[Trip, ...]) -> None:
    figure = diagram(trips)
    figure.canvas.draw()
    image = np.asarray(figure.canvas.buffer_rgba())[:, :1190, :3].astype(int)
    assert image.shape[:2] == (900, 1190)
    for number in range(len(trips)):
        rgb = [int(COLOURS[number][i : i + 2], 16) for i in (1, 3, 5)]
        assert np.count_nonzero(np.abs(image - rgb).sum(axis=2) < 24) > 300, trips[number].name


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("measures", [("time_h",), ("time_h", "cost_usd")])
def test_no_text_covers_another(trips: tuple[Trip, ...], lang: str, measures: tuple[str, ...]) -> None:
    figure = diagram(trips, measures=measures, lang=lang)
    figure.canvas.draw()
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts_of(figure)]  # type: ignore[attr-defined]
    for i, (name, box) in enumerate(boxes):
        assert box.x0 >= 0 and box.x1 <= 1600 and box.y0 >= 0 and box.y1 <= 900, f"{name} leaves the picture"
        for other_name, other in boxes[i + 1 :]:
            apart = box.x1 <= other.x0 + 1 or other.x1 <= box.x0 + 1 or box.y1 <= other.y0 + 3 or other.y1 <= box.y0 + 3
            assert apart, f"{name} covers {other_name}"


def test_stops_without_time_have_no_name_and_long_ones_have(trips: tuple[Trip, ...]) -> None:
    names = [text.get_text() for text in texts_of(diagram([there_and_back(12.0)]))]  # type: ignore[attr-defined]
    assert "B - C  12 h" in names and not any(name.startswith("D  ") for name in names)
    names = [text.get_text() for text in texts_of(diagram([there_and_back(12.0)], lang="ru"))]  # type: ignore[attr-defined]
    assert "Б - Ц  12 ч" in names


def test_two_years_are_two_curves_with_shades() -> None:
    log = [there_and_back(hours, year) for year, hours in ((2023, 4.0), (2022, 10.0), (2022, 20.0), (2023, 6.0))]
    years = bundles(log, "year")
    assert [bundle.name for bundle in years] == ["A to D, 2022", "A to D, 2023"]
    assert [bundle.mean.total("time_h") for bundle in years] == [18.0, 8.0]
    low, high = years[0].band("time_h") or pytest.fail("no band")
    assert (low.value[-1], high.value[-1]) == (13.0, 23.0)
    assert years[0].indicators.tfi1_border_h == 15.0
    assert len(diagram(years).axes[0].patches) == 2


@pytest.mark.parametrize("ending", [".png", ".svg"])
def test_a_name_is_no_formula(tmp_path: Path, ending: str) -> None:
    """Dollars in names: matplotlib takes what stands between two of them for mathematics."""
    name = r"$\foo$ 100$ - 200$"
    trip = Trip(name, there_and_back(12.0).steps)
    figure = diagram([trip])
    figure.canvas.draw()
    assert any(name in text.get_text() for text in texts_of(figure))  # type: ignore[attr-defined]
    assert draw_diagram([trip], tmp_path / f"tcd{ending}", title=name).stat().st_size > 1_000


def test_a_trip_of_unknown_price_has_no_curve_of_cost() -> None:
    dear, unknown = there_and_back(5.0), there_and_back(5.0, usd=None)
    assert unknown.curve("cost_usd") is None and unknown.curve("time_h") is not None
    window = window_of([Bundle("x", (dear,)), Bundle("y", (unknown,))], "cost_usd", (0.0, 0.0, 9.0, 9.0), 1.0)
    assert window is not None and window.most_value == pytest.approx(40.0 * 1.06)
    with pytest.raises(UnknownOption, match="cost_usd"):
        diagram([unknown], measures=("cost_usd",))


def test_many_trips_still_fit() -> None:
    figure = diagram([there_and_back(float(hours)) for hours in range(30)])
    assert any(str(30 - MOST_CURVES) in text.get_text() for text in texts_of(figure))  # type: ignore[attr-defined]


def test_ticks_are_round_and_few() -> None:
    assert ticks(36.7, 7) == [0, 5, 10, 15, 20, 25, 30, 35]
    for most in (0.003, 1.0, 7.5, 99.0, 18_172.0, 3e6):
        found = ticks(most, 7)
        assert 4 <= len(found) <= 12 and found[-1] <= most * (1 + 1e-9)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_png_has_the_size_asked_for(trips: tuple[Trip, ...], lang: str, tmp_path: Path) -> None:
    path = draw_diagram(trips, tmp_path / "tcd.png", lang=lang, size=(1000, 600))
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", head[16:24]) == (1000, 600)


def test_an_svg_is_xml_and_the_same_every_time(trips: tuple[Trip, ...], tmp_path: Path) -> None:
    first, second = (draw_diagram(trips, tmp_path / name).read_bytes() for name in ("a.svg", "b.svg"))
    assert ET.fromstring(first).tag == "{http://www.w3.org/2000/svg}svg"
    assert first == second


@pytest.mark.parametrize(
    ("name", "measures"), [("x.jpg", ("time_h",)), ("x", ("time_h",)), ("x.png", ("speed",)), ("x.png", ())]
)
def test_what_cannot_be_drawn_leaves_no_file(
    trips: tuple[Trip, ...], tmp_path: Path, name: str, measures: tuple[str, ...]
) -> None:
    with pytest.raises(UnknownOption):
        draw_diagram(trips, tmp_path / name, measures=measures)
    with pytest.raises(UnknownOption, match="no trip"):
        draw_diagram([], tmp_path / "none.png")
    assert os.listdir(tmp_path) == []


def test_the_table_adds_up(trips: tuple[Trip, ...], tmp_path: Path) -> None:
    with write_table(trips, tmp_path / "table.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == TABLE_COLUMNS and len(rows) == sum(len(trip.steps) for trip in trips)
    for trip in trips:
        own = [row for row in rows if row["trip"] == trip.name]
        for measure in ("distance_km", "time_h", "cost_usd"):
            total = math.fsum(float(row[measure]) for row in own)
            assert float(own[-1][f"cumulative_{measure}"]) == pytest.approx(total, abs=1e-4)
    caspian = [row for row in rows if row["trip"] == "Trans-Caspian"]
    assert caspian[-1]["cumulative_co2e_kg"] == "" and caspian[0]["cumulative_co2e_kg"] != "", "unknown stays empty"
