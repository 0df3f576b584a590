"""What relief of a bottleneck is worth: one more unit of capacity at its price, and a step of capacity by solving anew.

    marginal       pi_f x highest use x step                                        exact for the first unit of capacity only
    shippers       sum_k (x_k + x'_k) / 2 x (C_k - C'_k)                            rule of half, route by route
    in all         shippers + sum_f (pi'_f V'_f - pi_f V_f)                         prices are received by someone, waits by nobody

x, C: flow and cost of routes with prices and waits before the step, x', C' after it. A price may be a queue (then it is lost, as a wait is,
and the saving of shippers is the saving of all) or a surcharge (then it is income of who holds the capacity): both sums are given. The
rule of half takes each route's demand as straight between the two states (Neuburger 1971), so leaving goods at home counts by the cost
at which they are shipped after all. For a small step the saving in all tends to the marginal one if there are no waits to shorten.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from keruen.flows.capacity import Facilities, Loading, Passes, Shippers, loaded
from keruen.flows.choice import Floats, market_of
from keruen.flows.route_sets import RouteSet


@dataclass(frozen=True, eq=False)
class Relief:
    """What a step of capacity at one facility changes in a year.

    row: the facility. step: units a year. marginal_usd: its price times the step. shippers_usd, all_usd: what shippers save with prices
    counted as paid, and what is saved in all. market_usd float64[k]: the saving of each market's shippers; their sum is shippers_usd.
    newly_served_t: tonnes that were left unserved before. after: the flows with the step.
    """

    row: int
    step: float
    marginal_usd: float
    shippers_usd: float
    all_usd: float
    market_usd: Floats
    newly_served_t: float
    after: Loading


def relief(
    routes: RouteSet,
    shippers: Shippers,
    facilities: Facilities,
    before: Loading,
    row: int,
    step: float,
    *,
    cost: Floats | None = None,
    constants: Floats | None = None,
    through: Passes | None = None,
) -> Relief:
    """What so many more units of capacity a year at one facility change; `before` is `loaded` with the same arguments.

    One more ferry a week is a step of 52 times what a ferry carries. A negative step takes capacity away. Raises ValueError for a facility
    of unknown capacity and for a step below what there is.
    """
    known = facilities.capacity_per_year[row]
    if not known + step >= 0:
        raise ValueError(
            f"facility {facilities.keys[row]} has {known} {facilities.unit[row]} a year: {step} cannot be added to that"
        )
    capacity = facilities.capacity_per_year.copy()
    capacity[row] += step
    wider = replace(facilities, capacity_per_year=capacity)
    after = loaded(routes, shippers, wider, cost=cost, constants=constants, through=through, start=before.state)
    market_usd, income = savings(routes, before, after)
    price = before.price_usd_per_unit[row]
    return Relief(
        row,
        step,
        float(price * facilities.highest_use[row] * step),
        float(market_usd.sum()),
        float(market_usd.sum()) + income,
        market_usd,
        float(before.unserved_t.sum() - after.unserved_t.sum()),
        after,
    )


def savings(routes: RouteSet, before: Loading, after: Loading) -> tuple[Floats, float]:
    """What shippers of each market save from one state of the same routes to another, USD a year [k], and how income from prices changes.

    A route open in one state only counts as unused at the cost of the other state, which leaves out what its opening is worth beyond that.
    """
    gain = np.zeros(len(routes.corridor))
    open_ = np.isfinite(before.route_usd_per_t) & np.isfinite(after.route_usd_per_t)
    less = before.route_usd_per_t[open_] - after.route_usd_per_t[open_]
    gain[open_] = (before.route_t[open_] + after.route_t[open_]) / 2 * less
    income = sum(sign * float(np.nansum(of.price_usd_per_unit * of.load)) for sign, of in ((1, after), (-1, before)))
    return np.bincount(market_of(routes), gain, len(routes.origin)).astype(float), income
