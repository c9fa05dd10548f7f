"""`lagesbild seed`: synthetic data of any size, and loading a directory of data files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lagesbild.cli.console import output
from lagesbild.data.engine import open_database
from lagesbild.domain.errors import InputError, why
from lagesbild.domain.swedish import count
from lagesbild.settings import load_settings

app = typer.Typer(help="Syntetiska data: skapa hur mycket som helst, och läs in en katalog.", no_args_is_help=True)


@app.command()
def generate(
    out: Annotated[Path, typer.Option(metavar="KATALOG", help="Katalog att skriva till.", file_okay=False)],
    regions: Annotated[int, typer.Option(min=2, help="Antal regioner; de 21 första är Sveriges.")] = 21,
    care_areas: Annotated[int, typer.Option(min=1, help="Antal vårdområden; de tre första är projektets.")] = 3,
    months: Annotated[int, typer.Option(min=2, help="Antal månader till och med den sista.")] = 72,
    seed: Annotated[int | None, typer.Option(min=0, help="Slumptalsfrö; samma frö ger samma filer.")] = None,
    providers: Annotated[
        bool, typer.Option("--providers/--no-providers", help="Med eller utan rader per vårdgivare.")
    ] = True,
) -> None:
    """Simulera ett land och skriv det som filer för `lagesbild import` eller `lagesbild seed load`."""
    # imported here: pandas takes half a second to load, which no other command should wait for
    from lagesbild.jobs.seed.generate import DEFAULT_SEED
    from lagesbild.jobs.seed.generate import generate as write

    try:
        with output.progress("Simulerar vårdområden", care_areas) as bar:
            write(
                out,
                regions=regions,
                care_areas=care_areas,
                months=months,
                seed=DEFAULT_SEED if seed is None else seed,
                providers=providers,
                progress=lambda done: bar.update(bar.task_ids[0], completed=done),
            )
    except OSError as error:
        raise InputError(
            f"Katalogen ”{out}” går inte att skriva till: {why(error, making=True)}.",
            "Ange en annan katalog med --out.",
        ) from error
    output.say(f"Syntetiska data skrivna till {out}. Läs in dem med: lagesbild seed load {out}")


@app.command()
def load(
    directory: Annotated[Path, typer.Argument(metavar="KATALOG", help="Katalog med datafiler och följefiler.")],
) -> None:
    """Läs in alla filer i en katalog, i rätt ordning. Det som redan är inläst hoppas över."""
    from lagesbild.jobs.seeding import load_seed

    with open_database(load_settings(), role="write") as database, output.progress("Läser filer", None) as bar:
        done = load_seed(
            database,
            directory,
            lambda name, at, total: bar.update(bar.task_ids[0], description=name, completed=at, total=total),
        )
    output.say(
        f"{count(done.imported)} filer inlästa med {count(done.rows)} nya rader, "
        f"{count(done.skipped)} filer var redan inlästa."
    )
