"""The machine tables of a snapshot as rows by key, as `compare` needs them. Plain Python: no frames, no database."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from lagesbild.domain.errors import SnapshotError
from lagesbild.snapshots.bundle import Bundle
from lagesbild.snapshots.manifest import Measure, Table
from lagesbild.snapshots.names import written_out

SHOWN: Final = ""
MISSING: Final = "missing"
PROTECTED: Final = frozenset({"suppressed", "secondary"})  # states that the small-count rules set
Key = tuple[str, ...]
_CLOSE: Final = 1e-9  # relative; machines differ in the last digits of a share
_AGAIN: Final = "Pröva filen med `lagesbild snapshot verify`, eller hämta den på nytt."


class Cell(NamedTuple):
    """A value, or why there is none. `number` is None for text; `text` is as it stands in the file."""

    text: str
    number: float | None
    state: str

    @property
    def shown(self) -> bool:
        return self.state == SHOWN

    @property
    def protected(self) -> bool:
        return self.state in PROTECTED


@dataclass(frozen=True)
class Rows:
    """A table's rows by key, and of each a cell for every measure, in the manifest's order."""

    table: Table
    cells: Mapping[Key, tuple[Cell, ...]]

    def at(self, key: Key, measure: str) -> Cell | None:
        row = self.cells.get(key)
        return None if row is None else row[[m.name for m in self.table.measures].index(measure)]


Seen = dict[tuple[str, str | None, bool], Cell]


def read_rows(bundle: Bundle, dataset: str, shown: str, seen: Seen | None = None) -> Rows:
    """Read `data/<dataset>.csv` as the manifest says it is built. `shown`: the snapshot's name in messages.

    `seen`: cells made so far, of which equal ones are made once: two snapshots of 420 000 cells each have some thousand
    different ones, and what is the same object need not be compared.

    Raises SnapshotError when the file is not there, lacks a column, has a row too long or short, the same key twice, or
    something else than a number where one belongs.
    """
    table = bundle.manifest.tables[dataset]
    content = bundle.files.get(table.file)
    if content is None:
        raise _wrong(shown, table, "saknas")
    try:
        lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        header = next(lines, [])
        columns = _columns(table, header, shown)
        cells: dict[Key, tuple[Cell, ...]] = {}
        known: Seen = {} if seen is None else seen
        for row in lines:
            if len(row) != len(header):
                raise _wrong(shown, table, f"har fel antal kolumner på rad {lines.line_num}")
            key = tuple(row[at] for at in columns.keys)
            if key in cells:
                raise _wrong(shown, table, f"har samma nyckel två gånger, rad {lines.line_num}")
            made = []
            for at, state, number in columns.measures:
                raw = (row[at], row[state] if state >= 0 else None, number)
                cell = known.get(raw)
                if cell is None:
                    cell = known[raw] = _cell(*raw)
                made.append(cell)
            cells[key] = tuple(made)
    except (UnicodeDecodeError, csv.Error, ValueError) as error:
        raise _wrong(shown, table, "går inte att läsa som tabell") from error
    return Rows(table, cells)


def same_number(x: float | None, y: float | None) -> bool:
    """Whether two numbers are the same but for what machines make of the last digits; False when one is None."""
    return x is not None and y is not None and math.isclose(x, y, rel_tol=_CLOSE, abs_tol=0.0)


def same_unit(a: Measure, b: Measure) -> bool:
    """Whether two measures of a name can be set beside each other."""
    return (a.form, a.unit) == (b.form, b.unit)


@dataclass(frozen=True)
class _Columns:
    keys: list[int]
    measures: list[tuple[int, int, bool]]  # value's place, state's place (-1 = none), whether a number


def _columns(table: Table, header: list[str], shown: str) -> _Columns:
    place = {name: k for k, name in enumerate(header)}
    wanted = [*table.keys, *(m.name for m in table.measures), *(m.state for m in table.measures if m.state)]
    lacking = next((name for name in wanted if name not in place), None)
    if lacking is not None:
        raise _wrong(shown, table, f"saknar kolumnen {written_out(lacking)}")
    measures = [
        (place[m.name], place[m.state] if m.state else -1, m.form not in ("text", "flag")) for m in table.measures
    ]
    return _Columns([place[name] for name in table.keys], measures)


def _cell(text: str, state: str | None, number: bool) -> Cell:
    """Raises ValueError for text where a number belongs."""
    if not number:
        return Cell(text, None, state or SHOWN)
    if not text:
        return Cell("", None, state or MISSING)
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return Cell(text, value, state or SHOWN)


def _wrong(shown: str, table: Table, said: str) -> SnapshotError:
    return SnapshotError(f"{written_out(table.file)} i ”{shown}” {said}.", _AGAIN)
