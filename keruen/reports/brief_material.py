"""A brief on a material: who supplies it, how risky that is, what the Union's supply passes, what Kazakhstan has of it, what to watch.

suppliers   shares of world supply and of what the Union sources, by country (mix.py), as a picture
risk        supply risk and economic importance worked out here beside what was published, never one for the other
output      tonnes by country of the newest year on record
exposure    straits, borders and countries that most of the Union's supply passes (exposure.py)
"""

from __future__ import annotations

from collections.abc import Callable

from keruen.errors import KeruenError
from keruen.materials.assess import MaterialRisk
from keruen.materials.exposure import UNION, Exposure
from keruen.materials.exposure import exposure as find_exposure
from keruen.materials.mix import Mix
from keruen.materials.profile import Profile, profile
from keruen.materials.risk import GLOBAL
from keruen.reports.amounts import percent
from keruen.reports.brief_charts import shares_chart
from keruen.reports.brief_draft import Draft, joined, plain
from keruen.reports.brief_model import Beside, Block, Grid, Heading, Line, Paragraph, Piece, Tile, Tiles
from keruen.reports.brief_supply import exposure_blocks
from keruen.reports.brief_watch import unknown_blocks
from keruen.reports.materials_text import fact_text
from keruen.tables.table import Row

MOST_SUPPLIERS, MOST_FACTS, MOST_EXPORTS, MOST_RISKS, MOST_OUTPUTS = 6, 6, 4, 4, 4
KAZAKHSTAN = "KAZ"
LEAST_UNNAMED = 0.01


def material_blocks(
    draft: Draft, material: str, tell: Callable[[str, float], None]
) -> tuple[list[Block], list[tuple[str, Grid | None]], str]:
    """The two pages, tables of the annex, and the title."""
    tell("materials", 0.1)
    found = profile(draft.data, material)
    name = draft.own(found.material)
    tell("exposure", 0.3)
    exposure = _exposure(draft, found)
    tell("write", 0.7)
    draft.section = "first"
    body: list[Block] = [
        Tiles(tuple(_tiles(draft, found))),
        *_suppliers(draft, found),
        *_risk(draft, found),
        *_outputs(draft, found),
        *_passed(draft, exposure),
        *_kazakhstan(draft, found),
        *_watch(draft, found),
    ]
    body += unknown_blocks(draft)
    if draft.lang != "en":
        draft.lacks("brief_lacks_words")
    return (
        body,
        [("brief_all_facts", _facts_grid(draft, found))],
        draft.say("brief_title_material", name=name[:1].upper() + name[1:]),
    )


def _exposure(draft: Draft, found: Profile) -> Exposure | None:
    """The Union's exposure for the material, else for the part of it that has the highest risk."""
    riskiest = sorted((one for one in found.risks if one.stages), key=lambda one: -one.stages[0].risk)
    codes = [*(one.material for one in riskiest), found.material.text("material")]
    for code in dict.fromkeys(codes):
        try:
            return find_exposure(draft.data, code, UNION)
        except KeruenError:
            continue
    return None


def _mixes(found: Profile) -> list[Mix]:
    """The mixes of the material and stage whose supply risk is highest, the world's first."""
    by_what: dict[tuple[str, str], list[Mix]] = {}
    for mix in found.mixes:
        by_what.setdefault((mix.material, mix.stage), []).append(mix)
    decides = {(one.material, one.stages[0].stage): one.stages[0].risk for one in found.risks if one.stages}
    order = sorted(by_what, key=lambda what: (-decides.get(what, -1.0), -len(by_what[what]), what))
    return by_what[order[0]] if order else []


