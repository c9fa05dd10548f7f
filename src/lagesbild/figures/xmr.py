"""The control chart: grey band, dashed limits, mean; a breach is a larger coloured point with a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import NB, capital, count, decimal, percent
from lagesbild.figures.parts import (
    Label,
    Panel,
    end_labels,
    heading,
    iso,
    month_axis,
    nice_range,
    provisional_traces,
    value_axis,
)
from lagesbild.figures.theme import Theme, colors, figure

PLOT: Final = 282  # pixels of the plot itself
_SAME: Final = 1e-6
_LEFT, _RIGHT, _BOTTOM = 52, 84, 48
_TOP, _TOP_CHANGES = 46, 84  # above the plot: the title, and the words of a change


@dataclass(frozen=True)
class Mark:
    """A number at the point of a month."""

    month: Month
    number: int
    better: bool


@dataclass(frozen=True)
class Change:
    """A dotted line where limits start anew, with what happened."""

    month: Month
    text: str


def xmr_height(changes: bool) -> int:
    """Pixels that `xmr_figure` needs."""
    return PLOT + _BOTTOM + (_TOP_CHANGES if changes else _TOP)


def xmr_figure(
    frame: pd.DataFrame,
    *,
    theme: Theme,
    title: str,
    marks: Sequence[Mark] = (),
    changes: Sequence[Change] = (),
    decimals: int = 1,
    share: bool = False,
) -> dict[str, Any]:
    """`frame`: columns period, adjusted, segment, lower, mean, upper, breach ("", better, worse), provisional, and what
    was counted: performed, or with `share` a share; all shares are fractions and shown as per cent."""
    if share:
        frame = frame.assign(**{n: frame[n] * 100 for n in ("adjusted", "lower", "mean", "upper")})
    c = colors(theme)
    low, high, ticks = nice_range([*frame["adjusted"], *frame["lower"], *frame["upper"]])
    low, ticks = max(0.0, low), [t for t in ticks if t >= 0 and not (share and t > 100)]
    coarsest = max((_decimals(t) for t in ticks), default=0)
    texts = [decimal(t, coarsest) for t in ticks]
    starts = f"Axeln börjar vid {decimal(low, _decimals(low))}{f'{NB}%' if share else ''}." if low else ""
    top = _TOP_CHANGES if changes else _TOP
    height = xmr_height(bool(changes))
    panel = Panel(top, PLOT, low, high)
    shapes: list[dict[str, Any]] = []
    notes = heading(panel, title, starts, c["ink"], c["ink-3"], _LEFT)
    if changes:
        notes[0]["yshift"] += _TOP_CHANGES - _TOP - 4  # room for the change's own words under the title
    for k, part in frame.groupby("segment"):
        if part["mean"].notna().any():
            shapes += _limits(part, c)
            if k != frame["segment"].max():
                notes.append(_told(part, c, decimals))
    for change in changes:
        shapes.append(_divider(change, panel, c))
        notes.append(_change(change, frame, c))
    layout = {
        "height": height,
        "barmode": "overlay",
        "margin": {"l": _LEFT, "r": _RIGHT, "t": top, "b": _BOTTOM},
        "xaxis": month_axis(frame["period"], every=3 if len(frame) <= 24 else 6),
        "yaxis": value_axis(panel, ticks, texts, [0, 1]),
        "shapes": shapes,
        "annotations": notes + _numbers(frame, marks, c) + _limit_labels(frame, panel, c, decimals),
    }
    data = [*provisional_traces(frame, (panel,), c["hatch"]), _points(frame, c, decimals, share)]
    return figure(data, layout, theme=theme)


def _points(frame: pd.DataFrame, c: Any, decimals: int, share: bool) -> dict[str, Any]:
    """One trace; a missing row between segments keeps the line from crossing a change of system."""
    rows: list[Any] = []
    for _, part in frame.groupby("segment"):
        rows += [None] * bool(rows) + [r for _, r in part.iterrows()]
    x, y, color, size, told = [], [], [], [], []
    for before, r in zip([None, *rows], rows, strict=False):
        absent = r is None or pd.isna(r["adjusted"])
        x.append(iso([before["period"] if r is None else r["period"]])[0])
        y.append(None if absent else float(r["adjusted"]))
        breach = "" if r is None else r["breach"]
        color.append(c[breach] if breach else c["ink-3"])
        size.append(10 if breach else 6.4)
        told.append("" if absent else _hover(r, decimals, share))
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": "Säsongen borträknad",
        "x": x,
        "y": y,
        "connectgaps": False,
        "line": {"color": c["context"], "width": 1.6},
        "marker": {"color": color, "size": size, "opacity": 1, "line": {"color": c["bg"], "width": 1}},
        "customdata": told,
        "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
    }


def _decimals(tick: float) -> int:
    """How many a tick needs: steps are 1, 2 or 5 times a power of ten."""
    return next((n for n in range(4) if abs(tick * 10**n - round(tick * 10**n)) < _SAME), 4)


def _hover(row: Any, decimals: int, share: bool) -> str:
    unit = f"{NB}%" if share else ""
    text = f"{decimal(row['adjusted'], decimals)}{unit} säsongen borträknad"
    if share and pd.notna(row["share"]):
        text += f"<br>{percent(row['share'], 0 if row['coarse'] else 1)} utfall"
    if not share and pd.notna(row["performed"]):
        text += f"<br>{count(row['performed'])} genomförda"
    if row["breach"]:
        text += "<br>regel utlöst"
    return text + ("<br>preliminärt" if row["provisional"] else "")


def _limits(part: pd.DataFrame, c: Any) -> list[dict[str, Any]]:
    half = pd.Timedelta(days=15)
    x0, x1 = (str(d)[:19] for d in (part["period"].iloc[0] - half, part["period"].iloc[-1] + half))
    at = part.iloc[0]
    span = {"xref": "x", "x0": x0, "x1": x1, "layer": "below"}
    dashed = {"color": c["line-strong"], "width": 1, "dash": "4px,3px"}
    return [
        {**span, "type": "rect", "y0": at["lower"], "y1": at["upper"], "fillcolor": c["band"], "line": {"width": 0}},
        *({**span, "type": "line", "y0": at[n], "y1": at[n], "line": dashed} for n in ("lower", "upper")),
        {**span, "type": "line", "y0": at["mean"], "y1": at["mean"], "line": {"color": c["ink-3"], "width": 1.25}},
    ]


def _told(part: pd.DataFrame, c: Any, decimals: int) -> dict[str, Any]:
    at = part.iloc[0]
    text = f"medel {decimal(at['mean'], decimals)}, gränser {decimal(at['lower'], decimals)} och "
    above = not (part["adjusted"] > at["upper"]).any()  # the words must not cover a point
    return {
        "text": text + decimal(at["upper"], decimals),
        "x": iso([part["period"].iloc[0]])[0],
        "y": at["upper"] if above else at["lower"],
        "yshift": 2 if above else -2,
        "xanchor": "left",
        "yanchor": "bottom" if above else "top",
        "showarrow": False,
        "font": {"size": 13, "color": c["ink"]},
    }


def _divider(change: Change, panel: Panel, c: Any) -> dict[str, Any]:
    x = str(pd.Timestamp(change.month.first_day) - pd.Timedelta(days=15))[:19]
    return {
        "type": "line",
        "xref": "x",
        "x0": x,
        "x1": x,
        "yref": "paper",
        "y0": 0,
        "y1": 1 + 36 / panel.height,
        "line": {"color": c["ink"], "width": 1.25, "dash": "2px,3px"},
    }


def _change(change: Change, frame: pd.DataFrame, c: Any) -> dict[str, Any]:
    """Beside the dotted line, on the side that has room."""
    when = pd.Timestamp(change.month.first_day)
    middle = frame["period"].iloc[len(frame) // 2]
    late = when > middle
    return {
        "text": f"<b>{capital(change.month.sv)}</b><br>{change.text}",
        "align": "right" if late else "left",
        "x": str(when - pd.Timedelta(days=15))[:19],
        "xshift": -6 if late else 6,
        "xanchor": "right" if late else "left",
        "yref": "paper",
        "y": 1,
        "yshift": 4,
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 13, "color": c["ink"]},
    }


def _numbers(frame: pd.DataFrame, marks: Sequence[Mark], c: Any) -> list[dict[str, Any]]:
    rows = frame.set_index("period")
    out = []
    for mark in marks:
        since = rows.loc[pd.Timestamp(mark.month.first_day) :]
        drawn = since[since["adjusted"].notna()]
        if drawn.empty:
            continue
        row = drawn.iloc[0]  # the first of its months may be hidden: a number needs a point to stand at
        above = row["adjusted"] >= row["mean"]
        out.append(
            {
                "text": f"<b>{mark.number}</b>",
                "x": iso([row.name])[0],
                "y": row["adjusted"],
                "yshift": 15 if above else -15,
                "xanchor": "center",
                "showarrow": False,
                "font": {"size": 14, "color": c["better" if mark.better else "worse"]},
            }
        )
    return out


def _limit_labels(frame: pd.DataFrame, panel: Panel, c: Any, decimals: int) -> list[dict[str, Any]]:
    at = frame.iloc[-1]
    if pd.isna(at["mean"]):
        return []
    texts = (("upper", "övre gräns", "ink-3"), ("mean", "medel", "ink"), ("lower", "nedre gräns", "ink-3"))
    return end_labels([Label(panel, at[n], f"{t}<br>{decimal(at[n], decimals)}", c[k], False, 2) for n, t, k in texts])
