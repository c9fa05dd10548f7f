"""Charts as drawings: what is drawn where, inside its edges, without words over words."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lagesbild.domain.periods import Month, months_between
from lagesbild.reports.charts import BarRow, Columns, Fan, Limit, Line, RankedBars, StackedBars, StackRow, TimeLines
from lagesbild.reports.colors import color
from lagesbild.reports.fonts import fitted, width
from lagesbild.reports.geometry import draw
from lagesbild.reports.geometry.parts import apart, hatched
from lagesbild.reports.primitives import Area, Dot, Drawing, Rect, Stroke, Text
from tests.reports import made_up
from tests.reports.made_up_any import charts

CHARTS = {f.id: f.chart for d in made_up.documents().values() for f in d.figures if f.chart}


def box(text: Text) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a text's letters."""
    wide = width(text.text, text.size, bold=text.bold)
    left = {"start": text.x, "middle": text.x - wide / 2, "end": text.x - wide}[text.anchor]
    return left, text.y - text.size * 0.7, left + wide, text.y + text.size * 0.12


def texts(drawing: Drawing) -> list[Text]:
    return [i for i in drawing.items if isinstance(i, Text)]


def of(drawing: Drawing, kind: type) -> list:
    return [i for i in drawing.items if isinstance(i, kind)]


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("wide", [249, 320, 517])
def test_words_keep_inside_and_apart(name, wide):
    drawing = draw(CHARTS[name], wide)
    boxes = [(box(t), t.text) for t in texts(drawing)]
    for (left, top, right, bottom), text in boxes:
        assert left >= -0.5, text
        assert right <= wide + 0.5, text
        assert top >= 0, text
        assert bottom <= drawing.height + 0.5, text
    for (a, one), (b, other) in combinations(boxes, 2):
        wide_over = min(a[2], b[2]) - max(a[0], b[0])
        high_over = min(a[3], b[3]) - max(a[1], b[1])
        assert not (wide_over > 0.5 and high_over > 0.5), (one, other)


def test_bars_are_as_long_as_their_values_and_the_limit_stands_at_its_own():
    chart = made_up.ranked().chart
    assert isinstance(chart, RankedBars)
    drawing = draw(chart, 249)
    bars = [r for r in of(drawing, Rect) if r.fill]
    values = [r.value for r in chart.rows if r.value is not None]
    assert [b.width / v for b, v in zip(bars, values, strict=True)] == pytest.approx([bars[0].width / values[0]] * 20)
    limit = next(s for s in of(drawing, Stroke) if s.color == "limit")
    assert (limit.places[0][0] - bars[0].x) / 0.8 == pytest.approx(bars[0].width / values[0])
    assert [b.fill for b in bars[-2:]] == ["seq-5", "seq-5"]
    assert {b.fill for b in bars[:-2]} == {"seq-3"}


def test_arrows_stand_only_where_a_change_is_certain():
    drawing = draw(made_up.ranked().chart, 249)
    judged = [j for _, _, j in made_up.REGIONS if j]
    assert [a.fill for a in of(drawing, Area)] == judged


def test_what_is_not_there_is_hatched_and_said_never_zero():
    rows = (BarRow("A", 0.5), BarRow("B", None, absent="rapport saknas"), BarRow("C", 0.0))
    drawing = draw(RankedBars("alt", rows, "share", 1.0), 249)
    assert drawing.texts == ("A", "50,0\u00a0%", "B", "rapport saknas", "C", "0,0\u00a0%")
    assert [r.width for r in of(drawing, Rect) if r.fill][1] == 0
    assert any(s.color == "hatch" for s in of(drawing, Stroke))


