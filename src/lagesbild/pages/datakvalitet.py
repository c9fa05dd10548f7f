"""`/datakvalitet`: which region has reported what, what the national figures cover, what has moved, what is odd."""

from __future__ import annotations

from typing import Final

from lagesbild.components.model import Aside, FigureCard, Page, PageContent
from lagesbild.domain.care import CareArea
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import capital
from lagesbild.pages.context import PageContext
from lagesbild.pages.datakvalitet_coverage import about_coverage, coverage_card
from lagesbild.pages.datakvalitet_findings import about_findings, findings_card
from lagesbild.pages.datakvalitet_matrix import about_matrix, matrix_card
from lagesbild.pages.datakvalitet_revisions import revisions_card
from lagesbild.pages.filter_places import areas_with_regions, country_name
from lagesbild.pages.links import everything
from lagesbild.pages.phone_line import phone_line, region_words
from lagesbild.pages.phrases import empty, month_range
from lagesbild.pages.published_area import nothing_reported
from lagesbild.pages.waits_text import named
from lagesbild.views.coverage import coverage
from lagesbild.views.findings import Findings, findings
from lagesbild.views.reported import reported_by_regions
from lagesbild.views.reporting_matrix import Matrix, reporting_matrix
from lagesbild.views.revisions import published_revisions, revisions

FILTERS: Final = ("register", "region", "healthcare_region", "care_area", "month", "reported_window", "finding")


def build(context: PageContext) -> PageContent:
    """Reporting, coverage, revisions and findings, of the same months."""
    source, selection, viewer = context.source, context.selection, context.viewer
    chosen = selection.care_area
    if chosen and not context.keep(("reported", chosen), lambda: reported_by_regions(source, chosen)):
        # else every region would be said to owe what none of them is to report
        return nothing_reported(context, "Datakvalitet", "Ingenting är rapporterat för urvalet.", href="/datakvalitet")
    # what does not hang on the grade, the order of a table or the theme is worked out once
    plain = Selection(
        region=selection.region,
        healthcare_region=selection.healthcare_region,
        care_area=selection.care_area,
        register=selection.register,
        month=selection.month,
        window=selection.window,
        as_of=selection.as_of,
    )
    matrix = context.keep(("reporting", plain), lambda: reporting_matrix(source, plain))
    if matrix is None:
        why = "Ingen region i urvalet har rapporterat något."
        section = empty(
            "inga-uppgifter",
            "Inga rapporter för urvalet",
            why,
            everything("/datakvalitet", selection),
            "Visa hela landet",
        )
        return PageContent("Datakvalitet", ("Ingenting är rapporterat för urvalet.",), sections=(section,))
    sections: list[FigureCard | Aside] = [matrix_card(matrix, context)]
    key = ("coverage", plain.care_area, plain.month)
    covered = context.keep(key, lambda: coverage(source, plain, viewer))
    if covered is not None:
        sections.append(coverage_card(covered, matrix, context))
    area = _area(context)
    moved = context.keep(("revisions", plain), lambda: revisions(source, plain, area, viewer)) if area else None
    if moved is not None and moved.paths:
        sections.append(revisions_card(moved, published_revisions(source, selection.as_of), context))
    else:
        why = "Andelen inom gränsen är inte rapporterad, eller får inte visas, för urvalet."
        sections.append(empty("revideringar", "Revideringar kan inte visas", why))
    found = context.keep(("findings", plain), lambda: findings(source, plain, matrix, viewer)).graded(selection.finding)
    sections.append(findings_card(found, matrix, context))
    return PageContent(
        kicker=f"Datakvalitet, {month_range(matrix.months[0], matrix.end)}",
        sentences=about_matrix(matrix),
        more=_more(matrix, found, about_coverage(covered, country_name(source))),
        sections=tuple(sections),
        title="Datakvalitet",
    )


def _area(context: PageContext) -> CareArea | None:
    """The care area whose revisions are followed: the chosen one, else the first that regions report."""
    chosen = context.selection.care_area
    areas = areas_with_regions(context.source)
    return next((a for a in context.care_areas if a.code == chosen), areas[0] if areas else None)


def _more(matrix: Matrix, found: Findings, covered: str) -> str:
    early = matrix.of(matrix.registers[0], matrix.end, "provisional")
    names = named([r.short_name for r in early])
    told = f"{names} är {'preliminär' if len(early) == 1 else 'preliminära'}." if early else ""
    return " ".join(t for t in (covered, told, about_findings(found)) if t)


def _phone_line(context: PageContext) -> str:
    """`Hela riket, 12 månader, oktober 2026`"""
    return phone_line(context, capital(region_words(context, groups=True)), f"{context.selection.window or 12} månader")


PAGE: Final = Page(
    path="/datakvalitet",
    name="Datakvalitet",
    filters=FILTERS,
    build=build,
    order=70,
    phone_selection=_phone_line,
    own="listed",
)