def _tiles(draft: Draft, found: Profile) -> list[Tile]:
    tiles = []
    for mix in _mixes(found)[:2]:
        country, share = next(iter(mix.by_country.items()))
        word = draft.words["brief_largest_world" if mix.scope == GLOBAL else "brief_largest_union"]
        piece = _share(draft, mix, country, bold=True)
        tiles.append(
            Tile(Piece(f"{draft.country(country)} {piece.text}", piece.notes, True), f"{word}, {_what(draft, mix)}")
        )
        if KAZAKHSTAN in mix.by_country and country != KAZAKHSTAN:
            own = _share(draft, mix, KAZAKHSTAN, bold=True)
            where = draft.words["brief_of_world" if mix.scope == GLOBAL else "brief_of_union"]
            tiles.append(Tile(own, f"{draft.country(KAZAKHSTAN)}, {where}"))
    risks = sorted((one for one in found.risks if one.stages), key=lambda one: -one.stages[0].risk)
    for risk in risks[:1]:
        row = draft.data["materials"].find(risk.material)
        name = draft.own(row) if row is not None else risk.material
        tiles.append(Tile(_points(draft, risk, bold=True), f"{draft.words['brief_supply_risk']}, {name}"))
    return tiles[:6]


def _what(draft: Draft, mix: Mix) -> str:
    row = draft.data["materials"].find(mix.material)
    name = draft.own(row) if row is not None else mix.material
    return f"{name}, {draft.words[f'mat_stage_{mix.stage}']}"


def _share(draft: Draft, mix: Mix, country: str, *, bold: bool = False) -> Piece:
    share = mix.by_country[country]
    where = draft.words["brief_of_world" if mix.scope == GLOBAL else "brief_of_union"]
    label = f"{_what(draft, mix)}: {draft.country(country)}, {where}"
    rows = [row for row in mix.rows if row.endswith(f"/{country}")]
    text = percent(share, draft.words, digits=0 if share >= 0.1 else 1)
    return draft.figure(label, 100 * share, "%", text, rows=rows, said=label, bold=bold)


def _points(draft: Draft, risk: MaterialRisk, *, bold: bool = False) -> Piece:
    stage = risk.stages[0]
    rows = [
        row
        for one in (stage.inputs.hhi_global, stage.inputs.hhi_eu, stage.inputs.import_reliance)
        if one is not None
        for row in one.rows
    ]
    row = draft.data["materials"].find(risk.material)
    name = draft.own(row) if row is not None else risk.material
    text = f"{draft.number(stage.risk, 2)} [{draft.number(stage.range.low, 2)}–{draft.number(stage.range.high, 2)}]"
    return draft.figure(
        f"{draft.words['brief_supply_risk']}: {name}",
        stage.risk,
        "points",
        text,
        rows=rows,
        said=draft.say("brief_risk_note", name=name),
        low=stage.range.low,
        high=stage.range.high,
        bold=bold,
    )


def _suppliers(draft: Draft, found: Profile) -> list[Block]:
    """Shares as a picture, and the largest of each mix with notes."""
    draft.section = "suppliers"
    blocks: list[Block] = [Heading(draft.words["brief_suppliers"])]
    mixes = _mixes(found)
    if not mixes:
        draft.lacks("brief_lacks_shares")
        return [*blocks, Paragraph(plain(draft.unknown[-1]))]
    series = {}
    lines: list[Block] = []
    for mix in mixes:
        where = draft.words["brief_of_world" if mix.scope == GLOBAL else "brief_of_union"]
        top = list(mix.by_country.items())[:MOST_SUPPLIERS]
        series[where] = {draft.country(country): share for country, share in top}
        told: list[Line] = [plain(f"{draft.country(country)} ", _share(draft, mix, country)) for country, _ in top]
        lines.append(
            Paragraph((Piece(f"{_what(draft, mix)}, {where}: ", (), True), *joined(", ", told), Piece(".")), "bullet")
        )
        if mix.unnamed > LEAST_UNNAMED:
            draft.lacks(
                "brief_lacks_named",
                share=percent(mix.unnamed, draft.words, digits=0),
                what=f"{_what(draft, mix)}, {where}",
            )
    others = [mix for mix in found.mixes if mix not in mixes]
    for mix in others[:2]:
        top = list(mix.by_country.items())[:3]
        where = draft.words["brief_of_world" if mix.scope == GLOBAL else "brief_of_union"]
        told = [plain(f"{draft.country(country)} ", _share(draft, mix, country)) for country, _ in top]
        lines.append(
            Paragraph((Piece(f"{_what(draft, mix)}, {where}: ", (), True), *joined(", ", told), Piece(".")), "bullet")
        )
    chart = shares_chart(draft, "suppliers", f"{draft.words['brief_suppliers']}: {_what(draft, mixes[0])}", series)
    return [*blocks, Beside(((chart,), tuple(lines)), (0.47, 0.53))]


