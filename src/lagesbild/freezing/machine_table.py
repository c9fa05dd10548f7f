"""A machine table and its line in the manifest, made together so that they cannot disagree."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from lagesbild.snapshots.manifest import Measure, Table

Value = str | float | None


@dataclass(frozen=True)
class MachineTable:
    """`dataset`: its name in the contract. `content`: the CSV. `told`: what the manifest says of it."""

    dataset: str
    content: bytes
    told: Table

    @property
    def file(self) -> str:
        return self.told.file


def machine_table(
    dataset: str,
    title: str,
    keys: Sequence[str],
    measures: Sequence[Measure],
    rows: Iterable[Sequence[Value]],
    *,
    kind: Literal["facts", "forecast", "reference"] = "facts",
) -> MachineTable:
    """UTF-8, comma, decimal point, line feed; None is an empty cell.

    `rows`: for each the keys, then for every measure its value and, when the measure has a state, the state. They are
    written in the order of their keys, whatever order they come in. Numbers are written as Python writes them: the
    shortest text that reads back the same, so two machines write the same bytes.
    """
    header = [*keys]
    for m in measures:
        header += [m.name, m.state] if m.state else [m.name]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    n = len(keys)
    for row in sorted(rows, key=lambda r: tuple(str(v) for v in r[:n])):
        if len(row) != len(header):
            raise ValueError(f"{dataset}: {len(row)} values for {len(header)} columns")
        writer.writerow(_text(v) for v in row)
    told = Table(title=title, file=f"data/{dataset}.csv", keys=tuple(keys), measures=tuple(measures), kind=kind)
    return MachineTable(dataset, out.getvalue().encode(), told)


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return (
            str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))
        )  # numpy's repr differs
    return str(value)
