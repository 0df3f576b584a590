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

import ctypes
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.flows.choice import Floats, Rows, log_sizes, market_of, market_sums
from keruen.flows.route_kernels import facilities_passed
from keruen.flows.route_sets import RouteSet
from keruen.routing.compiled import library

UNITS = ("t", "teu")
TOLERANCE = 1e-8  # of capacity, and of loads that must repeat themselves
MOST_STEPS = 100
LARGEST_DAMPING = 1e12
FIRST_WIDTH, SHORTEST_WIDTH = 0.25, 1e-3  # of the way down to the limits, where Newton's method needs one
LEAST = 1e-12  # of capacity: where logarithms of loads begin
MANY_ROUTES = 200_000  # from which on the markets are loaded in two parts side by side
OF_MARKETS = ("first_route", "tonnes", "beta", "value_of_time", "log_home", "base", "elasticity")


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
    then load no facility counted in TEU. highest_usd_per_t: when shipping is expected to cost this, half of the goods stay at
    home. elasticity and base_usd_per_t: demand is tonnes x (expected cost / base)^-elasticity; nan base: as it is.
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
    return Passes(*facilities_passed(routes.paths, arc_facility))


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
    go_on: Callable[[], None] = lambda: None,
) -> Loading:
    """Flows of all markets over their routes such that every facility's load fits its capacity.

    cost: generalized cost of routes before waits and prices, float64[r], inf for closed ones; that of the route set by default.
    constants: of corridors. through: `passes` of these routes, if already known. start: state of another loading of the same
    facilities. go_on: called before each loading of all routes; what it raises ends the work. What no capacity is left for is in
    unserved_t. Whether the residuals are small enough is in `settled`.
    """
    base = routes.generalized_usd_per_t if cost is None else cost
    if not (base > 0).all():
        raise ValueError(f"generalized costs must be above 0 USD/t: routes {np.flatnonzero(~(base > 0)).tolist()[:5]}")
    if len(shippers.tonnes) != len(routes.origin):
        raise ValueError(f"shippers of {len(shippers.tonnes)} markets for routes of {len(routes.origin)}")
    problem = _Problem(
        routes, shippers, facilities, base, constants, through or passes(routes, facilities.arc_facility), go_on
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


@dataclass(frozen=True, eq=False)
class _Flows:
    """Cost and share of routes [r], demand and expected cost of markets [k], loads [f]; shares count goods left at home."""

    cost: Floats
    share: Floats
    demand: Floats
    expected: Floats
    load: Floats


def _call(name: str, markets: _Markets, *arrays: Floats) -> None:
    """Calls a kernel of loading.c with arrays by address. Raises MemoryError."""
    kernel = getattr(library(), name)
    kernel.argtypes = [ctypes.c_void_p] * (1 + len(arrays))
    if kernel(ctypes.addressof(markets), *(array.ctypes.data for array in arrays)):
        raise MemoryError(f"{name}: not enough memory")


def _parts_of(arrays: Mapping[str, NDArray[Any]], facilities: int) -> list[tuple[int, _Markets]]:
    """Markets in one part, or in two if they are very many, each with the number of its first: by their size and nothing else, so that
    sums come out the same on every machine."""
    first = arrays["first_route"]
    k = len(first) - 1
    middle = int(np.searchsorted(first, first[-1] // 2)) if first[-1] > MANY_ROUTES else 0
    bounds = [0, middle, k] if 0 < middle < k else [0, k]
    return [
        (begin, _Markets(end - begin, facilities, **{
            name: array.ctypes.data + (begin * array.itemsize if name in OF_MARKETS else 0) for name, array in arrays.items()
        }))
        for begin, end in pairwise(bounds)
    ]  # fmt: skip


class _Markets(ctypes.Structure):
    """`Markets` of loading.c."""

    _fields_ = [("n_markets", ctypes.c_int64), ("n_facilities", ctypes.c_int64)] + [
        (name, ctypes.c_void_p)
        for name in ("first_route", "pass", "facility", "units", "cost", "size", "tonnes")
        + ("beta", "value_of_time", "log_home", "base", "elasticity")
    ]


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
        go_on: Callable[[], None],
    ) -> None:
        self.routes, self.facilities, self.go_on = routes, facilities, go_on
        self.of: Rows = market_of(routes)
        self.tonnes = np.ascontiguousarray(shippers.tonnes, float)
        self.limit = np.where(np.isnan(facilities.limit), np.inf, facilities.limit)
        self.bound = np.isfinite(self.limit) & (self.limit > 0)
        in_teu = np.array([unit == "teu" for unit in facilities.unit], bool)
        route = np.repeat(np.arange(len(routes.corridor)), np.diff(through.first))
        self.units = np.where(in_teu[through.facility], np.nan_to_num(shippers.teu_per_t)[self.of[route]], 1.0)
        shut = np.zeros(len(cost), bool)
        shut[route[(self.limit[through.facility] == 0) & (self.units > 0)]] = True
        self.through = through
        arrays: dict[str, NDArray[Any]] = {
            "first_route": np.ascontiguousarray(routes.first_route, np.int64),
            "pass": np.ascontiguousarray(through.first, np.int64),
            "facility": np.ascontiguousarray(through.facility, np.int32),
            "units": self.units,
            "cost": np.where(shut, np.inf, cost),
            "size": log_sizes(routes, constants),
            "tonnes": self.tonnes,
            "beta": np.ascontiguousarray(shippers.beta, float),
            "value_of_time": np.ascontiguousarray(shippers.value_of_time_usd_per_t_h, float),
            "log_home": -shippers.beta * np.log(shippers.highest_usd_per_t),
            "base": np.ascontiguousarray(shippers.base_usd_per_t, float),
            "elasticity": np.ascontiguousarray(shippers.elasticity, float),
        }
        self.arrays = arrays  # keeps alive what the structure points to
        self.parts = _parts_of(arrays, len(facilities))
        self.free = self.flows_at(np.zeros(len(facilities)), np.zeros(len(facilities)))
        flow = (self.free.demand[self.of] * self.free.share)[route] * self.units
        bent = np.where(flow > 0, self.free.cost[route], 0.0) / shippers.beta[self.of[route]]
        money, squares = (
            np.bincount(through.facility, flow * by, len(facilities)).astype(float) for by in (bent, self.units)
        )
        self.height = np.divide(money, squares, out=np.ones(len(facilities)), where=squares > 0)
        self.beta = float(shippers.beta.mean()) if len(shippers.beta) else 1.0

    def flows_at(self, price: Floats, wait: Floats) -> _Flows:
        """What flows at given prices and waits of facilities."""
        self.go_on()
        k, r, f = len(self.tonnes), len(self.of), len(self.facilities)
        cost, share, demand, expected = np.empty(r), np.empty(r), np.empty(k), np.empty(k)

        def load(part: tuple[int, _Markets]) -> Floats:
            begin, markets = part
            found = np.empty(f)
            _call("keruen_loads", markets, price, wait, cost, share, demand[begin:], expected[begin:], found)
            return found

        return _Flows(cost, share, demand, expected, self.of_parts(load))

    def of_parts(self, work: Callable[[tuple[int, _Markets]], Floats]) -> Floats:
        """The sum of what each part of the markets gives, worked out side by side."""
        if len(self.parts) == 1:
            return work(self.parts[0])
        with ThreadPoolExecutor(len(self.parts)) as threads:
            return np.asarray(sum(threads.map(work, self.parts)))

    def flows(self, state: Floats) -> _Flows:
        """What flows at a state."""
        price, target = self.prices(state)
        return self.flows_at(price, _waits(self.facilities, target)[0])

    def prices(self, state: Floats) -> tuple[Floats, Floats]:
        """Prices, and the loads that the state says there are."""
        limit = np.where(np.isfinite(self.limit), self.limit, 0.0)
        return np.maximum(state, 0.0), limit * (1 + np.minimum(state, 0.0) / self.height)

    def begin(self) -> Floats:
        """A first guess: the price that alone would bring an overload back under the power law, or the slack there is."""
        over = np.divide(self.free.load, self.limit, out=np.zeros(len(self.limit)), where=self.bound)
        b = self.beta
        guess: Floats = np.where(
            over > 1, self.height * b * (np.maximum(over, 1) ** (1 / b) - 1), self.height * (over - 1)
        )
        return guess

    def faults(self, state: Floats, load: Floats) -> Floats:
        """What is left of the equations, as shares of capacity; 0 for facilities without a limit."""
        limit = np.where(self.bound, self.limit, 1.0)
        ratio = np.maximum(load / limit, LEAST)
        log = (state > 0) | (ratio > 1)
        return np.where(self.bound, np.where(log, np.log(ratio), ratio - 1) - np.minimum(state, 0.0) / self.height, 0.0)

    def slope(self, state: Floats, found: _Flows) -> Floats:
        """The derivative of the faults by the state, float64[f, f]."""
        _, target = self.prices(state)
        limit = np.where(self.bound, self.limit, 1.0)
        priced = np.where(state > 0, 1.0, 0.0)
        waiting = np.where(state > 0, 0.0, _waits(self.facilities, target)[1] * limit / self.height)

        def bend(part: tuple[int, _Markets]) -> Floats:
            begin, markets = part
            of = np.empty((len(state), len(state)))
            _call("keruen_load_slopes", markets, priced, waiting, found.cost, found.share, found.demand[begin:], of)
            return of

        slope = self.of_parts(bend)
        log = (state > 0) | (found.load > limit)
        slope *= np.where(self.bound, 1 / np.where(log, np.maximum(found.load, LEAST * limit), limit), 0.0)[:, None]
        slope[np.diag_indices(len(state))] -= np.where(self.bound, np.where(state > 0, 0.0, 1 / self.height), 1.0)
        return slope

    def solve(self, start: Floats | None) -> tuple[Floats, int]:
        """The state where no equation is off by more than the tolerance, or the best found, and how many loadings it took.

        Where Newton's method gets stuck, limits are lowered step by step from loads that nothing bounds, each time from the state before.
        """
        state, worst, steps = self.newton(np.where(self.bound, self.begin() if start is None else start, 0.0))
        if worst <= TOLERANCE:
            return state, steps
        limit = self.limit
        excess = np.where(self.bound, np.maximum(self.free.load, limit) / np.where(self.bound, limit, 1.0), 1.0)
        best, least = state, worst
        state, done, width = np.where(self.bound, np.minimum(self.begin(), 0.0), 0.0), 0.0, FIRST_WIDTH
        while done < 1 and width > SHORTEST_WIDTH:
            there = min(1.0, done + width)
            self.limit = limit * excess ** (1 - there)
            tried, worst, more = self.newton(state)
            steps += more
            if worst <= TOLERANCE:
                state, done, width = tried, there, 2 * width
            else:
                width /= 4
        self.limit = limit
        if done < 1:
            tried, worst, more = self.newton(state)
            return (tried if worst < least else best), steps + more
        return state, steps

    def newton(self, state: Floats) -> tuple[Floats, float, int]:
        """The state nearest to a solution that Newton's method finds from one, its largest fault, and the loadings it took."""
        found = self.flows(state)
        fault = self.faults(state, found.load)
        damping, step = 0.0, 1
        while np.abs(fault).max(initial=0.0) > TOLERANCE and step < MOST_STEPS and damping < LARGEST_DAMPING:
            slope = self.slope(state, found)
            while damping < LARGEST_DAMPING and step < MOST_STEPS:
                heavy = slope.copy()
                heavy[np.diag_indices(len(state))] *= 1 + damping + 1e-12  # full facilities in series make it singular
                tried = state - np.linalg.lstsq(heavy, fault)[0]
                after = self.flows(tried)
                left = self.faults(tried, after.load)
                step += 1
                if np.linalg.norm(left) < np.linalg.norm(fault):
                    state, found, fault, damping = tried, after, left, damping / 10 if damping > 1e-3 else 0.0
                    break
                damping = max(4 * damping, 1e-2)
        return state, float(np.abs(fault).max(initial=0.0)), step

    def loading(self, state: Floats, iterations: int) -> Loading:
        """The record of what flows at a state, with its residuals measured at the loads themselves."""
        found = self.flows(state)
        price = np.where(self.bound, self.prices(state)[0], 0.0)
        wait = _waits(self.facilities, found.load)[0]
        again = self.flows_at(price, wait)
        flow = found.demand[self.of] * found.share
        off = float(np.abs(again.demand[self.of] * again.share - flow).sum())
        shipped = market_sums(self.routes, flow)
        moved = flow > 0
        total = float(flow[moved] @ found.cost[moved])
        room = np.where(self.bound, self.limit - found.load, 0.0)
        use = np.divide(found.load, self.limit, out=np.zeros(len(price)), where=self.bound)
        route = np.repeat(np.arange(len(flow)), np.diff(self.through.first))
        return Loading(
            np.divide(flow, shipped[self.of], out=np.zeros(len(flow)), where=moved),
            flow,
            shipped,
            np.maximum(found.demand - shipped, 0.0),
            self.tonnes - found.demand,
            found.cost,
            np.bincount(route, self.units * price[self.through.facility], len(flow)).astype(float),
            found.expected,
            found.load,
            wait,
            np.where(self.limit == 0, np.nan, price),
            max(0.0, float(use.max(initial=0.0)) - 1),
            float(np.abs(price * room).sum()) / total if total else 0.0,
            off / float(flow.sum()) if total else 0.0,
            iterations,
            state,
        )
