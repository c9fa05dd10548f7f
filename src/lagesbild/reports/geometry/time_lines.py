"""Lines over months: trend, control chart, forecast with its fans. Every line is named at its end."""

from __future__ import annotations

from typing import Final

from lagesbild.reports.charts import Fan, Line, TimeLines
from lagesbild.reports.fonts import width
from lagesbild.reports.geometry.axes import Frame, field_height, month_axis, scale, tick_texts, value_axis
from lagesbild.reports.geometry.labels import (
    End,
    break_lines,
    end_labels,
    end_room,
    ink,
    inner_ends,
    inside,
    last_known,
    limit_name,
)
from lagesbild.reports.geometry.parts import (
    AXIS,
    LIMIT_WIDTH,
    KeyEntry,
    arrow,
    key,
    known,
    nothing,
    segments,
)  # fmt: skip
from lagesbild.reports.primitives import Area, Dot, Drawing, Item, Place, Rect, Stroke

_DASH: Final = (3.0, 2.3)
_COLORS: Final = ("series", "ink-3", "context")  # of observed lines: one is coloured, the others are grey


def time_lines(chart: TimeLines, w: float, share: float = 1.0, *, limit_in_key: bool = False) -> Drawing:
    """From the back: bands, grid, limit, lines, points; then words. Values under `floor` lower the axis, fans are cut
    at its edge."""
    drawn = [v for line in chart.lines for v in line.values if known(v)]
    if not chart.months or not drawn:
        return nothing(chart.alt, w)
    entries = _entries(chart)
    if limit_in_key and chart.limit:
        entries.append(("line", "limit", chart.limit.text))
    signs, above = key(entries, 0, w)
    low, high, marks = scale([*drawn, *_others(chart, min(drawn))], chart.floor)
    texts = tick_texts(marks, chart.unit)
    left = max(width(t, AXIS) for t in texts) + 5
    ends = _ends(chart)
    breaks, over = break_lines(chart, left, w - end_room(ends, w))
    top = above + over + 4
    frame = Frame(left, w - end_room(ends, w), top, top + field_height(w, share), low, high, len(chart.months))
    items: list[Item] = [*signs]
    if chart.normal:
        items += _normal(frame, *chart.normal)
    items += value_axis(frame, marks, texts)
    for fan in chart.fans:
        items += _fan(frame, chart, fan)
    if chart.limit and low <= chart.limit.value <= high:
        y = frame.y(chart.limit.value)
        items.append(Stroke(((frame.left, y), (frame.right, y)), "limit", LIMIT_WIDTH))
    drawn_ink = ink(frame, chart)
    inner = inner_ends(frame, chart, drawn_ink)
    items += breaks(frame, above)
    for k, line in enumerate(chart.lines):
        items += _line(frame, chart, line, k)
    items += _breaches(frame, chart)
    if chart.limit and low <= chart.limit.value <= high:
        name = None if limit_in_key else limit_name(frame, chart, drawn_ink, inner)
        if name is None and not limit_in_key:
            return time_lines(chart, w, share, limit_in_key=True)
        items += [name] if name else []
    items += end_labels(frame, ends, w)
    items += inner
    items += month_axis(frame, chart.months, w, also=sorted({e.month for e in ends if e.month < len(chart.months) - 1}))
    return Drawing(w, frame.bottom + 17, chart.alt, tuple(items))


def _others(chart: TimeLines, least: float) -> list[float]:
    """Values besides the lines' that the axis must hold. A fan may be cut below, never above."""
    values = [v for fan in chart.fans for v in fan.high if known(v)]
    if chart.floor is None:
        values += [v for fan in chart.fans for v in fan.low if known(v)]
    values += list(chart.normal or ())
    if chart.limit and (chart.floor is None or chart.limit.value >= min(chart.floor, least)):
        values.append(chart.limit.value)
    return values


def _entries(chart: TimeLines) -> list[KeyEntry]:
    out: list[KeyEntry] = []
    levels = sorted(chart.fans, key=lambda f: f.level)
    for fan in levels:
        last = fan is levels[-1]
        out.append(("box", _tint(fan), f"{fan.level}\u00a0%" + (" av utfallen" if last else "")))
    if chart.normal:
        out.append(("box", "band", "normal variation"))
    words = {"better": "säkerställd förbättring", "worse": "säkerställd försämring"}
    out += [("arrow", j, words[j]) for j in ("better", "worse") if any(b.judgement == j for b in chart.breaches)]
    if any(not b.judgement for b in chart.breaches):
        out.append(("open", "ink", "utanför normal variation"))
    if chart.provisional & set(chart.months):
        out.append(("open", "series", "preliminärt"))
    return out


