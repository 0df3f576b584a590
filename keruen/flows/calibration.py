"""How choosy shippers are: beta and corridor constants fitted to recorded volumes by maximum likelihood, checked on rows held out.

    V_i = sum over the routes k that record i counts of  n_ik D_m P_k(beta, a)               modelled volume (choice.py)
    ln (true volume) = ln V_i + e,  e ~ N(0, sigma^2)
    log L = sum_i ln [Phi((ln high_i - ln V_i) / sigma) - Phi((ln low_i - ln V_i) / sigma)]   a record is an interval
          or  ln phi((ln v_i - ln V_i) / sigma) - ln sigma                                    where it is one number

Volumes are thousands of tonnes reported by few, so their error is that of reporting and of the model, not of sampling: hence one relative
error sigma, which is fitted too, and no multinomial likelihood, which would take every tonne for a witness. Where sources contradict one
another the record is the interval between them.

The profile of beta is the largest likelihood over all else at each beta; its 95 % interval is where it falls by less than
n/2 ln(1 + t^2 / (n - p)), t the 97.5 % point of Student's distribution with n - p degrees of freedom: n records fitted, p parameters beside
sigma. That is exact for a linear model and tends to the usual 1.92; with few records the usual one is too narrow. Constants
soak up what differs between corridors at all times, so beta shows only where costs changed between years or differ between markets. If the
interval is not inside the range looked at, or is no narrower than what is known beforehand, the records do not say what beta is: then the
value and the range known beforehand stand, constants are fitted at that value, and `identified` is False.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, stdtrit

from keruen.flows.choice import Floats, Rows, market_of
from keruen.flows.route_sets import RouteSet

LEAST_SIGMA = 0.02  # records are rounded: no volume is known better
LEAST_BETA, MOST_BETA = 0.2, 60.0
GRID = 25
BISECTIONS = 8
MOST_STEPS = 60
MOST_SIGMA, HALVINGS = 100.0, 22
SLACK = 1e-6  # of a log-likelihood
WIDEST_CONSTANT = 20.0
LOG_ROOT_2PI = float(np.log(2 * np.pi) / 2)


@dataclass(frozen=True, eq=False)
class Situation:
    """One year: its routes, the tonnes of their markets [k], and generalized costs [r] with that year's waits and closures, USD/t."""

    routes: RouteSet
    tonnes: Floats
    cost: Floats


@dataclass(frozen=True, eq=False)
class Records:
    """n recorded volumes: situation int64[n], the year each belongs to; low, high float64[n], the interval it lies in.

    corridor [n]: under which errors are listed. The routes that count for record i are route[first[i] : first[i + 1]] of its situation,
    units of the record per tonne of each in `units` (1 for tonnes, TEU per tonne, the part of the year covered). held_out bool[n]: not
    used in the fit.
    """

    situation: Rows
    low: Floats
    high: Floats
    corridor: tuple[str, ...]
    first: Rows
    route: Rows
    units: Floats
    held_out: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.low)


@dataclass(frozen=True)
class CorridorError:
    """How far modelled volumes are from records of one corridor: fitted or held out rows, their number, typical factor and bias.

    factor: exp of the root mean square of ln(model / record); bias: exp of the mean; both 1 for a perfect fit. An error is 0 inside the
    interval of a record, so it is counted from its nearer end.
    """

    corridor: str
    held_out: bool
    rows: int
    factor: float
    bias: float


@dataclass(frozen=True, eq=False)
class Fit:
    """Betas of g groups of cargo classes and constants of c corridors, and how well they are known.

    beta, low, high float64[g]: value and 95 % profile interval, or value and range known beforehand where identified bool[g] is False.
    grid float64[j], profile float64[g, j]: log-likelihood less its largest value. constants float64[c]: 0 for those not fitted. sigma:
    relative error. modelled float64[n]: volumes of the records. errors: by corridor, fitted rows and held-out rows apart.
    """

    beta: Floats
    low: Floats
    high: Floats
    identified: NDArray[np.bool_]
    grid: Floats
    profile: Floats
    constants: Floats
    sigma: float
    log_likelihood: float
    modelled: Floats
    errors: tuple[CorridorError, ...]


