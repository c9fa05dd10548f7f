"""`lagesbild snapshot` against PostgreSQL: create and list; and the commands that need nothing but files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pandas as pd
import pytest

from lagesbild.cli import snapshot_pages
from lagesbild.forecast.fanout import ProcessExecutor
from lagesbild.freezing.seen import Pages
from lagesbild.jobs.importing import import_file
from lagesbild.snapshots.reading import read
from lagesbild.snapshots.room import LEAST
from lagesbild.snapshots.store import Store
from lagesbild.snapshots.verifying import verify
from tests.jobs.importing import import_country
from tests.snapshots.made import FEBRUARY, NOVEMBER, areas, bundle, regions, waits
from tests.snapshots.zips import WHOLE, with_entry

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def call(monkeypatch, command_line, tmp_path):
    """Runs `lagesbild snapshot` with a home of its own: (exit code, standard output, standard error)."""
    monkeypatch.setenv("LAGESBILD_HOME", str(tmp_path / "hem"))
    return partial(command_line, "snapshot")


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "hem")


@pytest.fixture
def imported(database, tmp_path, monkeypatch, database_url):
    import_country(database, tmp_path, synthetic=True)
    monkeypatch.setenv("LAGESBILD_DATABASE_URL", database_url)
    return database


@pytest.mark.database
def test_create_list_show_diff_and_verify(imported, call, store, tmp_path):
    code, out, err = call("create", "--reason", "storm i Norrland")
    assert (code, err.count("Sparad: "), err.count("syns inte på namnet")) == (0, 1, 0)
    path = Path(out.strip())
    assert path.parent == store.folder
    assert path.name.endswith("-syntetisk.zip")
    assert "inte i namnet" not in err
    assert verify(path).genuine
    made = read(path)
    assert (made.manifest.reason, made.manifest.role) == ("storm i Norrland", "public")
    assert made.manifest.coverage.text == "2 av 2 regioner."

    code, out, _ = call("list")
    assert code == 0
    assert "storm i Norrland" in out
    assert path.name in out
    assert "Sparas i 10 år." in out
    (listed,) = json.loads(call("list", "--json")[1])
    assert (listed["file"], listed["checksum"], listed["fault"]) == (path.name, made.checksum, None)

    code, out, _ = call("show", path.stem)
    assert code == 0
    assert "äkta" in out
    assert made.manifest.files["data/regions.csv"].sha256 in out
    assert json.loads(call("show", path.stem, "--json")[1])["data_version"] == made.manifest.data_version

    file = tmp_path / "guarantee-limits.csv"
    area = imported_area(made)
    pd.DataFrame([(area, "", "2020-01-01", 60)], columns=["care_area", "region", "valid_from", "days"]).to_csv(
        file, index=False
    )
    import_file(imported, "guarantee-limits", file)
    other = tmp_path / "annan.zip"
    code, out, err = call("create", "--out", str(other))
    assert (code, out.strip()) == (0, str(other))
    assert "det syns inte på namnet annan.zip. Ett namn som säger det: annan-syntetisk.zip" in " ".join(err.split())
    code, out, _ = call("diff", str(other), path.name)
    assert code == 0
    assert "Vårdgarantigränser, ändrad uppgift: 1" in out
    told = json.loads(call("diff", path.name, str(other), "--json", "--limit", "0")[1])
    assert [c["after"] for c in told["changes"] if c["dataset"] == "guarantee-limits"] == [60]
    assert call("verify", str(other))[0] == 0
    assert len(store.listed()) == 1, "--out leaves the store alone"


def imported_area(made) -> str:
    return made.files["data/care-areas.csv"].decode().splitlines()[1].split(",")[0]


@pytest.mark.database
def test_the_same_moment_in_another_process_is_the_same_file(imported, call, tmp_path, database_url):
    now = datetime.now(UTC).isoformat()
    mine = Path(call("create", "--as-of", now)[1].strip())
    theirs = tmp_path / "deras.zip"
    subprocess.run(
        [sys.executable, "-c", "from lagesbild.cli import main; main()", "snapshot", "create", "--as-of", now,
         "--out", str(theirs)],
        env={**os.environ, "LAGESBILD_DATABASE_URL": database_url, "PYTHONPATH": str(ROOT / "src"), "TZ": "Asia/Tokyo"},
        check=True,
        capture_output=True,
    )  # fmt: skip
    assert theirs.read_bytes() == mine.read_bytes()
    code, out, err = call("create", "--as-of", now)
    assert (code, out.strip()) == (0, str(mine))
    assert "redan sparad" in err


@pytest.mark.database
def test_pages_asked_in_a_process_of_their_own_say_the_same(imported, call, tmp_path, monkeypatch):
    now = datetime.now(UTC).isoformat()
    alone, beside = tmp_path / "ensam.zip", tmp_path / "bredvid.zip"
    assert call("create", "--as-of", now, "--out", str(alone))[0] == 0
    monkeypatch.setattr(snapshot_pages, "_FEW", 0)
    monkeypatch.setattr(snapshot_pages, "cores", lambda: 2)
    asked_here = Mock(side_effect=AssertionError)
    monkeypatch.setattr(Pages, "said", asked_here)
    assert call("create", "--as-of", now, "--out", str(beside))[0] == 0
    assert not asked_here.called
    assert beside.read_bytes() == alone.read_bytes()


@pytest.mark.database
def test_a_process_that_is_killed_leaves_a_sentence_and_no_file(imported, call, store, monkeypatch):
    @contextmanager
    def killed(self, function, item):
        def answer():
            raise BrokenProcessPool

        yield answer

    monkeypatch.setattr(snapshot_pages, "_FEW", 0)
    monkeypatch.setattr(snapshot_pages, "cores", lambda: 2)
    monkeypatch.setattr(ProcessExecutor, "beside", killed)
    code, out, err = call("create")
    assert (code, out) == (1, "")
    assert "En process som gjorde ögonblicksbilden avbröts." in err
    assert store.listed() == []


@pytest.mark.database
def test_create_signs_and_applies_the_rule_but_spares_the_one_just_made(imported, call, store, tmp_path, monkeypatch):
    key = tmp_path / "nyckel.pem"
    code, public, err = call("key", str(key))
    assert (code, key.stat().st_mode & 0o777) == (0, 0o600)
    monkeypatch.setenv("LAGESBILD_SIGNING_KEY", str(key))
    monkeypatch.setenv("LAGESBILD_SNAPSHOTS_KEEP", "1")
    now = datetime.now(UTC)
    first, second, oldest = ((now - timedelta(milliseconds=ms)).isoformat() for ms in (2, 1, 3))
    removed = Path(call("create", "--as-of", first)[1].strip()).name
    _, second, err = call("create", "--as-of", second)
    assert f"Gallrade enligt LAGESBILD_SNAPSHOTS_KEEP: {removed}." in err
    assert [str(s.path) for s in store.listed()] == [second.strip()]
    _, third, err = call("create", "--as-of", oldest)
    assert "Gallrade" not in err, "what was just made is never the one to go"
    assert [str(s.path) for s in store.listed()] == [second.strip(), third.strip()]
    for given in (public.strip(), f"{key}.pub"):
        code, out, _ = call("verify", second.strip(), "--key", given)
        assert code == 0
        assert "stämmer med den angivna nyckeln" in out


@pytest.mark.database
@pytest.mark.parametrize(
    "arguments, said",
    [
        (("--as-of", "i går"), "ingen tidpunkt"),
        (("--as-of", "2999-01-01"), "inte varit än"),
        (("--as-of", "1999-01-01"), "Ingenting var känt"),
        (("--reason", "x" * 300), "Skälet"),
        (("--out", "finns/inte/alls.zip"), "går inte att skriva"),
    ],
)
def test_wrong_calls_of_create_exit_2_and_leave_nothing(imported, call, store, arguments, said):
    code, out, err = call("create", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Gör så här: " in err
    assert store.listed() == []


@pytest.fixture
def never_made(monkeypatch):
    """Fails with an internal error where a snapshot is begun: what is wrong must be found before the work."""

    def begun(*_, **__):
        raise AssertionError("the work was begun")

    monkeypatch.setattr("lagesbild.freezing.freeze.freeze", begun)


@pytest.mark.database
@pytest.mark.usefixtures("never_made")
def test_a_database_that_must_be_upgraded_is_found_before_the_work(open_as, call, store, database_url, monkeypatch):
    monkeypatch.setenv("LAGESBILD_DATABASE_URL", database_url)
    for more_and_more_wrong, said in (
        ("REVOKE INSERT ON audit FROM lagesbild_write", "Databasanvändaren saknar rättighet"),
        ("DROP TABLE audit", "Databasen saknar tabeller."),
        ("UPDATE alembic_version SET version_num = '0004'", "Databasen är äldre än programmet."),
        ("DROP TABLE alembic_version CASCADE", "Databasen saknar tabeller."),
    ):
        with open_as("owner").begin() as owner:
            owner.exec_driver_sql(more_and_more_wrong)
        code, out, err = call("create")
        assert (code, out) == (1, "")
        assert "Internt fel" not in err
        assert said in err
        assert "lagesbild db upgrade" in err
        assert not store.folder.exists()


@pytest.mark.database
@pytest.mark.usefixtures("never_made")
def test_a_full_disk_is_found_before_the_work(call, store, database_url, monkeypatch, tmp_path):
    """At least 20 MB, or half more than the last, must be free where the file will be."""
    monkeypatch.setenv("LAGESBILD_DATABASE_URL", database_url)
    free, asked = LEAST - 1, []

    def usage(path):
        asked.append(Path(path))
        return SimpleNamespace(free=free)

    monkeypatch.setattr("lagesbild.snapshots.room.shutil.disk_usage", usage)
    code, out, err = call("create")
    assert (code, out) == (1, "")
    assert "disken är full, 19 MB ledigt och 20 MB kan behövas. De bilder som fanns är kvar." in err
    assert asked[-1] in store.folder.parents, "the nearest that is there"
    code, _, err = call("create", "--out", str(tmp_path / "annan.zip"))
    assert (code, asked[-1]) == (2, tmp_path)
    assert "går inte att skriva: disken är full, 19 MB" in err
    free = LEAST
    assert "Internt fel" in call("create")[2], "with room the work is begun"
    store.prepare()
    (store.folder / "stor.zip").write_bytes(bytes(16_000_000))
    code, _, err = call("create")
    assert code == 1
    assert "20 MB ledigt och 24 MB kan behövas" in err


def test_an_empty_list_says_how_to_begin(call):
    code, out, err = call("list")
    assert (code, out) == (0, "")
    assert "lagesbild snapshot create" in err
    assert json.loads(call("list", "--json")[1]) == []


def test_a_damaged_file_is_listed_as_damaged(call, store):
    store.save(bundle())
    (store.folder / "trasig.zip").write_bytes(WHOLE[:200])
    code, out, _ = call("list")
    assert code == 0
    assert "skadad" in out
    assert "trasig.zip: ”trasig.zip” är avhuggen" in out
    assert [bool(s["fault"]) for s in json.loads(call("list", "--json")[1])] == [False, True]
    code, _, err = call("show", "trasig")
    assert code == 2
    assert "avhuggen" in err


def test_a_file_that_is_not_genuine_exits_2_and_says_which_file(call, tmp_path):
    path = tmp_path / "bild.zip"
    path.write_bytes(with_entry("extra.txt"))
    code, out, err = call("verify", str(path))
    assert code == 2
    assert "extra.txt: hör inte till bilden." in out
    assert "är inte äkta" in err
    code, out, _ = call("verify", str(path), "--json")
    assert code == 2
    assert json.loads(out)["extra"] == ["extra.txt"]


def test_diff_shows_a_few_of_each_kind_and_says_how_many_there_are(call, store):
    later = {("2024-01", *k[1:]): v for k, v in NOVEMBER.items()} | NOVEMBER
    store.save(bundle([waits(NOVEMBER), regions(), areas()]))
    store.save(bundle([waits(later), regions(), areas()], as_of=FEBRUARY, until="2024-01"))
    names = [s.name for s in store.listed()]
    code, out, _ = call("diff", *names, "--limit", "2")
    assert code == 0
    assert "Väntande, nytt: 6" in out
    assert "och 4 till (--limit 0 visar alla)" in out
    assert out.count("nytt\n") == 2
    assert call("diff", *names, "--limit", "0")[1].count("nytt\n") == 6


def test_what_a_file_says_is_never_obeyed_by_the_terminal(call, store):
    """Codes in a table are not in the manifest, so nobody has looked at them."""
    store.save(bundle([waits({("2023-11", "\x1b]0;x\x07", "kna"): (0.5, "", 9, "", "no")})]))
    store.save(bundle([waits({("2023-11", "\x1b]0;x\x07", "kna"): (0.6, "", 9, "", "no")})], as_of=FEBRUARY))
    code, out, _ = call("diff", *(s.name for s in store.listed()))
    assert code == 0
    assert "\x1b" not in out
    assert "?]0;x?" in out


def test_prune_says_what_would_go_and_then_removes_it(call, store, monkeypatch):
    for days in range(3):
        store.save(bundle(as_of=FEBRUARY + timedelta(days=days)))
    monkeypatch.setenv("LAGESBILD_SNAPSHOTS_KEEP", "2")
    code, dry, err = call("prune", "--dry-run")
    assert (code, len(store.listed())) == (0, 3)
    assert "1 bild skulle gallras." in err
    code, done, err = call("prune")
    assert (code, done, len(store.listed())) == (0, dry, 2)
    monkeypatch.setenv("LAGESBILD_SNAPSHOTS_KEEP", "alltid")
    assert call("prune")[0] == 2


@pytest.mark.parametrize("command", [("show", "x"), ("verify", "x"), ("diff", "x", "y")])
def test_what_does_not_exist_exits_2(call, command):
    code, out, err = call(*command)
    assert (code, out) == (2, "")
    assert "finns inte" in err


def test_reading_a_file_loads_neither_pandas_nor_the_database(store):
    """On a machine in a crisis, with nothing but the program and the file."""
    path = store.save(bundle()).path
    code = (
        "import sys\n"
        "from lagesbild.snapshots import reading, verifying, comparing, store\n"
        "from pathlib import Path\n"
        "assert verifying.verify(Path(sys.argv[1])).genuine\n"
        "assert comparing.compare(*[reading.read(Path(sys.argv[1]))] * 2).same\n"
        "print([m for m in ('pandas', 'numpy', 'sqlalchemy', 'psycopg', 'dash', 'scipy') if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
