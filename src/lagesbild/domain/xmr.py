"""XmR control charts with the Making Data Count rules: is a change more than the series' own month-to-month noise?

Feed it seasonally adjusted values (`domain.seasonal`): otherwise every July is "special". A change of record system or
of definition starts a new segment with limits of its own, and nothing is judged across it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np

Judgement = Literal["better", "worse", "noise", "short"]
Rule = Literal["outside", "run", "two_of_three", "trend"]
Direction = Literal["up", "down"]

MIN_MONTHS: Final = 24  # observed months in the last segment; with fewer nothing is judged
WINDOW: Final = 24  # what a judgement on a page looks at
RUN: Final = 7
_LIMIT: Final = 2.66  # 3 / d2 for moving ranges of two
_SCREEN: Final = 3.267  # D4: a moving range above this many means is left out, once, before the limits
_TINY: Final = 1e-12

_PRIORITY: Final[tuple[Rule, ...]] = ("outside", "run", "two_of_three", "trend")


@dataclass(frozen=True)
class Limits:
    """Mean and natural process limits, in the values' unit. `mean_range` is the mean moving range behind them."""

    mean: float
    lower: float
    upper: float
    mean_range: float


@dataclass(frozen=True)
class Segment:
    """Months `start` up to but not including `stop` that share limits; `limits` None when too short to have any."""

    start: int
    stop: int
    limits: Limits | None


@dataclass(frozen=True)
class Breach:
    """Month `index` is a signal by `rule`; `direction` is the side of the mean, or the way of the trend."""

    index: int
    rule: Rule
    direction: Direction


@dataclass(frozen=True)
class ControlChart:
    """`values` (n,) as given; limits per segment; every breach, one per month, the strongest rule first.

    `judgement` is about the last month: better or worse when it is part of a breach, else noise; short when the last
    segment has fewer than `MIN_MONTHS` observed months or the last month is missing.
    """

    values: np.ndarray
    segments: tuple[Segment, ...]
    breaches: tuple[Breach, ...]
    judgement: Judgement
    observed: int  # months observed in the last segment

    @property
    def limits(self) -> Limits | None:
        """Limits of the last segment."""
        return self.segments[-1].limits if self.segments else None

    @property
    def last_breach(self) -> Breach | None:
        """The breach that the last month is part of."""
        return next((b for b in self.breaches if b.index == len(self.values) - 1), None)


def limits(values: Sequence[float] | np.ndarray, *, screened: bool = True) -> Limits | None:
    """Mean +- 2.66 x mean moving range. None without two neighbouring observed values.

    A moving range spans neighbouring months only, never a gap. With `screened`, ranges of at least 3.267 times their
    mean are dropped once. Oracle (NHSRplotthedots vignette):

    >>> x = limits([1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1])
    >>> round(x.mean, 4), round(x.upper, 4), round(x.lower, 4)
    (1.9444, 4.6044, -0.7156)
    """
    y = np.asarray(values, float)
    if not np.isfinite(y).any():
        return None
    ranges = np.abs(np.diff(y))
    ranges = ranges[np.isfinite(ranges)]
    if not len(ranges):
        return None
    if screened:
        kept = ranges[ranges < _SCREEN * ranges.mean()]
        ranges = kept if len(kept) else ranges
    mean, spread = float(np.nanmean(y)), float(ranges.mean())
    return Limits(mean, mean - _LIMIT * spread, mean + _LIMIT * spread, spread)


def control_chart(
    values: Sequence[float] | np.ndarray,
    *,
    higher_is_better: bool = True,
    rebase_at: Iterable[int] = (),
    baseline: int | None = None,
    minimum: int = MIN_MONTHS,
) -> ControlChart:
    """The control chart of monthly `values` (n,), oldest first, NaN = missing.

    `rebase_at`: indices at which a new segment starts. `baseline`: how many of a segment's first observed months set
    its limits (None = all), so that a hole in the first two years does not make limits of eighteen. A missing month
    ends a run; it is never filled in.
    """
    y = np.asarray(values, float)
    starts = sorted({0} | {i for i in rebase_at if 0 < i < len(y)})
    segments, breaches = [], []
    for start, stop in zip(starts, [*starts[1:], len(y)], strict=True):
        part = y[start:stop]
        found = limits(part[: _first_observed(part, baseline)] if baseline else part)
        segments.append(Segment(start, stop, found))
        if found is not None and int(np.isfinite(part).sum()) >= min(minimum, MIN_MONTHS):
            breaches += [Breach(start + b.index, b.rule, b.direction) for b in _breaches(part, found)]
    observed = int(np.isfinite(y[starts[-1] :]).sum())
    judgement: Judgement = "noise"
    if not len(y) or observed < minimum or np.isnan(y[-1]) or segments[-1].limits is None:
        judgement = "short"
    else:
        last = next((b for b in breaches if b.index == len(y) - 1), None)
        if last is not None:
            judgement = "better" if (last.direction == "up") == higher_is_better else "worse"
    return ControlChart(y, tuple(segments), tuple(breaches), judgement, observed)


