"""Files and texts gone wrong, by the hundred thousand: `python benchmarks/fuzz.py [--inputs 100000] [--part files|documents]`.

An input is one file of trade that is brought into a store (every fourth), or one document that is read and audited. It is
made from a real file or text by one to six changes: bytes, cells, lines or words that are changed, cut, doubled, moved, or taken from
another file, before or after it is packed. Input n is made from the number n alone (and from
`--seed`, if that is given), so `--only n` does it again.

Of every file must hold
    a KeruenError with exit code 2 and nothing changed, or
    rows read = stored + rejected, rejected = the counts of the reasons, stored = the rows in the tables
    and, in a text without quotes, rows read = the lines below the header that are not blank
and of every document
    a BadDocument, or claims with words where they say, every per cent in a claim or told as left, and an audit that is plain JSON

Inputs run in processes of their own; one that dies or takes more than a minute of a processor is told by the number of its input.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HOUSE), str(HOUSE / "tests" / "stories"), str(HOUSE / "tests" / "figures")]
SHARED = HOUSE.parent / "shared"
LONGEST_S = 60
PER_CENT = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)?(?=\s?%)", re.ASCII)
EUROSTAT_WIDE = re.compile(r"\s*\w+(,\w+)*\\TIME_PERIOD\s*\t")
ROWS = 25
PARTS = ("files", "documents")
FILES_AMONG = 4  # a file takes four times as long as a document
ODD = (b'"', b"\n", b"\r", b"\r\n", b",", b";", b"\t", b"\0", b"\xff", b'""', b"'", b":", b"9" * 40, b"NA", b"-1", b"1e400", b"nan", b"inf",
       b"0", b"TOTAL", b"2022", b"99999999999999999999", b"\xef\xbb\xbf", "é".encode(), "Ж".encode(), b"{", b"]", b"null", b"c_", b"1,5",
       b" ", b"52", b"0001-01-01", b"=1+1", b"%s", b"{name}")  # fmt: skip


@dataclass(frozen=True)
class Seed:
    """A file that is right: how it is called, its bytes, how it is packed, and what the user says of it."""

    name: str
    content: bytes
    pack: str = ""
    options: dict[str, Any] = field(default_factory=dict)


def main() -> None:
    """Run the inputs in pieces and tell what came of them."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--inputs", type=int, default=100_000)
    asked.add_argument("--first", type=int, default=0)
    asked.add_argument("--only", type=int, help="do one input again, in this process")
    asked.add_argument("--part", choices=PARTS, help="of the inputs only those that are files of trade, or documents")
    asked.add_argument(
        "--seed", default="", help="of the files only those made from the right file of this name: road.tsv"
    )
    asked.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.only is not None or given.work:
        first, inputs = (given.only, 1) if given.only is not None else (given.first, given.inputs)
        work(
            [n for n in range(first, first + inputs) if given.part in (None, part_of(n))], sys.stdout.write, given.seed
        )
        return
    counts: Counter[str] = Counter()
    begun, failed = time.monotonic(), 0
    at, end = given.first, given.first + given.inputs
    while at < end:
        words = [sys.executable, __file__, "--work", "--first", str(at), "--inputs", str(min(5_000, end - at))]
        words += ["--part", given.part] if given.part else []
        words += ["--seed", given.seed] if given.seed else []
        upto = min(at + 5_000, end)
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout or ():
                number, what = line.rstrip("\n").split(" ", 1)
                at = int(number) + 1
                counts[what.partition(":")[0]] += 1
                if what.startswith("FAILED"):
                    failed += 1
                    print(line, end="", flush=True)
        if process.returncode:
            counts["FAILED"] += 1
            print(f"{at} FAILED: the process ended with {process.returncode}", flush=True)
            failed, at = failed + 1, at + 1
        else:
            at = upto
    print(f"{sum(counts.values()):,} inputs in {time.monotonic() - begun:,.0f} s, {failed} failed")
    for what, count in counts.most_common():
        print(f"{count:>9,}  {what}")
    raise SystemExit(bool(failed))


def part_of(number: int) -> str:
    """What an input is."""
    return PARTS[bool(number % FILES_AMONG)]


