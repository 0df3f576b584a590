"""What was observed: how long a journey took or what its carriage cost, as records, from the tables and from files outside.

    Haul          what was carried from where to where, by which corridor and modes, and how the source knows
    Observation   how long the haul took [days] or what it cost [the file's own unit], in one row

Many rows tell of one haul; it is one record and is predicted once. Which days are compared is fixed before anything is predicted: a
source's transit time is taken from the departure of the first vehicle to the arrival of the last, unless the row says that it goes from
door to door or has the waiting and the terminals at both ends in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from keruen.routing.observed_words import Wordbook, several_ways
from keruen.tables.dataset import Dataset
from keruen.tables.halves import HAPPENED, evidence_of_parameters, half_of
from keruen.tables.table import Row
from keruen.tables.words import said

TIME, COST = "time", "cost"
MOVING, ALL_TOLD = "departure_to_arrival", "all_told"
COUNTED = {"door_to_door": ALL_TOLD, "with_terminals": ALL_TOLD}
"""Scopes whose days hold the waiting and the lifts at both ends; all others are from departure to arrival."""
LEVEL = "level"


@dataclass(frozen=True, slots=True)
class End:
    """An end of a haul: its name in the source, and what is known for certain: place, country or group of countries."""

    name: str
    place: str = ""
    country: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Haul:
    """What was observed, apart from its days or price.

    corridor: key, empty if no one corridor is known for certain; by_words: whether it is still to be understood from its words.
    modes: in order, empty if unknown. counted: which days (MOVING or ALL_TOLD). section: group of countries whose stretch alone is
    priced. period: date, month or year. quality: A two named places, B one, C none. unclear: why the haul cannot be routed, empty if
    it can.
    """

    measure: str
    origin: End
    destination: End
    corridor: str = ""
    corridor_text: str = ""
    by_words: bool = False
    modes: tuple[str, ...] = ()
    mode_text: str = ""
    counted: str = MOVING
    basis: str = ""
    quality: str = ""
    period: str = ""
    per: str = "days"
    currency: str = ""
    value_kind: str = LEVEL
    section: str = ""
    unclear: str = ""

    @property
    def year(self) -> int | None:
        """The year it speaks of; None: unknown."""
        return int(self.period[:4]) if self.period else None

    @property
    def happened(self) -> bool:
        """Whether the source tells what happened, not what was announced, aimed at, compared or computed."""
        return self.basis in HAPPENED


@dataclass(frozen=True, slots=True)
class Observation:
    """A row: the haul and its days or price, least and most (None: nothing stated), in the unit of the haul."""

    id: str
    haul: Haul
    least: float
    most: float | None
    at_least: bool
    claim: str
    half: str

    @property
    def middle(self) -> float:
        """The middle of the range; the number itself where there is one, also if it is the least."""
        return self.least if self.most is None else (self.least + self.most) / 2


def shipped_observations(data: Dataset) -> Iterator[Observation]:
    """The rows of the tables journeys and prices."""
    seen, book = evidence_of_parameters(data), Wordbook(data)
    for row in data["journeys"]:
        least, most = row.number("days_min"), row.number("days_max")
        at_least = bool(row.boolean("at_least"))
        yield Observation(
            row.id, _journey(row), least, known(most), at_least, row.text("claim_group"), half_of(row, seen)
        )
    for row in data["prices"]:
        least, most = row.number("value_min"), row.number("value_max")
        haul = _price(row, book)
        yield Observation(row.id, haul, least, known(most), False, row.text("claim_group"), half_of(row, seen))


def known(value: float) -> float | None:
    """A number, or None for NaN."""
    return value if value == value else None


def _journey(row: Row) -> Haul:
    """The haul of a row of journeys."""
    origin = End(row.text("origin_name"), row.text("origin_place"), row.text("origin_country"))
    end = End(
        row.text("destination_name"), row.text("destination_place"), row.text("destination_country"),
        row.text("destination_region"),
    )  # fmt: skip
    return Haul(
        TIME, origin, end, row.text("corridor"), row.text("corridor_text"), False, row.texts("modes"),
        row.text("mode_text"), COUNTED.get(row.text("scope"), MOVING), row.text("basis"),
        row.text("endpoint_quality"), row.text("period_start"), unclear=unclear_words(row.text("corridor_text")),
    )  # fmt: skip


def unclear_words(text: str) -> str:
    """Why nobody can tell by which way words mean; empty if they name one way or none."""
    return said("why_unclear", text=text) if several_ways(text) else ""


def _price(row: Row, book: Wordbook) -> Haul:
    """The haul of a row of prices."""
    origin = End(row.text("origin_name"), row.text("origin_place"))
    end = End(row.text("destination_name"), row.text("destination_place"))
    return Haul(
        COST, origin, end, row.text("corridor"), row.text("corridor_text"), False, row.texts("modes"),
        row.text("mode_text"), "", price_basis(book, row.text("basis_text")), quality_of(origin, end),
        row.text("period_start"), row.text("per"), row.text("currency"), row.text("value_kind"),
        section_of(book, row.text("basis_text"), row.text("corridor_text"), origin.name, end.name),
        unclear_words(row.text("corridor_text")),
    )  # fmt: skip


def price_basis(book: Wordbook, text: str) -> str:
    """The basis of a price: what is asked or paid is usual unless the source says that it is announced, aimed at or computed."""
    return book.means("basis", text) or "reported_typical"


def section_of(book: Wordbook, *texts: str) -> str:
    """The group of countries whose stretch alone a price is for; empty: the whole haul."""
    rows = (book.find("section", text) for text in texts)
    return next((row.text("region") for row in rows if row is not None), "")


def quality_of(origin: End, destination: End) -> str:
    """A: both ends are places. B: one is. C: none is."""
    return "CBA"[bool(origin.place) + bool(destination.place)]
