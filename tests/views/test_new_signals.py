"""What is new since last month: what the rules call a change now and did not then."""

from __future__ import annotations

from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import overview
from lagesbild.pages.context import PageContext
from lagesbild.views.new_signals import judged_before, new_signals
from lagesbild.views.signals import region_signals
from lagesbild.views.status_matrix import status_matrix
from lagesbild.views.wait_reading import read_waits
from tests.fakes import FakeSource
from tests.waits_world import END, calm_rows, slide, system_change, world


def news(source: FakeSource) -> list[tuple[str, str, str]]:
    waits = read_waits(source, Selection(), Viewer())
    assert waits is not None
    matrix = status_matrix(waits, range(len(waits.areas)), Viewer(), {})
    return [(s.region.code, s.area.code, s.judgement) for s in new_signals(matrix)]


def test_a_calm_country_has_no_news_and_nor_has_an_old_change() -> None:
    assert news(world()) == []
    assert news(world(slide(calm_rows(), "R2", "kna", months=9))) == []


def test_a_change_in_the_last_month_alone_is_news() -> None:
    rows = slide(slide(calm_rows(), "R2", "kna", months=1, extra=0.2), "R1", "kat", months=1, extra=-0.09)
    source = world(rows)
    assert news(source) == [("R2", "kna", "worse"), ("R1", "kat", "better")]
    more = overview.build(PageContext(source, Selection(), Viewer())).more
    worse = "Sedan september är försämring säkerställd för knäprotes i Åby."
    assert f"{worse} Under samma tid har förbättring blivit säkerställd för katarakt i Norrby." in more


def test_what_could_not_be_judged_before_is_no_news() -> None:
    rows = [r for r in slide(calm_rows(), "R2", "kna", months=1, extra=0.2) if END - r["period"] < 24]
    assert news(world(rows)) == []
    slid = slide(calm_rows(), "R2", "kna", months=1, extra=0.2)
    assert news(world(slid, break_rows=[system_change("R2", END - 3)])) == []


def test_last_months_judgement_is_what_the_page_of_last_month_says() -> None:
    source = world(slide(calm_rows(), "R2", "kna", months=9))
    now, then = (read_waits(source, Selection(month=m), Viewer()) for m in (None, END - 1))
    assert now is not None
    assert then is not None
    assert list(judged_before(now, 0)) == [s.judgement for s in region_signals(then, 0)]
