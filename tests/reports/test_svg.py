"""Charts as SVG for mail and kept pages: the same drawing, named, safe, in the page's colours."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings

from lagesbild.reports.fonts import one_line
from lagesbild.reports.geometry import draw
from lagesbild.reports.svg import svg
from tests.reports import made_up
from tests.reports.made_up_any import charts

NS = "{http://www.w3.org/2000/svg}"
CHARTS = {f.id: f.chart for d in made_up.documents().values() for f in d.figures if f.chart}


@pytest.mark.parametrize("name", CHARTS)
def test_it_is_named_and_holds_the_words_of_the_drawing(name):
    chart = CHARTS[name]
    root = ET.fromstring(svg(chart, 300))
    assert root.get("role") == "img"
    assert root.get("aria-label") == chart.alt
    assert [t.text for t in root.iter(f"{NS}text")] == list(draw(chart, 300).texts)


@pytest.mark.parametrize("name", CHARTS)
def test_every_colour_is_a_token_with_its_light_value_for_readers_without_tokens(name):
    text = svg(CHARTS[name], 300)
    shapes = re.findall(r"<(?:text|rect|polygon|polyline|circle) [^>]*>", text)
    assert shapes
    for shape in shapes:
        assert re.search(r'(fill|stroke)="#[0-9A-F]{6}" style="\1:(var\(--lb-|color-mix\()', shape), shape


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(charts())
def test_any_chart_is_well_formed_and_runs_nothing(chart):
    root = ET.fromstring(svg(chart))
    kinds = {e.tag.removeprefix(NS) for e in root.iter()}
    assert kinds <= {"svg", "text", "rect", "polygon", "polyline", "circle"}
    assert root.get("aria-label") == one_line(chart.alt)
