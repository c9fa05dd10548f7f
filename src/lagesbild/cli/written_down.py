"""What is taken out at the command line is written in the log, as what is taken out of the web is.

Whoever can run the command can read the database, so a log that cannot be written stops nobody: it is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from lagesbild.cli.console import output
from lagesbild.data.engine import is_made, open_database
from lagesbild.data.people import PgAudit, at_command_line
from lagesbild.domain.errors import LagesbildError
from lagesbild.domain.people import What
from lagesbild.settings import Settings

_NOTED = "Det här står inte i loggen"


def write_down(settings: Settings, what: What, object_: str, detail: str, choices: str = "") -> None:
    """A line in the log, or a warning on standard error where there is none to write in: only a replica is known, the
    database is read-only, not migrated or closed to this user, or there is no database at all."""
    if settings.read_url and not settings.database_url:
        output.warn(f"{_NOTED}: bara en läsreplika är angiven.", "Ange den skrivbara servern: LAGESBILD_DATABASE_URL.")
        return
    if not is_made(settings):  # a line in the log is no reason to make a database
        output.warn(f"{_NOTED}: det finns ingen databas.")
        return
    try:
        with open_database(settings, role="write") as database:
            PgAudit(database).note(at_command_line(what, object_, detail, choices))
    except LagesbildError as error:
        output.warn(f"{_NOTED}. {error.message}", error.remedy)


def as_query(pairs: Sequence[tuple[str, object]]) -> str:
    """Choices as the web's log has them; what was not chosen is left out.

    >>> as_query([("region", "01"), ("region", "03"), ("from", None)])
    'region=01&region=03'
    """
    return urlencode([(name, str(value)) for name, value in pairs if value is not None])
