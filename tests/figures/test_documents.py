"""Documents of every kind give their text; what is broken, locked or a trap is refused with a reason."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keruen.errors import BadDocument
from keruen.figures import read_claims, read_document
from keruen.figures.documents import document_of, letters_apart, unwrapped

SENTENCE = "Экспорт цемента вырос на 12,5% и составил 3,4 млн тонн."
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: str, prolog: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml",
            f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<w:document {W}><w:body>{body}</w:body></w:document>',
        )
    return out.getvalue()


def pdf(line: str) -> bytes:
    """One page with one line in Helvetica."""
    stream = f"BT /F1 12 Tf 72 700 Td ({line}) Tj ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode() + b"".join(
        f"{at:010d} 00000 n \n".encode() for at in places
    )
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le", "utf-16-be"])
def test_plain_text_in_any_encoding(encoding: str) -> None:
    document = document_of(SENTENCE.encode(encoding))
    assert (document.kind, document.text.lstrip("\ufeff")) == ("text", SENTENCE)
    assert read_claims(document.text)[0].value == 3.4e6


def test_html_gives_what_a_reader_sees() -> None:
    page = f"""<!DOCTYPE html><html><head><title>Т</title><meta property="article:published_time" content="2024-05-16T07:43:00">
    <style>p {{ width: 40% }}</style></head><body><nav>Рост на 99%</nav><script>var a = "77 млн тонн";</script>
    <h1>Цемент</h1><p>{SENTENCE.replace("12,5%", "<b>12,5</b>&nbsp;%")}</p><p>Конец</p></body></html>"""
    document = document_of(page.encode())
    assert document.kind == "html" and str(document.published) == "2024-05-16"
    assert "99" not in document.text and "77" not in document.text and "40" not in document.text
    claim = read_claims(document.text)[0]
    assert (claim.growth_pct, claim.value) == (12.5, 3.4e6)
    assert document.text[claim.start : claim.end] == claim.text


def test_html_says_its_encoding() -> None:
    page = f'<html><head><meta charset="windows-1251"></head><body><p>{SENTENCE}</p></body></html>'
    assert SENTENCE in document_of(page.encode("cp1251")).text


def test_docx_gives_its_paragraphs() -> None:
    runs = "".join(f"<w:r><w:t>{part}</w:t></w:r>" for part in (SENTENCE[:9], SENTENCE[9:]))
    body = f"<w:p><w:r><w:t>Заголовок</w:t></w:r></w:p><w:p>{runs}<w:r><w:delText>1</w:delText></w:r></w:p>"
    document = document_of(docx(body))
    assert (document.kind, document.text) == ("docx", f"Заголовок\n{SENTENCE}")


def test_pdf_gives_its_text() -> None:
    document = document_of(pdf("Cement exports rose 12.5% to 3.4 million tonnes."))
    assert document.kind == "pdf"
    assert read_claims(document.text)[0].value == 3.4e6


def test_letters_that_left_their_words_are_noticed() -> None:
    """As LibreOffice writes Kazakh in a font that lacks its letters, and PDF readers give it back."""
    assert letters_apart("аза стан мен збекстан саудасыҚ қ Ө\nдоллар а Қ қ Ө ғ ғ")
    right = "Қазақстан мен Өзбекстан саудасы: а) мұнай, ә) газ; Қ. Тоқаев пен Ө. Әбдірахманов, І тоқсан, 12%-ға өсті."
    assert not letters_apart(right * 5)


def test_lines_of_a_page_are_joined() -> None:
    page = "Заголовок\nОбъем перевозок грузов между\nКазахстаном и Литвой за девять ме-\nсяцев вырос на 11%.\nКонец"
    joined = "Заголовок\nОбъем перевозок грузов между Казахстаном и Литвой за девять месяцев вырос на 11%.\nКонец"
    assert unwrapped(page) == joined
    claim = read_claims(joined, published="2022-12-08")[0]
    assert (claim.subject, claim.partner, claim.period, claim.growth_pct) == ("KAZ", "LTU", "2022-01/2022-09", 11)


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(BadDocument, match="entities"):
        document_of(docx("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>", bomb))


def test_what_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keruen.figures.documents.LARGEST_BYTES", 2**20)
    packed = docx(f"<w:p><w:r><w:t>{'0' * 3 * 2**20}</w:t></w:r></w:p>")
    assert len(packed) < 2**20
    with pytest.raises(BadDocument, match="larger than"):
        document_of(packed)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"PK\x03\x04broken", "DOCX"),
        (docx("<w:p>")[:-30], "DOCX"),
        (docx("<w:p>"), "XML breaks off"),
        (b"%PDF-1.4\nnothing", "PDF"),
        (pdf("")[:200], "PDF"),
        (b"\xd0\xcf\x11\xe0old", "old Word"),
        (bytes(range(1, 32)) * 40, "no text"),
    ],
)
def test_broken_documents_say_so(raw: bytes, said: str) -> None:
    with pytest.raises(BadDocument, match=said):
        document_of(raw, "a file")


def test_files_and_standard_input(tmp_path, monkeypatch) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    assert read_document(tmp_path / "a.txt").text == SENTENCE
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SENTENCE.encode())))
    assert read_document("-").text == SENTENCE
    for path, said in ((tmp_path / "none.txt", "no file"), (tmp_path, "folder")):
        with pytest.raises(BadDocument, match=said):
            read_document(path)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        [
            docx(f"<w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p>"),
            pdf("Exports rose 5%."),
            b"<html><p>5%</p>",
            SENTENCE.encode(),
        ]
    ),
    st.data(),
)
def test_a_byte_gone_wrong_never_crashes(raw: bytes, data: st.DataObject) -> None:
    changed = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 6))):
        changed[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(raw)))
    with contextlib.suppress(BadDocument):
        document_of(bytes(changed[:cut]))
