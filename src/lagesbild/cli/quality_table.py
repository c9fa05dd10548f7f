"""Reporting and findings as text for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lagesbild.domain.swedish import count, join_and
from lagesbild.views.finding import Finding, Grade
from lagesbild.views.finding_words import DATASET_WORDS
from lagesbild.views.findings import Findings
from lagesbild.views.reporting_matrix import Matrix, Status

GRADES: Final[Mapping[Grade, str]] = {"stop": "stopp", "review": "granska", "info": "upplysning"}
_ABSENT: Final[Mapping[Status, str]] = {
    "provisional": "preliminära",
    "missing": "saknas",
    "excluded": "uteslutna",
    "not_yet": "rapporterar inte ännu",
}


def quality_table(matrix: Matrix, found: Findings) -> str:
    """A line per register about the last month, then a row per finding, most serious first."""
    lines = [f"Rapportering {matrix.end.sv}", ""]
    for register in matrix.registers:
        here = f"{count(matrix.reported(register, matrix.end))} av {count(len(matrix.regions))}"
        parts = [f"{DATASET_WORDS[register]}: {here} regioner."]
        for status, word in _ABSENT.items():
            names = [r.short_name for r in matrix.of(register, matrix.end, status)]
            if names:
                whole = len(names) == len(matrix.regions) > 1
                parts.append(f"{word.capitalize()}: {'alla' if whole else join_and(names)}.")
        lines.append(" ".join(parts))
    span = f"{matrix.months[0]} till {matrix.end}"
    lines += ["", f"Fynd {span}, prövat på {count(found.checked)} rader", ""]
    if not found.found:
        return "\n".join([*lines, "Reglerna har inte hittat något att granska."])
    cells: list[tuple[str, ...]] = [("Grad", "Fynd", "Region", "Tal", "Månad", "Mått", "Läge")]
    cells += [_cells(f) for f in found.found]
    widths = [max(len(row[k]) for row in cells) for k in range(len(cells[0]))]
    lines += ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells]
    lines += ["", " ".join(f"{GRADES[g].capitalize()}: {count(n)}." for g, n in found.counts.items())]
    if found.withheld:
        lines.append(f"{count(found.withheld)} fynd visas inte, för att små tal är skyddade.")
    return "\n".join(lines)


def _cells(f: Finding) -> tuple[str, ...]:
    areas = join_and([a.short for a in f.care_areas])
    months = str(f.months[0]) if len(f.months) == 1 else f"{f.months[0]} till {f.months[-1]}"
    measure = f"{f.measure}, {areas}" if areas else f.measure
    return GRADES[f.grade], f.title, f.region.short_name, measure, months, f.evidence, f.known
