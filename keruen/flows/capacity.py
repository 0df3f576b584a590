"""Flows under capacity: what facilities carry, how long they make wait, and the price at which their capacity is just enough.

    C_k = c_k + sum over facilities f of k of (pi_f a_kf + v_m w_f)                      cost of route k of market m, USD/t
    x_k = D_m P_k(C),  V_f = sum_k a_kf x_k                                              Weibit shares (choice.py), loads
    w_f = (ca^2 + cs^2) / 2 x rho^(sqrt(2 (c + 1)) - 1) / (c (1 - rho)) x tau            wait, hours; rho = V_f / capacity
    0 <= pi_f,  V_f <= u_f,  pi_f (u_f - V_f) = 0                                        price, USD per unit; u_f = usable capacity

a_kf: units of facility f (t or TEU) that a tonne on route k takes of it. The wait is the Kingman formula for c servers (Sakasegawa 1977;
Whitt 1993); the price is what a queue, a surcharge or a slot auction must cost for demand to fit (Larsson and Patriksson 1995; Bell 1995
for stochastic choice). Each market may also leave goods unshipped: one more alternative at a highest cost R_m, so prices always exist and
what is not served is shown, and demand may answer to cost, D = D0 (S / S0)^-epsilon.

Why complementarity and not a convex programme. The programme  min sum_k x_k ln c_k + 1/beta sum_k x_k (ln (x_k / PS_k) - 1)
under V <= u has the Weibit as its solution (Kitthamkesorn and Chen 2013), but its multipliers are added to ln C: each is a surcharge in
per cent of the door-to-door cost, so two shippers would pay different dollars for the same place on the same ferry. One price in USD for
all is wanted, and then the answer of loads to prices is not symmetric and no programme has it as its gradient. A price always lowers the
load of its own facility, and where no route passes two full facilities the prices are unique; elsewhere the residuals certify them.

How it is solved. One unknown s_f per facility holds price and slack together (Robinson's normal map):

    pi_f = max(0, s_f),   t_f = u_f (1 + min(0, s_f) / h_f),   w_f = w(t_f);        find s with V_f(s) = t_f(s)

h_f = a price to which the load answers one for one, so that both sides of s are alike in size. The equations, in log V where V > u since
loads are power laws of prices, are solved by a semismooth Newton method with the exact derivative, damped as Levenberg and Marquardt do.
Loads at the end are those of the model at exactly the prices given; t is checked against them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from keruen.flows.choice import Floats, Rows, log_shares, log_weights, market_of, market_sums
from keruen.flows.route_sets import RouteSet

UNITS = ("t", "teu")
TOLERANCE = 1e-6  # of capacity, and of loads that must repeat themselves
MOST_STEPS = 100
LARGEST_DAMPING = 1e12


@dataclass(frozen=True, eq=False)
class Facilities:
    """f places whose capacity may bind: ports, ferries, gauge yards, borders, single-track sections.

    keys, names; unit: 't' or 'teu' each. capacity_per_year float64[f], in its unit: nan where unknown (neither limit nor wait), 0 where
    closed. highest_use float64[f], the share of it that can be used: 1, or below 1 where a queue is modelled. servers, arrival_cv,
    service_cv, service_h float64[f]: how many are served at once, coefficients of variation of arrivals and of service, mean
    hours of a service; nan service_h: no queue is modelled. arc_facility int32[m]: the facility an arc of the network belongs to, -1 for
    none. A route that takes several arcs of one facility passes it once. Raises ValueError, all faults at once.
    """

    keys: tuple[str, ...]
    names: tuple[str, ...]
    unit: tuple[str, ...]
    capacity_per_year: Floats
    highest_use: Floats
    servers: Floats
    arrival_cv: Floats
    service_cv: Floats
    service_h: Floats
    arc_facility: NDArray[np.int32]

    def __post_init__(self) -> None:
        wrong = []
        arrays = ("capacity_per_year", "highest_use", "servers", "arrival_cv", "service_cv", "service_h")
        for name in ("names", "unit", *arrays):
            if len(getattr(self, name)) != len(self.keys):
                raise ValueError(f"{name} has {len(getattr(self, name))} entries for {len(self.keys)} facilities")
        queues = np.isfinite(self.service_h)
        checks = {
            "a unit other than t and teu": np.array([unit not in UNITS for unit in self.unit], bool),
            "a capacity below 0": self.capacity_per_year < 0,
            "an endless capacity (nan says that none is known)": np.isinf(self.capacity_per_year),
            "a highest use outside (0, 1]": ~((self.highest_use > 0) & (self.highest_use <= 1)),
            "a queue and a highest use of 1, where the wait has no end": queues & (self.highest_use >= 1),
            "a queue and not 1 server at least": queues & ~(self.servers >= 1),
            "a queue and no coefficients of variation": queues & ~((self.arrival_cv >= 0) & (self.service_cv >= 0)),
            "a time of service below 0": self.service_h < 0,
        }
        for what, bad in checks.items():
            wrong += [f"facility {self.keys[f]} has {what}" for f in np.flatnonzero(bad)]
        if len(self.arc_facility) and not -1 <= self.arc_facility.min() <= self.arc_facility.max() < len(self.keys):
            wrong.append(f"arc_facility must hold rows of the {len(self.keys)} facilities, or -1")
        if len(set(self.keys)) < len(self.keys):
            wrong.append("two facilities have the same key")
        if wrong:
            raise ValueError("; ".join(wrong))

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def limit(self) -> Floats:
        """Usable capacity a year, in the unit of each facility; nan where unknown."""
        return self.capacity_per_year * self.highest_use


@dataclass(frozen=True, eq=False)
class Shippers:
    """What the k markets of a route set want: float64[k] each.

    tonnes: demand a year. beta: scale of the choice. value_of_time_usd_per_t_h. teu_per_t: nan for goods that take no container, which
    then load no facility counted in TEU. highest_usd_per_t: at this generalized cost as many would leave the goods at home as take a
    route of the same cost. elasticity and base_usd_per_t: demand is tonnes x (expected cost / base)^-elasticity; nan base: as it is.
    """

    tonnes: Floats
    beta: Floats
    value_of_time_usd_per_t_h: Floats
    teu_per_t: Floats
    highest_usd_per_t: Floats
    elasticity: Floats
    base_usd_per_t: Floats

    def __post_init__(self) -> None:
        wrong = []
        positive = {"beta": self.beta, "highest_usd_per_t": self.highest_usd_per_t}
        wrong += [f"{name} must be a finite number above 0" for name, of in positive.items() if not _above(of).all()]
        if not (np.isfinite(self.tonnes) & (self.tonnes >= 0)).all():
            wrong.append("tonnes must be finite and 0 or more")
        if not (np.isfinite(self.value_of_time_usd_per_t_h) & (self.value_of_time_usd_per_t_h >= 0)).all():
            wrong.append("value_of_time_usd_per_t_h must be finite and 0 or more")
        if not (np.isnan(self.teu_per_t) | _above(self.teu_per_t)).all():
            wrong.append("teu_per_t must be above 0, or nan for goods that take no container")
        if not (np.isnan(self.base_usd_per_t) | (_above(self.base_usd_per_t) & (self.elasticity >= 0))).all():
            wrong.append("where there is a base cost it must be above 0, and the elasticity 0 or more")
        if wrong:
            raise ValueError("; ".join(wrong))


@dataclass(frozen=True, eq=False)
class Passes:
    """Which facilities each route passes, each once: facility[first[r] : first[r + 1]], rows of facilities in order."""

    first: NDArray[np.int64]
    facility: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Loading:
    """Flows that fit: r routes, k markets, f facilities.

    shares [r]: of what a market ships, sum to 1 where it ships. route_t [r], shipped_t, unserved_t, forgone_t [k]: tonnes a year; demand =
    shipped + unserved (no capacity worth its price) + forgone (lost to higher cost). route_usd_per_t [r]: generalized cost with prices and
    waits; charge_usd_per_t [r]: the prices in it. expected_usd_per_t [k]. load, wait_h, price_usd_per_unit [f]: of each facility, in its
    unit; the price is nan where it is closed, for no price would open it. over_capacity: largest share by which a limit is passed;
    complementarity: sum |price x room| over total cost; fixed_point: how far route flows are from those that their own loads would
    bring, over all flow. state [f]: the unknowns, to start another solution from.
    """

    shares: Floats
    route_t: Floats
    shipped_t: Floats
    unserved_t: Floats
    forgone_t: Floats
    route_usd_per_t: Floats
    charge_usd_per_t: Floats
    expected_usd_per_t: Floats
    load: Floats
    wait_h: Floats
    price_usd_per_unit: Floats
    over_capacity: float
    complementarity: float
    fixed_point: float
    iterations: int
    state: Floats

    @property
    def total_usd(self) -> float:
        """What all shippers bear in a year: generalized cost with waits and prices."""
        moved = self.route_t > 0
        return float(self.route_t[moved] @ self.route_usd_per_t[moved])

    @property
    def settled(self) -> bool:
        """Whether capacity holds within 0.5 %, complementarity within 0.1 % of cost and flows within 0.1 % of themselves."""
        return self.over_capacity <= 5e-3 and self.complementarity <= 1e-3 and self.fixed_point <= 1e-3


def passes(routes: RouteSet, arc_facility: NDArray[np.int32]) -> Passes:
    """The facilities that each route passes; built once for a route set and its facilities."""
    route = np.repeat(np.arange(len(routes.corridor), dtype=np.int64), np.diff(routes.first_arc))
    facility = arc_facility[routes.arc].astype(np.int64)
    kept = facility >= 0
    size = int(facility.max(initial=0)) + 1
    key = np.unique(route[kept] * size + facility[kept])
    first = np.zeros(len(routes.corridor) + 1, np.int64)
    np.cumsum(np.bincount(key // size, minlength=len(routes.corridor)), out=first[1:])
    return Passes(first, (key % size).astype(np.int32))


def wait_h(facilities: Facilities, load: Floats) -> Floats:
    """Expected wait at each facility under a load, hours: float64[f]; 0 where no queue is modelled. Load above the limit waits as at it."""
    return _waits(facilities, load)[0]


def loaded(
    routes: RouteSet,
    shippers: Shippers,
    facilities: Facilities,
    *,
    cost: Floats | None = None,
    constants: Floats | None = None,
    through: Passes | None = None,
    start: Floats | None = None,
) -> Loading:
    """Flows of all markets over their routes such that every facility's load fits its capacity.

    cost: generalized cost of routes before waits and prices, float64[r], inf for closed ones; that of the route set by default.
    constants: of corridors. through: `passes` of these routes, if already known. start: state of another loading of the same
    facilities. What no capacity is left for is in unserved_t. Whether the residuals are small enough is in `settled`.
    """
    base = routes.generalized_usd_per_t if cost is None else cost
    if not (base > 0).all():
        raise ValueError(f"generalized costs must be above 0 USD/t: routes {np.flatnonzero(~(base > 0)).tolist()[:5]}")
    if len(shippers.tonnes) != len(routes.origin):
        raise ValueError(f"shippers of {len(shippers.tonnes)} markets for routes of {len(routes.origin)}")
    problem = _Problem(
        routes, shippers, facilities, base, constants, through or passes(routes, facilities.arc_facility)
    )
    state, iterations = problem.solve(start)
    return problem.loading(state, iterations)


def flow_through(
    routes: RouteSet, loading: Loading, shippers: Shippers, facilities: Facilities, through: Passes, row: int
) -> Floats:
    """What each market sends through a facility a year (select link), in the facility's unit: float64[k]. The sum is its load."""
    per_t = shippers.teu_per_t if facilities.unit[row] == "teu" else np.ones(len(shippers.tonnes))
    route = np.repeat(np.arange(len(routes.corridor)), np.diff(through.first))[through.facility == row]
    of = market_of(routes)[route]
    return np.bincount(of, loading.route_t[route] * np.nan_to_num(per_t)[of], len(shippers.tonnes)).astype(float)


