"""What is handed to C is checked first: dtype, order, shape, ids in range, numbers that are none or below zero.

The kernels trust every id and every length; what is not as they need it is a TypeError or ValueError that says what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from weakref import ref

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ids = NDArray[np.int32]
Weights = NDArray[np.float64]

GRAPH_ERRORS = {
    1: "first_out must have n + 1 >= 2 entries that rise from 0 to the number of arcs, {m}",
    2: "first_in must have n + 1 >= 2 entries that rise from 0 to the number of arcs, {m}",
    3: "head must hold node ids from 0 to n - 1; n is {n}",
    4: "tail does not agree with first_out: the arcs that leave u are first_out[u] .. first_out[u + 1] - 1",
    5: "in_arc does not agree with first_in and head: the arcs that enter v, in the order of their ids",
}


def require(name: str, array: NDArray[Any], dtype: np.dtype[Any], shape: Sequence[int]) -> None:
    """Raises TypeError or ValueError unless the array can be handed to C as it is."""
    if not isinstance(array, np.ndarray) or array.dtype != dtype:
        got = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
        raise TypeError(f"{name} must be a numpy array of {dtype}, not {got}")
    if not (array.flags.c_contiguous and array.flags.aligned):
        raise TypeError(f"{name} must be contiguous (C order) and aligned; use np.ascontiguousarray")
    if array.shape != tuple(shape):
        raise ValueError(f"{name} must have the shape {tuple(shape)}, not {array.shape}")


def require_rows(first_out: Ids, head: Ids) -> None:
    """Raises TypeError or ValueError unless these two arrays are a compressed sparse row structure."""
    n, m = first_out.shape[0] - 1, head.shape[0]
    require("first_out", first_out, np.dtype(np.int32), (n + 1,))
    require("head", head, np.dtype(np.int32), (m,))
    if n < 1 or first_out[0] != 0 or first_out[-1] != m or np.any(first_out[1:] < first_out[:-1]):
        raise ValueError(GRAPH_ERRORS[1].format(n=n, m=m))
    if m and (head.min() < 0 or head.max() >= n):
        raise ValueError(GRAPH_ERRORS[3].format(n=n, m=m))


def require_node(name: str, node: int, n: int) -> None:
    if not 0 <= node < n:
        raise ValueError(f"{name} is {node}: node ids run from 0 to {n - 1}")


def node_ids(name: str, values: ArrayLike, n: int, what: str = "node") -> Ids:
    given = np.asarray(values)
    if given.size and given.dtype.kind not in "iu":
        raise TypeError(f"{name} must be integer {what} ids, not {given.dtype}")
    if given.size and (given.min() < 0 or given.max() >= n):
        raise ValueError(f"{name} must be {what} ids from 0 to {n - 1}; they run from {given.min()} to {given.max()}")
    return np.ascontiguousarray(given.ravel(), np.int32)


def require_lambdas(values: ArrayLike, criteria: int) -> Weights:
    vectors = np.ascontiguousarray(np.atleast_2d(np.asarray(values, np.float64)))
    if vectors.ndim != 2 or vectors.shape[0] < 1 or vectors.shape[1] != criteria:
        raise ValueError(f"lambdas must have {criteria} columns, one per criterion, not shape {vectors.shape}")
    if not np.all(np.isfinite(vectors)) or np.any(vectors < 0):
        raise ValueError("lambdas must be finite and >= 0")
    return vectors


def require_not_negative(name: str, array: Weights, item: Callable[[tuple[int, ...]], str]) -> None:
    """Raises ValueError if a number is negative or none. Of arrays that nobody may write to, this is asked once."""
    owner = array if array.base is None else array.base
    checked = isinstance(owner, np.ndarray) and not owner.flags.writeable
    if checked and (known := _NOT_NEGATIVE.get(id(owner))) is not None and known() is owner:
        return
    if array.size and not array.min() >= 0:  # a minimum is nan if anything is
        at = tuple(int(i) for i in np.argwhere(~(array >= 0))[0])
        raise ValueError(f"{name} of {item(at)} is {array[at]}: it must be >= 0, or inf for closed")
    if checked and (owner is array or not owner.size or owner.min() >= 0):
        key = id(owner)
        _NOT_NEGATIVE[key] = ref(owner, lambda _: _NOT_NEGATIVE.pop(key, None))


_NOT_NEGATIVE: dict[int, ref[Weights]] = {}  # arrays that are read-only and were found to be in order
