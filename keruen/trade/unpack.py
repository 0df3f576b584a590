"""From the file a user has to plain text that can be read: unpacked, in UTF-8, named by its SHA-256.

    file -> members (one, or those of a ZIP archive) -> bytes without compression -> UTF-8 text with a known number of lines

A plain UTF-8 file is read where it lies; everything else is written once into a folder of its own that goes when the import ends.
Archives are not trusted: names are never used as paths, and a member may not grow beyond what its archive and the limits allow.
"""

from __future__ import annotations

import codecs
import errno
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from keruen.tables.words import said
from keruen.trade.errors import BadFile

CHUNK = 1 << 20
MOST_BYTES = 40 << 30  # what one member may unpack to
MOST_RATIO = 200  # packed statistics shrink 5 to 30 times; a bomb more than a thousand times
RATIO_HOLDS_FROM = 64 << 20
MOST_MEMBERS = 1000
GZIP, ZIP, EMPTY_ZIP = b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06"
SEVEN_ZIP, OLD_OFFICE = b"7z\xbc\xaf\x27\x1c", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BAD_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError)
MAGIC = {
    SEVEN_ZIP: "trade_is_7z",
    OLD_OFFICE: "trade_is_xls",
    b"PAR1": "trade_is_parquet",
    b"Rar!": "trade_is_rar",
    b"BZh": "trade_is_bzip2",
    b"\xfd7zXZ": "trade_is_xz",
    b"%PDF": "trade_is_pdf",
    b"\x28\xb5\x2f\xfd": "trade_is_zstd",
}
"""What a file begins with that is not read, and the sentence that says what it is and what to do."""

BLANK_TEXT = re.compile(r"\A(?:[ \t\r\f\v]*\n)+")
BLANK_LINES = re.compile(BLANK_TEXT.pattern.encode())
"""Lines before the header in which nothing stands."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Source:
    """One thing to import: a file, or a member of an archive.

    `path` holds its content without compression; `text` is false for a workbook. `sha256` names the bytes of the file the user has,
    with the member for an archive. `modified_s` is when that file was last written. `lines` is the number of line ends,
    plus one if the last line has none.
    """

    name: str
    path: Path
    sha256: str
    lines: int
    text: bool
    note: str = ""
    modified_s: float = 0.0


def unpack(path: Path, folder: Path, tell: Progress) -> list[Source]:
    """What there is to import in a file; what must be unpacked is written into `folder`.

    tell: told the stage and the share done. Raises BadFile for what cannot be read at all, OSError for what the system will not read.
    """
    if path.is_dir():
        raise BadFile(said("trade_folder", path=path))
    modified_s = path.stat().st_mtime
    with ThreadPoolExecutor(1) as beside:  # hashing takes as long as looking through the text
        digest = beside.submit(digest_of, path, tell)
        found = unpacked(path, folder)
    return [replace(source, sha256=digest.result() + source.sha256, modified_s=modified_s) for source in found]


def unpacked(path: Path, folder: Path) -> list[Source]:
    """The file itself, or what is in it; `sha256` is what follows the digest of the file: the member of an archive."""
    with path.open("rb") as stream:
        head = stream.read(8)
        stream.seek(0)
        if head.startswith(GZIP):
            plain = written(gunzipped(stream, path.name), folder / "0", path.name)
            return [source_of(path.name, plain, "", folder)]
        if head.startswith((ZIP, EMPTY_ZIP)):
            return members(path, stream, folder)
    return [source_of(path.name, path, "", folder)]


def digest_of(path: Path, tell: Progress) -> str:
    """The SHA-256 of a file."""
    digest, size, done = hashlib.sha256(), max(1, path.stat().st_size), 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            done += len(chunk)
            tell("reading", done / size)
    return digest.hexdigest()


def members(path: Path, stream: BinaryIO, folder: Path) -> list[Source]:
    """The members of a ZIP archive, or the archive itself if it is a workbook."""
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if any(entry.filename in ("xl/workbook.xml", "[Content_Types].xml") for entry in entries):
                check_sizes(path.name, entries)
                return [Source(path.name, path, "", 0, text=False)]
            check_sizes(path.name, entries)
            found = []
            for number, entry in enumerate(entries):
                name = PurePosixPath(entry.filename.replace("\\", "/")).name
                if name.startswith((".", "~$")) or entry.filename.startswith("__MACOSX/"):
                    continue
                with archive.open(entry) as member:
                    plain = written(blocks(member), folder / str(number), f"{path.name}/{name}", entry.compress_size)
                with plain.open("rb") as inner:
                    head = inner.read(8)
                if head.startswith((GZIP, ZIP)) and not name.lower().endswith(".xlsx"):
                    raise BadFile(said("trade_nested", name=path.name, name2=name))
                found.append(source_of(f"{path.name}/{name}", plain, f"/{number}", folder))
            return found
    except (*BAD_ZIP, OSError) as problem:
        if isinstance(problem, OSError) and problem.errno not in (
            None,
            errno.EINVAL,
        ):  # EINVAL: the archive points outside itself
            raise
        raise BadFile(said("trade_zip_broken", name=path.name, reason=problem)) from None


def check_sizes(name: str, entries: list[zipfile.ZipInfo]) -> None:
    """Raise BadFile for an archive that says itself that it is too much."""
    if len(entries) > MOST_MEMBERS:
        raise BadFile(said("trade_zip_many", name=name, len=len(entries)))
    for entry in entries:
        too_dense(f"{name}/{entry.filename[:80]}", entry.file_size, entry.compress_size)


def too_dense(name: str, size: int, packed: int) -> None:
    """Raise BadFile for content that no statistics pack so well, or that is larger than a disk should take."""
    if size > MOST_BYTES or (size > RATIO_HOLDS_FROM and size > MOST_RATIO * max(1, packed)):
        raise BadFile(said("trade_bomb", name=name, record=size / 1000000.0, record2=packed / 1000000.0))


def blocks(stream: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Pieces of a stream, each with how much of the packed file was read (0: not known)."""
    while chunk := stream.read(CHUNK):
        yield chunk, 0


