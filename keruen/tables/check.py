"""Whether the tables can be believed: a list of small rules, all run, all problems reported at once.

Reading already refuses a table that breaks a rule by itself (types, required cells, bounds, unique keys). The rules
here are about tables together: what is named exists, what is assumed says so, every number has a source that can
be opened. A rule is a function `check_*(data) -> problems`; a new one is written below and listed in CHECKS.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations, product

import numpy as np

from keruen.errors import Problem, UnknownOption
from keruen.tables.conditions import holds_always
from keruen.tables.dataset import Dataset
from keruen.tables.features import TABLE_OF_KIND, parse_feature
from keruen.tables.lookup import ANY
from keruen.tables.periods import first_day, last_day, span_of
from keruen.tables.reading import items_of
from keruen.tables.schema import NUMERIC_TYPES, TEXT_TYPES, Column
from keruen.tables.table import Row, Table
from keruen.tables.words import said

BASED_ON_ROWS = "derived"
ASSUMED = "assumed"
PACKAGE = "package"
UPPER_ENDS = {("emission_factors", "value_max"): "g_co2e_per_tkm"}
"""Lower end of a range where its column is not named after the upper end's."""

PRICED_BY = {"handling": ("co2e_kg_per_t",), "gauge_yards": ("usd_per_teu", "usd_per_t")}
"""Columns that may be empty, of tables by which arcs are priced; one of them must not be."""


def check(data: Dataset) -> list[Problem]:
    """Everything wrong with the tables of a dataset, in the order of the tables and their lines."""
    order = {name: i for i, name in enumerate(data.schema)}
    problems = [problem for rule in CHECKS for problem in rule(data)]
    return sorted(set(problems), key=lambda problem: (order[problem.table], problem.row, problem.column))


def validation(data: Dataset, problems: Sequence[Problem]) -> dict[str, object]:
    """The problems found, and the tables without rows, ready for JSON."""
    return {"problems": [problem.to_json() for problem in problems], "empty_tables": empty_tables(data)}


def empty_tables(data: Dataset) -> list[str]:
    """Tables that can be read and have no rows."""
    return [name for name in data if (table := data.find_table(name)) is not None and not len(table)]


def check_tables_read(data: Dataset) -> Iterable[Problem]:
    """Every table is there and every cell is what the data dictionary says."""
    return data.reading_problems()


def check_references(data: Dataset) -> Iterator[Problem]:
    """What a row names in another table is there."""
    for table in _readable(data):
        for column in table.schema.columns:
            if column.refers and (known := _values_referred_to(data, column)) is not None:
                yield from _unresolved(table, column, known)


def _values_referred_to(data: Dataset, column: Column) -> set[str] | None:
    """Values a referring cell may have, or None if a table it refers to cannot be read."""
    known = set(column.allowed)
    for target in column.refers:
        name, _, field = target.partition(".")
        other = data.find_table(name)
        if other is None:
            return None
        known.update(item for value in set(other.column(field)) for item in items_of(value))
    return known


def _unresolved(table: Table, column: Column, known: set[str]) -> Iterator[Problem]:
    where = " or ".join(column.refers)
    for line, value in zip(table.lines, table.column(column.name), strict=True):
        for item in items_of(value):
            if item and item not in known:
                near = difflib.get_close_matches(item, known, 1)
                advice = f"Did you mean {near[0]}? Otherwise" if near else "Correct it, or"
                advice += f" add {item} to {where.partition('.')[0]}"
                yield Problem(table.name, line, column.name, f"{item} is not in {where}", advice)


def check_evidence_exists(data: Dataset) -> Iterator[Problem]:
    """The rows a number rests on are there."""
    for row in _rows_with(data, "evidence"):
        for item in row.texts("evidence"):
            name = item.partition(":")[0]
            unreadable = name in data.schema and data.find_table(name) is None
            if not unreadable and data.find_row(item) is None:
                advice = "Write table:key of a row that exists, as border_times:B012"
                yield _problem(row, "evidence", f"there is no row {item}", advice)


def check_derived_numbers_have_evidence(data: Dataset) -> Iterator[Problem]:
    """A number worked out from rows names the rows."""
    for row in _rows_with(data, "evidence", "basis"):
        if row.text("basis") == BASED_ON_ROWS and not row.texts("evidence"):
            advice = "Name the rows under evidence, or give another basis"
            yield _problem(row, "evidence", "the row is derived and does not say from what", advice)


def check_assumptions_are_explained(data: Dataset) -> Iterator[Problem]:
    """A number we chose says why."""
    for row in _rows_with(data, "basis", "note"):
        if row.text("basis") == ASSUMED and not row.text("note"):
            yield _problem(row, "note", "the row is assumed and does not say why", "Say how the value was chosen")


