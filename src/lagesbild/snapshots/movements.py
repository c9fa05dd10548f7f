"""From the earlier snapshot's last month to the later's: how much of the way is revision, how much is new months."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from lagesbild.snapshots.difference import Movement
from lagesbild.snapshots.manifest import Measure
from lagesbild.snapshots.tables import Cell, Key, Rows, same_number, same_unit

PERIOD: Final = "period"


def movements(before: Mapping[str, Rows], after: Mapping[str, Rows]) -> Iterator[Movement]:
    """One for each series and measure of facts that both have, most revised first within a measure.

    Months are compared as text, `2024-01`. A series whose numbers are the same and whose last month is the same is left
    out.
    """
    for dataset, b in after.items():
        a = before.get(dataset)
        if a is None or a.table.keys != b.table.keys or b.table.kind != "facts" or PERIOD not in b.table.keys:
            continue
        at = b.table.keys.index(PERIOD)
        then, last = _last_months(a, at), _last_months(b, at)
        for measure in b.table.measures:
            if measure.form in ("text", "flag") or not _in_both(a, measure):
                continue
            found = [
                m
                for series, month in then.items()
                if series in last and (m := _movement(dataset, measure, a, b, at, series, month, last[series]))
            ]
            yield from sorted(found, key=lambda m: (-abs(m.revision or 0.0), m.key))


def _last_months(rows: Rows, at: int) -> dict[Key, str]:
    """Series (the key without its month) -> its last month with a row."""
    found: dict[Key, str] = {}
    for key in rows.cells:
        series = key[:at] + key[at + 1 :]
        if key[at] > found.get(series, ""):
            found[series] = key[at]
    return found


def _in_both(a: Rows, measure: Measure) -> bool:
    return any(m.name == measure.name and same_unit(m, measure) for m in a.table.measures)


def _movement(
    dataset: str, measure: Measure, a: Rows, b: Rows, at: int, series: Key, then: str, last: str
) -> Movement | None:
    def key(month: str) -> Key:
        return (*series[:at], month, *series[at:])

    x, y, z = a.at(key(then), measure.name), b.at(key(then), measure.name), b.at(key(last), measure.name)
    if (x and x.protected) or (y and y.protected):
        x = y = None  # protected in one of them: the number in the other is not told beside it
    told = Movement(dataset, measure.name, series, then, _number(x), _number(y), last, _number(z))
    if told.then is None and told.now is None and told.last is None:
        return None
    return None if then == last and same_number(told.then, told.now) else told


def _number(cell: Cell | None) -> float | None:
    return cell.number if cell is not None and cell.shown else None
