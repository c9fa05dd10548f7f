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
from lagesbild.forecast.series import MAX_TAIL
from lagesbild.jobs.forecasting import run_forecast
from tests.fakes import FakeSource
from tests.forecast.made_up import MemoryStore

FILES = Path(__file__).resolve().parents[1] / "data_files" / "scotland"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """(source, run, forecasts, paths, gaps) of three boards with the real engine."""
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
    run_forecast(source, store, jobs=1, n_paths=300)
    return source, *store.stored[0]


def test_every_forecast_has_band_baseline_and_cut_off(run):
    _, made, rows, _, _ = run
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
    _, _, rows, _, _ = run
    silent = rows[(rows["role"] == "forecast") & rows["p50"].isna()]
    assert (silent["note"] != "").all()
    assert (silent["model"] == "none").all()


def test_every_flag_rests_on_a_reported_month(run):
    source, made, _, paths, gaps = run
    waits = source.frames["waits"]
    reported = set(
        waits.loc[waits["period"] == str(made.until), ["region", "care_area"]].itertuples(index=False, name=None)
    )
    flagged = gaps[gaps["status"] != "none"]
    assert len(flagged) > 0
    assert set(flagged[["region", "care_area"]].itertuples(index=False, name=None)) <= reported
    assert gaps["reason"].str.endswith(".").all()
    for row in flagged[flagged["status"] != "open"].to_dict("records"):
        share = paths[row["region"], row["care_area"], "within_limit_share"]
        steps = opening_steps(row["share_now"], share, row["target_share"])
        assert 0 <= row["probability_3m"] <= row["probability_6m"] <= row["probability_12m"] <= 1
        assert np.mean(steps <= MAX_TAIL) > 0  # the raw paths fall under the target too
