"""A siting problem as one mixed-integer programme, and plans read back from its solutions.

    columns    z[o, t] open, binary | a[o, t] activity | x[l, t] flow | u[d, t] lacking (only where that is allowed)
    rows       balance[place, good, t] | capacity[o, t] | stays[o, t] | group[g, t] | limit[q, t] | cover[k, t]

Opening is paid on z_t - z_t-1, so that opening and keeping fall together into one price of z. `cover` rows say nothing new to
the integer programme: enough capacity must stand for what is wanted of a good in all places together. Cuts from their whole
numbers (siting_covers.py) and strong links, x <= sum of min(demand, given) z, are added one by one as an LP breaks
them (siting_root.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from keruen.materials.siting_covers import Cover, covers_of
from keruen.materials.siting_problem import SitingProblem

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Columns:
    """Where each decision stands among the columns: open, run, carry int[.., t]; lack int[d, t], -1 where it may not be."""

    open: NDArray[np.intp]
    run: NDArray[np.intp]
    carry: NDArray[np.intp]
    lack: NDArray[np.intp]
    count: int


@dataclass(frozen=True, eq=False)
class Model:
    """min cost x, row_low <= matrix x <= row_high, low <= x <= high; `whole` marks the columns that take whole numbers,
    `stays` the rows z_t >= z_t-1, option by option."""

    problem: SitingProblem
    columns: Columns
    cost: Floats
    low: Floats
    high: Floats
    whole: NDArray[np.bool_]
    matrix: Any
    row_low: Floats
    row_high: Floats
    covers: tuple[Cover, ...]
    stays: slice

    @cached_property
    def strong(self) -> Strong:
        """The strong links of the model, not in it."""
        return strong_links(self)


@dataclass(frozen=True, eq=False)
class Strong:
    """Candidates for strong links: column `carry` <= sum over k of weight x column `open`, CSR by candidate."""

    carry: NDArray[np.intp]
    first: NDArray[np.intp]
    open: NDArray[np.intp]
    weight: Floats


def columns_of(problem: SitingProblem) -> Columns:
    """The columns of a problem."""
    t, o, n = problem.periods, problem.options, problem.links
    grid = np.arange
    lack = np.full(problem.demand.shape, -1, np.intp)
    allowed = np.isfinite(problem.lacking) & (problem.demand > 0)
    first = (2 * o + n) * t
    lack[allowed] = first + grid(int(allowed.sum()))
    return Columns(
        grid(o * t).reshape(o, t),
        o * t + grid(o * t).reshape(o, t),
        2 * o * t + grid(n * t).reshape(n, t),
        lack,
        first + int(allowed.sum()),
    )


def model_of(problem: SitingProblem) -> Model:
    """The programme of a problem, without strong links."""
    columns = columns_of(problem)
    t = problem.periods
    cost = np.zeros(columns.count)
    later = np.zeros_like(problem.opening)
    later[:, :-1] = problem.opening[:, 1:]
    cost[columns.open] = problem.opening - later + problem.keeping
    if problem.is_standing.any():  # nobody pays for what stands
        standing = problem.is_standing
        cost[columns.open[standing]] = problem.keeping[standing]
    cost[columns.run] = problem.running
    cost[columns.carry] = problem.carrying
    may_lack = columns.lack >= 0
    cost[columns.lack[may_lack]] = problem.lacking[may_lack]
    low, high = np.zeros(columns.count), np.full(columns.count, np.inf)
    high[columns.open] = 1.0
    low[columns.open[problem.is_standing]] = 1.0
    high[columns.run] = problem.option_capacity[:, None]
    high[columns.lack[may_lack]] = problem.demand[may_lack]
    whole = np.zeros(columns.count, np.bool_)
    whole[columns.open] = True
    covers = covers_of(problem)
    parts = [_balance(problem, columns), _capacity(problem, columns)]
    before = sum(part[0].shape[0] for part in parts)
    if t > 1:
        parts.append(_stays(columns))
    parts += [_groups(problem, columns), _limits(problem, columns), _covers(problem, columns, covers)]
    if problem.is_whole:
        parts.append(_whole_demands(problem, columns))
        extra = len(_served(problem)[0]) * t
        cost, low = np.concatenate([cost, np.zeros(extra)]), np.concatenate([low, np.zeros(extra)])
        high, whole = np.concatenate([high, np.ones(extra)]), np.concatenate([whole, np.ones(extra, np.bool_)])
    stays = slice(before, before + problem.options * (t - 1))
    width = len(cost)
    matrix = sparse.vstack([_widened(part[0], width) for part in parts if part[0].shape[0]], format="csr")
    row_low = np.concatenate([part[1] for part in parts if part[0].shape[0]])
    row_high = np.concatenate([part[2] for part in parts if part[0].shape[0]])
    return Model(problem, columns, cost, low, high, whole, matrix, row_low, row_high, covers, stays)


Part = tuple[Any, Floats, Floats]


def _widened(matrix: Any, width: int) -> Any:
    wider = matrix.tocsr(copy=False)
    wider.resize((matrix.shape[0], width))
    return wider


def _csr(rows: Any, columns: Any, values: Any, shape: tuple[int, int]) -> Any:
    return sparse.coo_matrix((np.ravel(values), (np.ravel(rows), np.ravel(columns))), shape=shape).tocsr()


def _balance(problem: SitingProblem, columns: Columns) -> Part:
    """given - taken + arriving - leaving + u >= demand: what is over may be left (by-products nobody wants).

    Only rows that something touches are kept.
    """
    p, g, t = len(problem.places), len(problem.goods), problem.periods
    period = np.arange(t)

    def row(place: Any, good: Any) -> NDArray[np.intp]:
        at: NDArray[np.intp] = (np.asarray(place, np.intp) * g + good)[:, None] * t + period
        return at

    option, good = np.nonzero(problem.recipe_goods[problem.option_recipe])
    amount = problem.recipe_goods[problem.option_recipe[option], good]
    pieces = [
        (row(problem.option_place[option], good), columns.run[option], np.repeat(amount, t)),
        (row(problem.link_to, problem.link_good), columns.carry, np.ones(columns.carry.size)),
        (row(problem.link_from, problem.link_good), columns.carry, -np.ones(columns.carry.size)),
    ]
    d, when = np.nonzero(columns.lack >= 0)
    lacking_row = row(problem.demand_place[d], problem.demand_good[d])[np.arange(len(d)), when]
    pieces.append((lacking_row, columns.lack[d, when], np.ones(len(d))))
    rows = np.concatenate([np.ravel(piece[0]) for piece in pieces])
    cols = np.concatenate([np.ravel(piece[1]) for piece in pieces])
    values = np.concatenate([np.ravel(piece[2]) for piece in pieces])
    wanted = np.zeros(p * g * t)
    np.add.at(wanted, row(problem.demand_place, problem.demand_good).ravel(), problem.demand.ravel())
    used = np.unique(np.concatenate([rows, np.flatnonzero(wanted)]))
    place_of = np.full(p * g * t, -1, np.intp)
    place_of[used] = np.arange(len(used))
    matrix = _csr(place_of[rows], cols, values, (len(used), columns.count))
    return matrix, wanted[used], np.full(len(used), np.inf)


def _capacity(problem: SitingProblem, columns: Columns) -> Part:
    o, t = problem.options, problem.periods
    row = np.arange(o * t)
    matrix = _csr(
        np.concatenate([row, row]),
        np.concatenate([columns.run.ravel(), columns.open.ravel()]),
        np.concatenate([np.ones(o * t), -np.repeat(problem.option_capacity, t)]),
        (o * t, columns.count),
    )
    return matrix, np.full(o * t, -np.inf), np.zeros(o * t)


def _stays(columns: Columns) -> Part:
    later, earlier = columns.open[:, 1:].ravel(), columns.open[:, :-1].ravel()
    n = len(later)
    row = np.arange(n)
    matrix = _csr(
        np.concatenate([row, row]),
        np.concatenate([later, earlier]),
        np.concatenate([np.ones(n), -np.ones(n)]),
        (n, columns.count),
    )
    return matrix, np.zeros(n), np.full(n, np.inf)


def _groups(problem: SitingProblem, columns: Columns) -> Part:
    member = np.flatnonzero(problem.option_group >= 0)
    t = problem.periods
    names, group = np.unique(problem.option_group[member], return_inverse=True)
    row = group[:, None] * t + np.arange(t)
    n = len(names) * t
    matrix = _csr(row, columns.open[member], np.ones(row.size), (n, columns.count))
    return matrix, np.full(n, -np.inf), np.ones(n)


def _limits(problem: SitingProblem, columns: Columns) -> Part:
    t = problem.periods
    if not len(problem.limit):
        return sparse.csr_matrix((0, columns.count)), np.empty(0), np.empty(0)
    q, option = np.nonzero(problem.limit)
    row = q[:, None] * t + np.arange(t)
    n = len(problem.limit) * t
    matrix = _csr(row, columns.run[option], np.repeat(problem.limit[q, option], t), (n, columns.count))
    return matrix, np.full(n, -np.inf), problem.limit_most.ravel()


def _covers(problem: SitingProblem, columns: Columns, covers: tuple[Cover, ...]) -> Part:
    """sum of given x capacity z + price u >= price x demand, for each good and period (siting_covers.py)."""
    t = problem.periods
    if not covers:
        return sparse.csr_matrix((0, columns.count)), np.empty(0), np.empty(0)
    period = np.arange(t)
    rows, cols, values = [], [], []
    for k, cover in enumerate(covers):
        for size, makers in zip(cover.size, cover.makers, strict=True):
            rows.append(np.tile(k * t + period, (len(makers), 1)))
            cols.append(columns.open[makers])
            values.append(np.full((len(makers), t), size))
        d, when = np.nonzero((columns.lack >= 0) & (cover.price > 0)[:, None])
        rows.append(k * t + when)
        cols.append(columns.lack[d, when])
        values.append(cover.price[d])
    n = len(covers) * t
    matrix = _csr(
        np.concatenate([np.ravel(part) for part in rows]),
        np.concatenate([np.ravel(part) for part in cols]),
        np.concatenate([np.ravel(part) for part in values]),
        (n, columns.count),
    )
    return matrix, np.concatenate([cover.need for cover in covers]), np.full(n, np.inf)


def _served(problem: SitingProblem) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Links that end at a demand, and that demand: int[k] each."""
    at = {(int(p), int(g)): d for d, (p, g) in enumerate(zip(problem.demand_place, problem.demand_good, strict=True))}
    pairs = [
        (link, at[key])
        for link, key in enumerate(zip(problem.link_to.tolist(), problem.link_good.tolist(), strict=True))
        if key in at
    ]
    link, demand = np.array(pairs, np.intp).reshape(-1, 2).T
    return link, demand


