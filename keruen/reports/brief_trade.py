"""Trade, freight and flights of two countries for a brief: the official figure of each year, and what others say beside it.

    official   the first country's own statistics, final before later editions; where it has none, any record
    growth     turnover / turnover a year earlier - 1, both official, with the range that their rounding leaves
    rivals     every other figure of the same thing, never averaged: those farthest from the official one on the page, all in the annex

By product and by mode of transport out of a trade store where there is one; else what is on record of single goods, and the rest is
told as not known.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from keruen.errors import KeruenError, UnknownFigure, UnknownOption
from keruen.figures.asking import recorded
from keruen.figures.ledger import ALL_GOODS, STATEMENT, Conflict, Figure, Rivals, apart_by
from keruen.reports.amounts import amount, percent
from keruen.reports.brief_charts import trade_chart
from keruen.reports.brief_draft import Draft, joined, plain
from keruen.reports.brief_model import Beside, Block, Grid, Heading, Line, Paragraph, Piece, Tile
from keruen.reports.figures_text import apart_text
from keruen.tables.table import Row
from keruen.trade.amounts import UNKNOWN, Amount

if TYPE_CHECKING:
    from keruen.trade.store import Store

FLOWS = ("export", "import", "turnover")
MILLION = 1e6
MOST_YEARS, MOST_SAID, MOST_GOODS, MOST_FLIGHTS, MOST_FREIGHT = 6, 3, 5, 3, 3
CARRIED = {"cargo": "brief_cargo", "containers": "brief_containers", "trains": "brief_trains"}
SAME_SHARE = 1e-3  # rivals nearer than this say the same to a reader of two pages


@dataclass(frozen=True)
class Year:
    """The official figures of a year by flow, and the rest."""

    year: str
    official: dict[str, Figure]
    rivals: tuple[Figure, ...]


@dataclass(frozen=True)
class Trade:
    """What is on record of two countries: years of all goods, the earliest first, and everything as rivals."""

    first: str
    second: str
    years: tuple[Year, ...]
    found: tuple[Rivals, ...]

    @property
    def conflicts(self) -> list[tuple[Rivals, Conflict]]:
        """Rivals that cannot both be right, the widest first."""
        pairs = [(one, conflict) for one in self.found for conflict in one.conflicts]
        return sorted(pairs, key=lambda pair: (-pair[1].share, pair[0].thing))

    def growth(self, flow: str) -> tuple[Amount, tuple[Figure, Figure]] | None:
        """Growth of a flow in the last year, with the figures it is made of; None where one of them is missing."""
        if len(self.years) < 2:
            return None
        return growth_between(self.years[-2], self.years[-1], flow)


def growth_between(then: Year, now: Year, flow: str) -> tuple[Amount, tuple[Figure, Figure]] | None:
    """Growth from one year to the next, a share; None for years that do not follow each other or are not known."""
    if int(now.year) - int(then.year) != 1 or not (flow in then.official and flow in now.official):
        return None
    before, after = then.official[flow], now.official[flow]
    grown = Amount(after.value, after.interval).growth_from(Amount(before.value, before.interval))
    return None if grown is UNKNOWN or grown.value is None else (grown, (before, after))


def trade_of(data_draft: Draft, first: str, second: str) -> Trade:
    """What is on record of two countries, by alpha-3 codes; nothing where nothing is."""
    try:
        found = tuple(recorded(data_draft.data, first, partner=second))
    except (UnknownFigure, UnknownOption):
        found = ()
    by_year: dict[str, dict[str, list[Figure]]] = {}
    for one in found:
        thing = one.thing
        plainly = not (thing.mode or thing.scope or thing.measure) and thing.unit == "USD"
        if plainly and thing.flow in FLOWS and len(thing.period) == 4 and one.figures[0].commodity == ALL_GOODS:
            by_year.setdefault(thing.period, {})[thing.flow] = [f for f in one.figures if f.value is not None]
    years = []
    for year, flows in sorted(by_year.items()):
        official = {flow: min(figures, key=lambda f: _rank(f, first)) for flow, figures in flows.items() if figures}
        rest = tuple(f for flow, figures in flows.items() for f in figures if f is not official[flow])
        years.append(Year(year, official, rest))
    return Trade(first, second, tuple(years[-MOST_YEARS:]), found)


def _rank(figure: Figure, first: str) -> tuple[bool, bool, bool]:
    """What stands first: records before statements, the first country's before others', the bureau's before other tables."""
    return (
        figure.kind == "press" or figure.weight == STATEMENT,
        figure.perspective != first,
        figure.kind not in ("official_reporter", "computed"),
    )


