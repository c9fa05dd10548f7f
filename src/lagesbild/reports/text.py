"""A document as plain text: the other half of an e-mail, for readers and programs that take no HTML."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Final

from lagesbild.components.model import Table
from lagesbild.components.table import cell_text
from lagesbild.components.typed import heading, marked_columns, reasons
from lagesbild.reports.about import (
    COMMENT,
    WARNINGS,
    cleaned,
    figure_notes,
    judged,
    one_line,
    stamp_lines,
    value_with_unit,
)
from lagesbild.reports.chart_tables import Plain, plain
from lagesbild.reports.document import Block, Document, Facts, Figure, Prose, Section, Space
from lagesbild.reports.rounding import UNIT_WORDS

_WIDTH: Final = 76  # characters: e-mail programs that know only text break lines at 78


def text(document: Document) -> str:
    """Lines of at most 76 characters (longer words are kept whole), headings underlined, rows as one paragraph each."""
    document = cleaned(document)
    out = [document.stamp.synthetic, document.kicker, _under(document.title, "="), document.purpose]
    out += [f"{p.heading}\n{p.text}" for p in document.points]
    if document.warnings:
        out += [_under(WARNINGS, "-"), *(f"- {w}" for w in document.warnings)]
    for section in document.sections:
        out += _section(section, exact=document.stamp.exact)
    out += [_under("Urval, uttag och källor", "-"), *(f"{what}: {said}" for what, said in stamp_lines(document.stamp))]
    return "\n\n".join(_wrapped(p) for p in out if p.strip()) + "\n"


def _section(section: Section, *, exact: bool) -> list[str]:
    out = [_under(section.title, "-")]
    for block in section.blocks:
        out += _block(block, exact=exact)
    if section.comment.strip():
        out.append(f"{COMMENT}:\n{section.comment}")
    return out


def _block(block: Block, *, exact: bool) -> list[str]:
    match block:
        case Facts():
            return [f"{i.name}, {i.what}: {value_with_unit(i)}. {judged(i)}" for i in block.items]
        case Prose():
            return [p if isinstance(p, str) else f"{p[0]}: {p[1]}" for p in block.paragraphs]
        case Space():
            return [f"{block.heading}\n{block.question}", "\n".join(["_" * 40] * min(3, block.lines))]
        case Figure():
            out = [f"* {block.title}\n{block.summary}"]
            if block.chart:
                made = plain(block.chart, exact=exact)
                out += [_chart(made), *made.said]
            if block.table_shown or not block.chart:
                out += [block.table.caption, _table(block.table), *reasons(block.table)]
            return [*out, *figure_notes(block)]


def _chart(chart: Plain) -> str:
    units = (*UNIT_WORDS.values(), "Bedömning")  # the number says its unit itself
    rows = []
    for row in chart.rows:
        cells = [(h, c) for h, c in zip(chart.heads, row.cells, strict=True) if c]
        rows.append(f"{row.name}: " + "; ".join(c if h in units else f"{h} {c}" for h, c in cells))
    return "\n".join(rows)


def _table(table: Table) -> str:
    columns = marked_columns(table)
    rows = []
    for row in table.rows:
        cells = [cell_text(v, c) for v, c in zip((*row.cells, row.note), columns, strict=False)]
        rest = [f"{heading(c)} {t}" for c, t in zip(columns[1:], cells[1:], strict=True) if t]
        rows.append(f"{cells[0]}: {'; '.join(rest)}")
    return "\n".join(rows)


def _under(title: str, mark: str) -> str:
    line = one_line(title)
    return f"{line}\n{mark * min(len(line), _WIDTH)}" if line else ""


def _wrapped(paragraph: str) -> str:
    return "\n".join(_lines(paragraph.split("\n")))


def _lines(lines: Sequence[str]) -> list[str]:
    out: list[str] = []
    for line in lines:
        out += textwrap.wrap(line, _WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
    return out
