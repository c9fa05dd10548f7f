"""What holds for every table: its form, what is read for it, that a row does not depend on what else is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lagesbild.components.model import Column as PageColumn
from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.earlier import EarlierState
from lagesbild.domain.periods import Month
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables import TABLES, Asked, published_definitions, published_table
from lagesbild.views.published_tables.derived import waited_days
from lagesbild.views.published_tables.flow_cube import month_count, run_lengths
from lagesbild.views.published_tables.model import STATES
from lagesbild.views.wait_bands import Bands
from tests.disclosure.small_world import LAST, Shape, country
from tests.fakes import RECORDED, Revised
from tests.places_world import places
from tests.travel_world import travel_world
from tests.waits_world import END, calm_rows, row, world

PUBLIC, EXACT = Viewer(), Viewer("exact")
SOURCE = country(Shape(3, regions=5, areas=2, months=30, size=4.0, providers=2, missing=0.08))


@pytest.mark.parametrize("viewer", [PUBLIC, EXACT], ids=["public", "exact"])
@pytest.mark.parametrize("name", TABLES)
def test_the_form_of_every_table(name, viewer):
    for source, asked in ((SOURCE, Asked(first=LAST - 12)), (world([]), Asked())):
        table = published_table(name, source, asked, viewer)
        names = [n for c in table.columns for n in ([c.name, c.state_column] if c.role == "measure" else [c.name])]
        assert list(table.frame.columns) == names
        assert table.dataset == name
        assert table.frame.index.equals(pd.RangeIndex(len(table.frame)))
        for c in table.measures:
            states = table.frame[c.state_column]
            assert set(states) <= set(STATES)
            assert (table.frame[c.name].isna() == (states != "")).all(), c.name
            assert table.frame[c.name].dtype == np.float64
            assert c.unit or name in DATASETS, c.name
        for c in table.columns:
            PageColumn(c.name, c.title, c.kind)
            assert c.title
            if c.kind == "month":
                assert str(table.frame[c.name].dtype).startswith("datetime64")
        keys = [c.name for c in table.keys]
        assert not table.frame.duplicated(keys).any()


@pytest.mark.parametrize("name", ["waits", "production", "capacity", "out-of-region", "brokering"])
def test_a_row_is_the_same_whatever_months_are_asked_for(name):
    source = travel_world() if name in ("out-of-region", "brokering") else SOURCE
    last = END if name in ("out-of-region", "brokering") else LAST
    whole = published_table(name, source, Asked(), PUBLIC).frame
    for first, end in ((last - 9, last - 4), (last, last)):
        some = published_table(name, source, Asked(first=first, last=end), PUBLIC).frame
        between = whole["period"].between(pd.Timestamp(first.first_day), pd.Timestamp(end.first_day))
        pd.testing.assert_frame_equal(some, whole[between].reset_index(drop=True))
        assert len(some)


@pytest.mark.parametrize("name", ["waits", "production", "capacity"])
def test_a_provider_s_row_is_the_same_whatever_months_are_asked_for(name):
    whole = published_table(name, SOURCE, Asked(providers=None), PUBLIC).frame
    for first, end in ((LAST - 9, LAST - 4), (LAST, LAST)):
        some = published_table(name, SOURCE, Asked(providers=None, first=first, last=end), PUBLIC).frame
        between = whole["period"].between(pd.Timestamp(first.first_day), pd.Timestamp(end.first_day))
        pd.testing.assert_frame_equal(some, whole[between].reset_index(drop=True))
        assert (some["level"] == "provider").any()


@pytest.mark.parametrize("name", ["waits", "production", "capacity", "gaps", "forecasts"])
def test_a_row_is_the_same_whatever_places_and_care_areas_are_asked_for(name):
    whole = published_table(name, SOURCE, Asked(), PUBLIC).frame
    some = published_table(name, SOURCE, Asked(regions=("R2", ""), care_areas=("A2",)), PUBLIC).frame
    mine = whole["region"].isin(["R2", ""]) & (whole["care_area"] == "A2")
    if "level" in whole:
        mine &= whole["level"] != "healthcare_region"
    pd.testing.assert_frame_equal(some, whole[mine].reset_index(drop=True))
    assert len(some)


class Listening:
    """Which care areas the facts were asked for; none asked for is all."""

    def __init__(self, source):
        self.source, self.asked = source, set()

    def __getattr__(self, name):
        return getattr(self.source, name)

    def facts(self, dataset, query):
        if dataset not in ("reporting", "published-shares"):
            self.asked.add(query.care_areas)
        return self.source.facts(dataset, query)


@pytest.mark.parametrize("name", TABLES)
def test_care_areas_that_are_not_asked_for_are_not_read(name):
    source = Listening(travel_world(cases=None))
    asked = Asked(care_areas=("kna",), first=END - 14, providers=None if name in ("waits", "production") else ())
    published_table(name, source, asked, PUBLIC)
    assert source.asked <= {("kna",)}


def test_an_earlier_state_hides_what_is_hidden_now():
    """Both states of a revised month are shown by the same twin, asked for by the moment or through the source."""

    rows = [r for r in calm_rows() if r["care_area"] == "kna"]
    last = row("R6", "kna", END, over=3, waiting=500)
    source = Revised(world(rows), world([last if (r["region"], r["period"]) == ("R6", END) else r for r in rows]))
    asked = Asked(care_areas=("kna",), first=END)
    now = published_table("waits", source, asked, PUBLIC).frame
    then = published_table("waits", source, replace(asked, as_of=RECORDED), PUBLIC).frame
    through = published_table("waits", EarlierState(source, RECORDED), asked, PUBLIC).frame
    pd.testing.assert_frame_equal(then, through)
    hidden_now, hidden_then = (set(f.loc[f["over_limit_state"] != "", "region"]) for f in (now, then))
    assert "R6" in hidden_now
    assert hidden_now <= hidden_then
    assert then.loc[then["region"] == "R1", "over_limit"].notna().any() or "R1" in hidden_then


def test_sources_and_dates_come_along():
    table = published_table("production", places(), Asked(), PUBLIC)
    assert table.sources == ("provdata",)
    assert table.synthetic
    assert table.recorded_at == RECORDED
    assert published_table("waits", world([]), Asked(), PUBLIC).recorded_at is None


def test_nothing_before_the_first_or_after_the_last():
    for asked in (Asked(first=END + 1), Asked(last=Month(1990, 1)), Asked(care_areas=("finns-inte",))):
        for name in ("waits", "production", "capacity", "out-of-region", "brokering"):
            assert published_table(name, travel_world(), asked, PUBLIC).frame.empty


def test_every_column_is_defined_once():
    tables = {n: published_table(n, SOURCE, Asked(first=LAST), PUBLIC) for n in TABLES}
    frame = published_definitions(tables, PUBLIC).frame
    assert not frame.duplicated(["dataset", "column", "definition"]).any()
    assert set(frame["dataset"]) == {*TABLES, ""}
    for name, table in tables.items():
        assert list(frame.loc[frame["dataset"] == name, "column"]) == [c.name for c in table.columns]
        for c in table.columns:
            assert "?" not in c.title
            assert not c.definition or c.definition[-1] in ".0123456789" or ";" in c.definition or "=" in c.definition


def test_names_follow_the_contract():
    for name in ("waits", "production", "capacity"):
        table = published_table(name, SOURCE, Asked(first=LAST), PUBLIC)
        spec = {c.name for c in DATASETS[name].columns}
        assert (
            {"period", "region", "care_area", "provider"}
            <= {c.name for c in table.keys}
            <= spec
            | {
                "level",
                "healthcare_region",
            }
        )
    assert set(WAIT_BANDS) <= set(published_table("waits", SOURCE, Asked(first=LAST), PUBLIC).frame)


def test_the_median_of_few_says_something_of_a_person():
    """Hidden wherever performed is small here or in the twin, whichever of the two is the real country."""
    table = published_table("production", SOURCE, Asked(), PUBLIC).frame
    small = (table["level"] == "region") & (table["performed_state"] == "suppressed")
    assert small.any()
    assert (table.loc[small, "wait_days_median_state"] == "secondary").all()
    shown = (table["level"] == "region") & (table["performed_state"] == "")
    assert table.loc[shown, "wait_days_median"].notna().any()


def test_public_numbers_have_no_more_decimals_than_the_pages():
    public = published_table("waits", SOURCE, Asked(), PUBLIC).frame
    exact = published_table("waits", SOURCE, Asked(), EXACT).frame
    shares = public["within_limit_share"].dropna()
    np.testing.assert_array_equal(shares, shares.round(3))
    assert (exact["within_limit_share"].dropna() != exact["within_limit_share"].dropna().round(3)).any()


counts = st.lists(st.integers(0, 60), min_size=7, max_size=7)


@given(counts, st.sampled_from([0.1, 0.5, 0.9]))
def test_days_waited_are_those_of_the_wait_bands(bands, fraction):
    total = sum(bands)
    one = Bands("", None, None, tuple(map(float, bands)), ("",) * 7, (None,) * 7, float(total))
    found = waited_days(
        {b: np.array([float(n)]) for b, n in zip(WAIT_BANDS, bands, strict=True)}, np.array([total]), fraction
    )
    expected = one.wait_days(fraction)
    assert (np.isnan(found[0]) and expected is None) or found[0] == pytest.approx(expected)


@given(arrays(bool, st.integers(1, 40)))
def test_months_in_a_row(known):
    naive, begun, run, since = [], [], 0, 0
    for x in known.tolist():
        run = run + 1 if x else 0
        since = since + 1 if x or since else 0
        naive.append(run)
        begun.append(since)
    assert run_lengths(known).tolist() == naive
    assert month_count(known).tolist() == begun


def test_the_moment_asked_for_is_that_of_the_run_too():
    asked = Asked(as_of=datetime(2020, 1, 1, tzinfo=UTC))
    assert published_table("gaps", SOURCE, asked, PUBLIC).frame.empty
