"""Claims about routes, flights and materials, held against the tables and, if asked, against the model.

    "3 to 4 times faster than the sea"     median days of journeys by sea / median days by the corridor          journeys
                                            half of the model's journeys by sea / by the corridor                routing.reach, if asked
    "13 flights a week"                     flights on record between the two countries at the time              air_services
    "16 of 30 critical materials"           how many of the list are plainly, and how many at all, produced      materials

Journeys count once for a claim group, only those observed or reported as usual, from China or Vietnam to Europe. What was checked before
(table claims) is told beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from statistics import median
from typing import NamedTuple

from keruen.figures.ledger import TITR, Figure, Ledger
from keruen.figures.meaning import Meaning, bounded
from keruen.figures.verdict import AGREES, DIFFERS, NO_RECORD, NOTE, Amount, Check, Value, evidence_of
from keruen.tables.dataset import Dataset
from keruen.tables.rounding import Interval, exactly
from keruen.tables.table import Row

TRANS_CASPIAN = (
    "trans_caspian", "trans_caspian_btk", "trans_caspian_black_sea", "trans_caspian_turkmen", "trans_caspian_turkmen_btk",
)  # fmt: skip
NORTHERN = ("northern", "northern_baltic", "trans_siberian", "trans_mongolian")
SEAS = ("suez", "cape")
COUNTED = ("observed", "reported_typical")
EXPORTERS = ("CN", "VN")
EUROPE = ("europe", "eastern_europe")
MODEL_ENDS: Mapping[str, str] = {"VNM": "VNHPH", "CHN": "CNXAG"}
MODEL_DESTINATIONS = ("NLRTM", "DEDUI")
FLIGHTS = "flights/week"
COUNTED_LISTS = ("EU2020", "EU2023")  # of which statements count; entries of the others are rows here otherwise
TIMES = "times"
SAME = 1e-3

Ratios = Callable[[Sequence[str], str], Sequence[float]]
"""Gives times by which the model's sea journeys exceed those of some corridors, from an origin (UN/LOCODE)."""


class Days(NamedTuple):
    """Days of a way from China or Vietnam to Europe: the middle of each claim group, and the rows."""

    middles: tuple[float, ...]
    rows: tuple[str, ...]


def is_route_claim(m: Meaning) -> bool:
    """Whether a claim compares ways of transport: so many times faster than another."""
    return m.claim.against is not None or (m.claim.unit == TIMES and m.claim.flow in (None, "other"))


def speed_checks(
    m: Meaning, data: Dataset, book: Ledger, nearby: Sequence[str], model: Ratios | None
) -> Iterator[Check]:
    """A multiple of speed. `nearby`: countries that the text speaks of, as ISO 3166 alpha-3. Only multiples against the sea are known."""
    claim = m.claim
    stated = stated_multiple(m)
    if stated is None or claim.against not in (None, "sea"):
        yield Check(NO_RECORD, "route_unknown", {"against": claim.against or ""})
        return
    corridors = TRANS_CASPIAN if claim.subject == TITR or claim.mode is None else NORTHERN
    land = days_of(data, corridors)
    seas = [days_of(data, (sea,)) for sea in SEAS]
    if not land.middles or not all(sea.middles for sea in seas):
        yield Check(NO_RECORD, "route_unknown", {"against": claim.against or ""})
        return
    ratios = [median(sea.middles) / median(land.middles) for sea in seas]
    found = Interval(min(ratios), max(ratios))
    told: dict[str, Value] = {
        "stated": Amount(stated, TIMES), "recorded": Amount(found, TIMES), "land": Amount(_range(land), "days"),
        "sea": Amount(Interval(min(median(s.middles) for s in seas), max(median(s.middles) for s in seas)), "days"),
        "n": float(len(land.middles)),
    }  # fmt: skip
    rows = evidence_of((land.rows, *(sea.rows for sea in seas)))
    yield Check(
        AGREES if found.meets(stated) else DIFFERS,
        "speed_agrees" if found.meets(stated) else "speed_differs",
        told,
        rows,
    )
    best = Interval(
        min(min(s.middles) for s in seas) / max(land.middles), max(max(s.middles) for s in seas) / min(land.middles)
    )
    yield Check(NOTE, "speed_range", {"recorded": Amount(best, TIMES)})
    if model is not None:
        yield from _by_model(stated, corridors, nearby, model)
    yield from checked_before(m, book, "ratio", stated)