def test_a_stack_of_shares_fills_its_row_and_hidden_parts_are_one_field():
    parts = ("a", "b", "c")
    rows = (StackRow("hela", (0.5, 0.3, 0.2)), StackRow("dolt", (0.5, None, None)))
    drawing = draw(StackedBars("alt", parts, rows, "share"), 300)
    bars = [r for r in of(drawing, Rect) if r.height > 10]
    whole, hidden = [b for b in bars if b.y == bars[0].y], [b for b in bars if b.y != bars[0].y]
    end = whole[-1].x + whole[-1].width + 0.6
    assert [b.width + 0.6 for b in whole] == pytest.approx([(end - whole[0].x) * v for v in (0.5, 0.3, 0.2)])
    assert [bool(b.fill) for b in hidden] == [True, False]
    assert hidden[1].x + hidden[1].width == pytest.approx(end)
    assert "visas inte" in drawing.texts


def test_later_parts_are_darker():
    drawing = draw(made_up.bands().chart, 517)
    fills = [r.fill for r in of(drawing, Rect) if r.fill][:7]
    light = [sum(int(color(f)[k : k + 2], 16) for k in (1, 3, 5)) for f in fills]
    assert light == sorted(light, reverse=True)
    assert len(set(light)) == 7


def test_a_forecast_sets_out_from_the_last_observed_value():
    drawing = draw(made_up.fan().chart, 249)
    whole = next(s for s in of(drawing, Stroke) if s.color == "series" and not s.dash)
    dashed = next(s for s in of(drawing, Stroke) if s.color == "series" and s.dash)
    assert dashed.places[0] == whole.places[-1]
    assert len(dashed.places) == 13
    fans = of(drawing, Area)
    assert [a.fill for a in fans] == ["fan-95", "fan-80", "fan-50"]
    assert all(a.places[0] == whole.places[-1] for a in fans)


def test_a_month_without_a_value_is_a_gap_and_a_provisional_one_is_open():
    drawing = draw(made_up.control_chart().chart, 517)
    lines = [s for s in of(drawing, Stroke) if s.color == "series"]
    assert [len(s.places) for s in lines] == [9, 14]
    assert [d.open for d in of(drawing, Dot) if d.radius == 2.3 and d.x > 400] == [True]
    assert [a.fill for a in of(drawing, Area)][-2:] == ["worse", "worse"]
    assert "nov 2022: byte av journalsystem" in drawing.texts
    assert "preliminärt" in drawing.texts


def test_an_axis_starts_at_zero_unless_told_and_lower_than_told_when_a_value_is():
    months = tuple(months_between(Month(2023, 1), Month(2023, 6)))
    line = Line("a", (0.81, 0.82, 0.83, 0.84, 0.85, 0.86))
    zero = draw(TimeLines("alt", months, (line,), "share"), 300)
    assert "0" in zero.texts
    told = draw(TimeLines("alt", months, (line,), "share", floor=0.8), 300)
    assert "80" in told.texts
    assert "0" not in told.texts
    under = draw(TimeLines("alt", months, (replace(line, values=(0.7,) * 6),), "share", floor=0.8), 300)
    assert "70" in under.texts


def test_the_limit_is_left_out_when_the_axis_does_not_reach_it():
    months = tuple(months_between(Month(2023, 1), Month(2023, 6)))
    chart = TimeLines("alt", months, (Line("a", (0.9,) * 6),), "share", 0.85, Limit(0.8, "gräns"))
    assert "gräns" not in draw(chart, 300).texts
    assert "gräns" in draw(replace(chart, floor=0.75), 300).texts


@settings(max_examples=150, deadline=None)
@given(st.lists(st.floats(0.62, 0.98), min_size=30, max_size=30), st.floats(0.7, 0.9))
def test_the_name_of_the_limit_lies_over_no_word_and_no_value(values, limit):
    """Where there is no room on the line it stands in the key."""
    months = tuple(months_between(Month(2022, 1), Month(2024, 6)))
    seen, ahead = (*values[:20], *(None,) * 10), (*(None,) * 20, *values[20:])
    lines = (Line("andel", seen, end_text="80,0\u00a0%"), Line("prognos", ahead, "forecast", "81\u00a0%"))
    drawing = draw(TimeLines("alt", months, lines, "share", 0.6, Limit(limit, "gr\u00e4ns f\u00f6r gap")), 249)
    name = next(t for t in of(drawing, Text) if t.text == "gr\u00e4ns f\u00f6r gap")
    left, top, right, bottom = box(name)
    for other in of(drawing, Text):
        a, b, c, d = box(other)
        assert other is name or not (a < right - 1 and c > left + 1 and b < bottom - 3 and d > top + 3)
    series = [p for s in of(drawing, Stroke) if s.color == "series" for p in s.places]
    assert not any(left < x < right and name.y - 7 < y < name.y for x, y in series)


