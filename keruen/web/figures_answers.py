"""What answers on figures and on trade hold, described for the OpenAPI document: claims of a text with their verdicts, what is on record,
and what the trade store has. A number is as it was stated or declared; null is not known, never zero."""

from __future__ import annotations

from typing import Annotated, Any

from keruen.web.answers import Answer, Rows, means


class Reading(Answer):
    """Another reading of a slot."""

    slot: str
    value: float | str
    reason: str
    reason_ru: str


class PrintedNumber(Answer):
    """A number as it stands in a text."""

    digits: str
    decimals: int
    scale: Annotated[float, means("What its last word multiplies it by.")]
    half_width: Annotated[float, means("Half a unit of the last printed digit, in base units.")]


class Comparison(Answer):
    """One comparison of a claim: with its own text, the ledger, or the model."""

    verdict: Annotated[str, means("As of the claim, or `note`: worth telling, decides nothing.")]
    code: Annotated[str, means("The reason, for a program.")]
    reason: Annotated[str, means("The reason in words.")]
    reason_ru: Annotated[str, means("The same in Russian.")]
    evidence: Rows


Slot = Annotated[str | None, means("null: the text does not say it.")]
Level = Annotated[float | None, means("In `unit`; null: the text does not say it.")]
Percent = Annotated[float | None, means("%; null: the text does not say it.")]
Times = Annotated[float | None, means("The factor, below 1 for a fall; null: the text does not say it.")]


class CheckedClaim(Answer):
    """A figure that a text states, slot by slot, and what was found of it (docs/figures.md)."""

    start: Annotated[int, means("Where it begins in the text, characters from 0.")]
    end: Annotated[int, means("Where it ends, excluded.")]
    text: Annotated[str, means("What stands between.")]
    lang: Annotated[str, means("en, ru or kk")]
    subject: Annotated[str | None, means("ISO 3166-1 alpha-3, or a group or corridor by its name.", examples=["KAZ"])]
    partner: Annotated[str | None, means("As `subject`; WLD is the world.")]
    flow: Annotated[str | None, means("turnover, export, import, transit, freight, production or other")]
    commodity: Slot
    mode: Slot
    period: Annotated[str | None, means("A year or an ISO 8601 interval.")]
    value: Level
    value_max: Level
    unit: Annotated[str | None, means("Base units: USD or another ISO 4217 currency, tonnes, TEU, count, h, km, % ...")]
    qualifier: Annotated[str | None, means("approx, almost, slightly_over, more_than, less_than or range")]
    growth_pct: Percent
    growth_pct_max: Percent
    growth_times: Times
    growth_times_max: Times
    growth_abs: Level
    growth_qualifier: Slot
    base_value: Level
    base_period: Slot
    share_pct: Percent
    share_of: Slot
    whole: Annotated[float | None, means("The number of which `value` is a part.")]
    against: Slot
    modality: Annotated[str, means("stated, planned or forecast")]
    perspective: Annotated[str | None, means("The country whose statistics speak.")]
    edition: Slot
    printed: Annotated[dict[str, PrintedNumber], means("By slot.")]
    origins: Annotated[dict[str, str], means("Where each slot comes from.")]
    spans: Annotated[dict[str, tuple[int, int]], means("Where the words of each slot stand.")]
    alternatives: list[Reading]
    verdict: Annotated[str, means("refuted, differs, agrees, not_comparable, consistent or no_record")]
    reasons: Annotated[list[str], means("The reasons of `checks`, the gravest first.")]
    reasons_ru: Annotated[list[str], means("The same in Russian.")]
    evidence: Rows
    checks: list[Comparison]


class LeftNumber(Answer):
    """A number of a text that is part of no claim."""

    start: int
    end: int
    text: str


class AreaName(Answer):
    """The name of a country."""

    name: str
    name_ru: str


