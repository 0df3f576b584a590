"""Chains from ore to product: what a product takes, stage by stage, and where its mass goes.

    recipes     product  <-  inputs (+ by-products), amounts per unit of product           tables recipes, recipe_goods
    activity    one recipe for each good that is made;  given - taken = wanted              a linear system (Leontief)
    scrap       a share of it may go back through a recycling recipe
    mass        what goes in = product + by-products left + losses, in tonnes, exactly

Each amount has a range where the evidence has one; more of an input is never less of what lies upstream, so that the least and the most of
every good come from the least and the most of all amounts. Goods without a recipe are raw (ores, brine) or bought.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keruen.errors import BadTable, KeruenError, Problem, Text
from keruen.tables.dataset import Dataset
from keruen.tables.table import Row
from keruen.tables.words import said

Floats = NDArray[np.float64]

MASS_TOLERANCE = 1e-3  # of what goes in, for recipes whose amounts are printed with few digits


class BadChain(KeruenError):
    """A chain that cannot be worked out: an unknown good or recipe, or a cycle that gives more than it takes."""

    kind = "bad_chain"
    exit_code = 2


@dataclass(frozen=True)
class Used:
    """A good in a chain: amount, low, high in its unit; role: "product", "made", "bought", "raw" or "by_product".

    mass_t is the mass of the amount. recipe makes it; empty for what is not made. sources: of the amounts it comes from.
    """

    good: str
    name: Text
    unit: str
    role: str
    amount: float
    low: float
    high: float
    mass_t: float
    recipe: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """A recipe in a chain: how much of its product it makes (with its ends), tonnes in, out and lost, energy (nan where unknown)."""

    recipe: str
    name: Text
    stage: str
    product: str
    activity: float
    activity_low: float
    activity_high: float
    in_t: float
    out_t: float
    lost_t: float
    electricity_kwh: float
    gas_mj: float
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Requirements:
    """What an amount of a good takes along its chain. goods: the product first, then by the chain's order; steps likewise."""

    good: str
    amount: float
    goods: tuple[Used, ...]
    steps: tuple[Step, ...]

    def of(self, good: str) -> Used:
        """The row of a good; KeyError if the chain does not touch it."""
        return next(row for row in self.goods if row.good == good) if good in self else _missing(good)

    def __contains__(self, good: str) -> bool:
        return any(row.good == good for row in self.goods)

    @property
    def mass_error_t(self) -> float:
        """Tonnes that go in, less product, by-products left over and losses: zero but for rounding."""
        enters = sum(row.mass_t for row in self.goods if row.role in ("bought", "raw"))
        leaves = sum(row.mass_t for row in self.goods if row.role in ("product", "by_product"))
        return enters - leaves - sum(step.lost_t for step in self.steps)


def _missing(good: str) -> Used:
    raise KeyError(good)


def requirements(
    data: Dataset,
    good: str,
    amount: float = 1.0,
    *,
    by: Mapping[str, str] | None = None,
    recycled: float = 0.0,
) -> Requirements:
    """What `amount` of a good takes along its chain, in the unit of the good.

    by: recipe to make a good with, where there are several; default the first in the table. recycled: share 0 to 1 of scrap
    that goes through the recycling recipes.

    Raises:
        BadChain: unknown good or recipe; amounts that make no sense; a cycle without loss.
        BadTable: a recipe that gives more mass than it takes.
    """
    good = asked_good(data, good)
    chosen = _chosen(data, good, dict(by or {}))
    if not (np.isfinite(amount) and amount > 0):
        raise BadChain(said("err_chain_amount"))
    if not 0 <= recycled <= 1:
        raise BadChain(said("err_chain_recycled"))
    if faults := recipe_problems(data, chosen.values()):
        raise BadTable(faults)
    return _solved(data, good, amount, chosen, recycled)


def asked_good(data: Dataset, name: str) -> str:
    """The good meant by its code, its name in English or Russian or a word it may be asked for by (chain_goods.asked_as).

    Raises BadChain with the goods there are."""
    wanted = name.strip().lower()
    for row in data["chain_goods"]:
        words = (row.text("good"), row.text("name"), row.text("name_ru"), *row.texts("asked_as"))
        if wanted in (word.lower() for word in words):
            return row.text("good")
    raise BadChain(said("err_chain_good", good=name, known=", ".join(data["chain_goods"].texts("good"))))


def recipe_problems(data: Dataset, recipes: object = None) -> list[Problem]:
    """Recipes that give more tonnes than they take, lack their product, or take their own product; all at once."""
    wanted = set(data["recipes"].texts("recipe")) if recipes is None else set(recipes)  # type: ignore[call-overload]
    mass = _masses(data)
    found: list[Problem] = []
    for row in data["recipes"]:
        recipe = row.text("recipe")
        if recipe not in wanted:
            continue
        parts = goods_of(data, recipe)
        line = row.line
        if not any(part.text("role") == "product" and part.text("good") == row.text("product") for part in parts):
            found.append(
                Problem("recipe_goods", 0, recipe, said("err_recipe_no_product"), said("do_recipe_no_product"))
            )
            continue
        taken = sum(part.number("amount") * mass[part.text("good")] for part in parts if part.text("role") == "input")
        given = sum(part.number("amount") * mass[part.text("good")] for part in parts if part.text("role") != "input")
        if given > taken * (1 + MASS_TOLERANCE):
            found.append(
                Problem(
                    "recipes",
                    line,
                    "recipe",
                    said(
                        "err_recipe_mass",
                        recipe=recipe,
                        stage=row.text("stage"),
                        given=f"{given:.4g}",
                        taken=f"{taken:.4g}",
                    ),
                    said("do_recipe_mass"),
                )
            )
    return found


