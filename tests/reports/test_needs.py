"""One need is one number in a briefing: in the summary, in the table of gaps and in what is summed of them."""

from __future__ import annotations

from dataclasses import replace

from lagesbild.components.table import cell_text
from lagesbild.domain.periods import WEEKS_PER_MONTH
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import options
from lagesbild.pages.looking import look
from lagesbild.pages.registry import all_pages
from lagesbild.pages.render import Renderer
from lagesbild.reports.compose import briefing
from lagesbild.reports.document import Document, Figure
from lagesbild.reports.from_tables import cells
from lagesbild.reports.looking import Seen
from lagesbild.reports.text import text
from tests.country import country


def made(per_week: float, **chosen: str) -> Document:
    """Every flag that is told to be closed lacks `per_week` operations a week."""
    source = country()
    assert source.gap_rows is not None
    gaps = source.gap_rows.copy()
    gaps.loc[gaps["status"].isin(["open", "expected", "watch"]), "extra_per_week_to_target"] = per_week
    pages = Renderer(
        replace(source, gap_rows=gaps), Viewer(), all_pages(), known=options.known, filters=options.filters
    )
    selection = Selection(care_area="kna", **chosen)
    return briefing(selection, lambda p, s: Seen(*look(pages, p, s)), pages.source, pages.viewer)


def figure(document: Document, name: str) -> Figure:
    return next(f for f in document.figures if f.id == name)


def said(document: Document, column: str) -> list[str]:
    table = figure(document, "gap").table
    at = next(c for c in table.columns if c.name == column)
    return [cell_text(c, at) for c in cells(table, column)]


def test_a_little_more_than_one_a_week_is_five_a_month_and_never_two_a_week() -> None:
    document = made(1.145)
    needs = said(document, "extra_per_week_to_target")
    assert needs
    assert set(needs) == {"1,1"}
    assert set(said(document, "extra_per_month_to_target")) == {"5"}
    own = " ".join(text(made(1.145, region="A", kind="region")).split())
    assert "Fem fler operationer i månaden" in own, "as the summary says it"
    free = figure(document, "ledig-kapacitet").table
    gaps = sum(float(n) for n in cells(free, "gaps"))  # type: ignore[arg-type]
    assert [float(n) for n in cells(free, "need_per_month")] == [5 * gaps]  # type: ignore[arg-type]


def test_many_a_week_are_the_same_many_a_month() -> None:
    document = made(12.3)
    assert set(said(document, "extra_per_week_to_target")) == {"12,3"}
    assert set(said(document, "extra_per_month_to_target")) == {"54"}
    assert 53 < 12.3 * WEEKS_PER_MONTH <= 54
    assert "Saknas: varje gaps behov i veckan, avrundat uppåt till hela" in figure(document, "ledig-kapacitet").source


def test_what_is_hardly_anything_is_not_told_as_nothing() -> None:
    document = made(0.02)
    assert set(said(document, "extra_per_week_to_target")) == {"under 0,1"}
    assert set(said(document, "extra_per_month_to_target")) == {"1"}
