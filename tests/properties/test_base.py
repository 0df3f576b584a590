"""What must hold of the steps from map lines to base lines, on small invented maps and, for the whole, on the world."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from keruen.errors import UnknownOption
from keruen.network.base import Build
from keruen.network.countries import NO_COUNTRY, country_at, land_outlines, read_topology
from keruen.network.draft import Draft, components, gauge_bit
from keruen.network.frontiers import cut_at_borders, steady_countries
from keruen.network.named_lines import (
    NamedLine,
    Router,
    nearest_of_each_gauge,
    read_lines,
    split_by_gauge,
    with_gauges,
    with_published_lengths,
)
from keruen.network.near import nearest_within, pairs_within
from keruen.network.packages import line_file, package_folder, shortest_of_parallels
from keruen.network.repair import GAP_RULES, apply_listed, close_gaps, through_places
from keruen.network.simplify import cluster, contract, prune, thin_courses, without_fragments, without_parallels
from keruen.network.sphere import distance_km
from keruen.tables.dataset import load

BROAD, STANDARD = gauge_bit(1520), gauge_bit(1435)
KZ, CN, SEA = 0, 1, -1
NUMERIC = np.array([398, 156])


def draft_of(points: list[tuple[float, float]], edges: list[tuple[int, int]], **changed: object) -> Draft:
    """A draft of straight edges over points (lat, lon), all in Kazakhstan and of broad gauge unless said otherwise."""
    lat, lon = np.array(points, np.float64).T
    u, v = np.array(edges, np.int64).reshape(-1, 2).T
    km = distance_km(lat[u], lon[u], lat[v], lon[v])
    gauge = np.full(len(u), BROAD, np.uint32)
    draft = Draft.straight(lat, lon, np.full(len(lat), KZ, np.int16), u, v, km, gauge)
    return replace(draft, **changed)  # type: ignore[arg-type]


def chain(count: int, step: float = 0.1, lat: float = 48.0, lon: float = 70.0) -> list[tuple[float, float]]:
    """Points in a row to the east."""
    return [(lat, lon + step * i) for i in range(count)]


def distances(draft: Draft) -> NDArray[np.float64]:
    """All shortest distances between points by Floyd and Warshall."""
    far = np.full((draft.points, draft.points), np.inf)
    np.fill_diagonal(far, 0.0)
    for a, b, km in zip(draft.u, draft.v, draft.km, strict=True):
        far[a, b] = far[b, a] = min(far[a, b], km)
    for middle in range(draft.points):
        far = np.minimum(far, far[:, [middle]] + far[[middle], :])
    return far


@st.composite
def small_maps(draw: st.DrawFn) -> Draft:
    """Up to 12 points within about 100 km, up to 20 edges of one or two gauges, lengths from the crow's to twice that."""
    count = draw(st.integers(2, 12))
    points = draw(
        st.lists(
            st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda p: (48 + p[0] / 40, 70 + p[1] / 40)),
            min_size=count, max_size=count, unique=True,
        )
    )  # fmt: skip
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda p: p[0] != p[1])
    edges = draw(st.lists(pairs, min_size=1, max_size=20))
    draft = draft_of(points, edges)
    longer = np.array(draw(st.lists(st.floats(1, 2), min_size=len(edges), max_size=len(edges))))
    masks = draw(
        st.lists(st.sampled_from([BROAD, STANDARD, BROAD | STANDARD]), min_size=len(edges), max_size=len(edges))
    )
    return replace(draft, km=draft.km * longer, gauge=np.array(masks, np.uint32))


def courses_fit(draft: Draft) -> bool:
    """Whether every course starts at u and ends at v."""
    return bool(
        np.array_equal(draft.path[draft.path_ptr[:-1]], draft.u)
        and np.array_equal(draft.path[draft.path_ptr[1:] - 1], draft.v)
    )


# --------------------------------------------------------------------------------------------------------------- nearness


