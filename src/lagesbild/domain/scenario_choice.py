"""Scenarios as they are chosen and as they stand in the address. All amounts in addresses are per week.

One scenario, or two to compare: the parameters of the second end in `_b`, and `jamfor=ja` says that there is one.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from lagesbild.domain.periods import WEEKS_PER_MONTH, Month
from lagesbild.domain.scenario import MOST_INFLOW_CHANGE, Scenario

SECOND: Final = "_b"
COMPARE: Final = "jamfor"
WITHIN: Final = "inom"
CHOICE_PARAMETERS: Final = {
    "extra_per_week": "fler",
    "inflow_percent": "inflode",
    "sent_per_week": "skickas",
    "sent_to": "till",
    "received_per_week": "tas_emot",
    "received_from": "fran_region",
    "first_month": "fran",
    "long_waiter_percent": "langvantande",
}
WHAT_IF_PARAMETERS: Final = (
    *CHOICE_PARAMETERS.values(),
    *(p + SECOND for p in CHOICE_PARAMETERS.values()),
    COMPARE,
    WITHIN,
)
MOST_PER_WEEK: Final = 9999.0
MOST_INFLOW_PERCENT: Final = round(100 * MOST_INFLOW_CHANGE)
WITHIN_MONTHS: Final = (3, 6, 9, 12)
DEFAULT_WITHIN: Final = 6
_AMOUNT: Final = re.compile(r"\d{1,4}(?:[.,]\d{1,2})?")
_INTEGER: Final = re.compile(r"-?\d{1,3}")


@dataclass(frozen=True)
class Choice:
    """One scenario: per cent and patients per week as in the address; `first_month` None is the forecast's first."""

    extra_per_week: float = 0.0
    inflow_percent: int = 0
    sent_per_week: float = 0.0
    sent_to: str = ""
    received_per_week: float = 0.0
    received_from: str = ""
    first_month: Month | None = None
    long_waiter_percent: int = 100

    @property
    def changes_nothing(self) -> bool:
        return not (self.extra_per_week or self.inflow_percent or self.sent_per_week or self.received_per_week)

    def scenario(self, until: Month, horizon: int) -> Scenario:
        """For a forecast of `horizon` months after `until`; a month outside of it counts as the first.

        >>> Choice(extra_per_week=1.5, inflow_percent=-10, first_month=Month(2024, 4)).scenario(Month(2024, 1), 12)
        ... # doctest: +ELLIPSIS
        Scenario(extra_per_week=1.5, inflow_change=-0.1, sent_per_month=0.0, ..., from_step=3, long_waiter_share=1.0)
        """
        step = 1 if self.first_month is None else self.first_month - until
        return Scenario(
            extra_per_week=self.extra_per_week,
            inflow_change=self.inflow_percent / 100,
            sent_per_month=self.sent_per_week * WEEKS_PER_MONTH,
            sent_to=self.sent_to,
            received_per_month=self.received_per_week * WEEKS_PER_MONTH,
            received_from=self.received_from,
            from_step=step if 1 <= step <= horizon else 1,
            long_waiter_share=self.long_waiter_percent / 100,
        )


@dataclass(frozen=True)
class WhatIf:
    """The scenario, a second one to compare with, and within how many months a target is to be reached."""

    first: Choice = Choice()
    second: Choice | None = None
    within: int = DEFAULT_WITHIN

    @property
    def choices(self) -> tuple[Choice, ...]:
        return (self.first,) if self.second is None else (self.first, self.second)


NO_WHAT_IF: Final = WhatIf()


def to_pairs(what_if: WhatIf) -> list[tuple[str, str]]:
    """Parameters of what differs from the defaults, in a fixed order.

    >>> to_pairs(WhatIf(Choice(extra_per_week=1.15), Choice(sent_per_week=2.0, sent_to="03")))
    [('fler', '1.15'), ('jamfor', 'ja'), ('skickas_b', '2'), ('till_b', '03')]
    """
    pairs = _choice_pairs(what_if.first, "")
    if what_if.second is not None:
        pairs += [(COMPARE, "ja"), *_choice_pairs(what_if.second, SECOND)]
    if what_if.within != DEFAULT_WITHIN:
        pairs.append((WITHIN, str(what_if.within)))
    return pairs


def _choice_pairs(choice: Choice, suffix: str) -> list[tuple[str, str]]:
    plain = Choice()
    differing = [f.name for f in fields(choice) if getattr(choice, f.name) != getattr(plain, f.name)]
    return [(CHOICE_PARAMETERS[n] + suffix, _text(getattr(choice, n))) for n in differing]


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def with_parameter(
    what_if: WhatIf, parameter: str, text: str, *, regions: Collection[str], months: Collection[Month]
) -> WhatIf:
    """The scenarios with one parameter of an address read. Raises ValueError for a value that is not allowed."""
    if parameter == WITHIN:
        if text not in map(str, WITHIN_MONTHS):
            raise ValueError(text)
        return replace(what_if, within=int(text))
    if parameter == COMPARE:
        if text != "ja":
            raise ValueError(text)
        return replace(what_if, second=what_if.second or Choice())
    second = parameter.endswith(SECOND)
    name = next(n for n, p in CHOICE_PARAMETERS.items() if p == parameter.removesuffix(SECOND))
    value = _value(name, text, regions, months)
    if second:
        return replace(what_if, second=replace(what_if.second or Choice(), **{name: value}))
    return replace(what_if, first=replace(what_if.first, **{name: value}))


def _value(name: str, text: str, regions: Collection[str], months: Collection[Month]) -> Any:
    value: Any
    match name:
        case "sent_to" | "received_from":
            value, fine = text, text in regions
        case "first_month":
            value = Month.parse(text)
            fine = value in months
        case "inflow_percent":
            value = _whole(text)
            fine = abs(value) <= MOST_INFLOW_PERCENT
        case "long_waiter_percent":
            value = _whole(text)
            fine = 0 <= value <= 100
        case _:
            value = float(text.replace(",", ".")) if _AMOUNT.fullmatch(text) else -1.0
            fine = 0 <= value <= MOST_PER_WEEK
    if not fine:
        raise ValueError(text)
    return value


def _whole(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError(text)
    return int(text)
