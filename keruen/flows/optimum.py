"""The least-cost flow under capacity: what one planner of all shipments would do, as a benchmark beside what shippers do.

    min  sum_k c_k x_k + sum_m p_m y_m                     x_k: tonnes by way k, y_m: tonnes of market m left unserved
    with sum_{k of m} x_k + y_m = D_m,   sum_k a_kf x_k <= u_f,   x, y >= 0

Solved by column generation (Ford and Fulkerson 1958; Dantzig and Wolfe 1960): a restricted programme over the ways found so far gives
prices pi_f of facilities; an oracle gives each market's cheapest way at these prices; ways that are cheaper than what the market pays now
come in; nothing cheaper is left at the optimum. Markets with one way only stay outside the programme, where most of them remain.
Any prices pi >= 0 give a bound from below, the Lagrangian one, so a result never stands without its distance from the best:

    L(pi) = sum_m D_m min(p_m, min_{k of m} (c_k + sum_f pi_f a_kf)) - sum_f pi_f u_f  <=  optimum  <=  cost of the flow found

Until capacities fit, excess over them is allowed at more than any market would pay; none is left at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from keruen.flows.assignment import FlowResult
from keruen.flows.capacity import Facilities, Passes, passes
from keruen.flows.choice import Floats, Rows, market_of
from keruen.flows.route_sets import RouteSet

GAP = 1e-9
MOST_ROUNDS = 200
WORTH = 1e-9  # share of a cost by which a new way must be cheaper than what is paid


@dataclass(frozen=True, eq=False)
class Ways:
    """n ways, of one market each: market int64[n], cost without prices USD/t, and the facilities it passes with units a tonne.

    way: int64[n], a number by which the same way of a market is known again, such as a row of a route set. facility and units of way i:
    [first[i] : first[i + 1]].
    """

    market: Rows
    way: Rows
    cost: Floats
    first: Rows
    facility: NDArray[np.int32]
    units: Floats

    def priced(self, price: Floats) -> Floats:
        """Cost with prices of facilities, USD/t: float64[n]."""
        of = np.repeat(np.arange(len(self.way)), np.diff(self.first))
        return self.cost + np.bincount(of, self.units * price[self.facility], len(self.way))

    def rows(self, chosen: Rows) -> Ways:
        """Some of the ways."""
        size = np.diff(self.first)[chosen]
        first = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
        at = np.repeat(self.first[chosen] - first[:-1], size) + np.arange(first[-1])
        return Ways(self.market[chosen], self.way[chosen], self.cost[chosen], first, self.facility[at], self.units[at])


def joined(one: Ways, other: Ways) -> Ways:
    """Ways of two lists, one after the other."""
    return Ways(
        np.concatenate([one.market, other.market]),
        np.concatenate([one.way, other.way]),
        np.concatenate([one.cost, other.cost]),
        np.concatenate([one.first, one.first[-1] + other.first[1:]]),
        np.concatenate([one.facility, other.facility]),
        np.concatenate([one.units, other.units]),
    )


Oracle = Callable[[Floats], Ways]
"""Given prices of facilities [f], the cheapest way of each market by cost with prices; none for a market without a way."""


@dataclass(frozen=True, eq=False)
class Optimum:
    """A flow of least cost, with the proof of how near it is to the least possible.

    ways: all that were considered; way_t float64[n]: tonnes on each. unserved_t [k]. load, price_usd_per_unit [f]: the price is what
    one more unit of capacity a year would save. cost_usd: of what is shipped; unserved_usd: the penalty of the rest. bound_usd: no flow
    costs less. excess: largest share by which a limit is passed. rounds: of column generation.
    """

    ways: Ways
    way_t: Floats
    unserved_t: Floats
    load: Floats
    price_usd_per_unit: Floats
    cost_usd: float
    unserved_usd: float
    bound_usd: float
    excess: float
    rounds: int

    @property
    def objective_usd(self) -> float:
        """Cost of what is shipped and penalty of what is not."""
        return self.cost_usd + self.unserved_usd

    @property
    def gap(self) -> float:
        """The duality gap as a share of the objective: by so much at most could any flow be cheaper."""
        return max(0.0, self.objective_usd - self.bound_usd) / abs(self.objective_usd) if self.objective_usd else 0.0


def cheapest_of(
    routes: RouteSet,
    facilities: Facilities,
    teu_per_t: Floats,
    *,
    cost: Floats | None = None,
    through: Passes | None = None,
) -> Oracle:
    """The oracle that knows the routes of a route set and no others; `way` is the row of the route."""
    through = through or passes(routes, facilities.arc_facility)
    of = market_of(routes)
    route = np.repeat(np.arange(len(of)), np.diff(through.first))
    in_teu = np.array([unit == "teu" for unit in facilities.unit], bool)[through.facility]
    units = np.where(in_teu, np.nan_to_num(teu_per_t)[of[route]], 1.0)
    known = routes.generalized_usd_per_t if cost is None else cost
    shut = np.bincount(route, (facilities.limit[through.facility] == 0) & (units > 0), len(of)) > 0
    every = Ways(of, np.arange(len(of)), np.where(shut, np.inf, known), through.first, through.facility, units)
    filled = np.flatnonzero(np.diff(routes.first_route))

    def oracle(price: Floats) -> Ways:
        priced = every.priced(price)
        least = np.full(len(routes.origin), np.inf)
        if len(filled):
            least[filled] = np.minimum.reduceat(priced, routes.first_route[filled])
        best = np.flatnonzero((priced == least[of]) & np.isfinite(priced))
        _, at = np.unique(of[best], return_index=True)
        return every.rows(best[at])

    return oracle


def least_cost_of(found: FlowResult, *, gap: float = GAP) -> Optimum:
    """The flow of least cost of the same demand, over the same routes and under the same capacities as flows that shippers chose.

    A tonne left unserved costs what the shippers' highest cost is; waits, which depend on how even the traffic is, are in neither.
    """
    who, places = found.shippers, found.places
    oracle = cheapest_of(found.routes, places, who.teu_per_t, through=found.through)
    return least_cost(found.shippers.tonnes - found.loading.forgone_t, who.highest_usd_per_t, places, oracle, gap=gap)


def least_cost(
    tonnes: Floats, unserved_usd_per_t: Floats, facilities: Facilities, oracle: Oracle, *, gap: float = GAP
) -> Optimum:
    """The flow of least cost of k markets over whatever ways the oracle knows, to a duality gap.

    tonnes: demand a year [k]. unserved_usd_per_t: what it costs to leave a tonne of a market unserved [k]. The gap of the result says
    whether it was reached. Raises ValueError for demand or penalties that are not finite, or below 0.
    """
    for name, values in (("tonnes", tonnes), ("unserved_usd_per_t", unserved_usd_per_t)):
        if not (np.isfinite(values) & (values >= 0)).all():
            raise ValueError(f"{name} must be finite and 0 or more")
    limit = np.where(np.isnan(facilities.limit), np.inf, facilities.limit)
    price = np.zeros(len(limit))
    master = _Master(tonnes, limit, _or_home(oracle(price), price, unserved_usd_per_t), unserved_usd_per_t)
    bound, best, rounds = -np.inf, price, 0
    while rounds < MOST_ROUNDS:
        rounds += 1
        price, paid = master.solve()
        offered = _or_home(oracle(price), price, unserved_usd_per_t)
        priced = offered.priced(price)
        lower = float(tonnes[offered.market] @ priced) - float(price[price > 0] @ limit[price > 0])
        if lower > bound:
            bound, best = lower, price
        better = (priced < paid[offered.market] - WORTH * np.abs(paid[offered.market])) & (tonnes[offered.market] > 0)
        if master.objective - bound <= gap * abs(master.objective) or not master.add(
            offered.rows(np.flatnonzero(better))
        ):
            break
    return master.optimum(best, bound, rounds)


HOME = -1  # the way that leaves goods unserved
SCARCE = 4.0  # times what any market would pay: the price of passing a limit while there is too little to choose from


def _or_home(ways: Ways, price: Floats, penalty: Floats) -> Ways:
    """Each market's way where it costs less than leaving its goods unserved does, which is its way elsewhere."""
    kept = ways.rows(np.flatnonzero(ways.priced(price) < penalty[ways.market]))
    stays = np.ones(len(penalty), bool)
    stays[kept.market] = False
    home = np.flatnonzero(stays)
    n = len(home)
    return joined(
        kept,
        Ways(home, np.full(n, HOME), penalty[home], np.zeros(n + 1, np.int64), np.empty(0, np.int32), np.empty(0)),
    )


