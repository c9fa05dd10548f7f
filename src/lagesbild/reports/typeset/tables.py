"""A table as data for the templates: cells as they are written, marks, footnotes numbered, widths that hold words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from lagesbild.components.model import Drawn, Row, Special, Table
from lagesbild.components.table import Footnotes, cell_text, is_number
from lagesbild.reports.fonts import divided, fitted, line_count, one_line, width
from lagesbild.reports.nodes import MARK_WORDS, mark
from lagesbild.reports.typeset.sizes import FLOOR, HEAD, NOTE, SUMMARY, TABLE

PAD: Final = 4.0  # points on each side of a cell's words
_MARK: Final = 13.0  # a flag or arrow and the room beside it
_CHOSEN: Final = 7.0
_AROUND: Final = 5.8  # points above and under the lines of a row
_TITLE_WORD: Final = 50.0  # points: a longer word in a heading over numbers may be divided
_TITLE_LINES: Final = 6  # more of a heading than this is cut
_SLACK: Final = 0.6  # kerning and rounding
_AGAIN: Final = "–"  # no number, for the reason that stands in the row
EMPTY: Final = "Det finns inga uppgifter att visa för urvalet."


def table_data(table: Table, room: float, size: float = TABLE) -> dict[str, Any]:
    """The table within `room` points in type of `size`: smaller, and with long words divided, only when it must be."""
    notes = Footnotes(table.footnotes)
    rows = [_row(table, row, notes) for row in table.rows]
    widths = _widths(table, rows, room, size)
    if widths is None:
        size = min(FLOOR, size)
        widths = _widths(table, rows, room, size) or _forced(table, rows, room, size)
        for row in rows:
            for cell, wide in zip(row["cells"], widths, strict=True):
                cell["text"] = divided(cell["text"], wide - 2 * PAD - _beside(cell), size, bold=row["strong"])
    head = min(HEAD, size)
    titles = [
        divided(fitted(one_line(c.title), _TITLE_LINES * (w - 2 * PAD), head), w - 2 * PAD, head)
        for c, w in zip(table.columns, widths, strict=True)
    ]
    lines = [_lines([c["text"] for c in row["cells"]], widths, size) for row in rows] or [1]
    return {
        "height": sum(n * size * 1.21 + _AROUND for n in (_lines(titles, widths, head), *lines)) + 4,
        "caption": divided(one_line(table.caption), room, SUMMARY, bold=True),
        "size": size,
        "widths": widths,
        "right": [is_number(c) for c in table.columns],
        "groups": _groups(table, widths),
        "titles": titles,
        "rows": rows,
        "empty": "" if rows else EMPTY,
        "notes": [
            [sign, divided(one_line(text), room - 8, NOTE)]
            for sign, text in (*notes.numbered, *(("", t) for t in table.footnotes))
        ],
    }


def _lines(texts: Sequence[str], widths: Sequence[float], size: float) -> int:
    """How many lines the tallest cell of a row has."""
    return max(line_count(t, w - 2 * PAD, size, bold=True) for t, w in zip(texts, widths, strict=True))


def _groups(table: Table, widths: Sequence[float]) -> list[list[Any]]:
    """Headings over several columns: words and how many columns; none when no column has one."""
    out: list[list[Any]] = []
    at = 0
    for name, members in groupby(table.columns, key=lambda c: c.group):
        n = len(list(members))
        out.append([divided(one_line(name), sum(widths[at : at + n]) - 2 * PAD, HEAD), n])
        at += n
    return out if any(c.group for c in table.columns) else []


def _row(table: Table, row: Row, notes: Footnotes) -> dict[str, Any]:
    cells: list[dict[str, Any]] = []
    for value, column in zip(row.cells, table.columns, strict=True):
        drawn = mark(value.node) if isinstance(value, Drawn) else ""
        special = value if isinstance(value, Special) else None
        absent = special is not None or value is None or (isinstance(value, float) and math.isnan(value))
        cells.append(
            {
                "text": one_line(cell_text(value, column)),
                "mark": drawn,
                "mark_words": MARK_WORDS.get(drawn, ""),
                "note": notes.mark(special) if special else "",
                "absent": absent,
            }
        )
    said = {c["text"] for c in cells if not c["absent"]}
    for cell in cells:  # "kan inte bedömas" once a row: where that is the row's state, its numbers need not say it too
        if cell["absent"] and cell["text"] in said:
            cell["text"] = _AGAIN
    if row.note:
        cells[0]["text"] += f" ({one_line(row.note)})"
    return {"cells": cells, "strong": row.emphasis != "", "chosen": row.emphasis == "chosen"}


def _beside(cell: dict[str, Any]) -> float:
    """Room for what stands beside a cell's words."""
    return (_MARK if cell["mark"] else 0.0) + (4.0 if cell["note"] else 0.0)


def _widths(table: Table, rows: Sequence[dict[str, Any]], room: float, size: float) -> list[float] | None:
    """Column widths that add up to `room`, each at least its longest word; None when that cannot be.

    Every column gets what it wishes (its longest line) and an equal part of what is left, or else something between its
    longest word and its wish.
    """
    wish, least = [], []
    head = min(HEAD, size)
    chosen = any(row["chosen"] for row in rows)
    for k, column in enumerate(table.columns):
        title = [width(w, head) for w in one_line(column.title).split(" ")]
        cells = [row["cells"][k] for row in rows]
        bold = [row["strong"] for row in rows]
        lines = [width(c["text"], size, bold=b) + _beside(c) for c, b in zip(cells, bold, strict=True)]
        parts = [
            width(w, size, bold=b) + _beside(c) for c, b in zip(cells, bold, strict=True) for w in c["text"].split(" ")
        ]
        outer = k == 0 or (k == len(table.columns) - 1 and is_number(column))
        extra = PAD * (1 if outer else 2) + _SLACK + (_CHOSEN if chosen and k == 0 else 0.0)
        # numbers stay on one line; a heading may take several
        wish.append(max([*lines, width(one_line(column.title), head)]) + extra)
        least.append((max(lines, default=0.0) if is_number(column) else max(parts, default=0.0)) + extra)
        least[k] = max(least[k], max(title) + extra)
    if sum(wish) <= room:
        rest = (room - sum(wish)) / len(wish)
        return [w + rest for w in wish]
    if sum(least) > room:
        return None
    more = [w - n for w, n in zip(wish, least, strict=True)]
    return [n + m * (room - sum(least)) / sum(more) for n, m in zip(least, more, strict=True)]


def _forced(table: Table, rows: Sequence[dict[str, Any]], room: float, size: float) -> list[float]:
    """Widths when words must be divided: numbers stay whole while they leave a third to the texts."""
    numbers: dict[int, float] = {}
    for k, column in enumerate(table.columns):
        if is_number(column):
            cells = [width(r["cells"][k]["text"], size, bold=True) + _beside(r["cells"][k]) for r in rows]
            word = max(width(w, min(HEAD, size)) for w in one_line(column.title).split(" "))
            numbers[k] = max([*cells, min(word, _TITLE_WORD)]) + 2 * PAD + _SLACK
    texts = len(table.columns) - len(numbers)
    rest = room - sum(numbers.values())
    if not texts or rest < room / 3:
        return [room / len(table.columns)] * len(table.columns)
    return [numbers.get(k, rest / texts) for k in range(len(table.columns))]
