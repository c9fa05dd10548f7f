"""The simulation's parts: calendar, queue arithmetic, determinism, and sizes beyond the built-in country."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.errors import InputError
from lagesbild.domain.periods import Month, months_between
from lagesbild.jobs.seed import calendar, catalogue, story
from lagesbild.jobs.seed.generate import generate
from lagesbild.jobs.seed.queue import AGES, Rates, quantile_days, simulate, steady_shares, wait_for_share


@pytest.mark.parametrize(
    "day",
    [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2038, 4, 25), (2019, 4, 21)],
)
def test_easter(day):
    assert calendar.easter_sunday(day[0]) == date(*day)


def test_swedish_holidays_of_a_known_year():
    assert {date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 14), date(2026, 6, 19)} <= calendar.holidays(2026)
    assert sum(calendar.working_days(Month(2026, 4))) == 20
    assert sum(sum(calendar.working_days(Month(2025, m))) for m in range(1, 13)) == 249


def test_july_is_the_quietest_month_every_year():
    months = months_between(Month(2021, 1), Month(2026, 12))
    production, inflow = (x.reshape(6, 12, 3).sum(axis=2) for x in calendar.intensity(months))
    assert set(production.argmin(axis=1)) == {6}
    assert production.mean() / 3 == pytest.approx(1.0, abs=0.02)
    assert inflow.mean() / 3 == pytest.approx(1.0, abs=0.02)


@given(st.lists(st.integers(0, 30), min_size=AGES, max_size=AGES), st.sampled_from([0.5, 0.9]))
def test_quantile_against_a_sorted_list(counts, q):
    """Naively: walk through the steps until the quantile is reached, days evenly spread inside the step."""
    got = quantile_days(np.array(counts), q)
    total = sum(counts)
    if not total:
        assert np.isnan(got)
        return
    goal, seen = total * q, 0
    for age, n in enumerate(counts):
        if n and seen + n >= goal:
            assert abs(float(got) - 10 * (age + (goal - seen) / n)) <= 0.5 + 1e-9
            return
        seen += n
    raise AssertionError("unreachable")


@settings(max_examples=15, deadline=None)
@given(st.floats(0.70, 0.95), st.sampled_from([0.028, 0.036]))
def test_a_calm_queue_reaches_the_share_aimed_at(share, leave):
    months = 48
    wait = np.full((months + 30, 4), wait_for_share(np.array(share), leave, 9))
    ones = np.ones_like(wait)
    done = simulate(
        np.random.default_rng(5), Month(2022, 1), months,
        arrivals=np.full(4, 800.0), wait=wait, demand=ones, supply=ones, rates=Rates(leave - 0.01, 0.006, 0.004),
    )  # fmt: skip
    last = done.waiting[-36:]
    assert last[:, :, :9].sum() / last.sum() == pytest.approx(share, abs=0.02)


def test_longer_waits_give_lower_shares():
    shares, waits = steady_shares(0.03, 9)
    assert (np.diff(shares) > 0).all()
    assert (np.diff(waits) < 0).all()


def test_simulated_queue_balances():
    rng = np.random.default_rng(3)
    wait = np.full((30 + 24, 7), 6.0)
    done = simulate(
        rng, Month(2020, 11), 24, arrivals=rng.uniform(0.2, 40, 7), wait=wait,
        demand=np.ones_like(wait), supply=np.ones_like(wait), rates=Rates(0.02, 0.008, 0.004),
    )  # fmt: skip
    stock = done.waiting.sum(axis=2).astype(int)
    change = done.added - done.treated.sum(axis=2) - done.removed_other
    assert (np.diff(stock, axis=0) == change[1:]).all()
    assert (stock >= 0).all()


def test_moves_start_at_the_own_level_and_end_at_theirs():
    last = Month(2026, 10)
    for move in story.MOVES:
        path = story.target_shares(move.region, move.care_area, last - 60, last)
        assert path[-1 - move.starts] == pytest.approx(story.level(move.region, move.care_area))
        if move.ends >= 0:
            assert path[-1] == pytest.approx(move.level)


def test_catalogue_agrees_with_the_committed_reference():
    seed = Path(__file__).parents[2] / "data" / "seed"
    real = pd.read_csv(seed / "real" / "regions.csv", dtype=str, keep_default_na=False).set_index("code")
    people = pd.read_csv(seed / "real" / "population.csv", dtype={"region": str}).query("year == 2023")
    people = people.set_index("region")["population"]
    for place in catalogue.regions(21):
        row = real.loc[place.region.code]
        assert (place.region.name, place.region.short_name) == (row["name"], row["short_name"])
        assert place.region.healthcare_region == row["healthcare_region"]
        assert place.region.sort_order == int(row["sort_order"])
        assert place.population == people[place.region.code]
    assert {p.provider.code for p in catalogue.providers(catalogue.regions(21))} == set(
        pd.read_csv(seed / "synthetic" / "providers.csv")["code"]
    )


def _contents(directory: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in directory.iterdir()}


def test_same_seed_same_bytes_other_seed_other_numbers(tmp_path):
    size = {"regions": 3, "care_areas": 2, "months": 26}
    first = _contents(generate(tmp_path / "a", **size, seed=7))
    assert _contents(generate(tmp_path / "b", **size, seed=7)) == first
    other = _contents(generate(tmp_path / "c", **size, seed=8))
    assert other.keys() == first.keys()
    assert other["waits-2026-10.csv"] != first["waits-2026-10.csv"]
    assert other["regions.csv"] == first["regions.csv"]


def test_sizes_beyond_the_built_in_country(tmp_path):
    made = []
    out = generate(tmp_path, regions=24, care_areas=5, months=8, providers=False, progress=made.append)
    assert made == [1, 2, 3, 4, 5]
    regions = pd.read_csv(out / "regions.csv", dtype=str)
    assert len(regions) == 25
    assert {"R022", "R024"} <= set(regions["code"])
    waits = pd.concat([pd.read_csv(p, dtype=str) for p in out.glob("waits-*.csv")])
    assert waits["provider"].isna().all()
    assert waits.groupby(["region", "care_area"]).ngroups == 24 * 5 - 0
    assert "omrade-005" in set(waits["care_area"])
    assert not (out / "providers.csv").exists()


def test_a_smaller_country_replaces_the_files_of_a_larger_one_and_nothing_else(tmp_path):
    generate(tmp_path, regions=2, care_areas=1, months=24)
    (tmp_path / "egen.csv").write_text("x\n1\n")
    generate(tmp_path, regions=2, care_areas=1, months=3)
    names = {p.name for p in tmp_path.glob("*.csv")}
    assert "egen.csv" in names
    assert "waits-2025-12.csv" not in names
    assert all((tmp_path / f"{n}.meta.json").is_file() for n in names - {"egen.csv"})


@pytest.mark.parametrize("size", [{"regions": 1}, {"care_areas": 0}, {"months": 1}])
def test_no_country_that_small(tmp_path, size):
    with pytest.raises(InputError, match="går inte att simulera"):
        generate(tmp_path / "x", **size)
    assert not (tmp_path / "x").exists()
