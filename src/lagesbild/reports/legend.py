"""How a chart is read, in words: what its marks mean that no label at them says."""

from __future__ import annotations

from lagesbild.domain.swedish import join_and, percent
from lagesbild.figures.parts import nice_range
from lagesbild.reports.charts import Chart, Columns, RankedBars, StackedBars, TimeLines
from lagesbild.reports.rounding import written

JUDGED = {"better": "säkerställt bättre", "worse": "säkerställt sämre"}
ARROWS = {"better": "▲", "worse": "▼"}


def reading(chart: Chart) -> tuple[str, ...]:
    """Short sentences, none when everything in the chart is labelled where it stands."""
    match chart:
        case RankedBars():
            arrows = [
                f"{ARROWS[j]} {JUDGED[j]}" for j in ("better", "worse") if any(r.judgement == j for r in chart.rows)
            ]
            return (f"{', '.join(arrows)}.",) if arrows else ()
        case StackedBars():
            return ()
        case Columns():
            return ("Randig stapel: preliminär månad.",) if chart.provisional else ()
        case TimeLines():
            return _time(chart)


def briefly(absent: str) -> str:
    """Why there is nothing to draw, as short as stands beside a name: without the reason, which stands under it.

    >>> briefly("saknas: Byte av system, ingen rapport för oktober.")
    'saknas'
    """
    return absent.split(":")[0]


def absences(chart: Chart) -> tuple[str, ...]:
    """The reasons in full, with the rows' names."""
    rows = chart.rows if isinstance(chart, (RankedBars, StackedBars)) else ()
    return tuple(f"{r.label}: {r.absent}" for r in rows if ":" in r.absent)


def time_axis(chart: TimeLines) -> tuple[float, float, float]:
    """Low end, high end and step. From the chart's floor (zero unless told), lower when something lies below it."""
    found = [v for item in chart.lines for v in item.values]
    found += [v for f in chart.fans for v in (*f.low, *f.high)]
    found += [*(chart.normal or ()), chart.limit.value if chart.limit else None]
    values = [v for v in found if v is not None]
    if chart.floor is None:
        low, high, ticks = nice_range(values or [1.0], zero=True, ticks=5)
    else:
        low, high, ticks = nice_range([chart.floor, *values], ticks=5)
        low = chart.floor if min(values, default=chart.floor) >= chart.floor else low
    if chart.unit == "share" and max(values, default=0.0) <= 1:
        high = min(high, 1.0)
    return low, high, round(ticks[1] - ticks[0], 10)


def _time(chart: TimeLines) -> tuple[str, ...]:
    said = []
    low = time_axis(chart)[0]
    if low != 0:
        whole = abs(low * 100 - round(low * 100)) < 1e-9
        start = percent(low, 0 if whole else 1) if chart.unit == "share" else written(low, chart.unit)
        said.append(f"Axeln börjar vid {start}.")
    if chart.fans:
        levels = join_and([str(level) for level in sorted({f.level for f in chart.fans})])
        said.append(f"Band: {levels}\u00a0% av utfallen.")
    if chart.normal:
        said.append("Grått band: normal variation.")
    said += [
        f"{mark}: {JUDGED[judgement]}."
        for judgement, mark in (("better", "Triangel"), ("worse", "Romb"))
        if any(b.judgement == judgement for b in chart.breaches)
    ]
    if any(not b.judgement for b in chart.breaches):
        said.append("Fyrkant: utanför den normala variationen.")
    if chart.provisional:
        said.append("Ljus punkt: preliminär månad.")
    return tuple(said)
