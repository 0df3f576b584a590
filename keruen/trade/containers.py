"""Containers that the tonnes of a product would fill, in TEU: tonnes over the usual tonnes in a TEU.

    TEU = mass / t_per_teu          ends: least mass / heaviest box .. most mass / lightest box

The weight is that of the commodity whose code is the longest beginning of the product's; what such a table has for goods that are never
boxed is no container. A product that no commodity covers takes the row for goods in general, and the ends are then the lightest and the
heaviest of all goods that usually go in boxes. For all goods together nothing is told: most of their tonnes are oil, ore and grain.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from keruen.tables.dataset import Dataset
from keruen.tables.rounding import Interval
from keruen.tables.table import Row
from keruen.trade.amounts import Amount

GENERAL = "general"
BOXED = "container"
HALF_STEP_T = 0.5  # the weights of the table are whole tonnes, a few half ones


@dataclass(frozen=True)
class BoxWeight:
    """Tonnes in a TEU: the usual ones, between which they lie, from which row of commodities, and on what basis. by_default: no row is of
    the product.
    """

    usual_t: float
    low_t: float
    high_t: float
    row: str
    basis: str
    by_default: bool

    def teu(self, mass_t: Amount) -> Amount:
        """Tonnes as TEU, with the interval of both."""
        if mass_t.value is None:
            return Amount(None)
        mass = mass_t.interval or Interval(mass_t.value, mass_t.value)
        return Amount(mass_t.value / self.usual_t, Interval(mass.low / self.high_t, mass.high / self.low_t))

    def to_json(self) -> dict[str, object]:
        """The weight as a flat object."""
        return dict(self.__dict__)


@dataclass(frozen=True)
class Boxes:
    """TEU by flow, and the weight that they follow from."""

    by_flow: Mapping[str, Amount]
    weight: BoxWeight


def box_weight(data: Dataset, code: str) -> BoxWeight | None:
    """The weight for a product code; None for all goods and for goods that are not boxed."""
    if not code[:1].isdigit():
        return None
    covering = [
        (len(heading), row) for row in data["commodities"] for heading in row.texts("hs") if code.startswith(heading)
    ]
    if covering:
        _, row = max(covering, key=lambda one: one[0])
        usual = row.number("t_per_teu")
        if math.isnan(usual):
            return None
        return _weight(row, max(usual / 2, usual - HALF_STEP_T), usual + HALF_STEP_T, by_default=False)
    general = data["commodities"].find(GENERAL)
    if general is None:
        return None
    boxed = [
        row.number("t_per_teu")
        for row in data["commodities"]
        if row.text("load") == BOXED and not math.isnan(row.number("t_per_teu"))
    ]
    return _weight(general, min(boxed), max(boxed), by_default=True) if boxed else None


def _weight(row: Row, low_t: float, high_t: float, *, by_default: bool) -> BoxWeight:
    return BoxWeight(row.number("t_per_teu"), low_t, high_t, row.id, row.text("basis"), by_default)
