"""Collects what is wrong with a file: the first 1 000 faults in line order, and how many there were in all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from lagesbild.domain.errors import Fault, ImportRejectedError

SHOWN: Final = 1_000
COLUMNS_SV: Final = ("fil", "rad", "kolumn", "värde", "allvar", "väntat", "åtgärd")
SEVERITY_SV: Final = {"error": "fel", "warning": "varning"}
_VALUE_LENGTH: Final = 80  # a cell holding a whole file must not fill the screen


class Faults:
    """What was found in one file. `add` is cheap after the first 1 000: then it only counts."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.errors = 0
        self.warnings = 0
        self._errors: list[Fault] = []
        self._warnings: list[Fault] = []

    def add(self, line: int, column: str, value: str, expected: str, remedy: str, *, warning: bool = False) -> None:
        """One fault at `line` (1 = the header, 0 = the file as a whole). Texts in Swedish."""
        kept = self._warnings if warning else self._errors
        if warning:
            self.warnings += 1
        else:
            self.errors += 1
        if len(kept) >= SHOWN:
            return
        shown = value if len(value) <= _VALUE_LENGTH else value[: _VALUE_LENGTH - 1] + "…"
        kept.append(Fault(self.file, line, column, shown, expected, remedy, "warning" if warning else "error"))

    def count_more(self, number: int, *, warning: bool = False) -> None:
        """Faults that are counted but need no text, because enough are shown already."""
        if warning:
            self.warnings += number
        else:
            self.errors += number

    def full(self, *, warning: bool = False) -> bool:
        """Whether the first 1 000 are already kept."""
        return len(self._warnings if warning else self._errors) >= SHOWN

    @property
    def shown_errors(self) -> list[Fault]:
        return sorted(self._errors, key=lambda f: f.line)

    @property
    def shown_warnings(self) -> list[Fault]:
        return sorted(self._warnings, key=lambda f: f.line)

    def reject(self) -> None:
        """Raises ImportRejectedError when there is any error."""
        if self.errors:
            raise ImportRejectedError(self.shown_errors + self.shown_warnings, self.errors)


def faults_csv(faults: Iterable[Fault]) -> str:
    """The faults as CSV text for people: `;`, Swedish headers, one row per fault; cells never start a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS_SV)
    for f in faults:
        cells = (f.file, str(f.line), f.column, f.value, SEVERITY_SV[f.severity], f.expected, f.remedy)
        writer.writerow([_harmless(c) for c in cells])
    return out.getvalue()


def write_faults(path: Path, faults: Iterable[Fault]) -> None:
    """Write `faults_csv` with a byte order mark, so that Excel reads å, ä and ö. Raises OSError."""
    path.write_bytes(b"\xef\xbb\xbf" + faults_csv(faults).encode())


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