def _by_model(stated: Interval, corridors: Sequence[str], nearby: Sequence[str], model: Ratios) -> Iterator[Check]:
    for country in [country for country in MODEL_ENDS if country in nearby] or list(MODEL_ENDS):
        ratios = model(corridors, MODEL_ENDS[country])
        if ratios:
            found = Interval(min(ratios), max(ratios))
            told: dict[str, Value] = {"origin": MODEL_ENDS[country], "recorded": Amount(found, TIMES)}
            meets = found.meets(stated)
            yield Check(AGREES if meets else DIFFERS, "model_agrees" if meets else "model_differs", told)


def model_ratios(data: Dataset) -> Ratios:
    """The model as `speed_checks` asks it: half of the journeys by sea over half of those by the corridors, to places in Europe."""
    from keruen.routing.reach import reach

    def ratios(corridors: Sequence[str], origin: str) -> Sequence[float]:
        land = reach(data, origin, MODEL_DESTINATIONS, corridors)
        found = []
        for sea in SEAS:
            ships = reach(data, origin, MODEL_DESTINATIONS, (sea,))
            for place in land.keys() & ships.keys():
                mine, other = land[place].reliability, ships[place].reliability
                if mine is not None and other is not None:
                    found.append(other.percentile_h(50) / mine.percentile_h(50))
        return found

    return ratios


def stated_multiple(m: Meaning) -> Interval | None:
    """The multiple that a claim about routes states, in whichever slot it stands."""
    claim = m.claim
    if claim.growth_times is not None:
        return m.multiple(claim.growth_times, claim.growth_times_max, "growth_times")
    return None if claim.value is None else m.multiple(claim.value, claim.value_max, "value")


@lru_cache(maxsize=32)
def days_of(data: Dataset, corridors: tuple[str, ...]) -> Days:
    """Days by some corridors from China or Vietnam to Europe: the middle of each claim group."""
    regions = {row.text("country"): row.text("region") for row in data["countries"]}
    groups: dict[str, list[Row]] = {}
    for row in data["journeys"]:
        europe = regions.get(row.text("destination_country")) in EUROPE or row.text("destination_region") == "EU"
        from_there = row.text("origin_country") in EXPORTERS
        if row.text("corridor") in corridors and row.text("basis") in COUNTED and europe and from_there:
            groups.setdefault(row.text("claim_group"), []).append(row)
    middles = [median([_middle(row) for row in rows]) for rows in groups.values()]
    return Days(tuple(middles), tuple(row.id for rows in groups.values() for row in rows))


def _middle(row: Row) -> float:
    low, high = row.number("days_min"), row.number("days_max")
    return (low + high) / 2 if high == high else low


def _range(days: Days) -> Interval:
    return Interval(min(days.middles), max(days.middles))


def flight_checks(m: Meaning, book: Ledger, published: date | None) -> Iterator[Check]:
    """Flights a week between two countries: against a record of all of them, or beside those that are known."""
    claim = m.claim
    pair = [one for one in (claim.subject, claim.partner) if one is not None]
    figures = [
        figure
        for a, b in ((pair[0], pair[-1]), (pair[-1], pair[0]))
        for figure in book.about(a, b)
        if figure.measure == "flights" and figure.unit == FLIGHTS
    ] if len(pair) > 1 else []  # fmt: skip
    known = [figure for figure in figures if figure.interval is not None and figure.modality == "stated"]
    day = (m.span.last if m.span else None) or published
    then = [
        figure for figure in known if day is not None and figure.span and figure.span.first <= day <= figure.span.last
    ]
    total = sum((figure.interval for figure in then if figure.interval is not None), start=exactly(0.0))
    rows = evidence_of(figure.rows for figure in figures)
    if m.value is not None and then and total.low > m.value.high:
        yield Check(DIFFERS, "flights_more", {"recorded": Amount(total, FLIGHTS)}, rows)
    elif known:
        listed = "; ".join(f"{figure.value:g}: {figure.scope} ({figure.period})" for figure in known)
        yield Check(NO_RECORD, "flights_parts", {"listed": listed}, rows)
    else:
        yield Check(NO_RECORD, "flights_none", {}, rows)
    yield from checked_before(m, book, "flights_per_week", m.value)


