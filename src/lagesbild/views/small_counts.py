"""Which cells of the monthly balance a viewer may see.

The balance is an equation, so hiding a small count is not enough: with all other terms shown it could be worked out.
This adds the equation's rule to the small-count rule of `domain.disclosure`, which knows rows and columns that add up.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from lagesbild.domain.viewer import Viewer
from lagesbild.views.flows import Flows

BALANCE: Final = ("waiting", "added", "performed", "removed_other")


def hide_balance(window: pd.DataFrame, viewer: Viewer) -> pd.DataFrame:
    """States for columns waiting, added, performed, removed_other: "", missing, suppressed or secondary.

    `window`: exact counts by month, NaN where not reported. In every month whose equation
    waiting = waiting before + added - performed - removed holds a hidden term there are at least two, so that none can
    be got from the others. The second term is `added` (nobody's plan hangs on the exact number), else `removed_other`,
    else `performed`.

    >>> months = pd.DataFrame({"waiting": [40, 41], "added": [9, 9], "performed": [6, 6], "removed_other": [3, 2]})
    >>> hide_balance(months, Viewer()).iloc[1].to_dict()
    {'waiting': '', 'added': 'secondary', 'performed': '', 'removed_other': 'suppressed'}
    """
    values = window.to_numpy(float)
    states = np.where(np.isnan(values), "missing", "").astype(object)
    if viewer.role != "exact":
        small = (values > 0) & (values < viewer.threshold)
        states[small] = "suppressed"
        column = {c: k for k, c in enumerate(window.columns)}
        stock, added, performed, removed = (column[c] for c in ("waiting", "added", "performed", "removed_other"))
        hidden = states == "suppressed"
        for t in range(len(window)):
            terms = [(t, added), (t, performed), (t, removed), (t, stock)] + ([(t - 1, stock)] if t else [])
            if sum(hidden[cell] for cell in terms) != 1:
                continue
            for cell in ((t, added), (t, removed), (t, performed)):
                if states[cell] == "":
                    states[cell], hidden[cell] = "secondary", True
                    break
    return pd.DataFrame(states, index=window.index, columns=window.columns)


def safe_total(values: pd.Series, states: pd.Series, viewer: Viewer) -> float | None:
    """The sum of exact `values` when it cannot give a hidden one away, else None. NaN in `values` gives None too.

    One hidden month could be had by subtraction; several could when their sum is the least or the greatest possible.
    """
    if values.isna().any():
        return None
    concealed = values[states != ""]
    n, rest = len(concealed), float(concealed.sum())
    if n == 1 or (n and not n < rest < n * (viewer.threshold - 1)):
        return None
    return float(values.sum())


def performed_hidden(flows: Flows, viewer: Viewer, months: int) -> np.ndarray:
    """Whether performed must be hidden in each of the last `months` months, in any figure; bool array (months,)."""
    totals = pd.DataFrame({c: flows.total(c) for c in BALANCE}).iloc[-months - 1 :]
    return hide_balance(totals, viewer)["performed"].isin(["suppressed", "secondary"]).to_numpy()[-months:]


def added_hidden(flows: Flows, viewer: Viewer, months: int) -> bool:
    """Whether any month's added is hidden, so that no sum or ratio may be made of them."""
    totals = pd.DataFrame({c: flows.total(c) for c in BALANCE}).iloc[-months - 1 :]
    return bool(hide_balance(totals, viewer)["added"].iloc[-months:].isin(["suppressed", "secondary"]).any())