def tiles(draft: Draft, trade: Trade) -> list[Tile]:
    """Turnover, exports and imports of the last year, with growth."""
    if not trade.years:
        draft.lacks("brief_lacks_trade", first=draft.country(trade.first), second=draft.country(trade.second))
        return []
    last = trade.years[-1]
    found = []
    for flow in ("turnover", "export", "import"):
        if flow not in last.official:
            continue
        figure = last.official[flow]
        label = f"{draft.words[f'flow_{flow}']}, {last.year}"
        grown = trade.growth(flow)
        if grown is not None:
            label += f" ({percent(grown[0].value or 0.0, draft.words, sign=True)})"
        short = amount(figure.value or 0.0, _four_digits(figure.value or 0.0), figure.unit, draft.words)
        piece = draft.recorded(f"{draft.words[f'flow_{flow}']} {last.year}", figure, bold=True, short=short)
        found.append(Tile(piece, label))
    return found


def _four_digits(value: float) -> float:
    """Half of the fourth digit of a value: what a tile shows of it."""
    return 0.5 * 10.0 ** (math.floor(math.log10(value)) - 3) if value > 0 else 0.0


def trade_blocks(draft: Draft, trade: Trade, store: Store | None) -> list[Block]:
    """The years as a picture and a table, what others say, and what the trade is made of."""
    draft.section = "trade"
    blocks: list[Block] = [Heading(draft.words["brief_trade"])]
    if not trade.years:
        blocks.append(Paragraph(plain(draft.words["brief_trade_none"])))
        return [*blocks, *goods_blocks(draft, trade, store)]
    head = (
        draft.words["brief_year"],
        *(draft.words[f"flow_{flow}"] for flow in FLOWS),
        draft.words["brief_growth"],
    )
    rows = []
    for i, year in enumerate(trade.years):
        cells: list[Line] = [plain(year.year)]
        for flow in FLOWS:
            figure = year.official.get(flow)
            cells.append(plain(draft.words["unknown"] if figure is None else _million(draft, flow, year, figure)))
        grown = growth_between(trade.years[i - 1], year, "turnover") if i else None
        cells.append(plain("–" if grown is None else _growth(draft, "turnover", year, *grown)))
        rows.append(tuple(cells))
    table = Grid(head, tuple(rows), (0.13, 0.22, 0.22, 0.23, 0.2), frozenset({1, 2, 3, 4}))
    caption = draft.say("brief_trade_caption", whose=draft.stands(next(iter(trade.years[-1].official.values()))))
    blocks.append(Beside(((trade_chart(draft, trade),), (table, Paragraph(plain(caption), "small"))), (0.42, 0.58)))
    blocks += _said_beside(draft, trade)
    return [*blocks, *goods_blocks(draft, trade, store)]


def _million(draft: Draft, flow: str, year: Year, figure: Figure) -> Piece:
    """An amount in million USD, to a tenth; small ones to a thousandth."""
    value = (figure.value or 0.0) / MILLION
    short = draft.number(value, 1 if value >= 10 else 3)
    return draft.recorded(f"{draft.words[f'flow_{flow}']} {year.year}", figure, short=short)


def _growth(draft: Draft, flow: str, year: Year, grown: Amount, between: tuple[Figure, Figure]) -> Piece:
    """Growth in per cent, with the rows of both years."""
    share = grown.value or 0.0
    rows = [row for figure in reversed(between) for row in figure.rows]
    interval = grown.interval
    return draft.figure(
        f"{draft.words['brief_growth']} {year.year}: {draft.words[f'flow_{flow}']}",
        100 * share,
        "%",
        percent(share, draft.words, sign=True),
        rows=rows,
        said=draft.say(
            "brief_growth_note", flow=draft.words[f"flow_{flow}"], now=year.year, then=str(int(year.year) - 1)
        ),
        low=100 * interval.low if interval else None,
        high=100 * interval.high if interval else None,
    )