def _above(values: Floats) -> NDArray[np.bool_]:
    return np.isfinite(values) & (values > 0)


def _waits(facilities: Facilities, load: Floats) -> tuple[Floats, Floats]:
    """Waits, and their derivative by load: h per unit a year."""
    queue = np.isfinite(facilities.service_h) & (facilities.capacity_per_year > 0)
    capacity = np.where(queue, facilities.capacity_per_year, 1.0)
    top = np.where(queue, facilities.highest_use, 0.5)
    raw = np.where(queue, load, 0.0) / capacity
    rho = np.clip(raw, 0.0, top)
    c = np.where(queue, facilities.servers, 1.0)
    p = np.sqrt(2 * (c + 1)) - 1
    k = np.where(queue, (facilities.arrival_cv**2 + facilities.service_cv**2) / 2 * facilities.service_h, 0.0) / c
    slope = k * rho ** (p - 1) * (p * (1 - rho) + rho) / (1 - rho) ** 2 / capacity
    return k * rho**p / (1 - rho), np.where((raw > 0) & (raw < top), slope, 0.0)


class _Problem:
    """The equations V(s) = t(s) of the module's docstring over one route set."""

    def __init__(
        self,
        routes: RouteSet,
        shippers: Shippers,
        facilities: Facilities,
        cost: Floats,
        constants: Floats | None,
        through: Passes,
    ) -> None:
        self.routes, self.shippers, self.facilities = routes, shippers, facilities
        self.of: Rows = market_of(routes)
        self.beta = shippers.beta[self.of]
        self.limit = np.where(np.isnan(facilities.limit), np.inf, facilities.limit)
        size = (len(routes.corridor), len(facilities))
        route = np.repeat(np.arange(size[0]), np.diff(through.first))
        in_teu = np.array([unit == "teu" for unit in facilities.unit], bool)[through.facility]
        units = np.where(in_teu, np.nan_to_num(shippers.teu_per_t)[self.of[route]], 1.0)
        kept = units > 0
        self.units = csr_array((units[kept], (route[kept], through.facility[kept])), shape=size)
        self.hours = csr_array(
            (shippers.value_of_time_usd_per_t_h[self.of[route[kept]]], (route[kept], through.facility[kept])),
            shape=size,
        )
        self.units_by_facility = self.units.T.tocsr()
        shut = self.units @ (self.limit == 0).astype(float) > 0
        self.cost = np.where(shut, np.inf, cost)
        self.constants = constants
        self.bound = np.isfinite(self.limit) & (self.limit > 0)
        self.markets = csr_array(
            (np.ones(size[0]), np.arange(size[0]), routes.first_route), shape=(len(routes.origin), size[0])
        )
        self.height = np.ones(size[1])
        cost, shares, demand, _, _ = self.flows_at(np.zeros(size[1]), np.zeros(size[1]))
        flow = np.where(shares > 0, demand[self.of] * shares, 0.0)
        money = self.units_by_facility @ (flow * np.where(flow > 0, cost, 0.0) / self.beta)
        squares = self.units_by_facility.power(2) @ flow
        np.divide(money, squares, out=self.height, where=squares > 0)
        self.free = self.units_by_facility @ flow

    def flows(self, state: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Cost of routes, their choice among all incl. leaving goods at home, demand, expected cost and loads at a state."""
        price, target = self.prices(state)
        return self.flows_at(price, _waits(self.facilities, target)[0])

    def flows_at(self, price: Floats, wait: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        cost = self.cost + self.units @ price + self.hours @ wait
        ship = self.shippers
        weights = log_weights(self.routes, cost, ship.beta, self.constants)
        shares, logsum = log_shares(self.routes, weights, -ship.beta * np.log(ship.highest_usd_per_t))
        expected = np.exp(-logsum / ship.beta)
        answer = np.where(np.isnan(ship.base_usd_per_t), 1.0, (expected / ship.base_usd_per_t)) ** -np.nan_to_num(
            ship.elasticity
        )
        demand = ship.tonnes * answer
        load = self.units_by_facility @ (demand[self.of] * shares)
        return cost, shares, demand, expected, load

    def prices(self, state: Floats) -> tuple[Floats, Floats]:
        """Prices, and the loads that the state says there are."""
        limit = np.where(np.isfinite(self.limit), self.limit, 0.0)
        return np.maximum(state, 0.0), limit * (1 + np.minimum(state, 0.0) / self.height)

    def begin(self) -> Floats:
        """A first guess: the price that alone would bring an overload back under the power law, or the slack there is."""
        over = np.divide(self.free, self.limit, out=np.zeros(len(self.free)), where=self.bound)
        b = float(np.average(self.beta)) if len(self.beta) else 1.0
        guess: Floats = np.where(
            over > 1, self.height * b * (np.maximum(over, 1) ** (1 / b) - 1), self.height * (over - 1)
        )
        return guess

    def faults(self, state: Floats, load: Floats) -> Floats:
        """What is left of the equations, as shares of capacity; 0 for facilities without a limit."""
        limit = np.where(self.bound, self.limit, 1.0)
        ratio = np.maximum(load / limit, 1e-12)
        log = (state > 0) | (ratio > 1)
        return np.where(self.bound, np.where(log, np.log(ratio), ratio - 1) - np.minimum(state, 0.0) / self.height, 0.0)

    def slope(self, state: Floats, found: tuple[Floats, ...]) -> Floats:
        """The derivative of the faults by the state, float64[f, f]."""
        cost, shares, demand, _, load = found
        ship = self.shippers
        _, target = self.prices(state)
        priced = np.where(state > 0, 1.0, 0.0)
        limit = np.where(self.bound, self.limit, 1.0)
        waiting = np.where(state > 0, 0.0, _waits(self.facilities, target)[1] * limit / self.height)
        columns = np.flatnonzero((priced > 0) | (waiting > 0))
        per_cost = np.divide(1.0, cost, out=np.zeros(len(cost)), where=np.isfinite(cost))
        flow = demand[self.of] * shares
        slope = np.zeros((len(state), len(state)))
        if len(columns):
            moved = self.units[:, columns] @ diags_array(priced[columns]) + self.hours[:, columns] @ diags_array(
                waiting[columns]
            )
            epsilon = np.where(np.isnan(ship.base_usd_per_t), 0.0, ship.elasticity)
            own = self.units_by_facility @ (diags_array(-flow * self.beta * per_cost) @ moved)
            loads = self.markets @ (diags_array(flow) @ self.units)
            means = self.markets @ (diags_array((ship.beta - epsilon)[self.of] * shares * per_cost) @ moved)
            slope[:, columns] = (own + loads.T @ means).toarray()
        log = (state > 0) | (load > limit)
        slope *= np.where(self.bound, 1 / np.where(log, np.maximum(load, 1e-12 * limit), limit), 0.0)[:, None]
        slope[np.diag_indices(len(state))] -= np.where(self.bound, np.where(state > 0, 0.0, 1 / self.height), 1.0)
        return slope

    def solve(self, start: Floats | None) -> tuple[Floats, int]:
        """The state where no equation is off by more than the tolerance, or the best found, and how many loadings it took."""
        state = np.where(self.bound, self.begin() if start is None else start, 0.0)
        found = self.flows(state)
        fault = self.faults(state, found[-1])
        damping, step = 0.0, 1
        while np.abs(fault).max(initial=0.0) > TOLERANCE and step < MOST_STEPS and damping < LARGEST_DAMPING:
            slope = self.slope(state, found)
            while damping < LARGEST_DAMPING and step < MOST_STEPS:
                heavy = slope.copy()
                heavy[np.diag_indices(len(state))] *= 1 + damping + 1e-12  # full facilities in series make it singular
                tried = state - np.linalg.lstsq(heavy, fault)[0]
                after = self.flows(tried)
                left = self.faults(tried, after[-1])
                step += 1
                if np.linalg.norm(left) < np.linalg.norm(fault):
                    state, found, fault, damping = tried, after, left, damping / 10 if damping > 1e-3 else 0.0
                    break
                damping = max(4 * damping, 1e-2)
        return state, step

    def loading(self, state: Floats, iterations: int) -> Loading:
        """The record of what flows at a state, with its residuals measured at the loads themselves."""
        cost, shares, demand, expected, load = self.flows(state)
        price, _ = self.prices(state)
        price = np.where(self.bound, price, 0.0)
        flow = demand[self.of] * shares
        shipped = market_sums(self.routes, flow)
        wait = _waits(self.facilities, load)[0]
        again = self.flows_at(price, wait)
        off = float(np.abs(again[2][self.of] * again[1] - flow).sum())
        limit = np.where(self.bound, self.limit, np.inf)
        room = np.where(self.bound, limit - load, 0.0)
        moved = flow > 0
        total = float(flow[moved] @ cost[moved])
        conditional = np.divide(flow, shipped[self.of], out=np.zeros(len(flow)), where=moved)
        return Loading(
            conditional,
            flow,
            shipped,
            np.maximum(demand - shipped, 0.0),
            self.shippers.tonnes - demand,
            cost,
            np.asarray(self.units @ price, float),
            expected,
            load,
            wait,
            np.where(self.limit == 0, np.nan, price),
            max(0.0, float((load / limit - 1).max(initial=-1.0))),
            float(np.abs(price * room).sum()) / total if total else 0.0,
            off / float(flow.sum()) if total else 0.0,
            iterations,
            state,
        )
