"""Documents as text: plain text, HTML, DOCX and PDF, told apart by their bytes, not by their names.

    read_document(Path("news.html")).text      read_document("-").text reads standard input

Offsets of claims are offsets into this text. Encodings: a byte order mark holds, then what the page declares, then UTF-8, UTF-16 without
its mark, and Windows-1251. A DOCX is a zip of XML: what it unpacks to is bounded, and XML that declares entities is refused. From HTML
scripts, styles and navigation are left out, and the day of publication is taken from its metadata where it stands there.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import IO
from xml.parsers import expat

from keruen.errors import BadDocument
from keruen.tables.words import said

LARGEST_BYTES = 64 * 2**20
"""A document may not be larger, nor unpack to more."""
STANDARD_INPUT = "-"
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.IGNORECASE)
_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|div|p\b|h1|meta|section)",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_DAY = re.compile(r"\s*(\d{4})-(\d\d)-(\d\d)")
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
STRICT_WORD = "http://purl.oclc.org/ooxml/wordprocessingml/main "
CHUNK = 65_536


@dataclass(frozen=True)
class Document:
    """The text of a document. `kind` is text, html, docx or pdf; `published` is the day its metadata gives."""

    text: str
    kind: str
    name: str
    encoding: str = ""
    published: date | None = None


def read_document(source: Path | str) -> Document:
    """The text of a file, or of standard input for "-".

    Raises:
        BadDocument: there is no such file, or no text can be taken from it.
    """
    if str(source) == STANDARD_INPUT:
        return document_of(sys.stdin.buffer.read(LARGEST_BYTES + 1), "standard input")
    path = Path(source)
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise _too_large(str(path))
        raw = path.read_bytes()
    except FileNotFoundError:
        raise BadDocument(said("err_doc_none", name=str(path))) from None
    except IsADirectoryError:
        raise BadDocument(said("err_doc_folder", name=str(path))) from None
    except OSError as error:
        raise BadDocument(said("err_doc_unread", name=str(path), reason=str(error.strerror))) from error
    return document_of(raw, str(path))


def document_of(raw: bytes, name: str = "the document") -> Document:
    """The text in the bytes of a document. Raises BadDocument as read_document does."""
    if len(raw) > LARGEST_BYTES:
        raise _too_large(name)
    if raw[:1024].lstrip().startswith(b"%PDF-"):
        return Document(_pdf_text(raw, name), "pdf", name)
    if raw.startswith(b"PK\x03\x04"):
        return Document(_docx_text(raw, name), "docx", name)
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadDocument(said("err_doc_old_word", name=name))
    if raw.startswith(b"{\\rtf"):
        raise BadDocument(said("err_doc_rich", name=name))
    encoding = _encoding(raw)
    text = raw.decode(encoding, errors="replace")
    if _HTML.match(raw[:4096]) or re.match(r"\ufeff?\s*<(?:!doctype html|html)", text[:200], re.IGNORECASE):
        page = _Page()
        page.feed(text)
        page.close()
        return Document(page.text(), "html", name, encoding, page.published)
    if len(_CONTROL.findall(text[:CHUNK])) > len(text[:CHUNK]) // 100:
        raise BadDocument(said("err_doc_no_text", name=name))
    return Document(text.replace("\r\n", "\n").replace("\r", "\n"), "text", name, encoding)


def _too_large(name: str) -> BadDocument:
    return BadDocument(said("err_doc_large", name=name, most=LARGEST_BYTES // 2**20))


def _encoding(raw: bytes) -> str:
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return encoding
    declared = _CHARSET.search(raw[:4096])
    if declared:
        name = declared[1].decode("ascii")
        try:
            raw.decode(name)
        except (LookupError, UnicodeDecodeError, ValueError):
            pass
        else:
            return name
    zeros_even, zeros_odd = raw[:4096:2].count(0), raw[1:4096:2].count(0)
    if max(zeros_even, zeros_odd) > len(raw[:4096]) // 20:
        return "utf-16-be" if zeros_even > zeros_odd else "utf-16-le"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1251"
    return "utf-8"


class _Page(HTMLParser):
    """The words of a page that a reader sees, a line for each block."""

    LEFT_OUT = frozenset(
        {"script", "style", "nav", "noscript", "template", "head", "svg", "iframe", "select", "button"}
    )
    BLOCKS = frozenset(
        [
            "p",
            "div",
            "br",
            "li",
            "ul",
            "ol",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "tr",
            "table",
            "section",
            "article",
            "header",
            "footer",
            "main",
            "blockquote",
            "figure",
            "figcaption",
            "aside",
            "dt",
            "dd",
            "hr",
            "pre",
        ]
    )
    APART = BLOCKS - {"br", "li", "tr", "dt", "dd", "div"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.inside: list[str] = []
        self.published: date | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens a block, or a part that is left out; takes the day of publication from metadata."""
        values = {name: value or "" for name, value in attrs}
        named = values.get("property") or values.get("itemprop") or values.get("name") or ""
        if tag == "meta" and named in {"article:published_time", "datePublished", "pubdate", "date"}:
            self._take_day(values.get("content", ""))
        if tag == "time" and (values.get("itemprop") == "datePublished" or self.published is None):
            self._take_day(values.get("datetime", ""))
        if tag == "body":
            self.inside.clear()  # a head that was never closed
        if tag in self.LEFT_OUT:
            self.inside.append(tag)
        elif tag in self.BLOCKS:
            self._break(tag)
        elif tag in {"td", "th"}:
            self.pieces.append("\t")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that closes itself opens nothing to leave out."""
        if tag not in self.LEFT_OUT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Closes a block, or a part that is left out."""
        if tag in self.LEFT_OUT:
            if tag in self.inside:
                while self.inside.pop() != tag:
                    pass
        elif tag in self.BLOCKS:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        """Words; line ends of the source are spaces."""
        if not self.inside:
            self.pieces.append(re.sub(r"[ \t\r\n]+", " ", data))

    def _break(self, tag: str) -> None:
        if not self.inside:
            self.pieces.append("\n\n" if tag in self.APART else "\n")

    def _take_day(self, text: str) -> None:
        match = _DAY.match(text)
        if match and self.published is None:
            try:
                self.published = date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                return

    def text(self) -> str:
        """The words in lines, blocks apart by an empty line."""
        joined = re.sub(r" ?\n ?", "\n", re.sub(r" {2,}", " ", "".join(self.pieces)))
        return re.sub(r"\n{3,}", "\n\n", joined).strip()