def fitted(
    situations: Sequence[Situation],
    records: Records,
    *,
    prior: tuple[float, float, float],
    constant_of: Rows,
    group: Rows | None = None,
) -> Fit:
    """Fits betas and constants to the records that are not held out.

    prior: least, best and most beta known beforehand. constant_of int64[c]: the constant of each corridor, counted from 0, -1 for none;
    corridors that are recorded together share one, and some must have none, for only differences matter. group int64[classes]: the group of
    each cargo class that has a beta of its own; all share one by default. Raises ValueError, all faults at once, for records that
    cannot be used.
    """
    _check(situations, records, prior, constant_of)
    model = _Model(situations, records, constant_of, group)
    fit = ~records.held_out
    start = np.concatenate([np.full(model.groups, np.log(prior[1])), np.zeros(model.corridors), [np.log(0.5)]])
    best, top = model.largest(start, fit)
    grid = np.exp(np.linspace(np.log(prior[0] / 4), np.log(prior[2] * 4), GRID))
    profile = np.array([model.profile(g, grid, best, fit) for g in range(model.groups)])
    if profile.max() > top + SLACK:  # the search stopped at a lesser peak
        at, j = divmod(int(profile.argmax()), len(grid))
        best[at] = np.log(grid[j])
        best, top = model.largest(best, fit)
    profile -= top
    fall = _fall(int(fit.sum()), len(start) - 1)
    beta, low, high = np.exp(best[: model.groups]), np.empty(model.groups), np.empty(model.groups)
    known = np.zeros(model.groups, bool)
    for g in range(model.groups):
        low[g], high[g] = (model.end(g, grid, profile[g], top, best, fit, side, fall) for side in (-1, 1))
        known[g] = low[g] > 0 and high[g] / low[g] < prior[2] / prior[0]
        if not known[g]:
            low[g], beta[g], high[g] = prior
    held = {g: float(np.log(beta[g])) for g in range(model.groups) if not known[g]}
    if held:
        best, top = model.largest(best, fit, held)
        beta = np.exp(best[: model.groups])
    modelled = model.volumes(best)[0]
    constants = np.append(best[model.groups : -1], 0.0)[constant_of]  # the entry at -1 is 0
    return Fit(
        beta,
        low,
        high,
        known,
        grid,
        profile,
        constants,
        float(np.exp(best[-1])),
        top,
        modelled,
        corridor_errors(records, modelled),
    )


@dataclass(frozen=True, eq=False)
class Constants:
    """Constants fitted at a given beta: value, low, high float64[p] with 95 % profile intervals (inf where the records set no end), the
    relative error sigma, and the modelled volumes of all records float64[n]."""

    value: Floats
    low: Floats
    high: Floats
    sigma: float
    modelled: Floats


def fitted_constants(
    situations: Sequence[Situation], records: Records, *, beta: float, constant_of: Rows, intervals: bool = True
) -> Constants:
    """The constants under which the records that are not held out are most likely when beta is known.

    constant_of: as for `fitted`. intervals: without, low and high are nan and nothing is searched for them. Raises ValueError, all faults
    at once, for records that cannot be used.
    """
    _check(situations, records, (beta, beta, beta), constant_of)
    model = _Model(situations, records, constant_of, None)
    fit = ~records.held_out
    held = {0: float(np.log(beta))}
    start = np.concatenate([[held[0]], np.zeros(model.corridors), [np.log(0.5)]])
    best, top = model.largest(start, fit, held)
    value = best[1:-1]
    low, high = np.full(len(value), np.nan), np.full(len(value), np.nan)
    if intervals:
        fall = _fall(int(fit.sum()), model.corridors)
        low, high = (
            np.array([model.far(i, best, top - fall, fit, held, side) for i in range(len(value))]) for side in (-1, 1)
        )
    return Constants(value, low, high, float(np.exp(best[-1])), model.volumes(best)[0])


