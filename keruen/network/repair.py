"""Repair of the base lines: what the map drew wrong, and gaps that are nobody's border but the map's.

Listed repairs (network_repairs) come first: `join` draws a missing link between two points, `cut` takes one out. Then
dead ends are joined where the gap can only be an error of drawing:

    end to end     two dead ends at most `end_km` apart that point at each other
    far apart      the same up to `far_km`, if they point well at each other and are not connected in any way
    end to line    a dead end and a point ahead of it at most `line_km` away; well ahead if beyond half of that

in the same country, and only if the two are not already connected nearby (within tiles of `tile_km`), so that the loose
end of a siding does not become a junction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.network.draft import Bools, Draft, Floats, Ints, components
from keruen.network.near import nearest_within, pairs_within, ranges
from keruen.network.simplify import EARTH_DEGREE_KM
from keruen.network.sphere import distance_km

SNAP_KM = 1.0  # a listed coordinate farther than this from every point is a new point
AHEAD = 0.3  # least cosine between the course of a dead end and the gap: about 70 degrees
FAR_AHEAD = 0.85  # the same for gaps beyond `end_km`: about 30 degrees
NO_DIRECTION_KM = 0.25  # gaps of the size of rounding have no direction
LEAST_COURSE_KM = 0.4  # the course of a dead end is taken over at least this length: coordinates are rounded to 0.1 km
MOST_STEPS = 12
CHORD_KM, SERVED_KM, BESIDE_KM, BESIDE_SHARE, DETOUR = 12.0, 4.0, 25.0, 0.15, 1.05


@dataclass(frozen=True)
class GapRules:
    """How far dead ends may be apart to be joined, in km."""

    end_km: float
    far_km: float
    line_km: float
    tile_km: float


GAP_RULES = {"rail": GapRules(2.0, 6.0, 1.2, 12.0), "road": GapRules(1.0, 3.0, 0.6, 8.0)}


def apply_listed(draft: Draft, rows: Iterable[Mapping[str, Any]]) -> tuple[Draft, list[str]]:
    """Draw the links and make the cuts of the network_repairs table.

    Returns the repaired draft and, in words, the rows that found nothing to mend.
    """
    troubles: list[str] = []
    for row in rows:
        ends = [(float(row["from_lat"]), float(row["from_lon"])), (float(row["to_lat"]), float(row["to_lon"]))]
        if row["action"] == "join":
            a, draft = _point(draft, *ends[0])
            b, draft = _point(draft, *ends[1])
            if a == b:
                troubles.append(f"network_repairs:{row['repair']}: both ends are the same point of the map")
                continue
            straight_km = float(distance_km(draft.lat[a], draft.lon[a], draft.lat[b], draft.lon[b]))
            km = np.fmax(row["km"], straight_km)  # NaN: unknown
            draft = draft.join(np.array([a]), np.array([b]), np.array([km]))
        else:
            between = _between(draft, *ends)
            if len(between) == 0:
                troubles.append(f"network_repairs:{row['repair']}: the map has no link between these points")
            draft = draft.select(np.setdiff1d(np.arange(draft.edges), between))
    return draft, troubles


def _point(draft: Draft, lat: float, lon: float) -> tuple[int, Draft]:
    """The point of the map that a listed coordinate means; a new one if none is near. Its country is not known yet."""
    rows = np.flatnonzero(np.abs(draft.lat - lat) * EARTH_DEGREE_KM < SNAP_KM)
    km = distance_km(draft.lat[rows], draft.lon[rows], lat, lon)
    if len(rows) and km.min() <= SNAP_KM:
        return int(rows[np.argmin(km)]), draft
    return draft.points, draft.add_points(np.array([lat]), np.array([lon]), np.array([-1], np.int16))


def _between(draft: Draft, start: tuple[float, float], end: tuple[float, float]) -> Ints:
    """Edges with one end within SNAP_KM of each of two coordinates."""
    near_start = distance_km(draft.lat, draft.lon, *start) < SNAP_KM
    near_end = distance_km(draft.lat, draft.lon, *end) < SNAP_KM
    return np.flatnonzero((near_start[draft.u] & near_end[draft.v]) | (near_end[draft.u] & near_start[draft.v]))


def through_places(draft: Draft, lat: Floats, lon: Floats, country: NDArray[np.int16]) -> Draft:
    """Bend long straight edges to the places beside them, so that a line has a point at the towns it serves.

    The map draws some lines as one chord of up to 1,000 km but knows their length. A chord of more than `CHORD_KM` that
    passes a place at less than `BESIDE_KM` (and `BESIDE_SHARE` of its length), where no other point is near, is led
    through the place if its length allows for that, else through the foot of the perpendicular. Lengths are shared out,
    their sum stays. Only places of a country that the chord ends in are looked at.
    """
    distance = draft.straight_km()
    chords = np.flatnonzero((distance > CHORD_KM) & (np.diff(draft.path_ptr) == 2))
    near, _ = nearest_within(lat, lon, draft.lat, draft.lon, SERVED_KM)
    wanted = np.flatnonzero(near < 0)
    samples = np.ceil(distance[chords] / SERVED_KM).astype(np.int64)
    owner = np.repeat(chords, samples)
    share = (ranges(np.zeros_like(samples), samples) + 0.5) / np.repeat(samples, samples)
    on_lat, on_lon = _between_ends(draft, owner, share)
    row, sample, km = pairs_within(lat[wanted], lon[wanted], on_lat, on_lon, BESIDE_KM)
    ends = np.stack([draft.country[draft.u[owner[sample]]], draft.country[draft.v[owner[sample]]]])
    fits = (km < np.maximum(SERVED_KM, BESIDE_SHARE * distance[owner[sample]])) & np.any(
        ends == country[wanted[row]], axis=0
    )
    row, sample = row[fits], sample[fits]
    row, first = np.unique(row, return_index=True)
    edge, place = owner[sample[first]], wanted[row]
    foot_lat, foot_lon = _between_ends(draft, edge, share[sample[first]])
    stops = (lat[place], lon[place])
    u, v = draft.u[edge], draft.v[edge]
    detour = distance_km(draft.lat[u], draft.lon[u], *stops) + distance_km(*stops, draft.lat[v], draft.lon[v])
    allowed = detour <= DETOUR * draft.km[edge]
    new_lat, new_lon = np.where(allowed, stops[0], foot_lat), np.where(allowed, stops[1], foot_lon)
    return _bent(draft, edge, share[sample[first]], new_lat, new_lon, country[place])


def _between_ends(draft: Draft, edge: Ints, share: Floats) -> tuple[Floats, Floats]:
    """Points on straight edges: latitude, longitude at a share of the way from u to v."""
    a, b = draft.u[edge], draft.v[edge]
    turn = (draft.lon[b] - draft.lon[a] + 180) % 360 - 180
    return draft.lat[a] + share * (draft.lat[b] - draft.lat[a]), (draft.lon[a] + share * turn + 180) % 360 - 180


def _bent(draft: Draft, edge: Ints, share: Floats, lat: Floats, lon: Floats, country: NDArray[np.int16]) -> Draft:
    """The draft with new points set into edges, in the order of their shares; the parts share the old length."""
    order = np.lexsort((share, edge))
    edge = edge[order]
    new = draft.points + np.arange(len(edge))
    grown = draft.add_points(lat[order], lon[order], country[order])
    starts = np.concatenate([[True], np.diff(edge) != 0])[: len(edge)]
    ends = np.concatenate([starts[1:], [True]])[: len(edge)]
    u = np.concatenate([np.where(starts, draft.u[edge], np.roll(new, 1)), new[ends]])
    v = np.concatenate([new, draft.v[edge[ends]]])
    whole = np.concatenate([edge, edge[ends]])
    part = distance_km(grown.lat[u], grown.lon[u], grown.lat[v], grown.lon[v])
    total = np.bincount(whole, part, minlength=draft.edges)
    kept = grown.select(np.setdiff1d(np.arange(draft.edges), edge))
    return kept.join(u, v, part / total[whole] * draft.km[whole])


def close_gaps(draft: Draft, rules: GapRules) -> tuple[Draft, int]:
    """Join dead ends by the rules; returns the draft and the number of links drawn."""
    dead = np.flatnonzero(draft.degree == 1)
    row, point, km = pairs_within(draft.lat[dead], draft.lon[dead], draft.lat, draft.lon, rules.far_km)
    gaps = _Gaps(draft, dead[row], point, km)
    gaps = gaps.where((gaps.point != gaps.end) & (draft.degree[gaps.point] > 0))
    gaps = gaps.where(gaps.to_dead_end | (gaps.km <= rules.line_km))
    gaps = gaps.where(draft.country[gaps.end] == draft.country[gaps.point])
    whole = components(draft.points, draft.u, draft.v)
    apart = whole[gaps.end] != whole[gaps.point]
    gaps = gaps.where((gaps.km <= rules.end_km) | apart)
    gaps = gaps.where(~_locally_connected(draft, gaps.end, gaps.point, rules.tile_km))
    course = _courses(draft, dead)
    ahead, back = _cosine(draft, course, gaps.end, gaps.point), _cosine(draft, course, gaps.point, gaps.end)
    straight = np.minimum(ahead, np.where(gaps.to_dead_end, back, 1.0))
    near = gaps.km <= np.where(gaps.to_dead_end, rules.end_km, rules.line_km / 2)
    gaps = gaps.where((straight > np.where(near, AHEAD, FAR_AHEAD)) | (gaps.km < NO_DIRECTION_KM))
    by_worth = np.lexsort((gaps.km + rules.end_km * ~gaps.to_dead_end, gaps.end))
    best = by_worth[np.concatenate([[True], np.diff(gaps.end[by_worth]) != 0])[: len(by_worth)]]
    low, high = np.minimum(gaps.end, gaps.point)[best], np.maximum(gaps.end, gaps.point)[best]
    _, once = np.unique(np.column_stack([low, high]), axis=0, return_index=True)
    return draft.join(low[once], high[once], gaps.km[best][once]), len(once)


@dataclass(frozen=True)
class _Gaps:
    """Links that could be drawn: from a dead end to a point, km."""

    draft: Draft
    end: Ints
    point: Ints
    km: Floats

    @property
    def to_dead_end(self) -> Bools:
        return np.asarray(self.draft.degree[self.point] == 1)

    def where(self, fits: Bools) -> _Gaps:
        return _Gaps(self.draft, self.end[fits], self.point[fits], self.km[fits])


def _locally_connected(draft: Draft, a: Ints, b: Ints, tile_km: float) -> Bools:
    """Whether two points are joined by edges that stay within one tile, for any of four grids half a tile apart."""
    found = np.zeros(len(a), np.bool_)
    for shift_lat in (0.0, 0.5):
        for shift_lon in (0.0, 0.5):
            row = np.floor(draft.lat * EARTH_DEGREE_KM / tile_km + shift_lat)
            width = EARTH_DEGREE_KM * np.cos(np.radians(row * tile_km / EARTH_DEGREE_KM)).clip(0.01)
            tile = row * 100_000 + np.floor(draft.lon * width / tile_km + shift_lon)
            inside = tile[draft.u] == tile[draft.v]
            label = components(draft.points, draft.u[inside], draft.v[inside])
            found |= label[a] == label[b]
    return found


def _courses(draft: Draft, dead: Ints) -> Floats:
    """Where the line comes from at each dead end: a point back along it, [p, 2] degrees of lat, lon (NaN elsewhere)."""
    first, at = draft.incidence
    point, edge, walked = dead.copy(), at[first[dead]], np.zeros(len(dead))
    going = np.ones(len(dead), np.bool_)
    for _ in range(MOST_STEPS):
        point[going] = draft.u[edge[going]] + draft.v[edge[going]] - point[going]
        walked[going] += draft.km[edge[going]]
        going &= (walked < LEAST_COURSE_KM) & (draft.degree[point] == 2)
        pair = first[point[going]]
        edge[going] = at[pair] + at[pair + 1] - edge[going]
    back = np.full((draft.points, 2), np.nan)
    back[dead, 0], back[dead, 1] = draft.lat[point], draft.lon[point]
    return back


def _cosine(draft: Draft, course: Floats, end: Ints, point: Ints) -> Floats:
    """Cosine of the bend a line would make at its dead end to go on to a point: 1 straight on, NaN if it has no end."""
    shrink = np.cos(np.radians(draft.lat[end]))
    come_north, come_east = draft.lat[end] - course[end, 0], (draft.lon[end] - course[end, 1]) * shrink
    go_north, go_east = draft.lat[point] - draft.lat[end], (draft.lon[point] - draft.lon[end]) * shrink
    size = np.hypot(come_north, come_east) * np.hypot(go_north, go_east)
    return np.asarray((come_north * go_north + come_east * go_east) / np.maximum(size, 1e-15))
