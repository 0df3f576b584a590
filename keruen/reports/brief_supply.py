"""Critical materials, exposure, chain and sites of two countries in a brief.

    counts      how many of a list of critical materials each country makes (listed.py), all counts where that depends on what is counted
    shares      materials of which the first country supplies most, of the world and of what the Union sources (mix.py)
    exposure    of the buyer for the material of which the first country supplies most: what most of it passes (exposure.py)
    chain       what a battery pack takes from the ground (chain.py), and whether the two make it
    siting      delivered price of cells of one country beside the other's (siting_words.py), only if asked: it takes seconds

The Union stands for a member that buys.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from keruen.errors import KeruenError
from keruen.materials.chain import requirements
from keruen.materials.exposure import UNION, Exposure
from keruen.materials.exposure import exposure as find_exposure
from keruen.materials.listed import Listed, listed
from keruen.materials.mix import STAGES, Mix, find_mix, members, rows_by_mix
from keruen.materials.risk import EU, GLOBAL
from keruen.reports.amounts import percent
from keruen.reports.brief_draft import Draft, joined, plain
from keruen.reports.brief_model import Block, Grid, Heading, Line, Paragraph, Piece, Tile

LIST = "EU2023"
KAZAKHSTAN = "KAZ"
PACK, PACK_KWH = "pack_lfp", 1000.0
MOST_MATERIALS, MOST_PASSED, MOST_ORES = 5, 3, 3
LEAST_SHARE = 0.02
BATTERY = ("lithium", "natural_graphite", "nickel", "cobalt", "manganese", "phosphorus")


@dataclass(frozen=True)
class Supply:
    """What the first country supplies, the largest share first: (material, stage, world mix, Union mix, share)."""

    counts: tuple[Listed, ...]
    largest: tuple[tuple[str, str, Mix | None, Mix | None, float], ...]
    exposure: Exposure | None


def supply_of(draft: Draft, first: str, second: str) -> Supply:
    """Counts of both, the materials that the first supplies most of, and the second's exposure for the first of these."""
    data = draft.data
    counts = tuple(listed(data, country, LIST) for country in (first, second))
    on_list = {row.text("material") for row in counts[0].rows}
    of_list = on_list | {row.text("material") for row in data["materials"] if row.text("part_of") in on_list}
    buys_as_union = second in members(data)
    found = []
    for material in sorted({material for _, material, _ in rows_by_mix(data) if material in of_list}):
        for stage in STAGES:
            world, union = (find_mix(data, scope, material, stage) for scope in (GLOBAL, EU))
            share = _share(union if buys_as_union and union is not None else world, first)
            if share >= LEAST_SHARE:
                found.append((material, stage, world, union, share))
    found.sort(key=lambda one: (-one[4], one[0], one[1]))
    seen: dict[str, tuple[str, str, Mix | None, Mix | None, float]] = {}
    for one in found:
        seen.setdefault(one[0], one)
    largest = tuple(seen.values())[:MOST_MATERIALS]
    return Supply(counts, largest, _exposure(draft, largest, UNION if buys_as_union else second))


def _share(mix: Mix | None, country: str) -> float:
    return 0.0 if mix is None else mix.by_country.get(country, 0.0)


def _exposure(
    draft: Draft, largest: tuple[tuple[str, str, Mix | None, Mix | None, float], ...], buyer: str
) -> Exposure | None:
    for material, stage, *_ in largest:
        try:
            return find_exposure(draft.data, material, buyer, stage=stage)
        except KeruenError:
            continue
    return None


def supply_tile(draft: Draft, supply: Supply) -> list[Tile]:
    """How many critical materials the first country makes."""
    one = supply.counts[0]
    if not one.counts:
        return []
    return [Tile(_count(draft, one, bold=True), draft.say("brief_tile_materials", country=draft.country(one.country)))]