def corridor_errors(records: Records, modelled: Floats) -> tuple[CorridorError, ...]:
    """Errors of modelled volumes by corridor, fitted rows first."""
    with np.errstate(divide="ignore"):
        off = np.log(modelled / np.clip(modelled, records.low, records.high))
    names = np.array(records.corridor)
    found = []
    for held in (False, True):
        for corridor in dict.fromkeys(records.corridor):
            rows = off[(names == corridor) & (records.held_out == held)]
            if len(rows):
                root = float(np.sqrt(np.mean(rows**2)))
                found.append(CorridorError(corridor, held, len(rows), float(np.exp(root)), float(np.exp(rows.mean()))))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Likelihood:
    """Log-likelihood of each record, its derivatives by ln(volume) and by ln(sigma), and minus the second one by ln(volume): [n]."""

    log: Floats
    by_volume: Floats
    by_sigma: Floats
    bend: Floats


def log_likelihood(low: Floats, high: Floats, volume: Floats, sigma: float) -> Likelihood:
    """How likely records are when these are the modelled volumes and sigma is the relative error of both together."""
    mean = np.log(volume)
    a, b = (np.log(low) - mean) / sigma, (np.log(high) - mean) / sigma
    exact = high <= low * (1 + 1e-12)
    # In the upper tail both Phi are 1 to rounding: the interval is mirrored to the lower one.
    flip = a > 0
    p, q = np.where(flip, -b, a), np.where(flip, -a, b)
    q = np.where(exact, p + 1, q)
    log_q = log_ndtr(q)
    width = log_q + np.log1p(-np.exp(np.minimum(log_ndtr(p) - log_q, -1e-16)))
    at_p, at_q = (np.exp(-(x**2) / 2 - LOG_ROOT_2PI - width) for x in (p, q))
    by_volume = np.where(flip, -1, 1) * (at_p - at_q) / sigma
    by_sigma = p * at_p - q * at_q
    bend = by_volume**2 - by_sigma / sigma**2
    return Likelihood(
        np.where(exact, -(a**2) / 2 - LOG_ROOT_2PI - np.log(sigma), width),
        np.where(exact, a / sigma, by_volume),
        np.where(exact, a**2 - 1, by_sigma),
        np.where(exact, 1 / sigma**2, np.maximum(bend, 0.0)),
    )


def best_sigma(low: Floats, high: Floats, volume: Floats) -> float:
    """The sigma under which records are most likely at these volumes, LEAST_SIGMA at least."""
    least, most = np.log(LEAST_SIGMA), np.log(MOST_SIGMA)
    for _ in range(HALVINGS):
        middle = (least + most) / 2
        rising = log_likelihood(low, high, volume, float(np.exp(middle))).by_sigma.sum() > 0
        least, most = (middle, most) if rising else (least, middle)
    return float(np.exp(least))


