"""What happens if: the list, the share and the wait of one region's care area when something is done differently.

A scenario never makes a forecast of its own. It is worked out as a difference D from the stored sample paths, path by
path, and added to them (FORECAST.md, section 3, rule v), so it answers at once and inherits their bands.
Patients and months throughout.

Difference of the list, never below what would empty it (nobody is treated who does not wait):

    D(m) = max(-S(m), (1 - r) D(m-1) + c A(m) + displaced(m) - extra(m) - sent(m))

r: those who leave without treatment in a month, of the list; A: added; c: change of inflow; S: the list of the path.
Difference of those beyond the limit, N = (1 - share) S, L months long, in two parts that are added:

*Treated more.* The fraction q of them had waited beyond the limit. Of the others, p (`PairFacts.pass_limit`) would have
waited beyond it L months later:

    X(m) = (1 - r) X(m-1) - q treated(m) - p (1 - r)^L (1 - q) treated(m-L)

*More or fewer who come.* G(m) = max(-S(m), (1 - r) G(m-1) + c A(m) + displaced(m)) is what they alone make of the list.
As many are treated as before, so whoever is more is still there when the limit has passed; until then the operations
follow the list, and of the difference as many stand beyond the limit as of the whole list:

    Y(m) = (1 - r)^L G(m-L) + (1 - share(m)) (G(m) - (1 - r)^L G(m-L))

So a larger inflow never raises the share. (With p instead of 1 in Y a doubled list and wait would leave the share where
it is. With waits as in random order, 1 - share' = (1 - share)^(S/S'), 81 % within the limit becomes 58 % when the list
is 1.93 times as long; this rule says 59 %.)

X + Y stops at -N: what is left over has come off those within the limit, who are the next to pass it, and is remembered
as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lagesbild.domain.expected_wait import first_come_wait_days, outflow_paths
from lagesbild.domain.pair_facts import PairFacts
from lagesbild.domain.periods import WEEKS_PER_MONTH

DAYS_A_MONTH: Final = 30.4  # of the limit: 90 days are three months
_NOBODY: Final = 1e-9  # what rounding leaves of an emptied list
MOST_INFLOW_CHANGE: Final = 0.3  # beyond it the region's habits, which the rates stand for, do not hold


@dataclass(frozen=True)
class Scenario:
    """What is done differently from month `from_step` (1 = the first of the forecast) to the end of the horizon.

    `extra_per_week`: more patients treated a week; `inflow_change`: fraction, -0.3 to 0.3; `sent_per_month`: patients
    treated in `sent_to` (region code, "" = elsewhere); `received_per_month`: patients of `received_from` treated here;
    `long_waiter_share`: the fraction of extra and sent patients who had waited beyond the limit.
    """

    extra_per_week: float = 0.0
    inflow_change: float = 0.0
    sent_per_month: float = 0.0
    sent_to: str = ""
    received_per_month: float = 0.0
    received_from: str = ""
    from_step: int = 1
    long_waiter_share: float = 1.0

    @property
    def changes_nothing(self) -> bool:
        return not (self.extra_per_week or self.inflow_change or self.sent_per_month or self.received_per_month)


@dataclass(frozen=True, eq=False)
class FlowPaths:
    """Sample paths of one pair, each (paths, horizon); row k belongs together. Shares are fractions."""

    waiting: np.ndarray
    share: np.ndarray
    added: np.ndarray
    performed: np.ndarray


@dataclass(frozen=True, eq=False)
class Outcome:
    """The paths with the scenario. `sent`: patients who could be sent; `displaced`: own patients who had to wait for
    received ones; `left_more`: how many more than before left the list. All (paths, horizon), patients a month."""

    waiting: np.ndarray
    share: np.ndarray
    added: np.ndarray
    performed: np.ndarray
    sent: np.ndarray
    displaced: np.ndarray
    left_more: np.ndarray


def limit_months(limit_days: float) -> int:
    """The limit in whole months, at least one.

    >>> limit_months(90), limit_months(60), limit_months(7)
    (3, 2, 1)
    """
    return max(1, round(limit_days / DAYS_A_MONTH))


def scenario_paths(
    base: FlowPaths, scenario: Scenario, facts: PairFacts, limit_days: float, received: np.ndarray | None = None
) -> Outcome:
    """The stored paths with the scenario added. `received` (paths, horizon): patients who come from another region, in
    place of `scenario.received_per_month`: what that region could send.

    Treating 43,48 more a month, all of whom had waited beyond the limit, a list of 1 000 with 300 beyond it is after
    two months 913 with 213 beyond it:

    >>> even = np.ones((1, 2))
    >>> base = FlowPaths(1000 * even, 0.7 * even, 200 * even, 200 * even)
    >>> nothing = PairFacts((0.0,) * 12, .7, .7, 1000, 0.0, (200.0,) * 12, .3, .25, None, 200, 20.0, 1.0, {})
    >>> more = scenario_paths(base, Scenario(extra_per_week=10), nothing, 90)
    >>> more.waiting.round(1).tolist(), more.share.round(3).tolist(), more.performed.round(1).tolist()
    ([[956.5, 913.0]], [[0.732, 0.767]], [[243.5, 243.5]])

    Of 50 received a month 20 use free capacity; 30 own patients wait instead:

    >>> scenario_paths(base, Scenario(received_per_month=50), nothing, 90).waiting.tolist()
    [[1030.0, 1060.0]]

    Of 1 000 who wait 250 cannot be brokered, so no more than 750 can be sent:

    >>> scenario_paths(base, Scenario(sent_per_month=900), nothing, 90).sent.round(6).tolist()
    [[750.0, 0.0]]
    """
    n, horizon = base.waiting.shape
    if scenario.changes_nothing and received is None:
        none = np.zeros((n, horizon))
        return Outcome(base.waiting, base.share, base.added, base.performed, none, none, none)
    stock = np.maximum(0.0, base.waiting)
    share_beyond = 1 - np.clip(base.share, 0.0, 1.0)
    beyond = share_beyond * stock
    within = stock - beyond
    keep, lag, passes, q = (
        1 - facts.removed_rate,
        limit_months(limit_days),
        facts.pass_limit,
        scenario.long_waiter_share,
    )
    active = np.arange(1, horizon + 1) >= scenario.from_step
    more_added = active * scenario.inflow_change * base.added
    arriving = active * scenario.received_per_month * np.ones((n, 1)) if received is None else received
    displaced = np.maximum(0.0, arriving - (facts.free_per_month or 0.0))
    must_stay = (facts.not_brokerable_share or 0.0) * stock
    extra_wanted = active * scenario.extra_per_week * WEEKS_PER_MONTH
    sent_wanted = active * scenario.sent_per_month

    list_now = treated_beyond = coming_list = treated_list = np.zeros(n)
    came: list[np.ndarray] = []
    less: list[np.ndarray] = []
    lists, shares, sents, treats, lefts = [], [], [], [], []
    for m in range(horizon):
        fewer_removed = facts.removed_rate * list_now
        coming = more_added[:, m] + displaced[:, m]
        untreated = keep * list_now + coming
        there = np.maximum(0.0, stock[:, m] + untreated)
        sent = np.minimum(sent_wanted[m], np.maximum(0.0, there - must_stay[:, m]))
        extra = np.minimum(extra_wanted[m], there - sent)
        list_now = np.maximum(-stock[:, m], untreated - sent - extra)
        list_now = np.where(stock[:, m] + list_now < _NOBODY, -stock[:, m], list_now)
        treated = untreated - list_now  # negative where the path treats people whom the scenario has treated before
        coming_list = np.maximum(-stock[:, m], keep * coming_list + coming)
        fewer = keep * treated_list - (list_now - coming_list)  # by what was treated, where the list was not empty
        treated_list = list_now - coming_list
        came.append(coming_list)
        less.append(fewer)
        treats.append(treated - sent)
        aged = keep**lag * came[m - lag] if m >= lag else np.zeros(n)
        would_have = passes * keep**lag * (1 - q) * less[m - lag] if m >= lag else 0.0
        treated_beyond = keep * treated_beyond - q * fewer - would_have
        beyond_now = treated_beyond + aged + share_beyond[:, m] * (coming_list - aged)
        shown = np.minimum(np.maximum(beyond_now, -beyond[:, m]), list_now + within[:, m])
        total = stock[:, m] + list_now
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(total > 0, 1 - (beyond[:, m] + shown) / total, 1.0)
        untouched = (list_now == 0) & (shown == 0)
        lists.append(list_now)
        shares.append(np.where(untouched, base.share[:, m], np.clip(share, 0.0, 1.0)))
        sents.append(sent)
        lefts.append(treated + fewer_removed)
    difference, treated_here = np.column_stack(lists), np.column_stack(treats)
    return Outcome(
        waiting=np.where(difference == 0, base.waiting, np.maximum(0.0, stock + difference)),
        share=np.column_stack(shares),
        added=np.where(more_added == 0, base.added, np.maximum(0.0, base.added + more_added)),
        performed=np.where(treated_here == 0, base.performed, np.maximum(0.0, base.performed + treated_here)),
        sent=np.column_stack(sents),
        displaced=displaced,
        left_more=np.column_stack(lefts),
    )


def expected_wait_paths(base: FlowPaths, outcome: Outcome, facts: PairFacts) -> np.ndarray:
    """Expected wait, days, of a person added in each month, first come first served; (paths, horizon).

    >>> even = np.ones((1, 2))
    >>> base = FlowPaths(1200 * even, 0.7 * even, 400 * even, 400 * even)
    >>> facts = PairFacts((0.0,) * 12, .7, .7, 1200, 0.0, (400.0,) * 12, .3, .25, None, 400, 20.0, 1.0, {})
    >>> expected_wait_paths(base, scenario_paths(base, Scenario(), facts, 90), facts).round(2).tolist()
    [[91.31, 91.31]]
    """
    leaves = outflow_paths(base.performed, base.waiting, facts.waiting_now, facts.removed_rate)
    return first_come_wait_days(outcome.waiting, leaves + outcome.left_more, facts.outflow_last_year)
