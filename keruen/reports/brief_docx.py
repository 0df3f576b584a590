"""A brief as DOCX: the two pages at the size at which they fit two pages of PDF, then the annex.

The letters are Arial, which every office program has or replaces by one as wide; DejaVu Sans of the PDF is wider, so that what fits there
fits here. The archive is written anew with the day of the brief on each part, so that the same brief gives the same bytes.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from keruen.reports.brief_model import Beside, Block, Brief, Grid, Heading, Line, Paragraph, Picture, Tiles
from keruen.reports.map_style import COLOURS, QUIET
from keruen.tables.whole_file import whole_file

FONT = "Arial"
WIDTH_MM, MARGIN_MM = 210.0, 14.0
ANNEX_POINTS = 6.8
NARROWER = 0.97  # of the size of the PDF: tables of Word take more air
PER_MM = 36_000  # English metric units


def write_docx(brief: Brief, path: str | os.PathLike[str]) -> Path:
    """Write a brief as DOCX, whole or not at all."""
    target = Path(path)
    content = docx_bytes(brief)
    with whole_file(target) as draft:
        draft.write_bytes(content)
    return target


def docx_bytes(brief: Brief) -> bytes:
    """The DOCX, the same bytes for the same brief."""
    from docx import Document
    from docx.shared import Mm

    from keruen.reports.brief_pdf import fitted

    body, points = fitted(brief)
    document: Any = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(WIDTH_MM), Mm(297)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin, section.bottom_margin = Mm(10), Mm(12)
    section.header_distance = section.footer_distance = Mm(6)
    _base_style(document, points * NARROWER)
    _properties(document, brief)
    writer = _Writer(document, points * NARROWER, WIDTH_MM - 2 * MARGIN_MM)
    writer.text(document.add_paragraph(), ((brief.title, True),), size=points * 1.75)
    writer.text(document.add_paragraph(), ((brief.subtitle, False),), size=points * 0.8, colour=QUIET)
    for block in body:
        writer.block(document, block)
    document.add_page_break()
    writer = _Writer(document, ANNEX_POINTS, WIDTH_MM - 2 * MARGIN_MM)
    writer.text(document.add_paragraph(), ((brief.annex_title, True),), size=points * 1.5)
    for block in brief.annex:
        writer.block(document, block)
    writer.text(section.footer.paragraphs[0], ((brief.footer, False),), size=6.0, colour=QUIET)
    held = io.BytesIO()
    document.save(held)
    return _dated(held.getvalue(), brief)


def _base_style(document: Any, points: float) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(points)
    fonts = style.element.rPr.rFonts
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    style.paragraph_format.space_after = Pt(1.5)
    style.paragraph_format.space_before = Pt(0)
    style.paragraph_format.line_spacing = 1.0


def _properties(document: Any, brief: Brief) -> None:
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.language = brief.title, "Keruen", "Keruen", brief.lang
    core.subject, core.comments, core.revision = brief.key, "", 1
    core.created = core.modified = brief.made


def _dated(content: bytes, brief: Brief) -> bytes:
    """The archive again, each part dated with the day of the brief, in the same order."""
    day = (max(brief.made.year, 1980), brief.made.month, brief.made.day, 0, 0, 0)
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as found, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name in found.namelist():
            part = zipfile.ZipInfo(name, day)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o644 << 16
            part.create_system = 3
            made.writestr(part, found.read(name))
    return held.getvalue()


class _Writer:
    """Blocks into a document or a cell, in letters of so many points, so many millimetres wide."""

    def __init__(self, document: Any, points: float, width_mm: float) -> None:
        self.document, self.points, self.width = document, points, width_mm

    def block(self, parent: Any, block: Block) -> None:
        """One block at the end of its parent."""
        match block:
            case Heading(text=text):
                paragraph = parent.add_paragraph()
                paragraph.paragraph_format.keep_with_next = True
                self._space(paragraph, before=self.points * 0.5, after=1.0)
                self.text(paragraph, ((text[:1].upper() + text[1:], True),), size=self.points * 1.2, colour=COLOURS[0])
                self._outline(paragraph)
            case Paragraph(line=line, style=style):
                self.line(parent.add_paragraph(), line, style)
            case Tiles(tiles=tiles):
                if tiles:
                    self._tiles(parent, block)
            case Grid():
                self._grid(parent, block)
            case Picture():
                self._picture(parent, block)
            case Beside(columns=columns, shares=shares):
                self._beside(parent, columns, shares)

    def line(self, paragraph: Any, line: Line, style: str = "plain", *, right: bool = False, size: float = 0.0) -> None:
        """A line into a paragraph: bold words, coloured marks, raised numbers of notes."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        points = size or self.points * (0.86 if style == "small" else 1.0)
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if style == "bullet":
            paragraph.paragraph_format.left_indent = Pt(points)
            paragraph.paragraph_format.first_line_indent = Pt(-points)
            self.text(paragraph, (("•\u00a0", False),), size=points)
        for piece in line:
            if piece.mark:
                self.text(paragraph, (("■", False),), size=points, colour=piece.mark)
            self.text(
                paragraph,
                ((_breakable(piece.text), piece.bold),),
                size=points,
                colour=QUIET if style == "small" else "",
            )
            if piece.notes:
                run = self.text(paragraph, ((",".join(map(str, piece.notes)), False),), size=points, colour=COLOURS[0])
                run.font.superscript = True

    def text(self, paragraph: Any, parts: Sequence[tuple[str, bool]], *, size: float, colour: str = "") -> Any:
        """Words into a paragraph; returns the last run."""
        from docx.shared import Pt, RGBColor

        run = None
        for text, bold in parts:
            run = paragraph.add_run(text)
            run.bold = bold
            run.font.size = Pt(round(size * 2) / 2)
            if colour:
                run.font.color.rgb = RGBColor.from_string(colour.lstrip("#"))
        return run

    def _space(self, paragraph: Any, *, before: float = 0.0, after: float = 0.0) -> None:
        from docx.shared import Pt

        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)

    def _outline(self, paragraph: Any) -> None:
        """Headings are found in the outline of the document, whatever they look like."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), "1")
        paragraph._p.get_or_add_pPr().append(level)

    def _table(self, parent: Any, rows: int, shares: Sequence[float]) -> Any:
        """A table of fixed widths."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Mm

        table = parent.add_table(rows, len(shares)) if parent is self.document else parent.add_table(rows, len(shares))
        table.autofit = False
        properties = table._tbl.tblPr
        margins = OxmlElement("w:tblCellMar")
        for side, wide in (("top", 10), ("left", 30), ("bottom", 10), ("right", 50)):
            one = OxmlElement(f"w:{side}")
            one.set(qn("w:w"), str(wide))
            one.set(qn("w:type"), "dxa")
            margins.append(one)
        properties.append(margins)
        for k, share in enumerate(shares):
            table.columns[k].width = Mm(self.width * share)
            for cell in table.columns[k].cells:
                cell.width = Mm(self.width * share)
        return table

    def _grid(self, parent: Any, block: Grid) -> None:
        table = self._table(parent, 1 + len(block.rows), block.widths)
        size = self.points * (1.0 if block.small else 0.94)
        cells = [list(row.cells) for row in table.rows]
        for k, head in enumerate(block.head):
            paragraph = cells[0][k].paragraphs[0]
            self._space(paragraph)
            if k in block.numbers:
                from docx.enum.text import WD_ALIGN_PARAGRAPH

                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            self.text(paragraph, ((head, False),), size=size * 0.9, colour=QUIET)
            self._rule(cells[0][k], QUIET, 6)
        for i, row in enumerate(block.rows, 1):
            for k, line in enumerate(row):
                paragraph = cells[i][k].paragraphs[0]
                self._space(paragraph)
                self.line(paragraph, line, right=k in block.numbers, size=size)
                self._rule(cells[i][k], "#e4e8ea", 2)
        self._repeat(table)

    def _repeat(self, table: Any) -> None:
        """The head stands on each page that the table goes on to."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        mark = OxmlElement("w:tblHeader")
        mark.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(mark)

    def _rule(self, cell: Any, colour: str, eighths: int) -> None:
        """A line below a cell."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        borders = OxmlElement("w:tcBorders")
        bottom = OxmlElement("w:bottom")
        for name, value in (("val", "single"), ("sz", str(eighths)), ("color", colour.lstrip("#"))):
            bottom.set(qn(f"w:{name}"), value)
        borders.append(bottom)
        cell._tc.get_or_add_tcPr().append(borders)

    def _shade(self, cell: Any, colour: str) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour.lstrip("#"))):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)

    def _tiles(self, parent: Any, block: Tiles) -> None:
        table = self._table(parent, 1, [1 / len(block.tiles)] * len(block.tiles))
        for cell, tile in zip(table.rows[0].cells, block.tiles, strict=True):
            self._shade(cell, "#eef4f7")
            self._space(cell.paragraphs[0])
            self.line(cell.paragraphs[0], (tile.value,), size=self.points * 1.2)
            label = cell.add_paragraph()
            self._space(label)
            self.text(label, ((tile.label, False),), size=self.points * 0.78, colour=QUIET)

    def _picture(self, parent: Any, block: Picture) -> None:
        from docx.shared import Mm

        paragraph = parent.add_paragraph()
        self._space(paragraph)
        shape = paragraph.add_run().add_picture(io.BytesIO(block.png), width=Mm(self.width - 3))
        shape._inline.docPr.set("descr", block.alt)
        shape._inline.docPr.set("name", block.name)
        caption = parent.add_paragraph()
        self._space(caption, after=1.0)
        self.text(caption, ((block.title, False),), size=self.points * 0.8, colour=QUIET)

    def _beside(self, parent: Any, columns: Sequence[tuple[Block, ...]], shares: Sequence[float]) -> None:
        table = self._table(parent, 1, shares)
        for cell, column, share in zip(table.rows[0].cells, columns, shares, strict=True):
            first = cell.paragraphs[0]
            inner = _Writer(self.document, self.points, self.width * share - 2)
            for block in column:
                inner.block(cell, block)
            if len(cell.paragraphs) > 1 or cell.tables:
                first._p.getparent().remove(first._p)  # the empty one every new cell has
            if cell.tables and column and isinstance(column[-1], Grid):
                self._space(cell.add_paragraph())  # a cell must end in a paragraph


def _breakable(text: str) -> str:
    from keruen.reports.brief_pdf import breakable

    return breakable(text)
