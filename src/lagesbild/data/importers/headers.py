"""Which column is which: English or Swedish headers, tolerant of case, spaces, underscores and missing å, ä, ö."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from lagesbild.data.importers.faults import Faults
from lagesbild.domain.dataset_spec import Column, Dataset

_SEPARATORS: Final = re.compile(r"[\s_\-–/.]+")
_PLAIN: Final = str.maketrans("åäöé", "aaoe")


@dataclass(frozen=True)
class Header:
    """`places` maps each column of the dataset that the file has to its place in a row; `width` cells are expected.

    `blank` are the places without a heading (their cells must be empty too); `x_` columns are in neither.
    """

    places: dict[str, int]
    blank: tuple[int, ...]
    width: int


def plain(text: str) -> str:
    """A heading without what people vary: `" Utförande_Region "` -> `"utforanderegion"`.

    >>> plain("Väntande 0-30") == plain("vantande_0_30")
    True
    """
    return _SEPARATORS.sub("", text.strip().lower()).translate(_PLAIN)


def aliases(dataset: Dataset) -> dict[str, Column]:
    """Every accepted heading, in plain form, and its column. An English name wins over a Swedish one."""
    return {plain(c.sv): c for c in dataset.columns} | {plain(c.name): c for c in dataset.columns}


def recognised(dataset: Dataset, cells: Sequence[str]) -> int:
    """How many of the cells are headings of the dataset; decides which delimiter a CSV file uses."""
    known = aliases(dataset)
    return sum(plain(c) in known for c in cells)


def read_header(dataset: Dataset, cells: Sequence[str], faults: Faults, line: int = 1) -> Header | None:
    """Place of every column. Unknown, repeated and missing columns become faults; then the answer is None."""
    known = aliases(dataset)
    places: dict[str, int] = {}
    blank: list[int] = []
    before = faults.errors
    for place, cell in enumerate(cells):
        text = cell.strip()
        if not text:
            blank.append(place)
        elif text.lower().startswith("x_"):
            continue
        elif (column := known.get(plain(text))) is None:
            near = get_close_matches(plain(text), list(known), n=1, cutoff=0.75)
            hint = f"Menades ”{known[near[0]].name}”? " if near else ""
            faults.add(
                line,
                text,
                text,
                f"en kolumn i datamängden {dataset.name}",
                f"{hint}Ta bort kolumnen, eller låt namnet börja med x_ om den ska hoppas över.",
            )
        elif column.name in places:
            faults.add(line, text, text, f"kolumnen {column.name} en gång", "Ta bort den ena kolumnen.")
        else:
            places[column.name] = place
    missing = [c for c in dataset.columns if c.required and c.name not in places]
    for c in missing:
        faults.add(
            line, c.name, "", f"kolumnen {c.name} (på svenska: {c.sv})", "Lägg till kolumnen; den är obligatorisk."
        )
    if faults.errors > before:
        return None
    return Header(places, tuple(blank), len(cells))