def _said_beside(draft: Draft, trade: Trade) -> list[Block]:
    """What others say of the same years: the farthest first, in one line each; figures that cannot be dated last."""
    pairs = []
    for year in trade.years:
        for rival in year.rivals:
            beside = year.official[rival.flow]
            pairs.append((apart_by(rival, beside), year, rival, beside))
    pairs.sort(key=lambda one: (-one[0], one[1].year, one[2].rows))
    found: list[Block] = []
    for share, year, rival, beside in pairs[:MOST_SAID]:
        apart = (
            draft.words["brief_same"]
            if share < SAME_SHARE
            else draft.say("brief_apart", share=apart_text(share, draft.words))
        )
        name = f"{draft.words[f'flow_{rival.flow}']} {year.year}"
        found.append(
            Paragraph(
                plain(
                    f"{name}: ",
                    draft.recorded(name, rival, bold=True),
                    f" ({draft.stands(rival)}); ",
                    draft.recorded(name, beside),
                    f" ({draft.stands(beside)}); {apart}",
                    *_stated_growth(draft, trade, name, rival),
                ),
                "bullet",
            )
        )
    for one in trade.found:
        if one.thing.period or one.thing.flow not in FLOWS:
            continue
        for figure in one.figures[:1]:
            name = f"{draft.words[f'flow_{figure.flow}']}, {draft.words['figures_undated']}"
            found.append(
                Paragraph(
                    plain(f"{name}: ", draft.recorded(name, figure, bold=True), f" ({draft.stands(figure)})"), "bullet"
                )
            )
    return found[: MOST_SAID + 1]


def _stated_growth(draft: Draft, trade: Trade, name: str, rival: Figure) -> list[str | Piece]:
    """The growth that a rival states, beside that of the official figures; nothing where it states none."""
    if rival.growth_pct is None:
        return []
    piece = draft.figure(
        f"{name}: {draft.words['brief_growth_stated']}",
        rival.growth_pct,
        "%",
        percent(rival.growth_pct / 100, draft.words, sign=True),
        rows=rival.rows,
        sources=rival.sources,
    )
    found: list[str | Piece] = [f"; {draft.words['brief_growth_stated']} ", piece]
    pair = next(((then, now) for then, now in pairwise(trade.years) if now.year == rival.period), None)
    grown = growth_between(*pair, rival.flow) if pair else None
    if pair and grown is not None:
        found += [f" {draft.words['brief_beside']} ", _growth(draft, rival.flow, pair[1], *grown)]
    return found


def goods_blocks(draft: Draft, trade: Trade, store: Store | None) -> list[Block]:
    """What the trade is made of: products and modes of a store, else single goods on record."""
    if store is not None:
        parted = [*_parts(draft, trade, store, "product"), *_parts(draft, trade, store, "mode")]
        if parted:
            return parted
    draft.lacks("brief_lacks_mode", first=draft.country(trade.first), second=draft.country(trade.second))
    goods: dict[tuple[str, str], Rivals] = {}
    for one in trade.found:
        thing = one.thing
        if thing.flow in ("export", "import") and thing.goods and one.figures[0].commodity != ALL_GOODS:
            known = goods.get((thing.flow, thing.goods))
            if known is None or known.thing.period < thing.period:
                goods[thing.flow, thing.goods] = one
    shown = sorted(goods.values(), key=lambda one: -max(f.value or 0.0 for f in one.figures))[:MOST_GOODS]
    if not shown:
        draft.lacks("brief_lacks_goods")
        return [Paragraph(plain(draft.words["brief_goods_none"]))]
    told = []
    for one in shown:
        names = goods_name(draft, one.figures[0])
        label = f"{draft.words[f'flow_{one.thing.flow}']} {names} {one.thing.period}"
        told.append(
            plain(
                f"{names} ({draft.words[f'flow_{one.thing.flow}']}, {one.thing.period}) ",
                *_side_by_side(draft, label, one.figures),
            )
        )
    return [
        Paragraph(
            (
                *plain(draft.words["brief_goods"] + " "),
                *joined("; ", told),
                Piece(". " + draft.words["brief_goods_none"]),
            )
        )
    ]


def _side_by_side(draft: Draft, label: str, figures: Sequence[Figure]) -> list[str | Piece]:
    """Rival figures one beside the other, with whose each is."""
    found: list[str | Piece] = []
    for figure in figures[:2]:
        if found:
            found.append(f" {draft.words['brief_beside']} ")
        whose = draft.country(figure.perspective) if figure.perspective else draft.words[f"kind_{figure.kind}"]
        found += [draft.recorded(label, figure), f" [{whose}]"]
    return found