def _count(draft: Draft, one: Listed, *, bold: bool = False) -> Piece:
    """How many of the list a country makes; from - to where the count depends on what is counted."""
    draft.section = "materials"
    least, most = min(count.now for count in one.counts), max(count.now for count in one.counts)
    span = draft.number(least) if least == most else f"{draft.number(least)}–{draft.number(most)}"
    rows = [f"materials:{row.text('material')}" for row in one.rows]
    if one.country != KAZAKHSTAN:
        rows = [row.id for evidence in one.evidence.values() for row in evidence]
    return draft.figure(
        draft.say("brief_made", country=draft.country(one.country)),
        float(least),
        "count",
        draft.say("figures_out_of", span, draft.number(one.entries)),
        rows=rows or [f"material_lists:{LIST}"],
        said=draft.say("brief_made_note", list=_list_name(draft, one)),
        low=float(least),
        high=float(most),
        bold=bold,
    )


def _list_name(draft: Draft, one: Listed) -> str:
    return draft.own(one.list) if one.list is not None else LIST


def supply_blocks(draft: Draft, supply: Supply, first: str, second: str) -> list[Block]:
    """Counts, shares and exposure."""
    draft.section = "materials"
    ours, theirs = supply.counts
    line = plain(
        draft.say("brief_counts", list=_list_name(draft, ours)),
        f" {draft.country(first)} – ",
        _count(draft, ours),
        f", {draft.country(second)} – ",
        _count(draft, theirs),
        ". ",
        draft.words["brief_counts_why"] if first == KAZAKHSTAN else "",
    )
    statements = [
        draft.figure(
            draft.words["brief_stated_count"],
            row.number("value"),
            "count",
            draft.say("figures_out_of", draft.number(row.number("value")), draft.number(row.number("out_of")))
            + f" ({row.text('period')[:4]})",
            rows=[row.id],
        )
        for row in ours.statements
    ]
    if statements:
        line += (
            Piece(" " + draft.words["brief_said"] + " "),
            *joined(", ", [(one,) for one in statements]),
            Piece("."),
        )
    blocks: list[Block] = [Heading(draft.words["brief_materials"]), Paragraph(line)]
    if supply.largest:
        head = (
            draft.words["brief_material"],
            draft.words["brief_stage"],
            *(draft.say("brief_share_world", country=draft.country(one)) for one in (first, second)),
            draft.say("brief_share_union", country=draft.country(first)),
        )
        rows = []
        for material, stage, world, union, _ in supply.largest:
            row = draft.data["materials"].find(material)
            name = draft.own(row) if row is not None else material
            rows.append(
                (
                    plain(name[:1].upper() + name[1:]),
                    plain(draft.words[f"mat_stage_{stage}"]),
                    _share_line(draft, world, first, name),
                    _share_line(draft, world, second, name),
                    _share_line(draft, union, first, name),
                )
            )
        blocks.append(Grid(head, tuple(rows), (0.28, 0.18, 0.18, 0.18, 0.18), frozenset({2, 3, 4})))
    else:
        blocks.append(Paragraph(plain(draft.say("brief_no_shares", country=draft.country(first)))))
    return [*blocks, *exposure_blocks(draft, supply.exposure, first)]


def _share_line(draft: Draft, mix: Mix | None, country: str, name: str) -> Line:
    """The share of a country in a mix; a dash where it is not among those named."""
    if mix is None:
        return plain(draft.words["unknown"])
    if country not in mix.by_country:
        return plain("–")
    share = mix.by_country[country]
    label = f"{name}, {draft.words[f'mat_stage_{mix.stage}']}: {draft.country(country)}"
    scope = draft.words["mat_world" if mix.scope == GLOBAL else "mat_union"]
    text = percent(share, draft.words, digits=0 if share >= 0.1 else 1)
    rows = [row for row in mix.rows if row.endswith(f"/{country}")] or mix.rows
    return plain(draft.figure(label, 100 * share, "%", text, rows=rows, said=f"{label} ({scope.rstrip(':')})"))


