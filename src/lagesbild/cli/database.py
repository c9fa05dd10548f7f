"""`lagesbild db`: the schema of the database, and its upkeep."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from lagesbild.cli.console import output
from lagesbild.data.engine import open_database
from lagesbild.data.migrate import current, head, upgrade
from lagesbild.domain.errors import InputError
from lagesbild.domain.swedish import count
from lagesbild.settings import load_settings

app = typer.Typer(help="Databasens tabeller: uppgradera, sköta om och visa läget.", no_args_is_help=True)


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


@app.command()
def maintain(
    years_ahead: Annotated[int, typer.Option(min=0, max=100, help="Så många år framåt ska ha egna partitioner.")] = 10,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Visa vad som skulle göras, men gör det inte.")] = False,
    facts_before: Annotated[
        int | None,
        typer.Option(
            min=1900, max=9999, metavar="ÅR", help="Ta också bort uppgifter för tiden före året. Går inte att ångra."
        ),
    ] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="Bekräfta att uppgifter ska tas bort för gott.")] = False,
) -> None:
    """Sköt om databasen: partitioner för kommande år, gallring av gamla prognoskörningar, utvärderingar och
    anpassningar, och färsk statistik. Uppgifter som har lästs in rörs inte, om det inte begärs. Kan köras hur ofta
    som helst."""
    from lagesbild.data.maintenance import Wishes, carry_out, look, years_before

    settings, now = load_settings(), datetime.now(UTC)
    keep = settings.runs_keep_years
    wishes = Wishes(now, years_ahead, years_before(now, keep) if keep else None, facts_before)
    with open_database(settings, role="owner") as database:
        work = look(database, wishes)
        if work.facts and not (dry_run or confirm):
            raise InputError(
                f"Uppgifter före {facts_before} skulle tas bort för gott (antal rader: "
                f"{count(sum(work.facts.values()))}). "
                "Ingenting har ändrats.",
                "Ta en säkerhetskopia och lägg sedan till --confirm, eller se vad som skulle göras med --dry-run.",
            )
        if not dry_run:
            work = carry_out(database, wishes)
    from lagesbild.cli.upkeep import lines

    for line in lines(work, done=not dry_run):
        output.say(line)
