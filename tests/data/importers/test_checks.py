"""Rules between the cells of a row. Small files, and which faults come out."""

from __future__ import annotations

import io
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.data.importers.checks import check_rows
from lagesbild.data.importers.codes import Codes
from lagesbild.data.importers.csv_rows import careful_blocks
from lagesbild.data.importers.faults import SHOWN, Faults
from lagesbild.data.importers.headers import read_header
from lagesbild.data.importers.typed import Typed, read_block
from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.datasets import DATASETS

TODAY = date(2026, 11, 22)
CODES = Codes(
    regions=frozenset({"01", "03"}),
    care_areas=frozenset({"kat"}),
    providers={"P1": "01", "P3": "03"},
)


def check(dataset: str, *lines: str) -> Faults:
    """Faults of a small file: the first line is the header."""
    faults = Faults("f")
    header = read_header(DATASETS[dataset], lines[0].split(","), faults)
    assert header is not None
    body = io.BytesIO("\n".join(lines[1:]).encode())
    for block in careful_blocks(body, "utf-8", header, ",", 2, 0, faults):
        typed: Typed = read_block(DATASETS[dataset], block, header, CODES, TODAY, faults)
        check_rows(typed, CODES, faults)
    return faults


def columns(faults: Faults) -> list[tuple[int, str]]:
    return [(f.line, f.column) for f in faults.shown_errors]


WAITS = "period,region,care_area,provider,waiting,within_limit"
BANDS = f"period,region,care_area,waiting,{','.join(WAIT_BANDS)}"


def test_within_limit_is_part_of_waiting() -> None:
    faults = check("waits", WAITS, "2024-01,01,kat,,10,10", "2024-02,01,kat,,10,11", "2024-03,01,kat,,,11")
    assert columns(faults) == [(3, "within_limit")]
    assert "10" in faults.shown_errors[0].expected


@pytest.mark.parametrize(
    ("cells", "wrong"), [("<5,4", False), ("<5,5", True), ("0,<5", False), ("<5,<5", False), ("3,<5", False)]
)
def test_a_hidden_cell_breaks_a_rule_only_when_it_must(cells: str, wrong: bool) -> None:
    assert bool(check("waits", WAITS, f"2024-01,01,kat,,{cells}").errors) is wrong


@pytest.mark.parametrize(
    ("waiting", "bands", "errors", "warnings"),
    [
        ("28", "1,2,3,4,5,6,7", 0, 0),
        ("30", "1,2,3,4,5,6,7", 0, 1),
        ("26", "1,2,3,4,5,6,7", 0, 1),
        ("31", "1,2,3,4,5,6,7", 1, 0),
        ("25", "1,2,3,4,5,6,7", 1, 0),
        ("40", "1,2,3,4,5,6,", 0, 0),
        ("20", "1,2,3,4,5,6,", 1, 0),
        ("20", "1,2,3,4,5,5,", 0, 0),
        ("", "1,2,3,4,5,6,7", 0, 0),
        ("28", "1,2,3,4,5,6,<9", 0, 0),
        ("31", "1,2,3,4,5,6,<9", 0, 0),
        ("32", "1,2,3,4,5,6,<5", 1, 0),
        ("18", "1,2,3,4,5,6,<5", 1, 0),
        ("<5", "1,1,1,1,0,0,0", 0, 0),
        ("<5", "9,1,1,1,0,0,0", 1, 0),
        ("28", ",,,,,,", 0, 0),
    ],
)
def test_bands_add_up(waiting: str, bands: str, errors: int, warnings: int) -> None:
    faults = check("waits", BANDS, f"2024-01,01,kat,{waiting},{bands}")
    assert (faults.errors, faults.warnings) == (errors, warnings)


@given(st.lists(st.integers(0, 50), min_size=7, max_size=7), st.integers(-6, 6))
def test_bands_and_their_sum_by_plain_arithmetic(bands: list[int], off: int) -> None:
    waiting = sum(bands) + off
    if waiting < 0:
        return
    faults = check("waits", BANDS, f"2024-01,01,kat,{waiting},{','.join(map(str, bands))}")
    assert (faults.errors, faults.warnings) == (int(abs(off) > 2), int(0 < abs(off) <= 2))