class _Master:
    """The restricted programme. Markets with one way have neither row nor column in it: their load is taken off the limits."""

    def __init__(self, tonnes: Floats, limit: Floats, ways: Ways, penalty: Floats) -> None:
        self.tonnes, self.limit, self.ways = tonnes, limit, ways
        self.only = np.empty(len(tonnes), np.int64)  # the one way of a market that is outside
        self.only[ways.market] = np.arange(len(tonnes))
        self.row = np.full(len(tonnes), -1)
        self.column = np.full(len(ways.way), -1)
        self.bound = np.flatnonzero(np.isfinite(limit))
        self.at = np.full(len(limit), -1)
        self.at[self.bound] = np.arange(len(self.bound))
        self.solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self.solver.setOptionValue("output_flag", False)
        n = len(self.bound)
        self.solver.addRows(
            n, np.full(n, -np.inf), np.zeros(n), 0, np.zeros(n, np.int32), np.empty(0, np.int32), np.empty(0)
        )
        self.most_usd = SCARCE * float(penalty.max(initial=1.0))
        rows = np.arange(n, dtype=np.int32)
        self.solver.addCols(n, self.scarce(), np.zeros(n), np.full(n, np.inf), n, rows, rows, np.full(n, -1.0))
        self.n_columns = n
        self.flow = np.empty(0)
        self.objective = np.inf
        self.price = np.zeros(len(limit))

    def scarce(self) -> Floats:
        """The price of passing each limit, above what any market would pay for the ways there are, float64[bound]."""
        units = float(self.ways.units.min(initial=1.0, where=self.ways.units > 0))
        return np.full(len(self.bound), self.most_usd / units)

    def add(self, fresh: Ways) -> bool:
        """Takes in ways of markets; False if all were there already."""
        known = set(zip(self.ways.market.tolist(), self.ways.way.tolist(), strict=True))
        new = [
            i for i, pair in enumerate(zip(fresh.market.tolist(), fresh.way.tolist(), strict=True)) if pair not in known
        ]
        if not new:
            return False
        fresh = fresh.rows(np.array(new))
        begin = len(self.ways.way)
        self.ways = joined(self.ways, fresh)
        n = len(self.bound)
        self.solver.changeColsCost(n, np.arange(n, dtype=np.int32), self.scarce())
        entering = np.unique(fresh.market[self.row[fresh.market] < 0])
        rows = self.solver.getNumRow()
        self.row[entering] = rows + np.arange(len(entering))
        demand = self.tonnes[entering]
        n = len(entering)
        self.solver.addRows(n, demand, demand, 0, np.zeros(n, np.int32), np.empty(0, np.int32), np.empty(0))
        columns = np.concatenate([self.only[entering], np.arange(begin, len(self.ways.way))])
        self.column = np.append(self.column, np.full(len(new), -1))
        self.column[columns] = self.n_columns + np.arange(len(columns))
        self.n_columns += len(columns)
        chosen = self.ways.rows(columns)
        counted = np.flatnonzero((self.at[chosen.facility] >= 0) & (chosen.units > 0))
        of = np.repeat(np.arange(len(columns)), np.diff(chosen.first))[counted]
        # Entries by column: the market's row first, then the facilities'.
        column = np.concatenate([np.arange(len(columns)), of])
        entry = np.concatenate([self.row[chosen.market], self.at[chosen.facility[counted]]])
        value = np.concatenate([np.ones(len(columns)), chosen.units[counted]])
        order = np.argsort(column, kind="stable")
        starts = np.searchsorted(column[order], np.arange(len(columns))).astype(np.int32)
        self.solver.addCols(
            len(columns),
            chosen.cost,
            np.zeros(len(columns)),
            np.full(len(columns), np.inf),
            len(order),
            starts,
            entry[order].astype(np.int32),
            value[order],
        )
        return True

    def solve(self) -> tuple[Floats, Floats]:
        """Prices of facilities [f] and what each market pays for its last tonne [k]. Raises RuntimeError if the solver gives up."""
        outside = np.flatnonzero(self.row < 0)
        fixed = np.zeros(len(self.ways.way))
        fixed[self.only[outside]] = self.tonnes[outside]
        room = self.limit - self.loads(fixed)
        for row, f in enumerate(self.bound):
            self.solver.changeRowBounds(row, -np.inf, room[f])
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"the restricted programme has no optimum: {self.solver.getModelStatus()}")
        solution = self.solver.getSolution()
        duals, values = np.array(solution.row_dual), np.array(solution.col_value)
        price = np.zeros(len(self.limit))
        price[self.bound] = np.maximum(-duals[: len(self.bound)], 0.0)
        inside = self.column >= 0
        self.flow = fixed
        self.flow[inside] = np.maximum(values[self.column[inside]], 0.0)
        self.objective = float(self.flow @ self.ways.cost) + float(
            values[: len(self.bound)] @ np.array(self.solver.getLp().col_cost_)[: len(self.bound)]
        )
        paid = self.ways.rows(self.only).priced(price)
        paid[self.row >= 0] = duals[self.row[self.row >= 0]]
        return price, paid

    def loads(self, flow: Floats) -> Floats:
        """What facilities carry under flows of the ways, float64[f]."""
        of = np.repeat(flow, np.diff(self.ways.first))
        return np.bincount(self.ways.facility, self.ways.units * of, len(self.limit)).astype(float)

    def optimum(self, price: Floats, bound: float, rounds: int) -> Optimum:
        """The record of the last solution."""
        home = self.ways.way == HOME
        load = self.loads(self.flow)
        use = np.divide(load, self.limit, out=np.where(load > 0, np.inf, 0.0), where=self.limit > 0)
        costs = self.flow * self.ways.cost
        return Optimum(
            self.ways.rows(np.flatnonzero(~home)),
            self.flow[~home],
            np.bincount(self.ways.market[home], self.flow[home], len(self.tonnes)).astype(float),
            load,
            price,
            float(costs[~home].sum()),
            float(costs[home].sum()),
            bound,
            max(0.0, float(use.max(initial=0.0)) - 1),
            rounds,
        )
