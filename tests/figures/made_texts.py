"""Texts made from the ledger: right ones, and the same with one mistake of a known kind put in.

    made(data)                     what official figures say of each partner and year, as values of exports, imports, turnover
    right(one), wrong(one, kind)   a text of two sentences, three claims of turnover, exports, imports in this order

A right text must never be called wrong; of a wrong one the claim with the mistake must be neither agreed with nor called consistent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from keruen.figures.ledger import Figure, ledger
from keruen.tables.dataset import Dataset

FLOWS = ("turnover", "export", "import")
NEAR = 0.02
LEAST_USD = 5e6  # less is nothing, in millions with one decimal


class Made(NamedTuple):
    """Values in USD of a partner's year and the year before, by flow."""

    partner: str
    year: int
    now: Mapping[str, float]
    before: Mapping[str, float]


def made(data: Dataset) -> Iterator[Made]:
    """Every partner and year for which the bureau's final figures have both years, exports, imports and their sum."""
    book = ledger(data)
    names = dict(zip(data["countries"].texts("iso3"), data["countries"].texts("name"), strict=True))
    for partner in book.partners("KAZ"):
        found: dict[str, dict[str, float]] = {}
        for figure in book.about("KAZ", partner):
            if partner in names and _final(figure) and figure.value is not None:
                found.setdefault(figure.period, {})[figure.flow] = figure.value
        for period, now in sorted(found.items()):
            before = found.get(str(int(period) - 1), {})
            if set(now) == set(before) == set(FLOWS) and min(*now.values(), *before.values()) >= LEAST_USD:
                yield Made(names[partner], int(period), now, before)


def _final(figure: Figure) -> bool:
    """Whether it is an official figure of all goods for a whole year, with all revisions."""
    plain = figure.hs == "TOTAL" and not figure.measure and figure.unit == "USD" and len(figure.period) == 4
    return plain and figure.kind == "official_reporter" and figure.edition == "final"


def right(one: Made) -> str:
    """What the figures say, rounded as pages round."""
    return text(one, one.now, {flow: growth(one.now[flow], one.before[flow]) for flow in FLOWS})


def text(one: Made, now: Mapping[str, float], percent: Mapping[str, float]) -> str:
    """Two sentences of the values and the growth given."""
    rose = {flow: f"{'rose' if percent[flow] >= 0 else 'fell'} by {abs(percent[flow]):.1f}%" for flow in FLOWS}
    return (
        f"In {one.year} trade between Kazakhstan and {one.partner} {rose['turnover']} to {amount(now['turnover'])}"
        f" from {amount(one.before['turnover'])} in {one.year - 1}."
        f" Exports {rose['export']} to {amount(now['export'])}, imports {rose['import']} to {amount(now['import'])}."
    )


def growth(now: float, before: float) -> float:
    """Growth in per cent."""
    return 100 * (now / before - 1)


def amount(value: float) -> str:
    """Billions with two decimals, or millions with one."""
    return f"${value / 1e9:.2f} billion" if value >= 1e9 else f"${value / 1e6:.1f} million"


def _swapped(one: Made) -> tuple[str, str] | None:
    """Exports and imports change places, with their growth."""
    if abs(one.now["export"] / one.now["import"] - 1) < NEAR:
        return None
    other = {"turnover": "turnover", "export": "import", "import": "export"}
    now = {flow: one.now[other[flow]] for flow in FLOWS}
    return text(one, now, {flow: growth(now[flow], one.before[other[flow]]) for flow in FLOWS}), amount(now["export"])


def _value_off(one: Made) -> tuple[str, str] | None:
    """Exports are 5 % too high."""
    now = {**one.now, "export": 1.05 * one.now["export"]}
    return text(one, now, {flow: growth(one.now[flow], one.before[flow]) for flow in FLOWS}), amount(now["export"])


def _growth_off(one: Made) -> tuple[str, str] | None:
    """Growth of the turnover is 3 points too high."""
    percent = {flow: growth(one.now[flow], one.before[flow]) for flow in FLOWS}
    if -3.5 < percent["turnover"] < 0.5:
        return None
    return text(one, one.now, {**percent, "turnover": percent["turnover"] + 3}), amount(one.now["turnover"])


def _thousandfold(one: Made) -> tuple[str, str] | None:
    """Billions for millions in the imports, or thousands for them."""
    now = {**one.now, "import": one.now["import"] * (1000 if one.now["import"] < 1e9 else 1 / 1000)}
    return text(one, now, {flow: growth(one.now[flow], one.before[flow]) for flow in FLOWS}), amount(now["import"])


def _wrong_sign(one: Made) -> tuple[str, str] | None:
    """Exports that fell are said to have risen, or the other way round."""
    percent = {flow: growth(one.now[flow], one.before[flow]) for flow in FLOWS}
    if abs(percent["export"]) < 1:
        return None
    return text(one, one.now, {**percent, "export": -percent["export"]}), amount(one.now["export"])


MISTAKES: Mapping[str, Callable[[Made], tuple[str, str] | None]] = {
    "flows swapped": _swapped,
    "value 5 % off": _value_off,
    "growth 3 points off": _growth_off,
    "a thousandfold": _thousandfold,
    "rise for fall": _wrong_sign,
}
"""Each gives a text and words of the claim that is wrong in it, or None where the mistake would not show in these figures."""
