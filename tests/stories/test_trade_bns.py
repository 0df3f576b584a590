"""Workbooks of Kazakhstan's Bureau of National Statistics, in the layout of the real ones, with invented figures.

by country   Всего | СНГ | Россия | ЕС | Великобритания | ...          the block of the Union holds Great Britain until 2022
by product   months of three columns: tonnes, additional unit, thousand USD; regions below the country's total
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from trade_files import Desk

from keruen.tables.dataset import Dataset
from keruen.trade.errors import BadFile

Sheet = list[list[object]]


@pytest.fixture
def desk(shipped: Dataset, tmp_path: Path) -> Desk:
    """An empty store."""
    return Desk(shipped, tmp_path)


def workbook(folder: Path, sheets: dict[str, Sheet]) -> Path:
    """A workbook with these sheets."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = folder / f"{'_'.join(sheets)}.xlsx"
    book.save(path)
    return path


def by_country(title: str, *, british_in_union: bool) -> Sheet:
    """A sheet by country; columns A name, B turnover, D exports, F imports."""
    british: Sheet = [["Великобритания", None, None, 900.5, None, 300]]
    germany: Sheet = [["  Германия", None, None, 500, None, 400.5]]
    return [
        [f"Основные показатели внешней торговли Республики Казахстан по странам {title}"],
        ["тыс. долл. США"],
        ["Наименование", "Товарооборот", None, "Экспорт", None, "Импорт", None],
        [None, "всего", "в % к итогу", "всего", "в % к итогу", "всего", "в % к итогу"],
        ["Всего", 9, None, 3400.5, 100, 2700.5, 100],
        ["Страны СНГ", 9, None, 1000, None, 1500, None],
        ["Pоссия*", 9, None, 1000, None, 1500, None],  # with a Latin P and a mark, as such sheets have them
        ["Страны вне СНГ", 9, None, 2400.5, None, 1200.5, None],
        ["ЕС", 9, None, 1400.5 if british_in_union else 500, None, 700.5 if british_in_union else 400.5, None],
        *germany,
        *(british if british_in_union else []),
        ["Остальные страны Европы"],
        *([] if british_in_union else british),
        ["Азия", 9, None, 1000, None, 500, None],
        ["Вьетнам", 9, None, 1000, None, None, None],
        ["Китай", 9, None, None, None, 500, None],
        ["Страна Неведомая", 9, None, 1, None, "-", None],
    ]


def test_trade_by_country_with_great_britain_in_the_union(desk: Desk) -> None:
    (done,) = desk.bring(
        workbook(desk.folder, {"Метаданные": [["о наборе"]], "2021": by_country("(2021г.)", british_in_union=True)})
    )
    assert done.format == "bns_by_country"
    rows = desk.sql("SELECT partner, flow, value FROM trade ORDER BY partner, flow")
    exports = {partner: value for partner, flow, value in rows if flow == "export"}
    assert exports == {
        "WLD": 3400500.0,
        "CIS": 1e6,
        "RUS": 1e6,
        "EU28": 1400500.0,
        "DEU": 5e5,
        "GBR": 900500.0,
        "VNM": 1e6,
    }
    assert [row for row in rows if row[0] == "CHN"] == [
        ("CHN", "import", 5e5)
    ]  # an empty cell is no flow, not a flow of zero
    assert desk.sql("SELECT DISTINCT reporter, start, months, provisional, currency, code FROM trade") == [
        ("KAZ", date(2021, 1, 1), 12, False, "USD", "TOTAL")
    ]
    parts = desk.sql("SELECT sum(value) FROM pairs WHERE flow = 'export'")[0][0]
    assert parts == pytest.approx(exports["WLD"])
    members = "SELECT sum(value) FROM trade WHERE flow = 'export' AND partner IN (SELECT member FROM members WHERE area = 'EU28')"
    assert desk.sql(members) == [(exports["EU28"],)]
    assert set(desk.rejected()) == {8, 13, 16}  # two sums over countries (for both flows), and a name that no list has
    assert dict(done.reasons)["a sum over countries, which are kept"] == 4


def test_since_2023_great_britain_stands_outside(desk: Desk) -> None:
    desk.bring(workbook(desk.folder, {"2024": by_country("(январь-декабрь 2024г.)", british_in_union=False)}))
    assert desk.sql("SELECT value FROM trade WHERE partner = 'EU27' AND flow = 'export'") == [(5e5,)]
    assert desk.sql("SELECT DISTINCT start, months, provisional FROM trade") == [(date(2024, 1, 1), 12, True)]


def test_a_part_of_a_year_in_the_title(desk: Desk) -> None:
    desk.bring(workbook(desk.folder, {"9_2025": by_country("(январь-сентябрь 2025г.)", british_in_union=False)}))
    assert desk.sql("SELECT DISTINCT start, months, provisional FROM trade") == [(date(2025, 1, 1), 9, True)]


def test_exports_by_product_and_month(desk: Desk) -> None:
    year: Sheet = [
        ["Экспорт Республики Казахстан по кодам ТН ВЭД"],
        [None, None, "январь 2025 года", None, None, "февраль 2025 года*", None, None],
        ["Код", "Наименование", *["тонн", "доп. ед. изм.", "тыс. долл. США"] * 2],
        ["Республики Казахстан", None, 300, None, 1000, None, None, 1200],
        ["Абай облысы"],
        ["720241", "Феррохром", 100, None, 150.5, 110, None, 160],
        ["271121", "Газ природный", None, 7000, 90, None, None, None],
        ["Павлодарская область"],
        ["720241", "Феррохром", 200, None, 300, None, None, None],
    ]
    (done,) = desk.bring(workbook(desk.folder, {"Показатель": [["x"]], "2025 год": year}))
    assert done.format == "bns_by_product"
    assert desk.sql("SELECT start, sum(value), sum(mass_t) FROM trade WHERE code = '720241' GROUP BY start ORDER BY start") == [
        (date(2025, 1, 1), 450500.0, 300.0), (date(2025, 2, 1), 160000.0, 110.0)
    ]  # fmt: skip
    assert desk.sql("SELECT value, mass_t, quantity, unit FROM trade WHERE code = '271121'") == [
        (90000.0, None, 7000.0, "additional")
    ]
    assert desk.sql("SELECT value, provisional FROM trade WHERE code = 'TOTAL' ORDER BY start") == [
        (1e6, False),
        (1.2e6, True),
    ]
    assert desk.sql("SELECT DISTINCT partner, flow FROM trade") == [("WLD", "export")]


def test_another_workbook_is_told(desk: Desk) -> None:
    with pytest.raises(BadFile, match="--map"):
        desk.bring(workbook(desk.folder, {"Sheet": [["a", "b"], [1, 2]]}))
    sheet = by_country("", british_in_union=False)
    with pytest.raises(BadFile, match="does not say of which period"):
        desk.bring(workbook(desk.folder, {"Лист": sheet}))
    with pytest.raises(BadFile, match="no workbook known here"):
        desk.bring(workbook(desk.folder, {"Метаданные": [["x"]]}))
