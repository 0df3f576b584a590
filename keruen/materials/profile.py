"""All that is known of one material: lists, goods, suppliers, production, risk, and what Kazakhstan has of it.

profile(data, "titanium")        also of what is a part or a form of it: titanium metal, titanium ores
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from keruen.materials.assess import MaterialRisk, assess
from keruen.materials.inputs import published_rows
from keruen.materials.mix import STAGES, Mix, find_mix, rows_by_mix
from keruen.materials.names import find_material, parts_of
from keruen.materials.risk import EU, GLOBAL
from keruen.tables.dataset import Dataset
from keruen.tables.rounding import Interval
from keruen.tables.table import Row
from keruen.trade.concentration import Concentration, concentration

KAZAKHSTAN = "KAZ"


@dataclass(frozen=True)
class Output:
    """Production of a material at a stage in a year: tonnes by country, the largest first, and how concentrated it is.

    form: what is weighed. `other` among the countries holds what the source does not part.
    """

    material: str
    stage: str
    year: str
    form: str
    tonnes: Mapping[str, float]
    concentration: Concentration
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Destination:
    """Where a good goes: share of all exports of it (0 to 1), thousand USD and tonnes; country as ISO 3166-1 alpha-3 or as in the
    source."""

    country: str
    share: float
    value_kusd: float
    quantity_t: float
    row: Row


@dataclass(frozen=True)
class Exports:
    """Exports of one good of Kazakhstan in a year: in all, and to each destination, the largest first."""

    material: str
    hs: str
    product: str
    year: str
    total_kusd: float
    total_t: float
    destinations: tuple[Destination, ...]


@dataclass(frozen=True)
class Profile:
    """One material: row, goods, mixes, outputs, published results, risks by the shares of 2023; Kazakhstan: facts, exports, governance.

    Mixes, outputs, published results, risks and facts are also those of its parts, facts and exports those of what it is a part of too.
    """

    material: Row
    parts: tuple[Row, ...]
    goods: tuple[Row, ...]
    mixes: tuple[Mix, ...]
    outputs: tuple[Output, ...]
    published: tuple[Row, ...]
    risks: tuple[MaterialRisk, ...]
    facts: tuple[Row, ...]
    exports: tuple[Exports, ...]
    governance: Row | None


def profile(data: Dataset, material: str) -> Profile:
    """All that is known of a material, by code, name, sign or HS code. Raises UnknownMaterial."""
    row = find_material(data, material)
    code = row.text("material")
    codes = (code, *parts_of(data, code))
    table = data["materials"]
    parts = tuple(one for part in codes[1:] if (one := table.find(part)) is not None)
    known = {of for _, of, _ in rows_by_mix(data)}
    mixes = tuple(
        mix
        for one in codes
        for stage in STAGES
        for scope in (GLOBAL, EU)
        if (mix := find_mix(data, scope, one, stage)) is not None
    )
    told_of = {*codes, row.text("part_of")} - {""}
    facts = tuple(one for one in data["kazakhstan_materials"] if told_of & set(one.texts("material")))
    return Profile(
        row,
        parts,
        tuple(one for one in data["material_goods"] if one.text("material") in codes),
        mixes,
        outputs(data, codes),
        tuple(one for part in codes for one in published_rows(data, part)),
        assess(data, [one for one in codes if one in known]) if known & set(codes) else (),
        tuple(one for one in facts if not one.text("kind").startswith("exports")),
        exports(facts),
        _latest_governance(data),
    )


def _latest_governance(data: Dataset) -> Row | None:
    """The newest governance of Kazakhstan by a single year."""
    rows = [row for row in data["governance"] if row.text("country") == KAZAKHSTAN and "/" not in row.text("period")]
    return max(rows, key=lambda row: row.text("period"), default=None)


def outputs(data: Dataset, materials: tuple[str, ...]) -> tuple[Output, ...]:
    """Production of materials (codes) by stage and year, the newest first."""
    found: dict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
    for row in data["material_production"]:
        if row.text("material") in materials:
            key = (row.text("material"), row.text("stage"), row.text("year"), row.text("form"))
            found[key].append(row)
    made = [_output(key, rows) for key, rows in found.items() if sum(row.number("amount_t") for row in rows) > 0]
    return tuple(sorted(made, key=lambda one: (materials.index(one.material), one.stage, -int(one.year), one.form)))


def _output(key: tuple[str, str, str, str], rows: list[Row]) -> Output:
    tonnes = {row.text("country"): row.number("amount_t") for row in rows}
    ordered = dict(sorted(tonnes.items(), key=lambda one: (one[0] == "other", -one[1], one[0])))
    total = sum(tonnes.values())
    named = {country: amount for country, amount in ordered.items() if country != "other"}
    sources = tuple(sorted({source for row in rows for source in row.sources()}))
    return Output(*key, ordered, concentration(named, total), sources)


def exports(facts: tuple[Row, ...]) -> tuple[Exports, ...]:
    """Exports of Kazakhstan by good out of the facts of a material, the largest first."""
    totals = [row for row in facts if row.text("kind") == "exports_total"]
    found = []
    for total in totals:
        same = [
            row
            for row in facts
            if row.text("kind") == "exports"
            and (row.text("hs"), row.text("period"), row.texts("material"))
            == (total.text("hs"), total.text("period"), total.texts("material"))
        ]
        destinations = tuple(
            Destination(
                row.text("destination") or row.text("destination_text"),
                row.number("share_pct") / 100,
                row.number("value"),
                row.number("quantity_t"),
                row,
            )
            for row in sorted(same, key=lambda row: -row.number("value"))
        )
        found.append(
            Exports(
                "|".join(total.texts("material")),
                total.text("hs"),
                total.text("product"),
                total.text("period"),
                total.number("value"),
                total.number("quantity_t"),
                destinations,
            )
        )
    return tuple(sorted(found, key=lambda one: -one.total_kusd))


def concentration_by_year(data: Dataset, material: str, stage: str = "mine") -> Mapping[str, Interval]:
    """HHI of production of a material by year, 0 to 1, over what the source does not part. Raises UnknownMaterial."""
    code = find_material(data, material).text("material")
    made = [one for one in outputs(data, (code,)) if one.stage == stage]
    return {one.year: Interval(one.concentration.low, one.concentration.high) for one in reversed(made)}
