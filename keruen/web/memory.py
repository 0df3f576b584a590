"""Memory of a server that works in many threads, where the system's allocator is that of glibc.

It keeps an arena for each thread, up to eight for each core, and what was freed in one is not used by another: with 32 visitors that was a
third of the server's memory. Two arenas are enough here, since the threads that work are as many as the cores and the others wait.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

ARENAS = 2
M_ARENA_MAX = -8  # of malloc.h


def _library() -> Any:
    """The C library of the process, None where it is not glibc."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None


def use_few_arenas() -> None:
    """Let all threads share their arenas; before they are begun."""
    if library := _library():
        library.mallopt(M_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Give the system what was freed."""
    if library := _library():
        library.malloc_trim(0)
