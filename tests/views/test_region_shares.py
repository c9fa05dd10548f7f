"""What the forecast page may show of a region's share is what the pages of those waiting show."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flows import flows
from lagesbild.views.region_shares import visible_shares
from lagesbild.views.signals import region_signals
from lagesbild.views.wait_reading import read_waits
from tests.waits_world import OVER, WAITING, calm_rows, slide, world


def _source():
    rows = calm_rows({**OVER, "R6": 50}, {**WAITING, "R6": 60})
    keys = pd.DataFrame(rows)[["period", "region", "care_area"]]
    return world(rows, frames={"production": keys.assign(added=20.0, performed=15.0, removed_other=5.0, provider="")})


def test_every_region_has_the_same_shares_on_both_readings():
    source = _source()
    waits = read_waits(source, Selection(care_area="kna"), Viewer())
    hidden = 0
    for k, region in enumerate(waits.regions):
        found = flows(source, Selection(care_area="kna", region=region.code), need=("waiting",))
        shares = visible_shares(source, found, Viewer())
        np.testing.assert_allclose(shares["share"].to_numpy(float), waits.shares[0, k][-len(shares) :])
        np.testing.assert_array_equal(shares["coarse"].to_numpy(bool), waits.coarse[0, k][-len(shares) :])
        hidden += int(shares["share"].isna().all())
    assert hidden >= 1  # the smallest region, whose share and number waiting would tell how many are over the limit


def test_exact_access_sees_every_share():
    source, viewer = _source(), Viewer("exact")
    found = flows(source, Selection(care_area="kna", region="R6"), need=("waiting",))
    assert visible_shares(source, found, viewer)["share"].notna().all()


def test_protection_takes_numbers_away_but_never_changes_a_judgement():
    rows = slide(calm_rows({**OVER, "R6": 50}, {**WAITING, "R6": 60}), "R6", "kna", extra=0.3)
    public, exact = (read_waits(world(rows), Selection(care_area="kna"), Viewer(r)) for r in ("public", "exact"))
    seen, told = region_signals(public, 0), region_signals(exact, 0)
    assert np.isnan(public.shares).sum() > np.isnan(exact.shares).sum()
    assert [s.judgement for s in seen] == [s.judgement for s in told]
    assert seen[5].judgement == "worse"
    assert np.isnan(seen[5].line).any()
