"""The rows of a reader's own region, exact, among those that everybody sees.

What everybody sees is decided first, as if nobody knew anything; then the rows about the own region are those of the
exact table. Sums over several regions are nobody's own, so the country stays as the public sees it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from lagesbild.views.published_tables.model import PublishedTable

# a row is about the region that is its place, or that a flow or case comes from or goes to; its providers are in it
_PLACES: Final = ("region", "home_region", "treating_region")


def own_rows(table: PublishedTable, region: str) -> np.ndarray:
    """Which rows are about the region; bool (rows,)."""
    found = np.zeros(len(table.frame), bool)
    for column in table.keys:
        if column.name in _PLACES:
            found |= (table.frame[column.name] == region).to_numpy(bool)
    return found


def with_own(public: PublishedTable, exact: PublishedTable, region: str) -> PublishedTable:
    """`public` with the own region's rows of `exact`: the same table, made for one who may see all of it.

    A row that only `public` has (a flow that is zero, which its twin is not) goes. Raises ValueError when `exact` has
    an own row that `public` has not.
    """
    keys = [c.name for c in public.keys]
    theirs, mine = public.frame[~own_rows(public, region)], exact.frame[own_rows(exact, region)]
    at = pd.MultiIndex.from_frame(public.frame[keys]).get_indexer(pd.MultiIndex.from_frame(mine[keys]))
    if (at < 0).any():
        raise ValueError(f"{public.dataset}: other rows for another viewer")
    frame = pd.concat([theirs, mine.set_axis(at)]).sort_index().reset_index(drop=True)
    return replace(public, frame=frame)
