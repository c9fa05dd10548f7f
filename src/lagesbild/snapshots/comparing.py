"""Two snapshots side by side, from the files alone: what was revised, what is new, what the forecast says now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from lagesbild.domain.errors import SnapshotError
from lagesbild.snapshots.aspects import aspects, notes
from lagesbild.snapshots.bundle import Bundle
from lagesbild.snapshots.difference import KINDS, Change, Difference, Kind
from lagesbild.snapshots.manifest import Measure, moment_sv
from lagesbild.snapshots.movements import PERIOD, movements
from lagesbild.snapshots.tables import Cell, Key, Rows, Seen, read_rows, same_number, same_unit
from lagesbild.snapshots.verifying import check, summary

_OF_A_RUN: Final = ("revision", "withdrawn", "new", "late", "gone")  # what another run does to its own tables
_ORDER: Final = {kind: k for k, kind in enumerate(KINDS)}
# the column of a code -> the dataset that names it, and where the name stands
_NAMES: Final = {
    "region": "regions",
    "home_region": "regions",
    "treating_region": "regions",
    "care_area": "care-areas",
    "provider": "providers",
}
_NAME_COLUMNS: Final = ("short_name", "name")


def compare(first: Bundle, second: Bundle, shown: tuple[str, str] = ("den ena", "den andra")) -> Difference:
    """Everything that sets two snapshots apart, given in any order: the earlier is that of the earlier moment.

    Raises SnapshotError when one of them is not genuine (a changed file must not be compared as if it were what was
    frozen) or a table cannot be read.
    """
    for bundle, name in ((first, shown[0]), (second, shown[1])):
        report = check(bundle, name)
        if not report.genuine:
            raise SnapshotError(
                f"”{name}” är {summary(report)}.",
                "Den jämförs inte. Pröva den med `lagesbild snapshot verify`, eller hämta den på nytt.",
            )
    if second.manifest.as_of < first.manifest.as_of:
        first, second, shown = second, first, (shown[1], shown[0])
    seen: Seen = {}
    before = {d: read_rows(first, d, shown[0], seen) for d in first.manifest.tables}
    after = {d: read_rows(second, d, shown[1], seen) for d in second.manifest.tables}
    other_run = first.manifest.forecast_run != second.manifest.forecast_run
    told = list(notes(first.manifest, second.manifest))
    changes: list[Change] = []
    for dataset in _in_order(first, second):
        a, b = before.get(dataset), after.get(dataset)
        if a is None or b is None:
            where = moment_sv((first if b is None else second).manifest)
            present = a if b is None else b
            told.append(f"Tabellen {present.table.title if present else dataset} finns bara i bilden från {where}.")
            continue
        if a.table.keys != b.table.keys or a.table.kind != b.table.kind:
            told.append(f"Tabellen {b.table.title} är uppbyggd på olika sätt i bilderna och jämförs inte.")
            continue
        told += _uncomparable(a, b)
        changes += _changes(dataset, a, b, other_run=other_run)
    return Difference(
        first.manifest,
        second.manifest,
        tuple(told),
        aspects(first.manifest, second.manifest, before, after, changes),
        tuple(_sorted(changes, second, first)),
        tuple(movements(before, after)),
        {**_names(before), **_names(after)},
    )


def _in_order(first: Bundle, second: Bundle) -> list[str]:
    """Datasets in the order of the files in the later manifest's tables, then those only in the earlier."""
    return list(dict.fromkeys([*second.manifest.tables, *first.manifest.tables]))


def _uncomparable(a: Rows, b: Rows) -> Iterator[str]:
    """Measures that only one has, or that mean something else in the other."""
    before = {m.name: m for m in a.table.measures}
    after = {m.name: m for m in b.table.measures}
    for name in dict.fromkeys([*after, *before]):
        told = (after.get(name) or before[name]).title
        if name not in before or name not in after:
            which = "senare" if name in after else "tidigare"
            yield f"Måttet {told} i tabellen {b.table.title} finns bara i den {which} bilden."
        elif not same_unit(before[name], after[name]):
            yield f"Måttet {told} i tabellen {b.table.title} har olika enhet i bilderna och jämförs inte."


