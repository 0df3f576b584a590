"""The compiled kernels: the library beside this file, what its functions take, and how they are called.

    kernels.c, hierarchy.c, dissection.c of this room and the C files of keruen.flows, in one library     (hatch_build.py makes it)

A call releases the interpreter lock. A kernel that works long asks now and then whether to stop (`asked`).
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

THREADS = 2  # calls of kernels side by side


class GraphStruct(ctypes.Structure):
    """`Graph` of kernels.h."""

    _fields_ = (
        [("n", ctypes.c_int32), ("m", ctypes.c_int32)]
        + [(name, ctypes.c_void_p) for name in ("first_out", "head", "tail", "first_in", "in_arc")]
        + [("n_base", ctypes.c_int32), ("m_base", ctypes.c_int32)]
    )


class PathSetStruct(ctypes.Structure):
    """`PathSet` of kernels.c."""

    _fields_ = [
        ("n_paths", ctypes.c_int64),
        ("room_paths", ctypes.c_int64),
        ("room_arcs", ctypes.c_int64),
        ("cost", ctypes.POINTER(ctypes.c_double)),
        ("ptr", ctypes.POINTER(ctypes.c_int64)),
        ("arc", ctypes.POINTER(ctypes.c_int32)),
        ("n_criteria", ctypes.c_int32),
        ("truncated", ctypes.c_int32),
        ("labels", ctypes.c_int64),
    ]


_INT, _LONG, _DOUBLE, _POINTER = ctypes.c_int32, ctypes.c_int64, ctypes.c_double, ctypes.c_void_p
_HEED = ctypes.CFUNCTYPE(ctypes.c_int32)
_STOPPED = -3

_ARGUMENTS = {
    "keruen_check_graph": [_POINTER],
    "keruen_turn_round": [_INT] * 2 + [_POINTER] * 5,
    "keruen_shortest_tree": [_POINTER, _POINTER, _INT, _INT, _POINTER, _POINTER, _INT, _POINTER, _DOUBLE]
    + [_POINTER] * 4,
    "keruen_many_trees": [_POINTER, _POINTER, _INT, _INT, _POINTER, _INT, _POINTER, _POINTER],
    "keruen_tree_path": [_POINTER, _POINTER, _INT, _INT, _INT, _POINTER],
    "keruen_weighted_paths": [_POINTER, _INT] + [_POINTER] * 4 + [_INT] * 3 + [_POINTER] * 2,
    "keruen_pareto_set": [_POINTER] * 4
    + [_INT] * 2
    + [_POINTER, _INT, _INT]
    + [_POINTER] * 3
    + [_DOUBLE, _DOUBLE, _LONG, _HEED, _POINTER],
    "keruen_free_paths": [_POINTER],
}


@cache
def library() -> ctypes.CDLL:
    """The compiled kernels that lie beside this file. Raises ImportError if they are missing or do not load."""
    suffix = {"win32": "dll", "darwin": "dylib"}.get(sys.platform, "so")
    path = Path(__file__).with_name(f"_kernels.{suffix}")
    if not path.exists():
        raise ImportError(
            f"the compiled routing kernels are missing: no {path.name} in {path.parent}. "
            "Install the package again, or run `python hatch_build.py` in the source tree."
        )
    try:
        loaded = ctypes.CDLL(str(path))
        for name, arguments in _ARGUMENTS.items():
            getattr(loaded, name).argtypes = arguments
    except (OSError, AttributeError) as error:
        raise ImportError(f"the compiled routing kernels do not load ({error}); install the package again") from error
    return loaded


def call(name: str, *arguments: Any) -> None:
    """Calls a kernel that returns a status. Raises MemoryError, InterruptedError."""
    if status := getattr(library(), name)(*arguments):
        raise InterruptedError(name) if status == _STOPPED else MemoryError(f"{name}: not enough memory")


@contextmanager
def asked(heed: Callable[[], None] | None) -> Iterator[Any]:
    """What a kernel asks whether to stop. An exception cannot pass through C: what heed raises is raised when C has cleaned up."""
    raised: list[BaseException] = []

    def ask() -> int:
        try:
            if heed is not None:
                heed()
        except BaseException as error:  # also KeyboardInterrupt
            raised.append(error)
        return len(raised)

    try:
        yield _HEED() if heed is None else _HEED(ask)
    except InterruptedError:
        raise raised[0] from None


def address(array: NDArray[Any] | None) -> ctypes.c_void_p | None:
    return None if array is None else ctypes.c_void_p(array.ctypes.data)
