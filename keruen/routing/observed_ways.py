"""By which way a haul is predicted: that of its corridor, else of what its words name after "via", else of its modes; or none, and why.

    corridor   the way of least generalized cost that the corridor's row allows; if its modes are not those of the haul, such a way by
               these modes
    modes      the way of least generalized cost by these modes
    section    where a corridor is named whose ships the haul does not use, or both ends are in one country: by its modes, if the way
               stays in the countries of its ends

Each is asked first without the trains and trucks that the row does not speak of, so that a train that was seen is compared with a train
and not with the trucks that would be faster today; they come in only where no way is found without them, or none by the haul's modes.

A way whose modes are not the haul's is never used: a wrong way is worse than none. A mode the haul does not name may carry a quarter
of the kilometres over land, for the first and last stretch, and nothing over water or by air, unless the corridor itself goes over water.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from keruen.errors import KeruenError
from keruen.network.build import open_world
from keruen.network.graph import MODES as NETWORK_MODES
from keruen.routing.corridors import corridors_of
from keruen.routing.demands import country_named, required
from keruen.routing.observed import COST, LEVEL, Haul
from keruen.routing.observed_places import Finder, Found
from keruen.routing.observed_words import WATER, Wordbook, named_after_via, stretches_over_water
from keruen.routing.preferred import preferred_way
from keruen.routing.progress import Heed, unheard
from keruen.routing.result import Route
from keruen.routing.shipment import Shipment
from keruen.tables.dataset import Dataset
from keruen.tables.periods import middle_day
from keruen.tables.words import joined, said

OVER_LAND = ("rail", "road")
UNNAMED_SHARE = 0.25  # of the kilometres, by a mode over land that the haul does not name
OUTSIDE_SHARE = 0.02  # of the kilometres of a section, in other countries: the Kyrgyz corner of the Turksib
UNITS = {
    "feu": ("40ft", None, 1.0), "teu": ("20ft", None, 1.0), "truck": ("trailer", None, 1.0), "t": ("tonne", 1_000.0, 1_000.0),
    "kg": ("tonne", 1.0, 1_000.0),
}  # fmt: skip
"""Load unit and tonnes in which a price for one of these is asked, and how many of these that is; of others no haul is made."""
CURRENCY = "USD"
KINDS, MONEY, UNIT, WORDS, PLACE, WAY, MODES = "kind", "currency", "unit", "words", "place", "way", "modes"
"""Why a haul has no way: not the price of a haul, other money, no load unit, words with two meanings, an end, no way, other modes."""


@dataclass(frozen=True)
class HaulWay:
    """The ends of a haul, its corridor as told (empty: none) and its way; no way: `why` names the kind of reason and `reason` says it.

    via: names its way goes by, if it has no corridor. how: by what the way was asked for.
    """

    origin: Found
    destination: Found
    corridor: str = ""
    via: tuple[str, ...] = ()
    way: Route | None = None
    how: str = ""
    why: str = ""
    reason: str = ""


@dataclass(frozen=True)
class _Asked:
    """What is asked of the network, in words."""

    how: str
    require: tuple[str, ...]
    avoid: tuple[str, ...]
    within: tuple[str, ...] = ()


class Ways:
    """Finds the ways of hauls; each different question is asked once. What `heed` raises stops the search."""

    def __init__(self, data: Dataset, finder: Finder, heed: Heed = unheard) -> None:
        self._data, self._finder, self._book, self._heed = data, finder, Wordbook(data), heed
        self._known: dict[tuple[object, ...], Route | str] = {}
        self._vias: dict[str, bool] = {}

    def find(self, haul: Haul) -> HaulWay:
        """The way of a haul, or why there is none."""
        origin, destination = self._finder.find(haul, 0), self._finder.find(haul, -1)
        ends = HaulWay(origin, destination, *self._told(haul, {origin.country, destination.country}))

        def none(why: str, reason: str) -> HaulWay:
            return replace(ends, why=why, reason=reason)

        if haul.measure == COST:
            if haul.value_kind != LEVEL:
                return none(KINDS, said("why_kind", kind=said(f"kind_{haul.value_kind}")))
            if haul.currency != CURRENCY:
                currency = haul.currency or said("no_currency")
                return none(MONEY, said("why_currency", currency=currency, wanted=CURRENCY))
            if haul.per not in UNITS:
                return none(UNIT, said("why_per", per=haul.per.replace("_", " ")))
        if haul.unclear:
            return none(WORDS, haul.unclear)
        for found in (origin, destination):
            if not found.code:
                return none(PLACE, found.why)
        if origin.code == destination.code:
            return none(PLACE, said("why_both_ends", code=origin.code))
        if not (ends.corridor or haul.modes or any(map(self._via, ends.via))):
            return none(WORDS, said("why_no_words"))
        return self._tried(haul, ends)

    def _told(self, haul: Haul, countries: Collection[str]) -> tuple[str, tuple[str, ...]]:
        """The corridor that a haul's row or words tell, and, if they tell none, what they say the way goes by."""
        if haul.corridor or haul.unclear:
            return haul.corridor, ()
        row = self._book.find("corridor", haul.corridor_text, countries, stretches_over_water(haul.modes))
        if row is not None and row.text("country"):  # words of several corridors, all through one country
            return "", (row.text("country"),)
        if row is not None and haul.by_words:
            return row.text("corridor"), ()
        return "", named_after_via(haul.corridor_text)

    def _tried(self, haul: Haul, ends: HaulWay) -> HaulWay:
        """The first of the ways asked for that goes by the modes of the haul."""
        why, reason = WAY, ""
        for asked in self._questions(haul, ends):
            found = self._ask(haul, ends.origin.code, ends.destination.code, asked)
            if isinstance(found, str):
                reason = reason or found
                continue
            other = modes_that_differ(found, haul.modes, over_water=self._over_water(ends) and not asked.within)
            if not other and asked.within and km_outside(found, asked.within) > OUTSIDE_SHARE * found.distance_km:
                other = said("why_section")
            if not other:
                return replace(ends, way=found, how=asked.how)
            if not asked.within:
                why, reason = MODES, other
        return replace(ends, why=why, reason=reason or said("why_no_way"))

    def _questions(self, haul: Haul, ends: HaulWay) -> Iterator[_Asked]:
        """What is asked for, in turn: each question first without the trains and trucks that the row does not speak of."""
        unsaid = not_said_of_land(haul.modes, ends.origin.country, ends.destination.country)
        for asked in self._loosely(haul, ends):
            more = tuple(item for item in unsaid if item not in asked.avoid)
            if more:
                yield replace(asked, avoid=(*asked.avoid, *more))
            yield asked

    def _loosely(self, haul: Haul, ends: HaulWay) -> Iterator[_Asked]:
        """What is asked for, where trucks may go between as they like."""
        base = (f"corridor:{ends.corridor}",) if ends.corridor else tuple(filter(None, map(self._via, ends.via)))
        how = "corridor" if ends.corridor else "via" if base else "modes"
        within = (ends.origin.country, ends.destination.country)
        sections = (
            [_Asked("section", require, avoid, within) for require, avoid in by_modes(haul.modes)]
            if ends.corridor and haul.modes
            else []
        )
        at_home = (
            ends.origin.country == ends.destination.country
        )  # a stretch of the corridor, which need not use its gates
        if at_home:
            yield from sections
        if base:
            yield _Asked(how, base, ())
        if haul.modes:
            for require, avoid in by_modes(haul.modes):
                yield _Asked(how, (*base, *require), avoid)
        if not at_home:
            yield from sections

    def _via(self, name: str) -> str:
        """A name behind "via" as a requirement: a country if it is one, else as it stands; empty if nobody knows it ("Chinese ports")."""
        country = country_named(self._data, name)
        text = f"country:{country}" if country else name
        if text not in self._vias:
            try:
                world = open_world(self._data)
                corridors = {one.key: one for one in corridors_of(list(self._data["corridors"]), world.graph)}
                self._vias[text] = any(len(arcs) for arcs in required(self._data, world, corridors, text).used)
            except KeruenError:
                self._vias[text] = False
        return text if self._vias[text] else ""

    def _over_water(self, ends: HaulWay) -> bool:
        """Whether the corridor that is told goes over water by its own row."""
        row = self._data.find_row(f"corridors:{ends.corridor}") if ends.corridor else None
        items = (*row.texts("gates"), *row.texts("also")) if row is not None else ()
        return any(item.startswith(("service:", "passage:", "mode:sea")) or item.endswith("@sea") for item in items)

    def _ask(self, haul: Haul, start: str, end: str, asked: _Asked) -> Route | str:
        """The way asked for in the middle of the haul's period, in usual conditions if there is none then; or why there is none."""
        unit, tonnes, _ = UNITS[haul.per] if haul.measure == COST else ("", None, 1.0)
        found = self._on(middle_day(haul.period), start, end, asked, unit, tonnes) if haul.period else ""
        return self._on(None, start, end, asked, unit, tonnes) if isinstance(found, str) else found

    def _on(
        self, day: date | None, start: str, end: str, asked: _Asked, unit: str, tonnes: float | None
    ) -> Route | str:
        """The way asked for under the conditions of a day, or why there is none."""
        key = (day, start, end, asked.require, asked.avoid, unit, tonnes)
        if key not in self._known:
            shipment = Shipment(unit=unit, tonnes=tonnes)
            try:
                self._known[key] = preferred_way(
                    self._data, start, end, shipment=shipment, depart=day, require=asked.require, avoid=asked.avoid,
                    heed=self._heed,
                )  # fmt: skip
            except KeruenError as error:
                self._known[key] = error.message
        return self._known[key]