def check_sources_can_be_opened(data: Dataset) -> Iterator[Problem]:
    """A source has an address, or a note that says what it is."""
    for row in _rows_with(data, "url", "note", "tier"):
        if not row.text("url") and not row.text("note"):
            yield _problem(row, "url", "the source has neither url nor note", "Give the address, or say what it is")


def check_sources_are_used(data: Dataset) -> Iterator[Problem]:
    """No source stands in the list that no row cites; only asked when every table can be read.

    A package is used whole, by the network and not by a row.
    """
    if data.reading_problems():
        return
    cited = {key for row in _rows_with(data, "source") for key in row.sources()}
    for row in data["sources"]:
        if row.text("source") not in cited and row.text("tier") != PACKAGE:
            yield _problem(row, "source", "no row of any table cites this source", "Take it out, or cite it")


def check_defaults_exist(data: Dataset) -> Iterator[Problem]:
    """Where rows may stand for all others ("*"), one does: no case is left without a row.

    Asked for each value of the key columns that cannot be "*": a mode, and with tariffs a mode and a unit.
    """
    for table in _readable(data):
        fixed = [column for column in table.schema.key if ANY not in table.schema[column].allowed]
        if len(fixed) == len(table.schema.key):
            continue
        parts = [table.cell_texts(column) if column in fixed else (ANY,) * len(table) for column in table.schema.key]
        for key in sorted(set(zip(*parts, strict=True))):
            if table.find_index(*key) < 0:
                advice = f"Add the row {table.name}:{'/'.join(key)}"
                message = f"no row stands for all cases of {', '.join(value for value in key if value != ANY) or ANY}"
                yield Problem(table.name, 0, "/".join(table.schema.key), message, advice)


def check_rates_have_their_numbers(data: Dataset) -> Iterator[Problem]:
    """A row by which arcs are priced has its number: without one all that it holds for would be closed without a word."""
    for name, columns in PRICED_BY.items():
        table = data.find_table(name)
        for row in table or ():
            if all(np.isnan(row.number(column)) for column in columns):
                message = f"the row has no {' and no '.join(columns)}, so that what it prices is closed to freight"
                yield _problem(row, columns[0], message, "Fill in a number, assumed if need be, or take the row out")
    factors = data.find_table("emission_factors")
    for name, column in (("emission_choice", "factor"), ("services", "emission_factor")):
        table = data.find_table(name)
        for row in (table or ()) if factors is not None else ():
            factor = factors.find(row.text(column)) if factors is not None and row.text(column) else None
            if factor is not None and np.isnan(factor.number("g_co2e_per_tkm")):
                message = f"emission_factors:{row.text(column)} has no g_co2e_per_tkm, so that what it holds for is closed to freight"
                yield _problem(row, column, message, "Choose a factor per tonne-kilometre")


def check_ranges_are_ordered(data: Dataset) -> Iterator[Problem]:
    """The upper end of a range is not below its lower end, and does not stand alone."""
    for table in _readable(data):
        for upper, lower in _ranges(table):
            low, high = table.numbers(lower), table.numbers(upper)
            for i in np.flatnonzero(high < low).tolist():
                message = f"{high[i]:g} is less than {lower} {low[i]:g}"
                yield Problem(table.name, table.lines[i], upper, message, "Put the smaller value first")
            for i in np.flatnonzero(np.isnan(low) & ~np.isnan(high)).tolist():
                message = f"the row has an upper end and no {lower}"
                yield Problem(table.name, table.lines[i], upper, message, f"Fill in {lower} and leave this empty")


def _ranges(table: Table) -> Iterator[tuple[str, str]]:
    """Columns that hold the upper and the lower end of one range."""
    numeric = [column.name for column in table.schema.columns if column.type in NUMERIC_TYPES]
    for upper in numeric:
        stem = upper.removesuffix("_max") if upper.endswith("_max") else upper.replace("_max_", "_")
        split = upper.replace("_max_", "_min_") if "_max_" in upper else f"{stem}_min"
        for lower in (UPPER_ENDS.get((table.name, upper)), split, stem):
            if lower in numeric and lower != upper:
                yield upper, lower
                break


def check_quantities_have_units(data: Dataset) -> Iterator[Problem]:
    """A quantity whose unit stands in a column of its own has that unit."""
    for table in _readable(data):
        for column in table.schema.columns:
            unit = column.unit
            in_a_column = unit in table.schema and table.schema[unit].type in TEXT_TYPES
            for row in table if in_a_column else ():
                if not np.isnan(row.number(column.name)) and not row.text(unit):
                    yield _problem(row, unit, f"{column.name} is given without its unit", f"Fill in {unit}")


