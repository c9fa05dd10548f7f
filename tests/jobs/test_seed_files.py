"""The committed demonstration data: every file accounted for, and no file older than the code that makes it."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path

import pandas as pd
import pytest

from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.errors import InputError
from lagesbild.jobs.seed.calibration import Measure, as_markdown, calibration_table, default_runs
from lagesbild.jobs.seed.generate import generate
from lagesbild.jobs.seeding import seed_files

SEED = Path(__file__).parents[2] / "data" / "seed"
DATA_FILES = sorted(p for p in SEED.rglob("*") if p.suffix in (".csv", ".geojson"))
NEEDED = {"producer", "source", "licence", "url", "retrieved", "period", "sha256", "synthetic", "provisional"}


def _meta(path: Path) -> dict:
    return json.loads(path.with_name(path.name + ".meta.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("seed"), reference=False, faults=True)


@pytest.fixture(scope="module")
def table() -> list[Measure]:
    return calibration_table(default_runs())


@pytest.mark.parametrize("path", DATA_FILES, ids=lambda p: p.name)
def test_file_has_a_true_sidecar(path: Path):
    meta = _meta(path)
    assert meta.keys() >= NEEDED
    assert meta["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert meta["synthetic"] is (path.parent.name == "synthetic")
    assert meta["producer"]
    assert meta["source"]
    assert meta["licence"]
    if "dataset" in meta:
        header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        spec = DATASETS[meta["dataset"]]
        assert set(header) <= {c.name for c in spec.columns}
        assert {c.name for c in spec.columns if c.required} <= set(header)


def test_every_sidecar_has_its_file():
    sidecars = list(SEED.rglob("*.meta.json"))
    assert len(sidecars) == len(DATA_FILES)
    assert all(p.with_name(p.name.removesuffix(".meta.json")).is_file() for p in sidecars)


def test_size_stays_small():
    assert sum(p.stat().st_size for p in SEED.rglob("*")) < 5_000_000


def test_committed_files_are_what_the_generator_makes(generated: Path):
    """If this fails: run `python data/seed/build_synthetic.py`."""
    ours, theirs = ({p.name: p.read_bytes() for p in d.iterdir()} for d in (SEED / "synthetic", generated))
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []


def test_every_provider_has_an_identity_of_its_own_that_nobody_takes_for_a_real_one():
    rows = pd.read_csv(SEED / "synthetic" / "providers.csv", dtype=str)
    assert rows["hsa_id"].is_unique
    assert rows["hsa_id"].str.startswith("SE0000000000-").all()


def test_readme_shows_the_calibration_as_it_is(table):
    spec = importlib.util.spec_from_file_location("build_synthetic", SEED / "build_synthetic.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = (SEED / "README.md").read_text(encoding="utf-8")
    shown = as_markdown(table)
    assert shown in text
    assert module.readme_with(shown, text) == text


def test_calibration_is_met(table):
    assert len(table) == 18
    assert [(m.name, m.achieved) for m in table if not m.met] == []


def test_real_and_synthetic_never_share_a_series():
    series = {True: set(), False: set()}
    for path in DATA_FILES:
        meta = _meta(path)
        if meta.get("dataset") in ("waits", "production"):
            rows = pd.read_csv(path, dtype=str)
            series[meta["synthetic"]] |= set(zip(rows["region"], rows["care_area"], strict=True))
    assert len(series[True]) == 63
    assert {region for region, _ in series[False]} == {"SE"}
    assert not series[True] & series[False]


def test_real_files_repeat_known_figures():
    real = SEED / "real"
    production = pd.read_csv(real / "production-skr.csv").set_index(["care_area", "period"])
    assert production.loc[("forstabesok", "2023-01"), "added"] == 235_888
    waits = pd.read_csv(real / "waits-skr.csv").set_index(["care_area", "period"])["waiting"]
    for area in ("forstabesok", "operation_atgard"):
        balance = production.loc[area, "added"] - production.loc[area, "performed"]
        assert (waits[area].diff().dropna() == balance.iloc[1:]).all()
    bands = pd.read_csv(real / "waits-vantetider-bands.csv")
    assert (bands["within_limit"] == bands[["waiting_0_30", "waiting_31_60", "waiting_61_90"]].sum(axis=1)).all()
    people = pd.read_csv(real / "population.csv", dtype={"region": str}).query("year == 2023")["population"]
    assert people.sum() == 10_551_707
    regions = pd.read_csv(real / "regions.csv", dtype=str, keep_default_na=False)
    assert set(regions["parent"]) == {"", "SE"}
    assert len(regions) == 22


def test_a_revision_in_the_published_shares_is_kept():
    early = pd.read_csv(SEED / "real" / "published-shares-2017-09.csv").query("period == '2017-09'")
    later = pd.read_csv(SEED / "real" / "published-shares-2017-11.csv").query("period == '2017-09'")
    value = [f.set_index("care_area").loc["forstabesok", "within_limit_pct"] for f in (early, later)]
    assert value == [75, 74]


def test_loading_order_puts_codes_and_earlier_publications_first():
    files = seed_files(SEED)
    names = [f.path.name for f in files]
    assert names.index("regions.csv") < names.index("providers.csv") < names.index("waits-2025-12.csv")
    assert names.index("waits-2025-12.csv") < names.index("waits-2026-10.csv")
    assert "counties.geojson" not in names


def test_directory_without_data_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="inga filer"):
        seed_files(tmp_path)
    (tmp_path / "x.csv.meta.json").write_text('{"dataset": "waits"}')
    with pytest.raises(InputError, match="hör inte till"):
        seed_files(tmp_path)
