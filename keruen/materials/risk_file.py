"""Inputs of supply risk from a file: CSV with the columns of published criticality tables, one row a material, to supply risk a row.

    assessment, material, stage                     stage: extraction, processing or empty
    HHI_WGIt_GS, HHI_WGIt_EU                        concentration weighted with governance and trade parameter
    calc_HHI_WGIt_{GS,EU}_{extraction,processing}   the same by stage, where the row does not say which: the higher risk decides
    import_reliance_pct, eol_rir_pct                0 to 100
    SI_SR, EI                                       substitution index 0 to 1, economic importance
    supply_used                                     GS + EUS, GS only or EUS only; empty for all that is there

Only `material` and a concentration are needed; SR in the file is never used. What a row leaves out is filled in from the tables by its
material (inputs.py), and told. A number stands for all that round to it: concentrations and indices to one decimal at least, percentages
to whole ones. Everything wrong with a file is told at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from keruen.errors import BadTable, UnknownMaterial
from keruen.materials.assess import MOST_HHI, MaterialRisk, decided, stage_risk
from keruen.materials.inputs import PERCENT, Input, Inputs, missing_filled, printed_input
from keruen.materials.mix import STAGES, find_mix
from keruen.materials.names import find_material
from keruen.materials.risk import BOTH, EU, GLOBAL
from keruen.routing.csv_cells import Problems, number_in
from keruen.routing.csv_text import open_cells
from keruen.tables.dataset import Dataset
from keruen.tables.reading import shown

USED = {"": BOTH, "gs+eus": BOTH, "gsonly": GLOBAL, "eusonly": EU, "both": BOTH, "global": GLOBAL, "eu": EU}
MIXES = {"hhi_wgit_gs": GLOBAL, "hhi_wgit_eu": EU}
BY_STAGE = {f"calc_{column}_{stage}": (scope, stage) for column, scope in MIXES.items() for stage in STAGES}
NUMBERS: Mapping[str, tuple[float, float, int]] = {
    **{column: (1.0, MOST_HHI, 1) for column in (*MIXES, *BY_STAGE)},
    "import_reliance_pct": (PERCENT, 1.0, 0),
    "eol_rir_pct": (PERCENT, 1.0, 0),
    "si_sr": (1.0, 1.0, 1),
    "ei": (1.0, MOST_HHI, 1),
}
"""For each column of numbers what one of it is divided by, the most it may be then, and the decimals it has at least."""


@dataclass(frozen=True)
class FileRow:
    """A row of the file: its line, the name of its material as it stands there, and the risk."""

    line: int
    name: str
    risk: MaterialRisk


def risk_of_file(data: Dataset, path: Path) -> tuple[FileRow, ...]:
    """The supply risk of each row of a file, in its order.

    Raises:
        BadTable: the file cannot be read, or cells of it cannot be; all problems are listed.
        OSError: there is no such file.
    """
    with path.open("rb") as file:
        cells = open_cells(path.name, file)
        problems = Problems(path.name)
        _check_header(cells.header, problems)
        found = [row for line, values in cells if (row := _row(data, line, cells.header, values, problems)) is not None]
    for one in cells.problems:
        problems.add(one.row, one.column, one.message, one.what_to_do)
    if not found and not problems.count:
        problems.add(0, "", "the file has no rows", "Give a row for each material")
    problems.refuse()
    return tuple(found)


def _check_header(header: tuple[str, ...], problems: Problems) -> None:
    """The header names a material and a concentration, each column once."""
    if "material" not in header:
        problems.add(1, "material", "there is no column material", "Name each row's material in it")
    if not set(header) & {*MIXES, *BY_STAGE}:
        advice = "Give HHI_WGIt_GS and HHI_WGIt_EU, or one of them"
        problems.add(1, "", "there is no column with a concentration", advice)
    for column in sorted({one for one in header if one and header.count(one) > 1}):
        problems.add(1, column, "the column is there more than once", "Keep one of them")
    if problems.count:
        raise BadTable(problems.kept)


def _row(data: Dataset, line: int, header: tuple[str, ...], values: list[str], problems: Problems) -> FileRow | None:
    """A row as its risk; None, and what is wrong told, where it cannot be."""
    before = problems.count
    if len(values) != len(header):
        message = f"the row has {len(values)} cells and the header {len(header)}"
        problems.add(
            line, "", message, "Give a cell for each column; a text with a comma in it stands in double quotes"
        )
        return None
    cells = {column: value.strip() for column, value in zip(header, values, strict=True)}
    name, stage = cells["material"], cells.get("stage", "").lower()
    if not name:
        problems.add(line, "material", "the cell is empty", "Name the material")
    if stage and stage not in STAGES:
        problems.add(line, "stage", f"{shown(stage)} is no stage", f"Write {' or '.join(STAGES)}, or leave it empty")
    used = USED.get(cells.get("supply_used", "").lower().replace(" ", ""))
    if used is None:
        advice = "Write GS + EUS, GS only or EUS only, or leave it empty"
        problems.add(line, "supply_used", f"{shown(cells['supply_used'])} means nothing here", advice)
    numbers = {column: one for column in NUMBERS if (one := _number(line, column, cells, problems)) is not None}
    if used == BOTH and cells.get("supply_used"):
        for column in MIXES:
            if column not in numbers and not set(numbers) & set(BY_STAGE) and cells.get(column, "") == "":
                advice = "Fill it in, or say in supply_used which mix the risk rests on"
                problems.add(line, column, "supply_used says both mixes and this one is empty", advice)
    if problems.count > before or used is None:
        return None
    return FileRow(line, name, _risk(data, name, stage, cells.get("assessment", ""), used, numbers))


def _number(line: int, column: str, cells: Mapping[str, str], problems: Problems) -> Input | None:
    """A cell as an input with its rounding; None where it is empty or, told, no number it can be."""
    cell = cells.get(column, "")
    if not cell:
        return None
    value = number_in(cell)
    if isinstance(value, tuple):
        problems.add(line, column, *value)
        return None
    scale, most, least_decimals = NUMBERS[column]
    if not 0 <= value / scale <= most:
        bound = "less than nothing" if value < 0 else f"more than {most * scale:g}, which cannot be"
        problems.add(line, column, f"{value:g} is {bound}", "Check the value and its unit")
        return None
    decimals = max(least_decimals, len(cell.replace(",", ".").partition(".")[2].rstrip("0")))
    return printed_input(value / scale, 0.5 * 10.0**-decimals / scale, most)


def _risk(
    data: Dataset, name: str, stage: str, assessment: str, used: str, numbers: Mapping[str, Input]
) -> MaterialRisk:
    """The risk of the numbers of a row; without stages where they hold no concentration."""
    try:
        material = find_material(data, name).text("material")
    except UnknownMaterial:
        material = ""
    stages = [
        stage_risk(missing_filled(one, data, find_mix(data, EU, material, one.stage)))
        for one in _inputs(material, stage, assessment, used, numbers)
    ]
    return decided(data, material, assessment, stages)


def _inputs(material: str, stage: str, assessment: str, used: str, numbers: Mapping[str, Input]) -> Iterator[Inputs]:
    """The inputs of a row: of its stage, or of both stages where it has them by stage."""
    shared = {"import_reliance": numbers.get("import_reliance_pct"), "eol_rir": numbers.get("eol_rir_pct"),
              "si_sr": numbers.get("si_sr"), "economic_importance": numbers.get("ei")}  # fmt: skip
    told = {scope: numbers[column] for column, scope in MIXES.items() if column in numbers}
    by_stage = [(stage, told)] if told else [
        (one, {scope: numbers[column] for column, (scope, of) in BY_STAGE.items() if of == one and column in numbers})
        for one in STAGES
        if stage in ("", one)
    ]  # fmt: skip
    for one, mixes in by_stage:
        if mixes and (used == BOTH or used in mixes):
            yield Inputs(material, one, assessment, mixes.get(GLOBAL), mixes.get(EU), used=used, **shared)