def goods_name(draft: Draft, figure: Figure) -> str:
    """A good by its name in the language where the tables have it under its HS code, else in the words of its source."""
    for row in draft.data["material_goods"]:
        if figure.hs and row.text("hs") == figure.hs:
            return draft.own(row)
    return figure.commodity


def _parts(draft: Draft, trade: Trade, store: Store, by: str) -> list[Block]:
    """The largest products or modes of the newest series of a store; empty where it parts nothing."""
    from keruen.trade.bilateral import brief as bilateral

    try:
        found = bilateral(store, draft.data, trade.first, trade.second, by=by)
    except KeruenError:
        return []
    answer = next((one for one in found.answers if one.parts), None)
    if answer is None:
        return []
    origin = answer.series.to_json()
    whose = f"{origin.get('source')} {origin.get('edition') or ''}".strip()
    order = sorted(
        answer.parts.items(),
        key=lambda one: (
            -(
                one[1][0].measure("turnover").value
                or _either(one[1][0].measure("exports"), one[1][0].measure("imports"))
            )
        ),
    )
    told = []
    for item, (now, _) in order[:MOST_GOODS]:
        name = draft.words.get(f"mode_{item}", item) if by == "mode" else draft.say("trade_product", item)
        sides: list[str | Piece] = [f"{name}: "]
        for flow, word in (("exports", "flow_export"), ("imports", "flow_import")):
            value = now.measure(flow)
            if value.value is None:
                continue
            interval = value.interval
            text = amount(
                value.value,
                interval.half_width if interval and math.isfinite(interval.half_width) else None,
                "USD",
                draft.words,
            )
            label = f"{draft.words[word]} {item} {found.period}"
            sides += [
                f"{draft.words[word]} ",
                draft.figure(
                    label,
                    value.value,
                    "USD",
                    text,
                    rows=(),
                    said=f"{draft.words['brief_store']} {whose}, {found.period}",
                ),
                " ",
            ]
        told.append(plain(*sides))
    key = "brief_by_product" if by == "product" else "brief_by_mode"
    return [Paragraph((*plain(draft.say(key, period=str(found.period)) + " "), *joined("; ", told)))]


def _either(*amounts: Amount) -> float:
    return max((one.value for one in amounts if one.value is not None), default=0.0)


def carried_blocks(draft: Draft, trade: Trade, corridors: Sequence[str] = ()) -> list[Block]:
    """Freight and flights between the two on record, the newest first, and what the corridors of their ways carried; plans say so."""
    draft.section = "freight"
    freight = _of(trade, lambda f: f.flow in ("freight", "transit"))
    flights = _of(trade, lambda f: f.mode == "air" and "flights" in f.measure)
    blocks: list[Block] = [Heading(draft.words["brief_freight"])]
    for figures, none, most in (
        (freight, "brief_lacks_freight", MOST_FREIGHT),
        (flights, "brief_lacks_flights", MOST_FLIGHTS),
    ):
        known = [figure for figure in figures if figure.value is not None]
        if not known:
            draft.lacks(none, first=draft.country(trade.first), second=draft.country(trade.second))
            blocks.append(Paragraph(plain(draft.unknown[-1]), "bullet"))
        blocks += [_carried_line(draft, figure) for figure in known[:most]]
    return [*blocks, *_on_corridors(draft, corridors)]


def _on_corridors(draft: Draft, corridors: Sequence[str]) -> list[Block]:
    """What the corridors of the ways carried in the newest year on record, a line each: rows of `volumes`, rivals side by side."""
    data = draft.data
    families = {row.text("corridor"): row.text("family") or row.text("corridor") for row in data["corridors"]}
    wanted = {families[one] for one in corridors if one in families}
    newest: dict[tuple[str, str], list[Row]] = {}
    for row in data["volumes"]:
        key = (families.get(row.text("corridor"), ""), row.text("metric"))
        if (
            key[0] not in wanted
            or key[1] not in CARRIED
            or row.text("basis") != "reported"
            or row.text("period_type") != "year"
        ):
            continue
        known = newest.get(key)
        if known is None or known[0].text("period_start") < row.text("period_start"):
            newest[key] = [row]
        elif known[0].text("period_start") == row.text("period_start"):
            known.append(row)
    found: list[Block] = []
    for (family, metric), rows in sorted(
        newest.items(), key=lambda one: (one[1][0].text("period_start"), one[0]), reverse=True
    ):
        name = draft.words.get(f"corridor_{family}") or next(
            (draft.own(row) for row in data["corridors"] if family in (row.text("family"), row.text("corridor"))),
            family,
        )
        label = f"{name}: {draft.words[CARRIED[metric]]}, {rows[0].text('period_start')}"
        told = [
            (
                draft.figure(
                    label, row.number("value"), row.text("unit"), _volume(draft, row), rows=[row.id], bold=True
                ),
                Piece(f" ({row.text('entity')})"),
            )
            for row in rows[:2]
        ]
        found.append(Paragraph((Piece(f"{label}: "), *joined(f" {draft.words['brief_beside']} ", told)), "bullet"))
    if corridors and not found:
        draft.lacks("brief_lacks_corridor_freight")
    return found[:MOST_FREIGHT]


