"""Swedish for scenarios: what is tried, in one unit for the whole view, and what it does to the probability."""

from __future__ import annotations

from typing import Final

from lagesbild.domain.periods import WEEKS_PER_MONTH
from lagesbild.domain.scenario_choice import Choice
from lagesbild.domain.swedish import MINUS, NB, capital, count, decimal, join_and, number_word, percent
from lagesbild.pages.phrases import noun
from lagesbild.views.forecast_fan import Forecast
from lagesbild.views.free_capacity import whole
from lagesbild.views.pair_paths import Ahead
from lagesbild.views.what_if import Scale, Tried, WhatIfView

LIKELY: Final = 0.3  # as a gap is watched: below it no month is named
UNITS: Final = {"week": "i veckan", "month": "i månaden"}


def unit(scale: Scale) -> str:
    return UNITS[scale.unit]


def in_unit(per_week: float, scale: Scale) -> float:
    """The amount in the view's unit; whole where two decimals a week stand for a whole number a month.

    >>> in_unit(1.15, Scale("month", 4.6, .23)), in_unit(1.2, Scale("week", 20, 1))
    (5.0, 1.2)
    """
    n = per_week * (WEEKS_PER_MONTH if scale.unit == "month" else 1)
    return float(round(n)) if abs(n - round(n)) < 0.011 * max(1.0, n / 10) else n


def amount(per_week: float, scale: Scale, *, words: bool = False) -> str:
    """`5`, `2,5`; in words up to twelve when it stands in a sentence.

    >>> amount(1.15, Scale("month", 4.6, .23), words=True), amount(2.5, Scale("week", 20, 1))
    ('fem', '2,5')
    """
    n = in_unit(per_week, scale)
    if n != round(n):
        return decimal(n, 1)
    return number_word(int(n)) if words else count(n)


def needed(per_week: float, scale: Scale) -> int:
    """Operations in the view's unit, rounded up: half an operation closes no gap."""
    return whole(per_week, scale.unit)


def from_month(per_month: float, scale: Scale) -> float:
    """An amount a month in the view's unit.

    >>> round(from_month(16, Scale("week", 20, 1)), 2), from_month(16, Scale("month", 4.6, .23))
    (3.68, 16)
    """
    return per_month if scale.unit == "month" else per_month / WEEKS_PER_MONTH


def free(per_month: float, scale: Scale) -> str:
    """What is free, in whole operations rounded down, in the view's unit.

    >>> free(16, Scale("week", 20, 1)), free(3, Scale("week", 20, 1)), free(16, Scale("month", 4.6, .23))
    ('3', 'under 1', '16')
    """
    n = int(from_month(per_month, scale))
    return count(n) if n else "under 1"


def inflow(percent_change: int) -> str:
    """`+5 %`, `−5 %`, `0 %`."""
    sign = MINUS if percent_change < 0 else "+" if percent_change > 0 else ""
    return f"{sign}{abs(percent_change)}{NB}%"


def tried_text(tried: Tried, view: WhatIfView, found: Forecast) -> str:
    """What is tried, to stand first or last in a sentence: `fem fler operationer i månaden`."""
    choice, scale = tried.choice, view.scale
    parts = []
    if choice.extra_per_week:
        parts.append(f"{_more(choice.extra_per_week, scale)} {_many(choice, scale, found)}")
    if choice.sent_per_week:
        where = next((f" till {e.region.short_name}" for e in tried.ends if e.way == "to"), "")
        parts.append(f"{_sent(choice.sent_per_week, scale)}{where}")
    if choice.received_per_week:
        where = next((f" från {e.region.short_name}" for e in tried.ends if e.way == "from"), "")
        n = amount(choice.received_per_week, scale, words=True)
        parts.append(f"{n} {'mottagen' if n == 'en' else 'mottagna'}{where}")
    if parts:
        parts[-1] += f" {unit(scale)}"
    if choice.inflow_percent:
        way = "mindre" if choice.inflow_percent < 0 else "större"
        parts.append(f"{abs(choice.inflow_percent)}{NB}% {way} inflöde")
    return join_and(parts) or "ingen ändring"


def _more(per_week: float, scale: Scale) -> str:
    n = amount(per_week, scale, words=True)
    return "en till" if n == "en" else f"{n} fler"


def _sent(per_week: float, scale: Scale) -> str:
    n = amount(per_week, scale, words=True)
    return "en skickad" if n == "en" else f"{n} skickade"


def _many(choice: Choice, scale: Scale, found: Forecast) -> str:
    return noun(found.care_area, in_unit(choice.extra_per_week, scale))


def short_name(choice: Choice, scale: Scale) -> str:
    """For a column or a line's end: `fem fler`, else `scenariot`."""
    changes = [c for c in (choice.extra_per_week, choice.inflow_percent, choice.sent_per_week) if c]
    if len(changes) == 1 and not choice.received_per_week:
        if choice.extra_per_week:
            return _more(choice.extra_per_week, scale)
        return (
            f"{inflow(choice.inflow_percent)} inflöde" if choice.inflow_percent else _sent(choice.sent_per_week, scale)
        )
    return "scenariot"


def chance(value: float | None) -> str:
    """A probability from paths is never told as certain.

    >>> chance(.004), chance(.64).replace(chr(160), " "), chance(None)
    ('under 1\\xa0%', '64 %', 'kan inte bedömas')
    """
    if value is None:
        return "kan inte bedömas"
    if value < 0.01:
        return f"under 1{NB}%"
    return f"över 99{NB}%" if value > 0.99 else percent(value, 0)


def opening(ahead: Ahead, *, short: bool = False) -> str:
    """The likeliest month, when a gap is likely enough to name one."""
    if ahead.chance is None:
        return "kan inte bedömas"
    if ahead.opens is None or ahead.chance < LIKELY:
        return "troligen inte"
    return ahead.opens[0].sv_short if short else ahead.opens[0].sv


def effect(tried: Tried, view: WhatIfView, found: Forecast) -> str:
    """`Fem fler operationer i månaden sänker risken från 64 till 21 %.` Empty when nothing is tried. The share at the
    horizon's end is told where a gap cannot be judged."""
    before, after = view.pair.without.chance, tried.ahead.chance
    if tried.choice.changes_nothing:
        return ""
    what = capital(tried_text(tried, view, found))
    if before is None or after is None:
        without, given = (percent(a.share.median) for a in (view.pair.without, tried.ahead))
        return f"{what} ger andelen {given} i {view.end.sv}, i stället för {without}."
    risk = "chansen att gapet stängs inom tolv månader" if view.pair.open else "risken"
    a, b = chance(before), chance(after)
    if a == b:
        return f"{what} ändrar inte {risk}: {a}."
    verb = "sänker" if after < before else "höjer"
    plain = not any(t.startswith(("under", "över")) for t in (a, b))
    return f"{what} {verb} {risk} från {a.removesuffix(f'{NB}%') if plain else a} till {b}."