def work(numbers: Sequence[int], write: Callable[[str], object], seed: str = "") -> None:
    """Do inputs by their numbers, and write a line of what came of each."""
    import logging

    import keruen
    from keruen.trade.store import create_store

    logging.disable()  # what pypdf has to say of broken documents
    data = keruen.load()
    files, texts = [one for one in trade_seeds(data) if seed in ("", one.name)], list(text_seeds())
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with create_store(data, folder / "trade.duckdb") as store:
            store.connection.execute("SET threads = 1")  # a small file is not read faster by two
            for number in numbers:
                spent = resource.getrusage(resource.RUSAGE_SELF)
                resource.setrlimit(
                    resource.RLIMIT_CPU, (int(spent.ru_utime + spent.ru_stime) + LONGEST_S, resource.RLIM_INFINITY)
                )
                draw = random.Random(number)
                try:
                    what = (
                        try_text(data, draw, texts)
                        if part_of(number) == "documents"
                        else try_file(data, store, folder, draw, files)
                    )
                except Exception as problem:
                    at = problem.__traceback__
                    while at is not None and at.tb_next is not None:
                        at = at.tb_next
                    place = f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at is not None else ""
                    what = "FAILED: " + " ".join(f"{type(problem).__name__} {problem} {place}".split())[:600]
                write(f"{number} {what}\n")


# ---- files of trade ----------------------------------------------------------------------------------------------------------------------


def try_file(data: Any, store: Any, folder: Path, draw: random.Random, seeds: list[Seed]) -> str:
    """Bring one file gone wrong into the store."""
    from keruen.errors import KeruenError
    from keruen.trade.errors import StoreTrouble
    from keruen.trade.formats import FormatOptions
    from keruen.trade.importing import import_into

    seed = draw.choice(seeds)
    content, plain = spoiled(draw, seed, seeds)
    path, unpacked = folder / seed.name, folder / "unpacked"
    path.write_bytes(content)
    unpacked.mkdir(exist_ok=True)
    before = store.sql("SELECT count(*) FROM imports")
    try:
        done = import_into(store, data, path, unpacked, options=FormatOptions(**seed.options), again=True)
    except StoreTrouble:
        raise
    except KeruenError as problem:
        assert problem.exit_code == 2 and problem.message and problem.to_json()
        assert store.sql("SELECT count(*) FROM imports") == before, "a refused file left something"
        return f"file refused ({problem.kind})"
    finally:
        shutil.rmtree(unpacked)
        path.unlink()
    for one in done:
        ((kept, *told),) = store.sql(
            "SELECT (SELECT count(*) FROM flows JOIN kinds USING (kind) WHERE import_id = $1) + (SELECT count(*) FROM freight"
            " WHERE import_id = $1) + (SELECT count(*) FROM services WHERE import_id = $1),"
            " (SELECT count(*) FROM rejects WHERE import_id = $1), (SELECT sum(rows) FROM reject_reasons WHERE import_id = $1)",
            [one.import_id],
        )
        rejected = one.rows_rejected
        assert one.rows_read == one.rows_stored + rejected == one.rows_stored + sum(dict(one.reasons).values()), one
        assert kept == one.rows_stored and told == [rejected, rejected or None], (one, kept, told)
    lines = lines_of(plain) if len(done) == 1 and seed.name.endswith((".csv", ".tsv")) else None
    if lines is not None:
        assert done[0].rows_read == lines, (done[0], lines)
    return "file imported, lines counted beside" if lines is not None else "file imported"


def lines_of(plain: bytes | None) -> int | None:
    """How many rows stand below the header, where that can be told without reading the file as a table.

    A row is a line that is not blank; in Eurostat's table with a column for each period, each of its cells. A line of white space only
    is blank above the header; below it, it is a row.
    """
    if plain is None or not plain.isascii() or any(mark in plain for mark in b'"\r\0\x0b\x0c\x1c\x1d\x1e'):
        return None
    whole = plain.decode().split("\n")
    header = next((k for k, line in enumerate(whole) if line.strip()), 0)
    first, *lines = [line for line in whole[header:] if line] or [""]
    if EUROSTAT_WIDE.match(first):
        return sum(max(first.count("\t"), line.count("\t")) for line in lines)
    return len(lines)


def spoiled(draw: random.Random, seed: Seed, seeds: list[Seed]) -> tuple[bytes, bytes | None]:
    """The bytes of a file gone wrong, and the text in it if it was packed whole (None: the packed bytes were changed)."""
    outside = seed.pack and draw.random() < 0.3
    content = seed.content if outside else changed(draw, seed.content, seeds)
    packed = packed_as(seed.pack, content)
    return (changed(draw, packed, seeds), None) if outside else (packed, content)


