"""`lagesbild serve`: the web process in front of the configured database."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from lagesbild.ahead import keep_ahead
from lagesbild.api.heads import HEADER_BYTES
from lagesbild.api.loopback import is_loopback
from lagesbild.auth.opening import check
from lagesbild.cli.console import output
from lagesbild.data.engine import Database, open_database
from lagesbild.domain.errors import ConfigError, LagesbildError, why
from lagesbild.settings import METRICS_DIRECTORY, Settings, load_settings, project_root
from lagesbild.snapshots.keys import read_private

HEADER_SECONDS: Final = 10  # who has not sent a request's head by then is cut off
_POLL_SECONDS: Final = 0.1
# what Granian says goes where everything else does, in the same form
_OUR_LOG: Final = {"loggers": {"_granian": {"handlers": [], "propagate": True}}}
_log = logging.getLogger("lagesbild.serve")


def serve() -> None:
    """Visa tjänsten från den inställda databasen. Ctrl+C eller SIGTERM stoppar den."""
    settings = load_settings()
    check_address(settings)
    # Held on to while the workers run, so that this process is the last to leave and stops the embedded server
    with open_database(settings, role="read") as database:
        run(settings, database)


def run(settings: Settings, database: Database, ready: Callable[[str], None] | None = None) -> None:
    """Serve until told to stop, saying once when the first page can be had; meanwhile have answers made ahead when the
    data in `database` change. Raises LagesbildError when it ends by itself."""
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    from lagesbild.cli.workers import Server, start_method

    address = f"http://{_shown_host(settings.host)}:{settings.port}"
    stopped = threading.Event()
    say = ready or (lambda where: output.say(f"Lägesbild är redo på {where}"))
    threading.Thread(target=_announce, args=(address, stopped, say), daemon=True).start()
    counting = _count_together(settings)
    start_method()
    renewed = threading.Event()
    ahead = threading.Thread(target=keep_ahead, args=(database, project_root(), stopped), kwargs={"renewed": renewed})
    if settings.prepare and settings.cache_mb:
        ahead.start()
    server = Server(
        "app:front",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        workers=settings.workers,
        working_dir=project_root(),
        log_level=LogLevels.error,
        log_dictconfig=_OUR_LOG,
        websockets=False,
        http=HTTPModes.http1,  # a proxy speaks nothing else to us; what is not spoken cannot be attacked
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=HEADER_BYTES),
        workers_kill_timeout=10,
    )
    server.on_renewed = renewed.set
    try:
        with suppress(SystemExit):  # granian's way to say that a worker had died
            server.serve()
        if server.gave_up or (server.interrupt_children and not server.interrupt_signal):
            raise LagesbildError(
                "Webbprocessen stannade av sig själv.", "Felet står i loggen ovan. Rätta det och starta igen."
            )
    finally:
        stopped.set()
        if ahead.ident:
            ahead.join()
        if counting is not None:
            shutil.rmtree(counting, ignore_errors=True)


def _count_together(settings: Settings) -> Path | None:
    """Name a new directory where the web processes count together; see `api.metrics`. Left over from a service that
    was killed, it would count what that one did."""
    directory = settings.home.resolve() / "metrics" / str(settings.port)
    try:
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
    except OSError as error:
        _log.warning(
            "mätvärdena gäller bara en webbprocess: %s kan inte användas (%s)", directory, why(error, making=True)
        )
        os.environ.pop(METRICS_DIRECTORY, None)
        return None
    os.environ[METRICS_DIRECTORY] = str(directory)  # before the process that others are forked from is started
    return directory


def check_address(settings: Settings) -> None:
    """Raises ConfigError when the address must not or cannot be listened on, when login lacks something, or when the
    key that signs snapshots cannot be read."""
    check(settings)
    if settings.signing_key is not None:
        read_private(settings.signing_key)  # a snapshot made at night would be the first to find out
    if settings.auth == "none" and not is_loopback(settings.host):
        raise ConfigError(
            f"HOST={settings.host} kan nås av andra datorer, men ingen inloggning är inställd.",
            "Ställ in LAGESBILD_AUTH=proxy eller oidc, eller använd HOST=127.0.0.1.",
        )
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise ConfigError(
                f"Port {settings.port} på {settings.host} är upptagen eller får inte användas.",
                "Välj en annan port med PORT=, eller stoppa det som använder den.",
            ) from error


def _shown_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _announce(address: str, stopped: threading.Event, say: Callable[[str], None]) -> None:
    """Waits until the process answers; a proxy of the environment has no business between us."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while not stopped.wait(_POLL_SECONDS):
        try:
            with opener.open(f"{address}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    say(address)
                    return
        except (urllib.error.URLError, OSError):
            continue
