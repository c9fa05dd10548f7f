"""Protected counts and what is made of them: ranking, bands, funnel, who is left out, published shares."""

import numpy as np
import pandas as pd
import pytest

from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import COUNTRY
from lagesbild.domain.viewer import Viewer
from lagesbild.views.excluded import excluded
from lagesbild.views.published_shares import published_shares
from lagesbild.views.published_tables import Asked, published_table
from lagesbild.views.published_totals import published_totals
from lagesbild.views.wait_bands import provider_states, wait_bands
from lagesbild.views.wait_counts import EXCLUDED, WAITING, told_counts, wait_counts
from lagesbild.views.wait_funnel import wait_funnel
from lagesbild.views.wait_ranking import wait_ranking
from lagesbild.views.wait_reading import read_waits
from tests.waits_world import CODES, END, calm_rows, limit, provider, row, world

PUBLIC, EXACT = Viewer(), Viewer("exact")


def put(rows, *new):
    keys = {(r["region"], r["care_area"], r["period"], r["provider"]) for r in new}
    return [r for r in rows if (r["region"], r["care_area"], r["period"], r["provider"]) not in keys] + list(new)


def small_world(**more):
    """Lillö has 3 over the limit and few in every band."""
    return world(put(calm_rows(), row("R6", "kna", END, over=3, waiting=60)), **more)


def counts_of(source, viewer=PUBLIC, **chosen):
    waits = read_waits(source, Selection(**chosen), viewer)
    return waits, wait_counts(waits, 0, viewer)


def _hidden(counts):
    return {k for k, s in counts.states.items() if s in ("suppressed", "secondary")}


def _sums(counts):
    """Every sum a reader could set up, as (total, parts)."""
    out = []
    for r in [*CODES, COUNTRY]:
        out.append(((r, "waiting"), [(r, "within_limit"), (r, "over")]))
        out.append(((r, "within_limit"), [(r, b) for b in WAIT_BANDS[:3]]))
        out.append(((r, "over"), [(r, b) for b in WAIT_BANDS[3:]]))
        out.append(((r, "excluded"), [(r, c) for c in EXCLUDED[:2]]))
    return out + [((COUNTRY, c), [(r, c) for r in CODES]) for c in [*WAITING, *WAIT_BANDS, *EXCLUDED]]


def test_no_small_count_can_be_worked_out_from_all_tables_together():
    rng = np.random.default_rng(5)
    new = [row(c, "kna", END, over=int(rng.integers(0, 40)), waiting=int(rng.integers(60, 400))) for c in CODES]
    _, counts = counts_of(world(put(calm_rows(), *new)))
    hidden = sorted(_hidden(counts))
    small = {k for k, v in counts.values.items() if v is not None and 0 < v < 5}
    assert small <= set(hidden)
    assert small
    matrix = np.array([[(k in parts) - (k == total) for k in hidden] for total, parts in _sums(counts)], float)
    rank = np.linalg.matrix_rank(matrix)
    unit = np.eye(len(hidden))
    solved = {k for i, k in enumerate(hidden) if np.linalg.matrix_rank(np.vstack([matrix, unit[i]])) == rank}
    assert not solved & small


def test_exact_access_sees_every_count():
    _, counts = counts_of(small_world(), EXACT)
    assert not _hidden(counts)
    assert counts.shown("R6", "over") == 3
    assert counts.shown(COUNTRY, "waiting") == sum(counts.shown(c, "waiting") for c in CODES)


def test_a_small_region_has_no_place_in_the_ranking():
    waits, counts = counts_of(small_world())
    ranking = wait_ranking(waits, 0, counts, 0.8)
    assert [(r.region.code, r.state, r.coarse) for r in ranking.left_out if r.region.code == "R6"] == [
        ("R6", "suppressed", True)
    ]
    assert "R6" not in {r.region.code for r in ranking.regions}
    shares = [r.share for r in ranking.rows]
    assert shares == sorted(shares, reverse=True)
    assert ranking.country.waiting == counts.values[COUNTRY, "waiting"]
    assert ranking.under == ()


def test_a_region_with_its_own_limit_is_named():
    rows = [r | {"within_limit": np.nan} for r in calm_rows()]
    waits, counts = counts_of(world(rows, limit_rows=[limit(60, "R1")]))
    ranking = wait_ranking(waits, 0, counts, 0.8)
    assert ranking.days == 90
    assert [(r.code, d) for r, d in ranking.other_days] == [("R1", 60)]
    assert [r.region.code for r in ranking.under] == ["R1"]