def exposure_blocks(draft: Draft, found: Exposure | None, country: str = "") -> list[Block]:
    """What most of a supply passes, and what its failure does, in one sentence."""
    if found is None:
        draft.lacks("brief_lacks_exposure")
        return []
    draft.section = "exposure"
    row = draft.data["materials"].find(found.material)
    name = draft.own(row) if row is not None else found.material
    buyer = draft.words["brief_union"] if found.buyer in (UNION, "EU27") else draft.country(found.buyer)
    rows = _supply_rows(draft, found)
    told: list[Line] = []
    for thing in found.things[:MOST_PASSED]:
        called = (thing.name_ru if draft.spoken == "ru" else "") or thing.name or thing.item
        if thing.item.startswith("country:"):
            called = draft.country2(thing.item.partition(":")[2])
        share = draft.figure(
            f"{name}, {buyer}: {called}",
            100 * thing.failure.share,
            "%",
            percent(thing.failure.share, draft.words, digits=0),
            rows=rows,
            said=draft.say("brief_exposure_note", material=name, buyer=buyer),
        )
        line: list[str | Piece] = [f"{called} ", share]
        if thing.failure.added_cost is not None:
            added = percent(thing.failure.added_cost, draft.words, sign=True)
            line += [
                " (",
                draft.figure(
                    f"{name}, {buyer}: {called}, {draft.words['brief_added_cost']}",
                    100 * thing.failure.added_cost,
                    "%",
                    added,
                    rows=rows,
                    said=draft.say("brief_exposure_note", material=name, buyer=buyer),
                ),
                ")",
            ]
        told.append(plain(*line))
    if not told:
        return []
    lead = draft.say("brief_exposure", material=name, buyer=buyer)
    own = _own_way(draft, found, country, name, rows) if country else ()
    return [
        Paragraph((Piece(lead + " "), *joined("; ", told), Piece(". "), *own, Piece(draft.words["brief_exposure_how"])))
    ]


def _own_way(draft: Draft, found: Exposure, country: str, name: str, rows: tuple[str, ...]) -> Line:
    """The way of one supplier: its share, its corridor and its days."""
    sent = next((one for one in found.sent if one.country == country), None)
    if sent is None:
        return ()
    row = draft.data["corridors"].find(sent.corridor) if sent.corridor else None
    way = draft.words.get(f"corridor_{sent.corridor}") or (draft.own(row) if row is not None else sent.corridor)
    said = draft.say("brief_exposure_note", material=name, buyer=found.buyer)
    days = draft.figure(
        f"{name}: {draft.country(country)}, {draft.words['days']}",
        sent.time_h / 24,
        "days",
        draft.say("brief_days", days=draft.number(sent.time_h / 24, 1)),
        rows=rows,
        said=said,
    )
    share = draft.figure(
        f"{name}: {draft.country(country)}",
        100 * sent.share,
        "%",
        percent(sent.share, draft.words, digits=0),
        rows=rows,
        said=said,
    )
    return plain(f"{draft.country(country)}: ", share, f", {way}, ", days, ". ")


def _supply_rows(draft: Draft, found: Exposure) -> tuple[str, ...]:
    mix = find_mix(draft.data, found.scope, found.material, found.stage)
    return mix.rows if mix is not None else ()


def chain_blocks(draft: Draft, first: str, second: str, *, siting: bool) -> list[Block]:
    """What a megawatt-hour of battery packs takes, and the price of cells in both countries if that is asked for."""
    draft.section = "chain"
    found = requirements(draft.data, PACK, PACK_KWH)
    ores = [good for good in found.goods if good.role == "raw"]
    ores = sorted((good for good in ores if good.mass_t == good.mass_t), key=lambda good: -good.mass_t)[:MOST_ORES]
    told = []
    for good in ores:
        name = good.name.ru if draft.spoken == "ru" else str(good.name)
        text = f"{draft.number(good.mass_t, 1)} {draft.words['mat_t']}"
        piece = draft.figure(
            f"{draft.words['brief_chain_label']}: {name}",
            good.mass_t,
            "t",
            text,
            rows=(f"chain_goods:{good.good}",),
            said=draft.words["brief_chain_label"],
            sources=good.sources,
        )
        told.append(plain(f"{name} ", piece))
    blocks: list[Block] = [Heading(draft.words["brief_chain"])]
    lead = draft.words["brief_chain_takes"]
    blocks.append(Paragraph((Piece(f"{lead} "), *joined(", ", told), Piece("."))))
    blocks.append(Paragraph(_who_makes(draft, first, second)))
    if siting:
        blocks += _sites(draft, first, second)
    else:
        draft.lacks("brief_lacks_siting")
    return blocks