def test_performed_within_limit_is_part_of_performed() -> None:
    head = "period,region,care_area,added,performed,performed_within_limit"
    assert columns(check("production", head, "2024-01,01,kat,1,5,6")) == [(2, "performed_within_limit")]


@pytest.mark.parametrize(
    ("cells", "warnings"),
    [
        ("100,80,80", 0),
        ("100,80,79", 0),
        ("100,80,78.9", 1),
        ("100,80,0.8", 1),
        ("100,80,95", 0),
        ("0,0,0", 0),
        (",,0.8", 0),
        ("100,<9,1", 0),
        ("<9,4,50", 0),
        ("<9,4,48", 1),
    ],
)
def test_a_share_of_the_performed_below_its_counts_is_told(cells: str, warnings: int) -> None:
    head = "period,region,care_area,added,performed,performed_within_limit,performed_within_limit_pct"
    faults = check("production", head, f"2024-01,01,kat,1,{cells}")
    assert (faults.errors, faults.warnings) == (0, warnings)
    assert {f.column for f in faults.shown_warnings} <= {"performed_within_limit_pct"}


def test_out_of_region_and_brokering_need_two_regions() -> None:
    head = "period,home_region,treating_region,care_area,performed"
    faults = check("out-of-region", head, "2024-01,01,03,kat,5", "2024-01,01,01,kat,5")
    assert columns(faults) == [(3, "treating_region")]
    head = "period,home_region,treating_region,care_area,started,accepted,declined,not_completed,completed"
    faults = check("brokering", head, "2024-01,01,,kat,5,1,1,1,1", "2024-01,01,01,kat,5,1,1,1,1")
    assert columns(faults) == [(3, "treating_region")]


def test_a_provider_belongs_to_its_region_or_to_the_treating_one() -> None:
    assert columns(check("waits", WAITS, "2024-01,01,kat,P1,1,", "2024-01,01,kat,P3,1,")) == [(3, "provider")]
    head = "period,home_region,treating_region,care_area,provider,performed"
    assert columns(check("out-of-region", head, "2024-01,01,03,kat,P3,5", "2024-01,01,03,kat,P1,5")) == [
        (3, "provider")
    ]


def test_unknown_codes_are_told_with_the_likely_right_one() -> None:
    faults = check("waits", WAITS, "2024-01,1,kat,,1,", "2024-01,01,kta,,1,", "2024-01,01,kat,P9,1,")
    assert columns(faults) == [(2, "region"), (3, "care_area"), (4, "provider")]
    assert "”01”" in faults.shown_errors[0].remedy


def test_breaks_agreements_days_and_coordinates() -> None:
    head = "region,care_area,from,to,kind,reason"
    assert columns(check("breaks", head, ",,2024-02,2024-01,mask,x", ",,2024-02,,mask,x")) == [(2, "to")]
    head = "code,name,region,kind,lat,lon,agreement_from,agreement_until"
    rows = ["A,A,01,private,99,15,2024-02-01,2024-01-01", "B,B,01,private,59,200,,"]
    assert columns(check("providers", head, *rows)) == [(2, "agreement_until"), (2, "lat"), (3, "lon")]
    head = "care_area,region,valid_from,days"
    assert columns(check("guarantee-limits", head, "kat,,2024-01-01,60.5", "kat,,2024-01-02,")) == [
        (2, "days"),
        (3, "days"),
    ]


def test_the_first_thousand_faults_are_shown_and_all_are_counted() -> None:
    faults = check("waits", WAITS, *(f"2024-01,xx,kat,,10,{11 + n}" for n in range(1500)))
    assert faults.errors == 3000
    assert len(faults.shown_errors) == SHOWN


def test_bounds_of_hidden_cells() -> None:
    faults = Faults("f")
    header = read_header(DATASETS["waits"], WAITS.split(","), faults)
    assert header is not None
    block = next(careful_blocks(io.BytesIO(b"2024-01,01,kat,,<5,3\n"), "utf-8", header, ",", 2, 0, faults))
    typed = read_block(DATASETS["waits"], block, header, CODES, TODAY, faults)
    assert (typed.lower("waiting")[0], typed.upper("waiting")[0]) == (0, 4)
    assert (typed.lower("within_limit")[0], typed.upper("within_limit")[0]) == (3, 3)
    assert np.isnan(typed.lower("waiting_0_30")[0])
    assert typed.shown("waiting", 0) == "<5"