class _Model:
    """Volumes of records as a function of x = (ln beta of groups, free constants, ln sigma)."""

    def __init__(
        self,
        situations: Sequence[Situation],
        records: Records,
        constant_of: Rows,
        group: Rows | None,
    ) -> None:
        self.records = records
        self.corridors = int(constant_of.max(initial=-1)) + 1
        of_corridor = np.append(constant_of, -1)  # of routes of no corridor, which is row -1
        classes = 1 + max(int(situation.routes.cargo.max(initial=0)) for situation in situations)
        of_class = np.zeros(classes, np.int64) if group is None else group
        self.groups = int(of_class.max(initial=0)) + 1
        self.years: list[dict[str, Any]] = []
        record = np.repeat(np.arange(len(records)), np.diff(records.first))
        for y, situation in enumerate(situations):
            routes = situation.routes
            mine = records.situation[record] == y
            counted = records.route[mine]
            of = market_of(routes)
            seen = np.zeros(len(routes.origin), bool)
            seen[of[counted]] = True
            kept = np.flatnonzero(seen[of])  # markets without records say nothing
            place = np.full(len(of), -1)
            place[kept] = np.arange(len(kept))
            renumber = np.cumsum(seen) - 1
            open_ = np.isfinite(situation.cost[kept])
            market = renumber[of[kept]]
            self.years.append(
                {
                    "market": market,
                    "first": np.searchsorted(market, np.arange(int(seen.sum()))),
                    "group": of_class[routes.cargo[of[kept]]],
                    "log_cost": np.log(np.where(open_, situation.cost[kept], 1.0)),
                    "size": np.where(open_, np.log(routes.path_size[kept]), -np.inf),
                    "in": [of_corridor[routes.corridor[kept]] == c for c in range(self.corridors)],
                    "tonnes": situation.tonnes[of[kept]],
                    "record": record[mine],
                    "route": place[counted],
                    "units": records.units[mine],
                }
            )

    def volumes(self, x: Floats) -> tuple[Floats, Floats]:
        """Volumes of records [n] and their derivatives by all of x but ln sigma, [n, groups + corridors]."""
        n = len(self.records)
        total, slopes = np.zeros(n), np.zeros((n, self.groups + self.corridors))
        beta, constants = np.exp(x[: self.groups]), x[self.groups : -1]
        for year in self.years:
            market, log_cost, b = year["market"], year["log_cost"], beta[year["group"]]
            if not len(market):
                continue
            weights = year["size"] - b * log_cost
            for constant, inside in zip(constants, year["in"], strict=True):
                weights = weights + constant * inside
            highest = np.maximum.reduceat(weights, year["first"])
            anchor = np.where(np.isfinite(highest), highest, 0.0)[market]
            share = np.exp(weights - anchor)
            sums = np.bincount(market, share)
            share /= np.where(sums > 0, sums, 1.0)[market]
            flow = year["tonnes"] * share

            def counted(values: Floats, year: dict[str, Any] = year) -> Floats:
                return np.bincount(year["record"], values[year["route"]] * year["units"], n).astype(float)

            total += counted(flow)
            bent = -b * flow * (log_cost - np.bincount(market, share * log_cost)[market])
            for g in range(self.groups):
                slopes[:, g] += counted(np.where(year["group"] == g, bent, 0.0))
            for c, inside in enumerate(year["in"]):
                slopes[:, self.groups + c] += counted(flow * (inside - np.bincount(market, share * inside)[market]))
        return total, slopes

    def largest(
        self, start: Floats, fit: NDArray[np.bool_], held: dict[int, float] | None = None
    ) -> tuple[Floats, float]:
        """The x of largest likelihood, some entries held, and that likelihood: Newton's method, damped, sigma the best at each."""
        low, high = self.records.low[fit], self.records.high[fit]
        x = start.copy()
        for i, value in (held or {}).items():
            x[i] = value
        free = np.array([i for i in range(len(x) - 1) if i not in (held or {})], int)
        edge = np.where(np.arange(len(x)) < self.groups, np.log(MOST_BETA), WIDEST_CONSTANT)
        floor = np.where(np.arange(len(x)) < self.groups, np.log(LEAST_BETA), -WIDEST_CONSTANT)

        def at(x: Floats) -> tuple[Floats, Floats, Likelihood]:
            total, slopes = self.volumes(x)
            volume = np.maximum(total[fit], 1e-300)
            x = np.append(x[:-1], np.log(best_sigma(low, high, volume)))
            return x, slopes[fit] / volume[:, None], log_likelihood(low, high, volume, float(np.exp(x[-1])))

        x, slope, found = at(x)
        damping = 1e-3
        for _ in range(MOST_STEPS):
            up = slope[:, free].T @ found.by_volume
            bend = slope[:, free].T @ (found.bend[:, None] * slope[:, free])
            if up @ up <= 1e-14 * max(1.0, float(np.trace(bend))) or damping > 1e9:
                break
            heavy = bend + np.diag(damping * np.diag(bend) + 1e-9)
            tried = x.copy()
            tried[free] += np.linalg.solve(heavy, up)
            tried, its_slope, its = at(np.clip(tried, floor, edge))
            gain = float(its.log.sum() - found.log.sum())
            if gain > 0:
                x, slope, found, damping = tried, its_slope, its, max(damping / 10, 1e-9)
                if gain < SLACK / 100:
                    break
            else:
                damping *= 10
        return x, float(found.log.sum())

    def profile(self, g: int, grid: Floats, best: Floats, fit: NDArray[np.bool_]) -> Floats:
        """The largest log-likelihood with the beta of a group held at each value of the grid, going out from the best both ways."""
        found = np.empty(len(grid))
        middle = int(np.searchsorted(grid, np.exp(best[g])).clip(0, len(grid) - 1))
        for way in (range(middle, len(grid)), range(middle - 1, -1, -1)):
            x = best
            for j in way:
                x, found[j] = self.largest(x, fit, {g: float(np.log(grid[j]))})
        return found

    def end(
        self,
        g: int,
        grid: Floats,
        profile: Floats,
        top: float,
        best: Floats,
        fit: NDArray[np.bool_],
        side: int,
        fall: float,
    ) -> float:
        """The beta on one side of the best where the profile has fallen by so much; 0 or inf if it does not on the grid."""
        beyond = [j for j in range(len(grid))[::side] if side * (np.log(grid[j]) - best[g]) > 0]
        fallen = [j for j in beyond if profile[j] < -fall]
        if not fallen or any(profile[j] >= -fall for j in beyond if side * (j - fallen[0]) > 0):
            return np.inf if side > 0 else 0.0
        inside, outside, x = float(best[g]), float(np.log(grid[fallen[0]])), best
        before = [j for j in beyond if side * (fallen[0] - j) > 0]
        inside = float(np.log(grid[before[-1]])) if before else inside
        for _ in range(BISECTIONS):
            middle = (inside + outside) / 2
            x, found = self.largest(x, fit, {g: middle})
            inside, outside = (middle, outside) if found - top >= -fall else (inside, middle)
        return float(np.exp((inside + outside) / 2))

    def far(
        self, constant: int, best: Floats, least: float, fit: NDArray[np.bool_], held: dict[int, float], side: int
    ) -> float:
        """The value of a constant on one side of the best where the largest likelihood falls to `least`; -inf or inf if it never does."""
        at, x, step = self.groups + constant, best, 0.25
        inside = outside = float(best[at])
        while True:
            outside += side * step
            if abs(outside) > WIDEST_CONSTANT:
                return side * np.inf
            x, found = self.largest(x, fit, {**held, at: outside})
            if found < least:
                break
            inside, step = outside, 2 * step
        for _ in range(BISECTIONS):
            middle = (inside + outside) / 2
            x, found = self.largest(x, fit, {**held, at: middle})
            inside, outside = (middle, outside) if found >= least else (inside, middle)
        return (inside + outside) / 2


