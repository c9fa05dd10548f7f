"""Charts of production and forecasts: valid Plotly, the right numbers in them, and labels that do not overlap."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import count, percent
from lagesbild.domain.viewer import Viewer
from lagesbild.figures.balance import balance_figure
from lagesbild.figures.capacity import capacity_figure
from lagesbild.figures.fan import Fan, Tried, fan_figure, fan_height
from lagesbild.figures.fan_marks import GapMark
from lagesbild.figures.parts import LABEL_LINE, Label, Panel, end_labels, month_axis, nice_range
from lagesbild.figures.plan import plan_figure
from lagesbild.figures.record import record_svg
from lagesbild.figures.xmr import Change, Mark, xmr_figure
from lagesbild.views.balance import balance
from lagesbild.views.capacity_use import capacity_use
from lagesbild.views.control_chart import production_chart
from lagesbild.views.flows import flows
from lagesbild.views.forecast_fan import SHARE, forecast_fan
from lagesbild.views.plan_outcome import plan_outcome
from tests.country import LAST, country

SLID = country(slide=0.25)
FOUND = flows(SLID, Selection(care_area="kna", region="A"))
THEMES = ("light", "dark")


def _texts(figure):
    return [a["text"] for a in figure["layout"]["annotations"]]


def _trace(figure, name):
    return [t for t in figure["data"] if t.get("name") == name]


@pytest.mark.parametrize("theme", THEMES)
def test_all_are_valid_plotly(theme):
    chart = production_chart(FOUND, SLID, Viewer())
    figures = [
        balance_figure(balance(FOUND, Viewer("exact")).frame, theme=theme),
        xmr_figure(
            chart.frame, theme=theme, title="Genomförda", marks=[Mark(LAST, 1, False)], changes=[Change(LAST - 5, "x")]
        ),
        capacity_figure(capacity_use(FOUND, Viewer()).frame, theme=theme, title="Operationer"),
        plan_figure(plan_outcome(FOUND, Viewer()).frame, theme=theme, title="Operationer"),
        fan_figure([_fan()], theme=theme, gap=GapMark(LAST + 4, LAST + 2, LAST + 8, "Gap väntas")),
    ]
    for figure in figures:
        go.Figure(figure)
        assert {t["type"] for t in figure["data"]} <= {"scatter", "bar", "heatmap"}


def test_the_balance_draws_outflow_as_bars_and_inflow_as_a_tick_at_its_height():
    frame = balance(FOUND, Viewer("exact")).frame
    figure = balance_figure(frame, theme="light")
    performed, removed = _trace(figure, "Genomförda")[0], _trace(figure, "Övriga avslut")[0]
    assert performed["y"] == frame["performed"].tolist()
    assert removed["base"] == frame["performed"].tolist()
    tick = _trace(figure, "Nytillkomna")[-1]
    middles = [b + h / 2 for b, h in zip(tick["base"], tick["y"], strict=True)]
    assert middles == pytest.approx(frame["added"].tolist())
    assert any("Axeln börjar vid" in t for t in _texts(figure))


def test_a_hidden_month_leaves_its_place_empty():
    frame = balance(FOUND, Viewer("exact")).frame
    frame.loc[3, ["added", "removed_other"]] = np.nan
    figure = balance_figure(frame, theme="light")
    assert len(_trace(figure, "Nytillkomna")[-1]["x"]) == 23
    assert _trace(figure, "Övriga avslut")[0]["y"][3] is None


def test_a_protected_part_of_the_balance_has_a_dashed_frame_and_is_not_zero():
    frame = balance(FOUND, Viewer("exact")).frame
    hidden = frame[["performed", "removed_other"]].isna()
    assert balance_figure(frame, theme="light", hidden=hidden)["layout"]["shapes"] == []
    frame.loc[3, ["performed", "removed_other"]] = np.nan
    frame.loc[5, "removed_other"] = np.nan
    frame.loc[7, "performed"] = np.nan
    shapes = balance_figure(frame, theme="light", hidden=frame[["performed", "removed_other"]].isna())["layout"][
        "shapes"
    ]
    assert [s["y0"] for s in shapes] == [0.0, frame["performed"].iloc[5], 0.0]
    assert {s["line"]["dash"] for s in shapes} == {"3px,2px"}
    heights = {round(s["y1"] - s["y0"], 6) for s in shapes}
    assert len(heights) == 1  # one height for all: it must tell nothing
    middle = pd.Timestamp(shapes[0]["x0"]) + (pd.Timestamp(shapes[0]["x1"]) - pd.Timestamp(shapes[0]["x0"])) / 2
    assert middle == frame["period"].iloc[3]


def test_a_protected_month_of_capacity_has_a_dashed_frame_in_the_frame_of_what_could_be_done():
    frame = capacity_use(FOUND, Viewer()).frame
    assert capacity_figure(frame, theme="light", title="Operationer")["layout"]["shapes"] == []
    frame.loc[2, ["performed", "share"]] = np.nan
    frame.loc[2, "hidden"] = True
    (shape,) = capacity_figure(frame, theme="light", title="Operationer")["layout"]["shapes"]
    assert 0 < shape["y1"] < frame["capacity"].iloc[2]


def test_breaches_are_larger_and_coloured_and_the_line_stops_at_a_change():
    chart = production_chart(FOUND, SLID, Viewer())
    figure = xmr_figure(chart.frame, theme="light", title="Genomförda")
    points = figure["data"][-1]
    worse = [c == "#AD420A" for c in points["marker"]["color"]]
    assert worse == (chart.frame["breach"] == "worse").tolist()
    split = chart.frame.assign(segment=[0] * 20 + [1] * 16)
    assert None in xmr_figure(split, theme="light", title="Genomförda")["data"][-1]["y"]


def test_capacity_is_drawn_from_zero_with_the_used_share_on_top():
    frame = capacity_use(FOUND, Viewer()).frame
    figure = capacity_figure(frame, theme="light", title="Operationer")
    assert figure["layout"]["yaxis"]["range"][0] == 0
    assert figure["data"][0]["text"] == [str(round(s * 100)) for s in frame["share"]]


def _fan(history=None, bands=None, tried=()):
    found = forecast_fan(SLID, Selection(care_area="kna", region="B"), Viewer())
    own = found.history[["period", "share", "provisional", "coarse"]].rename(columns={"share": "value"})
    return Fan(
        title="Andel",
        history=own if history is None else history,
        bands=found.bands[SHARE] if bands is None else bands,
        text=percent,
        tick=count,
        height=280,
        scale=100.0,
        limit=0.8,
        limit_text="Gräns för gap, 80 %",
        highest=100.0,
        tried=tried,
    )


def test_the_fan_starts_at_the_last_outcome_and_widens():
    fan = _fan()
    figure = fan_figure([fan], theme="light")
    areas = [t for t in figure["data"] if t.get("fill") == "toself"]
    assert len(areas) == 3
    last = fan.history["value"].iloc[-1] * 100
    assert all(a["y"][0] == pytest.approx(last) and a["y"][-1] == pytest.approx(last) for a in areas)
    heights = [max(a["y"]) - min(a["y"]) for a in areas]
    assert heights == sorted(heights, reverse=True)
    low, high = figure["layout"]["yaxis"]["range"]
    assert low <= 80 <= high <= 100


def test_a_missing_last_month_is_not_joined_to_the_forecast():
    history = _fan().history
    history.loc[23, "value"] = np.nan
    figure = fan_figure([_fan(history=history)], theme="light")
    area = next(t for t in figure["data"] if t.get("fill") == "toself")
    assert area["x"][0] == _fan().bands["period"].iloc[0].strftime("%Y-%m-%d")


def test_a_provisional_month_is_hatched_and_named():
    history = _fan().history.assign(provisional=[False] * 23 + [True])
    figure = fan_figure([_fan(history=history)], theme="light")
    assert [t for t in figure["data"] if t["type"] == "bar" and t["marker"]["pattern"]["shape"] == "/"]
    assert "preliminär" in _texts(figure)


def test_the_gap_is_a_line_through_all_panels_with_its_month_in_words():
    figure = fan_figure(
        [_fan(), _fan()], theme="light", gap=GapMark(LAST + 4, LAST + 2, LAST + 8, "Gap väntas i februari 2027")
    )
    lines = [
        s
        for s in figure["layout"]["shapes"]
        if s["type"] == "line" and s.get("x0") == s.get("x1") == (LAST + 4).first_day.isoformat()
    ]
    assert len(lines) == 1
    assert lines[0]["yref"] == "paper"
    assert any("februari 2027" in t for t in _texts(figure))
    assert figure["layout"]["height"] == fan_height([_fan(), _fan()], gap=True)


def test_a_scenario_leaves_the_forecast_in_the_month_before_it_begins_and_is_named_at_its_end():
    nothing = float("nan")
    late = Tried("fem fler", (nothing, nothing, *[0.9] * 10))
    first = Tried("scenario B", (0.85,) * 12)
    fan = _fan(tried=(late, first))
    figure = fan_figure([fan], theme="light")
    (a,), (b,) = _trace(figure, "fem fler"), _trace(figure, "scenario B")
    assert a["x"] == [p.strftime("%Y-%m-%d") for p in fan.bands["period"].iloc[1:]]
    assert a["y"][0] == pytest.approx(fan.bands["p50"].iloc[1] * fan.scale)
    assert b["x"][0] == fan.history["period"].iloc[-1].strftime("%Y-%m-%d")
    assert a["line"]["color"] == b["line"]["color"] == "#8A3F7A"
    assert a["line"]["dash"] != b["line"]["dash"]
    assert sum(t.endswith(("fem fler</b>", "scenario B</b>")) for t in _texts(figure)) == 2
    go.Figure(figure)


def test_the_axis_has_room_for_a_scenario_outside_of_the_fan():
    figure = fan_figure([_fan(tried=(Tried("fem fler", (0.2,) * 12),))], theme="light")
    assert figure["layout"]["yaxis"]["range"][0] <= 20


@settings(deadline=None)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=5), st.integers(1, 2))
def test_end_labels_never_overlap(values, lines):
    panel = Panel(40, 260, 0.0, 100.0)
    labels = [Label(panel, v, f"{v:.3f}", "#000", lines=lines) for v in values]
    placed = end_labels(labels)
    pixels = sorted(panel.pixel(a["y"]) - a["yshift"] for a in placed)
    assert all(b - a >= lines * LABEL_LINE - 0.21 for a, b in itertools.pairwise(pixels))
    assert pixels[-1] <= 300.2


@settings(deadline=None)
@given(st.lists(st.floats(0, 1e6, allow_nan=False), min_size=1, max_size=30), st.booleans())
def test_an_axis_holds_all_its_values(values, zero):
    low, high, ticks = nice_range(values, zero=zero)
    slack = 1e-6 * max(1.0, max(values))
    assert low <= min(values) + slack
    assert high >= max(values) - slack
    assert 2 <= len(ticks) <= 8
    if zero:
        assert low == 0


def test_month_names_are_swedish_and_january_carries_the_year():
    axis = month_axis(pd.date_range("2025-11-01", periods=12, freq="MS"))
    assert axis["ticktext"] == ["jan<br><b>2026</b>", "apr", "jul", "okt"]


def test_an_earlier_forecast_is_well_formed_svg_with_one_dot_per_outcome():
    known = pd.DataFrame({"share": [0.8, 0.82, 0.84]})
    outcome = pd.DataFrame(
        {"horizon": [1, 2], "lo80": [0.8, 0.79], "hi80": [0.9, 0.91], "share": [0.85, 0.95], "inside": [True, False]}
    )
    root = ET.fromstring(record_svg(known, outcome, span=(0.7, 1.0), target=0.8, theme="dark"))
    dots = [e for e in root.iter() if e.tag.endswith("circle")]
    assert len(dots) == 2
    assert dots[1].get("stroke") == "#F2A066"
