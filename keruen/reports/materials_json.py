"""Materials and their risk as JSON: what `keruen material`, `materials` and `risk` print with --json.

A risk row has `material`, `stage`, `SR`, `SR_low`, `SR_high`, `EI` first; what cannot be said is null with its `cause`. Shares run from 0
to 1. Names of materials and countries come in both languages, sources as keys of the table of sources, rows as table:key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keruen.errors import Text, in_both
from keruen.materials.against import agrees
from keruen.materials.assess import Benchmark, MaterialRisk, StageRisk
from keruen.materials.inputs import Input
from keruen.materials.listed import Listed
from keruen.materials.mix import Mix
from keruen.materials.profile import Exports, Output, Profile
from keruen.materials.risk_file import FileRow
from keruen.tables.dataset import Dataset
from keruen.tables.table import Row
from keruen.tables.words import said

DIGITS = 6


def rounded(value: float) -> float | None:
    """A number as JSON has it; unknown is null."""
    return None if value != value else round(value, DIGITS)


def risk_row(name: str, one: MaterialRisk) -> dict[str, Any]:
    """A material at its bottleneck."""
    best = one.bottleneck
    importance = one.importance
    return {
        "material": name,
        "stage": best.stage or None if best else None,
        "SR": rounded(best.risk) if best else None,
        "SR_low": rounded(best.range.low) if best else None,
        "SR_high": rounded(best.range.high) if best else None,
        "EI": rounded(importance.value) if importance else None,
        "EI_low": rounded(importance.range.low) if importance else None,
        "EI_high": rounded(importance.range.high) if importance else None,
        "code": one.material or None,
        "assessment": one.assessment or None,
        "critical": one.critical,
        "filled": dict(best.inputs.filled) if best else {},
        **(in_both("cause", one.cause) if one.cause else {}),
    }


def file_document(rows: Sequence[FileRow]) -> dict[str, Any]:
    """The answer to a file of inputs, a row for each of its rows."""
    return {"rows": [{**risk_row(row.name, row.risk), "line": row.line} for row in rows]}


def risk_document(data: Dataset, found: Sequence[MaterialRisk], before: Sequence[MaterialRisk] = ()) -> dict[str, Any]:
    """Risks with their stages, inputs, benchmarks and what was published; `before`: the same without the scenario."""
    was = {one.material: one.bottleneck for one in before}
    rows = []
    for one in found:
        row = risk_row(name_of(data, one.material), one)
        row.update(in_both("name", said_name(data, one.material)))
        if before:
            earlier = was.get(one.material)
            row["SR_before"] = rounded(earlier.risk) if earlier else None
        if one.published is not None:
            published = one.published.number("supply_risk")
            row["SR_published"] = rounded(published)
            row["EI_published"] = rounded(one.published.number("economic_importance"))
            row["agrees"] = agrees(one.bottleneck.risk, published) if one.bottleneck else None
        row["stages"] = [stage_document(stage) for stage in one.stages]
        row["benchmarks"] = [benchmark_document(data, benchmark) for benchmark in one.benchmarks]
        rows.append(row)
    return {"rows": rows}


def stage_document(stage: StageRisk) -> dict[str, Any]:
    """A stage with its inputs."""
    inputs = stage.inputs
    named: Mapping[str, Input | None] = {
        "hhi_global": inputs.hhi_global, "hhi_eu": inputs.hhi_eu, "import_reliance": inputs.import_reliance,
        "eol_rir": inputs.eol_rir, "si_sr": inputs.si_sr,
    }  # fmt: skip
    return {
        "stage": stage.stage or None,
        "SR": rounded(stage.risk),
        "SR_low": rounded(stage.range.low),
        "SR_high": rounded(stage.range.high),
        "used": inputs.used,
        "complete": stage.complete,
        "supply_left": {mix.scope: rounded(mix.left) for mix in stage.mixes},
        "inputs": {name: input_document(one) for name, one in named.items() if one is not None},
    }


def input_document(one: Input) -> dict[str, Any]:
    """An input with its interval and where it is from."""
    return {
        "value": rounded(one.value), "low": rounded(one.range.low), "high": rounded(one.range.high), "from": one.origin,
        "rows": list(one.rows),
    }  # fmt: skip


def benchmark_document(data: Dataset, one: Benchmark) -> dict[str, Any]:
    """A share beside its benchmark."""
    return {
        "benchmark": one.name, "wanted": one.benchmark, "share": rounded(one.share), "low": rounded(one.range.low),
        "high": rounded(one.range.high), "met": one.met, **({"country": one.country} if one.country else {}),
    }  # fmt: skip


def listed_document(data: Dataset, found: Listed) -> dict[str, Any]:
    """A list of materials, what a country makes of it, by each definition and row by row."""
    head: dict[str, Any] = {"list": found.list.text("list") if found.list else None, "entries": found.entries}
    if found.country:
        head["country"] = found.country
        head["counts"] = [
            {
                "definition": one.name, "count": one.now, "count_2023": one.then, "out_of": found.entries,
                **in_both("meaning", said(f"made_{one.name}")),
            }
            for one in found.counts
        ]  # fmt: skip
        head["unjudged"] = list(found.unjudged)
        head["statements"] = [
            {"count": row.number("value"), "out_of": row.number("out_of"), "period": row.text("period"), "row": row.id}
            for row in found.statements
        ]
    head["materials"] = [_listed_row(found, row) for row in found.rows]
    return head


def _listed_row(found: Listed, row: Row) -> dict[str, Any]:
    code = row.text("material")
    made: dict[str, Any] = {}
    if found.country:
        made = {"made_by": list(found.made(code)), "rows": [one.id for one in found.evidence.get(code, ())]}
    if found.country == "KAZ":
        for column in ("kazakhstan", "kazakhstan_since", "kazakhstan_planned", "kazakhstan_text", "certainty", "doubt"):
            made[column] = row.text(column) or None
    return {
        "material": code, "name": row.text("name"), "name_ru": row.text("name_ru"), "lists": list(row.texts("lists")),
        "strategic": row.boolean("strategic"), **made, "source": list(row.sources()),
    }  # fmt: skip


def profile_document(data: Dataset, found: Profile) -> dict[str, Any]:
    """All that is known of a material."""
    row = found.material
    return {
        "material": row.to_json(),
        "parts": [{"material": one.text("material"), "name": one.text("name"), "name_ru": one.text("name_ru")} for one in found.parts],
        "goods": [one.to_json() for one in found.goods],
        "published": [one.to_json() for one in found.published],
        "risk": risk_document(data, found.risks)["rows"],
        "supply": [mix_document(one) for one in found.mixes],
        "production": [output_document(one) for one in found.outputs],
        "kazakhstan": {
            "governance": found.governance.to_json() if found.governance is not None else None,
            "facts": [one.to_json() for one in found.facts], "exports": [exports_document(one) for one in found.exports],
        },
    }  # fmt: skip


def mix_document(one: Mix) -> dict[str, Any]:
    """Who supplies a material at a stage."""
    return {
        "material": one.material, "stage": one.stage, "scope": one.scope, "hhi": rounded(one.hhi),
        "hhi_low": rounded(one.hhi_range.low), "hhi_high": rounded(one.hhi_range.high), "unnamed": rounded(one.unnamed),
        "shares": {country: rounded(share) for country, share in one.by_country.items()},
        "governance": dict(zip(one.countries, map(rounded, one.governance.tolist()), strict=True)),
        "trade_parameter": dict(zip(one.countries, map(rounded, one.trade_parameter.tolist()), strict=True)),
    }  # fmt: skip


def output_document(one: Output) -> dict[str, Any]:
    """Production at a stage in a year."""
    return {
        "material": one.material, "stage": one.stage, "year": one.year, "form": one.form,
        "hhi": rounded(one.concentration.low), "hhi_high": rounded(one.concentration.high),
        "tonnes": {country: rounded(amount) for country, amount in one.tonnes.items()}, "source": list(one.sources),
    }  # fmt: skip


def exports_document(one: Exports) -> dict[str, Any]:
    """Exports of a good by destination."""
    return {
        "material": one.material, "hs": one.hs, "product": one.product, "year": one.year,
        "total_thousand_usd": rounded(one.total_kusd), "total_t": rounded(one.total_t),
        "destinations": [
            {"country": to.country, "share": rounded(to.share), "thousand_usd": rounded(to.value_kusd), "t": rounded(to.quantity_t),
             "row": to.row.id, "source": list(to.row.sources())}
            for to in one.destinations
        ],
    }  # fmt: skip


def name_of(data: Dataset, material: str) -> str:
    """The English name of a material by code."""
    row = data["materials"].find(material)
    return row.text("name") if row is not None else material


def said_name(data: Dataset, material: str) -> str:
    """The name of a material in both languages."""
    row = data["materials"].find(material)
    return Text(row.text("name"), row.text("name_ru")) if row is not None else material