def material_checks(m: Meaning, data: Dataset, book: Ledger, published: date | None) -> Iterator[Check]:
    """So many of a list of critical materials: between those plainly produced in Kazakhstan and all for which something says so."""
    claim = m.claim
    by_list = _materials_by_list(data)
    name = next((name for name, rows in by_list.items() if len(rows) == claim.whole), None)
    if name is None or m.rounded is None:
        sizes = ", ".join(f"{name} {len(rows)}" for name, rows in by_list.items())
        yield Check(NO_RECORD, "materials_no_list", {"lists": sizes})
        return
    day = (m.span.last if m.span else None) or published
    rows = by_list[name]
    yes = [row for row in rows if row.text("kazakhstan") == "yes" and _began(row, day)]
    plain = [row for row in yes if row.text("certainty") == "plain"]
    unjudged = [row for row in rows if not row.text("kazakhstan")]
    found = Interval(float(len(plain)), float(len(yes) + len(unjudged)))
    told: dict[str, Value] = {
        "list": name, "plain": float(len(plain)), "all": float(len(yes)), "unjudged": float(len(unjudged)),
        "weak": ", ".join(row.text("name") for row in yes if row.text("certainty") == "weak"),
    }  # fmt: skip
    meets = found.meets(m.rounded)
    yield Check(
        AGREES if meets else DIFFERS,
        "materials_agree" if meets else "materials_differ",
        told,
        tuple(row.id for row in yes),
    )
    rivals = [
        figure for figure in _counts_of_materials(book) if figure.value != claim.value or figure.out_of != claim.whole
    ]
    if rivals:
        listed = ", ".join(f"{figure.value:g} / {figure.out_of:g} ({figure.period})" for figure in rivals)
        yield Check(NOTE, "materials_rivals", {"listed": listed}, evidence_of(figure.rows for figure in rivals))


@lru_cache(maxsize=8)
def _materials_by_list(data: Dataset) -> Mapping[str, Sequence[Row]]:
    """The materials of each list whose statements count, in the order of the table."""
    found: dict[str, list[Row]] = {}
    for row in data["materials"]:
        for one in row.texts("lists"):
            if one in COUNTED_LISTS:
                found.setdefault(one, []).append(row)
    return found


def _counts_of_materials(book: Ledger) -> list[Figure]:
    return [figure for figure in book.of_lists if figure.commodity == "critical raw materials"]


def _began(row: Row, day: date | None) -> bool:
    since = row.text("kazakhstan_since")
    return not since or day is None or day.isoformat() >= since


def checked_before(m: Meaning, book: Ledger, unit: str, stated: Interval | None) -> Iterator[Check]:
    """What was found of the same number when it was checked before (table claims)."""
    if stated is None or not bounded(stated):
        return
    found = [
        figure
        for figure in book.checked
        if figure.unit == unit and figure.interval is not None and _same_numbers(figure.interval, stated)
    ]
    for figure in found:
        yield Check(NOTE, "checked_before", {"subject": figure.subject, "finding": figure.note}, figure.rows)


def _same_numbers(one: Interval, other: Interval) -> bool:
    """Whether two stated numbers, or two ranges, are the same but for how they are rounded."""
    return bounded(one) and bounded(other) and abs(one.middle - other.middle) <= SAME * abs(one.middle)
