"""How surely a way keeps its time: the hours of its legs as random numbers, and their sum.

    hours of a part   X = h (a + (1 - a) exp(s z))             h the central hours, a the technical minimum as a share, s a log SD
    hours of a wait   the same with  exp(s z - s^2 / 2),       so that its mean is h; s follows from the headway (METHODS 3.1):
                      s^2 = ln(4/3 (1 + cv^2)),  a = cut-off / h
    z               = sqrt(r) M + sqrt(g) G + sqrt(1 - r - g) e     M: the period, one for each mode; G: the country; e: the place
    closures        + B E                                        B: 1 with the probability of meeting one; E: exponential

Parts of two ways that stand at one place share their draws (common random numbers), so ways can be compared draw by draw. The 20,000 draws
give the percentiles of ways that are shown; inside loops three moments, which are exact for this model, give a shifted lognormal
(METHODS 4.1-4.4). A part whose spread is zero takes its central hours in every draw.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from keruen.routing.compiled import THREADS
from keruen.routing.cost import service_wait_h
from keruen.routing.result import ASSUMED, Leg, Reliability, Route, SpreadLeg
from keruen.tables.dataset import Dataset
from keruen.tables.lookup import most_specific
from keruen.tables.table import Row

DRAWS = 20_000
SEED = 2026
PERCENTS = np.arange(1, 100) / 100
MODE_OF_TERMINAL = {"seaport": "sea", "ferry_port": "ferry", "airport": "air", "road_terminal": "road"}
KEPT_DRAWS = 600  # arrays of normal draws that are remembered, 80 kB each

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """Hours of a leg that vary together: central hours, the shape of their distribution, and what they share draws with.

    `own`, `group` and `period` name the draws of the place, of the country and of the period; `row` is the row of spreads.
    """

    hours: float
    minimum: float
    log_sd: float
    keeps_mean: bool
    own: str
    group: str
    period: str
    group_share: float
    period_share: float
    closure_probability: float
    closure_h: float
    row: str
    assumed: bool


def simulate(
    data: Dataset, ways: Sequence[Sequence[Leg]], *, draws: int = DRAWS, seed: int = SEED
) -> NDArray[np.float32]:
    """Hours from the first to the last leg of each way, float32[ways, draws]; one column is one state of the world for all ways."""
    return sums_of([[part for leg in legs for part in parts_of(data, leg)] for legs in ways], draws, seed)


def sums_of(ways: Sequence[Sequence[Part]], draws: int = DRAWS, seed: int = SEED) -> NDArray[np.float32]:
    """Sums of the parts of each way over the draws, float32[ways, draws]. What several ways share is drawn once."""
    shapes: dict[Part, int] = {}
    hours = [[(shapes.setdefault(shape_of(part), len(shapes)), part.hours) for part in parts] for parts in ways]
    weights = np.zeros((len(ways), len(shapes)), np.float32)
    for pairs, row in zip(hours, weights, strict=True):
        for column, h in pairs:
            row[column] += h
    total = np.zeros((len(ways), draws), np.float32)
    units = np.empty((len(shapes), draws), np.float32)

    def draw(shape: Part) -> None:
        units[shapes[shape]] = unit_draws(shape, draws, seed)

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(draw, shapes))
    np.matmul(weights, units, out=total)
    closed: dict[tuple[str, float, float], NDArray[np.float32]] = {}
    for way, parts in enumerate(ways):
        for key in dict.fromkeys(
            (part.own, part.closure_probability, part.closure_h) for part in parts if part.closure_probability > 0
        ):
            if key not in closed:
                closed[key] = closure_draws(*key, draws, seed)
            total[way] += closed[key]
    return total


def shape_of(part: Part) -> Part:
    """A part without its hours: parts of one shape are one random number times their hours."""
    return replace(part, hours=1.0)


def unit_draws(part: Part, draws: int, seed: int) -> NDArray[np.float32]:
    """Draws of a part of one central hour, float32[draws]."""
    if part.log_sd == 0:
        return np.ones(draws, np.float32)
    own_share = 1 - part.period_share - part.group_share
    z = np.float32(np.sqrt(own_share)) * normals(part.own, draws, seed)
    if part.period_share > 0:
        z += np.float32(np.sqrt(part.period_share)) * normals(part.period, draws, seed)
    if part.group_share > 0:
        z += np.float32(np.sqrt(part.group_share)) * normals(part.group, draws, seed)
    z *= np.float32(part.log_sd)
    if part.keeps_mean:
        z -= np.float32(part.log_sd**2 / 2)
    np.exp(z, out=z)
    z *= np.float32(1 - part.minimum)
    z += np.float32(part.minimum)
    return z


def closure_draws(own: str, probability: float, mean_h: float, draws: int, seed: int) -> NDArray[np.float32]:
    """Hours lost to closures of a place, float32[draws]: zero but for a share of the draws, exponential in these."""
    chance = generator(f"closed {own}", seed)
    lost = chance.exponential(mean_h, draws).astype(np.float32)
    return np.where(chance.random(draws) < probability, lost, np.float32(0))


@lru_cache(maxsize=KEPT_DRAWS)
def normals(name: str, draws: int, seed: int) -> NDArray[np.float32]:
    """Standard normal draws that belong to a name, float32[draws], read-only."""
    found = generator(name, seed).standard_normal(draws, dtype=np.float32)
    found.flags.writeable = False
    return found


def generator(name: str, seed: int) -> np.random.Generator:
    """The random numbers that belong to a name."""
    return np.random.Generator(np.random.SFC64([seed, zlib.crc32(name.encode()), len(name)]))


def parts_of(data: Dataset, leg: Leg) -> Iterator[Part]:
    """The hours of a leg as random parts: one for each component that takes time."""
    for component in leg.components:
        if component.time_h <= 0:
            continue
        row = data.find_row(component.source) if component.source else None
        kind = kind_of(leg, component.kind)
        mode = mode_of(leg, row)
        places = (leg.start, leg.end) if leg.moves else (leg.end,)
        spread = most_specific(
            data["spreads"], kind=kind, mode=mode, scope=(*places, *([leg.country] if leg.country else []))
        )
        place = leg.end if not leg.moves else leg.name if kind == "waiting" else component.source
        yield part_of(component.time_h, kind, mode, place, leg.country or mode, row, spread)


def kind_of(leg: Leg, component: str) -> str:
    """What the hours of a component are spent on, as the table of spreads calls it."""
    if leg.mode == "gauge_change":
        return "gauge_change"
    return "passage" if component == "toll" else component


def mode_of(leg: Leg, row: Row | None) -> str:
    """The mode whose spread holds for a component: the leg's own, or that of the row a stop's hours come from."""
    if leg.moves:
        return leg.mode
    if row is not None and "mode" in row.table.schema:
        return row.text("mode")
    if row is not None and row.table.name == "handling":
        return MODE_OF_TERMINAL.get(row.text("kind"), "rail")
    return "rail"


def part_of(hours: float, kind: str, mode: str, place: str, group: str, row: Row | None, spread: Row | None) -> Part:
    """A part with the distribution that its row of spreads gives, for a wait with that of its headway; no row: no spread."""
    own = f"{kind} {mode} {place}"
    if spread is None:
        return Part(hours, 1, 0, False, own, "", "", 0, 0, 0, 0, "", True)
    minimum, log_sd = (number_or_zero(spread.number(name)) for name in ("minimum_share", "log_sd"))
    waits = kind == "waiting" and row is not None and "headway_h" in row.table.schema
    if waits and row is not None:
        minimum, log_sd = wait_shape(row, hours)
    return Part(
        hours, minimum, log_sd, waits, own, f"group {group}", f"period {mode}",
        number_or_zero(spread.number("group_share")), number_or_zero(spread.number("period_share")),
        number_or_zero(spread.number("closure_probability")), number_or_zero(spread.number("closure_h")),
        spread.id, spread.text("basis") == ASSUMED,
    )  # fmt: skip


def wait_shape(row: Row, hours: float) -> tuple[float, float]:
    """Technical minimum (share) and log SD of a wait for departures at random of a mean headway with variation cv (METHODS 3.1).

    With lognormal headways  E[W^2] / E[W]^2 = 4/3 (1 + cv^2);  the wait for a ship to fill is even between 0 and twice its mean, so that
    its variance is a third of its mean squared.
    """
    cutoff = number_or_zero(row.number("cutoff_h")) if "cutoff_h" in row.table.schema else 0.0
    spread = 4 / 3 * (1 + number_or_zero(row.number("cv")) ** 2)
    if "fill_teu" in row.table.schema:
        coming_h, filling_h = service_wait_h(row)
        if coming_h + filling_h > 0:
            spread = 1 + ((spread - 1) * coming_h**2 + filling_h**2 / 3) / (coming_h + filling_h) ** 2
    return min(cutoff / hours, 1.0), float(np.sqrt(np.log(spread)))


def number_or_zero(value: float) -> float:
    """A share or spread that a row leaves empty because it has none."""
    return 0.0 if np.isnan(value) else value


def with_reliability(data: Dataset, routes: Sequence[Route], value_of_time_usd_per_h: float) -> tuple[Route, ...]:
    """The routes, each with how surely it keeps its time; `value_of_time_usd_per_h` is that of the shipment, for the buffer."""
    by_leg = [[list(parts_of(data, leg)) for leg in route.legs] for route in routes]
    drawn = sums_of([[part for parts in legs for part in parts] for legs in by_leg])
    drawn.sort(axis=1)
    at = PERCENTS * (drawn.shape[1] - 1)
    return tuple(
        replace(route, reliability=judged(hours, at, legs, value_of_time_usd_per_h))
        for route, hours, legs in zip(routes, drawn, by_leg, strict=True)
    )


def judged(hours: NDArray[np.float32], at: Floats, legs: Sequence[Sequence[Part]], usd_per_h: float) -> Reliability:
    """Percentiles of sorted draws, float32[draws], and which legs cause the spread."""
    low = at.astype(np.intp)
    quantiles = hours[low] + (at - low) * (hours[low + 1] - hours[low])
    parts = [part for leg in legs for part in leg]
    owner = np.repeat(np.arange(len(legs)), [len(leg) for leg in legs])
    shares = np.bincount(owner, covariance(parts).sum(axis=1), minlength=len(legs)) if parts else np.zeros(len(legs))
    variance = float(np.sum(shares))
    assumed = np.array([part.assumed for part in parts], bool)
    of_assumed = float(np.sum(covariance(parts).sum(axis=1)[assumed])) if parts else 0.0
    ranked = sorted(np.flatnonzero(shares > 0).tolist(), key=lambda i: -shares[i])
    return Reliability(
        quantiles_h=tuple(quantiles.tolist()),
        mean_h=float(np.mean(hours, dtype=np.float64)),
        sd_h=float(np.std(hours, dtype=np.float64)),
        spread_legs=tuple(SpreadLeg(i, float(shares[i] / variance), rows_of(legs[i])) for i in ranked),
        assumed_share=of_assumed / variance if variance > 0 else 0.0,
        usd_per_h=usd_per_h,
    )


def rows_of(parts: Sequence[Part]) -> tuple[str, ...]:
    """The rows of spreads that parts rest on, each once."""
    return tuple(dict.fromkeys(part.row for part in parts if part.row))


def surety(data: Dataset, legs: Sequence[Leg]) -> float:
    """Hours not exceeded in 95 of 100 journeys over some legs, by moments: for choosing among many ways."""
    parts = [part for leg in legs for part in parts_of(data, leg)]
    return float(matched_quantiles(*moments(parts), (SURE,))[0])


def covariance(parts: Sequence[Part]) -> Floats:
    """Covariance of the hours of parts, float64[n, n], exact: that of lognormal numbers, plus the variance of closures."""
    scale, coupling = couplings(parts)
    found = scale[:, None] * scale[None, :] * np.expm1(coupling)
    for i, _, (mean, square, _) in closures(parts):
        found[i, i] += square - mean**2
    return found


def couplings(parts: Sequence[Part]) -> tuple[Floats, Floats]:
    """Mean of what varies in each part, float64[n], and the covariance of the logarithms, float64[n, n]."""

    def column(name: str) -> Floats:
        return np.array([getattr(part, name) for part in parts], np.float64)

    def same(name: str) -> NDArray[np.bool_]:
        names = np.array([getattr(part, name) for part in parts])
        return np.asarray(names[:, None] == names[None, :])

    log_sd, period, group = column("log_sd"), np.sqrt(column("period_share")), np.sqrt(column("group_share"))
    own = np.sqrt(1 - period**2 - group**2)
    likeness = sum(
        same(name) * part[:, None] * part[None, :]
        for name, part in (("own", own), ("period", period), ("group", group))
    )
    lifted = np.where([part.keeps_mean for part in parts], 1.0, np.exp(log_sd**2 / 2))
    scale = column("hours") * (1 - column("minimum")) * lifted
    return scale, np.asarray(likeness * log_sd[:, None] * log_sd[None, :])


def closures(parts: Sequence[Part]) -> Iterator[tuple[int, Part, tuple[float, float, float]]]:
    """Parts at places that may be closed, each place once, with E[X], E[X^2], E[X^3] of the hours lost."""
    seen = set()
    for i, part in enumerate(parts):
        key = (part.own, part.closure_probability, part.closure_h)
        if part.closure_probability > 0 and key not in seen:
            seen.add(key)
            p, d = part.closure_probability, part.closure_h
            yield i, part, (p * d, 2 * p * d**2, 6 * p * d**3)


def moments(parts: Sequence[Part]) -> tuple[float, float, float]:
    """Mean [h], variance [h^2] and third central moment [h^3] of the sum of parts; exact for this model.

    With scaled parts w and covariances c of the logarithms
        mu_3 = sum_ijk w_i w_j w_k (exp(c_ij + c_ik + c_jk) - exp(c_ij) - exp(c_ik) - exp(c_jk) + 2)
    """
    if not parts:
        return 0.0, 0.0, 0.0
    w, c = couplings(parts)
    e = np.exp(c)
    sum_w, pairs = float(np.sum(w)), float(w @ e @ w)
    mean = sum_w + sum(part.hours * part.minimum for part in parts)
    triples = float(np.einsum("i,j,k,ij,ik,jk->", w, w, w, e, e, e, optimize=True))
    variance, third = pairs - sum_w**2, triples - 3 * sum_w * pairs + 2 * sum_w**3
    for _, _, (m1, m2, m3) in closures(parts):
        mean += m1
        variance += m2 - m1**2
        third += m3 - 3 * m1 * m2 + 2 * m1**3
    return mean, max(variance, 0.0), third


def matched_quantiles(mean: float, variance: float, third: float, percents: Sequence[float]) -> Floats:
    """Quantiles of the shifted lognormal with three given moments, in the unit of the mean; of the normal where there is no skew."""
    from scipy.special import ndtri

    z, sd = ndtri(np.asarray(percents, np.float64)), float(np.sqrt(variance))
    skew = third / sd**3 if sd > 0 else 0.0
    if skew <= SMALL_SKEW:
        return np.asarray(mean + sd * z)
    root = (8 + 4 * skew**2 + 4 * np.sqrt(4 * skew**2 + skew**4)) ** (1 / 3)
    omega = root / 2 + 2 / root - 1
    log_sd, scale = np.sqrt(np.log(omega)), sd / np.sqrt(omega - 1)
    return np.asarray(mean - scale + scale / np.sqrt(omega) * np.exp(log_sd * z))


SURE = 0.95
SMALL_SKEW = 1e-3  # below it the lognormal is a normal to four digits, and its formula loses them
