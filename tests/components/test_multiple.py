"""Small multiples: the same height means the same value, in every panel."""

from urllib.parse import unquote

from lagesbild.components.multiple import all_lines, line_panel, plain


def parts(panel):
    return {p["props"]["className"]: p["props"] for p in panel["props"]["children"]}


def test_equal_values_stand_at_equal_height_and_more_is_higher():
    limit = parts(line_panel([0.8, 0.9], 0.7, 1.0, limit=0.9))
    assert limit["dot"]["style"]["top"] == limit["lim"]["style"]["top"]
    lower = parts(line_panel([0.9, 0.8], 0.7, 1.0, limit=None))
    assert float(lower["dot"]["style"]["top"].strip("%")) > float(limit["dot"]["style"]["top"].strip("%"))


def test_a_limit_outside_the_axis_is_not_drawn():
    assert "lim" not in parts(line_panel([0.9], 0.85, 1.0, limit=0.8))


def test_missing_months_open_the_line_and_a_missing_last_one_has_no_dot():
    found = parts(line_panel([0.8, None, 0.9, None], 0.7, 1.0, limit=None))
    assert "dot" not in found
    assert found["own"]["children"]["props"]["d"].count("M") == 2
    assert "own" not in parts(line_panel([None, None], 0.7, 1.0, limit=None))


def test_only_certain_change_has_colour():
    assert line_panel([0.9], 0.7, 1.0, limit=None, judgement="worse")["props"]["className"] == "panel-line worse"
    assert line_panel([0.9], 0.7, 1.0, limit=None, judgement="short")["props"]["className"] == "panel-line"


def test_values_outside_the_axis_stop_at_its_edge():
    high, over = (parts(line_panel([v], 0.7, 1.0, limit=None))["dot"]["style"]["top"] for v in (1.0, 1.4))
    assert high == over


def test_all_lines_are_one_mask():
    css = all_lines([[0.8, 0.9], [0.7, None]], 0.7, 1.0)
    assert css.startswith('url("data:image/svg+xml,')
    assert unquote(css).count("M") == 2
    assert plain([float("nan"), 1]) == [None, 1.0]
