"""`docs/operations.md` followed word by word: dump, base backup, and both restored, after which everything is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from lagesbild.data.embedded import installation
from lagesbild.data.engine import open_database
from lagesbild.data.source import PgSource
from lagesbild.data.tables import metadata
from lagesbild.settings import Settings
from tests.conftest import PgServer
from tests.faults.service import ROOT, Postgres, environment, postgres

pytestmark = pytest.mark.database
GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"<!-- tested: ([\w-]+) -->\n```bash\n(.*?)```", GUIDE, re.DOTALL))


def _contents(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with psycopg.connect(url) as connection:
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)  # type: ignore[call-overload]
            for name in sorted(metadata.tables)
        }


def _follow(name: str, place: Path, server: Postgres | None = None, **variables: str) -> str:
    """Run a block of the guide, as the user of PostgreSQL when it is about a `server`'s own files."""
    user = server.postmaster.user if server else None
    programs = place / "programs"
    programs.mkdir(exist_ok=True)
    ours = programs / "lagesbild"
    ours.write_text(f'#!/bin/sh\nexec {sys.executable} -c "from lagesbild.cli import main; main()" "$@"\n')
    ours.chmod(0o755)
    path = f"{installation() / 'bin'}:{programs}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", BLOCKS[name]],
        env=environment(PATH=path, BACKUPS=str(place / "backups"), **variables),
        cwd="/",
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def test_the_guide_has_the_blocks() -> None:
    assert sorted(BLOCKS) == ["base", "dump", "restore", "restore-base"]


def test_a_backup_of_each_kind_is_restored_by_following_the_guide(
    country: str, pg_server: PgServer, tmp_path: Path
) -> None:
    with postgres() as new:
        place = new.postmaster.directory.parent  # where both users may pass
        backups = place / "backups"
        backups.mkdir()
        if new.postmaster.user:  # as a distribution's: the user's own directory around the data
            for directory in (place, backups):
                os.chown(directory, new.postmaster.user.uid, new.postmaster.user.gid)
        before = _contents(country)
        assert len(before["waits"]) > 100
        _follow("dump", place, LAGESBILD_DATABASE_URL=country)

        host = quote(new.postmaster.conninfo()["host"], safe="")
        addresses = {n: f"postgresql://postgres@/{n}?host={host}" for n in ("postgres", "lagesbild_restored")}
        told = _follow(
            "restore", place, NEW_SERVER=addresses["postgres"], NEW_DATABASE_URL=addresses["lagesbild_restored"]
        )
        assert "Databasen är aktuell." in told
        restored = addresses["lagesbild_restored"]
        assert _contents(restored) == before
        _least_privilege(restored)

        _follow("base", place, new, LAGESBILD_DATABASE_URL=restored)
        with psycopg.connect(restored, autocommit=True) as connection:
            connection.execute("TRUNCATE waits, batch")  # somebody makes a mistake
        new.kill()  # and then the disk
        (new.postmaster.directory / "global" / "pg_control").unlink()
        _follow("restore-base", place, new, PGDATA=str(new.postmaster.directory))
        assert _contents(restored) == before
        _least_privilege(restored)


def _least_privilege(url: str) -> None:
    """Readers read, and the next import works: rights and counters have come along."""
    settings = Settings(database_url=url)
    with open_database(settings, role="read") as reader:
        assert PgSource(reader).version().version > 0
        with reader.connect() as connection:
            assert connection.exec_driver_sql("SELECT current_user").scalar_one() == "lagesbild_read"
    with open_database(settings, role="write") as writer, writer.raw() as raw:
        raw.execute("RESET ROLE")
        numbers = raw.execute("SELECT max(batch_id), nextval(pg_get_serial_sequence('batch', 'batch_id')) FROM batch")
        last, following = numbers.fetchone() or (0, 0)
        assert following > last
