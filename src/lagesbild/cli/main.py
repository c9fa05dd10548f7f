"""Puts the commands together and turns every error into a sentence and an exit code."""

from __future__ import annotations

import logging
import secrets
import signal
import sys
import threading
from typing import Annotated

import typer

from lagesbild.cli import audit, backtest, briefing, data, database, forecast, quality, seed, snapshot
from lagesbild.cli.console import output, report
from lagesbild.cli.demo import demo
from lagesbild.cli.serve import serve
from lagesbild.cli.swedish import as_input_error, help_in_swedish, is_usage_problem
from lagesbild.domain.errors import LagesbildError
from lagesbild.log import configure_logging
from lagesbild.settings import allowed, read_settings, wrong_values

app = typer.Typer(
    name="lagesbild",
    help="Lägesbild: väntetider, produktion, prognoser och kapacitetsgap i planerad specialiserad vård.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(database.app, name="db")
app.add_typer(seed.app, name="seed")
app.add_typer(snapshot.app, name="snapshot")
data.register(app)
app.command()(demo)
app.command()(serve)
app.command("forecast")(forecast.forecast)
app.command("gaps")(forecast.gaps)
app.command("backtest")(backtest.backtest)
app.command("quality")(quality.quality)
app.command("briefing")(briefing.briefing)
app.command("audit")(audit.audit)


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
    """Visa inställningarna och vad de gör (lösenord dolda)."""
    settings, wrong = read_settings()
    for name, variable in settings.environment_names.items():
        may = allowed(name)
        typer.echo(f"# {type(settings).model_fields[name].description}{f' [{may}]' if may else ''}")
        if name in wrong:
            typer.echo("# FEL: värdet kan inte användas")
        typer.echo(f"{variable}={wrong.get(name, settings.masked()[variable])}")
    if wrong:
        raise wrong_values(settings, wrong)


def main() -> None:
    """Run the command line. `--json-logs` and `--quiet` may stand anywhere."""
    arguments = sys.argv[1:]
    output.json_logs = "--json-logs" in arguments
    output.quiet = "--quiet" in arguments
    arguments = [a for a in arguments if a not in ("--json-logs", "--quiet")]
    configure_logging(json_logs=output.json_logs, quiet=output.quiet)
    _leave_in_order()
    try:
        code = help_in_swedish(typer.main.get_command(app)).main(arguments, "lagesbild", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except LagesbildError as error:
        report(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if is_usage_problem(error):
            if type(error).__name__ != "NoArgsIsHelpError":  # then the help has just been printed
                report(as_input_error(error))
            sys.exit(2)
        number = secrets.token_hex(3)
        logging.getLogger("lagesbild").exception("internt fel %s", number)
        report(LagesbildError(f"Internt fel, nummer {number}.", "Felet finns i loggen ovan. Rapportera numret."))
        sys.exit(1)


def _leave_in_order() -> None:
    """SIGTERM ends the process the way Ctrl+C does: transactions rolled back, the embedded server stopped."""

    def stop(number: int, _: object) -> None:
        sys.exit(128 + number)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, stop)
