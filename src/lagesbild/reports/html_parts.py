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
_NARROW: Final = 12  # beside the numbers of many parts
_NAME: Final = 24  # characters of a row's name, or a number, that is never broken
_MANY: Final = 6  # columns; more are set closer, 720 pixels must do
# One sheet in the head, known to Outlook as to web mail; a style on every cell would make a briefing longer than the
# 100 kB after which some mail programs cut. Without it the mail is plainer and says the same.
SHEET: Final = f"""
p,ul{{margin:0 0 8px}}
ul{{padding-left:20px}}
h1{{font-size:26px;line-height:1.25;margin:16px 0 4px}}
h2{{font-size:21px;line-height:1.25;border-top:2px solid {INK["ink"]};padding-top:12px;margin:28px 0 8px}}
h3{{font-size:17px;line-height:1.25;margin:16px 0 4px}}
table{{border-collapse:collapse;font-size:15px;margin:0 0 8px}}
caption{{text-align:left;color:{INK["ink-2"]};padding:0 0 4px}}
th,td{{padding:3px 10px 3px 0;border-bottom:1px solid {INK["line"]};vertical-align:top}}
th,td{{text-align:left;font-weight:normal}}
thead th,thead td{{border-bottom:2px solid {INK["ink"]};vertical-align:bottom;color:{INK["ink-2"]};font-weight:bold}}
.strong th,.strong td{{font-weight:bold}}
.many{{font-size:13px}}
.many th,.many td{{padding-right:6px}}
.wide{{overflow-x:auto}}
.r{{text-align:right}}
.n{{white-space:nowrap}}
.better{{color:{INK["better"]}}}
.worse{{color:{INK["worse"]}}}
.muted{{color:{INK["ink-2"]};font-size:14px}}
.bar{{white-space:nowrap;font-size:12px;color:{INK["seq-3"]}}}
.strong .bar{{color:{INK["seq-5"]}}}
"""


def words(text: str) -> str:
    """Escaped, with line ends kept."""
    return "<br>".join(escape(part) for part in text.split("\n"))


def tag(name: str, inner: str, style: str = "", kind: str = "", **attributes: str) -> str:
    """An element; `inner` is markup already, `kind` its class."""
    told = {**attributes, "class": kind, "style": style}
    return f"<{name}{''.join(f' {k}={chr(34)}{escape(v)}{chr(34)}' for k, v in told.items() if v)}>{inner}</{name}>"


def paragraph(text: str, style: str = "") -> str:
    return tag("p", words(text), style) if text.strip() else ""


def muted(text: str) -> str:
    return tag("p", words(text), kind="muted") if text.strip() else ""


def title(level: int, text: str) -> str:
    """A heading; one without words would be an empty stop for who jumps between headings."""
    return tag(f"h{level}", words(text)) if text.strip() else ""


def items(texts: Sequence[str]) -> str:
    made = "".join(tag("li", words(t)) for t in texts if t.strip())
    return tag("ul", made) if made else ""


def grid(caption: str, heads: Sequence[tuple[str, bool]], rows: Sequence[tuple[Sequence[str], bool]]) -> str:
    """A table. `heads`: (words, right-aligned) of every column; `rows`: (cells as markup, strong); the first cell of a
    row is its heading."""
    top = "".join(
        tag("th", words(text), kind="r" if right else "", scope="col") if text.strip() else tag("td", "&nbsp;")
        for text, right in heads
    )
    short = len(heads) <= _MANY and all(len(cells[0]) <= _NAME for cells, _ in rows)
    body = []
    for cells, strong in rows:
        made = [tag("th", cells[0] or "&nbsp;", kind="n" if short else "", scope="row")]
        made += [tag("td", c, kind=_kind(c, right=right)) for c, (_, right) in zip(cells[1:], heads[1:], strict=True)]
        body.append(tag("tr", "".join(made), kind="strong" if strong else ""))
    told = tag("caption", words(caption)) if caption.strip() else ""
    made_of = f"{told}{tag('thead', tag('tr', top))}{tag('tbody', chr(10).join(body))}"
    whole = tag("table", made_of, kind="many" if len(heads) > _MANY else "")
    # moves sideways by itself where it is too wide, a phone for one; else the whole message would
    return (
        tag("div", whole, kind="wide", role="group", tabindex="0", **{"aria-label": caption.strip() or "Tabell"}) + "\n"
    )


def _kind(cell: str, *, right: bool) -> str:
    """A cell's class; numbers stay on one line, words may take several."""
    whole = right and len(cell) <= _NAME and any(c.isdigit() for c in cell)
    return " ".join(k for k, given in (("r", right), ("n", whole)) if given)


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
            cells.append(tag("strong", said, kind=row.judgement) if arrow else said)
        if chart.drawn:
            cells.append(_bar(row.bar))
        rows.append((cells, row.strong))
    return grid(caption, heads, rows)


def _bar(parts: Sequence[float]) -> str:
    """Blocks in the parts' tints, rounded so that the whole is as long as it should be; a single bar ends in halves."""
    if len(parts) == 1:
        halves = round(min(parts[0], 1.0) * _BLOCKS * 2)
        made = "█" * (halves // 2) + "▌" * (halves % 2)
        spans = [made] if made else []
    else:
        blocks, at, drawn, spans = _BLOCKS if len(parts) <= 3 else _NARROW, 0.0, 0, []
        for k, part in enumerate(parts):
            at += part
            count = round(min(at, 1.0) * blocks) - drawn
            drawn += count
            if count > 0:
                spans.append(tag("span", "█" * count, f"color:#{tone(k, len(parts))};"))
    return f'<span class="bar" aria-hidden="true">{"".join(spans)}</span>' if spans else ""
