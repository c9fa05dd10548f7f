"""Charts are drawn with Plotly's smaller bundle and without it, and what only stands there is no component."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lagesbild.factory import ASSETS, create_app
from lagesbild.settings import Settings
from tests import gallery
from tests.browser.conftest import Opened, served

pytestmark = pytest.mark.browser
DRAWN = "#vantande .js-plotly-plot .main-svg .cartesianlayer"
FETCHED = list((ASSETS / "plotly").glob("plotly-cartesian-*.min.js"))


@pytest.mark.parametrize("small", [True, False], ids=["bundle", "whole"])
def test_charts_are_drawn_with_the_bundle_and_without_it(
    visit: Callable[..., Opened], tmp_path: Path, small: bool
) -> None:
    if small and not FETCHED:
        pytest.skip("the bundle is not here: make plotly")
    assets = tmp_path / "assets"
    shutil.copytree(ASSETS, assets, ignore=None if small else shutil.ignore_patterns("plotly"))
    app = create_app(
        gallery.source(),
        Settings(),
        pages=gallery.PAGES,
        known=gallery.known,
        filters=gallery.filters,
        assets=assets,
    )
    with served(app) as address:
        opened = visit(address)
        opened.page.wait_for_selector(DRAWN, state="attached")
        asked = [u for u in opened.requests if "plotly" in u.lower() and ".js" in u and "15_plotly" not in u]
        assert asked
        assert all(("plotly-cartesian-" in u) == small for u in asked)
        assert opened.console == []


def test_a_table_that_only_stands_there_is_one_component(visit: Callable[..., Opened], gallery_address: str) -> None:
    """React knows the elements it made; those in ready-made HTML it does not."""
    opened = visit(gallery_address)
    made = opened.page.evaluate(
        """() => {
            const known = n => Object.keys(n).some(k => k.startsWith('__react'));
            const all = [...document.querySelectorAll('#main *')].filter(n => !n.closest('.dash-graph'));
            return [all.filter(known).length, all.length];
        }"""
    )
    assert made[1] > 100
    assert made[0] < made[1] / 4


def test_another_choice_changes_the_charts_that_are_there(visit: Callable[..., Opened], gallery_address: str) -> None:
    """The same chart with other figures, not a new one; and what stands around it is the new answer's."""
    opened = visit(gallery_address)
    opened.page.wait_for_selector(DRAWN, state="attached")
    opened.page.evaluate("document.querySelectorAll('.js-plotly-plot').forEach(n => { n.mine = true; })")
    before = opened.page.inner_text("#main")
    opened.settle(lambda: opened.page.select_option("#filter-region", "21"))
    assert opened.page.evaluate("[...document.querySelectorAll('.js-plotly-plot')].every(n => n.mine)")
    changed = opened.page.inner_text("#main")
    assert changed != before
    opened.page.reload()
    opened.page.wait_for_selector(DRAWN, state="attached")
    assert opened.page.inner_text("#main") == changed
    assert opened.console == []


def test_a_chart_that_fits_its_place_is_not_drawn_again_and_one_that_does_not_is(
    visit: Callable[..., Opened], gallery_address: str
) -> None:
    opened = visit(gallery_address)
    opened.page.wait_for_selector(DRAWN, state="attached")
    drawn = """async width => {
        const chart = document.querySelector('#vantande .js-plotly-plot');
        let times = 0;
        chart.on('plotly_afterplot', () => { times += 1; });
        if (width) { chart.style.width = width + 'px'; }
        await window.Plotly.Plots.resize(chart);
        return [times, Math.round(chart._fullLayout.width)];
    }"""
    assert opened.page.evaluate(drawn, 0)[0] == 0
    assert opened.page.evaluate(drawn, 320) == [1, 320]
    assert opened.console == []


def test_charts_follow_the_window(visit: Callable[..., Opened], gallery_address: str) -> None:
    opened = visit(gallery_address)
    opened.page.wait_for_selector(DRAWN, state="attached")
    for width in (1000, 500, 1400):
        opened.page.set_viewport_size({"width": width, "height": 900})
        opened.page.wait_for_function(
            """() => [...document.querySelectorAll('.js-plotly-plot')].filter(c => c.clientWidth).every(
                c => Math.abs(c.clientWidth - c._fullLayout.width) <= 1)"""
        )
