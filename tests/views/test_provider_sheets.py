"""One sheet for a region's providers in a month, whoever asks: a page over years, one about a month, a table."""

from __future__ import annotations

import numpy as np
import pytest

from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query
from lagesbild.domain.viewer import Viewer
from lagesbild.views.area_twin import area_twin
from lagesbild.views.provider_twin import ProviderTwins, provider_twins, provider_wait_twin
from lagesbild.views.wait_bands import provider_states
from lagesbild.views.wait_counts import wait_counts
from lagesbild.views.wait_reading import read_waits
from tests.disclosure.small_world import LAST, Shape, country
from tests.fakes import FakeSource

PUBLIC = Viewer()
TOLD = Selection(care_area="A1", month=LAST)


def lacking(seed: int, *, whole_row: bool = True) -> FakeSource:
    """A country in which R1's second provider has not reported the waits of the last month: no row, or an empty one.
    The region's own are those of the others, so that what no provider reports is nothing, or little."""
    source = country(Shape(seed, regions=4, months=14, size=4.0, providers=3, missing=0.0))
    frame = source.frames["waits"]
    gone = (frame["provider"] == "R1-P2") & (frame["period"] == str(LAST))
    assert gone.sum() == 1
    own = (frame["region"] == "R1") & (frame["provider"] == "") & (frame["period"] == str(LAST))
    counts = [c for c in frame if c.startswith(("waiting", "within", "excluded"))]
    frame.loc[own, counts] -= frame.loc[gone, counts].to_numpy()
    if whole_row:
        source.frames["waits"] = frame[~gone].reset_index(drop=True)
    else:
        numbers = frame.columns.difference(["period", "region", "care_area", "provider"])
        frame[numbers] = frame[numbers].astype(float)
        frame.loc[gone, numbers] = np.nan
    return source


def by_years(source: FakeSource, back: int) -> ProviderTwins:
    whole = area_twin(source, TOLD, LAST - back, PUBLIC)
    return provider_twins(source, TOLD, source.care_areas()[0], "R1", whole, PUBLIC.threshold)


def by_month(source: FakeSource, order: int = 1) -> dict[tuple[str, str], float]:
    """The same by (provider, column) as the pages about one month have it, asked in rows from either end."""
    waits = read_waits(source, TOLD, PUBLIC)
    assert waits is not None
    rows = source.facts("waits", Query(("R1",), ("A1",), None, LAST, LAST))
    rows = rows[rows["provider"] != ""].iloc[::order]
    columns = ("waiting", "within_limit", "excluded_patient_choice", "excluded_medical")
    bands = [c for c in rows if c.startswith("waiting_")]
    counted = {c: rows[c].to_numpy(float) for c in (*columns, *bands)}
    codes = [str(p) for p in rows["provider"]]
    found = provider_wait_twin(codes, counted, wait_counts(waits, 0, PUBLIC), "R1")
    return {(p, c): float(found[c][k]) for c in found for k, p in enumerate(codes)}


@pytest.mark.parametrize("seed", [1, 6])
@pytest.mark.parametrize("whole_row", [True, False])
def test_a_provider_without_the_month_changes_no_sheet(seed: int, whole_row: bool) -> None:
    source = lacking(seed, whole_row=whole_row)
    month = by_month(source)
    assert any(month.values())
    for back in (1, 12):
        years = by_years(source, back)
        for column in ("waiting", "within_limit", "excluded_patient_choice", "excluded_medical"):
            told = {p: float(years.of(p, column)[-1]) for p in years.codes}
            assert told == {p: month.get((p, column), 0.0) for p in years.codes}, (column, back)


@pytest.mark.parametrize("seed", [1, 6])
def test_the_order_of_rows_changes_no_sheet(seed: int) -> None:
    source = lacking(seed)
    assert by_month(source) == by_month(source, -1)


@pytest.mark.parametrize("bands", [True, False])
def test_a_region_hidden_at_the_source_is_the_same_sum_or_none_for_both(bands: bool) -> None:
    """With wait bands the count is known all the same; without them nobody knows what the providers add up to."""
    source = country(Shape(2, regions=4, months=14, size=4.0, providers=3, missing=0.0))
    frame = source.frames["waits"]
    at = (frame["region"] == "R1") & (frame["provider"] == "") & (frame["period"] == str(LAST))
    frame["suppressed"] = None
    frame["within_limit"] = frame["within_limit"].astype(float)
    frame.loc[at, "within_limit"] = np.nan
    frame.loc[at, "suppressed"] = [{"within_limit": 5}]
    if not bands:
        for c in [c for c in frame if c.startswith("waiting_")]:
            frame[c] = frame[c].astype(float)
            frame.loc[at, c] = np.nan
    years, month = by_years(source, 3), by_month(source)
    for column in ("waiting", "within_limit"):
        assert {p: float(years.of(p, column)[-1]) for p in years.codes} == {p: month[p, column] for p in years.codes}


def test_what_is_told_of_the_others_is_the_same_with_and_without_the_empty_row() -> None:
    told = []
    for whole_row in (True, False):
        source = lacking(6, whole_row=whole_row)
        waits = read_waits(source, TOLD, PUBLIC)
        assert waits is not None
        rows = source.facts("waits", Query(("R1",), ("A1",), None, LAST, LAST))
        states = provider_states(rows, wait_counts(waits, 0, PUBLIC), "R1", PUBLIC)[1]
        told.append({k: v for k, v in states.items() if k[0] != "R1-P2" and not k[1].startswith("waiting_")})
    assert told[0] == told[1]