def _risk(draft: Draft, found: Profile) -> list[Block]:
    """Risk and importance worked out, and the published results beside them."""
    draft.section = "risk"
    blocks: list[Block] = [Heading(draft.words["brief_risk"])]
    rows: list[tuple[Line, ...]] = []
    for risk in found.risks[:MOST_RISKS]:
        if not risk.stages:
            continue
        row = draft.data["materials"].find(risk.material)
        name = draft.own(row) if row is not None else risk.material
        published: list[Line] = []
        importance: Line = plain("–")
        if risk.importance is not None:
            importance = plain(
                draft.figure(
                    f"{draft.words['brief_importance']}: {name}",
                    risk.importance.value,
                    "points",
                    draft.number(risk.importance.value, 1),
                    rows=risk.importance.rows,
                )
            )
        for one in found.published:
            if one.text("material") != risk.material or one.number("supply_risk") != one.number("supply_risk"):
                continue
            said_in = f"{draft.words['brief_published']} {one.text('assessment')}"
            piece = draft.figure(
                f"{said_in}: {name}",
                one.number("supply_risk"),
                "points",
                draft.number(one.number("supply_risk"), 1),
                rows=[one.id],
            )
            published.append(plain(f"{one.text('assessment')}: ", piece))
        rows.append((plain(name), plain(_points(draft, risk)), importance, joined("; ", published) or plain("–")))
    if not rows:
        draft.lacks("brief_lacks_risk")
        return [*blocks, Paragraph(plain(draft.unknown[-1]))]
    head = tuple(
        draft.words[key] for key in ("brief_material", "brief_worked_out", "brief_importance", "brief_published")
    )
    return [*blocks, Grid(head, tuple(rows), (0.28, 0.24, 0.14, 0.34))]


def _outputs(draft: Draft, found: Profile) -> list[Block]:
    """Production of the newest year on record, by form."""
    draft.section = "output"
    newest: dict[tuple[str, str, str], bool] = {}
    lines: list[Block] = []
    for one in found.outputs:
        key = (one.material, one.stage, one.form)
        if newest.setdefault(key, True) and len(lines) < MOST_OUTPUTS:
            newest[key] = False
            total = sum(one.tonnes.values())
            row = draft.data["materials"].find(one.material)
            name = draft.own(row) if row is not None else one.material
            label = f"{name}, {draft.words[f'mat_stage_{one.stage}']}, {one.year} ({one.form})"
            rows = [
                row.id
                for row in draft.data["material_production"]
                if (row.text("material"), row.text("stage"), row.text("year"), row.text("form"))
                == (one.material, one.stage, one.year, one.form)
            ]
            text = f"{draft.number(total, 0 if total >= 100 else 1)} {draft.words['mat_t']}"
            top = [
                f"{draft.country(country)} {percent(amount / total, draft.words, digits=0)}"
                for country, amount in list(one.tonnes.items())[:3]
                if country != "other"
            ]
            piece = draft.figure(label, total, "t", text, rows=rows, sources=one.sources, bold=True)
            lines.append(Paragraph(plain(f"{label}: ", piece, f"; {', '.join(top)}"), "bullet"))
    return [Heading(draft.words["brief_output"]), *lines] if lines else []


def _passed(draft: Draft, found: Exposure | None) -> list[Block]:
    blocks = exposure_blocks(draft, found, KAZAKHSTAN)
    return [Heading(draft.words["brief_exposure_heading"]), *blocks] if blocks else []


