"""What is worked out once and remembered: the last few values by key, safe for threads that ask side by side.

Two threads that ask the same key work it out once; threads that ask different keys do not wait for each other.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass
class _Slot(Generic[Value]):
    """A value, when it is made; the lock is held while it is being made."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    value: Value | None = None
    made: bool = False


class Remembered(Generic[Key, Value]):
    """The last `most` values; the one not asked for longest goes first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._slots: OrderedDict[Key, _Slot[Value]] = OrderedDict()

    def find(self, key: Key, make: Callable[[], Value]) -> Value:
        """The value of a key, made if it is not remembered. What `make` raises is passed on, and nothing is remembered."""
        with self._lock:
            slot = self._slots.setdefault(key, _Slot())
            self._slots.move_to_end(key)
            while len(self._slots) > self.most:
                self._slots.popitem(last=False)
        with slot.lock:
            if not slot.made:
                slot.value = make()
                slot.made = True
            return cast(Value, slot.value)

    def __len__(self) -> int:
        return len(self._slots)