def _docx_text(raw: bytes, name: str) -> str:
    """The paragraphs of a DOCX, in one pass over its XML, which is unpacked in pieces and never kept whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            try:
                info = archive.getinfo("word/document.xml")
            except KeyError:
                raise BadDocument(said("err_doc_zip", name=name)) from None
            if info.file_size > LARGEST_BYTES:
                raise _too_large(name)
            with archive.open(info) as stream:
                return _word_text(stream, name)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise BadDocument(said("err_doc_docx", name=name, reason=str(error))) from error
    except Exception as error:  # a decompressor has errors of its own
        if isinstance(error, BadDocument):
            raise
        raise BadDocument(said("err_doc_docx", name=name, reason=str(error))) from error


def _word_text(stream: IO[bytes], name: str) -> str:
    pieces: list[str] = []
    open_text = 0
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(*_: object) -> None:
        raise BadDocument(said("err_doc_entities", name=name))

    def start(tag: str, _: object) -> None:
        nonlocal open_text
        local = _word_tag(tag)
        if local == "t":
            open_text += 1
        elif local == "tab":
            pieces.append("\t")
        elif local in {"br", "cr"}:
            pieces.append("\n")
        elif local == "noBreakHyphen":
            pieces.append("-")

    def end(tag: str) -> None:
        nonlocal open_text
        local = _word_tag(tag)
        if local == "t":
            open_text -= 1
        elif local == "p":
            pieces.append("\n")

    def words(data: str) -> None:
        if open_text:
            pieces.append(data)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, words
    taken = 0
    try:
        while chunk := stream.read(CHUNK):
            taken += len(chunk)
            if taken > LARGEST_BYTES:
                raise _too_large(name)
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise BadDocument(said("err_doc_xml", name=name, reason=str(error))) from error
    return "".join(pieces).strip("\n")


def _word_tag(tag: str) -> str:
    for space in (WORD, STRICT_WORD):
        if tag.startswith(space):
            return tag[len(space) :]
    return ""


def _pdf_text(raw: bytes, name: str) -> str:
    """The text of the pages of a PDF, apart by an empty line."""
    from pypdf import PdfReader  # takes a tenth of a second to import, and only PDF needs it
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise BadDocument(said("err_doc_locked", name=name))
        pages = [page.extract_text() for page in reader.pages]
    except BadDocument:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        OSError,
        NotImplementedError,
    ) as error:
        raise BadDocument(said("err_doc_pdf", name=name, reason=str(error))) from error
    except Exception as error:  # the errors of a broken PDF cannot all be named
        raise BadDocument(said("err_doc_pdf", name=name, reason=str(error))) from error
    if letters_apart("\n".join(pages)):
        raise BadDocument(said("err_doc_letters", name=name))
    text = "\n\n".join(unwrapped(page.strip()) for page in pages)
    if not text.strip():
        raise BadDocument(said("err_doc_pictures", name=name))
    return text


STRAY_LETTER = re.compile(r"(?<![\w.])[әғқңөұүһӘҒҚҢӨҰҮҺ](?=\s|$)")
"""A Kazakh letter by itself, no initial (Қ.) and no item of a list (ә): no word has one letter."""
STRAY_LETTERS = 3
"""So many are no slip of the hand."""


def letters_apart(text: str) -> bool:
    """Whether letters of a PDF stand apart from their words, as where one font lacked them and another drew them after the line."""
    return len(STRAY_LETTER.findall(text)) >= STRAY_LETTERS


FULL = 0.7
"""A line of no less than this part of the longest line of its page goes on in the next one, unless its sentence ends there."""


def unwrapped(page: str) -> str:
    """The lines of a page joined into paragraphs, words parted by a hyphen at the end of a line put together again."""
    lines = [line.strip() for line in page.split("\n")]
    longest = max(map(len, lines), default=0)
    out: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on and line:
            before = out[-1]
            parted = before.endswith("-") and before[-2:-1].isalpha() and line[0].islower()
            if parted and not before.endswith("о-"):  # "казахстанско-китайский" keeps its hyphen
                out[-1] = before[:-1] + line
            else:
                out[-1] = before + ("" if parted else " ") + line
        else:
            out.append(line)
        goes_on = bool(line) and len(line) >= FULL * longest and not line.endswith((".", "!", "?", ":", ";", "»", '"'))
    return "\n".join(out)