def _volume(draft: Draft, row: Row) -> str:
    """A volume as the table has it, in words."""
    value, unit = row.number("value"), row.text("unit")
    digits = 0 if value == int(value) else min(3, len(repr(value).partition(".")[2]))
    return f"{draft.number(value, digits)} {draft.words.get(f'volume_{unit}', unit)}"


def _of(trade: Trade, wanted: object) -> list[Figure]:
    figures = [figure for one in trade.found for figure in one.figures if wanted(figure)]  # type: ignore[operator]
    return sorted(figures, key=lambda f: (f.period, f.rows), reverse=True)


def _carried_line(draft: Draft, figure: Figure) -> Block:
    """A figure of freight or flights with its mode, stretch and period."""
    mode = draft.words.get(f"mode_{figure.mode}", "") if figure.mode and figure.mode != "air" else ""
    parts = [part for part in (_stretch(draft, figure), mode, figure.period) if part]
    what = draft.words["brief_flights"] if "flights" in figure.measure else draft.words[f"flow_{figure.flow}"]
    label = ", ".join([what, *parts])
    grown: list[str | Piece] = (
        []
        if figure.value is None or figure.growth_pct is None
        else [
            f", {draft.words['brief_growth_stated']} ",
            draft.figure(
                f"{label}: {draft.words['brief_growth_stated']}",
                figure.growth_pct,
                "%",
                percent(figure.growth_pct / 100, draft.words, sign=True),
                rows=figure.rows,
            ),
        ]
    )
    return Paragraph(
        plain(f"{label}: ", draft.recorded(label, figure, bold=True), f" ({draft.stands(figure)})", *grown), "bullet"
    )


def _stretch(draft: Draft, figure: Figure) -> str:
    """Where a flight goes, in the language where its places have names there; else the scope as it is."""
    row = draft.data.find_row(figure.rows[0])
    if row is None or row.table.name != "air_services" or draft.spoken == "en":
        return figure.scope
    names = []
    for end in ("from", "to"):
        place = draft.data["places"].find(row.text(f"{end}_place") or "-")
        names.append((place.text("name_ru") if place is not None else "") or row.text(f"{end}_name"))
    return " - ".join(name for name in (*names, row.text("carrier")) if name)


def rivals_grid(draft: Draft, found: Iterable[Rivals]) -> Grid | None:
    """All figures that have a rival, side by side, for the annex; None where there are none."""
    rows = []
    draft.section = "rivals"
    for one in found:
        if len(one.figures) < 2:
            continue
        name = _thing_name(draft, one)
        widest = one.conflicts[0].share if one.conflicts else 0.0
        for i, figure in enumerate(one.figures):
            told = draft.words["brief_agree"] if not one.conflicts else apart_text(widest, draft.words)
            rows.append(
                (
                    plain(name if i == 0 else ""),
                    plain(draft.recorded(name, figure)),
                    plain(draft.stands(figure)),
                    plain(told if i == 0 else ""),
                )
            )
    if not rows:
        return None
    head = tuple(draft.words[key] for key in ("brief_what", "brief_value", "brief_whose", "brief_widest"))
    return Grid(head, tuple(rows), (0.36, 0.2, 0.3, 0.14), frozenset(), small=True)


def _thing_name(draft: Draft, one: Rivals) -> str:
    figure = one.figures[0]
    goods = "" if figure.commodity == ALL_GOODS else goods_name(draft, figure)
    mode = draft.words.get(f"mode_{figure.mode}", figure.mode)
    parts = (
        draft.words[f"flow_{figure.flow}"],
        goods,
        mode,
        figure.measure,
        figure.scope,
        figure.period or draft.words["figures_undated"],
    )
    return ", ".join(part for part in parts if part)
