"""What broke the rules of a control chart, in words beside it, numbered as in the chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lagesbild.components.html import el
from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import capital, number_word
from lagesbild.domain.xmr import RUN
from lagesbild.pages.phrases import month_range
from lagesbild.views.chart_signals import Signal


def signal_items(
    signals: Sequence[Signal],
    last: Month,
    changes: Sequence[tuple[Month, str]],
    *,
    number: Callable[[float], str],
    counted: str = "",
    look: str = "warn rb",
) -> Any:
    """A list. `last`: the last month of the chart; `changes`: when limits start anew, and for what, oldest first.
    `number` writes a value of the chart, `counted` is what it counts, with a space before."""
    items = [
        el(
            "Li",
            [
                el("B", str(s.number), className=s.judgement),
                el(
                    "Div",
                    [
                        el("P", el("B", signal_title(s)), className="hd"),
                        el("P", _text(s, last, changes, number, counted)),
                    ],
                ),
            ],
        )
        for s in signals
        if not s.hidden
    ]
    return el("Ul", items, className=look)


def numbered(signals: Sequence[Signal]) -> Mapping[Month, int]:
    """The number of what each month is part of."""
    return {s.first + k: s.number for s in signals for k in range(s.last - s.first + 1)}


def signal_title(s: Signal) -> str:
    """`December 2025–oktober 2026: elva i rad under medel`"""
    when, side = capital(month_range(s.first, s.last)), "över" if s.direction == "up" else "under"
    match s.rule:
        case "outside":
            return f"{when}: {'utanför gränserna' if s.months == 1 else f'{side} normal variation'}"
        case "run":
            return f"{when}: {row_length(s)} i rad {side} medel"
        case "trend":
            part = "del av " if s.months < RUN else ""
            return f"{when}: {part}{row_length(s)} i rad {'uppåt' if s.direction == 'up' else 'nedåt'}"
        case _:
            return f"{when}: två av tre nära {'övre' if s.direction == 'up' else 'nedre'} gräns"


def row_length(s: Signal) -> str:
    """`elva`, or `minst sju` where the months are not the row itself."""
    return number_word(s.months) if s.whole else f"minst {number_word(RUN)}"


def _text(
    s: Signal, last: Month, changes: Sequence[tuple[Month, str]], number: Callable[[float], str], counted: str
) -> str:
    verdict = "Säkerställd förbättring." if s.judgement == "better" else "Säkerställd försämring."
    up = s.direction == "up"
    limit = f"övre gräns {number(s.limits.upper)}" if up else f"nedre gräns {number(s.limits.lower)}"
    level = f"{number(s.value)}{counted}" + (" i snitt" if s.months > 1 else "")
    against = f"medel {number(s.limits.mean)}" if s.rule in ("run", "trend") else limit
    before = next((what for month, what in changes if s.last < month), None)
    if before:
        tail = f"Före {before}."
    elif s.last < last:
        tail = "Gäller inte längre."
    else:
        tail = verdict
    return f"{level}, {against}. {tail}"
