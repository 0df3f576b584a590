"""Workbooks of Kazakhstan's Bureau of National Statistics: trade by country, and exports or imports by product and month (stat.gov.kz).

    by country   A name, one column each for exports and imports, thousand USD, from the row `Всего` on; a title tells the period and,
                 by naming its months, that it is preliminary. Rows of groups stand among the countries; the block `ЕС` holds Great Britain
                 until 2022, so that its sum is that of 28 countries: the area EU28, else EU27.
    by product   a sheet a year; row 2 names months (with * : preliminary), each over three columns: tonnes, additional unit, thousand USD;
                 row 4 is the country's total, below it stand regions, each with its products of six digits. The total of a product is
                 the sum over regions: every region's row is kept as a row of its own, and they add up.

A workbook is written as CSV first, with sheet and row of every figure.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from keruen.tables.dataset import Dataset
from keruen.tables.words import said
from keruen.trade.errors import BadFile
from keruen.trade.plan import CODE, PARTNER, PERIOD, Plan, Rule, is_number_or_missing, number
from keruen.trade.unpack import BAD_ZIP, Source

SKIPPED_SHEETS = ("метаданные", "показатель")
HEADER = (
    "line",
    "sheet",
    "name",
    "area",
    "sum",
    "flow",
    "start",
    "months",
    "provisional",
    "code",
    "value",
    "tonnes",
    "quantity",
)
MONTHS = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)
MONTH = "|".join(name[:3] for name in MONTHS) + "|мая"
SPAN = re.compile(rf"({MONTH})[а-я]*\s*(?:[-–—]\s*({MONTH})[а-я]*)?\s*((?:19|20)\d\d)")
YEAR = re.compile(r"((?:19|20)\d\d)\s*(?:г|жыл|$|\))")
TOTALS = {"ВСЕГО": "WLD", "СТРАНЫ СНГ": "CIS", "СНГ": "CIS", "ЕАЭС": "EAEU", "СТРАНЫ ЕАЭС": "EAEU"}
UNION = ("ЕС", "СТРАНЫ ЕС", "СТРАНЫ ЕВРОПЕЙСКОГО СОЮЗА", "ЕВРОПЕЙСКИЙ СОЮЗ")
SUMS = ("ЕВРОПА", "АЗИЯ", "АМЕРИКА", "АФРИКА", "АВСТРАЛИЯ И ОКЕАНИЯ", "ОСТАЛЬНЫЕ СТРАНЫ", "СТРАНЫ ВНЕ СНГ", "СТРАНЫ ВНЕ ЕС", "ВНЕ ЕС",
        "ВНЕ СНГ", "СТРАНЫ ВНЕ ЕАЭС", "ДРУГИЕ СТРАНЫ", "СТРАНЫ ЕВРОПЫ", "СТРАНЫ АЗИИ", "СТРАНЫ АМЕРИКИ", "СТРАНЫ АФРИКИ",
        "ОСТАЛЬНЫЕ СТРАНЫ МИРА", "ОСТАЛЬНЫЕ СТРАНЫ ЕВРОПЫ", "СТРАНЫ ДАЛЬНЕГО ЗАРУБЕЖЬЯ")  # fmt: skip
COUNTRY = "РЕСПУБЛИКИ КАЗАХСТАН"
LOOKALIKES = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")
PRODUCT = re.compile(r"^\d{4,10}$")
HEAD_ROWS = 15
Row = Sequence[Any]


@dataclass(frozen=True)
class When:
    """The period of a sheet or a column; provisional where the bureau says that it may change."""

    start: date
    months: int
    provisional: bool


def tabulated(source: Source, folder: Path, data: Dataset) -> tuple[Source, Plan]:
    """A workbook of the bureau as CSV, and its plan. Raises BadFile for any other workbook."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    target = folder / f"{source.path.name}.bns.csv"
    areas = names_of(data)
    lines, kinds = 1, set()
    try:
        book = load_workbook(source.path, read_only=True, data_only=True)
        with target.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(HEADER)
            for sheet in book.worksheets:
                if sheet.title.strip().lower() in SKIPPED_SHEETS:
                    continue
                sheet.reset_dimensions()
                rows = enumerate(sheet.iter_rows(values_only=True), start=1)
                first = [row for _, row in zip(range(HEAD_ROWS), rows, strict=False)]
                kind, figures = sheet_figures(source.name, sheet.title, first, rows, areas)
                kinds.add(kind)
                for figure in figures:
                    writer.writerow(["" if cell is None else cell for cell in figure])
                    lines += 1
        book.close()
    except (
        InvalidFileException,
        ParseError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        OSError,
        *BAD_ZIP,
    ) as problem:
        raise BadFile(said("trade_book_broken", name=source.name, reason=problem)) from None
    if len(kinds) != 1:
        raise BadFile(said("trade_bns_book", name=source.name))
    return replace(source, path=target, lines=lines), plan(kinds.pop())