def check_borders(data: Dataset) -> Iterator[Problem]:
    """A border lies between two countries; one that anything passes lies somewhere."""
    for row in _rows_of(data, "borders"):
        if row.text("country_a") == row.text("country_b"):
            message = f"both sides are {row.text('country_a')}"
            yield _problem(row, "country_b", message, "Name the country on the other side")
        located = [column for column in ("lat", "lon", "radius_km") if not np.isnan(row.number(column))]
        if len(located) < 3 and (located or row.text("status") != "closed"):
            advice = "Give lat, lon and radius_km; only a frontier closed in its whole length has none of them"
            yield _problem(row, "lat", "the crossing has no complete position", advice)


def check_services_go_somewhere(data: Dataset) -> Iterator[Problem]:
    """A service joins two places."""
    for row in _rows_of(data, "services"):
        if row.text("from_place") == row.text("to_place"):
            yield _problem(row, "to_place", "the service ends where it begins", "Name the place at the other end")


def check_gauge_yards_change_gauge(data: Dataset) -> Iterator[Problem]:
    """A gauge yard joins two gauges, the narrower named first."""
    for row in _rows_of(data, "gauge_yards"):
        if row.number("gauge_a_mm") >= row.number("gauge_b_mm"):
            advice = "Name the narrower gauge under gauge_a_mm and the wider under gauge_b_mm"
            yield _problem(row, "gauge_b_mm", "the second gauge is not wider than the first", advice)


def check_country_gauges(data: Dataset) -> Iterator[Problem]:
    """The gauges of a country are told once: the main one among all in use, a length for each or for none."""
    for row in _rows_of(data, "countries"):
        gauges, lengths = row.texts("rail_gauges_mm"), row.texts("rail_gauge_km")
        main = row.number("rail_gauge_mm")
        if not np.isnan(main) and main not in {float(gauge) for gauge in gauges}:
            yield _problem(row, "rail_gauges_mm", f"the main gauge {main:g} is not in the list", "Add it, first")
        if lengths and len(lengths) != len(gauges):
            message = f"there are {len(lengths)} lengths for {len(gauges)} gauges"
            yield _problem(row, "rail_gauge_km", message, "Give a length for each gauge, or for none")


def check_rail_lines_have_ends(data: Dataset) -> Iterator[Problem]:
    """A railway line starts and ends at a place or at a point, and passes points on earth."""
    for row in _rows_of(data, "rail_lines"):
        for end in ("from", "to"):
            at_point = not np.isnan(row.number(f"{end}_lat")) and not np.isnan(row.number(f"{end}_lon"))
            if not row.text(f"{end}_place") and not at_point:
                advice = f"Fill in {end}_place, or {end}_lat and {end}_lon"
                yield _problem(row, f"{end}_place", "the line has no such end", advice)
        for point in row.texts("via"):
            if not _is_point(point):
                advice = "Write latitude, a space, longitude, in degrees"
                yield _problem(row, "via", f"{point!r} is not a point", advice)


def _is_point(text: str) -> bool:
    try:
        lat, lon = map(float, text.split(" "))
    except ValueError:
        return False
    return abs(lat) <= 90 and abs(lon) <= 180


def check_features(data: Dataset) -> Iterator[Problem]:
    """Corridors and sanctions name features that can be read and that exist."""
    columns = {"corridors": ("gates", "also", "never"), "sanctions": ("item",)}
    for name, fields in columns.items():
        for row, column in product(_rows_of(data, name), fields):
            for text in items_of(row[column]):
                if text and (found := wrong_feature(data, text)):
                    yield _problem(row, column, *found)


def wrong_feature(data: Dataset, text: str) -> tuple[str, str] | None:
    """What is wrong with a feature written in a text and what to do; None if it can be read and what it names is there."""
    try:
        feature = parse_feature(text)
    except UnknownOption as error:
        return error.message, said("scn_feature_do")
    table = data.find_table(TABLE_OF_KIND[feature.kind]) if feature.keys else None
    if table is None:
        return None
    missing = next((key for key in feature.keys if table.find_index(key) < 0), None)
    if not missing:
        return None
    return said("scn_feature_missing", text=text, missing=missing, table=table.name), said("scn_feature_missing_do")


def check_corridors_have_conditions(data: Dataset) -> Iterator[Problem]:
    """A corridor has a condition to meet, and a rank of its own."""
    ranks: dict[float, str] = {}
    for row in _rows_of(data, "corridors"):
        if not row.texts("gates") and not row.texts("also"):
            yield _problem(row, "gates", "every route would belong to this corridor", "Name a feature it must use")
        other = ranks.setdefault(row.number("rank"), row.text("corridor"))
        if other != row.text("corridor"):
            yield _problem(row, "rank", f"{other} has the same rank", "Give each corridor a rank of its own")


def check_periods_are_ordered(data: Dataset) -> Iterator[Problem]:
    """A period does not end before it begins."""
    for row in _rows_with(data, "period_start", "period_end"):
        start, end = _period(row)
        if end < start:
            message = f"the period ends on {end}, before it begins on {start}"
            yield _problem(row, "period_end", message, "Put the earlier date first")


