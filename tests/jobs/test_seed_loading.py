"""data/seed and generated directories in a real PostgreSQL: loaded whole, once, and readable as of earlier times."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lagesbild.data.source import PgSource
from lagesbild.domain.care import leaf_regions
from lagesbild.domain.errors import InputError
from lagesbild.domain.periods import Month
from lagesbild.domain.source import Query
from lagesbild.jobs.importing import import_file
from lagesbild.jobs.seed.generate import generate
from lagesbild.jobs.seeding import check_demo_database, load_seed, seed_files

SEED = Path(__file__).parents[2] / "data" / "seed"
pytestmark = pytest.mark.database


def test_the_whole_seed_loads_once(database, open_as):
    told = []
    done = load_seed(database, SEED, lambda *at: told.append(at))
    assert done.imported == len(seed_files(SEED))
    assert done.rows > 60_000
    assert told[0][1] == 0
    assert told[-1] == ("klart", done.imported, done.imported)
    source = PgSource(open_as("read"))
    assert len(leaf_regions(source.regions())) == 21
    assert source.latest_month() == Month(2026, 10)
    version = source.version().version
    again = load_seed(database, SEED)
    assert (again.imported, again.skipped, again.rows) == (0, done.imported, 0)
    assert source.version().version == version

    now = source.facts(
        "waits", Query(care_areas=("katarakt",), regions=("01",), first=Month(2025, 1), last=Month(2025, 12))
    )
    then = source.facts(
        "waits",
        Query(
            care_areas=("katarakt",), regions=("01",), first=Month(2025, 1), last=Month(2025, 12),
            as_of=datetime(2026, 2, 1, tzinfo=UTC),
        ),
    )  # fmt: skip
    assert len(now) == len(then) == 12
    assert (now["waiting"].to_numpy() == then["waiting"].to_numpy()).all()
    assert (now["within_limit"].to_numpy() != then["within_limit"].to_numpy()).any()
    assert now["synthetic"].all()
    latest = source.facts("waits", Query(regions=("25",), first=Month(2026, 10)))
    assert set(latest["value_status"]) == {"provisional"}
    country = source.facts("waits", Query(regions=("SE",)))
    assert not country["synthetic"].any()
    old = datetime(2017, 10, 2, tzinfo=UTC)
    for moment, share in ((old, 75), (None, 74)):
        query = Query(("SE",), ("forstabesok",), first=Month(2017, 9), last=Month(2017, 9), as_of=moment)
        assert source.facts("published-shares", query)["within_limit_pct"].tolist() == [share]


def test_a_generated_directory_stands_on_its_own(database, tmp_path):
    directory = generate(tmp_path, regions=23, care_areas=4, months=26)
    done = load_seed(database, directory)
    assert done.skipped == 0
    source = PgSource(database)
    assert {b.synthetic for b in source.batches()} == {True}
    assert len(source.care_areas()) == 4


def test_commands(database_url, tmp_path):
    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-c", "from lagesbild.cli import main; main()", *arguments],
            env={"LAGESBILD_DATABASE_URL": database_url, "PATH": "/usr/bin:/bin"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    out = str(tmp_path / "land")
    made = run("seed", "generate", "--regions", "3", "--care-areas", "1", "--months", "4", "--out", out)
    assert made.returncode == 0, made.stderr
    assert "seed load" in made.stderr
    loaded = run("seed", "load", out)
    assert loaded.returncode == 0, loaded.stderr
    assert "nya rader" in loaded.stderr
    empty = run("seed", "load", str(tmp_path))
    assert empty.returncode == 0  # the directory above holds the same files: nothing new
    wrong = run("seed", "load", str(tmp_path / "finns-inte"))
    assert wrong.returncode == 2
    assert "Gör så här" in wrong.stderr


def test_the_demonstration_keeps_away_from_a_database_with_somebody_s_own_figures(database, tmp_path):
    seed = tmp_path / "seed"
    generate(seed, regions=2, care_areas=1, months=3, seed=1)
    check_demo_database(database, seed)  # an empty one is fine
    own = tmp_path / "mina-regioner.csv"
    own.write_text("code,name,short_name,healthcare_region\nA,Region A,A,Norra\n", encoding="utf-8")
    import_file(database, "regions", own, source="egen")
    with pytest.raises(InputError, match=r"mina-regioner\.csv"):
        check_demo_database(database, seed)


def test_own_figures_beside_the_demonstration_do_not_stop_its_next_start(database, tmp_path):
    seed = tmp_path / "seed"
    generate(seed, regions=2, care_areas=1, months=3, seed=1)
    load_seed(database, seed)
    own = tmp_path / "mina-regioner.csv"
    own.write_text("code,name,short_name,healthcare_region\nA,Region A,A,Norra\n", encoding="utf-8")
    import_file(database, "regions", own, source="egen")
    check_demo_database(database, seed)


def test_a_broken_sidecar_is_told_by_name(tmp_path):
    (tmp_path / "a.csv").write_text("code\n", encoding="utf-8")
    (tmp_path / "a.csv.meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.csv\.meta\.json"):
        seed_files(tmp_path)
