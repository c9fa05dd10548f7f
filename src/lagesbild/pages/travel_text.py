"""What the cards of `/utomlansvard` share: the unit that counts are told in, names of places, and the source line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from lagesbild.components.html import el
from lagesbild.components.model import CellKind, Special
from lagesbild.components.spark import bar
from lagesbild.domain.care import Region
from lagesbild.domain.disclosure import State
from lagesbild.domain.selection import PER_INHABITANTS, SHARES
from lagesbild.domain.swedish import capital, count, decimal, join_and, number_word, signed
from lagesbild.pages.context import PageContext
from lagesbild.pages.phrases import hidden_cell, month_range, source_text
from lagesbild.pages.waits_text import named
from lagesbild.views.out_of_region import ALL, Flow, FlowMatrix
from lagesbild.views.travel import Travel

NB: Final = "\u00a0"
PERSONS: Final = ""
SHARE_DECIMALS: Final = 4  # as many as are shown: hundredths of a per cent


@dataclass(frozen=True)
class Unit:
    """How counts are told: persons, per 100 000 inhabitants, or per cent of the region's own treated."""

    name: str
    matrix: FlowMatrix

    def of(self, persons: float | None, code: str) -> float | None:
        """`persons` in the unit of the region `code`; None when hidden or there is nothing to divide by."""
        if persons is None:
            return None
        if self.name == PERSONS:
            return persons
        travel = self.matrix.travel
        k = travel.place[code]
        whole = travel.population[k] / 100_000 if self.name == PER_INHABITANTS else self.matrix.performed[k]
        if np.isnan(whole) or whole <= 0:
            return None
        if self.name == SHARES and self.matrix.viewer.of(code).role != "exact":
            # told no nearer than the twin of production agrees
            other = round(persons / max(float(self.matrix.performed_other[k]), 1.0), SHARE_DECIMALS)
            share = round(persons / float(whole), SHARE_DECIMALS)
            same = self.matrix.performed[k] == self.matrix.performed_other[k]
            return persons / float(whole) if same else share if share == other else None
        return persons / float(whole)

    def text(self, value: float) -> str:
        if self.name == PERSONS:
            return count(value)
        return decimal(value, 1) if self.name == PER_INHABITANTS else decimal(value * 100, 2)

    def signed(self, value: float) -> str:
        if self.name == PERSONS:
            return signed(value)
        return signed(value, 1) if self.name == PER_INHABITANTS else signed(value * 100, 2)

    @property
    def kind(self) -> CellKind:
        return "count" if self.name == PERSONS else "number" if self.name == PER_INHABITANTS else "share"

    @property
    def decimals(self) -> int | None:
        return 2 if self.name == SHARES else None

    @property
    def words(self) -> str:
        """What a number in the matrix is, as a sentence begins."""
        if self.name == PERSONS:
            return "Antal personer"
        if self.name == PER_INHABITANTS:
            return f"Personer per 100{NB}000 invånare"
        return "Procent av regionens egna behandlade"

    @property
    def note(self) -> str:
        """Whose inhabitants or treated a number is divided by; empty for persons."""
        if self.name == PERSONS:
            return ""
        whose = "Rutor och ”Reser ut” räknas mot hemregionen, ”Tas emot” och netto mot den egna regionen."
        if self.name == PER_INHABITANTS:
            return f"{whose} Folkmängd {self.matrix.travel.population_year}."
        return whose


def unit_of(matrix: FlowMatrix, context: PageContext) -> tuple[Unit, tuple[str, ...]]:
    """The chosen unit; persons, and a note, where it cannot be counted."""
    name = context.selection.per
    if name == PER_INHABITANTS and matrix.travel.population_year is None:
        return Unit(PERSONS, matrix), ("Folkmängden saknas, så antal personer visas i stället.",)
    if name == SHARES and not np.isfinite(matrix.performed).any():
        return Unit(PERSONS, matrix), ("Genomförda saknas, så antal personer visas i stället.",)
    return Unit(name, matrix), ()


def chosen(matrix: FlowMatrix, context: PageContext) -> Region | None:
    """The chosen region when it is one of the matrix's."""
    return next((r for r in matrix.regions if r.code == context.selection.region), None)


