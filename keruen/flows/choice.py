"""Which route goods take: path-size Weibit shares over route sets, what they cost, and how they answer to change.

    P_k = PS_k e^(a_k) C_k^-beta / sum over j in the market of PS_j e^(a_j) C_j^-beta          shares of a market's routes
    S   = (sum_j PS_j e^(a_j) C_j^-beta)^(-1/beta)                                             its expected cost, USD/t
    D   = D0 (S / S0)^-epsilon                                                                 elastic demand
    P_k = P0_k (C_k / C0_k)^-beta / sum_j P0_j (C_j / C0_j)^-beta                              pivot on an observed split
    dP_k / dC_j = -beta P_k (delta_kj - P_j) / C_j                                             answer to a change of cost

C_k > 0: generalized cost of route k, USD/t, prices and waits within; an infinite cost closes a route. PS_k in (0, 1]: path size,
1 for a route that shares nothing (Ben-Akiva and Bierlaire 1999). a_k: constant of the route's corridor, 0 unless fitted. The Weibit
depends on ratios of costs, so one beta serves 300 km and 12,000 km (Castillo et al. 2008; Kitthamkesorn and Chen 2013): -beta (1 - P_k) is
the elasticity of a route's share to its own cost. S is the cost of the one route that would be as good as the whole set: with one route
and a = 0 it is that route's cost. All is worked out in logarithms, so costs of any size neither overflow nor vanish.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from keruen.flows.route_sets import RouteSet

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Answer:
    """What the tonnes of each corridor do when some routes change, c corridors and one entry for routes of none: float64[c + 1].

    before, after: shares of all tonnes, worked out anew with the change. marginal: the derivative times the change, which is the answer
    to a small change.
    """

    before: Floats
    after: Floats
    marginal: Floats

    @property
    def points(self) -> Floats:
        """The change in percentage points."""
        return 100 * (self.after - self.before)


def market_of(routes: RouteSet) -> Rows:
    """The market of each route, int64[r]."""
    return np.repeat(np.arange(len(routes.origin)), np.diff(routes.first_route))


def market_sums(routes: RouteSet, values: Floats) -> Floats:
    """Sums over the routes of each market, float64[k]; 0 for a market without routes."""
    return np.asarray(np.bincount(market_of(routes), values, len(routes.origin)), float)


def generalized_cost(
    routes: RouteSet,
    value_of_time_usd_per_t_h: Floats | float,
    *,
    deviation_h: Floats | float = 0.0,
    reliability_ratio: Floats | float = 0.0,
    wait_h: Floats | float = 0.0,
) -> Floats:
    """Generalized cost with reliability and frequency, USD/t: float64[r].

    C = generalized cost of the route set + v (wait + reliability ratio x standard deviation)

    value_of_time_usd_per_t_h and reliability_ratio are of markets [k] or one for all; deviation_h, the standard deviation of the time of a
    route, and wait_h for departures beyond what its time holds, are of routes [r] or one for all.
    """
    of = market_of(routes)
    v, ratio = (
        np.broadcast_to(value, len(routes.origin))[of] for value in (value_of_time_usd_per_t_h, reliability_ratio)
    )
    return np.asarray(routes.generalized_usd_per_t + v * (wait_h + ratio * deviation_h), float)


def headway_wait_h(headway_h: Floats | float, variation: Floats | float = 0.0) -> Floats:
    """The mean wait for departures every so many hours, for cargo that comes when it comes: H / 2 (1 + CV^2), hours."""
    return np.asarray(np.asarray(headway_h, float) / 2 * (1 + np.square(variation)), float)


def choice_shares(routes: RouteSet, cost: Floats, beta: Floats | float, constants: Floats | None = None) -> Floats:
    """Path-size Weibit shares of routes within their markets, float64[r]; they sum to 1 where any route is open.

    cost: generalized cost of routes, USD/t, inf for a closed one. beta: of markets [k] or one for all. constants: a of corridors
    [c]. Raises ValueError, all faults at once, for costs and betas that are not numbers above 0.
    """
    _check(routes, cost, beta)
    return _log_shares(routes, _log_weights(routes, cost, beta, constants))[0]


def expected_cost(routes: RouteSet, cost: Floats, beta: Floats | float, constants: Floats | None = None) -> Floats:
    """The cost S of the one route that would be as good as all of a market's together, USD/t: float64[k]; inf without an open route."""
    _check(routes, cost, beta)
    logsum = _log_shares(routes, _log_weights(routes, cost, beta, constants))[1]
    return np.asarray(np.exp(-logsum / np.broadcast_to(beta, len(routes.origin))), float)


def elastic_demand(tonnes: Floats, cost: Floats, base_cost: Floats, elasticity: Floats | float) -> Floats:
    """Demand of markets at an expected cost, from what it is at a base cost: D0 (S / S0)^-elasticity; 0 where no route is open."""
    return np.where(np.isfinite(cost), tonnes * (cost / base_cost) ** -np.asarray(elasticity, float), 0.0)


def pivoted_shares(
    routes: RouteSet, base_shares: Floats, base_cost: Floats, cost: Floats, beta: Floats | float
) -> Floats:
    """Shares after costs of routes changed, from an observed or otherwise known split at the base costs: float64[r].

    Only the change is modelled: with the base costs it gives the base split back, and a route with none of it stays without.
    """
    _check(routes, cost, beta)
    _check(routes, base_cost, beta)
    b = np.broadcast_to(beta, len(routes.origin))[market_of(routes)]
    with np.errstate(divide="ignore"):
        return _log_shares(routes, np.log(base_shares) - b * np.log(cost / base_cost))[0]


