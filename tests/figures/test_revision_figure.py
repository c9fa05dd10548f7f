"""The lines of revisions: valid, one trace for the grey ones, an axis that does not make a tenth look like a fall."""

import plotly.graph_objects as go
import pytest

from lagesbild.figures.revisions import Step, revision_steps


def drawn(*steps, theme="light", decimals=1):
    figure = revision_steps(steps, measure="Ändring, procentenheter", decimals=decimals, theme=theme)
    go.Figure(figure)
    return figure


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_grey_months_are_one_trace_with_holes_and_the_chosen_another(theme):
    figure = drawn(
        Step("maj 2026", (0, 2), (0.0, -0.4), 5),
        Step("juni 2026", (0,), (0.0,), 4),
        Step("juli 2026", (0, 1, 3), (0.0, 0.2, -1.2), 3, chosen=True),
        theme=theme,
    )
    grey, chosen = figure["data"]
    assert grey["x"] == [0, 2, 5, None, 0, 4, None]
    assert grey["y"] == [0.0, -0.4, -0.4, None, 0.0, 0.0, None]
    assert grey["marker"]["size"] == [5, 5, 0, 0, 5, 0, 0]  # dots are publications, not today
    assert chosen["line"]["color"] != grey["line"]["color"]
    assert grey["text"][1] == "maj 2026: −0,4 procentenheter"
    assert any("juli 2026<br>−1,2" in a["text"] for a in figure["layout"]["annotations"])


def test_a_tenth_is_drawn_on_half_a_point():
    axis = drawn(Step("maj 2026", (0, 2), (0.0, 0.1), 5, chosen=True))["layout"]["yaxis"]
    assert axis["range"][0] == 0.0
    assert axis["range"][1] >= 0.5
    assert len(set(axis["ticktext"])) == len(axis["ticktext"])
    below = drawn(Step("maj 2026", (0, 2), (0.0, -0.1), 5))["layout"]["yaxis"]
    assert below["range"][0] <= -0.5
    assert below["range"][1] == 0.0


def test_the_months_axis_starts_with_the_word_and_has_room_for_a_long_one():
    axis = drawn(Step("maj 2026", (0, 30), (0.0, 1.0), 40))["layout"]["xaxis"]
    assert axis["ticktext"][0] == "först"
    assert len(axis["tickvals"]) <= 9
    assert axis["range"][1] > 40
