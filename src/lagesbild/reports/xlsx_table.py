"""One table on one sheet: the header in the first row, so that filters, pivots and programs find it."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.model import Column, Row
from lagesbild.components.table import cell_text
from lagesbild.components.typed import heading, marked_columns, reasons
from lagesbild.reports.about import figure_notes
from lagesbild.reports.document import Figure, Stamp
from lagesbild.reports.xlsx_cells import Styles, cell, text

_NARROW: Final = 10  # characters
_WIDE: Final = 48


def table_sheet(book: Any, sheet: Any, figure: Figure, stamp: Stamp, styles: Styles) -> None:
    """Header (frozen, filtered, repeated on paper), typed rows, and under an empty row what must follow them."""
    table = figure.table
    columns = marked_columns(table)
    for x, column in enumerate(columns):
        text(sheet, 0, x, heading(column) or f"Kolumn {x + 1}", styles.head)
        sheet.set_column(x, x, _width(column, x, table.rows))
    for y, row in enumerate(table.rows, 1):
        strong = bool(row.emphasis)
        for x, (value, column) in enumerate(zip((*row.cells, row.note), columns, strict=False)):
            cell(sheet, y, x, value, column, styles, strong=strong, exact=stamp.exact)
    last = max(1, len(table.rows))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    sheet.repeat_rows(0)
    words = [table.caption, figure.title, figure.summary, *reasons(table), *figure_notes(figure)]
    said = list(dict.fromkeys(w for w in (stamp.synthetic, *words) if w))
    sheet.write_comment(0, 0, "\n".join(said)[:2000], {"author": "Lägesbild", "x_scale": 3, "y_scale": 2})
    # under an empty row the filter, and a pivot of the current region, end where the table does
    for y, line in enumerate(said, last + 2):
        text(sheet, y, 0, line, styles.muted)


def _width(column: Column, x: int, rows: tuple[Row, ...]) -> float:
    """Wide enough for every cell, and for the heading on three lines."""
    texts = [cell_text((*r.cells, r.note)[x], column) for r in rows]
    head = heading(column)
    needed = [*(len(t) for t in texts), -(-len(head) // 3), *(len(w) for w in head.split())]
    return float(min(_WIDE, max(_NARROW, *needed) + 3))