@given(st.integers(0, 2**32 - 1), st.floats(0.5, 400))
@settings(max_examples=30, deadline=None)
def test_pairs_within_reach_are_all_found(seed: int, reach_km: float) -> None:
    rng = np.random.default_rng(seed)
    lat, lon = rng.uniform(-90, 90, 60), rng.uniform(-180, 180, 60)
    lat[:30], lon[:30] = (
        rng.uniform(60, 62, 30),
        (rng.uniform(178, 182, 30) + 180) % 360 - 180,
    )  # crowded, over 180 degrees
    row_a, row_b, km = pairs_within(lat, lon, lat, lon, reach_km)
    between = distance_km(lat[:, None], lon[:, None], lat, lon)
    assert set(zip(row_a.tolist(), row_b.tolist(), strict=True)) == set(
        zip(*np.nonzero(between <= reach_km), strict=True)
    )
    np.testing.assert_allclose(km, between[row_a, row_b], atol=1e-6)
    nearest, least = nearest_within(lat, lon, lat[30:], lon[30:], reach_km)
    np.testing.assert_allclose(least[nearest >= 0], between[:, 30:].min(axis=1)[nearest >= 0], atol=1e-6)
    assert np.all(between[:, 30:].min(axis=1)[nearest < 0] > reach_km - 1e-6)


@given(small_maps())
def test_components_are_what_can_be_reached(draft: Draft) -> None:
    label = components(draft.points, draft.u, draft.v)
    assert np.array_equal(label[:, None] == label, np.isfinite(distances(draft)))


# -------------------------------------------------------------------------------------------------------------- countries


@pytest.mark.parametrize(
    ("lat", "lon", "numeric"),
    [
        (43.25, 76.9, 398), (45.95, 63.3, 398), (-29.31, 27.48, 426), (41.9029, 12.4534, 336), (54.71, 20.51, 643),
        (64.73, 177.5, 643), (66.16, -169.8, 643), (65.06, 179.95, 643), (65.06, -179.5, 643), (65.06, 20.0, 752),
        (-18.12, 178.43, 242), (42.66, 21.16, 983), (43.60, 51.22, 398), (0.0, -30.0, NO_COUNTRY),
    ],
)  # fmt: skip
def test_a_point_lies_in_its_country(lat: float, lon: float, numeric: int) -> None:
    """Almaty, Baikonur, Maseru inside another country, the Vatican, Kaliningrad, both sides of the antimeridian, the sea."""
    assert country_at(lat, lon)[0] == numeric


def test_countries_agree_with_polygons() -> None:
    topology = read_topology("10m")
    rings = [(country, [topology.ring(ring) for ring in polygon]) for country, polygon in topology.rings]
    whole = [(c, p) for c, p in rings if len(p[0]) > 3 and max(np.abs(np.diff(r[:, 0])).max() for r in p) < 180]
    polygons = shapely.STRtree([shapely.Polygon(p[0], p[1:]) for _, p in whole])
    rng = np.random.default_rng(5)
    lat, lon = np.degrees(np.arcsin(rng.uniform(-0.9, 0.98, 2000))), rng.uniform(-170, 170, 2000)
    found = np.full(2000, NO_COUNTRY)
    point, polygon = polygons.query(shapely.points(lon, lat), predicate="within")
    found[point] = np.array([c for c, _ in whole])[polygon]
    split = np.isin(country_at(lat, lon, coast_km=0), [10, 643, 242])  # cut by the antimeridian: left out above
    assert np.array_equal(country_at(lat, lon, coast_km=0)[~split], found[~split])


def test_land_is_cut_at_the_antimeridian() -> None:
    for country, rings in land_outlines("110m"):
        for ring in rings:
            assert np.array_equal(ring[0], ring[-1]) or country == 10
            assert np.abs(np.diff(ring[:, 0])).max() <= 180 or country == 10  # Antarctica goes round the pole


def test_a_line_along_a_border_does_not_cross_it() -> None:
    countries = np.array([KZ, KZ, CN, KZ, KZ, CN, CN], np.int16)
    steady = steady_countries(draft_of(chain(7, 0.02), list(pairwise(range(7))), country=countries))
    assert steady.country.tolist() == [KZ, KZ, KZ, KZ, KZ, CN, CN]


def test_points_at_sea_belong_to_the_land_they_are_joined_to() -> None:
    countries = np.array([KZ, SEA, SEA, KZ], np.int16)
    assert (
        steady_countries(draft_of(chain(4), list(pairwise(range(4))), country=countries)).country.tolist() == [KZ] * 4
    )


