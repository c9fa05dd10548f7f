"""Charts as drawings: from values to rectangles, lines and texts in points, once for every kind of paper."""

from __future__ import annotations

from lagesbild.reports.charts import Chart, Columns, RankedBars, StackedBars
from lagesbild.reports.geometry.columns import columns
from lagesbild.reports.geometry.ranked import ranked_bars
from lagesbild.reports.geometry.stacked import stacked_bars
from lagesbild.reports.geometry.time_lines import time_lines
from lagesbild.reports.primitives import Drawing


def draw(chart: Chart, width: float, low: float = 1.0) -> Drawing:
    """The chart, `width` points wide and as high as it needs to be; `low`: how high its field is against the usual,
    where it has no rows that need their height."""
    if isinstance(chart, RankedBars):
        return ranked_bars(chart, width)
    if isinstance(chart, StackedBars):
        return stacked_bars(chart, width)
    if isinstance(chart, Columns):
        return columns(chart, width, low)
    return time_lines(chart, width, low)