def spread_within_corridors(routes: RouteSet, shares: Floats, observed: Floats) -> Floats:
    """The base split of routes from an observed split by corridor: each corridor's share over its routes as the model has them.

    observed: float64[k, c + 1], the share of each corridor in each market, the last column of routes of none; nan rows keep the
    model's shares. Raises ValueError where a share is observed on a corridor that no route of the market takes.
    """
    column = np.where(routes.corridor < 0, len(routes.corridors), routes.corridor)
    of = market_of(routes)
    modelled = np.zeros(observed.shape)
    np.add.at(modelled, (of, column), shares)
    stranded = np.argwhere((observed > 0) & (modelled <= 0))
    if len(stranded):
        raise ValueError(
            f"shares observed where no route of the market is open (market, corridor): {stranded.tolist()}"
        )
    factor = np.divide(observed, modelled, out=np.zeros(observed.shape), where=modelled > 0)
    return np.where(np.isnan(observed[of, column]), shares, shares * factor[of, column])


def corridor_sums(routes: RouteSet, values: Floats) -> Floats:
    """Sums over the routes of each corridor, the last entry over routes of none: float64[c + 1]."""
    column = np.where(routes.corridor < 0, len(routes.corridors), routes.corridor)
    return np.asarray(np.bincount(column, values, len(routes.corridors) + 1), float)


def answer_to(
    routes: RouteSet,
    tonnes: Floats,
    cost: Floats,
    change: Floats,
    beta: Floats | float,
    constants: Floats | None = None,
) -> Answer:
    """How the shares of corridors in all tonnes answer when the cost of routes changes by so much, USD/t: float64[r].

    tonnes: of markets [k]. One day less on the Caspian: change = -24 x value of time on routes that cross it, 0 on the others; the
    answer's `points` for a corridor say by how much its share of the tonnes moves.
    """
    of = market_of(routes)
    b = np.broadcast_to(beta, len(routes.origin))[of]
    shares = choice_shares(routes, cost, beta, constants)
    after = choice_shares(routes, cost + change, beta, constants)
    relative = np.where(np.isfinite(cost), change / cost, 0.0)
    slope = -b * shares * (relative - market_sums(routes, shares * relative)[of])
    per_route = tonnes[of] / tonnes.sum()
    return Answer(*(corridor_sums(routes, per_route * part) for part in (shares, after, slope)))


def own_elasticity(routes: RouteSet, shares: Floats, beta: Floats | float) -> Floats:
    """By how many per cent a route's share moves when its own cost rises by one: -beta (1 - P), float64[r]."""
    return np.asarray(-np.broadcast_to(beta, len(routes.origin))[market_of(routes)] * (1 - shares), float)


def without(routes: RouteSet, keep: NDArray[np.bool_]) -> RouteSet:
    """The same markets with only the routes that are kept; their path sizes stay as they are."""
    counts = np.bincount(market_of(routes)[keep], minlength=len(routes.origin))
    return replace(
        routes,
        first_route=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        paths=routes.paths.some(keep),
        cost_usd_per_t=routes.cost_usd_per_t[keep],
        time_h=routes.time_h[keep],
        co2e_kg_per_t=routes.co2e_kg_per_t[keep],
        generalized_usd_per_t=routes.generalized_usd_per_t[keep],
        path_size=routes.path_size[keep],
        corridor=routes.corridor[keep],
    )


def _log_weights(routes: RouteSet, cost: Floats, beta: Floats | float, constants: Floats | None) -> Floats:
    b = np.broadcast_to(beta, len(routes.origin))[market_of(routes)]
    return np.asarray(log_sizes(routes, constants) - b * np.log(cost), float)


def log_sizes(routes: RouteSet, constants: Floats | None) -> Floats:
    """What does not depend on cost in the weights of routes: ln PS_k + a_k, float64[r]."""
    sizes = np.log(routes.path_size)
    if constants is not None:
        sizes += np.append(constants, 0.0)[routes.corridor]  # the entry at -1 is that of routes of no corridor
    return np.asarray(sizes, float)


def _log_shares(routes: RouteSet, weights: Floats) -> tuple[Floats, Floats]:
    """Shares of routes from logarithms of weights, and the logarithm of the sum of weights of each market, -inf where all is closed."""
    of = market_of(routes)
    highest = np.full(len(routes.origin), -np.inf)
    filled = np.flatnonzero(np.diff(routes.first_route))
    if len(filled):
        highest[filled] = np.maximum.reduceat(weights, routes.first_route[filled])
    anchor = np.where(np.isfinite(highest), highest, 0.0)
    relative = np.exp(weights - anchor[of])
    sums = np.bincount(of, relative, len(routes.origin))
    with np.errstate(divide="ignore"):
        logsum = np.log(sums) + anchor
    return relative / np.where(sums > 0, sums, 1.0)[of], logsum


def _check(routes: RouteSet, cost: Floats, beta: Floats | float) -> None:
    wrong = []
    if bad := np.flatnonzero(~(cost > 0)).tolist():
        wrong.append(f"costs must be above 0 USD/t, and are not for {len(bad)} routes, the first of them {bad[:5]}")
    if not np.all((np.asarray(beta) > 0) & np.isfinite(beta)):
        wrong.append("beta must be a finite number above 0")
    if bad := np.flatnonzero(~((routes.path_size > 0) & (routes.path_size <= 1))).tolist():
        wrong.append(f"path sizes must lie in (0, 1], and do not for {len(bad)} routes, the first of them {bad[:5]}")
    if wrong:
        raise ValueError("; ".join(wrong))
