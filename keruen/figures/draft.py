"""Claims in the making, and what a text has said before them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from keruen.figures.claim import Alternative, Printed
from keruen.figures.quantities import Quantity

NO_COUNTRIES = frozenset({"CIS", "OTS", "SCO", "GCC", "BTK", "BTC", "WLD"})


@dataclass
class Draft:
    """A claim in the making. Spans are token ranges of its sentence; `extent` is that of its quantities."""

    quantities: list[Quantity] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    printed: dict[str, Printed] = field(default_factory=dict)
    alternatives: list[Alternative] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    readings: dict[str, tuple[tuple[float, int], ...]] = field(default_factory=dict)
    compared: bool = False
    rate: bool = False
    since_then: int | None = None
    """Where it is told that it is a change since the time of the claim before: "stood at 5 in 2022, has since grown by 3 %"."""

    def put(self, slot: str, value: object, origin: str, span: tuple[int, int] | None = None) -> None:
        """Fills a slot if it is empty and there is something to fill it with."""
        if value is None or slot in self.values:
            return
        self.values[slot] = value
        self.origins[slot] = origin
        if span is not None and span[0] < span[1]:
            self.spans[slot] = span

    def drop_value(self) -> None:
        """Takes out a level that has no unit, with the quantities it was read from."""
        for slot in ("value", "value_max", "qualifier"):
            for slots in (self.values, self.origins, self.spans, self.printed):
                slots.pop(slot, None)
        self.alternatives = [other for other in self.alternatives if other.slot != "value"]
        self.quantities = [quantity for quantity in self.quantities if quantity.unit is not None] or self.quantities

    def extent(self) -> tuple[int, int]:
        """The tokens from its first quantity to its last."""
        return min(q.i for q in self.quantities), max(q.j for q in self.quantities)


@dataclass
class Memory:
    """What was said before: the slots of the last claims or topics, with the sentence they are from.

    `home` is the country of the first official named, else the country named most often: of an unordered pair it comes first.
    """

    published: date | None
    sentence: int = 0
    paragraph: int = 0
    headline: bool = False
    slots: dict[str, tuple[object, int]] = field(default_factory=dict)
    heading: dict[str, object] = field(default_factory=dict)
    heads: set[int] = field(default_factory=set)
    pairs: list[tuple[str | None, str | None]] = field(default_factory=list)
    home: str | None = None

    def open_sentence(self, number: int, paragraph: int, headline: bool) -> None:
        """A new sentence begins."""
        self.sentence, self.paragraph, self.headline = number, paragraph, headline
        if headline:
            self.heads.add(number)

    def keep(self, slot: str, value: object) -> None:
        """Remembers a slot for the sentences that follow."""
        if value is None:
            return
        self.slots[slot] = (value, self.sentence)
        if self.headline:
            self.heading.setdefault(slot, value)

    def recall(self, slot: str, reach: int = 2) -> tuple[object, str] | None:
        """A slot of one of the last sentences, else of the headline, with its origin."""
        value = self.slots.get(slot)
        if value is not None and self.sentence - value[1] <= reach:
            if value[1] in self.heads:
                return value[0], "headline"
            return value[0], "previous sentence" if self.sentence > value[1] else "left clause"
        return (self.heading[slot], "headline") if slot in self.heading else None

    def keep_pair(self, couple: tuple[str | None, str | None]) -> None:
        """Remembers two countries (no groups) for a later "between our countries"."""
        if all(place is not None and len(place) == 3 and place not in NO_COUNTRIES for place in couple):
            self.pairs.append(couple)


@dataclass
class Group:
    """Atoms that speak of one thing: tokens i to j."""

    i: int
    j: int
    quantities: list[int]
    strong: bool = False
