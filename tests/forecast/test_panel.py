"""From rows of facts to pairs: the right value in the right place, hidden numbers halved, capacity from providers."""

import numpy as np
import pandas as pd
import pytest

from lagesbild.domain.periods import Month
from lagesbild.domain.source import Break
from lagesbild.forecast.panel import panel_of

UNTIL = Month(2024, 4)


def _waits(rows):
    frame = pd.DataFrame(rows, columns=["period", "region", "care_area", "waiting", "within_limit", "suppressed"])
    frame["period"] = pd.to_datetime(frame["period"])
    bands = dict.fromkeys(("waiting_0_30", "waiting_31_60", "waiting_61_90", "not_brokerable"), np.nan)
    return frame.assign(**bands)


def _panel(waits, capacity=None, breaks=()):
    frames = {"waits": waits}
    if capacity is not None:
        frames["capacity"] = capacity
    return panel_of(frames, regions=["02", "01"], care_areas=["a", "b"], until=UNTIL, breaks=breaks)


def test_every_value_finds_its_place():
    panel = _panel(
        _waits(
            [
                ("2024-02", "01", "b", 10, 8, None),
                ("2024-04", "01", "b", 12, 9, None),
                ("2024-03", "02", "a", 5, 5, None),
                ("2024-05", "02", "a", 99, 99, None),  # after the last month
                ("2024-03", "77", "a", 99, 99, None),  # not a region asked for
            ]
        )
    )
    assert panel.first == Month(2024, 2)
    pairs = {(p.region, p.care_area): p for p in panel.pairs(UNTIL)}
    assert set(pairs) == {("01", "b"), ("02", "a")}
    share = pairs["01", "b"].values("within_limit_share")
    assert share == pytest.approx(np.array([0.8, np.nan, 0.75]), nan_ok=True)
    assert pairs["02", "a"].until == UNTIL


def test_hidden_numbers_are_halved_and_told():
    rows = [(f"2022-{m:02d}", "01", "a", 6 + m, 3, None) for m in range(1, 13)]
    rows += [(f"2023-{m:02d}", "01", "a", np.nan, np.nan, {"waiting": 5, "within_limit": 5}) for m in range(1, 13)]
    rows += [("2024-04", "01", "a", 7, 3, None)]
    pair = _panel(_waits(rows)).pairs(UNTIL)[0]
    assert (pair.columns["waiting"][12:24] == 2.5).all()
    assert "hälften i 12 månader" in pair.series("waiting").note
    assert pair.values("within_limit_share")[12] == 1.0


def test_nobody_waiting_has_no_share():
    pair = _panel(_waits([("2024-04", "01", "a", 0, 0, None)])).pairs(UNTIL)[0]
    assert np.isnan(pair.values("within_limit_share")).all()


def test_capacity_is_the_regions_own_or_else_the_sum_of_its_providers():
    capacity = pd.DataFrame(
        {
            "period": pd.to_datetime(["2024-03", "2024-03", "2024-04", "2024-04", "2024-04"]),
            "region": "01",
            "care_area": "a",
            "provider": ["p", "q", "", "p", "q"],
            "capacity": [3.0, 4.0, 9.0, 3.0, 4.0],
            "committed": [np.nan, 1.0, np.nan, 1.0, 1.0],
            "suppressed": None,
        }
    )
    pair = _panel(_waits([("2024-03", "01", "a", 1, 1, None)]), capacity).pairs(UNTIL)[0]
    assert pair.columns["capacity"].tolist() == [7.0, 9.0]
    assert pair.columns["committed"][0] == 1.0
    assert np.isnan(pair.columns["committed"][1])


def test_an_earlier_cut_knows_neither_later_rows_nor_later_breaks():
    waits = _waits([("2024-02", "01", "a", 4, 4, None), ("2024-04", "02", "a", 5, 5, None)])
    late = Break("", "", Month(2024, 4), None, "mask", "")
    panel = _panel(waits, breaks=[late])
    earlier = panel.pairs(Month(2024, 3))
    assert [(p.region, p.until, list(p.breaks)) for p in earlier] == [("01", Month(2024, 3), [])]
    assert len(panel.pairs(UNTIL)[0].breaks) == 1


def test_nothing_at_all_gives_no_pairs():
    assert _panel(_waits([])).pairs(UNTIL) == []