def test_a_crossing_is_cut_where_the_border_is() -> None:
    """Altynkol - Khorgos: the border is between, and what was 20 km long stays 20 km long."""
    at = draft_of([(44.17, 80.25), (44.165, 80.33), (44.155, 80.43)], [(0, 1), (1, 2)])
    draft = contract(replace(at, km=np.array([8.0, 12.0])), np.zeros(3, np.bool_))
    draft = replace(draft, country=np.array([KZ, KZ, CN], np.int16))
    cut, old = cut_at_borders(draft, NUMERIC)
    assert cut.edges == 3 and old.tolist() == [0, 0, 0] and courses_fit(cut)
    assert cut.km.sum() == pytest.approx(20) and np.sort(cut.km)[0] == 0
    near, far = int(cut.u[np.argmin(cut.km)]), int(cut.v[np.argmin(cut.km)])
    assert (cut.lat[near], cut.lon[near]) == (cut.lat[far], cut.lon[far])
    assert [cut.country[near], cut.country[far]] == [KZ, CN]
    step = 0.003
    assert (
        country_at(cut.lat[near], cut.lon[near] - step)[0] == 398
        and country_at(cut.lat[near], cut.lon[near] + step)[0] == 156
    )


# ----------------------------------------------------------------------------------------------------------------- repair


def test_two_ends_that_point_at_each_other_are_joined() -> None:
    a, b = chain(3), chain(3, lon=70.22)
    joined, count = close_gaps(draft_of(a + b, [(0, 1), (1, 2), (3, 4), (4, 5)]), GAP_RULES["rail"])
    assert count == 1 and (joined.u[-1], joined.v[-1]) == (2, 3)


@pytest.mark.parametrize(
    ("why", "points", "edges", "country"),
    [
        ("they turn away", [*chain(3), (48.01, 70.2), (48.11, 70.2), (48.2, 70.2)], [(0, 1), (1, 2), (3, 4), (4, 5)], None),
        ("a border is between", [*chain(3), *chain(3, lon=70.22)], [(0, 1), (1, 2), (3, 4), (4, 5)], [KZ] * 3 + [CN] * 3),
        ("they are joined nearby", [*chain(3, 0.02), *chain(3, 0.02, 48.005)], [(0, 1), (1, 2), (3, 4), (4, 5), (0, 3)], None),
        ("they are too far apart", [*chain(3), *chain(3, lon=70.32)], [(0, 1), (1, 2), (3, 4), (4, 5)], None),
    ],
)  # fmt: skip
def test_other_ends_are_not_joined(
    why: str, points: list[tuple[float, float]], edges: list[tuple[int, int]], country: list[int] | None
) -> None:
    draft = draft_of(points, edges)
    if country:
        draft = replace(draft, country=np.array(country, np.int16))
    assert close_gaps(draft, GAP_RULES["rail"])[1] == 0, why


def test_listed_repairs_join_and_cut() -> None:
    draft = draft_of(chain(4), [(0, 1), (1, 2), (2, 3)])
    place = {"from_lat": 48.0, "from_lon": 70.1, "to_lat": 48.0, "to_lon": 70.2, "km": np.nan}
    cut, troubles = apply_listed(draft, [{**place, "repair": "a", "action": "cut"}])
    assert cut.edges == 2 and not troubles
    join = {**place, "repair": "b", "action": "join", "km": 9.0, "to_lat": 48.05}
    joined, troubles = apply_listed(cut, [join])
    assert not troubles and joined.points == 5 and joined.km[-1] == pytest.approx(9.3, abs=0.05)  # not below the crow's
    _, troubles = apply_listed(cut, [{**place, "repair": "c", "action": "cut"}])
    assert troubles == ["network_repairs:c: the map has no link between these points"]


def test_long_chords_go_through_places_if_they_are_long_enough() -> None:
    draft = replace(draft_of([(48.0, 70.0), (48.0, 73.0)], [(0, 1)]), km=np.array([250.0]))
    town_lat, town_lon = np.array([48.1, 48.15, 48.0]), np.array([71.0, 72.0, 75.0])
    bent = through_places(draft, town_lat, town_lon, np.array([KZ, KZ, KZ], np.int16))
    assert bent.edges == 3 and bent.km.sum() == pytest.approx(250)
    assert bent.lat[2:].tolist() == [48.1, 48.15] and bent.lon[2:].tolist() == [71.0, 72.0]
    tight = through_places(replace(draft, km=draft.straight_km()), town_lat, town_lon + 0.0, np.full(3, KZ, np.int16))
    assert tight.km.sum() == pytest.approx(float(draft.straight_km()[0]))
    assert through_places(draft, town_lat, town_lon, np.full(3, CN, np.int16)).edges == 1


