"""Real tables on slides: header row flagged, Swedish numbers, split over slides by rows and, when wide, by columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.util import Inches

from lagesbild.components.model import Column, Row, Table
from lagesbild.components.table import cell_text, is_number
from lagesbild.components.typed import heading, marked_columns
from lagesbild.reports.pptx_text import Run, describe, height, write
from lagesbild.reports.pptx_theme import INK, INNER

_SIZES: Final = (14.0, 13.0, 12.0, 11.0)
_SPLIT: Final = (12.0, 11.0, 10.0)  # when one slide is not enough: the largest that needs the fewest
_PLAIN: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # Office's "no style, no grid"
_PAD: Final = 0.14  # between columns
_A: Final = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


@dataclass(frozen=True)
class Piece:
    """What of a table one slide holds. `columns`: indexes; `widths` in inches, as many."""

    columns: tuple[int, ...]
    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    size: float


def pieces(table: Table, tall: float) -> list[Piece]:
    """The table as slides hold it, `tall` inches each: every piece has the header, and the first column again."""
    for size in _SIZES:
        made = _split(table, tall, size)
        if len(made) == 1:
            return made
    return min((_split(table, tall, size) for size in _SPLIT), key=len)


def without(table: Table, names: Collection[str]) -> Table:
    """The table without some of its columns, by name."""
    places = [k for k, c in enumerate(table.columns) if c.name not in names]
    return replace(
        table,
        columns=tuple(table.columns[k] for k in places),
        rows=tuple(replace(r, cells=tuple(r.cells[k] for k in places)) for r in table.rows),
    )


def _split(table: Table, tall: float, size: float) -> list[Piece]:
    columns = marked_columns(table)
    out = []
    for chosen, widths in _column_groups(table, columns, size):
        out += [Piece(chosen, widths, rows, size) for rows in _row_groups(table, columns, chosen, widths, tall, size)]
    return out


def _cells(row: Row, columns: Sequence[Column]) -> list[str]:
    return [cell_text(v, c) for v, c in zip((*row.cells, row.note), columns, strict=False)]


def _column_groups(
    table: Table, columns: Sequence[Column], size: float
) -> list[tuple[tuple[int, ...], tuple[float, ...]]]:
    """Columns that have room beside each other, and their widths."""
    texts = [_cells(r, columns) for r in table.rows]
    wanted = []
    for k, column in enumerate(columns):
        words = [w for t in texts for w in [t[k]]]
        head = heading(column)
        longest = max((len(w) for w in words), default=0)
        # a heading may take three lines, a cell of words two; a number is kept whole
        needed = max(
            longest if is_number(column) else min(longest, max(18, longest // 2)),
            -(-len(head) // 3),
            *(-(-len(w) * 9 // 8) for w in head.split()),  # bold
            4,
        )
        wanted.append(min(needed * size * 0.62 / 72 + _PAD + 0.03, INNER * 0.6))
    groups: list[list[int]] = [[0]]
    for k in range(1, len(columns)):
        if len(groups[-1]) > 1 and sum(wanted[i] for i in groups[-1]) + wanted[k] > INNER:
            groups.append([0])
        groups[-1].append(k)
    out = []
    for group in groups:
        total = sum(wanted[i] for i in group)
        stretch = min(1.6, INNER / total)
        out.append((tuple(group), tuple(wanted[i] * stretch for i in group)))
    return out


def _row_groups(
    table: Table,
    columns: Sequence[Column],
    chosen: Sequence[int],
    widths: Sequence[float],
    room: float,
    size: float,
) -> list[tuple[Row, ...]]:
    """Rows that have room under each other, about as many in each group."""
    head = _row_height([heading(columns[i]) for i in chosen], widths, size, bold=True)
    heights = []
    for row in table.rows:
        cells = _cells(row, columns)
        heights.append(_row_height([cells[i] for i in chosen], widths, size))
    most = len(table.rows)
    while True:
        groups: list[list[Row]] = [[]]
        used = head
        for row, tall in zip(table.rows, heights, strict=True):
            if groups[-1] and (used + tall > room or len(groups[-1]) >= most):
                groups.append([])
                used = head
            groups[-1].append(row)
            used += tall
        even = -(-len(table.rows) // len(groups))
        if even >= most:
            return [tuple(g) for g in groups]
        most = even


def _row_height(texts: Sequence[str], widths: Sequence[float], size: float, *, bold: bool = False) -> float:
    return max(height([t], w - _PAD, size, bold=bold) for t, w in zip(texts, widths, strict=True)) + 0.07


def insert_table(holder: Any, table: Table, piece: Piece) -> Any:
    """Fills a table placeholder; gives the graphic frame."""
    columns = marked_columns(table)
    frame = holder.insert_table(rows=len(piece.rows) + 1, cols=len(piece.columns))
    made = frame.table
    made.first_row, made.first_col, made.horz_banding = True, True, False
    made._tbl.tblPr.find("{*}tableStyleId").text = _PLAIN
    for k, width in enumerate(piece.widths):
        made.columns[k].width = Inches(width)
    frame.width = Inches(sum(piece.widths))
    heads = [heading(columns[i]) for i in piece.columns]
    _fill(made.rows[0], heads, piece, columns, bold=True, color="ink-2", line="ink", weight=1.25)
    for y, row in enumerate(piece.rows, 1):
        cells = _cells(row, columns)
        _fill(
            made.rows[y],
            [cells[i] for i in piece.columns],
            piece,
            columns,
            bold=bool(row.emphasis),
            color="ink",
            line="line",
            weight=0.75,
        )
    frame.height = sum(r.height for r in made.rows)
    describe(frame, alt(table, piece), f"Tabell: {table.caption}"[:80])
    return frame


def alt(table: Table, piece: Piece) -> str:
    columns = marked_columns(table)
    titles = ", ".join(heading(columns[i]) for i in piece.columns)
    return f"Tabell. {table.caption}. {len(piece.rows)} rader. Kolumner: {titles}."


def _fill(
    row: Any, texts: Sequence[str], piece: Piece, columns: Sequence[Column], *,
    bold: bool, color: str, line: str, weight: float,
) -> None:  # fmt: skip
    row.height = Inches(_row_height(texts, piece.widths, piece.size, bold=bold))
    for cell, text, index in zip(row.cells, texts, piece.columns, strict=True):
        right = is_number(columns[index])
        first = index == piece.columns[0]
        cell.margin_left = Inches(0.0 if first else _PAD)
        cell.margin_right = Inches(0.0 if right else 0.02)
        cell.margin_top = cell.margin_bottom = Inches(0.025)
        cell.vertical_anchor = MSO_ANCHOR.BOTTOM if weight > 1 else MSO_ANCHOR.MIDDLE
        write(cell.text_frame, [[Run(text, piece.size, bold, color)]], align="r" if right else "l")
        properties = cell._tc.get_or_add_tcPr()
        properties.insert(
            0,
            parse_xml(
                f'<a:lnB {_A} w="{round(weight * 12700)}" cap="flat" cmpd="sng"><a:solidFill><a:srgbClr '
                f'val="{INK[line][1:]}"/></a:solidFill><a:prstDash val="solid"/></a:lnB>'
            ),
        )
