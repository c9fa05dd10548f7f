"""What the rules find in the data of the chosen regions and months, most serious first, as a viewer may see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.finding import GRADES, Draft, Finding, Grade, Records, read_records
from lagesbild.views.finding_cells import Visible
from lagesbild.views.finding_reports import reports, unknown_providers
from lagesbild.views.finding_series import repeated, together, unusual
from lagesbild.views.finding_sums import (
    broken_balance,
    broken_bands,
    broken_within,
    more_than_the_whole,
    providers_and_region,
)
from lagesbild.views.finding_twin import Twins, in_both, twin_records
from lagesbild.views.reporting_matrix import Field, Matrix

OPEN = "öppen"


@dataclass(frozen=True)
class Findings:
    """`found`: of the grade chosen. `counts`: of every grade. `withheld`: findings that are not told to this viewer
    because the claim itself would give a protected number away. `checked`: rows the rules were tried on."""

    found: tuple[Finding, ...]
    counts: dict[Grade, int]
    withheld: int
    checked: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def graded(self, grade: str) -> Findings:
        """Only those of a grade; "" leaves all. What is counted stays."""
        return replace(self, found=tuple(f for f in self.found if grade in ("", f.grade)))


def findings(source: Source, selection: Selection, matrix: Matrix | None, viewer: Viewer) -> Findings:
    """All findings about the selection's regions, care area, register and months."""
    records = read_records(source, selection)
    if records is None or matrix is None:
        return Findings((), dict.fromkeys(GRADES, 0), 0, 0)
    twins = Twins(source, selection, records, viewer)
    visible = Visible(twins)
    drafts, withheld = [], set()
    for draft in _drafts(twins, matrix):
        if selection.register not in ("", draft.dataset) or draft.months[-1] < records.months[0]:
            continue
        if draft.rule == "repeated" and visible.hides(draft):  # what is shown one month would be known for the other
            withheld.add((draft.dataset, draft.region, draft.months))
            continue
        drafts.append(draft)
    made = [_finding(draft, records, matrix, visible) for draft in together(drafts)]
    counts: dict[Grade, int] = {g: sum(f.grade == g for f in made) for g in GRADES}
    order = {code: k for k, code in enumerate(records.regions)}
    made.sort(key=lambda f: (GRADES.index(f.grade), -f.months[-1].ordinal, order[f.region.code], f.rule))
    whole = Findings(tuple(made), counts, len(withheld), sum(len(r) for r in records.rows.values()))
    return whole.graded(selection.finding)


def _drafts(twins: Twins, matrix: Matrix) -> Iterator[Draft]:
    """What the rules find, as far as this viewer may know: see `finding_twin`."""
    records, viewer = twins.records, twins.viewer
    found = list(_in_numbers(records))
    hidden = viewer.role != "exact" and any(d.region != viewer.own for d in found)
    yield from in_both(found, list(_in_numbers(twin_records(twins, found))), viewer.own) if hidden else found
    yield from unknown_providers(records)
    yield from reports(matrix, records.areas)


def _in_numbers(records: Records) -> Iterator[Draft]:
    yield from broken_bands(records)
    yield from broken_within(records)
    yield from more_than_the_whole(records)
    yield from providers_and_region(records)
    yield from broken_balance(records)
    yield from repeated(records)
    yield from unusual(records)


def _finding(draft: Draft, records: Records, matrix: Matrix, visible: Visible) -> Finding:
    cells = visible.shown(draft.cells)
    hidden = visible.hides(draft)
    said = f"{draft.covered}." if hidden else draft.detail or f"{draft.evidence}."
    about = [matrix.fields.get((draft.dataset, draft.region, m)) for m in draft.months]
    out = all(f is not None and f.status == "excluded" for f in about)
    return Finding(
        rule=draft.rule,
        grade=draft.grade,
        title=draft.title,
        dataset=draft.dataset,
        region=records.regions[draft.region],
        care_areas=tuple(records.areas[a] for a in draft.care_areas if a in records.areas),
        measure=draft.measure,
        months=draft.months,
        evidence=draft.covered if hidden else draft.evidence,
        said=f"{said} {draft.threshold}",
        affects="Inget nationellt tal: månaden är utesluten och räknas inte in." if out else draft.affects,
        known=draft.known or _known([f for f in about if f is not None]),
        cells=cells,
        batch=matrix.batches.get(draft.batch) if draft.batch is not None else None,
        hidden=hidden,
    )


def _known(about: list[Field]) -> str:
    """What `reporting` or the rows themselves already say of the months."""
    if not about:
        return OPEN
    last = about[-1]
    reason = f": {last.reason[:1].lower()}{last.reason[1:].rstrip('.')}" if last.reason else ""
    if last.status == "excluded":
        return f"utesluten i rapporteringen{reason}"
    if last.said == "missing":
        return f"sagd saknas i rapporteringen{reason}"
    if last.said == "partial":
        return f"märkt ofullständig i rapporteringen{reason}"
    if last.status == "provisional" and not last.lacking:
        return "preliminär"
    return OPEN