# ----------------------------------------------------------------------------------------------------------------- gauges


def test_an_edge_of_two_gauges_becomes_two_edges() -> None:
    draft = replace(draft_of(chain(3), [(0, 1), (1, 2)]), gauge=np.array([BROAD | STANDARD, BROAD], np.uint32))
    split = split_by_gauge(draft)
    assert sorted(split.gauge.tolist()) == sorted([STANDARD, BROAD, BROAD]) and courses_fit(split)
    label = components(split.points, split.u, split.v)
    broad = split.gauge == BROAD
    assert len(set(label[split.u[broad]])) == 1 and set(label[split.u[broad]]).isdisjoint(label[split.u[~broad]])
    near = nearest_of_each_gauge(split, np.array([48.0]), np.array([70.0]), 5.0)
    assert len(near) == 2


@given(small_maps())
@settings(deadline=None)
def test_a_way_in_one_gauge_uses_only_edges_of_it(draft: Draft) -> None:
    split = split_by_gauge(draft)
    for bit in (BROAD, STANDARD):
        alone = distances(draft.select((draft.gauge & bit) > 0))
        layer = distances(split.select(split.gauge == bit))
        ends = np.unique(np.concatenate([split.u[split.gauge == bit], split.v[split.gauge == bit]]))
        place = {(lat, lon): i for i, (lat, lon) in enumerate(zip(draft.lat, draft.lon, strict=True))}
        old = np.array([place[split.lat[e], split.lon[e]] for e in ends], np.int64)
        np.testing.assert_allclose(layer[np.ix_(ends, ends)], alone[np.ix_(old, old)])


def line(points: list[tuple[float, float]], gauges: int = BROAD, length_km: float = np.nan, row: int = 0) -> NamedLine:
    return NamedLine(row, f"line {row}", tuple(points), gauges, length_km)


def test_a_border_between_gauges_is_crossed_only_by_a_named_line() -> None:
    points = [(44.17, 80.25), (44.155, 80.43), (44.30, 80.25), (44.30, 80.45)]
    draft = replace(draft_of(points, [(0, 1), (2, 3), (0, 2)]), country=np.array([KZ, CN, KZ, CN], np.int16))
    main = np.array([BROAD, STANDARD], np.uint32)
    gauged, troubles = with_gauges(draft, main, [line(points[:2], BROAD | STANDARD)])
    assert not troubles and gauged.gauge.tolist() == [BROAD | STANDARD, 0, BROAD]
    _, troubles = with_gauges(draft, main, [line([(50.0, 80.0), (51.0, 80.0)])])
    assert troubles == ["rail_lines:line 0: the map has no line through these points"]


def test_a_closed_line_carries_nothing_and_no_other_line_runs_over_it() -> None:
    points = [(48.0, 70.0), (48.0, 71.0), (48.3, 70.5)]
    draft = draft_of(points, [(0, 1), (0, 2), (2, 1)])
    gauged, _ = with_gauges(draft, np.array([BROAD, 0], np.uint32), [line(points[:2]), line(points[:2], 0, row=1)])
    assert gauged.gauge.tolist() == [0, BROAD, BROAD]


def test_rows_of_lines_are_read() -> None:
    row = {
        "line": "x", "status": "open", "via": ("47.5 70.5",), "gauges_mm": ("1435", "1520"), "length_km": np.nan,
        "from_lat": 47.0, "from_lon": 70.0, "to_lat": 48.0, "to_lon": 71.0,
    }  # fmt: skip
    planned, closed = {**row, "status": "planned"}, {**row, "status": "closed"}
    read = read_lines([planned, row, closed])
    assert [(one.row, one.gauges) for one in read] == [(1, BROAD | STANDARD), (2, 0)]
    assert read[0].points == ((47.0, 70.0), (47.5, 70.5), (48.0, 71.0))


# ---------------------------------------------------------------------------------------------------------------- lengths


