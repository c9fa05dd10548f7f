"""Charts of `/utomlansvard`: valid Plotly, right numbers in the right places, absence left open."""

import json

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from lagesbild.figures.dumbbell import Pair, dumbbell, dumbbell_height
from lagesbild.figures.theme import colors
from lagesbild.figures.travel_share import Line, travel_share_figure

MONTHS = list(pd.date_range("2024-01-01", periods=24, freq="MS"))
LIMIT = "Vårdgaranti, 90 dagar"


def check(figure):
    go.Figure(figure)
    json.dumps(figure, allow_nan=False)
    assert {t["type"] for t in figure["data"]} <= {"scatter", "bar"}


def shares(theme="light", provisional=False):
    flat = [0.03] * 24
    lines = [
        Line("Norrby", flat),
        Line("Åby", [*flat[:-2], np.nan, np.nan], "second"),
        Line("Ekeby", [0.05] * 24, "first"),
        Line("Lillö", [0.12] * 24, "named"),
        Line("Riket", [0.04] * 24, "country"),
    ]
    early = [False] * 23 + [provisional]
    return travel_share_figure(MONTHS, lines, measure="Andel", provisional=early, theme=theme)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lines_are_grey_but_for_those_named(theme):
    figure = shares(theme)
    check(figure)
    c = colors(theme)
    tones = {t["name"]: t["line"]["color"] for t in figure["data"] if t.get("mode") == "lines"}
    assert tones["Ekeby"] == c["series"]
    assert tones["Riket"] == c["ink"]
    assert tones["Norrby"].startswith("rgba(")
    texts = [a["text"] for a in figure["layout"]["annotations"]]
    assert "<b>Ekeby 5,0\u00a0%</b>" in texts
    assert "Lillö 12,0\u00a0%" in texts
    assert not any("Norrby" in t for t in texts)
    assert figure["layout"]["yaxis"]["range"][0] == 0


def test_a_value_that_is_not_shown_is_a_gap_and_the_label_is_the_last_shown():
    figure = shares()
    line = next(t for t in figure["data"] if t.get("name") == "Åby")
    assert line["y"][-2:] == [None, None]
    assert line["connectgaps"] is False
    end = next(
        t for t in figure["data"] if t.get("mode") == "markers" and t["marker"]["color"] == colors("light")["context"]
    )
    assert end["x"] == ["2025-10-01"]


def test_the_last_point_is_open_when_it_is_preliminary():
    ends = [t for t in shares(provisional=True)["data"] if t.get("mode") == "markers"]
    assert {t["marker"]["color"] for t in ends if t["x"] == ["2025-12-01"]} == {colors("light")["bg"]}
    assert any(t["type"] == "bar" for t in shares(provisional=True)["data"])
    assert not any(t["type"] == "bar" for t in shares()["data"])


def pairs():
    return [
        Pair("Norrby till Åby, 240 personer", 40.0, None, "/region/R1"),
        Pair("Ekeby till Norrby, 144 personer", 70.0, 38.4, "/region/R4"),
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_ends_of_a_flow_stand_on_its_row(theme):
    figure = dumbbell(pairs(), hollow="hemregion", filled="utförande region", limit=90, limit_text=LIMIT, theme=theme)
    check(figure)
    marks = {t["name"]: t for t in figure["data"] if t.get("mode") == "markers"}
    assert (marks["hemregion"]["x"], marks["hemregion"]["y"]) == ([40.0, 70.0], [0, 1])
    assert (marks["utförande region"]["x"], marks["utförande region"]["y"]) == ([38.4], [1])
    assert marks["utförande region"]["customdata"] == [["/region/R4"]]
    assert marks["utförande region"]["text"] == ["Ekeby till Norrby, 144 personer<br>utförande region: 38 dagar"]
    assert [t["x"] for t in figure["data"] if t.get("mode") == "lines"] == [[70.0, 38.4]]
    shape = figure["layout"]["shapes"][0]
    assert shape["x0"] == shape["x1"] == 90


def test_ring_and_dot_are_named_once_on_their_own_sides():
    figure = dumbbell(pairs(), hollow="hemregion", filled="utförande region", limit=90, limit_text=LIMIT, theme="light")
    named = {a["text"]: a for a in figure["layout"]["annotations"] if a["text"] in ("hemregion", "utförande region")}
    assert {a["y"] for a in named.values()} == {1}
    assert named["utförande region"]["xanchor"] == "right"  # the shorter wait, so to the left of its dot
    assert named["hemregion"]["xanchor"] == "left"


def test_the_axis_holds_the_limit_and_the_longest_wait():
    far = [Pair("A till B, 9 personer", 300.0, 20.0)]
    figure = dumbbell(far, hollow="h", filled="u", limit=90, limit_text=LIMIT, theme="light")
    assert figure["layout"]["xaxis"]["range"][1] >= 300
    near = dumbbell([Pair("A", 10.0, 20.0)], hollow="h", filled="u", limit=90, limit_text=LIMIT, theme="light")
    assert near["layout"]["xaxis"]["range"][1] > 90
    assert dumbbell_height(7) > dumbbell_height(3)