def _kazakhstan(draft: Draft, found: Profile) -> list[Block]:
    """What Kazakhstan has of it: whether it is made, facts, exports."""
    draft.section = "kazakhstan"
    row = found.material
    judged = draft.words[f"mat_made_{row.text('kazakhstan') or 'unjudged'}"]
    note = draft.note([row.id], draft.words["brief_kazakhstan"])
    blocks: list[Block] = [
        Heading(draft.words["brief_kazakhstan"]),
        Paragraph((Piece(f"{judged[:1].upper()}{judged[1:]}.", (note,), True),)),
    ]
    names = {row.text("iso3"): draft.country(row.text("iso3")) for row in draft.data["countries"]}
    facts = [fact for fact in found.facts if fact.text("kind") != "mentioned"]
    for fact in facts[:MOST_FACTS]:
        kind = draft.words[f"mat_kind_{fact.text('kind')}"]
        told = fact_text(fact, names, draft.words)
        blocks.append(Paragraph((Piece(f"{kind}: {told}", (draft.note([fact.id], kind),)),), "bullet"))
    for one in found.exports[:MOST_EXPORTS]:
        label = f"{draft.words['flow_export']}: {one.product} (HS {one.hs}), {one.year}"
        rows = [destination.row.id for destination in one.destinations]
        usd = draft.figure(
            label,
            one.total_kusd * 1000,
            "USD",
            draft.say("brief_million_usd", usd=draft.number(one.total_kusd / 1000, 1)),
            rows=rows,
            bold=True,
        )
        top = ", ".join(
            f"{names.get(d.country, d.country)} {percent(d.share, draft.words, digits=0)}" for d in one.destinations[:3]
        )
        blocks.append(Paragraph(plain(f"{label}: ", usd, f"; {top}"), "bullet"))
    return blocks


def _watch(draft: Draft, found: Profile) -> list[Block]:
    """What is doubtful or open: doubts of the evidence, benchmarks not met."""
    draft.section = "watch"
    lines: list[Block] = []
    row = found.material
    if row.text("doubt"):
        lines.append(
            Paragraph(
                (
                    Piece(
                        draft.words[f"mat_doubt_{row.text('doubt')}"],
                        (draft.note([row.id], draft.words["brief_watch"]),),
                    ),
                ),
                "bullet",
            )
        )
    for risk in found.risks:
        for one in risk.benchmarks:
            if one.met is not False or not risk.stages:
                continue
            row_of = draft.data["materials"].find(risk.material)
            name = draft.own(row_of) if row_of is not None else risk.material
            rows = [
                row for mix in found.mixes if mix.material == risk.material and mix.scope != GLOBAL for row in mix.rows
            ]
            piece = draft.figure(
                f"{name}: {draft.words[f'brief_benchmark_{one.name}']}",
                100 * one.share,
                "%",
                percent(one.share, draft.words, digits=0),
                rows=rows,
                said=draft.words[f"brief_benchmark_{one.name}"],
            )
            who = f" ({draft.country(one.country)})" if one.country else ""
            lines.append(
                Paragraph(
                    plain(
                        f"{name}: {draft.words[f'brief_benchmark_{one.name}']}{who}: ",
                        piece,
                        " " + draft.say("brief_wanted", share=percent(one.benchmark, draft.words, digits=0)),
                    ),
                    "bullet",
                )
            )
    return [Heading(draft.words["brief_watch"]), *(lines[:4] or [Paragraph(plain(draft.words["brief_watch_none"]))])]


def _facts_grid(draft: Draft, found: Profile) -> Grid | None:
    """All facts on Kazakhstan, for the annex."""
    names = {row.text("iso3"): draft.country(row.text("iso3")) for row in draft.data["countries"]}
    rows = []
    for fact in found.facts:
        kind = draft.words[f"mat_kind_{fact.text('kind')}"]
        rows.append(
            (_fact_cell(draft, fact, kind), plain(fact_text(fact, names, draft.words)), plain(fact.text("period")))
        )
    head = (draft.words["brief_what"], draft.words["brief_value"], draft.words["brief_date"])
    return Grid(head, tuple(rows), (0.25, 0.6, 0.15), small=True) if rows else None


def _fact_cell(draft: Draft, fact: Row, kind: str) -> Line:
    return (Piece(kind, (draft.note([fact.id], kind),)),)