def test_the_shortest_way_becomes_as_long_as_published_even_beside_a_second_track() -> None:
    points = [*chain(5, 0.3), *[(lat + 0.02, lon) for lat, lon in chain(5, 0.3)]]
    edges = [*pairwise(range(5)), *pairwise(range(5, 10)), (0, 5), (2, 7), (4, 9)]
    draft = draft_of(points, edges)
    drawn = distances(draft)[0, 4]
    longer, of_line, (report,) = with_published_lengths(draft, [line([points[0], points[4]], length_km=drawn * 1.1)])
    assert distances(longer)[0, 4] == pytest.approx(drawn * 1.1, rel=0.003)
    assert report.ratio == pytest.approx(1 / 1.1) and not report.trouble
    assert of_line[:4].tolist() == [0, 0, 0, 0]


def test_another_route_may_stay_shorter_than_the_published_line() -> None:
    points = [(48.0, 70.0), (48.0, 72.0), (48.5, 71.0)]
    draft = draft_of(points, [(0, 1), (0, 2), (2, 1)])
    longer, _, _ = with_published_lengths(draft, [line([points[0], points[1]], length_km=float(draft.km[0]) * 1.24)])
    assert longer.km[0] == pytest.approx(draft.km[0] * 1.24) and longer.km[1:].tolist() == draft.km[1:].tolist()


def test_a_longer_line_leaves_what_a_shorter_one_has_set() -> None:
    points = chain(3, 0.5)
    draft = draft_of(points, [(0, 1), (1, 2)])
    a, b = draft.km
    lines = [line([points[0], points[2]], length_km=(a + b) * 1.1, row=0), line(points[:2], length_km=a * 1.05, row=1)]
    longer, of_line, _ = with_published_lengths(draft, lines)
    assert longer.km[0] == pytest.approx(a * 1.05) and longer.km.sum() == pytest.approx((a + b) * 1.1)
    assert of_line.tolist() == [1, 0]


def test_a_line_drawn_much_too_short_is_reported_and_left_alone() -> None:
    draft = draft_of(chain(2), [(0, 1)])
    longer, _, (report,) = with_published_lengths(draft, [line(chain(2), length_km=float(draft.km[0]) * 2)])
    assert "repair the line first" in report.trouble and longer.km.tolist() == draft.km.tolist()


# ------------------------------------------------------------------------------------------------------------- simplicity


@given(small_maps(), st.integers(0, 2**12 - 1))
@settings(deadline=None)
def test_contraction_changes_no_distance(draft: Draft, fixed_bits: int) -> None:
    draft = replace(draft, gauge=np.full(draft.edges, BROAD, np.uint32))
    fixed = (fixed_bits >> np.arange(draft.points)) & 1 > 0
    short = contract(draft, fixed)
    assert courses_fit(short)
    before, after = distances(draft)[np.ix_(short.ends, short.ends)], distances(short)[np.ix_(short.ends, short.ends)]
    np.testing.assert_allclose(after, before)
    degree_two = short.ends[(short.degree[short.ends] == 2) & ~fixed[short.ends]]
    assert all(np.sum((short.u == p) & (short.v == p)) for p in degree_two)  # what is left with two ends is a loop


@given(small_maps(), st.integers(0, 2**12 - 1))
@settings(deadline=None)
def test_pruning_keeps_kept_points_as_far_apart_as_they_were(draft: Draft, kept_bits: int) -> None:
    kept = (kept_bits >> np.arange(draft.points)) & 1 > 0
    pruned = prune(draft, kept)
    assert not np.any((pruned.degree == 1) & ~kept)
    at = np.flatnonzero(kept & (draft.degree > 0))
    np.testing.assert_allclose(distances(pruned)[np.ix_(at, at)], distances(draft)[np.ix_(at, at)])


@given(small_maps(), st.floats(1, 40))
@settings(deadline=None)
def test_clusters_stay_in_their_cells_and_connect_what_was_connected(draft: Draft, cell_km: float) -> None:
    draft = replace(draft, gauge=np.full(draft.edges, BROAD, np.uint32))
    first_choice = np.arange(draft.points) % 3 == 0
    clustered, became = cluster(draft, cell_km, first_choice)
    assert courses_fit(clustered) and np.all(clustered.u != clustered.v)
    assert np.array_equal(became[first_choice], np.flatnonzero(first_choice))
    assert np.all(distance_km(draft.lat, draft.lon, draft.lat[became], draft.lon[became]) <= 1.6 * cell_km)
    before, after = components(draft.points, draft.u, draft.v), components(clustered.points, clustered.u, clustered.v)
    joined = before[:, None] == before
    assert np.array_equal(joined, after[became][:, None] == after[became])
    assert np.all(clustered.km >= clustered.straight_km() - 1e-9)


