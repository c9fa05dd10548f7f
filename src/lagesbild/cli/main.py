"""Puts the commands together and turns every error into a sentence and an exit code."""

from __future__ import annotations

import logging
import secrets
import sys
from typing import Annotated

import typer

from lagesbild.cli.console import output, report
from lagesbild.domain.errors import LagesbildError
from lagesbild.log import configure_logging
from lagesbild.settings import load_settings

app = typer.Typer(
    name="lagesbild",
    help="Lägesbild: väntetider, produktion, prognoser och kapacitetsgap i planerad specialiserad vård.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _common(
    json_logs: Annotated[bool, typer.Option("--json-logs", help="Loggar som JSON, en rad per händelse.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Bara varningar och fel.")] = False,
) -> None:
    output.json_logs = output.json_logs or json_logs
    output.quiet = output.quiet or quiet
    configure_logging(json_logs=output.json_logs, quiet=output.quiet)


@app.command()
def config() -> None:
    """Visa inställningarna (lösenord dolda)."""
    for variable, value in load_settings().masked().items():
        typer.echo(f"{variable}={value}")


def main() -> None:
    """Run the command line. `--json-logs` and `--quiet` may stand anywhere."""
    arguments = sys.argv[1:]
    output.json_logs = "--json-logs" in arguments
    output.quiet = "--quiet" in arguments
    arguments = [a for a in arguments if a not in ("--json-logs", "--quiet")]
    try:
        app(args=arguments, standalone_mode=True)
    except LagesbildError as error:
        report(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception:
        number = secrets.token_hex(3)
        logging.getLogger("lagesbild").exception("internt fel %s", number)
        report(LagesbildError(f"Internt fel, nummer {number}.", "Felet finns i loggen ovan. Rapportera numret."))
        sys.exit(1)
