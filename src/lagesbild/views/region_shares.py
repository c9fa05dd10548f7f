"""A region's share within the limit over time, as this viewer may see it: the same on every page."""

from __future__ import annotations

import pandas as pd

from lagesbild.domain.disclosure import shown_share
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flows import Flows
from lagesbild.views.waits import read_waits


def visible_shares(source: Source, flows: Flows, viewer: Viewer) -> pd.Series:
    """Share (fraction) by month of `flows`; NaN where it does not exist or would give a small count away.

    A leaf region's comes from the reading of all regions: which others must be concealed with a small one can only be
    seen there.
    """
    within, waiting = flows.total("within_limit"), flows.total("waiting")
    own = [shown_share(a, b, viewer) for a, b in zip(within, waiting, strict=True)]
    alone = pd.Series(own, index=waiting.index, name="share")
    if flows.region is None or flows.published:
        return alone
    waits = read_waits(source, Selection(care_area=flows.care_area.code, month=flows.end), viewer)
    at = None if waits is None else waits.region_index(flows.region.code)
    if waits is None or at is None:
        return alone
    index = pd.DatetimeIndex([pd.Timestamp(m.first_day) for m in waits.months])
    return pd.Series(waits.shares[0, at], index=index, name="share").reindex(alone.index)