def goods_of(data: Dataset, recipe: str) -> list[Row]:
    """The rows of recipe_goods of a recipe."""
    table = data["recipe_goods"]
    return [table.row(i) for i, name in enumerate(table.texts("recipe")) if name == recipe]


def recipes_for(data: Dataset, good: str) -> list[str]:
    """The recipes whose product is a good, in the order of the table."""
    table = data["recipes"]
    return [
        name for name, product in zip(table.texts("recipe"), table.texts("product"), strict=True) if product == good
    ]


def _masses(data: Dataset) -> dict[str, float]:
    table = data["chain_goods"]
    return dict(zip(table.texts("good"), table.numbers("t_per_unit").tolist(), strict=True))


def _chosen(data: Dataset, good: str, by: dict[str, str]) -> dict[str, str]:
    """Recipe of each good that the chain makes, the product first, each good after what it goes into."""
    known = data["chain_goods"].texts("good")
    for name in (good, *by):
        if name not in known:
            raise BadChain(said("err_chain_good", good=name, known=", ".join(known)))
    for name, recipe in by.items():
        if recipe not in recipes_for(data, name):
            options = ", ".join(recipes_for(data, name)) or "-"
            raise BadChain(said("err_chain_recipe", good=name, recipe=recipe, known=options))
    bought = (
        {name for name, flag in zip(known, data["chain_goods"].texts("is_bought"), strict=True) if flag == "yes"}
        - set(by)
        - {good}
    )
    chosen: dict[str, str] = {}
    queue = [good]
    while queue:
        name = queue.pop(0)
        ways = recipes_for(data, name)
        if name in chosen or name in bought or not ways:
            continue
        chosen[name] = by.get(name, ways[0])
        queue += [row.text("good") for row in goods_of(data, chosen[name]) if row.text("role") == "input"]
    if not chosen:
        raise BadChain(said("err_chain_nothing", good=good))
    return chosen


def _solved(data: Dataset, good: str, amount: float, chosen: dict[str, str], recycled: float) -> Requirements:
    recycling = _recycling(data, chosen) if recycled > 0 else []
    recipes = [*chosen.values(), *recycling]
    parts = {recipe: goods_of(data, recipe) for recipe in recipes}
    goods = list(dict.fromkeys([*chosen, *(row.text("good") for rows in parts.values() for row in rows)]))
    activity = {
        case: _activities(goods, list(chosen), recipes, parts, good, amount, recycled, case)
        for case in ("amount", "low", "high")
    }
    mass = _masses(data)
    nets = {case: _net(goods, recipes, parts, activity[case], case) for case in activity}
    given = _flow(goods, recipes, parts, activity["amount"], "amount", is_input=False)
    makers = dict(zip(chosen.values(), chosen, strict=True))
    rows: list[Used] = []
    table = data["chain_goods"]
    bought = dict(zip(table.texts("good"), table.texts("is_bought"), strict=True))
    for at, name in enumerate(goods):
        row = table.find(name)
        assert row is not None
        net = nets["amount"][at]
        if name == good:
            role, value, bounds = "product", amount, (amount, amount)
        elif name in chosen:
            role, value = "made", given[at]
            bounds = tuple(
                _flow(goods, recipes, parts, activity[case], case, is_input=False)[at] for case in ("low", "high")
            )
        elif net > 1e-15 * amount:
            role, value, bounds = "by_product", net, (nets["low"][at], nets["high"][at])
        else:
            role, value = "bought" if bought[name] == "yes" else "raw", max(-net, 0.0)
            bounds = (max(-nets["low"][at], 0.0), max(-nets["high"][at], 0.0))
        touched = [part for rows_ in parts.values() for part in rows_ if part.text("good") == name]
        rows.append(
            Used(
                name,
                Text(row.text("name"), row.text("name_ru")),
                row.text("unit"),
                role,
                float(value),
                float(min(*bounds, value)),
                float(max(*bounds, value)),
                float(value) * mass[name],
                chosen.get(name, ""),
                tuple(dict.fromkeys(source for part in touched for source in part.sources())),
            )
        )
    steps = tuple(
        _step(
            data,
            recipe,
            parts[recipe],
            {case: float(of[k]) for case, of in activity.items()},
            mass,
            makers.get(recipe, ""),
        )
        for k, recipe in enumerate(recipes)
    )
    return Requirements(good, amount, tuple(rows), steps)


