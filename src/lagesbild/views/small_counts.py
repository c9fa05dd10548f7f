"""Which cells of the monthly balance a viewer may see: those that are the same in the twin, and not small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from lagesbild.domain.disclosure import is_small, states_of
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flows import Flows

BALANCE: Final = ("waiting", "added", "performed", "removed_other")
_SAME: Final = 1e-9


def flow_states(
    flows: Flows,
    viewer: Viewer,
    columns: Sequence[str] = BALANCE,
    regions: Sequence[str] | None = None,
    beside: Sequence[Sequence[str]] = (),
) -> pd.DataFrame:
    """States of the totals of `columns` by month: "", missing, suppressed or secondary. `regions`: as in `total`;
    `beside`: then the regions in each sum that the country has beside this one, as in `Flows.beside`."""
    others = flows.beside if regions is None else beside
    codes = tuple(r.code for r in flows.counted) if regions is None else tuple(regions)
    asked = ("states", viewer, tuple(columns), codes, tuple(map(tuple, others)))
    return flows.once(asked, lambda: _flow_states(flows, viewer, columns, regions, others))


def _flow_states(
    flows: Flows,
    viewer: Viewer,
    columns: Sequence[str],
    regions: Sequence[str] | None,
    beside: Sequence[Sequence[str]],
) -> pd.DataFrame:
    out = {}
    alone = [r.code for r in flows.counted] if regions is None else list(regions)
    for column in columns:
        values, others = flows.total(column, regions), flows.other_total(column, regions)
        hidden = None
        if len(alone) == 1 and column in flows.withheld:
            hidden = flows.withheld[column][alone[0]].to_numpy()
        out[column] = states_of(values.to_numpy(), others.to_numpy(), viewer, hidden=hidden)
        for codes in beside:  # the country less this one would be the other's
            out[column] = covered(out[column], uncovered(flows, column, viewer, codes))
    index = flows.by_region["waiting"].index
    if "added" in out:
        bare = np.any([uncovered(flows, c, viewer, x) for x in (regions, *beside) for c in BALANCE], axis=0)
        out["added"] = covered(out["added"], bare)
    if set(BALANCE) <= set(out):
        out |= none_alone(out, month_before(out["waiting"]))
    return pd.DataFrame(out, index=index, columns=list(columns))


def covered(states: np.ndarray, bare: np.ndarray) -> np.ndarray:
    """The states of the inflow (or of what else would tell), hidden in the months (`bare`) of a sum that is
    `uncovered`."""
    return np.where(bare & (states == ""), "secondary", states)


def month_before(waiting: np.ndarray) -> np.ndarray:
    """The states of the stock one month earlier, (..., months); missing before the first."""
    out = np.full(waiting.shape, "missing", object)
    out[..., 1:] = waiting[..., :-1]
    return out


def none_alone(states: Mapping[str, np.ndarray], before: np.ndarray) -> dict[str, np.ndarray]:
    """States of BALANCE, arrays of one shape: a month's balance with one hidden term would give it away; another is
    hidden with it, the inflow first. `before`: the states of the stock a month earlier.

    The twin keeps every balance it knows, so this is for sums that nobody else makes: see `uncovered`.
    """
    out = {c: states[c].copy() for c in BALANCE}
    terms = [out["added"], out["removed_other"], out["performed"], out["waiting"], before]
    known = np.all([x != "missing" for x in terms], axis=0)
    alone = known & (np.sum([x != "" for x in terms], axis=0) == 1)
    for column in ("added", "removed_other", "performed"):
        use = alone & (out[column] == "")
        out[column][use] = "secondary"
        alone &= ~use
    return out


def uncovered(flows: Flows, column: str, viewer: Viewer, regions: Sequence[str] | None = None) -> np.ndarray:
    """Months whose total is small and the same in the twin: a sum over regions that nobody else adds up, so that the
    twin does not know of it. The balance must not give it away; bool (months,)."""
    values, others = (t(column, regions).to_numpy(float) for t in (flows.total, flows.other_total))
    return small_and_same(values, others, viewer)


def small_and_same(values: np.ndarray, others: np.ndarray, viewer: Viewer) -> np.ndarray:
    """Counts that the viewer may not see and that are the same in the twin; bool, same shape."""
    if viewer.role == "exact":
        return np.zeros(values.shape, bool)
    return np.asarray((values > 0) & (values < viewer.threshold) & (np.abs(values - others) < _SAME))


def shown_total(
    flows: Flows,
    column: str,
    months: int,
    viewer: Viewer,
    regions: Sequence[str] | None = None,
    beside: Sequence[Sequence[str]] = (),
) -> float | None:
    """The sum of the last `months` months when it is the same in the twin and not small; None too when one lacks, and
    when a month is hidden that the twin has the same: the others taken from the sum would give it away."""
    values, others = (t(column, regions).iloc[-months:] for t in (flows.total, flows.other_total))
    states = flow_states(flows, viewer, regions=regions, beside=beside)[column].iloc[-months:]
    if (states.isin(["suppressed", "secondary"]) & ((values - others).abs() < _SAME)).any():
        return None
    whole = values.sum(skipna=False)
    return float(whole) if same(whole, others.sum(skipna=False), viewer) else None


def same(value: float, other: float, viewer: Viewer) -> bool:
    """Whether a sum of counts may be shown.

    >>> same(12, 12, Viewer()), same(12, 13, Viewer()), same(3, 3, Viewer()), same(12, 13, Viewer("exact"))
    (True, False, False, True)
    """
    if np.isnan(value):
        return False
    if viewer.role == "exact":
        return True
    return abs(value - other) < _SAME and not is_small(abs(value), viewer)


def hidden_in(states: pd.Series) -> np.ndarray:
    """Whether each month's count is hidden; bool array (months,)."""
    return np.asarray(states.isin(["suppressed", "secondary"]).to_numpy())
