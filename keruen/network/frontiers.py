"""Countries of the base lines: borders are crossed only where a line really crosses, and exactly there.

A line along a border river, or one whose bends were rounded, seems to hop to and fro. Pieces of line of less than
`SHORT_KM` inside one country that are entered and left from the same other country belong to that one. What still
crosses is cut at the border: the edge ends at a point on one side, a second point lies at the same spot on the other
side, and an edge of length 0 joins the two.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from keruen.network.countries import NO_COUNTRY, country_at
from keruen.network.draft import Draft, Floats, Ints, components
from keruen.network.near import ranges
from keruen.network.sphere import distance_km

SHORT_KM = 4.0
_HALVINGS = 12


def country_rows(lat: Floats, lon: Floats, numeric: NDArray[np.int64]) -> NDArray[np.int16]:
    """Row of the country of each point in a list of ISO numeric codes; -1 on the high sea or for a code not listed."""
    row_of = np.full(1000, NO_COUNTRY, np.int16)
    row_of[numeric] = np.arange(len(numeric), dtype=np.int16)
    return np.append(row_of, np.int16(NO_COUNTRY))[country_at(lat, lon)]


def steady_countries(draft: Draft) -> Draft:
    """The draft without hops over a border, and with a country for every point that a line joins to land."""
    for _ in range(8):
        label = components(draft.points, draft.u[~draft.crosses], draft.v[~draft.crosses])
        u, v = label[draft.u[draft.crosses]], label[draft.v[draft.crosses]]
        here, there = np.concatenate([u, v]), np.concatenate([v, u])
        length = np.bincount(label[draft.u[~draft.crosses]], draft.km[~draft.crosses], minlength=draft.points)
        length = length + 1e-9 * np.arange(draft.points)  # no two alike
        lowest, highest, doors = (np.full(draft.points, start, np.int64) for start in (1000, -1, 0))
        np.minimum.at(lowest, here, draft.country[there])
        np.maximum.at(highest, here, draft.country[there])
        np.add.at(doors, here, 1)
        shortest_next = np.full(draft.points, np.inf)
        np.minimum.at(shortest_next, here, length[there])
        hop = (lowest == highest) & (doors > 1) & (length < SHORT_KM) & (length < shortest_next) & (lowest >= 0)
        at_sea = (draft.country[label] == NO_COUNTRY) & (highest >= 0)
        given = np.where(hop | at_sea, highest, draft.country[label])
        changed = given[label] != draft.country
        if not changed.any():
            break
        draft = replace(draft, country=given[label].astype(np.int16))
    return draft


def cut_at_borders(draft: Draft, numeric: NDArray[np.int64]) -> tuple[Draft, Ints]:
    """The draft with every crossing edge cut where its course passes the border.

    Returns it with the number of the old edge that each edge is a part of; edges of length 0 are the crossings.
    """
    crossing = np.flatnonzero(draft.crosses)
    before, share = _border_on_course(draft, crossing, numeric)
    a, b = draft.path[before], draft.path[before + 1]
    turn = (draft.lon[b] - draft.lon[a] + 180) % 360 - 180
    lat, lon = draft.lat[a] + share * (draft.lat[b] - draft.lat[a]), (draft.lon[a] + share * turn + 180) % 360 - 180
    near = draft.points + np.arange(len(crossing))
    far = near + len(crossing)
    step = distance_km(
        draft.lat[draft.path[:-1]], draft.lon[draft.path[:-1]], draft.lat[draft.path[1:]], draft.lon[draft.path[1:]]
    )
    along = np.concatenate([[0.0], np.cumsum(step)])
    start, end = draft.path_ptr[crossing], draft.path_ptr[crossing + 1] - 1
    part = (along[before] - along[start] + share * step[before]) / np.maximum(along[end] - along[start], 1e-9)
    km = draft.km[crossing]
    grown = draft.add_points(
        np.concatenate([lat, lat]), np.concatenate([lon, lon]),
        np.concatenate([draft.country[draft.u[crossing]], draft.country[draft.v[crossing]]]),
    )  # fmt: skip
    first = _with_courses(
        grown, crossing, draft.u[crossing], near, km * part, _pieces(draft, start, before + 1, near, last=True)
    )
    second = _with_courses(
        grown, crossing, far, draft.v[crossing], km * (1 - part), _pieces(draft, before + 1, end + 1, far, last=False)
    )
    third = _with_courses(
        grown, crossing, near, far, np.zeros(len(km)), (np.full(len(km), 2), np.column_stack([near, far]).ravel())
    )
    inside = np.flatnonzero(~draft.crosses)
    return _joined([grown.select(inside), first, second, third]), np.concatenate([inside, crossing, crossing, crossing])


def _border_on_course(draft: Draft, crossing: Ints, numeric: NDArray[np.int64]) -> tuple[Ints, Floats]:
    """Position in `path` of the last point before the border, and the share of the step from it that lies before."""
    count = np.diff(draft.path_ptr)[crossing]
    position = ranges(draft.path_ptr[crossing], count)
    owner = np.repeat(np.arange(len(crossing)), count)
    arrived = draft.country[draft.path[position]] == draft.country[draft.v[crossing]][owner]
    first = np.full(len(crossing), np.iinfo(np.int64).max)
    np.minimum.at(first, owner[arrived], position[arrived])
    before = first - 1
    a, b = draft.path[before], draft.path[before + 1]
    turn = (draft.lon[b] - draft.lon[a] + 180) % 360 - 180
    home = numeric[draft.country[draft.u[crossing]]]
    low, high = np.zeros(len(crossing)), np.ones(len(crossing))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        there = country_at(draft.lat[a] + middle * (draft.lat[b] - draft.lat[a]), draft.lon[a] + middle * turn)
        low, high = np.where(there == home, middle, low), np.where(there == home, high, middle)
    return before, (low + high) / 2


def _pieces(draft: Draft, start: Ints, stop: Ints, border: Ints, *, last: bool) -> tuple[Ints, Ints]:
    """Courses path[start:stop] with the border point after (or before) them: ragged counts and points."""
    count = stop - start
    inner = draft.path[ranges(start, count)]
    at = np.cumsum(count) if last else np.cumsum(count) - count
    return count + 1, np.insert(inner, at, border)


def _with_courses(grown: Draft, old: Ints, u: Ints, v: Ints, km: Floats, courses: tuple[Ints, Ints]) -> Draft:
    count, path = courses
    ptr = np.concatenate([[0], np.cumsum(count)])
    return replace(grown, u=u, v=v, km=km, gauge=grown.gauge[old], path_ptr=ptr, path=path)


def _joined(parts: list[Draft]) -> Draft:
    """Drafts over the same points as one."""
    counts = np.concatenate([np.diff(part.path_ptr) for part in parts])
    return replace(
        parts[0], u=np.concatenate([part.u for part in parts]), v=np.concatenate([part.v for part in parts]),
        km=np.concatenate([part.km for part in parts]), gauge=np.concatenate([part.gauge for part in parts]),
        path_ptr=np.concatenate([[0], np.cumsum(counts)]), path=np.concatenate([part.path for part in parts]),
    )  # fmt: skip
