"""What a unit of a good costs and emits along its chain, with each step in one country or another.

    step       plant of its recipe in its country (plant_costs.py), times how much of its product the chain takes
    bought     what no recipe of the chain makes, at its price and its greenhouse gases (chain_goods)
    in all     their sum; ends: the least and most of all amounts, plants and energy, each at its end at once

Carrying is not in it (chain_route.py has it), nothing is credited for what is left over, plants run full at their usual size. What is not
known is named and never zero: the sum is then of what is known, and said to be at least that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from keruen.materials.chain import BadChain, Requirements, Step, Used, goods_of
from keruen.materials.plant_costs import plant_cost
from keruen.tables.dataset import Dataset
from keruen.tables.rounding import Interval
from keruen.tables.words import said

NAN = float("nan")


@dataclass(frozen=True)
class CostRow:
    """A step or something bought. recipe and country: empty for what is bought; usd and co2e_kg for the amount asked, nan where
    unknown; usd_range, co2e_range: None where unknown; missing: columns that are not known."""

    good: str
    recipe: str
    country: str
    amount: float
    usd: float
    usd_range: Interval | None
    co2e_kg: float
    co2e_range: Interval | None
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """What another publishes of a unit of a good on the chain, beside what is worked out here: measure "usd" or "kg_co2e"; ours for one
    unit, nan where unknown; low and high as published, high nan if only a least value is."""

    good: str
    measure: str
    ours: float
    ours_range: Interval | None
    low: float
    high: float
    row: str


@dataclass(frozen=True)
class ChainCost:
    """usd, co2e_kg: sums of what is known, with their ranges; usd_unknown, co2e_unknown: recipes and goods left out of them."""

    good: str
    amount: float
    rows: tuple[CostRow, ...]
    usd: float
    usd_range: Interval
    usd_unknown: tuple[str, ...]
    co2e_kg: float
    co2e_range: Interval
    co2e_unknown: tuple[str, ...]
    evidence: tuple[str, ...]


def chain_cost(data: Dataset, found: Requirements, country: str, where: Mapping[str, str] | None = None) -> ChainCost:
    """Cost and greenhouse gases of the requirements of a good.

    country: ISO 3166 alpha-2, of each step but those that `where` puts elsewhere (recipe -> country).

    Raises BadChain for a country the tables do not know, or a recipe that the chain does not use."""
    places = dict(where or {})
    for name in (country, *places.values()):
        if data["country_costs"].find(name) is None:
            raise BadChain(
                said("err_cost_country", country=name, known=", ".join(data["country_costs"].texts("country")))
            )
    recipes = [step.recipe for step in found.steps]
    for recipe in places:
        if recipe not in recipes:
            raise BadChain(said("err_cost_recipe", recipe=recipe, known=", ".join(recipes)))
    steps = [_step_row(data, step, places.get(step.recipe, country)) for step in found.steps]
    bought = [_bought_row(data, row, found) for row in found.goods if row.role == "bought"]
    rows = tuple(steps + [row for row in bought if row is not None])
    known_usd = [row for row in rows if row.usd == row.usd]
    known_co2e = [row for row in rows if row.co2e_kg == row.co2e_kg]
    return ChainCost(
        found.good,
        found.amount,
        rows,
        sum(row.usd for row in known_usd),
        _sum([row.usd_range for row in known_usd]),
        tuple(row.recipe or row.good for row in rows if row.usd != row.usd),
        sum(row.co2e_kg for row in known_co2e),
        _sum([row.co2e_range for row in known_co2e]),
        tuple(
            dict.fromkeys(
                [*(row.recipe or row.good for row in rows if row.co2e_kg != row.co2e_kg), *_untold(data, found)]
            )
        ),
        tuple(dict.fromkeys(one for row in rows for one in _evidence(data, row))),
    )


def published_beside(
    data: Dataset, found: Requirements, country: str, where: Mapping[str, str] | None = None
) -> tuple[Beside, ...]:
    """What chain_published has of the goods the chain makes, beside our own, for one unit of each made as the chain makes it."""
    from keruen.materials.chain import requirements

    made = [row.good for row in found.goods if row.role in ("product", "made")]
    by = {row.good: row.recipe for row in found.goods if row.recipe}
    beside = []
    for row in data["chain_published"]:
        if row.text("good") not in made:
            continue
        part = requirements(data, row.text("good"), by=by)
        used = {step.recipe for step in part.steps}
        cost = chain_cost(data, part, country, {k: v for k, v in (where or {}).items() if k in used})
        is_money = row.text("measure") == "usd"
        unknown = cost.usd_unknown if is_money else cost.co2e_unknown
        ours, width = (cost.usd, cost.usd_range) if is_money else (cost.co2e_kg, cost.co2e_range)
        beside.append(
            Beside(
                row.text("good"), row.text("measure"), NAN if unknown else ours, None if unknown else width,
                row.number("low"), row.number("high"), row.id,
            )
        )  # fmt: skip
    return tuple(beside)


def _step_row(data: Dataset, step: Step, country: str) -> CostRow:
    if data["plants"].find(step.recipe) is None:
        return CostRow(
            step.product, step.recipe, country, step.activity, NAN, None, NAN, None, (f"plants:{step.recipe}",)
        )
    cost = plant_cost(data, step.recipe, country)
    return CostRow(
        step.product,
        step.recipe,
        country,
        step.activity,
        step.activity * cost.total_usd,
        _times(cost.range, step),
        step.activity * cost.co2e_kg,
        _times(cost.co2e_range, step),
        cost.missing,
    )


def _bought_row(data: Dataset, used: Used, found: Requirements) -> CostRow | None:
    """Something bought at its price; None for what plants hold in their own money (reagents)."""
    row = data["chain_goods"].find(used.good)
    assert row is not None
    if row.text("is_in_plant") == "yes":
        return None
    price, co2e = row.number("usd_per_unit"), row.number("kg_co2e_per_unit")
    ends = [row.number(f"kg_co2e_{end}") for end in ("low", "high")]
    least, most = (one if one == one else co2e for one in ends)
    return CostRow(
        used.good,
        "",
        "",
        used.amount,
        used.amount * price,
        Interval(used.low * price, used.high * price) if price == price else None,
        used.amount * co2e,
        Interval(used.low * least, used.high * most) if co2e == co2e else None,
        () if price == price else (f"{row.id}/usd_per_unit",),
    )


def _untold(data: Dataset, found: Requirements) -> list[str]:
    """Reagents of steps that tell no other emissions: theirs are not known."""
    goods = []
    for step in found.steps:
        plant = data["plants"].find(step.recipe)
        if plant is None or plant.number("other_kg_co2e") == plant.number("other_kg_co2e"):
            continue
        if any(part.text("good") == "reagents" for part in goods_of(data, step.recipe)):
            goods.append("reagents")
    return goods


def _times(width: Interval | None, step: Step) -> Interval | None:
    return None if width is None else Interval(width.low * step.activity_low, width.high * step.activity_high)


def _sum(widths: list[Interval | None]) -> Interval:
    known = [one for one in widths if one is not None]
    return Interval(sum(one.low for one in known), sum(one.high for one in known))


def _evidence(data: Dataset, row: CostRow) -> tuple[str, ...]:
    if not row.recipe:
        return (f"chain_goods:{row.good}",)
    return plant_cost(data, row.recipe, row.country).rows if data["plants"].find(row.recipe) is not None else ()