class Checked(Answer):
    """The figures of a text with their verdicts."""

    claims: list[CheckedClaim]
    counts: Annotated[dict[str, int], means("Claims by verdict, the gravest first.")]
    left: Annotated[list[LeftNumber], means("Numbers that are part of no claim.")]
    text: Annotated[str, means("The text that the offsets count in: what was sent, or what the file says.")]
    published: Annotated[str | None, means("Day of the text; null: not known.")]
    store_unread: Annotated[
        str, means("Why the trade store of the server was not asked; empty: it was, or there is none.")
    ]
    store_unread_ru: Annotated[str, means("The same in Russian.")]
    names: Annotated[dict[str, AreaName], means("Names of the countries that claims are about.")]


class RecordedFigure(Answer):
    """One recorded figure."""

    rows: Rows
    subject: str
    partner: Slot
    flow: Slot
    commodity: Slot
    commodity_ru: Annotated[str | None, means("The same in Russian; in English where there is no Russian.")]
    hs: Slot
    mode: Slot
    scope: Slot
    measure: Slot
    period: Annotated[str | None, means("A year or an ISO 8601 interval; null: not dated.")]
    value: Annotated[float | None, means("In `unit`; null: not known.")]
    interval: Annotated[
        tuple[float | None, float | None] | None, means("What the value stands for; a null end is open.")
    ]
    unit: Slot
    out_of: float | None
    growth_pct: Percent
    qualifier: Slot
    modality: str
    kind: Annotated[str, means("Where it stands: official_reporter, comtrade_own, press ...")]
    weight: Annotated[str, means("record, statement or derived (a sum of records)")]
    perspective: Annotated[str | None, means("Whose statistics.")]
    edition: Slot
    published: Slot
    sources: list[str]
    note: Slot


class FigureConflict(Answer):
    """Two figures that differ by more than their rounding."""

    first: Rows
    second: Rows
    share: Annotated[float, means("By how much the greater lies above the smaller, as a share of the smaller.")]


class RecordedThing(Answer):
    """One thing with all figures on record for it, side by side."""

    subject: str
    partner: str
    flow: str
    goods: Annotated[str, means("HS code, TOTAL for all goods, or words.")]
    mode: str
    scope: str
    measure: str
    period: str
    unit: str
    figures: list[RecordedFigure]
    conflicts: list[FigureConflict]


class Recorded(Answer):
    """What is on record of a subject."""

    things: list[RecordedThing]


class Subjects(Answer):
    """Of what there are records."""

    subjects: Annotated[dict[str, int], means("Figures by subject.")]


class TradeStore(Answer):
    """What the trade store has."""

    imports: Annotated[
        list[dict[str, Any]],
        means("Imports: format, file, source, edition, rows. Empty: there is no store, or nothing in it."),
    ]


class TradeBrief(Answer):
    """Trade of a country (docs/trade.md): an answer for each source and edition; amounts as value, low and high, null where not known."""

    reporter: str
    partner: Annotated[str | None, means("null: all")]
    code: str
    period: str
    base_period: Annotated[str, means("The same months a year earlier, from which growth is counted.")]
    by: str | None
    mode: str | None
    answers: list[dict[str, Any]]
    carried: Annotated[
        list[dict[str, Any]], means("Freight between the two beside their trade, where the store has any.")
    ]
    partner_members: Annotated[
        list[str] | None, means("Members of the partner at the date: itself, or those of a group; null: all.")
    ]
    group_totals: Annotated[
        list[dict[str, Any]], means("What sources print for a group as a whole, beside the sum of its members.")
    ]


class TradeYears(Answer):
    """Trade of a country in the whole years that the store has: for each the answers of /trade without their parts."""

    reporter: str
    partner: Annotated[str | None, means("null: all")]
    code: str
    years: list[TradeBrief]


class TradeMirrors(Answer):
    """What two countries declare of the same goods, both ways, for each source and edition."""

    period: str
    code: str
    mirrors: list[dict[str, Any]]
