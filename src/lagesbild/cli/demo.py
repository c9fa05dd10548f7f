"""`lagesbild demo`: database, tables, demonstration data, forecasts, and the service. A second call redoes nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from lagesbild.cli.console import output
from lagesbild.cli.serve import check_address, run
from lagesbild.data.engine import Database, open_database
from lagesbild.data.migrate import upgrade
from lagesbild.data.source import PgSource
from lagesbild.domain.errors import ImportRejectedError, InputError
from lagesbild.domain.source import Source
from lagesbild.settings import load_settings, project_root
from lagesbild.views.middles import Middles

_STEPS: Final = 4


def demo() -> None:
    """Starta hela tjänsten med demonstrationsdata: databas, tabeller, uppgifter, prognoser och webb."""
    settings = load_settings()
    check_address(settings)
    seed = project_root() / "data" / "seed"
    if not seed.is_dir():
        raise InputError("Katalogen data/seed finns inte.", "Hämta hem hela källkoden, med data/seed.")
    with _step(1, "Databas"), open_database(settings, role="owner") as owner:
        upgrade(owner)
        keep = open_database(settings, role="write")  # holds on to the embedded server while we work and serve
    with keep as database:
        with _step(2, "Demonstrationsdata"):
            _load(database, seed)
        with _step(3, "Prognoser"):
            _forecast(database, Middles(settings.small_count_threshold))
        output.say(f"{_STEPS}/{_STEPS} Webb")
        run(settings, database)


def forecast_is_current(source: Source) -> bool:
    """Whether the newest forecast saw the data as they are now, and was made by a program that calibrates.

    Every import and every stored run raises the data version by one, so nothing has been imported since the run read
    version v exactly when the version now is v plus the runs stored from it on.
    """
    runs = source.runs("forecast")
    if not runs:
        return False
    newest = runs[0]
    later = [r for r in (*runs, *source.runs("record")) if r.run_id >= newest.run_id]
    return bool(newest.calibration) and source.version().version == newest.data_version + len(later)


def _load(database: Database, seed: Path) -> None:
    from lagesbild.jobs.seeding import check_demo_database, load_seed

    check_demo_database(database, seed)
    with output.progress("  läser filer", None) as bar:

        def tell(text: str, done: int, total: int) -> None:
            bar.update(bar.task_ids[0], description=f"  {text}", completed=done, total=total or None)

        try:
            load_seed(database, seed, tell)
        except ImportRejectedError as error:  # met when data/seed has changed since the database was made
            first = error.faults[0]
            raise InputError(
                "Demonstrationsdata går inte ihop med det som redan finns i databasen: "
                f"{first.file}, rad {first.line}, {first.column}: {first.expected}.",
                "Ange en ny katalog med LAGESBILD_HOME, eller ta bort katalogen .lagesbild, och kör `make demo` igen.",
            ) from error


def _forecast(database: Database, middles: Middles) -> None:
    source = PgSource(database)
    if forecast_is_current(source):
        return
    from lagesbild.data.fits import PgFitStore
    from lagesbild.data.runs import PgRunStore
    from lagesbild.forecast.fanout import ProcessExecutor, cores
    from lagesbild.jobs.forecasting import quarterly_origins, run_forecast, run_records

    store = PgRunStore(database)
    with output.progress("  serier", None) as bar:

        def tell(done: int, total: int) -> None:
            bar.update(bar.task_ids[0], completed=done, total=total)

        fits, last = PgFitStore(database), source.latest_month()
        with ProcessExecutor(cores()) as executor:
            if last is not None:  # the month before too, so that pages can tell what is different among the flags
                run_forecast(
                    source, store, until=last - 1, progress=tell, executor=executor, fits=fits, middles=middles
                )
            made = run_forecast(source, store, progress=tell, executor=executor, fits=fits, middles=middles)
            origins = quarterly_origins(made.until)
            run_records(source, store, origins, made_by=made, executor=executor, fits=fits)


@contextmanager
def _step(number: int, name: str) -> Iterator[None]:
    """One line when a step begins, one when it is done and how long it took."""
    output.say(f"{number}/{_STEPS} {name} ...")
    started = time.perf_counter()
    yield
    seconds = f"{time.perf_counter() - started:.1f}".replace(".", ",")
    output.say(f"{number}/{_STEPS} {name}: klart på {seconds} s")
