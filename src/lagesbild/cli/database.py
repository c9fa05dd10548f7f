"""`lagesbild db`: the schema of the database."""

from __future__ import annotations

import typer

from lagesbild.cli.console import output
from lagesbild.data.engine import open_database
from lagesbild.data.migrate import current, head, upgrade
from lagesbild.settings import load_settings

app = typer.Typer(help="Databasens tabeller: uppgradera och visa läget.", no_args_is_help=True)


@app.command("upgrade")
def upgrade_command() -> None:
    """Skapa eller uppgradera tabellerna till den här versionen av programmet. Kan köras hur ofta som helst."""
    with open_database(load_settings(), role="owner") as database:
        done = upgrade(database)
    output.say(f"Databasen är uppgraderad till revision {head()}." if done else "Databasen var redan uppgraderad.")


@app.command()
def status() -> None:
    """Visa vilken revision databasen har och om den behöver uppgraderas."""
    with open_database(load_settings(), role="read") as database:
        revision = current(database)
    typer.echo(f"Databasens revision: {revision or 'saknas'}")
    typer.echo(f"Programmets revision: {head()}")
    typer.echo("Databasen är aktuell." if revision == head() else "Kör `lagesbild db upgrade`.")
