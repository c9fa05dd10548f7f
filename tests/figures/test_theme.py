"""The theme: one template, whole figures, nothing shared between them."""

import plotly.graph_objects as go
import pytest

from lagesbild.figures.theme import colors, figure, with_alpha


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_figure_in_the_theme_is_valid_plotly(theme):
    made = figure([{"type": "scatter", "x": [1], "y": [2]}], {"xaxis": {"range": [0, 1]}}, theme=theme)
    assert go.Figure(made).layout.template.layout.paper_bgcolor == colors(theme)["bg"]


def test_themes_have_the_same_names_and_different_ink():
    assert set(colors("light")) == set(colors("dark"))
    assert colors("light")["ink"] != colors("dark")["ink"]


def test_figures_do_not_share_what_they_may_change():
    one = figure([], {}, theme="light")
    one["layout"]["template"]["layout"]["font"]["size"] = 99
    assert figure([], {}, theme="light")["layout"]["template"]["layout"]["font"]["size"] != 99


def test_alpha():
    assert with_alpha("#FFFFFF", 0.25) == "rgba(255,255,255,0.25)"
