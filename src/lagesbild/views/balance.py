"""Does the queue grow, and why: waiting = waiting before + added - performed - removed for other reasons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lagesbild.domain.periods import Month
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flows import WINDOW_MONTHS, Flows
from lagesbild.views.small_counts import BALANCE, flow_states, same, shown_total


@dataclass(frozen=True)
class Balance:
    """`frame`: one row a month, columns period, waiting, waiting_before, added, performed, removed_other (numbers, NaN
    where missing or hidden), difference (what the equation lacks, NaN when a term is), provisional (bool).
    `states`: same rows, columns BALANCE: "" shown, missing, suppressed (1 to threshold - 1) or secondary.

    Totals are over the last `year_months` months (12, or fewer when the series is shorter); None when they cannot be
    shown. `removed_reported` is False when nobody reports other removals. `excluded` counts the persons left out of the
    waiting in the last month (patient choice, medical), None when not reported or hidden.
    """

    frame: pd.DataFrame
    states: pd.DataFrame
    year_months: int
    added: float | None
    performed: float | None
    removed_other: float | None
    waiting_year_ago: float | None
    removed_reported: bool
    excluded: float | None

    @property
    def closes(self) -> tuple[int, int]:
        """How many month steps add up exactly, and how many could be checked."""
        known = self.frame["difference"].dropna()
        return int((known.abs() < 0.5).sum()), len(known)


def balance(flows: Flows, viewer: Viewer) -> Balance:
    """The balance of the last 24 months. Exact numbers only where `viewer` may see them."""
    viewer = flows.seen_by(viewer)
    totals = pd.DataFrame({c: flows.total(c) for c in BALANCE})
    removed_reported = bool(totals["removed_other"].notna().any())
    window = totals.iloc[-WINDOW_MONTHS:]
    some = window[["waiting", "added", "performed"]].notna().any(axis=1).to_numpy()
    window = window.iloc[int(np.argmax(some)) :]
    states = flow_states(flows, viewer).reindex(window.index)
    shown = window.mask(states != "")
    before = shown["waiting"].shift(1)
    # from what is shown, so that the difference never gives a hidden term away
    expected = before + shown["added"] - shown["performed"]
    if removed_reported:
        expected = expected - shown["removed_other"]
    frame = shown.assign(
        waiting_before=before,
        difference=shown["waiting"] - expected,
        provisional=[Month.of(p) in flows.provisional for p in window.index],
    )
    year = min(12, len(window))
    added, performed, removed = (shown_total(flows, c, year, viewer) for c in ("added", "performed", "removed_other"))
    year_ago = shown["waiting"].iloc[-13] if len(shown) > 12 else np.nan
    return Balance(
        frame=frame.reset_index(),
        states=states.reset_index(drop=True),
        year_months=year,
        added=added,
        performed=performed,
        removed_other=removed,
        waiting_year_ago=None if np.isnan(year_ago) else float(year_ago),
        removed_reported=removed_reported,
        excluded=_excluded(flows, viewer),
    )


def _excluded(flows: Flows, viewer: Viewer) -> float | None:
    """Persons whose wait is their own choice or medical, in the last month; None when not reported or too few."""
    columns = ("excluded_patient_choice", "excluded_medical")
    parts = [[total(c).iloc[-1] for c in columns] for total in (flows.total, flows.other_total)]
    if all(np.isnan(p) for p in parts[0]):
        return None
    total, other = (float(np.nansum(p)) for p in parts)
    return total if same(total, other, viewer) else None