def _fall(rows: int, parameters: int) -> float:
    """By how much the profile falls at the ends of a 95 % interval; inf where there are no more records than parameters."""
    free = rows - parameters
    return rows / 2 * float(np.log1p(stdtrit(free, 0.975) ** 2 / free)) if free > 0 else np.inf


def _check(
    situations: Sequence[Situation],
    records: Records,
    prior: tuple[float, float, float],
    constant_of: Rows,
) -> None:
    wrong = []
    if not 0 < prior[0] <= prior[1] <= prior[2]:
        wrong.append("the range known beforehand must be least, best and most beta, all above 0")
    wrong += [
        f"record {i} ({records.corridor[i]}) needs an interval of numbers above 0, least first"
        for i in np.flatnonzero(~((records.low > 0) & (records.high >= records.low) & np.isfinite(records.high)))
    ]
    if records.held_out.all():
        wrong.append("every record is held out: nothing is left to fit to")
    for i, y in enumerate(records.situation.tolist()):
        if not 0 <= y < len(situations):
            wrong.append(f"record {i} ({records.corridor[i]}) is of situation {y}, and there are {len(situations)}")
            continue
        mine = records.route[records.first[i] : records.first[i + 1]]
        if not len(mine) or not np.isfinite(situations[y].cost[mine]).any():
            wrong.append(f"record {i} ({records.corridor[i]}) counts no open route: its volume cannot be modelled")
    for y, situation in enumerate(situations):
        if not (situation.cost > 0).all():
            wrong.append(f"costs of situation {y} must be above 0 USD/t")
        if len(situation.routes.corridors) != len(constant_of):
            wrong.append(f"situation {y} has {len(situation.routes.corridors)} corridors, not {len(constant_of)}")
    if wrong:
        raise ValueError("; ".join(wrong))