def test_fragments_go() -> None:
    draft = draft_of([*chain(3), *chain(2, lat=49.0)], [(0, 1), (1, 2), (3, 4)])
    assert without_fragments(draft, 10.0).edges == 2


def test_courses_are_thinned_within_the_tolerance() -> None:
    wave = [(48 + 0.05 * np.sin(i / 8), 179.0 + i / 40) for i in range(100)]
    wave = [(lat, (lon + 180) % 360 - 180) for lat, lon in wave]
    draft = contract(draft_of(wave, list(pairwise(range(100)))), np.zeros(100, np.bool_))
    ptr, lat, lon = thin_courses(draft, 2.0)
    assert ptr.tolist() == [0, len(lat)] and 4 < len(lat) < 40
    np.testing.assert_allclose([lat[0], lat[-1]], [wave[0][0], wave[-1][0]])
    np.testing.assert_allclose([lon[0], lon[-1]], [wave[0][1], wave[-1][1]])
    east = shapely.LineString(np.column_stack([(lon % 360) * np.cos(np.radians(48)), lat]))
    off = [east.distance(shapely.Point((p[1] % 360) * np.cos(np.radians(48)), p[0])) for p in wave]
    assert max(off) * 111.2 < 2.1


@given(small_maps())
@settings(deadline=None)
def test_the_router_finds_the_shortest_way(draft: Draft) -> None:
    far = distances(draft)
    router = Router(draft)
    for a, b in ((0, draft.points - 1), (draft.points - 1, 0)):
        way = router.along([[(a, 0.0)], [(b, 0.0)]])
        if np.isinf(far[a, b]):
            assert way is None
        else:
            assert way is not None and draft.km[way].sum() == pytest.approx(far[a, b])


# --------------------------------------------------------------------------------------------------------------- packages


def test_parallel_edges_keep_the_shortest() -> None:
    u, v, km = shortest_of_parallels(np.array([0, 0, 1, 2]), np.array([1, 1, 2, 2]), np.array([5.0, 3.0, 2.0, 1.0]))
    assert u.tolist() == [0, 1] and v.tolist() == [1, 2] and km.tolist() == [3.0, 2.0]


def test_missing_lines_and_packages_are_named() -> None:
    with pytest.raises(UnknownOption, match="no base lines for mode 'canal'"):
        line_file("canal")
    with pytest.raises(UnknownOption, match="not installed"):
        package_folder("no_such_package_of_maps")


# -------------------------------------------------------------------------------------------------------------- the world


@pytest.mark.world
@pytest.mark.parametrize("mode", ["rail", "road"])
def test_simplification_hardly_changes_distances(mode: str) -> None:
    """300 pairs all over the world: median within 1.5 %, 95 of 100 within 4 %."""
    sparse, csgraph = pytest.importorskip("scipy.sparse"), pytest.importorskip("scipy.sparse.csgraph")
    data = load()
    keep = np.stack([data["places"].numbers("lat"), data["places"].numbers("lon")], axis=1)
    build = Build(
        mode, list(data["countries"]), list(data["rail_lines"]) if mode == "rail" else [], keep, lambda step: None
    )
    full = build.contracted(build.repaired([row for row in data["network_repairs"] if row["mode"] == mode]))
    if mode == "rail":
        full = build.gauged(full)
    short = build.simplified(full)

    def ways(draft: Draft) -> Any:
        single = without_parallels(draft)
        matrix = sparse.csr_matrix((single.km, (single.u, single.v)), shape=(draft.points, draft.points))
        return matrix.maximum(matrix.T)

    rng = np.random.default_rng(11)
    ratios: list[float] = []
    before, after = ways(full), ways(short)
    for source in rng.choice(short.ends, 60, replace=False):
        targets = rng.choice(short.ends, 60)
        far, near = (csgraph.dijkstra(graph, indices=source)[targets] for graph in (before, after))
        fit = np.isfinite(far) & (far > 50)
        assert np.array_equal(np.isfinite(far), np.isfinite(near))
        ratios += (near[fit] / far[fit])[:8].tolist()
    error = np.abs(np.array(ratios) - 1)
    assert len(error) >= 300
    assert np.median(error) < 0.015 and np.quantile(error, 0.95) < 0.04
