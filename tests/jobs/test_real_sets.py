"""The committed real series: what is there, that it is the published figures, and what a damaged copy is told."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import math
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from examples import real_series
from lagesbild.domain.errors import InputError
from lagesbild.domain.periods import Month
from lagesbild.forecast.panel import COLUMNS
from lagesbild.jobs.real_sets import MEASURES, read_real_sets

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT / "data" / "real"
EXTRACTS = ROOT / "tests" / "data_files"
SERIES = {
    "scotland-diagnostics": {"waiting": 124, "within_limit_share": 119},
    "scotland-operations-board": {"performed": 15},
    "scotland-operations-hospital": {"performed": 40},
    "scotland-therapies": {"waiting": 15, "within_limit_share": 15, "performed": 12},
    "ireland-endoscopy": {"waiting": 37, "within_limit_share": 37},
    "ireland-specialties": {"waiting": 72, "within_limit_share": 72},
    "england-regions": {"performed": 56},
    "england-procedures": {"performed": 25},
    "sweden-vantetider": {"within_limit_share": 2},
}


@pytest.fixture(scope="module")
def sets():
    return {s.name: s for s in read_real_sets()}


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of data/real without checksums, to be damaged."""
    place = tmp_path / "real"
    shutil.copytree(REAL, place, ignore=shutil.ignore_patterns("*.meta.json", "*.md"))
    return place


def test_every_set_has_the_series_it_should_and_says_whose_they_are(sets):
    assert list(sets) == list(SERIES)
    for name, made in sets.items():
        assert set(made.measures) <= set(MEASURES)
        counted = Counter(m for p in made.pairs for m in made.measures if not np.isnan(p.values(m)).all())
        assert counted == SERIES[name]
        assert made.title
        assert "Licens:" in made.source


def test_pairs_are_whole_and_no_longer_than_their_figures(sets):
    columns = {c for names in COLUMNS.values() for c in names}
    for made in sets.values():
        keys = [(p.region, p.care_area) for p in made.pairs]
        assert len(set(keys)) == len(keys)
        for p in made.pairs:
            assert set(p.columns) == columns
            assert {len(v) for v in p.columns.values()} == {p.months}
            any_seen = ~np.isnan(np.array(list(p.columns.values()))).all(axis=0)
            assert any_seen[0]
            assert any_seen[-1]


def test_production_has_the_pandemic_masked_by_dated_rows(sets):
    for name, made in sets.items():
        masks = {(b.kind, b.first, b.last) for p in made.pairs for b in p.breaks}
        wanted = {("mask", Month(2020, 3), Month(2021, 6))} if "performed" in made.measures else set()
        assert masks == wanted, name
        assert all(b.reason for p in made.pairs for b in p.breaks)
    hospital = next(p for p in sets["scotland-operations-hospital"].pairs if p.months > 90)
    series = hospital.series("performed")
    assert np.isnan(series.values[Month(2020, 3) - series.first : Month(2021, 7) - series.first]).all()


def test_the_swedish_share_is_the_published_per_cent(sets):
    operations = next(p for p in sets["sweden-vantetider"].pairs if p.care_area == "operation_atgard")
    with (ROOT / "data/seed/real/published-shares-2017-06.csv").open(encoding="utf-8") as lines:
        published = {
            r["period"]: float(r["within_limit_pct"])
            for r in csv.DictReader(lines)
            if (r["region"], r["care_area"]) == ("SE", "operation_atgard")
        }
    share = operations.values("within_limit_share")
    at = {str(operations.first + k): 100 * v for k, v in enumerate(share)}
    same = [math.isclose(at[month], value) for month, value in published.items()]
    assert sum(same) >= len(same) - 1  # one month was revised by a point later


