"""A region's share within the limit over time, as this viewer may see it: the same on every page."""

from __future__ import annotations

import pandas as pd

from lagesbild.domain.disclosure import agreed_share
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flows import Flows
from lagesbild.views.wait_reading import read_waits


def visible_shares(source: Source, flows: Flows, viewer: Viewer) -> pd.DataFrame:
    """By month of `flows`: `share` (fraction; NaN where it does not exist or would give a small count away) and
    `coarse` (in whole per cent, or hidden).

    A leaf region's comes from the reading of all waits, which fills in what the wait bands tell.
    """
    viewer = flows.seen_by(viewer)
    index = flows.by_region["waiting"].index
    real, twin = (
        (t("within_limit").to_numpy(float), t("waiting").to_numpy(float)) for t in (flows.total, flows.other_total)
    )
    shares, coarse = agreed_share(real, twin, viewer)
    alone = pd.DataFrame({"share": shares, "coarse": coarse}, index=index)
    if flows.region is None or flows.published:
        return alone
    waits = read_waits(source, Selection(care_area=flows.care_area.code, month=flows.end), viewer)
    at = None if waits is None else waits.region_index(flows.region.code)
    if waits is None or at is None:
        return alone
    months = pd.DatetimeIndex([pd.Timestamp(m.first_day) for m in waits.months])
    told = pd.DataFrame({"share": waits.shares[0, at], "coarse": waits.coarse[0, at]}, index=months).reindex(index)
    return told.assign(coarse=told["coarse"].eq(True))
