"""Real lists of Scottish boards: what a run promises holds for data that nobody made up.

Extract in tests/data_files (Public Health Scotland, Open Government Licence v3.0).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from examples import scotland
from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.gap_openings import opening_steps
from lagesbild.forecast.intervals import BANDS
from lagesbild.jobs.forecasting import run_forecast
from tests.fakes import FakeSource
from tests.forecast.made_up import MemoryStore

FILES = Path(__file__).resolve().parents[1] / "data_files" / "scotland"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """(source, run, forecasts, everything stored) of three boards with the real engine."""
    out = tmp_path_factory.mktemp("scotland")
    scotland.convert(FILES, out)
    regions, areas, waits, production = (
        pd.read_csv(out / f"{n}.csv", keep_default_na=True) for n in ("regions", "care-areas", "waits", "production")
    )
    chosen = regions["code"].tolist()[:3]
    source = FakeSource(
        [Region(r["code"], r["name"], r["short_name"]) for r in regions.to_dict("records") if r["code"] in chosen],
        [CareArea(a["code"], a["name"], a["kind"], a["guarantee_days"]) for a in areas.to_dict("records")],
        {
            "waits": waits[waits["region"].isin(chosen)],
            "production": production[production["region"].isin(chosen)],
        },
    )
    store = MemoryStore()
    run_forecast(source, store, n_paths=100)
    return source, store.stored[0][0], store.stored[0][1], store.contents[0]


def test_every_forecast_has_band_baseline_and_cut_off(run):
    _, made, rows, _ = run
    assert made.until.first_day < min(rows["period"])
    shown = rows[(rows["role"] == "forecast") & rows["p50"].notna()]
    assert len(shown) > 100
    ordered = shown[list(BANDS)].to_numpy()
    assert (np.diff(ordered, axis=1) >= 0).all()
    assert (ordered >= 0).all()
    assert (shown.loc[shown["measure"] == "within_limit_share", "hi95"] <= 1).all()
    keys = ["region", "care_area", "measure", "period"]
    baselines = rows[rows["role"] == "baseline"].groupby(keys)["model"].agg(set)
    for key in shown[keys].itertuples(index=False, name=None):
        assert baselines[key] == {"naive", "seasonal_naive"}


def test_what_is_not_forecast_says_why(run):
    _, _, rows, _ = run
    silent = rows[(rows["role"] == "forecast") & rows["p50"].isna()]
    assert (silent["note"] != "").all()
    assert (silent["model"] == "none").all()


def test_every_flag_rests_on_a_reported_month(run):
    source, made, _, contents = run
    gaps = contents.gaps
    waits = source.frames["waits"]
    reported = set(
        waits.loc[waits["period"] == str(made.until), ["region", "care_area"]].itertuples(index=False, name=None)
    )
    flagged = gaps[gaps["status"] != "none"]
    assert len(flagged) > 0
    assert set(flagged[["region", "care_area"]].itertuples(index=False, name=None)) <= reported
    assert gaps["reason"].str.endswith(".").all()
    for row in flagged[flagged["status"] != "open"].to_dict("records"):
        facts = contents.pairs[row["region"], row["care_area"]]
        assert 0 <= row["probability_3m"] <= row["probability_6m"] <= row["probability_12m"] <= 1
        # counted again on the stored paths, season taken out and moved by the stored lean
        season = np.array([facts.share_profile[(made.until + 1 + h).month - 1] for h in range(12)])
        ahead = contents.paths[row["region"], row["care_area"], "within_limit_share"].astype(float) - season
        moved = ahead + row["lean"] * ahead.std(axis=0)
        steps = opening_steps(facts.structural_now, moved, row["target_share"])
        assert row["probability_12m"] == pytest.approx(np.mean(steps <= 12), abs=1.5 / len(moved))


def test_bands_are_those_of_the_stored_paths(run):
    _, _, rows, contents = run
    for (region, area, measure), paths in contents.paths.items():
        mine = rows[(rows["region"] == region) & (rows["care_area"] == area) & (rows["measure"] == measure)]
        mine = mine[mine["role"] == "forecast"].sort_values("horizon")
        for name, level in BANDS.items():
            assert mine[name].to_numpy() == pytest.approx(np.quantile(paths, level, axis=0), rel=1e-5, abs=1e-6)


def test_what_was_replayed_is_in_the_record(run):
    _, made, _, contents = run
    assert made.calibration["replayed_pairs"] == len(contents.pairs) > 5
    assert len(contents.record) > 400
    assert contents.record["origin"].max() < made.until.first_day