def test_scottish_weeks_add_up_to_what_is_stored(sets):
    """Against the raw extract, read a second time row by row."""
    stored = {
        (p.region, p.care_area, str(p.first + k)): (p.columns, k)
        for p in sets["scotland-diagnostics"].pairs
        for k in range(p.months)
    }
    compared = 0
    with (EXTRACTS / "scotland" / "diagnostics_wait_bands_monthly.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            columns, k = stored.get((row["unit_code"], row["treatment"], row["period"]), ({}, 0))
            if not columns:
                continue
            weeks = [int(v) for name, v in row.items() if name.startswith("wait_") and name.endswith("d")][:13]
            assert columns["waiting"][k] == float(row["waiting_total"])
            if not np.isnan(columns["within_limit"][k]):
                assert columns["within_limit"][k] == sum(weeks)
            bands = [columns[f"waiting_{b}"][k] for b in ("0_30", "31_60", "61_90")]
            assert bands[0] == pytest.approx(sum(weeks[:4]) + weeks[4] * 2 / 7, abs=1e-3)
            assert sum(bands) == pytest.approx(sum(weeks), abs=3e-3)
            compared += 1
    assert compared > 500


def test_the_writer_makes_the_same_series_of_the_same_rows():
    rows = real_series._diagnostics(EXTRACTS / "scotland" / "diagnostics_wait_bands_monthly.csv")
    rows = rows.assign(data_set="scotland-diagnostics").reindex(columns=[*real_series.KEY, *real_series.VALUES])
    once, again = real_series.packed(rows), real_series.packed(rows.copy())
    assert once == again
    assert once[4:8] == b"\0\0\0\0"  # no time inside
    made = {line for line in gzip.decompress(once).decode().splitlines()[1:] if line.split(",")[4]}
    committed = gzip.decompress((REAL / "series.csv.gz").read_bytes()).decode().splitlines()
    keys = {tuple(line.split(",")[:4]) for line in committed}
    assert {tuple(line.split(",")[:4]) for line in made} <= keys


def test_every_file_has_a_sidecar_with_its_checksum_and_all_is_small():
    files = [p for p in REAL.iterdir() if p.suffix in (".csv", ".gz")]
    assert len(files) == 3
    for path in files:
        meta = json.loads(path.with_name(path.name + ".meta.json").read_text(encoding="utf-8"))
        assert meta["producer"]
        assert meta["source"]
        assert meta["licence"]
        assert meta["retrieved"]
        assert meta["synthetic"] is False
        assert meta["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert sum(p.stat().st_size for p in REAL.iterdir()) < 600_000


def test_no_series_of_a_competition_is_shipped(sets):
    assert not [n for n in sets if "m3" in n.lower()]


def _change(place: Path, change) -> None:
    path = place / "series.csv.gz"
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    path.write_bytes(gzip.compress(("\n".join(change(lines)) + "\n").encode()))


def _last(values: str):
    return lambda lines: [*lines[:-1], ",".join([*lines[-1].split(",")[:4], values])]


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda lines: [lines[0] + ",mer", *lines[1:]], "rubriken ska vara"),
        (lambda lines: [*lines, lines[-1]], "rad 26751 upprepar en tidigare rad"),
        (lambda lines: [*lines, "okänd,a,b,2020-01,1,,,,,"], "datamängden ”okänd” är okänd"),
        (lambda lines: [*lines, "sweden-vantetider,a,b,2020-13,1,,,,,"], "”2020-13” är ingen månad"),
        (_last("-1,,,,,"), "waiting: ”-1” är inget antal"),
        (_last("många,,,,,"), "waiting: ”många” är inget antal"),
        (_last("inf,,,,,"), "waiting: ”inf” är inget antal"),
        (_last("100,101,,,,"), "fler väntar inom gränsen"),
        (lambda lines: [x for x in lines if not x.startswith("sweden")], "sweden-vantetider har inga rader"),
    ],
)
def test_figures_that_make_no_sense_are_refused_in_swedish(copy, change, said):
    _change(copy, change)
    with pytest.raises(InputError) as refused:
        read_real_sets(copy)
    assert said in refused.value.message
    assert "series.csv.gz" in refused.value.message
    assert refused.value.remedy


@pytest.mark.parametrize(
    "name, content, said",
    [
        ("series.csv.gz", b"inte gzip", "ingen hel CSV-fil"),
        ("series.csv.gz", gzip.compress(b"a,b\n" * 999, mtime=0)[:-9], "ingen hel CSV-fil"),
        ("sets.csv", b"\xff\xfe", "ingen hel CSV-fil"),
        ("sets.csv", b"", "ingen hel CSV-fil"),
        ("sets.csv", b"name\nx\n", "rubriken ska vara"),
        ("sets.csv", b"name,title,measures,producer,licence,via\nsweden-vantetider,t,allt,p,l,v\n", "okänd"),
        ("breaks.csv", b"data_set,from,to,kind,reason\nokand,2020-03,,mask,x\n", "okänd datamängd"),
        ("breaks.csv", b"data_set,from,to,kind,reason\nsweden-vantetider,mars,,mask,x\n", "”mars” är ingen månad"),
    ],
)
def test_files_that_are_something_else_are_refused_in_swedish(copy, name, content, said):
    (copy / name).write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_real_sets(copy)


def test_a_file_that_was_changed_after_its_sidecar_is_refused(tmp_path):
    place = tmp_path / "real"
    shutil.copytree(REAL, place)
    _change(place, lambda lines: lines[:-1])
    with pytest.raises(InputError, match="kontrollsumman stämmer inte"):
        read_real_sets(place)


def test_a_missing_file_or_directory_is_told(copy, monkeypatch, tmp_path):
    (copy / "breaks.csv").unlink()
    with pytest.raises(InputError, match=r"breaks\.csv.*går inte att läsa"):
        read_real_sets(copy)
    monkeypatch.setattr("lagesbild.jobs.real_sets.__file__", str(tmp_path / "a" / "b" / "c" / "d.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="data/real finns inte"):
        read_real_sets()
