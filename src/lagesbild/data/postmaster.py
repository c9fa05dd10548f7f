"""One PostgreSQL server process on one data directory: made, started, found, stopped, cleaned up after a crash."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
import psycopg
from psycopg.conninfo import make_conninfo

from lagesbild.data.system_user import SystemUser
from lagesbild.domain.errors import DatabaseUnavailableError

DATABASE, SUPERUSER, PORT = "lagesbild", "postgres", "5432"
LOG: Final = "server.log"
_LOG_BYTES: Final = 10_000_000
_START_SECONDS, _STOP_SECONDS = 300, 60  # replaying the log of a crash in the middle of a large import takes time
_SHORT: Final = Path("/tmp")  # noqa: S108 - not TMPDIR: all processes must agree; made private, a stranger's refused
_SOCKET_BYTES: Final = 103  # sun_path holds 108 bytes on Linux and 104 on macOS, with a closing zero

# Everything else is PostgreSQL's own default, so writes are durable (fsync, full_page_writes, synchronous_commit).
_CONFIG: Final = """\
# Written at every start.
listen_addresses = ''
unix_socket_directories = '"{socket}"'
unix_socket_permissions = 0700
timezone = 'UTC'
log_timezone = 'UTC'
"""


@dataclass(frozen=True)
class Postmaster:
    """`directory` is the data directory, `programs` holds pg_ctl, `user` (None = the caller) runs the server."""

    directory: Path
    programs: Path
    user: SystemUser | None

    def initialise(self) -> None:
        """Fill an empty data directory. The built-in locale keeps indexes valid when the system's libc changes."""
        self._run(
            "initdb", "-D", ".", "-U", SUPERUSER, "--encoding=UTF8", "--auth-local=trust", "--auth-host=reject",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", seconds=_START_SECONDS,
        )  # fmt: skip
        with (self.directory / "postgresql.conf").open("a") as config:
            config.write("include_if_exists = 'lagesbild.conf'\n")

    def conninfo(self) -> dict[str, str]:
        """libpq parameters for the application's database."""
        return {"host": str(self._socket_directory()), "port": PORT, "user": SUPERUSER, "dbname": DATABASE}

    def ensure_running(self) -> None:
        """Start unless it runs, wait until it answers, and see to it that the database exists.

        The caller holds the start lock. Raises DatabaseUnavailableError with the end of the server's log.
        """
        until = time.monotonic() + _START_SECONDS
        tries = 0
        while not self._answers():
            if self._process() is None:
                self._clear_after_crash()
                tries += 1
                try:
                    self._start()
                except DatabaseUnavailableError:
                    if tries > 1:  # once more: a starter killed a moment ago may have left a server just on its way up
                        raise
            elif time.monotonic() > until:
                raise self._failed("Databasen svarar inte trots att den är igång.")
            else:
                time.sleep(0.05)  # it is starting, recovering or stopping

    def stop(self) -> None:
        """Stop in order: running statements are broken off, everything committed is on disk."""
        if self._process() is not None:
            self._run("pg_ctl", "-D", ".", "-m", "fast", "-w", "-t", str(_STOP_SECONDS), "stop", seconds=90)
        if self._socket_directory() != self.directory:
            with suppress(OSError):  # not there, or not empty after a crash: the next start uses it again
                self._socket_directory().rmdir()

    def _start(self) -> None:
        log = self.directory / LOG
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.replace(self.directory / f"{LOG}.1")
        socket = self._socket_directory()
        if socket != self.directory:
            self._make_private(socket)
        config = self.directory / "lagesbild.conf"
        quoted = str(socket).replace("'", "''").replace('"', '""')  # a list of names inside a text
        config.write_text(_CONFIG.format(socket=quoted))
        if self.user:
            os.chown(config, self.user.uid, self.user.gid)
        # "-D ." from inside the directory: pg_ctl goes through a shell, which a path with $ or quotes would upset
        self._run("pg_ctl", "-D", ".", "-l", LOG, "-w", "-t", str(_START_SECONDS), "start", seconds=_START_SECONDS + 30)

    def _answers(self) -> bool:
        try:
            address = make_conninfo(**{**self.conninfo(), "dbname": "postgres", "connect_timeout": "5"})
            with psycopg.connect(address, autocommit=True) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                    connection.execute(f"CREATE DATABASE {DATABASE}")
                return True
        except psycopg.OperationalError as error:
            return "too many clients" in str(error)  # it lives, and waiting here would not make room

    def _process(self) -> psutil.Process | None:
        """The living server of this directory. A number in a stale postmaster.pid may belong to anybody by now."""
        try:
            number = int((self.directory / "postmaster.pid").read_text().split("\n")[0])
        except (FileNotFoundError, ValueError):
            return None
        return next((p for p in self._servers() if p.pid == number), None)

    def _servers(self) -> list[psutil.Process]:
        """All PostgreSQL processes, server and helpers, that have this data directory as their working directory."""
        here = os.path.realpath(self.directory)
        found = []
        for process in psutil.process_iter():
            try:
                if process.name().startswith("postgres") and process.cwd() == here:
                    found.append(process)
            except psutil.Error:  # gone, a zombie, or somebody else's
                continue
        return found

    def _clear_after_crash(self) -> None:
        """End what a killed server left running, then remove its stale lock files.

        PostgreSQL removes stale ones itself, except when the number in them belongs to a living process (or to a zombie
        that nobody has buried), as happens after a restart of the machine and in containers: then it refuses to start.
        """
        left = self._servers()
        for process in left:
            _quietly(process.terminate)
        _, stubborn = psutil.wait_procs(left, timeout=5)
        for process in stubborn:
            _quietly(process.kill)
        psutil.wait_procs(stubborn, timeout=5)
        socket = self._socket_directory() / f".s.PGSQL.{PORT}"
        for stale in (self.directory / "postmaster.pid", socket, socket.with_name(f"{socket.name}.lock")):
            stale.unlink(missing_ok=True)

    def _socket_directory(self) -> Path:
        """The data directory itself, or a private one with a short name when the path does not fit in a socket's.

        Clients take a comma for a list of hosts.
        """
        plain = os.fsencode(self.directory / f".s.PGSQL.{PORT}")
        if len(plain) <= _SOCKET_BYTES and b"," not in plain:
            return self.directory
        digest = hashlib.sha256(os.fsencode(self.directory)).hexdigest()[:16]
        return _SHORT / f"lagesbild-{digest}"

    def _make_private(self, directory: Path) -> None:
        """Make it, owned by the server's user and closed to others; refuse one that somebody else put there."""
        owner = self.user.uid if self.user else os.geteuid()
        try:
            directory.mkdir(mode=0o700)
            if self.user:
                os.chown(directory, self.user.uid, self.user.gid)
        except FileExistsError:
            pass
        status = directory.lstat()
        if directory.is_symlink() or status.st_uid != owner or status.st_mode & 0o077:
            raise DatabaseUnavailableError(
                f"Katalogen {directory} finns redan och tillhör någon annan.",
                "Ta bort den, eller ange en kortare sökväg med LAGESBILD_HOME.",
            )

    def _run(self, program: str, *arguments: str, seconds: int) -> None:
        """Run one of PostgreSQL's programs in the data directory, as the server's user, without the caller's PG*."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C"}
        user, group = (self.user.uid, self.user.gid) if self.user else (None, None)
        with tempfile.TemporaryFile() as output:  # a pipe would stay open as long as the server lives
            try:
                done = subprocess.run(  # noqa: S603 - our own programs and arguments
                    [str(self.programs / program), *arguments], check=False, cwd=self.directory, env=environment,
                    stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=seconds, umask=0o077,
                    user=user, group=group, extra_groups=[] if self.user else None,
                )  # fmt: skip
            except subprocess.TimeoutExpired:
                raise self._failed(f"Databasprogrammet {program} blev inte klart på {seconds} sekunder.") from None
            if done.returncode:
                output.seek(0)
                raise self._failed(
                    "Den inbyggda databasen kunde inte skapas." if program == "initdb"
                    else "Den inbyggda databasen kunde inte startas eller stoppas.",
                    output.read().decode(errors="replace") if program == "initdb" else "",
                )  # fmt: skip

    def _failed(self, message: str, said: str = "") -> DatabaseUnavailableError:
        log = self.directory / LOG
        text = said or (log.read_text(errors="replace") if log.exists() else "")
        last = " | ".join(line.strip() for line in text.strip().splitlines()[-3:])
        return DatabaseUnavailableError(
            f"{message} PostgreSQL säger: {last or 'ingenting'}",
            f"Läs {log}. Finns det plats på disken, och går katalogen att skriva i?",
        )


def _quietly(action: Callable[[], None]) -> None:
    with suppress(psutil.Error):  # it may have ended by itself
        action()
