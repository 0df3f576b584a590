"""Cost and benefit of a project: what shippers and the holders of capacity gain in a year, what it costs, and the range of both.

    B   = sum_m (D_m + D'_m) / 2 (S_m - S'_m)  +  sum_f (pi'_f V'_f - pi_f V_f)          rule of half on expected cost; prices are income
    PV  = sum_c B_c sum_{t = 1..T} ((1 + g_c) / (1 + r))^t                               c: class of cargo, g_c: its growth
    NPV = PV - I,   ratio = PV / I                                                       I: investment, of the table projects

S: expected cost of a market (the logsum of its choice, leaving goods at home among it), so new routes and goods shipped after all count.
Income of prices grows as the sum of classes does. CO2e is told in tonnes and not priced. The investment is that of the rows of projects
that the entries of the scenario name as evidence; one that no row tells, or tells in a currency without a rate here, is unknown and never
zero: then there is no net value.

The range has all that is against the project at one end and all that is for it at the other: scale of choice, discount rate, years, growth,
demand and investment each at its bound (tables appraisal and demand_growth, bounds of the demand).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.errors import Text, in_both
from keruen.flows.assignment import FlowResult, loaded_on, parameters_of
from keruen.flows.demand import Growth, growth_rates
from keruen.tables.dataset import Dataset
from keruen.tables.scenario import Scenario
from keruen.tables.table import Row

Floats = NDArray[np.float64]
ENDS = ("low", "value", "high")
USD = "USD"


@dataclass(frozen=True)
class Interval:
    """A figure and its bounds."""

    low: float
    value: float
    high: float

    def to_dict(self) -> dict[str, float]:
        """Ready for JSON."""
        return {"low": self.low, "value": self.value, "high": self.high}


@dataclass(frozen=True)
class Investment:
    """What a project costs, million USD; None where no row tells it. unconverted: amounts told in other currencies."""

    million_usd: Interval | None
    rows: tuple[str, ...]
    unconverted: tuple[str, ...]


@dataclass(frozen=True)
class Appraisal:
    """Cost and benefit of a project: benefit a year, its present value, and with a known investment the net value and the ratio; USD."""

    names: tuple[Text, ...]
    shippers_usd: Interval
    income_usd: float
    co2e_t: float
    present_usd: Interval
    investment: Investment
    net_usd: Interval | None
    ratio: Interval | None
    discount_percent: Interval
    years: Interval
    sources: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON; None where it is not known."""

        def told(of: Interval | None) -> dict[str, float] | None:
            return None if of is None else of.to_dict()

        return {
            **in_both("projects", list(self.names)),
            "benefit_usd_per_year": {"shippers": self.shippers_usd.to_dict(), "income": self.income_usd},
            "co2e_t_per_year": self.co2e_t,
            "present_value_usd": self.present_usd.to_dict(),
            "investment_million_usd": told(self.investment.million_usd),
            "investment_rows": list(self.investment.rows),
            "investment_unconverted": list(self.investment.unconverted),
            "net_present_value_usd": told(self.net_usd),
            "benefit_cost_ratio": told(self.ratio),
            "discount_percent": self.discount_percent.to_dict(),
            "years": self.years.to_dict(),
            "sources": list(self.sources),
        }


def appraisal(data: Dataset, scenarios: Sequence[Scenario], before: FlowResult, after: FlowResult) -> Appraisal:
    """Cost and benefit of scenarios taken as one project, from the flows without and with them, of the same demand."""
    rows = {row.text("parameter"): row for row in data["appraisal"]}
    given = {name: Interval(*(row.number(end) for end in ENDS)) for name, row in rows.items()}
    by_beta = {}
    for end, beta in given["beta"].to_dict().items():
        if beta == float(before.shippers.beta[0]):
            by_beta[end] = benefits(before, after)
        else:
            usual = at_beta(data, before, beta)
            by_beta[end] = benefits(usual, at_beta(data, after, beta, usual))
    central = by_beta["value"]
    income = income_of(after) - income_of(before)
    percent = growth_of(data, before)
    against, in_favour = (pick(float(b.sum()) for b in by_beta.values()) for pick in (min, max))
    shippers = Interval(against, float(central.sum()), in_favour)
    scale = demand_scale(before)
    rate, years = given["discount_percent"], given["years"]

    def present(benefit: float, end: str, discount: float, horizon: float) -> float:
        share = central / central.sum() if central.sum() else np.full(len(central), 1 / max(len(central), 1))
        by_class = (benefit + income) * share * scale[end]
        t = np.arange(1, round(horizon) + 1)
        factor = ((1 + percent[end][:, None] / 100) / (1 + discount / 100)) ** t
        return float(by_class @ factor.sum(axis=1))

    middle = present(shippers.value, "value", rate.value, years.value)
    corners = [
        present(benefit, end, discount, horizon)
        for benefit in (against, in_favour) for end in ("low", "high")
        for discount in (rate.low, rate.high) for horizon in (years.low, years.high)
    ]  # fmt: skip
    value = Interval(min(corners), middle, max(corners))
    project_rows = projects_of(data, scenarios)
    cost = investment(project_rows, given["investment_factor"])
    net = ratio = None
    if cost.million_usd is not None:
        low, mid, high = (
            1e6 * amount for amount in (cost.million_usd.low, cost.million_usd.value, cost.million_usd.high)
        )
        net = Interval(value.low - high, value.value - mid, value.high - low)
        ratios = [amount / of for amount in (value.low, value.high) for of in (low, high)]
        ratio = Interval(min(ratios), value.value / mid, max(ratios))
    names = dict.fromkeys(row.text("name") for row in project_rows)
    sources = dict.fromkeys(
        key for row in (*rows.values(), *project_rows) for key in row.texts("source")
    )  # fmt: skip
    return Appraisal(
        tuple(map(Text, names)) or tuple(Text(one.called("en"), one.called("ru")) for one in scenarios), shippers, income,
        after.totals["co2e_t"] - before.totals["co2e_t"], value, cost, net, ratio, rate, years, tuple(sources),
    )  # fmt: skip


