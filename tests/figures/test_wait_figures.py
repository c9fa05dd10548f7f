"""Charts of the wait pages: valid Plotly, right numbers in the right places, labels that do not cover each other."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from lagesbild.figures.bands import height, wait_band_bars
from lagesbild.figures.funnel import funnel_plot
from lagesbild.figures.map import Shade, level_map
from lagesbild.figures.outline import outline_of, outlines, projected
from lagesbild.figures.published import published_lines
from lagesbild.figures.theme import colors

GEOJSON = Path(__file__).parents[2] / "data/seed/map/counties.geojson"
CARTESIAN = {"scatter", "bar", "heatmap"}


def check(figure):
    """Valid for Plotly, JSON without numpy, only the traces of the small bundle."""
    go.Figure(figure)
    json.dumps(figure)
    assert {t["type"] for t in figure["data"]} <= CARTESIAN


def funnel_frames():
    points = pd.DataFrame(
        {
            "name": ["Norrby", "Åby", "Sjöbo", "Ekeby", "Ökna"],
            "waiting": [100.0, 210.0, 400.0, 900.0, 1500.0],
            "share": [0.92, 0.86, 0.70, 0.885, 0.90],
            "judgement": ["noise", "noise", "worse", "noise", "noise"],
            "place": ["inside", "inside", "outside", "between", "inside"],
            "chosen": [False, True, False, False, False],
        }
    )
    sizes = np.geomspace(80, 1900, 20)
    half = np.sqrt(0.88 * 0.12 / sizes)
    limits = pd.DataFrame({"waiting": sizes})
    for name, z in (("95", 1.96), ("998", 3.09)):
        limits[f"lo{name}"], limits[f"hi{name}"] = 0.88 - z * half, np.minimum(1, 0.88 + z * half)
    return points, limits


def names_in(figure, known):
    """Name -> its pixels right of its dot and the share at its middle: of notes and of the trace of plain names."""
    low, high = figure["layout"]["yaxis"]["range"]
    per_pixel = (high - low) / (500 - 40 - 62)
    side = {"middle right": 9, "middle left": -9, "middle center": 0}
    trace = figure["data"][-1]
    plain = zip(trace["text"], trace["y"], trace["textposition"], strict=True)
    found = [(n, side[how], y) for n, y, how in plain]
    notes = [a for a in figure["layout"]["annotations"] if any(n in a["text"] for n in known)]
    return found + [(a["text"], a["xshift"], a["y"] + a["yshift"] * per_pixel) for a in notes]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_funnel(theme):
    points, limits = funnel_frames()
    figure = funnel_plot(points, limits, centre=0.88, centre_name="Riket", measure="Andel", theme=theme)
    check(figure)
    dots, names = figure["data"][-2:]
    assert "Norrby" in names["text"]
    assert len(names["text"]) == len(names["x"]) == len(names["textfont"]["color"])
    assert dots["x"] == [100.0, 210.0, 400.0, 900.0, 1500.0]
    assert dots["marker"]["color"][2] == colors(theme)["worse"]
    assert dots["marker"]["color"][0] == colors(theme)["context"]
    texts = [a["text"] for a in figure["layout"]["annotations"]]
    assert "<b>▼ Sjöbo 70,0</b>" in texts
    assert "<b>Riket 88,0\u00a0%</b>" in texts
    low, high = figure["layout"]["yaxis"]["range"]
    assert low <= 0.70
    assert high >= 0.92


@pytest.mark.parametrize("chosen", [False, True])
def test_funnel_labels_do_not_cover_each_other_when_all_stand_in_one_place(chosen):
    """Nor those of a healthcare region's regions, all of them chosen: one of two names on each other cannot be read."""
    points, limits = funnel_frames()
    crowd = pd.concat([points.assign(name=points["name"] + str(k), waiting=300.0, share=0.88) for k in range(4)])
    crowd = crowd.assign(place="inside", judgement="noise", chosen=chosen)
    figure = funnel_plot(crowd, limits, centre=0.88, centre_name="Riket", measure="Andel", theme="light")
    named = names_in(figure, crowd["name"])
    offsets = [(x, round(y, 4)) for _, x, y in named]
    assert 0 < len(named) < len(crowd)
    assert len(set(offsets)) == len(offsets)