def _whole_demands(problem: SitingProblem, columns: Columns) -> Part:
    """x = demand w, w binary (columns after all others): each demand is served by one link alone."""
    link, demand = _served(problem)
    t = problem.periods
    n = len(link) * t
    row = np.arange(n)
    matrix = _csr(
        np.concatenate([row, row]),
        np.concatenate([columns.carry[link].ravel(), columns.count + row]),
        np.concatenate([np.ones(n), -problem.demand[demand].ravel()]),
        (n, columns.count + n),
    )
    return matrix, np.zeros(n), np.zeros(n)


def strong_links(model: Model) -> Strong:
    """For each link and period into a demand that nothing else passes: x <= sum over makers there of min(demand, given) z."""
    problem, columns = model.problem, model.columns
    link, demand = _served(problem)
    takes = np.zeros((len(problem.places), len(problem.goods)), np.bool_)
    option, good = np.nonzero(problem.recipe_goods[problem.option_recipe] < 0)
    takes[problem.option_place[option], good] = True
    passes = np.zeros_like(takes)
    passes[problem.link_from, problem.link_good] = True
    arrives = np.zeros_like(takes)
    arrives[problem.link_to, problem.link_good] = True
    start, good_of = problem.link_from[link], problem.link_good[link]
    end = problem.link_to[link]
    plain = ~takes[end, good_of] & ~passes[end, good_of] & ~arrives[start, good_of]
    link, demand = link[plain], demand[plain]
    makers: dict[tuple[int, int], list[int]] = {}
    given_by = np.maximum(problem.recipe_goods[problem.option_recipe], 0) * problem.option_capacity[:, None]
    for maker, made in zip(*(axis.tolist() for axis in np.nonzero(given_by)), strict=True):
        makers.setdefault((int(problem.option_place[maker]), made), []).append(maker)
    carry, first, opened, weight = [], [0], [], []
    for row, d in zip(link.tolist(), demand.tolist(), strict=True):
        wanted = int(problem.link_good[row])
        own = np.array(makers.get((int(problem.link_from[row]), wanted), []), np.intp)
        for t in range(problem.periods):
            if problem.demand[d, t] <= 0:
                continue
            carry.append(columns.carry[row, t])
            opened.append(columns.open[own, t])
            weight.append(np.minimum(given_by[own, wanted], problem.demand[d, t]))
            first.append(first[-1] + len(own))
    empty = np.empty(0)
    return Strong(
        np.array(carry, np.intp),
        np.array(first, np.intp),
        np.concatenate(opened) if opened else empty.astype(np.intp),
        np.concatenate(weight) if weight else empty,
    )
