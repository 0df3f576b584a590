"""What answers about materials hold, described for the OpenAPI document. Shares run from 0 to 1, risk is in points; null: not known.

The rows below are those of `keruen material`, `materials`, `risk`, `exposure`, `chain` and `siting --compare` with --json.
"""

from __future__ import annotations

from typing import Annotated, Any

from keruen.web.answers import Answer, means

Objects = list[dict[str, Any]]
Texts = list[str]
Shares = dict[str, float | None]
Points = Annotated[float | None, means("points; null: not known")]


class MaterialList(Answer):
    """A list of materials and what a country makes of it."""

    list: Annotated[str | None, means("null: all materials")]
    entries: Annotated[int, means("Entries by the list's own count.")]
    country: Annotated[str, means("ISO 3166-1 alpha-3, where one was asked for.")] = ""
    counts: Annotated[Objects, means("How many it makes, by each meaning of that.")] = []
    unjudged: Annotated[Texts, means("Materials that were not judged.")] = []
    statements: Annotated[Objects, means("Counts that others stated.")] = []
    materials: Annotated[Objects, means("The materials, each with its lists and what made means for it.")]


class MaterialProfile(Answer):
    """All that is known of a material."""

    material: dict[str, Any]
    parts: list[dict[str, Any]]
    goods: Annotated[list[dict[str, Any]], means("HS codes by stage.")]
    published: list[dict[str, Any]]
    risk: list[dict[str, Any]]
    supply: Annotated[
        list[dict[str, Any]], means("Who supplies at each stage, world and Union: shares, HHI, governance.")
    ]
    production: Annotated[list[dict[str, Any]], means("Tonnes by country, stage and year.")]
    kazakhstan: dict[str, Any]


class MaterialRisks(Answer):
    """Supply risk and economic importance, the highest risk first where all were asked for."""

    rows: Annotated[
        list[dict[str, Any]], means("material, stage, SR with its interval, EI; SR_before with a scenario.")
    ]
    thresholds: Annotated[dict[str, float], means("SR and EI from which on a material may be critical, points.")]


class SupplierSent(Answer):
    """What a supplier sends by ways of one corridor that pass the same things."""

    country: str
    place: str
    place_name: str
    place_name_ru: str
    share: Annotated[float, means("Of all supply.")]
    corridor: str | None
    generalized_cost_usd: float
    time_h: float
    passes: Annotated[list[str], means("Straits, borders, ports, yards and countries crossed, as `kind:key`.")]


class ThingPassed(Answer):
    """A thing that supply passes, and what its failure does."""

    item: str
    name: str
    name_ru: str
    share: Annotated[float, means("Of all supply, passes it.")]
    lost: Annotated[float, means("Has no other way.")]
    dear: Annotated[float, means("Has another way that costs more than a quarter more.")]
    dependence: float
    added_cost: Annotated[
        float | None, means("Of the generalized cost, of what is sent another way; null: nothing is.")
    ]
    added_h: Annotated[float | None, means("h; null: nothing is sent another way")]
    SR_without: Points


class CorridorExposure(Answer):
    """How a buyer's supply hangs on ways."""

    material: str
    stage: str
    buyer: str
    place: str
    place_name: str
    place_name_ru: str
    scope: str
    home: Annotated[float | None, means("Share that needs no way from abroad.")]
    route_hhi: float | None
    SR: Points
    SR_left: Points
    cut_off: Shares
    unplaced: Shares
    corridors: Shares
    suppliers: list[SupplierSent]
    things: list[ThingPassed]


class ChainRequirements(Answer):
    """What a product takes along its chain; mass balances."""

    good: str
    amount: float
    goods: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    mass_error_t: Annotated[float, means("t; what the balance misses, nothing but rounding")]
    cost: Annotated[
        dict[str, Any], means("USD and kg CO2e with ranges, step by step; null where something is unknown.")
    ]


class ChainWay(Answer):
    """The cheapest way of a unit to a market, from the ore, plant by plant."""

    good: str
    unit: str
    market: str
    usd: Annotated[float, means("Of a unit at the market: plants, what they buy, carrying, known duties.")]
    kg_co2e: Annotated[float, means("Of the steps whose emissions are known.")]
    kg_co2e_unknown_of: Annotated[list[str], means("Recipes and goods that are not counted in it.")]
    steps: Annotated[list[dict[str, Any]], means("Made or carried, in order; null where not known.")]
    rows: list[str]


class CellsCompared(Answer):
    """Cells of two countries at a market, and what would make them cost the same."""

    rows: Annotated[
        list[dict[str, Any]],
        means("USD per kWh of both, the sites, and break-evens: each thing now and then, null: never."),
    ]


class SitingPlanFound(Answer):
    """Where plants stand; the gap is proven, never guessed."""

    cost_usd: float
    bound_usd: Annotated[float, means("USD; no plan costs less")]
    gap: Annotated[float, means("By how much the best may be cheaper at most, a share.")]
    seconds: float
    periods: list[str]
    plants: Annotated[
        list[dict[str, Any]], means("Site, recipe, capacity, the period it opens in, activity by period.")
    ]
    shares: Annotated[list[dict[str, Any]], means("Who makes what in the last period, by step.")]
    lacking_kwh: Annotated[list[float], means("kWh that no plant makes, by period")]
    history: list[dict[str, Any]]
    left_out: Annotated[list[dict[str, str]], means("Sites that were left out, and what is not known of them.")]
    without_duty: Annotated[list[dict[str, str]], means("Good, origin and destination whose import duty is not known.")]
    rows: list[str]