def test_who_is_not_in_the_ranking_is_listed():
    rows = [r for r in calm_rows() if not (r["region"] == "R2" and r["period"] == END)]
    waits, counts = counts_of(world(rows))
    ranking = wait_ranking(waits, 0, counts, 0.8)
    assert [(x.region.code, x.state) for x in ranking.left_out] == [("R2", "missing")]
    assert counts.shown("R2", "waiting") is None
    assert counts.states["R2", "waiting"] == "missing"


def test_bands_of_the_chosen_region_stand_before_the_country():
    source = world()
    waits, counts = counts_of(source, region="R1")
    mine, whole = wait_bands(source, waits, counts, Selection(region="R1"), PUBLIC, "Riket")
    last = next(r for r in calm_rows() if (r["region"], r["care_area"], r["period"]) == ("R1", "kna", END))
    assert mine.counts == tuple(float(last[b]) for b in WAIT_BANDS)
    assert sum(mine.shares) == pytest.approx(1)
    assert (mine.name, whole.name, whole.region) == ("Norrby", "Riket", None)
    assert mine.over_half_year == last["waiting_181_365"] + last["waiting_366_"]


def test_wait_days_interpolate_within_a_band():
    source = world(put(calm_rows(), *(row(c, "kna", END, over=100, waiting=500) for c in CODES)))
    waits, counts = counts_of(source)
    (whole,) = wait_bands(source, waits, counts, Selection(), PUBLIC, "Riket")
    # 400 within: 200, 100, 100; half of 500 is 250, so half way through days 31-60
    assert whole.wait_days(0.5) == pytest.approx(45.5)
    assert whole.wait_days(0.99) is None  # in the open last band


def test_regions_without_bands_are_in_no_share_and_no_days_of_the_country():
    """A third of those who wait have no bands: counted among the rest, nine of ten were never reached."""
    rows = [row(c, "kna", END, over=100, waiting=500) for c in CODES]
    for r in rows[:2]:
        r |= dict.fromkeys(WAIT_BANDS)
    source = world(put(calm_rows(), *rows))
    waits, counts = counts_of(source)
    (whole,) = wait_bands(source, waits, counts, Selection(), PUBLIC, "Riket")
    assert whole.without == ("R1", "R2")
    assert sum(whole.shares) == pytest.approx(1)
    assert whole.wait_days(0.5) == pytest.approx(45.5)
    assert whole.total == 500 * len(CODES)
    table = published_table("waits", source, Asked(("",), ("kna",), first=END), EXACT).frame
    assert table["waited_days_p50"].tolist() == pytest.approx([45.5])


def test_bands_with_a_hidden_count_give_no_share_for_it():
    source = small_world()
    waits, counts = counts_of(source, region="R6")
    mine, _ = wait_bands(source, waits, counts, Selection(region="R6"), PUBLIC, "Riket")
    assert mine.total == 60  # the number waiting says nothing of the bands
    assert all((s is None) == (c is None) for s, c in zip(mine.shares, mine.counts, strict=True))
    assert None in mine.counts
    assert mine.wait_days(0.5) is None


def test_a_provider_is_protected_with_its_neighbours():
    parts = [
        row("R1", "kna", END, over=4, waiting=300) | {"provider": "P1"},
        row("R1", "kna", END, over=96, waiting=700) | {"provider": "P2"},
    ]
    source = world(calm_rows() + parts, provider_rows=[provider("P1"), provider("P2")])
    waits, counts = counts_of(source, region="R1")
    chosen = Selection(region="R1", provider="P1")
    mine, _ = wait_bands(source, waits, counts, chosen, PUBLIC, "Riket")
    assert mine.provider.code == "P1"
    assert set(mine.states[3:]) <= {"suppressed", "secondary"}  # one in each band over the limit
    (exact, _) = wait_bands(source, waits, counts_of(source, EXACT)[1], chosen, EXACT, "Riket")
    assert exact.counts[3:] == (1.0, 1.0, 1.0, 1.0)


def test_no_bands_no_figure():
    rows = [{k: v for k, v in r.items() if k not in WAIT_BANDS} for r in calm_rows()]
    source = world(rows)
    waits, counts = counts_of(source)
    assert wait_bands(source, waits, counts, Selection(), PUBLIC, "Riket") == ()


def test_the_funnel_leaves_out_small_regions_and_says_which():
    waits, counts = counts_of(small_world())
    found = wait_funnel(wait_ranking(waits, 0, counts, 0.8))
    assert found is None  # four regions left: no funnel
    waits, counts = counts_of(world())
    found = wait_funnel(wait_ranking(waits, 0, counts, 0.8))
    assert len(found.points) == 6
    assert found.not_drawn == ()
    low, high = found.limits(np.array([0.1, 1e6]))
    assert (low[0], high[0]) == (0, 1)  # cut at what a share can be
    assert found.at("inside", "between", "outside")[0].share == min(p.share for p in found.points)


