"""Materials and their risk in words: one profile, a list with what a country makes of it, a table of risks, in English or Russian.

Points of risk have two digits and their interval in brackets; shares are in per cent. A mark after a risk says that an input was filled in:
≈ from shares of supply or another year, ? from a stand-in. Names of countries are those of the table; facts of evidence stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from keruen.materials.against import agrees
from keruen.materials.assess import Benchmark, MaterialRisk
from keruen.materials.inputs import EARLIER, SHARES, STAND_IN
from keruen.materials.listed import Listed
from keruen.materials.mix import Mix
from keruen.materials.profile import Exports, Output, Profile
from keruen.materials.risk import governance_points
from keruen.materials.risk_file import FileRow
from keruen.reports.accuracy_text import columns
from keruen.reports.amounts import percent
from keruen.reports.figures_text import country_names
from keruen.reports.wording import Words, number, words_in
from keruen.tables.dataset import Dataset
from keruen.tables.rounding import Interval
from keruen.tables.table import Row

MOST_COUNTRIES = 6
MARKS = {SHARES: "≈", EARLIER: "≈", STAND_IN: "?"}


def own_name(row: Row | None, lang: str, otherwise: str = "") -> str:
    """The name of a row in a language."""
    return row.text("name_ru" if lang == "ru" else "name") if row is not None else otherwise


def profile_text(data: Dataset, found: Profile, *, lang: str = "en") -> str:
    """A material in words. Raises UnknownOption for a language there are no words for."""
    words, names, row = words_in(lang), country_names(data, lang), found.material
    title = own_name(row, lang)
    lists = ", ".join(row.texts("lists")) or words["mat_no_list"]
    lines = [title, "  " + words["mat_lists"].format(lists)]
    if row.boolean("strategic") is not None:
        key = "mat_strategic" if row.boolean("strategic") else "mat_not_strategic"
        note = row.text("strategic_note")
        lines.append("  " + words[key] + (f" ({note})" if note else ""))
    if row.text("note"):
        lines.append(f"  {row.text('note')}")
    if found.goods:
        cells = [
            ["  " + words[f"mat_stage_{one.text('stage')}"], one.text("hs"), own_name(one, lang)] for one in found.goods
        ]
        lines += ["", words["mat_goods"], *columns(cells, 3)]
    if found.published:
        lines += ["", words["mat_published"]]
        lines += columns([_published_cells(data, one, words, lang) for one in found.published], 2)
    if found.risks:
        lines += ["", *_risk_lines(data, found.risks, (), words, lang)]
        for one in found.risks:
            lines += [
                f"  {own_name(data['materials'].find(one.material), lang)}: {text}"
                for text in _benchmarks(one, names, words)
            ]
    for heading, mixes in (("mat_world", "global"), ("mat_union", "eu")):
        chosen = [one for one in found.mixes if one.scope == mixes]
        if chosen:
            lines += ["", words[heading], *(_mix_line(data, one, names, words, lang) for one in chosen)]
    if found.outputs:
        lines += ["", words["mat_production"], *(_output_line(data, one, names, words, lang) for one in found.outputs)]
    lines += ["", words["mat_kazakhstan"], *_kazakhstan(data, found, names, words, lang)]
    return "\n".join(lines) + "\n"


def _published_cells(data: Dataset, row: Row, words: Words, lang: str) -> list[str]:
    name = own_name(data["materials"].find(row.text("material")), lang)
    stage = words[f"mat_stage_{row.text('stage')}"] if row.text("stage") else ""
    return [
        "  " + row.text("assessment"),
        ", ".join(part for part in (name, stage) if part),
        "SR " + number(row.number("supply_risk"), 1, words),
        "EI " + number(row.number("economic_importance"), 1, words),
    ]


def _mix_line(data: Dataset, mix: Mix, names: Mapping[str, str], words: Words, lang: str) -> str:
    head = f"  {own_name(data['materials'].find(mix.material), lang)}, {words[f'mat_stage_{mix.stage}']}"
    return f"{head}: {shares_text(mix.by_country, names, words)}; H {_points(mix.hhi, mix.hhi_range, words)}"


def shares_text(shares: Mapping[str, float], names: Mapping[str, str], words: Words) -> str:
    """The largest shares by country, in per cent."""
    pairs = list(shares.items())
    told = ", ".join(
        f"{names.get(country, country)} {percent(share, words, digits=0 if share >= 0.1 else 1)}"
        for country, share in pairs[:MOST_COUNTRIES]
    )
    more = len(pairs) - MOST_COUNTRIES
    return told + (", " + words["mat_more"].format(more) if more > 0 else "")


def _output_line(data: Dataset, one: Output, names: Mapping[str, str], words: Words, lang: str) -> str:
    total = sum(one.tonnes.values())
    shares = {
        names.get(country, words["mat_others"] if country == "other" else country): amount / total
        for country, amount in one.tonnes.items()
    }
    name = own_name(data["materials"].find(one.material), lang)
    head = f"  {name}, {words[f'mat_stage_{one.stage}']}, {one.year}: {_tonnes(total, words)} ({one.form})"
    kazakhstan = one.tonnes.get("KAZ")
    own = f"; {names.get('KAZ', 'KAZ')} {_tonnes(kazakhstan, words)}" if kazakhstan is not None else ""
    return f"{head}: {shares_text(shares, {}, words)}{own}; HHI {number(one.concentration.low, 3, words)}"


def _tonnes(amount: float, words: Words) -> str:
    """Tonnes, with as many digits as small amounts need."""
    return f"{number(amount, 0 if amount >= 100 else 1, words)} {words['mat_t']}"


def _kazakhstan(data: Dataset, found: Profile, names: Mapping[str, str], words: Words, lang: str) -> Iterator[str]:
    """What Kazakhstan has of a material: whether it is made, facts by kind, exports by destination."""
    row = found.material
    judged = row.text("kazakhstan")
    since = row.text("kazakhstan_since") and " " + words["mat_since"].format(row.text("kazakhstan_since"))
    planned = row.text("kazakhstan_planned") and ", " + words["mat_planned"].format(row.text("kazakhstan_planned"))
    why = ", ".join(
        part for part in (row.text("kazakhstan_text"), words[f"mat_doubt_{row.text('doubt')}"] if row.text("doubt") else "") if part
    )  # fmt: skip
    yield "  " + words[f"mat_made_{judged or 'unjudged'}"] + since + planned + (f" ({why})" if why else "")
    if found.governance is not None:
        wgi = found.governance.number("wgi")
        yield "  " + words["mat_governance"].format(
            number(governance_points(wgi), 1, words), number(wgi, 2, words), found.governance.text("period")
        )
    for fact in found.facts:
        yield f"  {words['mat_kind_' + fact.text('kind')]}: {fact_text(fact, names, words)} [{fact.id.partition(':')[2]}]"
    for one in found.exports:
        yield "  " + _exports_line(one, names, words)
    if not judged and not found.facts and not found.exports:
        yield "  " + words["mat_nothing_recorded"]


def fact_text(row: Row, names: Mapping[str, str], words: Words) -> str:
    """A fact in a line: what, how much, when, whose, where."""
    value, most = row.number("value"), row.number("value_max")
    amount = row.text("value_text")
    if value == value:
        amount = number(value, _digits(value), words)
        if most == most:
            amount += f" - {number(most, _digits(most), words)}"
        amount = f"{amount} {row.text('unit')}"
    destination = names.get(row.text("destination"), row.text("destination_text"))
    parts = (
        row.text("product"), f"{row.text('indicator')} {amount}".strip(), row.text("period"), row.text("company"), row.text("site"),
        destination, row.text("note"),
    )  # fmt: skip
    return "; ".join(part for part in parts if part)


def _digits(value: float) -> int:
    """Decimals that a number is printed with."""
    return 0 if value.is_integer() else min(3, len(repr(value).partition(".")[2]))


def _exports_line(one: Exports, names: Mapping[str, str], words: Words) -> str:
    shares = {names.get(to.country, to.country): to.share for to in one.destinations}
    head = words["mat_exports"].format(
        one.product, one.hs, one.year, number(one.total_kusd / 1000, 1, words), _tonnes(one.total_t, words)
    )
    return f"{head}: {shares_text(shares, {}, words)}"


def risks_text(
    data: Dataset, found: Sequence[MaterialRisk], before: Sequence[MaterialRisk] = (), *, lang: str = "en"
) -> str:
    """Risks as a table, with benchmarks where few are shown. Raises UnknownOption for a language there are no words for."""
    words, names = words_in(lang), country_names(data, lang)
    lines = _risk_lines(data, found, before, words, lang)
    if len(found) <= MOST_COUNTRIES:
        for one in found:
            name = own_name(data["materials"].find(one.material), lang)
            lines += [f"  {name}: {text}" for text in _benchmarks(one, names, words)]
    return "\n".join(lines) + "\n"


def _risk_lines(
    data: Dataset, found: Sequence[MaterialRisk], before: Sequence[MaterialRisk], words: Words, lang: str
) -> list[str]:
    was = {one.material: one for one in before}
    head = ["  " + words["mat_material"], words["mat_stage"], "SR", words["mat_range"], "EI"]
    head += [words["mat_before"]] if before else []
    head += [words["mat_published_sr"], ""]
    cells = []
    for one in found:
        name = own_name(data["materials"].find(one.material), lang, one.material)
        cells.append(["  " + name, *_risk_cells(one, was.get(one.material) if before else None, bool(before), words)])
    title = words["mat_risk_title"].format(found[0].assessment if found else "")
    notes = [words["mat_marks"]] if any("≈" in cell or "?" in cell for row in cells for cell in row) else []
    notes += [
        words["mat_left"].format(
            own_name(data["materials"].find(one.material), lang),
            words[f"mat_scope_{mix.scope}"],
            percent(mix.left, words, digits=1),
        )
        for one in found
        for mix in (one.bottleneck.mixes if one.bottleneck else ())
        if mix.left != 1
    ]
    return [title, *columns([head, *cells], 2), *("  " + note for note in notes)]


def _risk_cells(one: MaterialRisk, was: MaterialRisk | None, compared: bool, words: Words) -> list[str]:
    best = one.bottleneck
    if best is None:
        return ["", "-", "", ""] + ([""] if compared else []) + ["", one.cause]
    filled = set(best.inputs.filled.values())
    mark = MARKS[STAND_IN] if STAND_IN in filled else MARKS[SHARES] if filled else ""
    earlier = [number(was.bottleneck.risk, 2, words) if was is not None and was.bottleneck else "-"] if compared else []
    published, says = "", ""
    if one.published is not None:
        value = one.published.number("supply_risk")
        published = number(value, 1, words)
        says = "" if compared or agrees(best.risk, value) else words["mat_differs"]
    critical = words["mat_critical"] if one.critical else ""
    return [
        words[f"mat_stage_{best.stage}"] if best.stage else "",
        mark + number(best.risk, 2, words),
        _span(best.range, words),
        number(one.importance.value, 1, words) if one.importance else "-",
        *earlier,
        published,
        ", ".join(part for part in (critical, says) if part),
    ]


def _span(span: Interval, words: Words) -> str:
    return f"[{number(span.low, 2, words)}, {number(span.high, 2, words)}]".replace(", ", "; ")


def _points(value: float, span: Interval, words: Words) -> str:
    return f"{number(value, 2, words)} {_span(span, words)}"


def _benchmarks(one: MaterialRisk, names: Mapping[str, str], words: Words) -> Iterator[str]:
    for benchmark in one.benchmarks:
        yield _benchmark(benchmark, names, words)


def _benchmark(one: Benchmark, names: Mapping[str, str], words: Words) -> str:
    verdict = words["mat_open" if one.met is None else "mat_met" if one.met else "mat_missed"]
    name = words[f"mat_bench_{one.name}"].format(names.get(one.country, one.country))
    return f"{name} {percent(one.share, words, digits=0)} ({percent(one.benchmark, words, digits=0)}): {verdict}"


def file_text(found: Sequence[FileRow], *, lang: str = "en") -> str:
    """The risk of each row of a file. Raises UnknownOption for a language there are no words for."""
    words = words_in(lang)
    rows = [[row.name, row.risk.assessment, *_risk_cells(row.risk, None, False, words)] for row in found]
    head = [words["mat_material"], words["mat_assessment"], words["mat_stage"], "SR", words["mat_range"], "EI", "", ""]
    notes = [words["mat_marks"]] if any("≈" in cell or "?" in cell for row in rows for cell in row) else []
    return "\n".join([*columns([head, *rows], 3), *notes]) + "\n"


def listed_text(data: Dataset, found: Listed, *, lang: str = "en") -> str:
    """A list of materials, and what a country makes of it. Raises UnknownOption for a language there are no words for."""
    words, names = words_in(lang), country_names(data, lang)
    title = own_name(found.list, lang) if found.list is not None else words["mat_all"]
    lines = [title + (f": {names.get(found.country, found.country)}" if found.country else "")]
    if found.list is not None and found.list.text("note"):
        lines.append(f"  {found.list.text('note')}")
    for one in found.counts:
        key = "mat_count" if found.country == "KAZ" else "mat_count_now"
        lines.append("  " + words[key].format(one.now, found.entries, words[f"made_{one.name}"], one.then))
    if found.statements:
        told = ", ".join(
            f"{number(row.number('value'), 0, words)} / {number(row.number('out_of'), 0, words)} ({row.text('period')}) [{row.id}]"
            for row in found.statements
        )
        lines.append("  " + words["mat_statements"].format(told))
    if found.unjudged:
        lines.append(
            "  "
            + words["mat_unjudged"].format(
                ", ".join(own_name(data["materials"].find(one), lang) for one in found.unjudged)
            )
        )
    lines.append("")
    cells = []
    for row in found.rows:
        code = row.text("material")
        made: list[str] = []
        if found.country:
            marks = "".join("+" if code in one.meant else "-" for one in found.counts)
            told = row.text("kazakhstan_text") if found.country == "KAZ" else evidence_text(found, code, words)
            doubt = row.text("doubt") if found.country == "KAZ" else ""
            made = [marks, "; ".join(part for part in (told, words[f"mat_doubt_{doubt}"] if doubt else "") if part)]
        else:
            made = [words["mat_strategic_short"] if row.boolean("strategic") else "", ", ".join(row.texts("lists"))]
        cells.append(["  " + own_name(row, lang), *made])
    return "\n".join([*lines, *columns(cells, 3)]) + "\n"


def evidence_text(found: Listed, material: str, words: Words) -> str:
    """Shares in world supply, and the tonnes of the newest year, of a country."""
    rows = found.evidence.get(material, ())
    rows = tuple(row for row in rows if row.text("material") == material) or rows
    parts = []
    for row in rows:
        if row.table.name == "supply_shares":
            share = percent(row.number("share_pct") / 100, words, digits=1)
            parts.append(f"{words['mat_stage_' + row.text('stage')]} {share}")
    made = [row for row in rows if row.table.name == "material_production"]
    for row in sorted(made, key=lambda row: row.text("year"))[-1:]:
        parts.append(f"{_tonnes(row.number('amount_t'), words)}, {row.text('form')} ({row.text('year')})")
    return "; ".join(dict.fromkeys(parts))
