"""Passages: straits, canals and capes as gates across the sea lanes.

A gate is a line drawn from shore to shore, a row of the passages table:

    edge e belongs to passage p   <=>   e crosses the gate of p        both as straight lines in (lon, lat), degrees

Every way through a passage crosses its gate once. So closing a passage is a true cut, and a wait or a toll that is charged on
its edges is charged once per transit. (The searoute package marks stretches of several edges instead: a toll on them would be
charged five times in Suez, and closing them would cut off Balboa and the ports of the Gulf of Suez as well.)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.errors import BadTable, Problem, UnknownOption
from keruen.tables.words import said

Row = Mapping[str, Any]
Floats = NDArray[np.float64]


def edge_passages(
    lat_u: Floats, lon_u: Floats, lat_v: Floats, lon_v: Floats, passages: Sequence[Row]
) -> NDArray[np.int8]:
    """Row of the passage whose gate each edge u-v crosses, else -1, int8 in the shape of the coordinates.

    Raises:
        BadTable: an edge crosses two gates, so that it would stand for two passages.
    """
    label = np.full(np.shape(lat_u), -1, np.int8)
    problems = []
    for row, passage in enumerate(passages):
        crossing = crosses_gate(lat_u, lon_u, lat_v, lon_v, passage)
        for other in np.unique(label[crossing & (label >= 0)]):
            problems.append(
                Problem(
                    "passages",
                    row + 2,
                    "gate_lat_a",
                    f"its gate and that of {passages[other]['passage']!r} are crossed by one lane",
                    "Draw the gates apart, so that each lane crosses one at most",
                )
            )
        label[crossing] = row
    if problems:
        raise BadTable(problems)
    return label


def crosses_gate(lat_u: Floats, lon_u: Floats, lat_v: Floats, lon_v: Floats, passage: Row) -> NDArray[np.bool_]:
    """Edges u-v that cross the gate of a passage: each of the two lines has the ends of the other on different sides.

    An end that lies exactly on the gate's line counts to one side only, so a way through that point still crosses once.
    """
    lat_a, lon_a, lat_b, lon_b = (float(passage[f"gate_{name}"]) for name in ("lat_a", "lon_a", "lat_b", "lon_b"))
    turn = 360.0 * np.round((lon_u - lon_a) / 360.0)  # brings the gate to the edge's side of the antimeridian
    gate_a, gate_b = (lon_a + turn, lat_a), (lon_b + turn, lat_b)
    end_u, end_v = (lon_u, lat_u), (lon_u + (lon_v - lon_u + 180.0) % 360.0 - 180.0, lat_v)
    ends_apart = _is_left(gate_a, gate_b, end_u) != _is_left(gate_a, gate_b, end_v)
    (x_u, y_u), (x_v, y_v) = end_u, end_v
    back = (x_u > x_v) | ((x_u == x_v) & (y_u > y_v))  # both directions of an edge are one line, with the same left
    west = np.where(back, x_v, x_u), np.where(back, y_v, y_u)
    east = np.where(back, x_u, x_v), np.where(back, y_u, y_v)
    gate_apart = _is_left(west, east, gate_a) != _is_left(west, east, gate_b)
    return np.asarray(ends_apart & gate_apart)


def _is_left(start: tuple[Any, Any], end: tuple[Any, Any], point: tuple[Any, Any]) -> NDArray[np.bool_]:
    """Whether points (x, y) lie left of the lines from start to end."""
    (x, y), (x_end, y_end), (px, py) = start, end, point
    return np.asarray((x_end - x) * (py - y) - (y_end - y) * (px - x) > 0)


def passages_open(
    passages: Sequence[Row],
    *,
    draft_m: float = 0.0,
    beam_m: float = 0.0,
    opened: Collection[str] = (),
    closed: Collection[str] = (),
) -> NDArray[np.bool_]:
    """Whether a ship of this draught and beam may use each passage, bool[p].

    A passage is shut when it is in `closed`, or is neither open by default nor in `opened`, or is too shallow or too narrow.

    Raises:
        UnknownOption: `opened` or `closed` names a passage that the table does not have.
    """
    keys = [str(row["passage"]) for row in passages]
    if unknown := sorted((set(opened) | set(closed)) - set(keys)):
        what = said("what_passage")
        raise UnknownOption(said("err_unknown_value", what=what, value=unknown[0], known=", ".join(keys)))
    return np.array(
        [
            key not in closed
            and (key in opened or _is_yes(row["default_open"]))
            and not _is_below(row["max_draft_m"], draft_m)
            and not _is_below(row["max_beam_m"], beam_m)
            for key, row in zip(keys, passages, strict=True)
        ],
        np.bool_,
    )


def _is_yes(value: Any) -> bool:
    """A cell of a yes/no column, whether it is read already or still text."""
    return bool(value) if isinstance(value, bool | np.bool_) else str(value).strip() == "yes"


def _is_below(value: Any, limit: float) -> bool:
    """Whether a cell holds a number below the limit; an empty cell (None, NaN or blank) is below nothing."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return False
    return float(value) < limit
