"""Makes `upgrade_from_<revision>.sql`, and checksums of what the program of that time exported from it.

To be run with the code of the earlier commit and this file, on a machine with both checked out:

    git archive COMMIT | tar -x -C /tmp/earlier
    PYTHONPATH=/tmp/earlier/src .venv/bin/python tests/data_files/make_upgrade_dump.py tests/data_files/upgrades

A country of 2 regions, a care area and 30 months with providers, revisions and reporting gaps, a forecast run of 20
paths and six months, and an earlier one for the record; synthetic from end to end, and small enough to lie here.
"""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from lagesbild.data.embedded import installation
from lagesbild.data.engine import Database, open_database
from lagesbild.data.export import EXPORTABLE, export
from lagesbild.data.fits import PgFitStore
from lagesbild.data.migrate import current, upgrade
from lagesbild.data.runs import PgRunStore
from lagesbild.data.source import PgSource
from lagesbild.domain.errors import InputError
from lagesbild.jobs.forecasting import run_forecast, run_records
from lagesbild.jobs.seed.generate import generate
from lagesbild.jobs.seeding import load_seed
from lagesbild.settings import Settings

FEW_PATHS, HORIZON = 20, 6


def fill(database: Database, folder: Path) -> None:
    """What a service would have after a while."""
    generate(folder, regions=2, care_areas=1, months=30, seed=7, providers=True, progress=lambda done: None)
    load_seed(database, folder)
    source, store, fits = PgSource(database), PgRunStore(database), PgFitStore(database)
    latest = source.latest_month()
    assert latest is not None
    run_forecast(source, store, n_paths=FEW_PATHS, horizon=HORIZON, jobs=1, fits=fits)
    run_records(source, store, [latest - 1], n_paths=FEW_PATHS, horizon=HORIZON, jobs=1)


def exported(database: Database) -> dict[str, str]:
    """Dataset -> SHA-256 of what the program exports of it, in the form for programs."""
    sums = {}
    for name in EXPORTABLE:
        out = io.BytesIO()
        try:
            export(database, name, out)
        except InputError:  # nothing of it is stored
            continue
        sums[name] = hashlib.sha256(out.getvalue()).hexdigest()
    return sums


def main() -> None:
    out = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o755)
        with open_database(Settings(home=Path(home), database_url=None, read_url=None), role="owner") as database:
            upgrade(database)
            fill(database, Path(home) / "files")
            revision = current(database)
            sums = json.dumps(exported(database), indent=1)
            (out / f"exported_at_{revision}.json").write_text(sums + "\n", encoding="utf-8")
            assert database.server is not None
            where = database.server.conninfo()
            command = [str(installation() / "bin" / "pg_dump"), "--no-owner", "--no-privileges", "--no-comments"]
            command += ["-h", where["host"], "-p", where["port"], "-U", where["user"], where["dbname"]]
            text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            lines = [
                line for line in text.splitlines() if line and not line.startswith(("--", "\\restrict", "\\unrestrict"))
            ]
            (out / f"upgrade_from_{revision}.sql").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