def _first_observed(y: np.ndarray, n: int) -> int:
    """How many places hold the first `n` observed values; all when there are fewer.

    >>> _first_observed(np.array([1.0, np.nan, 2.0, 3.0]), 2), _first_observed(np.array([1.0, np.nan]), 2)
    (3, 2)
    """
    at = np.flatnonzero(np.isfinite(y))
    return int(at[n - 1]) + 1 if len(at) >= n else len(y)


def recent(
    values: Sequence[float] | np.ndarray, *, higher_is_better: bool = True, rebase_at: Iterable[int] = ()
) -> ControlChart:
    """The judgement that pages show: the last month against limits from the last `WINDOW` months.

    All of them set the limits: on 400 simulated series without any change, limits from only the first 16 called a
    change in 13 % (month-to-month correlation .3) and 33 % (.6), limits from all 24 in 6 % and 20 %.
    A segment that starts inside the window makes it shorter, so it cannot be judged until 24 months have passed.
    """
    y = np.asarray(values, float)
    rebase_at = tuple(rebase_at)
    cut = max(0, len(y) - WINDOW)
    starts = [i - cut for i in rebase_at if i > cut]
    needed = _needed(y, rebase_at, cut)
    return control_chart(y[cut:], higher_is_better=higher_is_better, rebase_at=starts, minimum=needed)


def _needed(y: np.ndarray, rebase_at: Iterable[int], cut: int) -> int:
    """Observed months to ask of the window: all of the two years exist before it, so a few gaps inside are allowed."""
    since = max([i for i in rebase_at if i < len(y)], default=0)
    enough = int(np.isfinite(y[since:]).sum()) >= MIN_MONTHS and since <= cut
    return MIN_MONTHS * 3 // 4 if enough else MIN_MONTHS


def _breaches(y: np.ndarray, at: Limits) -> list[Breach]:
    """One breach per month, by the first of `_PRIORITY` that holds. In lists: numpy on two dozen months is all overhead
    (1 ms a series against 0.05)."""
    slack = _TINY * max(1.0, abs(at.mean))
    values: list[float] = y.tolist()
    side = [_sign(v - at.mean, slack) for v in values]
    third = 2 / 3 * (at.upper - at.mean)
    far = [s if abs(v - at.mean) > third + slack else 0 for v, s in zip(values, side, strict=True)]
    found: dict[Rule, list[int]] = {
        "outside": [1 if v > at.upper + slack else -1 if v < at.lower - slack else 0 for v in values],
        "run": _marked(side, RUN, 0),
        # seven months one way: six steps
        "trend": _marked([_sign(b - a, slack) for a, b in pairwise(values)], RUN - 1, 1),
        "two_of_three": [0] * len(values),
    }
    for i in range(2, len(values)):
        three = far[i - 2 : i + 1]
        for sign in (1, -1):
            if three.count(sign) >= 2 and all(v == v for v in values[i - 2 : i + 1]):
                for k in range(i - 2, i + 1):
                    if far[k] == sign:
                        found["two_of_three"][k] = sign
    out = []
    for i in range(len(values)):
        rule = next((r for r in _PRIORITY if found[r][i]), None)
        if rule is not None:
            out.append(Breach(i, rule, "up" if found[rule][i] > 0 else "down"))
    return out


def _sign(value: float, slack: float) -> int:
    """1 or -1; 0 for nothing (NaN too)."""
    return 1 if value > slack else -1 if value < -slack else 0


def _marked(signs: list[int], least: int, beyond: int) -> list[int]:
    """Every run of at least `least` equal signs (not 0), each marked `beyond` places past its end; down wins where two
    meet."""
    out = [0] * (len(signs) + beyond)
    start = 0
    for i in range(1, len(signs) + 1):
        if i < len(signs) and signs[i] == signs[start]:
            continue
        if signs and signs[start] and i - start >= least:
            for k in range(start, i + beyond):
                out[k] = signs[start] if out[k] >= 0 else -1
        start = i
    return out