def test_excluded_persons_country_first_then_by_share():
    waits, counts = counts_of(world())
    found = excluded(waits, counts)
    assert found.rows[0].region is None
    assert found.total == sum(v // 20 + v // 40 for v in (1000, 800, 600, 400, 700, 500))
    shares = [r.share for r in found.rows[1:]]
    assert shares == sorted(shares, reverse=True)


def test_a_region_whose_month_is_excluded_is_told_of_nowhere():
    told = [{"period": END, "region": "R1", "register": "Väntetider", "status": "excluded", "reason": "Fel."}]
    source = world(frames={"reporting": pd.DataFrame(told)})
    waits = read_waits(source, Selection(region="R1"), EXACT)
    counts = told_counts(waits, 0, EXACT)
    assert {counts.values["R1", c] for c in (*WAITING, *WAIT_BANDS, *EXCLUDED)} == {None}
    assert [b.country for b in wait_bands(source, waits, counts, Selection(region="R1"), EXACT, "Riket")] == [True]
    part = pd.DataFrame([row("R1", "kna", END, over=40, waiting=300) | {"provider": "P1", "suppressed": None}])
    assert provider_states(part, counts, "R1", EXACT) == ({}, {})
    left_out = excluded(waits, counts)
    assert [(r.share_state, r.left_out) for r in left_out.rows if r.region and r.region.code == "R1"] == [
        ("missing", True)
    ]
    assert "R1" not in [r.code for r in left_out.reporting]  # whose inhabitants a rate is of


def test_a_share_of_excluded_that_lacks_a_count_is_missing_and_not_hidden():
    waits, counts = counts_of(
        world(put(calm_rows(), row("R2", "kna", END, over=4, waiting=500, excluded_medical=None)))
    )
    (mine,) = [r for r in excluded(waits, counts).rows if r.region and r.region.code == "R2"]
    assert (mine.share, mine.share_state) == (None, "missing")


def test_a_region_that_tells_nobody_who_is_left_out_is_not_in_the_countrys_share_of_them():
    silent = row("R2", "kna", END, over=4, waiting=5000, excluded_medical=None, excluded_patient_choice=None)
    source = world(put(calm_rows(), silent))
    found = excluded(*counts_of(source))
    waiting = (1000, 600, 400, 700, 500)
    out = sum(n // 20 + n // 40 for n in waiting)
    assert found.country.share == pytest.approx(out / (out + sum(waiting)))
    table = published_table("waits", source, Asked(("",), ("kna",), first=END), EXACT).frame
    assert table["excluded_share"].tolist() == pytest.approx([out / (out + sum(waiting))])


def test_excluded_small_counts_hide_their_sum_and_share():
    new = [row("R6", "kna", END, over=55, waiting=500, excluded_patient_choice=2, excluded_medical=9)]
    waits, counts = counts_of(world(put(calm_rows(), *new)))
    lillo = next(r for r in excluded(waits, counts).rows if r.region and r.region.code == "R6")
    assert lillo.states[0] == "suppressed"
    assert "secondary" in lillo.states
    assert excluded(waits, counts).total == counts.values[COUNTRY, "excluded"]


def test_not_reported_is_no_table():
    rows = [{k: v for k, v in r.items() if not k.startswith("excluded")} for r in calm_rows()]
    assert excluded(*counts_of(world(rows))) is None


def test_published_shares_are_those_of_the_region_with_most_months():
    rows = [
        {"period": f"2019-0{m}", "region": "LAND", "care_area": "alla", "within_limit_pct": 70 + m} for m in (1, 2, 4)
    ]
    rows.append({"period": "2019-01", "region": "R1", "care_area": "alla", "within_limit_pct": 60})
    source = world(frames={"published-shares": pd.DataFrame(rows)})
    found = published_shares(source, Selection())
    assert found.region.code == "LAND"
    series = found.wide[found.areas[0].short]
    assert series.tolist()[:2] == [0.71, 0.72]
    assert np.isnan(series.iloc[2])  # March was not published
    assert published_shares(source, Selection(region="R1")).region.code == "R1"
    assert published_shares(world(), Selection()) is None


def test_published_totals_are_the_aggregates_own():
    rows = [
        {"period": END - k, "region": "LAND", "care_area": "alla", "provider": "", "waiting": 1000 + k}
        for k in range(13)
    ]
    waits = read_waits(world(calm_rows() + rows), Selection(), PUBLIC)
    (total,) = published_totals(waits)
    assert (total.waiting, total.too_short) == (1000, True)
    assert waits.country["waiting"][0, -1] == sum((1000, 800, 600, 400, 700, 500))
