"""Pieces of plain HTML for e-mail: semantic elements with the few inline styles that e-mail programs understand.

Bars are block characters in text, not boxes: Outlook draws with Word, which knows no widths of boxes, and a reader
without pictures, styles or colours still sees them.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from lagesbild.components.model import Column, Row, Table
from lagesbild.components.table import cell_text, is_number
from lagesbild.components.typed import heading, marked_columns
from lagesbild.figures.theme import colors
from lagesbild.reports.chart_tables import Plain
from lagesbild.reports.legend import ARROWS
from lagesbild.reports.tints import tone

INK: Final = colors("light")
_BLOCKS: Final = 24  # characters of a whole bar
_WHOLE: Final = "white-space:nowrap;"
_NARROW: Final = 12  # beside the numbers of many parts
_NAME: Final = 24  # characters of a row's name that is never broken
_CELL: Final = f"padding:3px 10px 3px 0;border-bottom:1px solid {INK['line']};vertical-align:top;"
_HEAD: Final = (
    f"padding:3px 10px 3px 0;border-bottom:2px solid {INK['ink']};vertical-align:bottom;color:{INK['ink-2']};"
)


def words(text: str) -> str:
    """Escaped, with line ends kept."""
    return "<br>".join(escape(part) for part in text.split("\n"))


def tag(name: str, inner: str, style: str = "", **attributes: str) -> str:
    """An element; `inner` is markup already."""
    more = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{more}{f' style={chr(34)}{style}{chr(34)}' if style else ''}>{inner}</{name}>"


def paragraph(text: str, style: str = "") -> str:
    return tag("p", words(text), f"margin:0 0 8px;{style}") if text.strip() else ""


def muted(text: str) -> str:
    return paragraph(text, f"color:{INK['ink-2']};font-size:14px;")


def title(level: int, text: str) -> str:
    """A heading; one without words would be an empty stop for who jumps between headings."""
    sizes = {1: 26, 2: 21, 3: 17}
    rule = (
        f"border-top:2px solid {INK['ink']};padding-top:12px;margin:28px 0 8px;" if level == 2 else "margin:16px 0 4px;"
    )
    return tag(f"h{level}", words(text), f"font-size:{sizes[level]}px;line-height:1.25;{rule}") if text.strip() else ""


def items(texts: Sequence[str]) -> str:
    made = "".join(tag("li", words(t)) for t in texts if t.strip())
    return tag("ul", made, "margin:0 0 8px;padding-left:20px;") if made else ""


def grid(caption: str, heads: Sequence[tuple[str, bool]], rows: Sequence[tuple[Sequence[str], bool]]) -> str:
    """A table. `heads`: (words, right-aligned) of every column; `rows`: (cells as markup, strong); the first cell of a
    row is its heading."""
    top = "".join(
        tag("th", words(text) or "&nbsp;", f"{_HEAD}text-align:{'right' if right else 'left'};", scope="col")
        if text.strip()
        else tag("td", "&nbsp;", _HEAD)
        for text, right in heads
    )
    body = []
    short = all(len(cells[0]) <= _NAME for cells, _ in rows)
    for cells, strong in rows:
        weight = "font-weight:bold;" if strong else "font-weight:normal;"
        made = [
            tag("th", cells[0] or "&nbsp;", f"{_CELL}{weight}{_WHOLE if short else ''}text-align:left;", scope="row")
        ]
        made += [
            tag("td", c or "&nbsp;", _style(c, weight, right=right))
            for c, (_, right) in zip(cells[1:], heads[1:], strict=True)
        ]
        body.append(tag("tr", "".join(made)))
    style = f"text-align:left;color:{INK['ink-2']};padding:0 0 4px;"
    return tag(
        "table",
        (tag("caption", words(caption), style) if caption.strip() else "")
        + tag("thead", tag("tr", top))
        + tag("tbody", "".join(body)),
        "border-collapse:collapse;font-size:15px;margin:0 0 8px;",
    )


def _style(cell: str, weight: str, *, right: bool) -> str:
    """A cell's; numbers stay on one line, words may take several."""
    whole = _WHOLE if right and any(c.isdigit() for c in cell) else ""
    return f"{_CELL}{weight}{whole}text-align:{'right' if right else 'left'};"


def data_table(table: Table) -> str:
    """A figure's table."""
    columns = marked_columns(table)
    heads = [(heading(c), is_number(c)) for c in columns]
    return grid(table.caption, heads, [(_cells(r, columns), bool(r.emphasis)) for r in table.rows])


def _cells(row: Row, columns: Sequence[Column]) -> list[str]:
    return [words(cell_text(v, c)) for v, c in zip((*row.cells, row.note), columns, strict=False)]


def chart_table(caption: str, first: str, chart: Plain) -> str:
    """A chart as rows of numbers with bars of characters; what the bars are made of is in the numbers too."""
    heads = [(chart.first or first, False), *((h, h not in ("Bedömning", "Anmärkning")) for h in chart.heads)]
    if chart.drawn:
        heads.append(("Som stapel", False))
    rows = []
    for row in chart.rows:
        cells = [words(row.name)]
        for head, text in zip(chart.heads, row.cells, strict=True):
            arrow = f"{ARROWS[row.judgement]} " if head == "Bedömning" and row.judgement in ARROWS and text else ""
            said = words(f"{arrow}{text}")
            cells.append(tag("strong", said, f"color:{INK[row.judgement]};") if arrow else said)
        if chart.drawn:
            cells.append(_bar(row.bar, strong=row.strong))
        rows.append((cells, row.strong))
    return grid(caption, heads, rows)


def _bar(parts: Sequence[float], *, strong: bool) -> str:
    """Blocks in the parts' tints, rounded so that the whole is as long as it should be; a single bar ends in halves."""
    if len(parts) == 1:
        halves = round(min(parts[0], 1.0) * _BLOCKS * 2)
        made = "█" * (halves // 2) + "▌" * (halves % 2)
        spans = [tag("span", made, f"color:{INK['seq-5' if strong else 'seq-3']};")] if made else []
    else:
        blocks, at, drawn, spans = _BLOCKS if len(parts) <= 3 else _NARROW, 0.0, 0, []
        for k, part in enumerate(parts):
            at += part
            count = round(min(at, 1.0) * blocks) - drawn
            drawn += count
            if count > 0:
                spans.append(tag("span", "█" * count, f"color:#{tone(k, len(parts))};"))
    style = "white-space:nowrap;letter-spacing:0;font-size:12px;"
    return f'<span aria-hidden="true" style="{style}">{"".join(spans)}</span>' if spans else ""