def _recycling(data: Dataset, chosen: dict[str, str]) -> list[str]:
    """Recycling recipes whose scrap the chain gives."""
    left = {
        row.text("good")
        for recipe in chosen.values()
        for row in goods_of(data, recipe)
        if row.text("role") == "by_product"
    }
    table = data["recipes"]
    return [
        recipe
        for recipe, stage in zip(table.texts("recipe"), table.texts("stage"), strict=True)
        if stage == "recycling"
        and recipe not in chosen.values()
        and any(row.text("good") in left for row in goods_of(data, recipe) if row.text("role") == "input")
    ]


def _value(part: Row, case: str) -> float:
    """Amount of a row: "low" is the least input and the most by-product, "high" the other way round; nan counts as the amount."""
    if case == "amount" or part.text("role") == "product":
        return part.number("amount")
    end = case if part.text("role") == "input" else {"low": "high", "high": "low"}[case]
    value = part.number(end)
    return value if value == value else part.number("amount")


def _activities(
    goods: list[str],
    made: list[str],
    recipes: list[str],
    parts: dict[str, list[Row]],
    good: str,
    amount: float,
    recycled: float,
    case: str,
) -> Floats:
    """Activity of each recipe. One equation a recipe: its product is given as often as taken; recycling takes its share of scrap."""
    n = len(recipes)
    system, wanted = np.zeros((n, n)), np.zeros(n)
    for row, name in enumerate(made):
        for k, recipe in enumerate(recipes):
            for part in parts[recipe]:
                if part.text("good") == name:
                    sign = -1.0 if part.text("role") == "input" else 1.0
                    system[row, k] += sign * _value(part, case)
        wanted[row] = amount if name == good else 0.0
    for row in range(len(made), n):
        scrap = next(part.text("good") for part in parts[recipes[row]] if part.text("role") == "input")
        for k, recipe in enumerate(recipes):
            for part in parts[recipe]:
                if part.text("good") == scrap:
                    role = part.text("role")
                    system[row, k] += _value(part, case) * (-1.0 if role == "input" else recycled)
    try:
        activity = np.asarray(np.linalg.solve(system, wanted), np.float64)
    except np.linalg.LinAlgError:
        raise BadChain(said("err_chain_cycle", good=good, rows=_round(made, recipes, parts))) from None
    if (activity < -1e-9 * np.abs(activity).max()).any():
        raise BadChain(said("err_chain_cycle", good=good, rows=_round(made, recipes, parts)))
    return np.maximum(activity, 0.0)


def _round(made: list[str], recipes: list[str], parts: dict[str, list[Row]]) -> str:
    """The rows of inputs by which recipes go round: a good that is made of itself, however many steps later."""
    makes = dict(zip(made, recipes, strict=False))
    into = {
        good: [row for row in parts[recipe] if row.text("role") == "input" and row.text("good") in makes]
        for good, recipe in makes.items()
    }

    def reaches(start: str, goal: str) -> bool:
        seen, todo = set[str](), [start]
        while todo:
            good = todo.pop()
            if good == goal:
                return True
            if good not in seen:
                seen.add(good)
                todo += [row.text("good") for row in into[good]]
        return False

    return ", ".join(row.id for good, rows in into.items() for row in rows if reaches(row.text("good"), good)) or "-"


def _flow(
    goods: list[str], recipes: list[str], parts: dict[str, list[Row]], activity: Floats, case: str, *, is_input: bool
) -> Floats:
    """Amount of each good that all recipes together take or give."""
    total = np.zeros(len(goods))
    at = {name: k for k, name in enumerate(goods)}
    for k, recipe in enumerate(recipes):
        for part in parts[recipe]:
            if (part.text("role") == "input") == is_input:
                total[at[part.text("good")]] += activity[k] * _value(part, case)
    return total


def _net(goods: list[str], recipes: list[str], parts: dict[str, list[Row]], activity: Floats, case: str) -> Floats:
    given = _flow(goods, recipes, parts, activity, case, is_input=False)
    taken = _flow(goods, recipes, parts, activity, case, is_input=True)
    net: Floats = given - taken
    return net


def _step(
    data: Dataset, recipe: str, parts: list[Row], ends: dict[str, float], mass: dict[str, float], made: str
) -> Step:
    row = data["recipes"].find(recipe)
    assert row is not None
    activity = ends["amount"]
    taken = sum(
        activity * part.number("amount") * mass[part.text("good")] for part in parts if part.text("role") == "input"
    )
    given = sum(
        activity * part.number("amount") * mass[part.text("good")] for part in parts if part.text("role") != "input"
    )
    plant = data["plants"].find(recipe)
    kwh = plant.number("electricity_kwh") * activity if plant else np.nan
    gas = plant.number("gas_mj") * activity if plant else np.nan
    return Step(
        recipe,
        Text(row.text("name"), row.text("name_ru")),
        row.text("stage"),
        made or row.text("product"),
        activity,
        min(ends.values()),
        max(ends.values()),
        float(taken),
        float(given),
        float(taken - given),
        float(kwh),
        float(gas),
        (row.id, *(part.id for part in parts), *((plant.id,) if plant else ())),
    )
