"""A document as a workbook: contents and summary first, a sheet a table, definitions, choices and sources last.

Cells have types: numbers are numbers, shares fractions, months dates. Every text is written as text, so that none from
the data becomes a formula or a link. Numbers hold as many decimals as they show unless the document's reader may see
every count (`Stamp.exact`). Equal documents give equal bytes.
"""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from lagesbild.reports.about import (
    COMMENT,
    SERVICE,
    WARNINGS,
    cleaned,
    definitions,
    judged,
    moment,
    one_line,
    stamp_lines,
    value_with_unit,
)
from lagesbild.reports.document import Document, Facts, Figure, Prose, Space
from lagesbild.reports.xlsx_cells import Styles, text
from lagesbild.reports.xlsx_names import sheet_names
from lagesbild.reports.xlsx_table import table_sheet

CONTENTS, ABOUT = "Innehåll", "Om uppgifterna"


def xlsx(document: Document) -> bytes:
    """The workbook."""
    document = cleaned(document)
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties(
        {
            "title": document.title[:255],
            "subject": document.kicker[:255],
            "author": SERVICE,
            "comments": document.stamp.synthetic[:255],
            "created": moment(document.stamp),
        }
    )
    styles = Styles(book)
    figures = document.figures
    names = sheet_names([f.table.caption or f.title for f in figures], taken=(CONTENTS, ABOUT))
    first = book.add_worksheet(CONTENTS)
    _contents(first, document, names, styles)
    _page(first, document, styles)
    for figure, name in zip(figures, names, strict=True):
        sheet = book.add_worksheet(name)
        table_sheet(book, sheet, figure, document.stamp, styles)
        _page(sheet, document, styles)
    last = book.add_worksheet(ABOUT)
    _about(last, document, names, styles)
    _page(last, document, styles)
    book.close()
    return out.getvalue()


def _page(sheet: Any, document: Document, styles: Styles) -> None:
    """A4 on its side, one page wide, with mark and source in header and foot."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    mark = _header_text(document.stamp.synthetic, 110)
    sheet.set_header(f"&L{SERVICE}&R&B{mark}" if mark else f"&L{SERVICE}")
    foot = _header_text(f"Uttag {document.stamp.as_of}. Dataversion {document.stamp.version}.", 150)
    sheet.set_footer(f"&L{foot}&RSida &P av &N")


def _header_text(words: str, most: int) -> str:
    """`&` is an instruction in headers, and 255 characters are all they hold."""
    return one_line(words)[:most].replace("&", "&&")


def _contents(sheet: Any, document: Document, names: list[str], styles: Styles) -> None:
    """Title, points, warnings, key figures, texts, and a link to each sheet."""
    sheet.set_column(0, 0, 42)
    sheet.set_column(1, 1, 90)
    y = 0
    for words, style in (
        (document.title, styles.title),
        (document.kicker, styles.muted),
        (document.purpose, styles.muted),
    ):
        if words:
            text(sheet, y, 0, words, style)
            y += 1
    if document.stamp.synthetic:
        text(sheet, y, 0, document.stamp.synthetic, styles.bold)
        y += 1
    y = _pairs(sheet, y, "", [(p.heading, p.text) for p in document.points], styles)
    y = _pairs(sheet, y, WARNINGS, [("", w) for w in document.warnings], styles)
    y += 1
    text(sheet, y, 0, "Blad", styles.head)
    text(sheet, y, 1, "Vad bladet visar", styles.head)
    for figure, name in zip(document.figures, names, strict=True):
        y += 1
        sheet.write_url(y, 0, f"internal:'{name}'!A1", styles.link, string=name)
        text(sheet, y, 1, " ".join(t for t in (f"{figure.title}.", figure.table.caption) if t), styles.wrap)
    y += 1
    sheet.write_url(y, 0, f"internal:'{ABOUT}'!A1", styles.link, string=ABOUT)
    text(sheet, y, 1, "Definitioner, urval, källor och täckning", styles.wrap)
    y += 1
    for section in document.sections:
        rows: list[tuple[str, str]] = []
        for block in section.blocks:
            match block:
                case Facts():
                    rows += [(f"{i.name}, {i.what}" if i.what else i.name, f"{value_with_unit(i)}. {judged(i)}".strip())
                             for i in block.items]  # fmt: skip
                case Figure():
                    rows.append((block.title, block.summary))
                case Prose():
                    rows += [("", p) for p in block.paragraphs if isinstance(p, str)]
                case Space():
                    rows.append((block.heading, block.question))
        if section.comment.strip():
            rows.append((COMMENT, section.comment))
        y = _pairs(sheet, y, section.title, rows, styles)


def _about(sheet: Any, document: Document, names: list[str], styles: Styles) -> None:
    sheet.set_column(0, 0, 42)
    sheet.set_column(1, 1, 110)
    y = _pairs(sheet, -1, "Urval, uttag och källor", list(stamp_lines(document.stamp)), styles)
    y = _pairs(sheet, y, "Definitioner", list(definitions(document)), styles)
    _pairs(sheet, y, "Källa per blad", [(n, f.source) for n, f in zip(names, document.figures, strict=True)], styles)


def _pairs(sheet: Any, y: int, heading: str, pairs: list[tuple[str, str]], styles: Styles) -> int:
    """A heading and two columns of words under it, an empty row before; gives the next free row."""
    if not pairs:
        return y
    y += 1
    if heading:
        text(sheet, y, 0, heading, styles.section)
        y += 1
    for what, words in pairs:
        text(sheet, y, 0, what, styles.bold)
        text(sheet, y, 1, words, styles.wrap)
        y += 1
    return y
