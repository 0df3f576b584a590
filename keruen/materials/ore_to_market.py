"""From ore to market in one search: where each step is best done and which way each good goes, for one unit at a market.

    state            (good, place)
    transport arc    (good, b)  <-  (good, a)                         price(a) + USD per unit of carrying
    plant arc        (product, a)  <-  all inputs of a recipe at a    sum of amount x price(input, a) + cost of the plant
    source           raw goods where they lie, bought goods anywhere at their price

A plant needs all its inputs at once, so that the arcs make a directed hypergraph; costs only grow along them, and Knuth's generalization of
Dijkstra's algorithm (1977) settles each state once, cheapest first. The answer is the cheapest tree for a unit when nothing is
scarce: without sizes of plants and without their limits, which are what siting (siting.py) adds.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
State = tuple[str, int]


@dataclass(frozen=True)
class Plant:
    """A recipe at a place. inputs: amount of each good per unit of product; cost: USD per unit; place: row of the places."""

    recipe: str
    product: str
    place: int
    cost: float
    inputs: Mapping[str, float]


@dataclass(frozen=True)
class Move:
    """A step of the answer: a good carried from a place to a place, or (recipe) made at one. amount per unit at the market; cost of this
    step alone for that amount, USD."""

    good: str
    start: int
    end: int
    recipe: str
    amount: float
    cost: float


@dataclass(frozen=True)
class OreToMarket:
    """The cheapest way of a unit to a market. price: USD per unit: the steps and what is bought (good, place, amount, USD)."""

    good: str
    market: int
    price: float
    steps: tuple[Move, ...]
    bought: tuple[tuple[str, int, float, float], ...]


def ore_to_market(
    good: str,
    market: int,
    plants: Sequence[Plant],
    sources: Mapping[State, float],
    carrying: Mapping[str, Floats],
) -> OreToMarket | None:
    """The cheapest way to have a unit of a good at a market; None if there is none.

    plants: what may stand where; costs >= 0. sources: price of a good at a place where it need not be made (raw goods: of the ground).
    carrying: of each good that travels, USD per unit float64[places, places] from row to column; inf where it cannot go.
    """
    needs: dict[State, list[int]] = {}
    waits = [len(plant.inputs) for plant in plants]
    for k, plant in enumerate(plants):
        for name in plant.inputs:
            needs.setdefault((name, plant.place), []).append(k)
    price: dict[State, float] = {}
    by: dict[State, int | Plant | None] = {}
    queue: list[tuple[float, int, State, int | Plant | None]] = []
    ticket = 0

    def offer(value: float, state: State, how: int | Plant | None) -> None:
        nonlocal ticket
        if np.isfinite(value) and state not in price:
            ticket += 1
            heapq.heappush(queue, (value, ticket, state, how))

    for state, value in sources.items():
        offer(value, state, None)
    for plant in plants:
        if not plant.inputs:
            offer(plant.cost, (plant.product, plant.place), plant)
    while queue:
        value, _, state, how = heapq.heappop(queue)
        if state in price:
            continue
        price[state], by[state] = value, how
        name, place = state
        if state == (good, market):
            break
        if name in carrying:
            for other, usd in enumerate(carrying[name][place].tolist()):
                if other != place:
                    offer(value + usd, (name, other), place)
        for k in needs.get(state, ()):
            waits[k] -= 1
            if waits[k] == 0:
                plant = plants[k]
                total = plant.cost + sum(n * price[(part, plant.place)] for part, n in plant.inputs.items())
                offer(total, (plant.product, plant.place), plant)
    if (good, market) not in price:
        return None
    return _tree(good, market, price, by, carrying)


def _tree(
    good: str,
    market: int,
    price: dict[State, float],
    by: dict[State, int | Plant | None],
    carrying: Mapping[str, Floats],
) -> OreToMarket:
    steps: list[Move] = []
    bought: list[tuple[str, int, float, float]] = []
    todo: list[tuple[State, float]] = [((good, market), 1.0)]
    while todo:
        state, amount = todo.pop()
        name, place = state
        how = by[state]
        if how is None:
            bought.append((name, place, amount, amount * price[state]))
        elif isinstance(how, Plant):
            steps.append(Move(name, place, place, how.recipe, amount, amount * how.cost))
            todo += [((part, place), amount * n) for part, n in how.inputs.items()]
        else:
            steps.append(Move(name, how, place, "", amount, amount * float(carrying[name][how, place])))
            todo.append(((name, how), amount))
    return OreToMarket(good, market, price[(good, market)], tuple(reversed(steps)), tuple(bought))