def test_no_name_is_struck_out_by_the_countrys_line_or_by_that_of_a_hundred_per_cent():
    points, limits = funnel_frames()
    edge = points.assign(share=[1.0, 0.88, 1.0, 0.885, 0.88], place="inside", judgement="noise", chosen=False)
    figure = funnel_plot(edge, limits, centre=0.88, centre_name="Riket", measure="Andel", theme="light")
    low, high = figure["layout"]["yaxis"]["range"]
    pixels = (500 - 40 - 62) / (high - low)
    named = names_in(figure, edge["name"])
    assert len(named) >= 3
    for _, _, middle in named:
        for line in (0.88, 1.0):
            assert abs((middle - line) * pixels) >= 8


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_band_bars(theme):
    labels = ["0–30", "31–60", "61–90", "över 90"]
    frame = pd.DataFrame(
        {
            "Ekeby:share": [0.5, 0.3, 0.2, np.nan],
            "Ekeby:count": [50, 30, 20, np.nan],
            "Ekeby:text": ["", "", "", "<5"],
            "riket:share": [0.4, 0.3, 0.2, 0.1],
            "riket:count": [4000, 3000, 2000, 1000],
            "riket:text": [""] * 4,
        }
    )
    figure = wait_band_bars(
        frame, labels=labels, names=["Ekeby", "riket"], limit_after=3, limit_text="Vårdgaranti", theme=theme
    )
    check(figure)
    mine, whole, *words = figure["data"]
    for bars, beside in zip((mine, whole), words, strict=True):
        assert [beside[of] for of in ("x", "y", "text")] == [bars[of] for of in ("x", "y", "text")]
        assert bars["textposition"] == "none"
    assert mine["x"] == [0.5, 0.3, 0.2, 0.0]
    assert mine["text"][3] == "<5"
    assert mine["text"][0].endswith("50 i Ekeby")
    assert whole["text"][0] == "40,0\u00a0%  4\u00a0000 i riket"
    tiny = frame.assign(**{"riket:share": [0.9998, 0.0002, 0.0, 0.0], "riket:count": [9998, 2, 0, 0]})
    few = wait_band_bars(tiny, labels=labels, names=["riket"], limit_after=3, limit_text="", theme=theme)["data"][0]
    assert few["text"][1:3] == ["<b><0,1\u00a0%</b>  2", "<b>0,0\u00a0%</b>  0"]  # nobody is not the same as few
    line = figure["layout"]["shapes"][0]["y0"]
    at = figure["layout"]["yaxis"]["tickvals"]
    assert at[2] < line < at[3]
    alone = wait_band_bars(frame, labels=labels, names=["riket"], limit_after=None, limit_text="", theme=theme)
    check(alone)
    assert "shapes" not in alone["layout"]
    assert height(7, 2) > height(7, 1)


def test_published_lines_leave_gaps_open_and_name_themselves():
    frame = pd.DataFrame(
        {
            "period": pd.date_range("2019-01-01", periods=5, freq="MS"),
            "Besök": [0.80, 0.81, np.nan, 0.83, 0.82],
            "Operation": [0.70, 0.71, 0.72, 0.73, np.nan],
        }
    )
    figure = published_lines(frame, names=["Besök", "Operation"], measure="Andel", theme="light")
    check(figure)
    assert figure["data"][0]["y"][2] is None
    assert figure["data"][0]["connectgaps"] is False
    texts = " ".join(a["text"] for a in figure["layout"]["annotations"])
    assert "82\u00a0%" in texts
    assert "73\u00a0%" in texts  # the last one published


def test_stored_outlines_are_the_map_file_projected():
    made = projected(json.loads(GEOJSON.read_text(encoding="utf-8")))
    assert len(made) == 21
    for row in made:
        found = outlines()[row["code"]]
        assert [list(np.ravel(r)) for r in found.rings] == row["rings"]
    # north is up, west is left
    assert outlines()["25"].centre[1] > outlines()["12"].centre[1]
    assert outlines()["14"].centre[0] < outlines()["01"].centre[0]


def test_another_countrys_code_does_not_borrow_an_outline():
    assert outline_of("01", "Region Stockholm") is not None
    assert outline_of("01", "Cork University Hospital") is None
    assert outline_of("S08000015", "NHS Ayrshire and Arran") is None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_map(theme):
    kinds = ["level-1", "level-5", "missing", "suppressed"]
    codes = ["25", "12", "01", "14"]
    shades = [
        Shade(outlines()[c], f"R{c}", k, f"text {c}", "70,0 %" if c == "12" else "")
        for c, k in zip(codes, kinds, strict=True)
    ]
    figure = level_map(shades, theme=theme)
    check(figure)
    fills = [t.get("fillcolor") for t in figure["data"] if t.get("fill") == "toself"]
    assert colors(theme)["seq-5"] in fills
    assert any("fillpattern" in t for t in figure["data"])
    hover = figure["data"][-1]
    assert hover["text"] == [f"text {c}" for c in codes]
    assert [a["text"] for a in figure["layout"]["annotations"]] == ["<b>70,0 %</b><br>R12"]
    # one label, one line; both at the same height
    assert len(figure["layout"]["shapes"]) == 1


def test_map_labels_keep_their_distance():
    codes = ["01", "03", "04", "19", "18"]
    shades = [Shade(outlines()[c], f"R{c}", "level-3", "", "80,0 %") for c in codes]
    notes = level_map(shades, theme="light")["layout"]["annotations"]
    for side in ("left", "right"):
        heights = sorted(a["y"] for a in notes if a["xanchor"] == side)
        assert all(b - a >= 51 for a, b in pairwise(heights))
