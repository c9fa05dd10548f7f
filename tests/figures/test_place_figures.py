"""The small multiples of shares and the dot strips: what is drawn, where, and that Plotly takes it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from lagesbild.domain.periods import Month, months_between
from lagesbild.figures.dot_strip import Dot, Strip, dot_strips, height
from lagesbild.figures.parts import LABEL_LINE
from lagesbild.figures.share_lines import HEIGHT, Line, share_lines
from lagesbild.figures.theme import colors
from lagesbild.figures.xmr import xmr_figure

MONTHS = months_between(Month(2025, 11), Month(2026, 10))
OWN = np.array([0.9, np.nan, *[0.85] * 9, 0.747])
COUNTRY = np.full(12, 0.88)


def lines(theme="light", **more):
    told = [Line("Riket", COUNTRY, "country"), Line("Gävleborg", OWN, "own", "worse", **more)]
    others = [np.full(12, 0.5), np.full(12, 0.95)]
    return share_lines(MONTHS, told, others, low=0.7, high=1.0, target=0.8, target_text="Gräns", theme=theme)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_own_line_has_the_colour_of_its_judgement_and_a_gap_stays_a_gap(theme):
    figure = lines(theme)
    go.Figure(figure)
    own = next(t for t in figure["data"] if t["name"] == "Gävleborg")
    assert own["line"]["color"] == colors(theme)["worse"]
    assert own["y"][1] is None
    assert own["connectgaps"] is False
    texts = [a["text"] for a in figure["layout"]["annotations"]]
    assert "<b>Gävleborg 74,7</b>" in texts
    assert "Riket 88,0" in texts
    assert "Gräns" in texts


def test_on_paper_the_panel_is_lower_and_its_labels_are_apart():
    close = [Line("Riket", COUNTRY, "country"), Line("R", COUNTRY + 0.01, "own")]
    figure = share_lines(MONTHS, close, [], low=0.7, high=1.0, target=0.5, theme="light")
    paper = figure["layout"]["meta"]["paper"]
    scale = (paper["height"] - 12 - 44) / 30  # pixels a percentage point, between the figure's margins
    middles = [a["y"] * scale + up for a, up in zip(figure["layout"]["annotations"], paper["yshift"], strict=True)]
    assert paper["height"] < HEIGHT
    assert middles[0] - middles[1] >= LABEL_LINE - 0.1
    assert (
        share_lines(MONTHS, [], [], low=0.7, high=1.0, target=0.5, theme="light")["layout"]["meta"]["paper"]["yshift"]
        == []
    )


def test_others_are_one_trace_held_inside_the_axis():
    others = lines()["data"][0]
    known = [v for v in others["y"] if v is not None]
    assert (min(known), max(known)) == (70.0, 95.0)
    assert others["y"].count(None) == 2
    assert others["hoverinfo"] == "skip"


def test_a_provisional_end_is_open_and_a_coarse_one_is_told_whole():
    own = lines(open_end=True, coarse=np.arange(len(MONTHS)) > 0)
    trace = own["data"][-1]
    assert trace["marker"]["color"] == colors("light")["bg"]
    assert "<b>Gävleborg 75</b>" in [a["text"] for a in own["layout"]["annotations"]]


def test_the_limit_is_not_drawn_outside_the_axis():
    figure = share_lines(MONTHS, [Line("R", COUNTRY, "own")], [], low=0.86, high=1.0, target=0.8, theme="light")
    assert figure["layout"]["shapes"] == []


def test_dots_lead_to_their_regions_and_the_own_is_labelled():
    dots = (Dot(0.96, "Dalarna", "/region/20"), Dot(0.747, "Gävleborg", "/region/21", own=True))
    strip = Strip("Knäprotes", "plats 2 av 2", dots, "Gävleborg 74,7", 0.88, "Riket 88,0")
    figure = dot_strips([strip], target=0.8, target_text="Gräns", theme="light")
    go.Figure(figure)
    others, own = figure["data"]
    assert (others["x"], others["customdata"]) == ([96.0], [["/region/20"]])
    assert (own["x"], own["customdata"]) == ([74.7], [["/region/21"]])
    low, high = figure["layout"]["xaxis"]["range"]
    assert low < 74.7
    assert high > 96.0
    assert {"<b>Gävleborg 74,7</b>", "Riket 88,0", "plats 2 av 2"} <= {
        a["text"] for a in figure["layout"]["annotations"]
    }
    assert height(3) > height(1)


def test_a_region_without_a_number_and_a_country_without_one_have_no_marks():
    strip = Strip("Knäprotes", "skyddad", (Dot(0.9, "x", "/region/1"),), "", float("nan"), "")
    figure = dot_strips([strip], target=0.8, target_text="Gräns", theme="dark")
    assert figure["data"][1]["x"] == []
    assert len(figure["layout"]["shapes"]) == 1  # the limit alone


def test_the_control_chart_of_shares_is_in_per_cent():
    frame = pd.DataFrame(
        {
            "period": [pd.Timestamp(m.first_day) for m in MONTHS],
            "share": OWN,
            "adjusted": np.where(np.isnan(OWN), np.nan, OWN),
            "segment": 0,
            "lower": 0.845,
            "mean": 0.86,
            "upper": 0.875,
            "breach": ["", *[""] * 10, "worse"],
            "provisional": False,
            "coarse": False,
        }
    )
    figure = xmr_figure(frame, theme="light", title="Andel", share=True)
    go.Figure(figure)
    points = figure["data"][-1]
    assert points["y"][-1] == pytest.approx(74.7)
    assert points["customdata"][-1].startswith("74,7\u00a0% säsongen borträknad<br>74,7\u00a0% utfall")
    assert any("Axeln börjar vid" in a["text"] and "%" in a["text"] for a in figure["layout"]["annotations"])
    assert "medel<br>86,0" in [a["text"] for a in figure["layout"]["annotations"]]


def test_a_month_in_whole_per_cent_is_read_so_where_the_others_have_a_decimal():
    """The truth behind 85 may be 85,4: `85,0` would be a wrong figure."""
    own = lines(coarse=np.arange(len(MONTHS)) == 3)["data"][-1]
    assert own["customdata"][2:5] == ["85,0", "85", "85,0"]
    assert "customdata" not in lines()["data"][-1]
