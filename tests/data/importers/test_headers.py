"""Headings: English or Swedish, spelled as people do."""

from __future__ import annotations

import pytest

from lagesbild.data.importers.faults import Faults
from lagesbild.data.importers.headers import aliases, plain, read_header
from lagesbild.domain.dataset_spec import Dataset
from lagesbild.domain.datasets import DATASETS


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda d: d.name)
def test_every_column_is_found_by_both_its_names(dataset: Dataset) -> None:
    for names in ([c.name for c in dataset.columns], [c.sv for c in dataset.columns]):
        faults = Faults("f")
        header = read_header(dataset, names, faults)
        assert header is not None
        assert list(header.places) == [c.name for c in dataset.columns]
    assert len(aliases(dataset)) >= len(dataset.columns)


@pytest.mark.parametrize("text", ["VÄNTANDE 0-30", "vantande_0_30", "Väntande 0–30", " waiting 0 30 ", "Waiting-0-30"])
def test_case_spaces_underscores_and_letters_vary(text: str) -> None:
    assert plain(text) in aliases(DATASETS["waits"])
    assert aliases(DATASETS["waits"])[plain(text)].name == "waiting_0_30"


def test_unknown_repeated_and_missing_columns_are_all_told_and_x_columns_are_skipped() -> None:
    faults = Faults("f")
    head = ["period", "Region", "region", "waitng", "x_note", "X_Mer", ""]
    assert read_header(DATASETS["waits"], head, faults) is None
    told = {f.column: f for f in faults.shown_errors}
    assert set(told) == {"region", "waitng", "care_area", "waiting"}
    assert "waiting" in told["waitng"].remedy
    assert "vårdområde" in told["care_area"].expected
