"""Rows of text become typed rows: every cell read, every code known, and all that is wrong told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lagesbild.data.importers.blocks import Block
from lagesbild.data.importers.cells import Unreadable
from lagesbild.data.importers.codes import Codes, code_remedy, expected_code
from lagesbild.data.importers.columns import empty_column, parse_column
from lagesbild.data.importers.faults import Faults
from lagesbild.data.importers.headers import Header
from lagesbild.domain.dataset_spec import Column, Dataset


@dataclass(frozen=True)
class Typed:
    """Typed rows of one dataset, a column for each of its columns in order, all of the same length.

    `below[column]`: n where the cell was `<n`, else 0; columns without suppressed cells are left out.
    Rows whose key could not be read are left out; other unreadable cells are null (the file is rejected anyway).
    """

    dataset: Dataset
    lines: np.ndarray
    values: dict[str, pa.Array]
    below: dict[str, np.ndarray]
    done: int = 0

    @property
    def rows(self) -> int:
        return len(self.lines)

    def number(self, name: str) -> np.ndarray:
        """A number column as float64, NaN where empty or suppressed."""
        numbers: np.ndarray = self.values[name].cast(pa.float64()).to_numpy(zero_copy_only=False)
        return numbers

    def lower(self, name: str) -> np.ndarray:
        """The least a count can be: 0 for a suppressed cell."""
        return self._bound(name, 0)

    def upper(self, name: str) -> np.ndarray:
        """The most a count can be: n - 1 for a cell given as `<n`."""
        return self._bound(name, 1)

    def _bound(self, name: str, most: int) -> np.ndarray:
        numbers, below = self.number(name), self.below.get(name)
        return numbers if below is None else np.where(below > 0, (below - 1) * most, numbers)

    def shown(self, name: str, row: int) -> str:
        """A cell as the user would recognise it in a message."""
        below = self.below.get(name)
        if below is not None and below[row]:
            return f"<{below[row]}"
        value = self.values[name][row].as_py()
        return "" if value is None else str(value)


def read_block(dataset: Dataset, block: Block, header: Header, codes: Codes, today: date, faults: Faults) -> Typed:
    """All cells of a block. Faults are added; the rows with a readable key come back."""
    rows = len(block.lines)
    values: dict[str, pa.Array] = {}
    below: dict[str, np.ndarray] = {}
    lost = np.zeros(rows, bool)
    for column in dataset.columns:
        place = header.places.get(column.name)
        if place is None:
            values[column.name] = empty_column(column, rows)
            continue
        parsed = parse_column(column, block.cells[place], today)
        values[column.name] = parsed.values
        if parsed.below is not None:
            below[column.name] = parsed.below
        _tell(column, block, parsed.unreadable, faults)
        if column.key:
            lost[[row for row, _, _ in parsed.unreadable]] = True
        if column.references:
            _check_codes(column, parsed.values, block.lines, codes, faults)
        if column.required and not dataset.facts and not column.key and (column.references or not _is_text(column)):
            _check_filled(column, block, place, faults)
    typed = Typed(dataset, block.lines, values, below, block.done)
    return keep_rows(typed, ~lost) if lost.any() else typed


def keep_rows(typed: Typed, keep: np.ndarray) -> Typed:
    """The rows where `keep` is true."""
    mask = pa.array(keep)
    return Typed(
        typed.dataset,
        typed.lines[keep],
        {n: a.filter(mask) for n, a in typed.values.items()},
        {n: b[keep] for n, b in typed.below.items()},
        typed.done,
    )


def _tell(column: Column, block: Block, unreadable: Iterable[tuple[int, str, Unreadable]], faults: Faults) -> None:
    for row, text, why in unreadable:
        faults.add(int(block.lines[row]), column.name, text, why.expected, why.remedy)


def _is_text(column: Column) -> bool:
    return column.kind in ("text", "codes", "choice")


def _check_filled(column: Column, block: Block, place: int, faults: Faults) -> None:
    """Reference rows without their number or code would be of no use (a limit without days, a provider nowhere)."""
    empty = pc.equal(pc.utf8_trim_whitespace(block.cells[place]), "").to_numpy(zero_copy_only=False)
    for row in np.flatnonzero(empty):
        faults.add(int(block.lines[row]), column.name, "", f"ett värde i kolumnen {column.name}", "Fyll i cellen.")


def _check_codes(column: Column, values: pa.Array, lines: np.ndarray, codes: Codes, faults: Faults) -> None:
    known = codes.by_dataset[column.references]
    unknown = [code for code in pc.unique(values).to_pylist() if code and code not in known]
    if not unknown:
        return
    wrong = pc.is_in(values, value_set=pa.array(unknown, pa.string())).to_numpy(zero_copy_only=False)
    remedies = {code: code_remedy(column.references, code, known) for code in unknown[:1000]}
    for row in np.flatnonzero(wrong):
        if faults.full():
            faults.count_more(1)
            continue
        code = values[int(row)].as_py()
        faults.add(
            int(lines[row]), column.name, code, expected_code(column.references), remedies.get(code, "Rätta koden.")
        )
