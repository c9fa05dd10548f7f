"""Which cells of the monthly balance a viewer may see: those that are the same in the twin, and not small."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from lagesbild.domain.disclosure import is_small, states_of
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flows import Flows

BALANCE: Final = ("waiting", "added", "performed", "removed_other")
_SAME: Final = 1e-9


def flow_states(
    flows: Flows, viewer: Viewer, columns: Sequence[str] = BALANCE, regions: Sequence[str] | None = None
) -> pd.DataFrame:
    """States of the totals of `columns` by month: "", missing, suppressed or secondary. `regions`: as in `total`."""
    out = {}
    alone = [r.code for r in flows.counted] if regions is None else list(regions)
    for column in columns:
        values, others = flows.total(column, regions), flows.other_total(column, regions)
        hidden = None
        if len(alone) == 1 and column in flows.withheld:
            hidden = flows.withheld[column][alone[0]].to_numpy()
        out[column] = states_of(values.to_numpy(), others.to_numpy(), viewer, hidden=hidden)
    frame = pd.DataFrame(out, index=flows.by_region["waiting"].index)
    if "added" in frame:
        bare = np.any([uncovered(flows, c, viewer, regions) for c in BALANCE], axis=0)
        frame.loc[bare & (frame["added"] == ""), "added"] = "secondary"
    return _none_alone(frame) if set(BALANCE) <= set(frame) else frame


def _none_alone(states: pd.DataFrame) -> pd.DataFrame:
    """A month's balance with one hidden term would give it away; another is hidden with it, the inflow first.

    The twin keeps every balance it knows, so this is for sums that nobody else makes: see `uncovered`.
    """
    out = states.copy()
    cover = [out.columns.get_loc(c) for c in ("added", "removed_other", "performed")]
    stock = out.columns.get_loc("waiting")
    cells = out.to_numpy(object)
    for t in range(1, len(cells)):
        terms = [(t, j) for j in cover] + [(t, stock), (t - 1, stock)]
        found = [cells[at] for at in terms]
        if "missing" not in found and sum(s != "" for s in found) == 1:
            cells[t, next(j for j in cover if cells[t, j] == "")] = "secondary"
    return pd.DataFrame(cells, index=out.index, columns=out.columns)


def uncovered(flows: Flows, column: str, viewer: Viewer, regions: Sequence[str] | None = None) -> np.ndarray:
    """Months whose total is small and the same in the twin: a sum over regions that nobody else adds up, so that the
    twin does not know of it. The balance must not give it away; bool (months,)."""
    values, others = (t(column, regions).to_numpy(float) for t in (flows.total, flows.other_total))
    if viewer.role == "exact":
        return np.zeros(len(values), bool)
    return np.asarray((values > 0) & (values < viewer.threshold) & (np.abs(values - others) < _SAME))


def shown_total(
    flows: Flows, column: str, months: int, viewer: Viewer, regions: Sequence[str] | None = None
) -> float | None:
    """The sum of the last `months` months when it is the same in the twin and not small; None too when one lacks, and
    when a month is hidden that the twin has the same: the others taken from the sum would give it away."""
    values, others = (t(column, regions).iloc[-months:] for t in (flows.total, flows.other_total))
    states = flow_states(flows, viewer, regions=regions)[column].iloc[-months:]
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