def sheet_figures(
    name: str, title: str, first: list[tuple[int, Row]], rest: Iterator[tuple[int, Row]], areas: dict[str, str]
) -> tuple[str, Iterator[Sequence[object]]]:
    """What a sheet is and its figures. Raises BadFile if it is neither."""
    top = {number: row for number, row in first}
    if plain(cell(top.get(4, ()), 0)).removeprefix("ИТОГО ПО ") in (COUNTRY, "РЕСПУБЛИКА КАЗАХСТАН") and month_columns(
        top.get(2, ())
    ):
        return "product", by_product(title, top, chained(first[3:], rest), flow_of(first))
    if any(plain(cell(row, 0)) == "ВСЕГО" for _, row in first):
        return "country", by_country(title, first, chained(first, rest), areas)
    raise BadFile(said("trade_bns_sheet", name=name, title=title))


def chained(first: list[tuple[int, Row]], rest: Iterator[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    """The rows that were looked at and those that follow."""
    yield from first
    yield from rest


def cell(row: Row, at: int) -> Any:
    """A cell, None behind the end of a row."""
    return row[at] if at < len(row) else None


def plain(text: object) -> str:
    """A label without footnote marks, Latin letters among Cyrillic ones, and what stands in brackets."""
    label = re.sub(r"\(.*?\)|[*\d¹²³⁾)]+\s*$", " ", str(text or "").upper().replace("Ё", "Е"))
    if re.search("[А-Я]", label):
        label = label.translate(LOOKALIKES)
    return " ".join(re.sub(r"[^\w\s-]", " ", label).split())


def names_of(data: Dataset) -> dict[str, str]:
    """The area that a label means."""
    found = {plain(row.text("name_ru")): row.text("iso3") for row in data["countries"] if row.text("name_ru")}
    found |= {plain(row.text("name")): row.text("area") for row in data["trade_area_names"]}
    return {**found, **TOTALS}


def when_of(title: str, first: list[tuple[int, Row]]) -> When:
    """The period that the title above the table names, or the sheet's name. Raises BadFile if neither does."""
    texts = [str(value) for _, row in first for value in row if isinstance(value, str)]
    for text in texts:
        if span := SPAN.search(text.lower()):
            begin, end = month_number(span[1]), month_number(span[2] or span[1])
            return When(date(int(span[3]), begin, 1), end - begin + 1, True)
    for text in [*texts, title.replace("_", " ").split()[-1]]:
        if year := YEAR.search(text.lower()):
            return When(date(int(year[1]), 1, 1), 12, False)
    raise BadFile(said("trade_bns_period", title=title))


def month_number(name: str) -> int:
    """The number of a month by the beginning of its Russian name."""
    return 5 if name.startswith("ма") and name != "мар" else 1 + [month[:3] for month in MONTHS].index(name)


def by_country(
    title: str, first: list[tuple[int, Row]], rows: Iterator[tuple[int, Row]], areas: dict[str, str]
) -> Iterator[Sequence[object]]:
    """The figures of a sheet by country."""
    when = when_of(title, first)
    labels = {
        plain(value): at for _, row in first for at, value in reversed(list(enumerate(row))) if isinstance(value, str)
    }
    columns = {"export": labels.get("ЭКСПОРТ", 3), "import": labels.get("ИМПОРТ", 5)}
    table = list(after_total(rows))
    union = union_area(table, areas)
    for number_of_row, row in table:
        label = plain(cell(row, 0))
        if not label:
            continue
        area = union if label in UNION else areas.get(label, "")
        told = "yes" if label in SUMS else ""
        for flow, column in columns.items():
            value = cell(row, column)
            if value not in (None, "", "-", "–"):
                yield (
                    number_of_row,
                    title,
                    cell(row, 0),
                    area,
                    told,
                    flow,
                    when.start,
                    when.months,
                    yes(when.provisional),
                    "TOTAL",
                    value,
                    "",
                    "",
                )


def after_total(rows: Iterator[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    """The rows from `Всего` on."""
    begun = False
    for number_of_row, row in rows:
        begun = begun or plain(cell(row, 0)) == "ВСЕГО"
        if begun:
            yield number_of_row, row


def union_area(table: Sequence[tuple[int, Row]], areas: dict[str, str]) -> str:
    """Whose sum the block of the European Union is: EU28 where Great Britain stands in it, else EU27."""
    labels = [plain(cell(row, 0)) for _, row in table]
    begin = next((at for at, label in enumerate(labels) if label in UNION), None)
    if begin is None:
        return ""
    end = next((at for at in range(begin + 1, len(labels)) if labels[at] in SUMS or labels[at] in TOTALS), len(labels))
    return "EU28" if any(areas.get(label) == "GBR" for label in labels[begin:end]) else "EU27"


def yes(value: bool) -> str:
    """A truth as a cell."""
    return "true" if value else "false"


def month_columns(row: Row) -> list[tuple[int, When]]:
    """The first column of each month of a sheet by product, with its period."""
    found = []
    for at, value in enumerate(row):
        if isinstance(value, str) and (span := SPAN.search(value.lower())) and not span[2]:
            found.append((at, When(date(int(span[3]), month_number(span[1]), 1), 1, "*" in value)))
    return found


def flow_of(first: list[tuple[int, Row]]) -> str:
    """Whether a sheet by product says that it holds imports; it holds exports else, as the one of them whose layout is known here."""
    text = " ".join(str(value).lower() for _, row in first[:3] for value in row if isinstance(value, str))
    return "import" if "импорт" in text else "export" if "экспорт" in text else ""


def by_product(
    title: str, top: dict[int, Row], rows: Iterator[tuple[int, Row]], flow: str
) -> Iterator[Sequence[object]]:
    """The figures of a sheet by product: the country's total, then every region's products."""
    months = month_columns(top[2])
    region, total = "", True
    for number_of_row, row in rows:
        code = next(
            (
                text
                for text in (str(cell(row, at) if cell(row, at) is not None else "").strip() for at in (0, 1))
                if PRODUCT.match(text)
            ),
            "",
        )
        name = cell(row, 0)
        if not code and not total:
            region = str(name or region)
            continue
        label = region if code else name
        for column, when in months:
            tonnes, quantity, value = (cell(row, column + step) for step in range(3))
            if value in (None, "", "-") and tonnes in (None, "", "-"):
                continue
            padded = code.zfill(6) if code else "TOTAL"
            yield (
                number_of_row,
                title,
                label,
                "WLD",
                "",
                flow,
                when.start,
                1,
                yes(when.provisional),
                padded,
                value,
                tonnes,
                quantity,
            )
        total = False


def plan(kind: str) -> Plan:
    """The plan for the CSV that a workbook was written as."""
    raw = tuple(f"c_{name}" for name in HEADER)
    flow_known = Rule("flow IN ('export', 'import')", "flow_of_sheet")
    return Plan(
        format=f"bns_by_{kind}",
        table="trade",
        raw=raw,
        delimiter=",",
        values={
            "flow": "c_flow",
            "classification": "'HS'",
            "start": "TRY_CAST(c_start AS DATE)",
            "months": "TRY_CAST(c_months AS TINYINT)",
            "currency": "'USD'",
            "valuation": "CASE c_flow WHEN 'export' THEN 'FOB' WHEN 'import' THEN 'CIF' END",
            "unit": "CASE WHEN c_code <> 'TOTAL' THEN 'additional' END" if kind == "product" else "NULL",
            "perspective": "'reporter'",
            "estimated": "false",
            "provisional": "c_provisional = 'true'",
            "code": "c_code",
            "value": f"{number('c_value')} * 1000",
            "mass_t": number("c_tonnes"),
            "quantity": number("c_quantity"),
        },
        areas={"reporter": ("alpha3", "'KAZ'"), "partner": ("alpha3", "c_area")},
        kind_by=("c_flow", "c_start", "c_months", "c_provisional") + (("c_code",) if kind == "product" else ()),
        kind_rules=(PERIOD, flow_known),
        rules=(
            Rule("c_sum IS NULL", "sum_of_countries"),
            PARTNER,
            CODE,
            is_number_or_missing("c_value", number("c_value")),
            is_number_or_missing("c_tonnes", number("c_tonnes")),
            Rule("value IS NOT NULL OR mass_t IS NOT NULL", "no_figure"),
        ),
        line="c_line",
        source="Bureau of National Statistics of Kazakhstan",
        note="" if kind == "country" else "bns_regions",
    )