def _changes(dataset: str, a: Rows, b: Rows, *, other_run: bool) -> Iterator[Change]:
    places = {m.name: k for k, m in enumerate(a.table.measures)}
    both = [
        (m, places[m.name], k)
        for k, m in enumerate(b.table.measures)
        if m.name in places and same_unit(a.table.measures[places[m.name]], m)
    ]
    told = _reference if b.table.kind == "reference" else _fact
    new_run = b.table.kind == "forecast" and other_run
    month = b.table.keys.index(PERIOD) if b.table.kind == "facts" and PERIOD in b.table.keys else None
    first = "" if month is None else min((key[month] for key in b.cells), default="")
    for key in [*b.cells, *(k for k in a.cells if k not in b.cells)]:
        earlier, later = a.cells.get(key), b.cells.get(key)
        for measure, at, bt in both:
            x, y = earlier[at] if earlier else None, later[bt] if later else None
            if x is y:  # equal cells are one object
                continue
            change = told(dataset, key, measure, x, y)
            if change and new_run and change.kind in _OF_A_RUN:
                change = change._replace(kind="forecast")
            elif change and change.kind == "gone" and month is not None and key[month] < first:
                change = change._replace(kind="slid")
            if change:
                yield change


def _reference(dataset: str, key: Key, measure: Measure, x: Cell | None, y: Cell | None) -> Change | None:
    if x and y and (x.text == y.text or same_number(x.number, y.number)):
        return None
    return _change("definition", dataset, key, measure, x, y)


def _fact(dataset: str, key: Key, measure: Measure, x: Cell | None, y: Cell | None) -> Change | None:
    """None when nothing sets the two apart, or when there was nothing and is nothing to tell."""
    if measure.form == "flag":
        return _change("status", dataset, key, measure, x, y) if x and y and x.text != y.text else None
    if x is None or y is None:
        known = x or y
        if known is None or not known.shown:
            return None
        return _change("new" if y else "gone", dataset, key, measure, x, y)
    if x.shown and y.shown:
        same = x.text == y.text or same_number(x.number, y.number)
        return None if same else _change("revision", dataset, key, measure, x, y)
    kind = _turn(x, y)
    if kind is None:
        return None
    if kind == "late":
        return _change(kind, dataset, key, measure, None, y)
    if kind == "withdrawn":
        return Change(kind, dataset, key, measure.name, x.number, None, x.text, y.state)
    # what the rules for small counts take away or give back is told without the number, also the one that is known
    return Change(kind, dataset, key, measure.name, before_text=x.state, after_text=y.state)


def _turn(x: Cell, y: Cell) -> Kind | None:
    """What has happened to a cell that has a number in one of the snapshots at most, or in neither."""
    if x.state == y.state or (x.protected and y.protected):
        return None
    if y.protected:
        return "hidden" if x.shown else "absent"
    if x.protected:
        return "shown" if y.shown else "absent"
    return "late" if y.shown else "withdrawn" if x.shown else "absent"


def _change(kind: Kind, dataset: str, key: Key, measure: Measure, x: Cell | None, y: Cell | None) -> Change:
    return Change(
        kind,
        dataset,
        key,
        measure.name,
        x.number if x else None,
        y.number if y else None,
        x.text if x else "",
        y.text if y else "",
    )


def _sorted(changes: list[Change], later: Bundle, earlier: Bundle) -> list[Change]:
    datasets = {d: k for k, d in enumerate(_in_order(earlier, later))}
    measures = {
        (d, m.name): k
        for bundle in (earlier, later)
        for d, table in bundle.manifest.tables.items()
        for k, m in enumerate(table.measures)
    }
    return sorted(
        changes, key=lambda c: (datasets[c.dataset], _ORDER[c.kind], measures[c.dataset, c.measure], -c.size, c.key)
    )


def _names(tables: Mapping[str, Rows]) -> dict[tuple[str, str], str]:
    """(column, code) -> the name that the snapshot's own lists of codes give it."""
    found = {}
    for column, dataset in _NAMES.items():
        rows = tables.get(dataset)
        if rows is None or len(rows.table.keys) != 1:
            continue
        columns = [m.name for m in rows.table.measures if m.form == "text"]
        for name in reversed(_NAME_COLUMNS):
            if name in columns:
                for (code,) in rows.cells:
                    cell = rows.at((code,), name)
                    if cell and cell.text:
                        found[column, code] = cell.text
    return found
