"""The control chart: change is only told when a rule fires, never across a change of system."""

from __future__ import annotations

import numpy as np

from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Break
from lagesbild.domain.viewer import Viewer
from lagesbild.domain.xmr import limits
from lagesbild.views.control_chart import production_chart
from lagesbild.views.flows import flows
from tests.country import LAST, country

A = Selection(care_area="kna", region="A")


def _chart(source, selection=A, viewer=None):
    return production_chart(flows(source, selection), source, viewer or Viewer())


def test_a_stable_series_is_noise_in_spite_of_its_july():
    chart = _chart(country(), Selection(care_area="kna", region="C"))
    assert chart.judgement == "noise"
    assert chart.since is None


def test_a_lasting_fall_is_a_run_below_the_mean_from_its_first_month():
    chart = _chart(country(slide=0.25))
    assert chart.judgement == "worse"
    last = chart.signals[-1]
    assert (last.rule, last.direction, last.last) == ("run", "down", LAST)
    assert last.months >= 8
    assert chart.since == last.first
    assert last.limits.mean > last.value


def test_a_change_of_system_starts_new_limits_and_takes_the_judgement_away():
    change = Break("A", "", LAST - 7, LAST - 7, "system_change", "nytt system")
    chart = _chart(country(slide=0.25, breaks=(change,)))
    assert [r.month for r in chart.rebases] == [LAST - 7]
    assert chart.judgement == "short"
    assert not [s for s in chart.signals if s.last >= LAST - 7]
    # eight months are too few to draw limits from
    assert chart.frame["mean"].iloc[-1] != chart.frame["mean"].iloc[-1]
    assert chart.frame["mean"].iloc[0] == chart.frame["mean"].iloc[0]


def test_limits_are_of_24_months_with_a_value_in_spite_of_a_hole():
    """Six months without a report in the first two years left limits of eighteen."""
    source = country()
    rows = source.frames["production"]
    hole = [str(LAST - k) for k in range(20, 26)]
    source.frames["production"] = rows[~((rows["region"] == "A") & rows["period"].isin(hole))].reset_index(drop=True)
    chart = _chart(source)
    adjusted = chart.frame["adjusted"].to_numpy()
    assert np.isnan(adjusted).sum() == 6
    assert chart.baseline == 24
    assert chart.chart.limits == limits(adjusted[:30])
    assert chart.chart.limits != limits(adjusted[:24])


def test_neighbouring_months_that_broke_a_rule_the_same_way_have_one_number():
    chart = _chart(country(slide=0.25))
    broken = {LAST - (len(chart.frame) - 1 - b.index): b.direction for b in chart.chart.breaches}
    told = {s.first + k: s.direction for s in chart.signals for k in range(s.months)}
    assert told == broken
    assert [s.number for s in chart.signals] == list(range(1, len(chart.signals) + 1))


def test_another_regions_change_of_system_does_not_matter():
    chart = _chart(country(breaks=(Break("B", "", LAST - 7, None, "system_change", "nytt system"),)))
    assert chart.rebases == ()


def test_masked_months_are_left_out_of_chart_and_profile():
    mask = Break("", "", LAST - 30, LAST - 28, "mask", "pandemi")
    chart = _chart(country(breaks=(mask,)))
    missing = chart.frame["adjusted"].isna()
    assert missing.sum() == 3
    assert chart.frame.loc[missing, "performed"].notna().all()
    assert chart.masks == (mask,)


def test_a_hidden_month_is_judged_but_not_drawn():
    source = country()
    production = source.frames["production"]
    row = (production["region"] == "A") & (production["care_area"] == "kna") & (production["period"] == str(LAST - 4))
    production.loc[row, "performed"] = 3
    seen, whole = _chart(source), _chart(source, viewer=Viewer("exact"))
    gone = seen.frame["state"] == "suppressed"
    assert gone.sum() == 1
    assert seen.frame.loc[gone, ["performed", "adjusted"]].isna().all(axis=None)
    assert whole.frame["performed"].notna().all()
    assert seen.judgement == whole.judgement
