"""The form in which every reader hands over rows: text columns side by side, with the line each row began on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lagesbild.data.importers.faults import Faults
from lagesbild.data.importers.headers import Header

BLOCK_ROWS = 20_000  # rows handed over at a time by the row-by-row readers


@dataclass(frozen=True)
class Block:
    """Some rows of a file. `cells[place]` is a string array (no nulls, "" = empty), `lines` int64 of equal length.

    `done` is how far into the file the reader has come, in bytes (CSV) or rows (XLSX), for the progress bar.
    """

    lines: np.ndarray
    cells: dict[int, pa.Array]
    done: int


def block_from_rows(
    rows: list[tuple[int, list[str]]], header: Header, done: int, faults: Faults, row_word: str = "raden"
) -> Block:
    """Rows as (line, cells) turned on their side. Blank rows are left out, ragged ones become faults."""
    kept: list[list[str]] = []
    lines: list[int] = []
    for line, cells in rows:
        if len(cells) != header.width:
            if not any(c.strip() for c in cells):
                continue
            if len(cells) < header.width or any(c.strip() for c in cells[header.width :]):
                faults.add(
                    line,
                    "",
                    f"{len(cells)} fält",
                    f"{header.width} fält som i rubriken",
                    f"Kontrollera {row_word}: avgränsare i en text måste stå inom citattecken.",
                )
                continue
            cells = cells[: header.width]
        kept.append(cells)
        lines.append(line)
    places = _places(header)
    turned = list(zip(*kept, strict=True)) if kept else [()] * header.width
    arrays = {p: pa.array(turned[p], pa.string()) for p in places}
    return drop_blank(Block(np.array(lines, np.int64), arrays, done), header, faults)


def _places(header: Header) -> list[int]:
    return sorted([*header.places.values(), *header.blank])


def drop_blank(block: Block, header: Header, faults: Faults) -> Block:
    """Leave out rows whose cells are all empty; a value under a blank heading is a fault."""
    if not len(block.lines) or not header.places:
        return block
    empty = np.ones(len(block.lines), bool)
    for place in header.places.values():
        if not empty.any():
            break
        empty &= _is_blank(block.cells[place])
    for place in header.blank:
        filled = ~_is_blank(block.cells[place])
        for row in np.flatnonzero(filled):
            faults.add(
                int(block.lines[row]),
                f"kolumn {place + 1}",
                block.cells[place][int(row)].as_py(),
                "inget värde, eftersom kolumnen saknar rubrik",
                "Ge kolumnen en rubrik eller töm den.",
            )
    if not empty.any():
        return block
    keep = pa.array(~empty)
    return Block(block.lines[~empty], {p: a.filter(keep) for p, a in block.cells.items()}, block.done)


def _is_blank(cells: pa.Array) -> np.ndarray:
    blank: np.ndarray = pc.equal(pc.utf8_trim_whitespace(cells), "").to_numpy(zero_copy_only=False)
    return blank