def by_modes(modes: Sequence[str]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """What to require and what to avoid so that a way goes by these modes, and by trucks where they are needed.

    Ships and ferries are asked for by the name given first, then by the other.
    """
    named = set(modes)
    afloat = [mode for mode in NETWORK_MODES if mode in WATER]  # of those that the network has
    water = [mode for mode in dict.fromkeys(modes) if mode in afloat]
    land = tuple(mode for mode in ("rail", "road", "air") if mode in named and (mode != "road" or named == {"road"}))
    shut = tuple(mode for mode in ("rail", "air") if mode not in named) + (() if water else tuple(afloat))
    for by_water in [*water[:1], *([mode for mode in afloat if mode != water[0]] if water else [""])]:
        require = (*((by_water,) if by_water else ()), *land)
        yield require, shut


def not_said_of_land(modes: Sequence[str], start: str, end: str) -> tuple[str, ...]:
    """Trains and trucks that a row with these modes, from one country to another, does not speak of, as things to avoid.

    A mode it does not name; and trucks, where it names them beside trains, in the country where it begins or ends by train: "rail+road"
    begins by rail. Nothing if the row names no modes.
    """
    if not modes:
        return ()
    unnamed = tuple(mode for mode in OVER_LAND if mode not in modes)
    if "road" in unnamed or start == end:
        return unnamed
    ends = ((start, modes[0]), (end, modes[-1]))
    return (*unnamed, *(f"country:{country}@road" for country, mode in ends if country and mode == "rail"))


def km_outside(way: Route, countries: Collection[str]) -> float:
    """Kilometres of a way in other countries than these."""
    return sum(leg.distance_km for leg in way.legs if leg.country not in countries)


def modes_that_differ(way: Route, modes: Sequence[str], *, over_water: bool = False) -> str:
    """How the modes of a way differ from those named, as a reason; empty if they agree, or none are named.

    over_water: whether ships are all right though not named, because the corridor has them.
    """
    if not modes:
        return ""
    km: dict[str, float] = {}
    for leg in way.legs:
        if leg.moves:
            mode = "water" if leg.mode in WATER else leg.mode
            km[mode] = km.get(mode, 0.0) + leg.distance_km
    named = {"water" if mode in WATER else mode for mode in modes}
    total = sum(km.values())
    allowed = {"water": 1.0 if over_water else 0.0, "air": 0.0}
    wrong = [
        mode for mode, length in km.items() if mode not in named and length > allowed.get(mode, UNNAMED_SHARE) * total
    ]
    missing = [mode for mode in sorted(named) if mode not in km and not (mode == "road" and len(named) > 1)]
    crossings = stretches_over_water([leg.mode for leg in way.legs if leg.moves])
    if not wrong and not missing and crossings < min(stretches_over_water(modes), 2):
        return said("why_crossings")
    if not wrong and not missing:
        return ""
    words = [said("why_km_by", km=km[mode], total=total, mode=said(f"mode_{mode}")) for mode in wrong]
    words += [said("why_nothing_by", mode=said(f"mode_{mode}")) for mode in missing]
    said_of = joined(said("and"), (said(f"mode_{mode}") for mode in sorted(named)))
    return said("why_modes", named=said_of, found=joined(said("and"), words))