def changed(draw: random.Random, content: bytes, seeds: list[Seed]) -> bytes:
    """Bytes with one to six changes."""
    found = bytearray(content)
    for _ in range(draw.randint(1, 6)):
        at = draw.randint(0, len(found))
        match draw.randrange(9):
            case 0:
                found[at : at + draw.randint(0, 6)] = draw.randbytes(draw.randint(0, 4))
            case 1 | 2:
                found[at : at + draw.randint(0, 8)] = draw.choice(ODD)
            case 3:
                piece = found[at : at + draw.randint(1, 200)]
                found[draw.randint(0, len(found)) : 0] = piece
            case 4:
                del found[at : at + draw.choice((1, 3, 40, 400))]
            case 5:  # a cell
                cells = found.split(b"\n")
                row = draw.randrange(len(cells))
                mark = max((b",", b";", b"\t"), key=cells[row].count)
                parts = cells[row].split(mark)
                parts[draw.randrange(len(parts))] = bytearray(draw.choice(ODD))
                cells[row] = bytearray(mark).join(parts)
                found = bytearray(b"\n").join(cells)
            case 6:  # lines change places, or one stands twice
                lines = found.split(b"\n")
                i, j = draw.randrange(len(lines)), draw.randrange(len(lines))
                if draw.random() < 0.5:
                    lines[i], lines[j] = lines[j], lines[i]
                else:
                    lines.insert(i, lines[j])
                found = bytearray(b"\n").join(lines)
            case 7:
                other = draw.choice(seeds).content
                start = draw.randint(0, len(other))
                found[at:at] = other[start : start + draw.randint(1, 300)]
            case _:
                del found[at:]
                found += b"" if draw.random() < 0.5 else b"\n"
    return bytes(found)


def packed_as(pack: str, content: bytes) -> bytes:
    """Content as a gzip file or a ZIP archive, or as it is."""
    if pack == "gz":
        return gzip.compress(content, mtime=0)
    if pack == "zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("BACI_HS17_Y2022_V202501.csv", content)
            archive.writestr("Readme.txt", "hello")
        return out.getvalue()
    if pack == "xlsx":
        return as_workbook(content)
    return content