def check_figure_periods(data: Dataset) -> Iterator[Problem]:
    """Periods of recorded figures are years, months or intervals of these."""
    table = data.find_table("figures")
    for row in () if table is None else table:
        for column in ("period", "base_period"):
            if row.text(column) and span_of(row.text(column)) is None:
                advice = "Write 2023, 2023-05 or 2022-01/2022-09; words of the source go to the column with _text"
                yield _problem(row, column, f"{row.text(column)!r} is no period", advice)


def check_figure_rules(data: Dataset) -> Iterator[Problem]:
    """Where there are rules by which figures are understood, all are there."""
    table = data.find_table("figure_rules")
    if table is None or not len(table):
        return
    for rule in table.schema["rule"].allowed:
        if table.find(rule) is None:
            yield Problem("figure_rules", 0, "rule", f"there is no rule {rule}", "Put the row back")


def check_conditions_change_something(data: Dataset) -> Iterator[Problem]:
    """A condition closes a feature that exists, or changes a number that is there, by a value."""
    for row in _rows_of(data, "conditions"):
        if row.text("effect") == "closed":
            if found := wrong_feature(data, row.text("item")):
                yield _problem(row, "item", *found)
            continue
        changed = data.find_row(row.text("item"))
        column = row.text("column")
        if changed is None:
            advice = "Write table:key of a row that exists, as border_dwell:brest_rail/rail/BY/PL"
            yield _problem(row, "item", f"there is no row {row.text('item')}", advice)
        elif column not in changed.table.schema or changed.table.schema[column].type not in NUMERIC_TYPES:
            message = f"{changed.table.name} has no column of numbers {column!r}"
            yield _problem(row, "column", message, "Name the column whose number changes")
        elif np.isnan(row.number("value")):
            yield _problem(row, "value", "the row does not say by how much", "Give the factor, or the value that holds")


def check_conditions_do_not_overlap(data: Dataset) -> Iterator[Problem]:
    """No two conditions change one cell, or close one thing to one load, on the same day.

    What a row closes for ever may be closed by another row for a time: a scenario shuts what was shut before.
    """
    by_item: dict[tuple[str, str, str], list[Row]] = {}
    for row in _rows_of(data, "conditions"):
        kind = "closed" if row.text("effect") == "closed" else "changed"
        by_item.setdefault((kind, row.text("item"), row.text("column")), []).append(row)
    for rows in by_item.values():
        for one, other in combinations(rows, 2):
            for_ever = one.text("effect") == "closed" and holds_always(one) != holds_always(other)
            if not for_ever and _same_time(one, other) and _meet(one.texts("loads"), other.texts("loads")):
                message = f"{other.id} holds for {other.text('item')} at the same time as {one.id}"
                yield _problem(other, "period_start", message, "Let one end before the other begins, or take one out")


def _same_time(one: Row, other: Row) -> bool:
    (a, b), (c, d) = _period(one), _period(other)
    return a <= d and c <= b and _meet(one.texts("months"), other.texts("months"))


def _meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two lists share an item, an empty one standing for all."""
    return not one or not other or bool(set(one) & set(other))


def _period(row: Row) -> tuple[date, date]:
    """The first and the last day of a row, of all time where it names none."""
    start, end = row.text("period_start"), row.text("period_end")
    return (first_day(start) if start else date.min), (last_day(end) if end else date.max)


def _readable(data: Dataset) -> Iterator[Table]:
    return (table for name in data if (table := data.find_table(name)) is not None)


def _rows_of(data: Dataset, name: str) -> Iterator[Row]:
    table = data.find_table(name)
    return iter(table if table is not None else ())


def _rows_with(data: Dataset, *columns: str) -> Iterator[Row]:
    """The rows of all tables that have these columns."""
    return (row for table in _readable(data) if all(column in table.schema for column in columns) for row in table)


def _problem(row: Row, column: str, message: str, what_to_do: str) -> Problem:
    return Problem(row.table.name, row.line, column, message, what_to_do)


CHECKS: tuple[Callable[[Dataset], Iterable[Problem]], ...] = (
    check_tables_read,
    check_references,
    check_evidence_exists,
    check_derived_numbers_have_evidence,
    check_assumptions_are_explained,
    check_sources_can_be_opened,
    check_sources_are_used,
    check_defaults_exist,
    check_rates_have_their_numbers,
    check_ranges_are_ordered,
    check_quantities_have_units,
    check_borders,
    check_services_go_somewhere,
    check_gauge_yards_change_gauge,
    check_country_gauges,
    check_rail_lines_have_ends,
    check_features,
    check_corridors_have_conditions,
    check_periods_are_ordered,
    check_conditions_change_something,
    check_conditions_do_not_overlap,
    check_figure_periods,
    check_figure_rules,
)