def gunzipped(stream: BinaryIO, name: str) -> Iterator[tuple[bytes, int]]:
    """The content of a gzip file, which may have several parts, with how much of it was read. Raises BadFile where it ends too early."""
    packed, inflate = 0, zlib.decompressobj(wbits=31)
    try:
        while chunk := stream.read(CHUNK):
            packed += len(chunk)
            while chunk:
                if inflate.eof:
                    if not chunk.strip(b"\0"):
                        break  # padding behind the last part
                    inflate = zlib.decompressobj(wbits=31)
                yield inflate.decompress(chunk, 16 * CHUNK), packed
                chunk = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
    except zlib.error as problem:
        raise BadFile(said("trade_gzip_broken", name=name, reason=problem)) from None
    if not inflate.eof:
        raise BadFile(said("trade_gzip_cut", name=name))


def written(pieces: Iterator[tuple[bytes, int]], target: Path, name: str, packed: int = 0) -> Path:
    """Write unpacked pieces into a file, watching how much comes out of how little."""
    size = 0
    with target.open("wb") as out:
        for piece, read in pieces:
            size += len(piece)
            too_dense(name, size, read or packed)
            out.write(piece)
    return target


def source_of(name: str, path: Path, member: str, folder: Path) -> Source:
    """A source of unpacked bytes: a workbook as it is, text in UTF-8. Raises BadFile for anything else."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(ZIP):
        return Source(name, path, member, 0, text=False)
    for magic, advice in MAGIC.items():
        if head.startswith(magic):
            raise BadFile(said("trade_cannot", name=name, advice=said(advice)))
    if head.startswith(GZIP):
        raise BadFile(said("trade_packed_twice", name=name))
    if not head.strip():
        raise BadFile(said("trade_empty", name=name))
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return transcoded(name, path, member, folder, "utf-16")
    return plain_text(name, path, member, folder)


def plain_text(name: str, path: Path, member: str, folder: Path) -> Source:
    """A text as it lies, if it is UTF-8 with line ends of one kind and its header in the first line; else written again as one.

    DuckDB reads a text with line ends of two kinds in part or not at all.
    """
    lines, returns, pairs, last, line_of_error = 0, 0, 0, b"", 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    plain, letters_seen = True, False
    with path.open("rb") as stream:
        first = stream.read(CHUNK)
        look_like_page(name, first)
        chunk = first
        while chunk:
            if b"\0" in chunk:
                at = lines + chunk[: chunk.index(b"\0")].count(b"\n") + 1
                raise BadFile(said("trade_zero_byte", name=name, at=at))
            if plain and not (chunk.isascii() and decoder.getstate()[0] == b""):
                try:
                    letters_seen |= not decoder.decode(chunk).lstrip("\ufeff").isascii()
                except UnicodeDecodeError as problem:
                    plain, line_of_error = False, lines + chunk[: problem.start].count(b"\n") + 1
                    letters_seen |= not problem.object[: problem.start].isascii()
                if not plain and letters_seen:
                    raise BadFile(said("trade_bad_byte", name=name, line_of_error=line_of_error))
            lines += chunk.count(b"\n")
            if b"\r" in chunk:
                returns += chunk.count(b"\r")
                pairs += chunk.count(b"\r\n")
            pairs += last == b"\r" and chunk.startswith(b"\n")
            last = chunk[-1:]
            chunk = stream.read(CHUNK)
    if plain and not decoder.getstate()[0]:
        if returns and not returns == pairs == lines or BLANK_LINES.match(first.removeprefix(codecs.BOM_UTF8)):
            return replace(transcoded(name, path, member, folder, "utf-8-sig"), note="")
        return Source(name, path, member, lines + (last != b"\n"), text=True)
    return transcoded(name, path, member, folder, encoding_of(first), line_of_error)


def look_like_page(name: str, head: bytes) -> None:
    """Raise BadFile for a web page or other markup in place of the data."""
    start = head.lstrip(codecs.BOM_UTF8 + b" \t\r\n")[:300].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        raise BadFile(said("trade_page", name=name))
    if start.startswith(b"<"):
        raise BadFile(said("trade_xml", name=name))


def encoding_of(head: bytes) -> str:
    """The one-byte encoding of a text that is no UTF-8: Windows Cyrillic where most high bytes are Russian letters, else Western."""
    high = [byte for byte in head if byte >= 0x80]
    letters = sum(byte >= 0xC0 or byte in (0xA8, 0xB8) for byte in high)
    pairs = sum(a >= 0xC0 and b >= 0xC0 for a, b in zip(head, head[1:], strict=False))
    return "cp1251" if high and letters > 0.8 * len(high) and pairs > 0.4 * len(high) else "cp1252"


def transcoded(name: str, path: Path, member: str, folder: Path, encoding: str, line: int = 1) -> Source:
    """The text written again in UTF-8, its lines ended by line feeds, from its header on.

    Raises BadFile with the line where the text is not in this encoding either.
    """
    target = folder / f"{len(list(folder.iterdir()))}.utf8"
    lines, last = 0, ""
    try:
        with path.open("rb") as stream, io.TextIOWrapper(target.open("wb"), encoding="utf-8", newline="") as out:
            reader = io.TextIOWrapper(stream, encoding=encoding, newline=None)  # any line end is one
            while piece := reader.read(CHUNK):
                if not lines and not last:
                    look_like_page(name, piece[:300].encode())
                    piece = BLANK_TEXT.sub("", piece)
                out.write(piece)
                lines += piece.count("\n")
                last = piece[-1:]
    except UnicodeError:
        raise BadFile(said("trade_encoding", name=name, line=line, encoding=encoding, lines=lines)) from None
    return Source(name, target, member, lines + (last != "\n"), text=True, note=f"read_as:{encoding}")