def _who_makes(draft: Draft, first: str, second: str) -> Line:
    """Whether the two make the battery materials that are critical, as `keruen materials --of` counts."""
    told: list[Line] = []
    for country in (first, second):
        counted = listed(draft.data, country, LIST)
        made = {row.text("material"): bool(counted.made(row.text("material"))) for row in counted.rows}
        parts: list[Line] = []
        for material in BATTERY:
            row = draft.data["materials"].find(material)
            if row is None or material not in made:
                continue
            rows = [row.id, *(one.id for one in counted.evidence.get(material, ()))]
            note = draft.note(rows, draft.say("brief_made", country=draft.country(country)))
            judged = (
                country == KAZAKHSTAN and row.text("kazakhstan") == "no"
            )  # looked at and not made: more than not on record
            verdict = draft.words["brief_yes" if made[material] else "mat_made_no" if judged else "brief_no"]
            parts.append((Piece(f"{draft.own(row)} – {verdict}", (note,)),))
        told.append((Piece(f"{draft.country(country)}: "), *joined(", ", parts)))
    return (Piece(draft.words["brief_who_makes"] + " "), *joined("; ", told), Piece("."))


def _sites(draft: Draft, first: str, second: str) -> list[Block]:
    """Delivered price of battery cells made in one country beside the other's, at the market of the second or the usual one."""
    from keruen.materials.siting_study import EVERY_LINK, BadStudy, StudyTerms, lithium_study
    from keruen.materials.siting_words import compared

    data = draft.data
    codes = {row.text("iso3"): row.text("country") for row in data["countries"]}
    pair = (codes[first], codes[second])
    market = next((row for row in data["car_markets"] if row.text("country") == pair[1]), None)
    key = market.text("market") if market is not None else "de_munich"
    try:
        study = lithium_study(data, StudyTerms(periods=1, nearest=EVERY_LINK))
        rows = compared(data, study, [pair], key)
    except (BadStudy, KeruenError) as problem:
        return [Paragraph(plain(str(problem)))]
    found: list[Block] = []
    for one in rows:
        sides = [side for side in (one.mine, one.other) if side.usd is not None and math.isfinite(side.usd)]
        if not sides:
            draft.lacks("brief_lacks_siting_pair")
            continue
        pieces: list[Line] = [
            plain(
                f"{draft.country2(side.country)} ",
                draft.figure(
                    f"{one.mine.good} {key}: {draft.country2(side.country)}",
                    float(side.usd or 0.0),
                    "USD/kWh",
                    draft.say("brief_usd_kwh", usd=draft.number(float(side.usd or 0.0), 2)),
                    rows=(f"car_markets:{key}",),
                    said=draft.words["brief_siting_note"],
                ),
            )
            for side in sides
        ]
        good = data["chain_goods"].find(one.mine.good)
        name = draft.own(good) if good is not None else one.mine.good
        found.append(
            Paragraph(
                (
                    Piece(draft.say("brief_siting", good=name, market=_market(draft, key)) + " "),
                    *joined("; ", pieces),
                    Piece("."),
                ),
                "bullet",
            )
        )
    return found


def _market(draft: Draft, key: str) -> str:
    row = draft.data["car_markets"].find(key)
    if row is None:
        return key
    names = dict(row.to_json())
    return str(names.get("name_ru" if draft.spoken == "ru" else "name") or names.get("name") or key)