def _tint(fan: Fan) -> str:
    return "fan-95" if fan.level >= 90 else "fan-80" if fan.level >= 65 else "fan-50"


def _normal(frame: Frame, low: float, high: float) -> list[Item]:
    a, b = frame.y(high), frame.y(low)
    edges = (Stroke(((frame.left, y), (frame.right, y)), "line-strong", 0.6, (2.2, 2.2)) for y in (a, b))
    return [Rect(frame.left, a, frame.right - frame.left, b - a, fill="band"), *edges]


def _before(chart: TimeLines, k: int) -> float | None:
    """The last thing known before month `k`: where a forecast sets out from."""
    if k == 0:
        return None
    return next((x.values[k - 1] for x in chart.lines if x.kind == "observed" and known(x.values[k - 1])), None)


def _fan(frame: Frame, chart: TimeLines, fan: Fan) -> list[Item]:
    both = [a if known(a) and known(b) else None for a, b in zip(fan.low, fan.high, strict=True)]
    items: list[Item] = []
    for run in segments(both):
        upper = [(frame.x(k), frame.y(fan.high[k] or 0.0)) for k in run]
        lower = [(frame.x(k), frame.y(fan.low[k] or 0.0)) for k in run]
        start = _before(chart, run[0])
        root: list[Place] = [(frame.x(run[0] - 1), frame.y(start))] if known(start) else []
        if len(root) + len(run) < 2:
            continue
        items.append(Area((*root, *upper, *reversed(lower)), _tint(fan)))
        items += [Stroke((*root, *edge), "fan-edge", 0.3) for edge in (upper, lower)]
    return items


def _line(frame: Frame, chart: TimeLines, line: Line, k: int) -> list[Item]:
    observed = [x for x in chart.lines if x.kind == "observed"]
    color = _COLORS[min(observed.index(line), 2)] if line.kind == "observed" else "series"
    wide = {"observed": 1.5, "forecast": 1.5, "reference": 0.9}[line.kind]
    color = "context" if line.kind == "reference" else color
    items: list[Item] = []
    for run in segments(line.values):
        places = [(frame.x(i), frame.y(line.values[i] or 0.0)) for i in run]
        start = _before(chart, run[0]) if line.kind == "forecast" else None
        if known(start):
            places.insert(0, (frame.x(run[0] - 1), frame.y(start)))
        if len(places) > 1:
            items.append(Stroke(tuple(places), color, wide, _DASH if line.kind == "forecast" else ()))
        elif line.kind != "reference":
            items.append(Dot(*places[0], 1.6, color))
    if line.kind == "observed":
        items += [
            Dot(frame.x(i), frame.y(v), 2.3, color, open=True)
            for i, v in enumerate(line.values)
            if known(v) and chart.months[i] in chart.provisional
        ]
        last = last_known(line)
        if last is not None and chart.months[last] not in chart.provisional:
            items.append(Dot(frame.x(last), frame.y(line.values[last] or 0.0), 2.3, color))
    return items


def _breaches(frame: Frame, chart: TimeLines) -> list[Item]:
    line = next((x for x in chart.lines if x.kind == "observed"), None)
    items: list[Item] = []
    for breach in chart.breaches:
        k = chart.months.index(breach.month) if breach.month in chart.months else None
        value = line.values[k] if line and k is not None else None
        if k is None or not known(value):
            continue
        x, y = frame.x(k), frame.y(value)
        items.append(arrow(x, y, breach.judgement, 7.4) if breach.judgement else Dot(x, y, 2.8, "ink", open=True))
    return items


def _ends(chart: TimeLines) -> list[End]:
    out = []
    for k, line in enumerate(chart.lines):
        last = last_known(line)
        if last is not None and not (inside(chart, line) and any(x.kind == "forecast" for x in chart.lines)):
            grey = line.kind == "reference" or (line.kind == "observed" and k > 0)
            out.append(End(last, line.values[last] or 0.0, line.name, line.end_text, "ink-2" if grey else "ink"))
    return out
