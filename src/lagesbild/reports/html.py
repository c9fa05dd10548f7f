"""A document as plain HTML for e-mail: no scripts, no outside references, no tables for layout; read as text it still
says everything. Equal documents give equal text."""

from __future__ import annotations

from html import escape
from typing import Final

from lagesbild.components.table import cell_text
from lagesbild.components.typed import reasons
from lagesbild.reports.about import (
    COMMENT,
    SERVICE,
    WARNINGS,
    cleaned,
    figure_notes,
    judged,
    one_line,
    stamp_lines,
    value_with_unit,
)
from lagesbild.reports.chart_tables import Plain, plain
from lagesbild.reports.document import Document, Facts, Figure, Prose, Section, Space
from lagesbild.reports.html_parts import (
    INK,
    SHEET,
    chart_table,
    data_table,
    grid,
    items,
    muted,
    paragraph,
    tag,
    title,
    words,
)
from lagesbild.reports.legend import ARROWS

_FONT: Final = "'Source Sans 3','Segoe UI',Arial,sans-serif"
_MARK: Final = f"border:1px dashed {INK['line-strong']};padding:4px 8px;font-weight:bold;display:inline-block;"
_PERSON: Final = (
    f"background:{INK['sunken']};border-left:4px solid {INK['line-strong']};padding:8px 12px;margin:0 0 8px;"
)


def html(document: Document) -> str:
    """A whole page, `<!DOCTYPE html>` to `</html>`; the body can be pasted into a message as it is."""
    document = cleaned(document)
    stamp = document.stamp
    head = paragraph(stamp.synthetic, _MARK) + muted(document.kicker)
    head += title(1, document.title or SERVICE) + paragraph(document.purpose)
    points = "".join(
        paragraph_of(tag("strong", words(p.heading)) + ("<br>" if p.text else "") + words(p.text))
        for p in document.points
    )
    body = head + points
    if any(w.strip() for w in document.warnings):
        body += title(2, WARNINGS) + items(document.warnings)
    for section in document.sections:
        body += _section(section, exact=stamp.exact)
    about = title(2, "Urval, uttag och källor")
    about += items([f"{what}: {text}" for what, text in stamp_lines(stamp)])
    style = f"margin:0;padding:16px;background:#FFFFFF;color:{INK['ink']};"
    style += f"font-family:{_FONT};font-size:16px;line-height:1.45;"
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(document.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light">\n'
        f"<title>{escape(one_line(document.title) or SERVICE)}</title>\n<style>{SHEET}</style>\n</head>\n"
        f'<body style="{style}">\n'
        f'<main style="max-width:720px;">\n{body}\n</main>\n<footer style="max-width:720px;">{about}</footer>\n'
        "</body>\n</html>\n"
    )


def paragraph_of(markup: str) -> str:
    return tag("p", markup)


def _section(section: Section, *, exact: bool) -> str:
    out = [title(2, section.title)]
    for block in section.blocks:
        match block:
            case Figure():
                out.append(_figure(block, exact=exact))
            case Facts():
                out.append(_facts(block, section.title))
            case Prose():
                out += [_said(p) for p in block.paragraphs]
            case Space():
                room = "<br>".join(["&nbsp;"] * max(1, block.lines))
                out.append(title(3, block.heading) + paragraph(block.question))
                out.append(tag("div", room, f"border:1px solid {INK['line-strong']};margin:0 0 8px;"))
    if section.comment.strip():
        said = paragraph_of(tag("strong", words(COMMENT))) + "".join(
            paragraph(p) for p in section.comment.split("\n") if p.strip()
        )
        out.append(tag("blockquote", said, _PERSON))
    return "\n".join(p for p in out if p)


def _figure(block: Figure, *, exact: bool) -> str:
    out = [title(3, block.title), paragraph(block.summary)]
    if block.chart:
        made = plain(block.chart, exact=exact)
        if made.rows:
            # the alternative text tells numbers one by one; here they stand in the table
            out.append(chart_table(block.table.caption or block.title, _first(block, made), made))
        out += [muted(" ".join(made.said))]
    if block.table_shown or not block.chart:
        out.append(data_table(block.table))
        out += [muted(t) for t in reasons(block.table)]
    return "".join([*out, *(muted(t) for t in figure_notes(block))])


def _first(block: Figure, chart: Plain) -> str:
    """What the chart's rows are, when the figure's table has rows of the same."""
    columns, names = block.table.columns, {row.name for row in chart.rows}
    same = any(cell_text(row.cells[0], columns[0]) in names for row in block.table.rows if row.cells)
    return columns[0].title if same else ""


def _facts(block: Facts, caption: str) -> str:
    rows = []
    for item in block.items:
        name = tag("strong", words(item.name)) + (f"<br>{words(item.what)}" if item.what else "")
        said = words(judged(item))
        if item.judgement in ARROWS and said:
            said = tag("strong", f"{ARROWS[item.judgement]} {said}", kind=item.judgement)
        rows.append(([name, tag("strong", words(value_with_unit(item))), said], False))
    heads = [("Mått", False), ("Värde", True), ("Bedömning och förändring", False)]
    return grid(f"Nyckeltal: {caption}", heads, rows) if rows else ""


def _said(p: str | tuple[str, str]) -> str:
    if isinstance(p, str):
        return paragraph(p)
    return paragraph_of(f"{tag('strong', words(p[0]))}: {words(p[1])}") if any(t.strip() for t in p) else ""
