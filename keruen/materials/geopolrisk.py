"""GeoPolRisk: how far imports of a country hang on badly governed suppliers of a concentrated material.

    score = HHI  x  sum_i g_i f_i / (p + F)          midpoint = score x price          CF = midpoint / copper

HHI: of world production by country, 0 to 1. f_i: imports from country i and F their sum, p: production at home, all in tonnes of one year.
g_i: governance from 0 to 1 (1 is worst). price: value of imports over their weight, thousand USD per tonne. CF: characterisation factor,
kg of copper-equivalent per kg; copper is the row `copper_factor` of risk_rules. Method: Koyamparambath et al. (geopolrisk-py); METHODS
8.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keruen.trade.concentration import concentration


@dataclass(frozen=True)
class Import:
    """Imports from one country in a year: tonnes, thousand USD, governance from 0 to 1 (1 is worst)."""

    quantity_t: float
    value_kusd: float
    governance: float


@dataclass(frozen=True)
class GeoPolRisk:
    """The score and what it is made of; price in thousand USD per t, characterisation factor in kg Cu-eq per kg."""

    hhi: float
    import_risk: float
    score: float
    price_kusd_per_t: float
    midpoint: float
    characterisation: float


def geopolrisk(
    production_t: Mapping[str, float], imports: Sequence[Import], home_production_t: float, copper_kusd_per_t: float
) -> GeoPolRisk:
    """The indicator of a material for one importer and year.

    production_t: world production by country. home_production_t: the importer's own.

    Raises:
        BadShares: nobody produces, or an amount is negative.
        ValueError: nothing is imported.
    """
    total = sum(one.quantity_t for one in imports)
    if total <= 0:
        raise ValueError("GeoPolRisk is of imports, and there are none")
    hhi = concentration(production_t).hhi
    risk = sum(one.quantity_t * one.governance for one in imports) / (home_production_t + total)
    price = sum(one.value_kusd for one in imports) / total
    midpoint = hhi * risk * price
    return GeoPolRisk(hhi, risk, hhi * risk, price, midpoint, midpoint / copper_kusd_per_t)
