"""The dataset specification is the contract: complete, unambiguous, in two languages."""

from __future__ import annotations

import unicodedata

import pytest

from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.datasets import DATASETS, FACT_DATASETS

# The contract's own list, written out a second time on purpose: a slip in the specification must not pass unseen.
CONTRACT = {
    "regions": "code name short_name healthcare_region healthcare_region_secondary lat lon sort_order parent",
    "care-areas": "code name kind guarantee_days kva_prefixes icd10_prefixes min_age sort_order short_name",
    "providers": "code name region kind hsa_id lat lon agreement_from agreement_until conditions",
    "guarantee-limits": "care_area region valid_from days",
    "population": "year region population",
    "waits": "period region care_area provider waiting within_limit waiting_0_30 waiting_31_60 waiting_61_90"
    " waiting_91_120 waiting_121_180 waiting_181_365 waiting_366_ excluded_patient_choice excluded_medical"
    " wait_days_median not_brokerable",
    "production": "period region care_area provider added performed removed_other performed_within_limit"
    " performed_within_limit_pct wait_days_median wait_days_p90 planned cancelled",
    "capacity": "period region care_area provider capacity committed",
    "out-of-region": "period home_region treating_region care_area provider performed",
    "brokering": "period home_region treating_region care_area started accepted declined not_completed completed"
    " handling_days_median cost_sek",
    "breaks": "region care_area from to kind reason",
    "reporting": "period region register status reason",
    "published-shares": "period region care_area within_limit_pct",
}
KEYS = {
    "regions": "code",
    "care-areas": "code",
    "providers": "code",
    "guarantee-limits": "care_area region valid_from",
    "population": "year region",
    "waits": "period region care_area provider",
    "production": "period region care_area provider",
    "capacity": "period region care_area provider",
    "out-of-region": "period home_region treating_region care_area provider",
    "brokering": "period home_region treating_region care_area",
    "breaks": "region care_area from to",
    "reporting": "period region register",
    "published-shares": "period region care_area",
}
every = pytest.mark.parametrize("spec", DATASETS.values(), ids=DATASETS.keys())


def test_datasets_and_columns_are_the_contracts():
    assert {n: [c.name for c in d.columns] for n, d in DATASETS.items()} == {n: c.split() for n, c in CONTRACT.items()}
    assert {n: [c.name for c in d.keys] for n, d in DATASETS.items()} == {n: c.split() for n, c in KEYS.items()}


def _heading(text: str) -> str:
    """A heading as an importer compares it: case, accents' form, spaces, hyphens and underscores do not matter."""
    return unicodedata.normalize("NFC", text).casefold().replace("_", "").replace("-", "").replace(" ", "")


@every
def test_no_heading_can_mean_two_columns(spec):
    names = {_heading(c.name): c.name for c in spec.columns}
    assert len(names) == len(spec.columns)
    for c in spec.columns:
        assert names.get(_heading(c.sv), c.name) == c.name, f"{c.sv} is the English name of another column"
    assert len({_heading(c.sv) for c in spec.columns}) == len(spec.columns)


@every
def test_headings_never_start_like_an_ignored_column(spec):
    assert not any(h.lower().startswith("x_") for c in spec.columns for h in (c.name, c.sv))


@every
def test_keys_come_first_and_values_after(spec):
    assert list(spec.columns) == [*spec.keys, *spec.values]
    assert spec.keys


@every
def test_references_name_a_dataset_with_one_code(spec):
    for c in spec.columns:
        if c.references:
            assert [k.name for k in DATASETS[c.references].keys] == ["code"]
            assert c.max_length == DATASETS[c.references].column("code").max_length


@every
def test_choices_are_told_apart_in_both_languages(spec):
    for c in spec.columns:
        assert bool(c.choices) == (c.kind == "choice")
        words = [(_heading(english), _heading(swedish)) for english, swedish in c.choices]
        assert len({w for pair in words for w in pair}) == sum(len(set(pair)) for pair in words)


@every
def test_an_optional_key_says_what_empty_means(spec):
    assert all(c.required or c.empty_means for c in spec.keys)


def test_facts_have_a_month_and_a_home_region_in_their_key():
    assert {n for n, d in DATASETS.items() if d.keys[0].name == "period"} == set(FACT_DATASETS)
    for name in FACT_DATASETS:
        assert {"region", "home_region"} & {c.name for c in DATASETS[name].keys}


def test_table_names_are_plain_identifiers_and_distinct():
    tables = [d.table for d in DATASETS.values()]
    assert all(t.isidentifier() for t in tables)
    assert len(set(tables)) == len(tables)


def test_wait_bands_follow_on_each_other_without_gap_or_overlap():
    bands = [b.removeprefix("waiting_").split("_") for b in WAIT_BANDS]
    assert [int(low) for low, _ in bands] == [0, *(int(high) + 1 for _, high in bands[:-1])]
    assert bands[-1][1] == ""
    assert set(WAIT_BANDS) <= {c.name for c in DATASETS["waits"].columns}