def chosen_group(matrix: FlowMatrix, context: PageContext) -> str:
    """The chosen healthcare region, when the matrix has it and no region is chosen, which is nearer; else ""."""
    name = context.selection.healthcare_region
    return name if name in matrix.travel.groups and chosen(matrix, context) is None else ""


def cell(value: float | None, state: State, threshold: int) -> Any:
    """A table cell: the number, or why there is none."""
    if value is not None and not state:
        return value
    return hidden_cell(state, threshold) if state else Special("missing")


def plain_state(state: State, threshold: int) -> str:
    """What stands where a number would."""
    return {"suppressed": f"<{threshold}", "secondary": "..", "missing": "saknas"}.get(state, "")


def window(matrix: FlowMatrix) -> str:
    return month_range(matrix.first, matrix.end)


def travel_source(travel: Travel, *, note: str = "") -> str:
    """Source, months that are preliminary, and regions whose care is not counted."""
    parts = [note] if note else []
    if travel.gone:
        regions = {r.code: r.short_name for r in travel.regions}
        names = named([regions[code] for code in travel.gone])
        parts.append(f"Patientregistret saknar månader för {names}: vård där är inte inräknad.")
    parts.append(source_text(travel.sources, travel.recorded_at, synthetic=travel.synthetic))
    if travel.provisional:
        one = len(travel.provisional) == 1
        parts.append(
            f"{'Preliminär månad' if one else 'Preliminära månader'}: {join_and([m.sv for m in travel.provisional])}."
        )
    n, all_ = len(travel.regions) - len(travel.gone), len(travel.regions)
    parts.append(f"{count(n)} av {count(all_)} regioner ingår.")
    return " ".join(parts)


def has_share(matrix: FlowMatrix, unit: Unit) -> bool:
    """A column of its own for the share, unless the sums are shares already or there is no production."""
    return unit.name != SHARES and bool(np.isfinite(matrix.performed).any())


def whole_of(matrix: FlowMatrix, unit: Unit) -> float | None:
    """All flows in the unit, against the whole country."""
    if unit.name == PERSONS:
        return matrix.shown(*ALL)
    if unit.name == SHARES:
        return matrix.country_share
    whole = matrix.shown(*ALL)
    return None if whole is None else whole / float(matrix.travel.population.sum() / 100_000)


def covered(matrix: FlowMatrix) -> bool:
    """Whether a flow that is not shown could be larger than the largest shown one, for all that the sums tell."""
    largest = next((f.persons for f in matrix.flows() if f.persons is not None), None)
    hidden = [k for k, s in matrix.states.items() if k[0] == "cell" and s in ("secondary", "missing")]
    if largest is None or not hidden:
        return bool(hidden)
    rows, columns = _rest(matrix, 1), _rest(matrix, 2)
    return any(min(rows.get(k[1], np.inf), columns.get(k[2], np.inf)) >= largest for k in hidden)


def _rest(matrix: FlowMatrix, end: int) -> dict[str, float]:
    """What is left of each shown sum beside its shown flows, by home (1) or treating (2) region."""
    out: dict[str, float] = {}
    for r in matrix.regions:
        whole = matrix.shown("out", r.code) if end == 1 else matrix.shown("in", "", r.code)
        if whole is not None:
            mine = [k for k, s in matrix.states.items() if k[0] == "cell" and k[end] == r.code and s == ""]
            out[r.code] = whole - sum(matrix.values[k] for k in mine)
    return out


def flow_list(title: str, flows: Sequence[tuple[Flow, str]], most: float, kind: str, protected: int) -> dict[str, Any]:
    """One direction: the largest shown flows as bars, and how many more are protected."""
    rows = [
        el(
            "Li",
            [
                el("Span", other),
                bar([((f.persons or 0.0) / most, kind)]) if most else None,
                el("B", count(f.persons)),
            ],
        )
        for f, other in flows
    ]
    more = (
        "ytterligare ett flöde är skyddat"
        if protected == 1
        else f"ytterligare {number_word(protected)} flöden är skyddade"
    )
    last = [el("P", f"{capital(more)}.", className="src")] if protected else []
    if not rows and not protected:
        last = [el("P", "Inga flöden.", className="src")]
    return el("Div", [el("H3", title), el("Ul", rows) if rows else None, *last])