def test_columns_stand_on_zero_and_a_missing_month_is_dashed():
    drawing = draw(made_up.flows().chart, 249)
    assert sum(r.dashed for r in of(drawing, Rect)) == 2  # the month, and its sign in the key
    columns = [r for r in of(drawing, Rect) if r.fill == "seq-3" and r.y > 20]
    assert len(columns) == 22
    assert len({round(c.y + c.height, 6) for c in columns}) == 1
    assert [t for t in drawing.texts if t in ("genomförda", "nytillkomna", "preliminärt", "visas inte")] == [
        "genomförda",
        "nytillkomna",
        "preliminärt",
        "visas inte",
    ]


def test_nothing_to_draw_is_said_in_words():
    months = (Month(2024, 1),)
    empty = (
        RankedBars("alt", (), "share", 1.0),
        StackedBars("alt", (), (), "share"),
        TimeLines("alt", (), (), "share"),
        TimeLines("alt", months, (Line("a", (None,)),), "share", fans=(Fan(50, (None,), (None,)),)),
        Columns("alt", months, "a", (None,), "b", (None,)),
    )
    for chart in empty:
        assert draw(chart, 250).texts == ("Det finns inga uppgifter att visa för urvalet.",)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(charts(), st.sampled_from((200.0, 249.0, 517.0)))
def test_any_chart_keeps_inside_its_edges(chart, wide):
    drawing = draw(chart, wide)
    assert drawing.alt == chart.alt
    for item in drawing.items:
        if isinstance(item, Rect):
            xs, ys = (item.x, item.x + item.width), (item.y, item.y + item.height)
            assert item.width >= 0
            assert item.height >= 0
        elif isinstance(item, (Stroke, Area)):
            xs, ys = zip(*item.places, strict=True)
        elif isinstance(item, Text):
            left, top, right, bottom = box(item)
            xs, ys = (left + 3, right - 3), (top, bottom)
        else:
            xs, ys = (item.x,), (item.y,)
        assert min(xs) >= -4
        assert max(xs) <= wide + 4
        assert min(ys) >= -1
        assert max(ys) <= drawing.height + 4


@given(
    st.lists(st.tuples(st.floats(0, 100), st.sampled_from((10.0, 20.0))), max_size=5),
)
def test_labels_pushed_apart_do_not_meet_and_stay_inside(labels):
    wanted, heights = [w for w, _ in labels], [h for _, h in labels]
    places = apart(wanted, heights, 0, 100)
    spans = sorted((p - h / 2, p + h / 2) for p, h in zip(places, heights, strict=True))
    assert all(a[1] <= b[0] + 1e-9 for a, b in pairwise(spans))
    assert all(a >= -1e-9 and b <= 100 + 1e-9 for a, b in spans)


@given(st.floats(0.5, 80), st.floats(0.5, 80))
def test_hatching_stays_in_its_box(w, h):
    for item in hatched(10, 20, w, h):
        places = item.places if isinstance(item, Stroke) else ()
        assert all(10 - 1e-9 <= x <= 10 + w + 1e-9 and 20 - 1e-9 <= y <= 20 + h + 1e-9 for x, y in places)


@given(st.text(min_size=1, max_size=40), st.floats(10, 200))
def test_a_fitted_text_fits(text, room):
    assert width(fitted(text, room, 8.6), 8.6) <= room + width("…", 8.6)
