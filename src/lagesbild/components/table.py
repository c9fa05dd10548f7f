"""A semantic table from a `Table`: caption, scopes, the country first, the sorted column marked, absence shown."""

from __future__ import annotations

import math
from itertools import groupby
from typing import Any, Final, Protocol

from lagesbild.components.html import el, hidden
from lagesbild.components.model import Column, Drawn, Row, Special, Table
from lagesbild.components.status_cell import special_cell
from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import count, decimal, signed, some_percent

_TOO_FEW_TO_ORDER: Final = 2  # rows
_DECIMALS = {"share": 1, "probability": 0, "points": 1, "days": 0, "number": 1, "count": 0, "signed": 0}


def decimals(column: Column) -> int:
    """How many decimals a column shows."""
    return _DECIMALS.get(column.kind, 0) if column.decimals is None else column.decimals


def is_number(column: Column) -> bool:
    return column.kind not in ("text", "month")


def cell_text(value: Any, column: Column) -> str:
    """A cell in Swedish form. None and NaN are "saknas"; a `Special` is its own word."""
    if isinstance(value, Drawn):
        return cell_text(value.value, column)
    if isinstance(value, Special):
        return plain_text(special_cell(value))
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "saknas"
    if isinstance(value, Month):
        return value.sv
    if isinstance(value, str):
        return value
    n = decimals(column)
    match column.kind:
        case "count":
            return count(value)
        case "signed" | "points":
            return signed(value, n)
        case "share" | "probability":
            return some_percent(value, n)
        case "days" | "number":
            return decimal(value, n)
        case _:
            return str(value)


def plain_text(nodes: Any) -> str:
    """The words that are seen of a node or several."""
    return "".join(_plain(nodes))


def _plain(nodes: Any) -> list[str]:
    if isinstance(nodes, dict):
        return [] if nodes["props"].get("className") == "vh" else _plain(nodes["props"].get("children"))
    if isinstance(nodes, (list, tuple)):
        return [t for n in nodes for t in _plain(n)]
    return [] if nodes is None else [str(nodes)]


class Sorting(Protocol):
    """Gives the address of the same page with a figure's table ordered by a column."""

    def __call__(self, figure: str, column: str, *, descending_first: bool) -> str: ...


def table_node(table: Table, *, figure: str = "", sorting: Sorting | None = None) -> dict[str, Any]:
    """The table in a box of its own that scrolls sideways when it must, with footnotes under it.

    With `sorting`, headings are links that order it (see `domain.table_order`).
    """
    notes = Footnotes(table.footnotes)
    body = [_row(table, row, notes) for row in table.rows[: table.most]]
    caption = el("Caption", table.caption)
    heads = _head(table, figure, sorting if len(table.rows) > _TOO_FEW_TO_ORDER else None)
    node = el(
        "Table", [caption, el("Thead", heads), el("Tbody", body)], className="tt stacked" if table.stacked else "tt"
    )
    box = el("Div", node, className="scroll", role="region", aria_label=table.caption, tabIndex=0)
    foot = [el("P", [el("Sup", mark), f" {text}"], className="src") for mark, text in notes.numbered]
    foot += [el("P", text, className="src") for text in table.footnotes]
    return el("Div", [_cut(table), box, *foot], className="table-box")


def _cut(table: Table) -> Any:
    """`De första 200 av 10 432 rader visas. Filerna har alla.` Nothing when all are shown."""
    if table.most is None or len(table.rows) <= table.most:
        return None
    text = f"De första {count(table.most)} av {count(len(table.rows))} rader visas. Filerna har alla."
    return el("P", text, className="src")


class Footnotes:
    """Numbers the reasons of special cells in reading order; the same reason has one number."""

    def __init__(self, given: tuple[str, ...]) -> None:
        self._given = set(given)
        self._numbers: dict[str, str] = {}

    def mark(self, cell: Special) -> str:
        if not cell.reason or cell.reason in self._given:
            return ""
        return self._numbers.setdefault(cell.reason, str(len(self._numbers) + 1))

    @property
    def numbered(self) -> list[tuple[str, str]]:
        return [(mark, reason) for reason, mark in self._numbers.items()]


def _head(table: Table, figure: str, sorting: Sorting | None) -> list[dict[str, Any]]:
    sort = _sort_direction(table)
    cells = []
    for column in table.columns:
        chosen = column.name == table.sorted_by
        title: list[Any] = [column.title]
        if chosen:
            title.append(el("Span", className=f"ico ico-chev sort-{sort}", aria_hidden="true"))
        if sorting is not None:
            href = sorting(figure, column.name, descending_first=is_number(column))
            title = [el("A", title, href=href, className="sort", id=f"ordna-{figure}-{column.name}")]
        cells.append(
            el(
                "Th",
                title,
                scope="col",
                className="num" if is_number(column) else "",
                aria_sort=sort if chosen and sort != "none" else None,
            )
        )
    rows = [el("Tr", cells)]
    if any(c.group for c in table.columns):
        groups = []
        for name, members in groupby(table.columns, key=lambda c: c.group):
            wide = len(list(members))
            if name:
                groups.append(el("Th", name, scope="colgroup", colSpan=wide, className="group"))
            else:
                groups.append(el("Td", None, colSpan=wide))
        rows.insert(0, el("Tr", groups))
    return rows


def _sort_direction(table: Table) -> str:
    index = next((i for i, c in enumerate(table.columns) if c.name == table.sorted_by), None)
    if index is None:
        return "none"
    if table.descending is not None:
        return "descending" if table.descending else "ascending"
    cells = [r.cells[index] for r in table.rows if r.emphasis != "country"]
    values = [c.value if isinstance(c, Drawn) else c for c in cells]
    kept = [v for v in values if v is not None and not isinstance(v, Special) and not isinstance(v, str)]
    if len(kept) < 2 or kept[0] == kept[-1]:
        return "none"
    return "ascending" if kept[0] < kept[-1] else "descending"


def _row(table: Table, row: Row, notes: Footnotes) -> dict[str, Any]:
    first = cell_text(row.cells[0], table.columns[0])
    head: list[Any] = [el("A", first, href=row.href) if row.href else first]
    if row.note:
        head.append(el("Span", f" {row.note}", className="prel"))
    if row.emphasis == "chosen":
        head.append(hidden(" (valt)"))
    cells = [el("Th", head, scope="row")]
    for value, column in zip(row.cells[1:], table.columns[1:], strict=True):
        kind = "num" if is_number(column) else ""
        beside = {"data_head": f"{column.group} {column.title}".strip()} if table.stacked else {}
        if isinstance(value, Drawn):
            cells.append(el("Td", value.node, className=f"{kind} drawn".strip(), **beside))
        elif isinstance(value, Special):
            cells.append(
                el(
                    "Td",
                    special_cell(value, notes.mark(value)),
                    className=f"{kind} st st-{value.state}".strip(),
                    **beside,
                )
            )
        elif value is None or (isinstance(value, float) and math.isnan(value)):
            cells.append(
                el("Td", special_cell(Special("missing")), className=f"{kind} st st-missing".strip(), **beside)
            )
        else:
            cells.append(el("Td", cell_text(value, column), className=kind, **beside))
    return el("Tr", cells, className={"country": "nat", "chosen": "me"}.get(row.emphasis, ""))
