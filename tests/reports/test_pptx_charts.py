"""Native charts: the document's numbers in part and workbook, editable, honest, no more decimals than are shown."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree
from pptx.enum.chart import XL_CHART_TYPE

from lagesbild.domain.periods import Month
from lagesbild.reports.about import cleaned
from lagesbild.reports.charts import BarRow, Chart, Fan, Limit, Line, RankedBars, TimeLines
from lagesbild.reports.document import Document, Figure, Section
from lagesbild.reports.legend import reading, time_axis
from lagesbild.reports.pptx_bars import limit_stands
from lagesbild.reports.pptx_charts import drawings
from lagesbild.reports.rounding import told
from tests.reports import office_documents as made
from tests.reports.reading import charts, column, opened, series, sheet

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def document(chart: Chart, *, exact: bool = False) -> Document:
    table = made.gap_table()
    return replace(
        made.assessment(),
        sections=(Section("s", "Avsnitt", (Figure("f", "Fynd", "", table, "Källa", chart),)),),
        stamp=replace(made.STAMP, exact=exact),
    )


def only(chart: Chart, *, exact: bool = False) -> Any:
    return next(charts(opened(document(chart, exact=exact))))[1]


def formats(chart: Any, tag: str = "dLbl") -> dict[int, str]:
    return {
        int(e.find(f"{C}idx").get("val")): e.find(f"{C}numFmt").get("formatCode")
        for e in chart._chartSpace.iter(f"{C}{tag}")
        if e.find(f"{C}numFmt") is not None
    }


def test_ranked_bars_hold_the_rows_numbers_in_their_order_first_on_top() -> None:
    drawn, chart = made.ranked(), only(made.ranked())
    assert chart.chart_type == XL_CHART_TYPE.BAR_CLUSTERED
    labels = [c.label for c in chart.plots[0].categories]
    assert labels == [*(r.label for r in drawn.rows[:-1]), "Örebro: rapport saknas"]
    expected = [told(r.value, "share", r.text) for r in drawn.rows]
    assert series(chart) == {"Procent": expected}
    assert column(chart, "Procent") == expected
    assert expected[-1] is None, "what is missing is no bar, never zero"
    orientation = chart._chartSpace.find(f".//{C}catAx/{C}scaling/{C}orientation")
    assert orientation.get("val") == "maxMin"
    assert chart.value_axis.minimum_scale == 0


def test_labels_are_the_cells_numbers_with_the_judgement_around_them() -> None:
    found = formats(only(made.ranked()))
    assert found[0] == '[$-41D]0.0"\u00a0"%" ▲"'
    assert found[1] == '[$-41D]0.0"\u00a0"%'
    assert found[19].endswith('" ▼"')
    assert "\u00a0▲" not in str(reading(made.ranked()))
    assert "▲ säkerställt bättre, ▼ säkerställt sämre." in reading(made.ranked())


@pytest.mark.parametrize(
    ("limit", "most", "stands"), [(0.8, 1.0, True), (0.4, 1.0, False), (90, 120, True), (0, 1, False)]
)
def test_a_limit_is_the_axis_only_line_where_its_value_is_or_is_said(limit: float, most: float, stands: bool) -> None:
    chart = RankedBars("Alt", (BarRow("A", most / 2),), "number", most, Limit(limit, 'gräns "x"'))
    assert limit_stands(chart) is stands
    axis = only(chart).value_axis
    assert axis.has_major_gridlines is stands
    slide = next(s for s in opened(document(chart)).slides if s.shapes.title.text == "Fynd")
    said = " ".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)
    assert ('gräns "x".' in said) is not stands
    if stands:
        assert axis.major_unit == limit
        assert axis.tick_labels.number_format == '"gräns x";"";""'
        assert axis.maximum_scale < 2 * limit, "no second line where no limit is"


def test_stacked_bars_are_parts_in_their_own_order_later_darker() -> None:
    drawn, chart = made.bands(), only(made.bands())
    assert chart.chart_type == XL_CHART_TYPE.BAR_STACKED
    assert list(series(chart)) == list(drawn.parts)
    for k, part in enumerate(drawn.parts):
        assert series(chart)[part] == [told(r.values[k], "share") for r in drawn.rows]
    fills = [e.get("val") for e in chart._chartSpace.iterfind(f".//{C}ser/{C}spPr/{{*}}solidFill/{{*}}srgbClr")]
    light = [sum(int(f[i : i + 2], 16) for i in (0, 2, 4)) for f in fills]
    assert light == sorted(light, reverse=True)
    assert len(set(light)) == len(light)
    assert chart.has_legend


def test_columns_and_ticks_share_an_axis_from_zero() -> None:
    drawn, chart = made.flows(), only(made.flows())
    assert [type(p).__name__ for p in chart.plots] == ["BarPlot", "LinePlot"]
    assert series(chart) == {"Genomförda": list(drawn.values), "Nytillkomna": list(drawn.ticks)}
    assert chart.value_axis.minimum_scale == 0
    hatched = [int(e.getparent().getparent().find(f"{C}idx").get("val")) for e in chart._chartSpace.iter("{*}pattFill")]
    assert hatched == [made.SEEN - 2, made.SEEN - 1]


def test_months_are_dates_in_swedish() -> None:
    chart = only(made.fan())
    cells = [row[0] for row in sheet(chart).iter_rows(min_row=2)]
    assert [c.value.date() for c in cells] == [m.first_day for m in made.MONTHS]
    assert {c.number_format for c in cells} == {"[$-41D]mmm yyyy"}
    assert chart._chartSpace.find(f".//{C}dateAx/{C}numFmt").get("formatCode") == "[$-41D]mmm yyyy"


def test_lines_of_a_forecast_are_the_documents_numbers() -> None:
    drawn, chart = made.fan(), only(made.fan())
    for item in drawn.lines:
        assert series(chart)[item.name] == [told(v, "share") for v in item.values]
        assert column(chart, item.name) == series(chart)[item.name]
    assert set(series(chart)["gräns för gap"]) == {0.8}
    assert '[$-41D]"troligast "0.0"\u00a0"%' in formats(chart).values()
    assert "Axeln börjar vid" in reading(drawn)[0]


def evaluated(chart: Any) -> dict[str, list[float | None]]:
    """The workbook's columns with its three kinds of formulas computed: `=A2`, `=A2-B2`, `=IF(ISNUMBER(A2),A2,N(B2))`;
    an empty cell counts as nothing, as in a spreadsheet."""
    found = sheet(chart)

    def value(formula: str) -> float | None:
        choice = re.fullmatch(r"=IF\(ISNUMBER\((\w+)\),\1,N\((\w+)\)\)", formula)
        if choice:
            first = found[choice[1]].value
            return first if first is not None else found[choice[2]].value or 0.0
        if "-" in formula:
            a, b = (found[p].value or 0.0 for p in formula[1:].split("-"))
            return a - b
        return found[formula[1:]].value

    return {
        cells[0].value: [value(c.value) if c.data_type == "f" else c.value for c in cells[1:]]
        for cells in found.iter_cols(min_col=2)
    }


def test_bands_stack_to_the_edges_and_follow_them_when_they_are_edited() -> None:
    drawn, chart = made.fan(), only(made.fan())
    cells = evaluated(chart)
    for fan in drawn.fans:
        assert column(chart, f"{fan.level} % av utfallen, nedre gräns") == [told(v, "share") for v in fan.low]
        assert column(chart, f"{fan.level} % av utfallen, övre gräns") == [told(v, "share") for v in fan.high]
    area = [s for p in chart.plots if type(p).__name__ == "AreaPlot" for s in p.series]
    assert len(area) == 1 + 5
    for s in area:  # what the chart holds is what the formulas of its sheet give
        assert list(s.values) == pytest.approx(cells[s.name])
    for k in range(made.SEEN, len(made.MONTHS)):
        heights = [0.0]
        for s in area:
            heights.append(heights[-1] + s.values[k])
        edges = [*(f.low[k] for f in drawn.fans), *(f.high[k] for f in reversed(drawn.fans))]
        assert heights[1:] == pytest.approx([told(e, "share") for e in edges])
    before = [[s.values[k] for s in area[1:]] for k in range(made.SEEN)]
    assert {v for row in before for v in row} == {0.0}, "no band where there is no forecast"
    first = area[0]._element.find(f"{C}spPr/{{*}}noFill")
    assert first is not None, "the base is not seen"


@pytest.mark.parametrize("break_it", ["crossing", "gap", "negative", "no month before"])
def test_bands_that_cannot_be_stacked_are_lines_at_their_edges(break_it: str) -> None:
    chart = made.fan()
    wide, *rest = chart.fans
    if break_it == "crossing":
        wide = Fan(95, (*wide.low[:-1], 0.99), wide.high)
    elif break_it == "gap":
        wide = Fan(95, (*wide.low[:-1], None), wide.high)
    elif break_it == "negative":
        wide = Fan(95, (*wide.low[:-1], -0.1), wide.high)
    else:
        seen = chart.lines[0]
        values = (*seen.values[: made.SEEN - 1], *(None,) * 13)
        chart = replace(chart, lines=(replace(seen, values=values), *chart.lines[1:]))
    made_chart = only(replace(chart, fans=(wide, *rest)))
    assert "AreaPlot" not in [type(p).__name__ for p in made_chart.plots]
    assert series(made_chart)["95 % av utfallen, nedre gräns"] == [told(v, "share") for v in wide.low]


def test_a_control_chart_has_band_breaches_break_and_preliminary_months() -> None:
    drawn, chart = made.control(), only(made.control())
    shown = series(chart)
    at = {m: k for k, m in enumerate(drawn.months)}
    assert [k for k, v in enumerate(shown["Säkerställt sämre"]) if v is not None] == [at[Month(2023, 8)]]
    assert [k for k, v in enumerate(shown["Säkerställt bättre"]) if v is not None] == [at[Month(2022, 11)]]
    assert [k for k, v in enumerate(shown["Preliminär månad"]) if v is not None] == [22, 23]
    assert shown["Säkerställt sämre"][at[Month(2023, 8)]] == 0.818
    assert column(chart, "Säkerställt sämre")[at[Month(2023, 8)]].startswith("=")
    assert [k for k, v in enumerate(shown["Nytt journalsystem"]) if v is not None] == [at[Month(2022, 9)]]
    assert set(shown["Normal variation, nedre gräns"]) == {0.84}
    assert set(shown["Bandets bredd"]) == {0.06}
    assert {"Triangel: säkerställt bättre.", "Romb: säkerställt sämre."} <= set(reading(drawn))


def test_an_axis_that_does_not_start_at_zero_says_where_it_starts() -> None:
    low = replace(made.fan(), floor=0.9)
    start = time_axis(low)[0]
    assert start <= min(v for f in low.fans for v in f.low if v is not None), "nothing is cut off"
    assert only(low).value_axis.minimum_scale == start
    assert reading(low)[0] == f"Axeln börjar vid {round(start * 100)}\u00a0%."
    assert time_axis(replace(low, floor=None))[0] == 0
    assert not any("Axeln" in t for t in reading(replace(low, floor=None)))


LEAK = 41 / 45


@pytest.mark.parametrize(
    ("chart", "name", "expected"),
    [
        (RankedBars("a", (BarRow("A", LEAK),), "share", 1.0), "Procent", 0.911),
        (RankedBars("a", (BarRow("A", LEAK, "91\u00a0%"),), "share", 1.0), "Procent", 0.91),
        (TimeLines("a", made.MONTHS[:1], (Line("L", (LEAK,)),), "share"), "L", 0.911),
        (TimeLines("a", made.MONTHS[:1], (Line("L", (12.4,)),), "count"), "L", 12.0),
    ],
)
def test_a_chart_for_the_public_holds_no_more_than_is_written(chart: Chart, name: str, expected: float) -> None:
    """The part and the workbook inside it can be read to the last decimal by whoever gets the file."""
    assert series(only(chart))[name] == [expected]
    assert column(only(chart), name) == [expected]
    told_in_full = column(only(chart, exact=True), name)[0]
    assert told_in_full != expected


def test_many_rows_are_split_over_slides_on_one_axis() -> None:
    rows = tuple(BarRow(f"Rad {k}", k / 60) for k in range(60))
    found = [chart for _, chart in charts(opened(document(RankedBars("Alt", rows, "share", 0.5))))]
    assert len(found) == 3
    assert [c.label for f in found for c in f.plots[0].categories] == [r.label for r in rows]
    assert len({f.value_axis.maximum_scale for f in found}) == 1


def test_a_chart_of_nothing_leaves_its_table() -> None:
    deck = opened(document(RankedBars("Alt", (), "share", 1.0)))
    assert not list(charts(deck))
    assert any(s.has_table for slide in deck.slides for s in slide.shapes)


def test_no_text_of_a_workbook_inside_becomes_a_formula_or_a_link() -> None:
    rows = tuple(BarRow(t, 0.5) for t in made.HOSTILE[:6])
    found = sheet(only(RankedBars("Alt", (*rows, BarRow("http://x.se", 0.1)), "share", 1.0)))
    first = [row[0] for row in found.iter_rows(min_row=2)]
    assert {c.data_type for c in first} == {"s"}
    assert not any(c.hyperlink for c in first)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(made.charts())
def test_any_chart_is_well_formed_and_its_workbook_holds_its_numbers(chart: Chart) -> None:
    clean = cleaned(document(chart)).figures[0].chart
    assert clean is not None
    for drawing in drawings(clean, exact=False):
        root = etree.fromstring(drawing.xml)
        for node in root.iter(f"{C}ser"):
            name = node.find(f"{C}tx//{C}v").text or ""
            points = {int(p.get("idx")): float(p.find(f"{C}v").text) for p in node.findall(f"{C}val//{C}pt")}
            values = drawing.columns[int(node.find(f"{C}idx").get("val"))]
            assert name.replace("\r", "\n") == values.name.replace("\r", "\n") or not name.strip()
            assert points == {k: v for k, v in enumerate(values.values) if v is not None}
    for _, found in charts(opened(document(chart))):
        assert found._chartSpace.find(f"{C}externalData") is not None
        openpyxl.load_workbook(io.BytesIO(found.part.chart_workbook.xlsx_part.blob))
