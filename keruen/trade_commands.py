"""Commands on the trade store: import files, list imports, show what was rejected, remove, ask in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keruen.options import DATA_OPTION, JSON_OPTION, load_tables
from keruen.reports.console import echo_csv, echo_json, say, tell
from keruen.reports.waiting import advance

if TYPE_CHECKING:
    from keruen.trade.importing import Imported

MOST_REASONS = 6
STORE_OPTION = click.option(
    "--store",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The trade store. Default: the file that KERUEN_TRADE names, else trade.duckdb in the user's data folder.",
)


LANG_OPTION = click.option(
    "--lang", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Language of reasons and notes."
)


@click.group()
def trade() -> None:
    """Keep trade and freight statistics with their sources, and ask them in SQL (docs/trade.md)."""


@trade.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format", "format_name", default="auto", show_default=True, help="Format of the files; told by their content."
)
@click.option(
    "--edition", default="", help="Edition of the figures, as preliminary or V202501, where the file does not say."
)
@click.option("--source", default="", help="Who published the figures, where the file does not say.")
@click.option(
    "--period",
    default="",
    metavar="PERIOD",
    help="Period of the figures, as 2024 or 2024-05, where the file has no column for it.",
)
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="What a column of your own table holds; may be repeated.",
)
@click.option(
    "--set",
    "constants",
    multiple=True,
    metavar="FIELD=VALUE",
    help="What holds for all rows of your own table; may be repeated.",
)
@click.option(
    "--mapping",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A TOML file with tables [columns] and [constants] instead.",
)
@click.option("--again", is_flag=True, help="Replace an earlier import of the same file.")
@STORE_OPTION
@LANG_OPTION
@JSON_OPTION
@DATA_OPTION
def import_command(
    files: tuple[Path, ...], format_name: str, edition: str, source: str, period: str, columns: tuple[str, ...],
    constants: tuple[str, ...], mapping: Path | None, again: bool, store: Path | None, lang: str, as_json: bool,
    folder: Path | None,
) -> None:  # fmt: skip
    """Import files of trade, freight or services, each wholly or not at all; every row is stored or rejected with its reason.

    Read are CSV, TSV, JSON and workbooks, plain or packed by gzip or ZIP; docs/trade.md lists the formats.

    \b
    Examples:
      keruen trade import BACI_HS17_V202501.zip
      keruen trade import comtrade_2022.csv.gz --edition 2024-03
      keruen trade import mine.csv --map Country=partner --map kUSD=value_thousand --set reporter=KAZ --set flow=export --period 2024
    """
    from keruen.trade.formats import FormatOptions
    from keruen.trade.importing import import_file

    data = load_tables(folder)
    told = mapping_of(columns, constants, mapping)
    options = FormatOptions(format_name, edition, source, period, *told)
    found = []
    for file in files:
        done = import_file(data, file, store=store, options=options, again=again, progress=advance)
        found += done
        for imported in () if as_json else done:
            say(import_text(imported, lang))
    if as_json:
        echo_json({"imports": [imported.to_json() for imported in found]})


def mapping_of(
    columns: Sequence[str], constants: Sequence[str], file: Path | None
) -> tuple[dict[str, str], dict[str, str]]:
    """Column to field, and field to value, from the options and the file. Raises UsageError for a word without `=`."""
    from keruen.trade.mapped import read_mapping

    for word in (*columns, *constants):
        if "=" not in word:
            raise click.UsageError(f"--map takes COLUMN=FIELD and --set takes FIELD=VALUE; {word!r} has no =.")
    by_column, by_field = read_mapping(file) if file is not None else ({}, {})
    by_column |= {column.strip(): field.strip() for column, _, field in (word.rpartition("=") for word in columns)}
    by_field |= {field.strip(): value.strip() for field, _, value in (word.partition("=") for word in constants)}
    return by_column, by_field


def import_text(imported: Imported, lang: str) -> str:
    """What became of a file, in words."""
    from keruen.errors import in_language
    from keruen.tables.words import said

    lines: list[str] = [
        said(
            "trade_imported", number=imported.import_id, file=imported.file, format=imported.format, read=imported.rows_read,
            stored=imported.rows_stored, rejected=imported.rows_rejected,
        )
    ]  # fmt: skip
    lines += [said("trade_counted", count=count, reason=reason) for reason, count in imported.reasons[:MOST_REASONS]]
    if len(imported.reasons) > MOST_REASONS:
        rest = len(imported.reasons) - MOST_REASONS
        lines.append(said("trade_more_reasons", rest=rest, number=imported.import_id))
    if imported.note:
        lines.append(said("trade_noted", note=imported.note))
    return "\n".join(in_language(line, lang) for line in lines)


@trade.command("list")
@STORE_OPTION
@LANG_OPTION
@JSON_OPTION
def list_command(store: Path | None, lang: str, as_json: bool) -> None:
    """List the imports with what was read, stored and rejected."""
    from keruen.errors import in_language
    from keruen.tables.words import said
    from keruen.trade.store import imports_of, open_store

    with open_store(store) as opened:
        found, path = imports_of(opened), opened.path
    if as_json:
        echo_json({"store": str(path), "imports": found})
        return
    for one in found:
        told = ", ".join(filter(None, [one["source"], one["edition"]]))
        line = said(
            "trade_listed", number=one["import_id"], format=one["format"], kept=one["rows_stored"], read=one["rows_read"],
            rejected=one["rows_rejected"], day=one["imported_at"][:10], file=one["file"], told=f"  ({told})" if told else "",
        )  # fmt: skip
        say(in_language(line, lang))
        for more in (one["query"], one["note_ru" if lang == "ru" else "note"]):
            if more:
                say(f"      {more}")
    if not found:
        tell(in_language(said("trade_no_imports", path=path), lang))


@trade.command("rejects")
@click.argument("import_id", metavar="IMPORT", type=int)
@STORE_OPTION
@LANG_OPTION
@JSON_OPTION
def rejects_command(import_id: int, store: Path | None, lang: str, as_json: bool) -> None:
    """Show what was rejected of an import: how many rows for each reason, and the first of them with line and text."""
    from keruen.errors import in_both, in_language
    from keruen.tables.words import said
    from keruen.trade.errors import UnknownImport
    from keruen.trade.reasons import reason
    from keruen.trade.store import open_store

    with open_store(store) as opened:
        if not opened.sql("SELECT 1 FROM imports WHERE import_id = ?", [import_id]):
            raise UnknownImport(said("trade_no_import", import_id=import_id))
        reasons = opened.sql(
            "SELECT code, rows FROM reject_reasons WHERE import_id = ? ORDER BY rows DESC, reason", [import_id]
        )
        rows = opened.sql("SELECT line, code, text FROM rejects WHERE import_id = ? ORDER BY line", [import_id])
    if as_json:
        lines = [
            {"line": line, "code": code, **in_both("reason", reason(code)), "text": text} for line, code, text in rows
        ]
        counts = {
            name: {in_language(reason(code), told): count for code, count in reasons}
            for name, told in (("reasons", "en"), ("reasons_ru", "ru"))
        }
        echo_json({"import_id": import_id, **counts, "rejects": lines})
        return
    for code, count in reasons:
        tell(f"{count:>9,}  {in_language(reason(code), lang)}")
    echo_csv(
        [("line", "reason", "text"), *((line, in_language(reason(code), lang), text) for line, code, text in rows)]
    )


@trade.command("remove")
@click.argument("import_id", metavar="IMPORT", type=int)
@STORE_OPTION
@DATA_OPTION
def remove_command(import_id: int, store: Path | None, folder: Path | None) -> None:
    """Take an import with all its rows out of the store."""
    from keruen.trade.store import open_store, remove_import, transaction

    with open_store(store, read_only=False) as opened, transaction(opened):
        rows = remove_import(opened, import_id)
    say(f"removed import {import_id} with {rows:,} rows")


@trade.command("sql")
@click.argument("query")
@STORE_OPTION
@JSON_OPTION
def sql_command(query: str, store: Path | None, as_json: bool) -> None:
    """Ask the store in SQL; the answer is CSV. Nothing can be changed, and no other file is read or written.

    \b
    Examples:
      keruen trade sql "SELECT start, sum(value) FROM trade WHERE reporter = 'KAZ' AND partner = 'WLD' AND flow = 'export' GROUP BY start"
      keruen trade sql "DESCRIBE trade"
    """
    from keruen.trade.store import open_store, read_only_query

    with open_store(store) as opened:
        names, rows = read_only_query(opened, query)
    if as_json:
        echo_json({"columns": names, "rows": [[plain(cell) for cell in row] for row in rows]})
    else:
        echo_csv([names, *([text_cell(cell) for cell in row] for row in rows)])


def plain(cell: Any) -> Any:
    """A cell of the store as JSON has it: numbers that are none are null, dates and all else are texts."""
    if isinstance(cell, float):
        return cell if abs(cell) < float("inf") else None
    return cell if cell is None or isinstance(cell, (bool, int, str)) else str(cell)


def text_cell(cell: Any) -> str | float | None:
    """A cell of the store in CSV, a number with all its digits."""
    return cell if cell is None or isinstance(cell, str) else repr(cell) if isinstance(cell, float) else str(cell)