def as_workbook(content: bytes) -> bytes:
    """Rows of cells, parted by tabs, as a workbook with one sheet; numbers are numbers."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "2024"
    for line in content.decode("utf-8", "replace").split("\n"):
        cells = ["".join(c for c in cell if c >= " ")[:300] for cell in line.split("\t")[:60]]
        sheet.append([as_number(cell) for cell in cells])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_number(cell: str) -> str | float | None:
    """A cell as a workbook has it."""
    try:
        return float(cell) if cell and abs(float(cell)) < float("inf") else cell or None
    except ValueError:
        return None if cell.startswith("=") else cell


def trade_seeds(data: Any) -> Iterator[Seed]:
    """A right file of every format and packing: the first rows of real files where they lie beside the house, else rows like them."""
    from test_trade_bns import by_country
    from test_trade_formats import COMEXT_1, COMEXT_2, SPLIT
    from trade_files import BACI

    trade = SHARED / "data" / "external" / "trade"
    baci = head_of(trade / "baci_sample" / "BACI_HS17_Y2020_V202301_exporters_004_710.csv.gz") or BACI.encode()
    for pack in ("", "gz", "zip"):
        yield Seed({"": "BACI.csv", "gz": "b.gz", "zip": "b.zip"}[pack], baci, pack)
    for name, path in (
        ("raw.csv", "crm_atlas/comtrade_raw_2022.csv.gz"), ("cut.csv", "crm_atlas/comtrade_raw_2024.csv.gz"),
        ("full.csv", "comtrade_samples/comtradr_example3_full47cols.csv.gz"),
        ("wood.csv", "comtrade_samples/comtradr_eu27_imports_wood_hs4.csv.gz"),
        ("wits.csv", "wits2009/WITS_trade2009.csv"),
    ):  # fmt: skip
        if content := head_of(trade / path):
            yield Seed(name, content, options={"period": "2024"} if name == "cut.csv" else {})
    answer = trade / "comtrade_samples" / "comtrade_v1_get_C_A_HS.json"
    if answer.is_file():
        yield Seed("answer.json", answer.read_bytes())
    yield Seed("split.csv", SPLIT.encode())
    yield Seed("comext2.csv", COMEXT_2.encode())
    yield Seed("comext1.csv", COMEXT_1.encode())
    yield Seed(
        "old.csv",
        b"ReporterISO3;PartnerISO3;ProductCode;Year;TradeFlowName;TradeValue in 1000 USD\nKAZ;VNM; Total;2022;Export;5.5\n",
    )
    yield Seed(
        "road.tsv",
        b"freq,tra_type,c_unload,nst07,unit,geo\\TIME_PERIOD\t2022 \t2023 \nA,TOTAL,KZ,TOTAL,THS_T,LT\t74.5 p\t: c\n"
        b"A,HIRE,KZ,TOTAL,THS_T,LT\t70 \t71 \nA,TOTAL,KZ,TOTAL,MIO_TKM,EL\t: z\t0.5 e\n",
    )
    yield Seed(
        "comext.tsv",
        b"freq,reporter,partner,product,flow,indicators\\TIME_PERIOD\t2022-05 \t2022-06 \t2022-07 \n"
        b"M,LT,KZ,7202,2,VALUE_IN_EUROS\t1000 \t: \t12 p\n"
        b"M,LT,KZ,7202,2,QUANTITY_KG\t500 \t: c\t6 e\nM,LT,XX,TOTAL,1,VALUE_IN_EUROS\t7 \t8 \t9 \n",
    )
    yield Seed(
        "rail.csv",
        b"DATAFLOW,LAST UPDATE,freq: Time frequency,unit: Unit,c_load: Loading,geo: Reporter,TIME_PERIOD: Time,OBS_VALUE,OBS_FLAG\n"
        b"ESTAT:RAIL_GO_INTCMGN(1.0),20/05/25,A: Annual,THS_T: Thousand tonnes,KZ: Kazakhstan,LT: Lithuania,2022,12.5,\n",
    )
    yield Seed(
        "sea.csv",
        b"STRUCTURE,STRUCTURE_ID,ACTION,freq,direct,cargo,unit,par_mar,rep_mar,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
        b"dataflow,ESTAT:MAR_GO_QM_LT(1.0),I,Q,IN,LBK,THS_T,CN,LTKLJ,2022-Q2,3,\n",
    )
    yield Seed(
        "sdmx.csv",
        b"DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
        b"ESTAT:DS-045409(1.0),x,M,LT,KZ,7202,2,VALUE_IN_EUROS,2022-05,1000,\nESTAT:DS-045409(1.0),x,A,EU27_2020,WORLD,7202,1,QUANTITY_KG,2022,9,p\n",
    )
    yield Seed(
        "flights.csv",
        b"origin,destination,mode,operator,per_week,start,months\nALA,HAN,air,Vietjet,13,2024-10,\nALA,SGN,air,x,2,2024,12\n",
    )
    yield Seed(
        "own.csv", "Страна;Год;Тыс. долл.\nВьетнам;2024;1500\nЛитва;2024;300\n".encode("cp1251"),
        options={
            "columns": {"Страна": "partner", "Год": "year", "Тыс. долл.": "value_thousand"},
            "constants": {"reporter": "KAZ", "flow": "import"}
        },
    )  # fmt: skip
    yield Seed("wide.csv", "year,reporter,partner,cmd,flow,value\n2022,398,842,TOTAL,X,1\n".encode("utf-16"))
    sheets = by_country("(2021г.)", british_in_union=True), [
        ["Экспорт Республики Казахстан по кодам ТН ВЭД"], ["", "", "январь 2025 года", "", "", "февраль 2025 года*"],
        ["Код", "Наименование", *["тонн", "доп. ед. изм.", "тыс. долл. США"] * 2],
        ["Республики Казахстан", "", 300, "", 1000, "", "", 1200],
        ["Абай облысы"], ["720241", "Феррохром", 100, "", 150.5, 110, "", 160],
    ]  # fmt: skip
    for name, sheet in zip(("country.xlsx", "product.xlsx"), sheets, strict=True):
        cells = "\n".join("\t".join("" if cell is None else str(cell) for cell in row) for row in sheet)
        yield Seed(name, cells.encode(), "xlsx")


def head_of(path: Path) -> bytes:
    """The first lines of a file, unpacked; nothing if it is not there."""
    if not path.is_file():
        return b""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        return b"".join(line for _, line in zip(range(ROWS), stream, strict=False))


# ---- texts -------------------------------------------------------------------------------------------------------------------------------


def try_text(data: Any, draw: random.Random, texts: list[str]) -> str:
    """Read and audit one document gone wrong."""
    from keruen.errors import BadDocument
    from keruen.figures.audit import audit
    from keruen.figures.documents import document_of
    from keruen.reports.audit_text import audit_document

    text = draw.choice(texts)
    if len(text) > 1500:
        start = draw.randrange(len(text) - 1000)
        text = text[start : start + 1000]
    for _ in range(draw.randint(0, 6)):
        text = changed_text(draw, text, texts)
    kind = draw.choice(("text", "text", "text", "cp1251", "utf-16", "html", "html", "docx", "pdf"))
    raw = as_document(kind, text)
    if (kind in ("docx", "pdf") or draw.random() < 0.15) and draw.random() < 0.7:
        for _ in range(draw.randint(1, 4)):
            at = draw.randint(0, len(raw))
            raw = raw[:at] + draw.choice((draw.randbytes(2), draw.choice(ODD), b"")) + raw[at + draw.randint(0, 8) :]
    try:
        document = document_of(raw)
    except BadDocument as problem:
        assert problem.exit_code == 2 and problem.message
        return f"document refused ({kind})"
    found = audit(data, document.text, published=document.published)
    whole = document.text
    covered = [(one.claim.start, one.claim.end) for one in found.claims] + [(one.start, one.end) for one in found.left]
    for one in found.claims:
        claim = one.claim
        assert 0 <= claim.start < claim.end <= len(whole) and whole[claim.start : claim.end] == claim.text
        assert all(0 <= a < b <= len(whole) for a, b in claim.spans.values())
        covered += claim.spans.values()
    assert all(whole[one.start : one.end] == one.text for one in found.left)
    for share in PER_CENT.finditer(whole):
        assert any(a <= share.start() < b for a, b in covered), (
            f"neither in a claim nor left: {whole[max(0, share.start() - 80) : share.end() + 40]!r}"
        )
    json.dumps(audit_document(found), allow_nan=False)
    return f"document audited ({document.kind})"


def changed_text(draw: random.Random, text: str, texts: list[str]) -> str:
    """A text with one change: letters, words, numbers, sentences."""
    at = draw.randint(0, len(text))
    words = text.split(" ")
    k = draw.randrange(len(words))
    match draw.randrange(8):
        case 0:
            return (
                text[:at]
                + chr(draw.choice((0x20, 0xA0, 0xAD, 0x301, 0x200B, 0x2011, 0xFEFF, draw.randrange(0x20, 0x3000))))
                + text[at:]
            )
        case 1:
            return text[:at] + text[at + draw.choice((1, 2, 10, 60)) :]
        case 2:
            words[k : k + 1] = [words[draw.randrange(len(words))], words[k]]
        case 3:
            words[k] = draw.choice(
                (
                    "0",
                    "-5%",
                    "1,234",
                    "12,5",
                    "9" * 30,
                    "€",
                    "$1.1",
                    "млрд",
                    "пайыз",
                    "2022",
                    "0%",
                    "1e9",
                    "−3",
                    "½",
                    "²",
                    "٣",
                )
            )
        case 4:
            other = draw.choice(texts)
            start = draw.randint(0, len(other))
            return text[:at] + other[start : start + draw.randint(1, 120)] + text[at:]
        case 5:
            words[k] = words[k][::-1]
        case 6:
            digits = [i for i, letter in enumerate(text) if letter.isdigit()]
            if digits:
                i = draw.choice(digits)
                return text[:i] + draw.choice("0123456789.,- %") + text[i + 1 :]
        case _:
            return text[at:] + text[:at]
    return " ".join(words)


def as_document(kind: str, text: str) -> bytes:
    """A text as a document of a kind."""
    from test_documents import docx, pdf

    if kind in ("cp1251", "utf-16"):
        return text.encode(kind, "replace")
    if kind == "html":
        return f"<html><head><meta charset=utf-8></head><body><h1>{text[:40]}</h1><p>{text}</p></body></html>".encode(
            "utf-8", "replace"
        )
    if kind == "docx":
        plain = "".join(letter for letter in text if letter >= " " and letter not in "<&" and letter < "\ud800")
        return docx(f"<w:p><w:r><w:t>{plain}</w:t></w:r></w:p>")
    if kind == "pdf":
        return pdf("".join(letter for letter in text if " " <= letter < "\x7f" and letter not in "()\\"))
    return text.encode("utf-8", "replace")


def text_seeds() -> Iterator[str]:
    """Sentences and texts of the tests, and the two texts of the evidence where they lie beside the house."""
    tests = HOUSE / "tests" / "figures"
    for name in ("sentences.tsv", "verdicts.tsv"):
        with (tests / name).open(encoding="utf-8", newline="") as file:
            yield from (
                row["text"].replace("\\n", "\n") for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            )
    for path in sorted((SHARED / "seeds").glob("*.txt")):
        yield path.read_text(encoding="utf-8")


if __name__ == "__main__":
    os.chdir(HOUSE)
    main()
