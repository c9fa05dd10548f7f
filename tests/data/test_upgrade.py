"""The database of an earlier version, made by that version's own code, is upgraded with everything in it.

`tests/data_files/make_upgrade_dump.py` made it. A version that changes what an export looks like on purpose has other
checksums: make them anew from the same dump, and say so in CHANGELOG.
"""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from lagesbild.data.embedded import installation
from lagesbild.data.engine import Database, open_database
from lagesbild.data.export import export
from lagesbild.data.migrate import current, head, upgrade
from lagesbild.data.source import PgSource
from lagesbild.settings import Settings
from tests.data.import_files import Importer

pytestmark = pytest.mark.database

FILES = Path(__file__).resolve().parents[1] / "data_files" / "upgrades"
REVISIONS = sorted(f.stem.removeprefix("upgrade_from_") for f in FILES.glob("upgrade_from_*.sql"))


@pytest.fixture(params=REVISIONS)
def earlier(request: pytest.FixtureRequest, empty_database_url: str) -> Iterator[tuple[str, Database]]:
    """The revision, and the database as its program left it."""
    psql, dump = installation() / "bin" / "psql", FILES / f"upgrade_from_{request.param}.sql"
    command = [str(psql), "--no-psqlrc", "--quiet", "--single-transaction", "-v", "ON_ERROR_STOP=1", "-f", str(dump)]
    subprocess.run([*command, empty_database_url], check=True, stdout=subprocess.DEVNULL)
    with open_database(Settings(database_url=empty_database_url, read_url=None), role="owner") as database:
        yield request.param, database


def contents(database: Database, columns: dict[str, list[str]]) -> dict[str, tuple[int, str]]:
    """Table -> rows and checksum of those columns of all rows, whatever their order."""
    found = {}
    with database.connect() as connection:
        for table, names in columns.items():
            row = "ROW(" + ", ".join(f'"{n}"' for n in names) + ")::text"
            sums = f"SELECT count(*), md5(coalesce(string_agg({row}, E'\\n' ORDER BY {row}), '')) FROM {table}"
            found[table] = tuple(connection.exec_driver_sql(sums).one())
    return found  # type: ignore[return-value]


def columns_of(database: Database) -> dict[str, list[str]]:
    """Every table but the partitions, which are read through their parents, and alembic's own."""
    with database.connect() as connection:
        tables = connection.exec_driver_sql(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
            "AND NOT relispartition AND relname <> 'alembic_version'"
        ).scalars()
        inspector = sa.inspect(connection)
        return {t: [c["name"] for c in inspector.get_columns(t)] for t in tables}


def test_there_is_an_earlier_version_to_try() -> None:
    assert REVISIONS


def test_every_row_of_every_table_is_what_it_was(earlier: tuple[str, Database]) -> None:
    revision, database = earlier
    assert current(database) == revision != head()
    columns = columns_of(database)
    before = contents(database, columns)
    assert {"waits", "production", "capacity", "forecasts", "forecast_paths", "gaps", "forecast_fit"} <= {
        table for table, (rows, _) in before.items() if rows
    }
    assert upgrade(database)[-1] == current(database) == head()
    assert contents(database, columns) == before
    assert upgrade(database) == []


def test_the_program_of_today_exports_the_same_bytes(earlier: tuple[str, Database], tmp_path: Path) -> None:
    revision, database = earlier
    upgrade(database)
    for name, expected in json.loads((FILES / f"exported_at_{revision}.json").read_text(encoding="utf-8")).items():
        out = io.BytesIO()
        export(database, name, out)
        assert hashlib.sha256(out.getvalue()).hexdigest() == expected, name
    source = PgSource(database)
    [run] = source.runs()
    assert (run.horizon, run.paths) == (6, 20)
    region, area = source.gaps(run.run_id)[["region", "care_area"]].iloc[0]
    paths = source.paths(run.run_id, region, area, "waiting")
    assert paths is not None
    assert paths.shape == (20, 6)
    # and goes on from there
    version, latest = source.version().version, source.latest_month()
    assert latest is not None
    new = Importer(database, tmp_path).waits(f"{latest},{region},{area},,999999,999999")
    assert (new.inserted, source.version().version) == (1, version + 1)
