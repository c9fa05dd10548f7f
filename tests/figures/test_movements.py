"""Two snapshots side by side: words beside no mark, an axis in Swedish."""

from __future__ import annotations

import pytest

from lagesbild.figures.movements import Step, movements


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_axis_is_swedish_and_no_word_stands_where_marks_are(theme):
    steps = [Step("Knäprotes", 88.3, 88.1, 87.6, "november"), Step("Katarakt", 93.1, 93.1, 93.4, "november")]
    figure = movements(steps, theme=theme)
    axis = figure["layout"]["xaxis"]
    assert len(axis["ticktext"]) == len(axis["tickvals"]) > 1
    assert all("." not in text and "," in text for text in axis["ticktext"])
    marks = {y for t in figure["data"] for y in t["y"]}
    words = {a["y"] for a in figure["layout"]["annotations"]}
    assert min(abs(m - w) for m in marks for w in words) > 0.15  # of a row of 104 pixels
    low, high = axis["range"]
    assert all(low < x < high for t in figure["data"] for x in t["x"])
