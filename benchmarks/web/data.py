"""The databases that the services are measured on: the demo, 21 x 300 x 120, and two small ones."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from benchmarks.web.servers import ROOT
from lagesbild.data.engine import open_database
from lagesbild.data.migrate import upgrade
from lagesbild.jobs.seeding import load_seed
from lagesbild.settings import Settings

# care areas, months; 21 regions. Beside the small country one with few care areas and as long a history as the large
SIZES: Final = {"large": (300, 120), "small": (3, 60), "few": (3, 120)}
ROWS: Final = {name: 21 * areas * months for name, (areas, months) in SIZES.items()}


@contextmanager
def database(name: str, under: Path) -> Iterator[Settings]:
    """Settings of a served database, made in `under` unless it is there from an earlier run."""
    home, ready = under / f"home-{name}", under / f"ready-{name}"
    under.mkdir(parents=True, exist_ok=True)
    under.chmod(0o755)  # as root the database runs as another user
    with open_database(Settings(home=home, database_url=None, read_url=None), role="owner") as owner:
        assert owner.server is not None
        parameters = owner.server.conninfo()
        host, user = quote(parameters["host"], safe=""), parameters["user"]
        url = f"postgresql://{user}@/{parameters['dbname']}?host={host}&port={parameters['port']}"
        settings = Settings(database_url=url, read_url=None)
        if not ready.exists():
            upgrade(owner)
            with open_database(settings, role="write") as writer:
                load_seed(writer, _files(name, under))
            with owner.raw() as connection:
                connection.autocommit = True
                connection.execute("VACUUM ANALYZE")
            ready.touch()
        yield settings


def _files(name: str, under: Path) -> Path:
    if name not in SIZES:
        return ROOT / "data" / "seed"
    areas, months = SIZES[name]
    out = under / f"data-{name}"
    if not out.exists():
        program = str(Path(sys.executable).with_name("lagesbild"))
        size = ["--regions", "21", "--care-areas", str(areas), "--months", str(months), "--no-providers"]
        subprocess.run([program, "--quiet", "seed", "generate", *size, "--out", str(out)], check=True)
    return out
