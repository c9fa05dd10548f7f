"""A control chart's breaches as a reader counts them: neighbouring months that broke a rule the same way are one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lagesbild.domain.periods import Month
from lagesbild.domain.xmr import RUN, Breach, ControlChart, Limits


@dataclass(frozen=True)
class Signal:
    """Neighbouring months that broke the same rule. `number` is what stands in the chart; `value` their mean, NaN when
    all of them are hidden. `whole`: the months are a row that the rule counts; else part of one that begins in months
    another rule tells, or a row and its neighbours, and how long the row is stands nowhere."""

    number: int
    rule: str
    direction: Literal["up", "down"]
    first: Month
    last: Month
    months: int
    value: float
    limits: Limits
    whole: bool = True

    @property
    def hidden(self) -> bool:
        """Whether none of the months is shown: then nothing is said of them either."""
        return self.value != self.value

    @property
    def judgement(self) -> Literal["better", "worse"]:
        return "better" if self.direction == "up" else "worse"


def chart_signals(chart: ControlChart, months: Sequence[Month], drawn: np.ndarray) -> tuple[Signal, ...]:
    """Numbered from the oldest; the rule is the one most of the months broke. `months` and `drawn` are the chart's own,
    `drawn` NaN where a month is not shown."""
    runs: list[list[Breach]] = []
    for b in chart.breaches:
        joined = runs and runs[-1][-1].index == b.index - 1 and runs[-1][-1].direction == b.direction
        if joined and _segment(chart, runs[-1][-1].index) == _segment(chart, b.index):
            runs[-1].append(b)
        else:
            runs.append([b])
    out = []
    for number, run in enumerate(runs, 1):
        rules = Counter(b.rule for b in run)
        # a long run is told as such even when its worst months are outside the limits too
        rule = "run" if len(run) >= RUN and rules["run"] else rules.most_common(1)[0][0]
        at = chart.segments[_segment(chart, run[0].index)].limits
        assert at is not None  # a segment without limits has no breaches
        known = [drawn[b.index] for b in run if np.isfinite(drawn[b.index])]
        value = float(np.mean(known)) if known else np.nan
        first, last = months[run[0].index], months[run[-1].index]
        whole = _whole(chart, run, rule, at)
        out.append(Signal(number, rule, run[0].direction, first, last, len(run), value, at, whole))
    return tuple(out)


def _whole(chart: ControlChart, run: Sequence[Breach], rule: str, at: Limits) -> bool:
    """Whether every month is in the row that the rule counts: all on one side of the mean, or all one way."""
    if rule == "run":
        return all((chart.values[b.index] > at.mean) == (b.direction == "up") for b in run)
    return rule != "trend" or (len(run) >= RUN and all(b.rule == "trend" for b in run))


def _segment(chart: ControlChart, index: int) -> int:
    return next(k for k, s in enumerate(chart.segments) if s.start <= index < s.stop)
