"""Trade of a country with another, with a group or with all: exports, imports, turnover, balance, growth and what the growth is made of.

    turnover = X + M     balance = X - M     growth = now / a year earlier - 1     contribution = (now - then) / whole then

Each source and edition gives an answer of its own, and each figure the interval that the rounding of its source allows. What the partner
declares of the same flows stands beside it as an answer of its own (mirror.py compares the two). A figure is unknown if one of the
figures it is made of is, and a group is unknown if one of its members is: then it is told what it is at least.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from keruen.errors import UnknownOption
from keruen.tables.dataset import Dataset
from keruen.tables.words import said
from keruen.trade.amounts import UNKNOWN, Amount, at_least
from keruen.trade.areas import Area, area_named
from keruen.trade.carried import Carried, carried
from keruen.trade.containers import Boxes, box_weight
from keruen.trade.group_totals import GroupTotal, group_totals
from keruen.trade.growth import Contributions, contributions
from keruen.trade.period import Period
from keruen.trade.series import ALL, BY, NO_CELL, TOTAL, WORLD, Cell, Figures, Series, read_figures, summed
from keruen.trade.store import Store

LEVELS = (2, 4, 6)
MEASURES = ("value", "mass_t")


@dataclass(frozen=True)
class Flows:
    """Exports and imports of one period, with what follows from both."""

    exports: Cell
    imports: Cell

    def measure(self, flow: str, measure: str = "value") -> Amount:
        """exports, imports, turnover or balance, as value or mass_t."""
        if flow in ("exports", "imports"):
            return getattr(getattr(self, flow), measure)  # type: ignore[no-any-return]
        exported, imported = (self.measure(one, measure) for one in ("exports", "imports"))
        return exported + imported if flow == "turnover" else exported - imported


FLOWS = ("exports", "imports", "turnover", "balance")


@dataclass(frozen=True)
class Answer:
    """The figures of one series. parts: of each partner, product or mode if the question parts them; contributions: by flow.

    now, then: with all partners the printed total, else the sum of the partners that are told. missing: members of a group without any
    figure. level: digits of the codes the figures are summed from, 0 where the total is printed.
    boxes: the containers that the tonnes of the product would fill (containers.py); None for all goods and for what is not boxed.
    """

    series: Series
    level: int
    now: Flows
    then: Flows
    parts: Mapping[str, tuple[Flows, Flows]]
    contributions: Mapping[str, Contributions]
    missing: tuple[str, ...]
    boxes: Boxes | None

    def growth(self, flow: str, measure: str = "value") -> Amount:
        """Growth against the same months a year earlier, a share; a balance does not grow."""
        if flow == "balance":
            return UNKNOWN
        return self.now.measure(flow, measure).growth_from(self.then.measure(flow, measure))

    def to_json(self) -> dict[str, object]:
        """The answer as nested objects; amounts with both ends of their interval, unknown ones null."""
        return {
            **self.series.to_json(),
            "level": self.level,
            "valuation": {"exports": self.now.exports.valuation or None, "imports": self.now.imports.valuation or None},
            "missing": list(self.missing),
            **{flow: self._flow_json(flow) for flow in FLOWS},
            "teu": {flow: amount.to_json() for flow, amount in self.boxes.by_flow.items()} if self.boxes else None,
            "t_per_teu": self.boxes.weight.to_json() if self.boxes else None,
            "parts": [
                {
                    "item": item,
                    **{
                        flow: {
                            "value": now.measure(flow).to_json(),
                            "mass_t": now.measure(flow, "mass_t").to_json(),
                            "growth": UNKNOWN.to_json()
                            if flow == "balance"
                            else now.measure(flow).growth_from(then.measure(flow)).to_json(),
                            "contribution": self._contribution(flow, item).to_json(),
                        }
                        for flow in FLOWS
                    },
                }
                for item, (now, then) in self.parts.items()
            ],
            "rest": {flow: found.rest.to_json() if found.rest else None for flow, found in self.contributions.items()},
            "known_in_one_period": {flow: list(found.one_sided) for flow, found in self.contributions.items()},
        }

    def _flow_json(self, flow: str) -> dict[str, object]:
        return {
            measure: {"now": self.now.measure(flow, measure).to_json(), "then": self.then.measure(flow, measure).to_json(),
                      "growth": self.growth(flow, measure).to_json()}
            for measure in MEASURES
        }  # fmt: skip

    def _contribution(self, flow: str, item: str) -> Amount:
        return self.contributions[flow].parts.get(item, UNKNOWN) if flow in self.contributions else UNKNOWN


@dataclass(frozen=True)
class Brief:
    """All answers to one question, the newest import first; they are of different sources or editions, and none is added to another.

    carried: freight between the two by mode and scope, asked of all goods with one partner. group_totals: what sources print for a group as
    a whole, beside the sum of its members.
    """

    reporter: Area
    partner: Area | None
    code: str
    period: Period
    by: str
    mode: str
    answers: tuple[Answer, ...]
    carried: tuple[Carried, ...]
    group_totals: tuple[GroupTotal, ...]

    def to_json(self) -> dict[str, object]:
        """The brief as nested objects."""
        return {
            "reporter": self.reporter.area, "partner": self.partner.area if self.partner else None, "code": self.code,
            "period": str(self.period), "base_period": str(self.period.earlier), "by": self.by or None, "mode": self.mode or None,
            "answers": [answer.to_json() for answer in self.answers], "carried": [line.to_json() for line in self.carried],
            "partner_members": list(self.partner.members) if self.partner else None,
            "group_totals": [one.to_json() for one in self.group_totals],
        }  # fmt: skip


def brief(
    store: Store, data: Dataset, reporter: str, partner: str = "", *, code: str = TOTAL, period: Period | None = None, by: str = "",
    level: int = 2, mode: str = "",
) -> Brief:  # fmt: skip
    """Trade of a country with a partner, a country or a group; without one with every country, by partner.

    code: product, TOTAL for all. period: by default the latest year of which the store has figures of this pair. by: partner, product (at
    `level` digits) or mode. mode: only this mode of transport.

    Raises:
        UnknownOption: no area goes by a name, or there is no such way to part the figures.
    """
    by = by or ("" if partner else "partner")
    if by not in ("", *BY) or level not in LEVELS:
        raise UnknownOption(said("stat_no_parting", by=repr(by), level=level), BY)
    day = period.start if period else date.today()
    ours = area_named(store, data, reporter, day)
    theirs = area_named(store, data, partner, day) if partner and partner.upper() != WORLD else None
    period = period or latest(store, ours.area, theirs.members if theirs else ())
    if theirs is not None and period.start != day:
        theirs = area_named(store, data, partner, period.start)
    answers = _answers(store, data, ours, theirs, period, code=code, by=by, level=level, mode=mode)
    freight = carried(store, ours.area, theirs.area, period) if theirs is not None and code == TOTAL else []
    totals = (
        group_totals(store, data, ours.area, theirs, period, code) if theirs is not None and theirs.is_group else []
    )
    wanted = [line for line in freight if mode in ("", line.mode)]
    return Brief(ours, theirs, code, period, by, mode, tuple(answers), tuple(wanted), tuple(totals))


def latest(store: Store, area: str, partners: Sequence[str]) -> Period:
    """The latest year of which the store has figures of an area with its partners, else the latest period. UnknownOption if none."""
    marks = ", ".join("?" for _ in partners)
    ours = f" AND partner IN ({marks})" if partners else ""
    theirs = f" AND reporter IN ({marks})" if partners else ""
    found = store.sql(
        f"SELECT start, months FROM (SELECT DISTINCT start, months FROM trade WHERE (reporter = ?{ours}) OR (partner = ?{theirs})) "
        "ORDER BY months = 12 DESC, start DESC, months DESC LIMIT 1",
        [area, *partners, area, *partners],
    )
    if not found:
        if partners:
            raise UnknownOption(said("stat_no_pair", area=area, partners=", ".join(partners)))
        raise UnknownOption(said("stat_no_figures", area=area))
    return Period(*found[0])


def _answers(
    store: Store, data: Dataset, ours: Area, theirs: Area | None, period: Period, *, code: str, by: str, level: int, mode: str
) -> list[Answer]:  # fmt: skip
    """An answer for each series."""
    partners = tuple(one for one in theirs.members if one != ours.area) if theirs else ()
    periods = (period, period.earlier)
    group = theirs is not None and theirs.is_group
    mirror = theirs is not None and not group

    def read(parted_by: str, whose: tuple[str, ...] = partners) -> list[Figures]:
        return read_figures(
            store, data, ours.area, whose, periods, code=code, by=parted_by, level=level, mode=mode, mirror=mirror
        )

    whole_by = "partner" if group or theirs is None else ""
    wholes = read(whole_by)
    parted = wholes if by == whole_by else read(by) if by else []
    printed = read("", (WORLD,)) if theirs is None else []
    no_partners = [one for one in printed if _same(wholes, one.series, period) is None]
    if no_partners and by in ("product", "mode"):  # as in a table of products without partners
        parted = [*parted, *(one for one in read(by, (WORLD,)) if _same(no_partners, one.series, period) is not None)]
    found = []
    for figures in [*wholes, *no_partners]:
        members = partners if group else tuple(figures.items()) if theirs is None else (ALL,)
        totals = [_flows(figures, members, one, whole=group) for one in periods]
        if theirs is None and (world := _same(printed, figures.series, period)) is not None:
            totals = [_either(_flows(world, (ALL,), one), parts) for one, parts in zip(periods, totals, strict=True)]
        if totals[0].exports is NO_CELL and totals[0].imports is NO_CELL:
            continue
        missing = tuple(one for one in members if one not in figures.items()) if group else ()
        of_parts = (
            _same(parted, figures.series, period) if by and not (by == whole_by and figures in no_partners) else None
        )
        parts = (
            {
                item: (_flows(of_parts, (item,), period), _flows(of_parts, (item,), period.earlier))
                for item in of_parts.items()
            }
            if of_parts
            else {}
        )
        found.append(Answer(
            figures.series, figures.digits, totals[0], totals[1], parts, _contributions(parts, *totals) if parts else {}, missing,
            _boxes(data, code, totals[0]),
        ))  # fmt: skip
    return found


def _flows(figures: Figures, items: Sequence[str], period: Period, *, whole: bool = True) -> Flows:
    """Exports and imports summed over items; if not `whole`, over those that are told."""
    sides = []
    for flow in ("export", "import"):
        cells = [figures.cell(item, flow, period) for item in items]
        known = [cell for cell in cells if cell is not NO_CELL]
        if not known:
            sides.append(NO_CELL)
            continue
        told = summed(known)
        complete = not whole or len(known) == len(cells)
        sides.append(
            told if complete else Cell(at_least(told.value), at_least(told.mass_t), told.valuation, told.figures)
        )
    return Flows(*sides)


def _either(printed: Flows, parts: Flows) -> Flows:
    """The printed total of each flow, the sum of its parts where there is none."""
    return Flows(
        *(
            one if one is not NO_CELL else other
            for one, other in ((printed.exports, parts.exports), (printed.imports, parts.imports))
        )
    )


def _same(among: Sequence[Figures], series: Series, period: Period) -> Figures | None:
    """The figures of the same source, edition and declarant; of several classifications the one that tells most items of the period."""
    key = (series.source, series.edition, series.format, series.declared_by, series.currency)
    fitting = [
        one
        for one in among
        if (one.series.source, one.series.edition, one.series.format, one.series.declared_by, one.series.currency)
        == key
        and set(one.series.imports) & set(series.imports)
    ]

    def told(one: Figures) -> int:
        return sum(one.cell(item, flow, period) is not NO_CELL for item in one.items() for flow in ("export", "import"))

    return max(fitting, key=told, default=None)


def _contributions(parts: Mapping[str, tuple[Flows, Flows]], now: Flows, then: Flows) -> dict[str, Contributions]:
    """What each part contributed to the growth of each flow."""
    return {
        flow: contributions(
            {item: flows[1].measure(flow) for item, flows in parts.items()},
            {item: flows[0].measure(flow) for item, flows in parts.items()},
            whole_base=then.measure(flow),
            whole_now=now.measure(flow),
        )
        for flow in ("exports", "imports", "turnover")
    }


def _boxes(data: Dataset, code: str, flows: Flows) -> Boxes | None:
    """The containers that the tonnes of a product would fill."""
    weight = box_weight(data, code)
    if weight is None:
        return None
    return Boxes(
        {flow: weight.teu(flows.measure(flow, "mass_t")) for flow in ("exports", "imports", "turnover")}, weight
    )
