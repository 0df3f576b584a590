"""Trade statistics in plain words: a table for each source and edition, each figure with the range that rounding allows.

Values are in millions of the currency, weights in thousand tonnes, growth in per cent, contributions in percentage points. An unknown
figure is a question mark; where only a part is known it is told what the figure is at least. The words are rows of data/words.csv.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from keruen.reports.accuracy_text import columns
from keruen.reports.wording import Words, number, words_in
from keruen.trade.amounts import Amount
from keruen.trade.benchmark import Benchmark, Potential
from keruen.trade.bilateral import FLOWS, Answer, Brief
from keruen.trade.dependence import Advantage, Dependence
from keruen.trade.mirror import Mirror
from keruen.trade.mirror_reasons import Reason
from keruen.trade.outliers import Outlier
from keruen.trade.period import Period
from keruen.trade.series import TOTAL, Series

MILLION, THOUSAND = 1e6, 1e3
UNKNOWN = "?"
Names = Mapping[str, str]


def brief_text(found: Brief, names: Names, *, lang: str = "en", rows: int = 20) -> str:
    """A brief as text: for each series the flows, then the parts with the largest turnover. Raises UnknownOption for an unknown
    language.
    """
    words = words_in(lang)
    partner = names.get(found.partner.area, found.partner.area) if found.partner else words["trade_all_partners"]
    reporter = names.get(found.reporter.area, found.reporter.area)
    lines = [
        words["trade_title"].format(reporter, partner, _goods(found.code, words), found.period, found.period.earlier)
    ]
    if not found.answers:
        lines.append(words["trade_nothing"])
    for answer in found.answers:
        lines += ["", *_answer(answer, found, names, words, rows)]
    if found.carried:
        lines += ["", *_carried(found, words, rows)]
    for one in found.group_totals:
        if one.others is None:
            told = words["group_unexplained"]
        else:
            told = (
                words["group_also"].format(", ".join(names.get(area, area) for area in one.others))
                if one.others
                else words["group_fits"]
            )
        flow = words[f"trade_{one.flow}s"]
        lines += [
            "",
            words["group_total"].format(
                one.series.source, flow, _value(one.printed, words), _value(one.members, words), told
            ),
        ]
    if len(found.answers) > 1:
        lines += ["", words["trade_side_by_side"]]
    return "\n".join(lines) + "\n"


def _answer(answer: Answer, found: Brief, names: Names, words: Words, most: int) -> Iterator[str]:
    yield _series(answer.series, names, words) + (
        words["trade_level"].format(answer.level) if answer.level != len(_code(found.code)) else ""
    )
    table = [["", words["trade_head_value"].format(answer.series.currency), words["trade_head_then"], words["trade_head_growth"],
              words["trade_head_range"], words["trade_head_mass"], words["trade_head_growth"]]]  # fmt: skip
    for flow in FLOWS:
        growth = answer.growth(flow)
        table.append(
            [
                words[f"trade_{flow}"],
                _value(answer.now.measure(flow), words),
                _value(answer.then.measure(flow), words),
                _percent(growth, words),
                _range(growth, words),
                _mass(answer.now.measure(flow, "mass_t"), words),
                _percent(answer.growth(flow, "mass_t"), words),
            ]
        )
    yield from columns(table, texts=1)
    if answer.boxes is not None:
        weight = answer.boxes.weight
        for flow, amount in answer.boxes.by_flow.items():
            if amount.value is not None and amount.interval is not None:
                ends = (number(end, 0, words) for end in (amount.interval.low, amount.interval.high))
                yield words["trade_teu"].format(words[f"trade_{flow}"], number(amount.value, 0, words), *ends)
        if any(amount.value is not None for amount in answer.boxes.by_flow.values()):
            tonnes = (number(one, 1, words) for one in (weight.usual_t, weight.low_t, weight.high_t))
            key = "trade_teu_default" if weight.by_default else "trade_teu_weight"
            yield words[key].format(*tonnes, words.get(f"basis_{weight.basis}", weight.basis), weight.row)
    if answer.missing:
        yield words["trade_missing"].format(len(answer.missing), ", ".join(answer.missing))
    if not answer.parts:
        return
    size = {
        item: _size(flows[0].measure("turnover"), flows[0].measure("exports"), flows[0].measure("imports"))
        for item, flows in answer.parts.items()
    }
    shown = sorted(answer.parts, key=lambda item: -size[item])[:most]
    heads = [
        words[f"trade_by_{found.by}"],
        "",
        *(words[f"trade_{flow}"] for flow in FLOWS[:3]),
        words["trade_head_growth"],
        words["trade_head_points"],
    ]
    table = [heads]
    for item in shown:
        now, then = answer.parts[item]
        name = names.get(item, "") if found.by == "partner" else ""
        table.append([
            item, name[:28], *(_value(now.measure(flow), words) for flow in FLOWS[:3]),
            _percent(now.measure("turnover").growth_from(then.measure("turnover")), words),
            _points(answer.contributions["turnover"].parts.get(item), words),
        ])  # fmt: skip
    rest = answer.contributions["turnover"].rest
    if rest is not None:
        table.append([words["trade_rest"], "", "", "", "", "", _points(rest, words)])
    yield ""
    yield from columns(table, texts=2)
    if len(answer.parts) > len(shown):
        yield words["trade_more"].format(len(answer.parts) - len(shown))


def _carried(found: Brief, words: Words, most: int) -> Iterator[str]:
    """Freight by mode and scope."""
    yield words["carried_title"]
    table = [[words["trade_by_mode"], words["carried_way"], words["carried_scope"], words["carried_goods"], words["trade_head_mass"],
              words["trade_head_growth"], words["carried_teu"]]]  # fmt: skip
    for line in found.carried[:most]:
        mass, growth = Amount(line.mass_t), Amount(line.growth_mass)
        teu = UNKNOWN if line.teu is None else number(line.teu, 0, words)
        scope = " ".join(filter(None, [line.source, line.edition, line.scope]))
        table.append(
            [
                line.mode,
                f"{line.origin} - {line.destination}",
                scope,
                line.goods,
                _mass(mass, words),
                _percent(growth, words),
                teu,
            ]
        )
    yield from columns(table, texts=4)
    if len(found.carried) > most:
        yield words["trade_more"].format(len(found.carried) - most)


def mirror_text(found: Sequence[Mirror], names: Names, period: Period, code: str, *, lang: str = "en") -> str:
    """Both declarations of every direction with the asymmetry, what freight explains, and the likely reasons."""
    words = words_in(lang)
    lines = [words["mirror_title"].format(_goods(code, words), period)]
    if not found:
        lines.append(words["mirror_nothing"])
    for one in found:
        exporter, importer = (names.get(area, area) for area in (one.exporter, one.importer))
        lines += ["", words["mirror_direction"].format(exporter, importer)]
        for key, cell, series in (
            ("mirror_exports", one.exports, one.export_series),
            ("mirror_imports", one.imports, one.import_series),
        ):
            told = f"{_value(cell.value, words, 3)} {words['outliers_value']} {series.currency}" if series else UNKNOWN
            source = _series(series, names, words) if series else words["mirror_no_figure"]
            lines.append(
                f"  {words[key]}: {told} {cell.valuation}  {_mass_text(cell.mass_t, words)} ({source})".replace(
                    "  (", " ("
                )
            )
        ratio, expected = one.log_ratio, one.expected
        if one.asymmetry is not None and ratio.value is not None:
            lines.append("  " + words["mirror_asymmetry"].format(
                number(one.asymmetry, 3, words), number(math.exp(ratio.value), 3, words), number(ratio.value, 3, words)
            ))  # fmt: skip
        if expected.interval is not None and one.margin is not None:
            verdict = words["mirror_within" if one.explained else "mirror_outside"]
            lines.append(
                "  "
                + words["mirror_expected"].format(
                    number(one.margin.low * 100, 0, words),
                    number(one.margin.high * 100, 0, words),
                    one.margin.row or words["mirror_same_valuation"],
                    verdict,
                )
            )
        lines += ["  " + _reason(reason, names, words) for reason in one.reasons]
        if not one.reasons and not one.explained:
            lines.append("  " + words["mirror_no_reason"])
    return "\n".join(lines) + "\n"


def _reason(reason: Reason, names: Names, words: Words) -> str:
    """A likely reason as a sentence with its figures."""
    e = reason.evidence

    def area(key: str) -> str:
        return names.get(str(e[key]), str(e[key]))

    def million(key: str) -> str:
        value = e[key]
        return UNKNOWN if not isinstance(value, float) else number(value / MILLION, 1, words)

    if reason.reason == "transit_port":
        return words["mirror_why_transit_port"].format(
            area("third"),
            million("declared_by_exporter"),
            million("declared_by_third"),
            number(100 * (reason.share or 0), 0, words),
        )
    if reason.reason == "re_export":
        return words["mirror_why_re_export"].format(
            million("imports_of_product"), million("exports_of_product"), million("declared_re_exports")
        )
    if reason.reason == "confidential":
        named, largest = (", ".join(str(one) for one in e[key]) for key in ("named_partners", "largest_not_named"))  # type: ignore[attr-defined]
        return words["mirror_why_confidential"].format(
            named, e["partners_not_named"], largest, million("declared_by_them")
        )
    if reason.reason == "edition":
        return words["mirror_why_edition"].format(area("area"), e["source"], e["edition"] or UNKNOWN, million("value"))
    key = "mirror_why_silent_product" if e.get("other_products") else f"mirror_why_{reason.reason}"
    return words[key].format(area("area"), words[f"trade_{e['flow']}s"], names.get(str(e.get("other")), ""))


def dependence_text(found: Sequence[Dependence], title: str, names: Names, *, lang: str = "en", rows: int = 10) -> str:
    """Concentration of each series, with the largest shares."""
    words = words_in(lang)
    lines = [title] + ([] if found else [words["trade_nothing"]])
    for one in found:
        c = one.concentration
        lines += [
            "",
            _series(one.series, names, words),
            words["concentration_hhi"].format(
                number(c.hhi, 4, words),
                number(c.points, 0, words),
                number(c.low, 4, words),
                number(c.high, 4, words),
                number(c.effective, 1, words),
                len(c.shares),
            ),
        ]
        lines += columns(
            [[name, names.get(name, "")[:28], f"{number(100 * share, 1, words)} %"] for name, share in c.shares[:rows]],
            texts=2,
        )
        if c.remainder >= 0.0005:
            lines.append(words["concentration_rest"].format(number(100 * c.remainder, 1, words)))
    return "\n".join(lines) + "\n"


def advantages_text(found: Sequence[Advantage], title: str, *, lang: str = "en", rows: int = 20) -> str:
    """Products by revealed comparative advantage, source by source."""
    words = words_in(lang)
    lines = [title] + ([] if found else [words["trade_nothing"]])
    for key in dict.fromkeys((one.source, one.edition, one.classification, one.currency) for one in found):
        of_key = [one for one in found if (one.source, one.edition, one.classification, one.currency) == key]
        lines += ["", " ".join(filter(None, key[:3]))]
        table = [
            [
                words["trade_by_product"],
                words["trade_head_value"].format(key[3]),
                "RCA",
                words["advantage_symmetric"],
                words["advantage_world"],
            ]
        ]
        table += [
            [
                one.product,
                number(one.exports / MILLION, 1, words),
                number(one.rca, 2, words),
                number(one.symmetric, 2, words),
                number(100 * one.world_share, 2, words),
            ]
            for one in of_key[:rows]
        ]
        lines += columns(table, texts=1)
        if len(of_key) > rows:
            lines.append(words["trade_more"].format(len(of_key) - rows))
    return "\n".join(lines) + "\n"


def benchmark_text(
    found: Sequence[tuple[Benchmark, Sequence[Potential]]],
    names: Names,
    *,
    lang: str = "en",
    rows: int = 20,
    at_least: float = 0.0,
) -> str:
    """The gravity equation of each source and the flows asked about beside it, but for those of less than `at_least` (currency units):
    of hardly any trade the ratio is large and says nothing.
    """
    words = words_in(lang)
    lines: list[str] = []
    for one, potentials in found:
        source = " ".join(filter(None, [one.source, one.edition]))
        lines += [
            words["gravity_title"].format(
                source,
                one.pairs,
                number(one.elasticity, 3, words),
                number(one.low, 3, words),
                number(one.high, 3, words),
                number(100 * one.within_2, 0, words),
            )
        ]
        if one.left_out:
            lines.append(words["gravity_left_out"].format(one.left_out))
        listed = [p for p in potentials if p.actual >= at_least]
        table = [
            [
                words["gravity_from"],
                words["gravity_to"],
                words["gravity_km"],
                words["trade_head_value"].format(one.currency),
                words["gravity_fitted"],
                words["gravity_ratio"],
                words["gravity_range"],
            ]
        ]
        table += [
            [
                names.get(p.exporter, p.exporter)[:24],
                names.get(p.importer, p.importer)[:24],
                number(p.distance_km, 0, words),
                number(p.actual / MILLION, 1, words),
                number(p.fitted / MILLION, 1, words),
                number(p.ratio, 2, words),
                f"{number(p.low, 2, words)} - {number(p.high, 2, words)}",
            ]
            for p in listed[:rows]
        ]
        lines += ["", *columns(table, texts=2)]
        if len(listed) > rows:
            lines.append(words["trade_more"].format(len(listed) - rows))
        if len(potentials) > len(listed):
            few = (
                len(potentials) - len(listed),
                number(at_least / MILLION, 0 if at_least % MILLION == 0 else 2, words),
                one.currency,
            )
            lines.append(words["gravity_small"].format(*few))
        lines.append("")
    return "\n".join([*lines, words["gravity_note"]]) + "\n"


def outliers_text(found: Sequence[Outlier], names: Names, *, lang: str = "en", rows: int = 20) -> str:
    """Figures with unit values out of bounds, the largest values first."""
    words = words_in(lang)
    lines = [words["outliers_title"].format(len(found), sum(one.slip is not None for one in found))]
    table = [
        [
            words["trade_by_product"],
            words["outliers_who"],
            words["outliers_flow"],
            words["outliers_value"],
            words["outliers_mass"],
            words["outliers_per_kg"],
            words["outliers_bounds"],
            words["outliers_slip"],
            words["outliers_import"],
        ]
    ]
    table += [
        [
            one.code,
            f"{one.reporter} - {one.partner}",
            words[f"trade_{one.flow}s"],
            f"{number(one.value / MILLION, 3, words)} {one.currency}",
            number(one.mass_t, 1, words),
            f"{one.per_kg:.3g}",
            f"{one.low_per_kg:.3g} - {one.high_per_kg:.3g}",
            "" if one.slip is None else f"x {one.slip:g}",
            str(one.import_id),
        ]
        for one in found[:rows]
    ]
    lines += columns(table, texts=3) if found else []
    if len(found) > rows:
        lines.append(words["trade_more"].format(len(found) - rows))
    return "\n".join(lines) + "\n"


def _goods(code: str, words: Words) -> str:
    return words["trade_all_goods"] if code == TOTAL else words["trade_product"].format(code)


def _code(code: str) -> str:
    return "" if code == TOTAL else code


def _series(series: Series, names: Names, words: Words) -> str:
    """Source, edition, whose statistics, and the imports in the store."""
    who = (
        words["trade_declared_by"].format(names.get(series.declared_by, series.declared_by))
        if series.declared_by
        else words["trade_reconciled"]
    )
    numbers = ", ".join(map(str, series.imports[:4])) + (", ..." if len(series.imports) > 4 else "")
    told = [
        f"{series.source or UNKNOWN} {series.edition}".strip(),
        who,
        series.classification,
        words["trade_import"].format(numbers),
    ]
    return "; ".join(filter(None, told))


def _amount(amount: Amount, unit: float, digits: int, words: Words) -> str:
    if amount.value is not None:
        return number(amount.value / unit, digits, words)
    if amount.interval is not None and amount.interval.low > 0:
        return "≥ " + number(amount.interval.low / unit, digits, words)
    return UNKNOWN


def _value(amount: Amount, words: Words, digits: int = 1) -> str:
    """An amount of money in millions, small ones with the digits of thousands."""
    small = amount.value is not None and abs(amount.value) < 100 * MILLION
    return _amount(amount, MILLION, 3 if small else digits, words)


def _mass(amount: Amount, words: Words) -> str:
    small = amount.value is not None and abs(amount.value) < 100 * THOUSAND
    return _amount(amount, THOUSAND, 3 if small else 1, words)


def _mass_text(amount: Amount, words: Words) -> str:
    return words["mirror_mass"].format(_mass(amount, words)) if amount.value is not None else ""


def _percent(amount: Amount, words: Words) -> str:
    return (
        UNKNOWN if amount.value is None else ("+" if amount.value >= 0 else "") + number(100 * amount.value, 1, words)
    )


def _points(amount: Amount | None, words: Words) -> str:
    return (
        UNKNOWN
        if amount is None or amount.value is None
        else ("+" if amount.value >= 0 else "") + number(100 * amount.value, 2, words)
    )


def _range(amount: Amount, words: Words) -> str:
    if amount.interval is None or math.isinf(amount.interval.high):
        return UNKNOWN
    return f"{number(100 * amount.interval.low, 3, words)} - {number(100 * amount.interval.high, 3, words)}"


def _size(*amounts: Amount) -> float:
    return max(
        (amount.value if amount.value is not None else amount.interval.low if amount.interval else 0.0)
        for amount in amounts
    )
