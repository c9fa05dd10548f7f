"""`lagesbild backtest`: how forecasts made at earlier months have held, on real public series and on one's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from lagesbild.cli.backtest_table import backtest_table
from lagesbild.cli.console import output
from lagesbild.data.backtests import PgBacktestStore
from lagesbild.data.engine import Database, open_database
from lagesbild.data.source import PgSource
from lagesbild.domain.backtest import OWN
from lagesbild.domain.errors import DatabaseUnavailableError, InputError
from lagesbild.domain.provenance import SYNTHETIC
from lagesbild.domain.swedish import count
from lagesbild.settings import Settings, load_settings


def backtest(
    origins: Annotated[
        int | None, typer.Option(min=1, help="Högst så många utgångspunkter per serie; utan värde alla.")
    ] = None,
    horizon: Annotated[int, typer.Option(min=1, max=24, help="Antal månader framåt, 1 till 24.")] = 12,
    step: Annotated[int, typer.Option(min=1, max=24, help="Månader mellan utgångspunkterna.")] = 3,
    names: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAMN", help="Bara den datamängden; kan upprepas.")
    ] = None,
    own: Annotated[
        bool | None,
        typer.Option("--own/--no-own", help="Ta med databasens egna serier; utan val när inget --set är angivet."),
    ] = None,
    peers: Annotated[
        bool, typer.Option("--peers/--no-peers", help="Jämför med statsforecast, om det är installerat.")
    ] = True,
    jobs: Annotated[int | None, typer.Option(min=1, help="Antal processer; utan värde en per kärna.")] = None,
) -> None:
    """Utvärdera prognoserna från tidigare utgångspunkter: skriv ut tabellen och spara den."""
    # imported here: the statistics packages take a second to load, which no other command should wait for
    from lagesbild.forecast.backtest import evaluate
    from lagesbild.forecast.peers import available_peers
    from lagesbild.jobs.backtesting import chosen_sets, own_set
    from lagesbild.jobs.executors import executor_for
    from lagesbild.jobs.real_sets import read_real_sets

    wanted = tuple(names or ())
    settings = load_settings()
    sets = chosen_sets(read_real_sets(), wanted)
    must = own is True or OWN in wanted
    with _database(settings) as database:
        if must or (own is None and not wanted):
            mine = own_set(PgSource(database)) if database else None
            if mine is None and must:
                raise InputError(
                    "Det finns inga egna serier att utvärdera.", "Importera väntande först, eller ange --no-own."
                )
            sets += [mine] if mine else []
        beside = available_peers() if peers else []
        if peers and not beside:
            output.say(
                "statsforecast är inte installerat (`make setup-bench`): jämförelsen är bara med enkla prognoser."
            )
        with output.progress("Utvärdering", None) as bar:
            made = evaluate(
                sets,
                horizon=horizon,
                step=step,
                origins=origins,
                executor=executor_for(settings, jobs, sum(len(s.pairs) for s in sets)),
                peers=beside,
                progress=lambda done, total: bar.update(bar.task_ids[0], completed=done, total=total),
            )
        if made.scores.empty:
            raise InputError(
                "Ingen serie är lång nog att utvärdera med de valen.",
                "Ange färre månader framåt, eller fler datamängder.",
            )
        typer.echo(backtest_table(made))
        typer.echo(
            f"\nDatamängder:\n{chr(10).join(f'  {s.name}: {s.title}, {count(len(s.pairs))} serier' for s in sets)}"
        )
        if any(s.name == OWN and SYNTHETIC in s.source for s in sets):
            typer.echo(f"\n{SYNTHETIC}: talen i {OWN} är påhittade.")
        if database is None:
            output.say("Ingenting sparades: ingen databas svarar.")
        else:
            output.say(f"Utvärdering {PgBacktestStore(database).store(made)} är sparad.")


@contextmanager
def _database(settings: Settings) -> Iterator[Database | None]:
    """The database when it answers and has its tables; else None, and why."""
    opened: Database | None = None
    try:
        opened = open_database(settings, role="write")
        PgSource(opened).version()
        database: Database | None = opened
    except DatabaseUnavailableError as error:
        output.say(f"{error} Utvärderingen görs på de verkliga serierna och sparas inte.")
        database = None
    try:
        yield database
    finally:
        if opened is not None:
            opened.close()