def growth_of(data: Dataset, found: FlowResult) -> dict[str, Floats]:
    """Growth a year of each class in per cent and its bounds, float64[c]; a class without a rate stays as it is."""
    rates = growth_rates(data)
    known = [rates.get(one.name, Growth(0.0, 0.0, 0.0)) for one in found.demand.classes]
    ends = {"low": "low", "value": "percent", "high": "high"}
    return {end: np.array([getattr(one, name) for one in known]) for end, name in ends.items()}


def benefits(before: FlowResult, after: FlowResult) -> Floats:
    """What shippers of each class gain in a year, USD: float64[c]."""
    sides = before.loading, after.loading
    demand = [one.shippers.tonnes - one.loading.forgone_t for one in (before, after)]
    less = sides[0].expected_usd_per_t - sides[1].expected_usd_per_t
    gain = np.where(np.isfinite(less), (demand[0] + demand[1]) / 2 * np.where(np.isfinite(less), less, 0.0), 0.0)
    return np.bincount(before.routes.cargo, gain, len(before.demand.classes)).astype(float)


def income_of(found: FlowResult) -> float:
    """What prices of full facilities bring in a year, USD."""
    return float(np.nansum(found.loading.price_usd_per_unit * found.loading.load))


def at_beta(data: Dataset, found: FlowResult, beta: float, usual: FlowResult | None = None) -> FlowResult:
    """The same routes with another scale of choice; usual: as of `assign`, with that scale."""
    values = {**parameters_of(data), "beta": beta}
    start = found.loading.state
    return loaded_on(data, found.demand, found.routes, found.places, values, found.constants, start, usual=usual)


def demand_scale(found: FlowResult) -> dict[str, Floats]:
    """The bounds of each class's demand as shares of its value, float64[c]; 1 where no bounds are known."""
    demand, c = found.demand, len(found.demand.classes)
    known = np.isfinite(demand.low_t) & np.isfinite(demand.high_t)
    sums = {
        end: np.bincount(demand.cargo[known], values[known], c)
        for end, values in (("low", demand.low_t), ("value", demand.tonnes), ("high", demand.high_t))
    }
    whole = sums["value"] > 0
    return {end: np.divide(of, sums["value"], out=np.ones(c), where=whole) for end, of in sums.items()}


def projects_of(data: Dataset, scenarios: Sequence[Scenario]) -> list[Row]:
    """The rows of projects that entries of scenarios name as evidence."""
    cited = dict.fromkeys(
        key.removeprefix("projects:")
        for one in scenarios for _, _, entry in one.entries() for key in entry.evidence if key.startswith("projects:")
    )  # fmt: skip
    return [row for key in cited if (row := data["projects"].find(key)) is not None]


def investment(rows: Sequence[Row], factor: Interval) -> Investment:
    """What the projects of some rows cost together. Several rows may speak of one project: then the least and the greatest bound it, and
    the mean of both stands for it."""
    amounts: dict[str, list[float]] = {}
    cited, other = [], []
    for row in rows:
        cost = row.number("cost_million")
        if not np.isfinite(cost):
            continue
        cited.append(f"projects:{row.text('project')}")
        if row.text("cost_currency") == USD:
            amounts.setdefault(row.text("name"), []).append(cost)
        else:
            other.append(row.text("cost_text") or f"{cost:g} million {row.text('cost_currency')}")
    known = {row.text("name") for row in rows} == set(amounts)
    if not rows or not known:
        return Investment(None, tuple(cited), tuple(other))
    low, high = sum(map(min, amounts.values())), sum(map(max, amounts.values()))
    middle = (low + high) / 2
    return Investment(Interval(low * factor.low, middle * factor.value, high * factor.high), tuple(cited), tuple(other))
