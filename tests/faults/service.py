"""A real `lagesbild serve` to be hurt, a PostgreSQL of its own to be killed, and readers who never stop asking."""

from __future__ import annotations

import http.client
import json
import math
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from lagesbild.answers import UPDATE, question
from lagesbild.data.embedded import installation
from lagesbild.data.engine import open_database
from lagesbild.data.migrate import upgrade
from lagesbild.data.postmaster import Postmaster
from lagesbild.data.system_user import server_user
from lagesbild.pages.view import View
from lagesbild.settings import Settings
from tests.data.import_files import Importer

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180.0  # until a step that should come is taken not to come
SOAK = float(os.environ.get("FAULTS_SOAK_SECONDS", "0"))  # rounds go on for so long, for a machine of one's own
RECOVERY = (
    10.0 if SOAK else PATIENCE
)  # the most the web tier may take; where others want the processors too, it is told
AWAY = "Databasen svarar inte"


def until(condition: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """What the condition gave when it came true. Fails when it never did."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < end, f"did not happen: {what}"
        time.sleep(0.02)


def environment(**settings: str) -> dict[str, str]:
    """Of a process of this tree's program, with these settings only."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("LAGESBILD_", "PROMETHEUS_"))}
    return {**plain, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", **settings}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from lagesbild.cli import main; main()", *arguments]


@dataclass(frozen=True)
class Postgres:
    """A server of one's own, with durability on."""

    postmaster: Postmaster

    @property
    def url(self) -> str:
        told = self.postmaster.conninfo()
        host = quote(told["host"], safe="")
        return f"postgresql://{told['user']}@/{told['dbname']}?host={host}&port={told['port']}"

    def kill(self) -> None:
        """kill -9 of the server and everything it has started; not of what somebody starts in its place meanwhile."""
        began = time.time()
        while found := [p for p in self.postmaster._servers() if _started(p) < began]:
            for process in found:
                with suppress(psutil.NoSuchProcess):  # its helpers leave when the server is gone
                    process.kill()
            psutil.wait_procs(found, timeout=PATIENCE)

    @contextmanager
    def silent(self) -> Iterator[None]:
        """It takes connections and says nothing, as one whose disk or network hangs; then it goes on."""
        found = self.postmaster._servers()
        try:
            for process in found:
                process.suspend()
            yield
        finally:
            for process in found:
                process.resume()

    def start(self) -> None:
        self.postmaster.ensure_running()


@contextmanager
def postgres(directory: Path | None = None, size: str = "") -> Iterator[Postgres]:
    """`size`: of a small file system that the data directory is (needs root)."""
    home = directory or Path(tempfile.mkdtemp(prefix="lagesbild-fault-"))
    home.chmod(0o755)  # as root the server runs as another user
    data = home / "data"
    user = server_user(home, data)
    data.mkdir(mode=0o700, exist_ok=True)
    if size:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(data)], check=True)
    if user:
        os.chown(data, user.uid, user.gid)
    server = Postgres(Postmaster(data, installation() / "bin", user))
    try:
        server.postmaster.initialise()
        server.start()
        yield server
    finally:
        server.kill()
        if size:
            subprocess.run(["umount", str(data)], check=True)
        shutil.rmtree(home, ignore_errors=True)


def fill(url: str, folder: Path, months: int = 30, codes: tuple[str, ...] = ("01", "03", "14")) -> Importer:
    """Tables and a small country: these regions, two care areas. The importer's database is open for writing."""
    with open_database(Settings(database_url=url), role="owner") as owner:
        upgrade(owner)
    importer = Importer(open_database(Settings(database_url=url), role="write"), folder)
    importer.codes()
    rows = [
        f"{2023 + k // 12}-{k % 12 + 1:02},{region},{area},,{500 + 7 * k + n},{400 + 3 * k}"
        for k in range(months)
        for n, (region, area) in enumerate((r, a) for r in codes for a in ("kat", "kna"))
    ]
    importer.waits(*rows)
    return importer


def _started(process: psutil.Process) -> float:
    """Seconds since 1970; never, for one that has just gone."""
    try:
        return float(process.create_time())
    except psutil.NoSuchProcess:
        return math.inf


def _children(process: psutil.Process) -> list[psutil.Process]:
    """None of one that has just gone."""
    try:
        return process.children()
    except psutil.NoSuchProcess:
        return []


def lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@dataclass
class Service:
    """A running service. `log` is everything it has said."""

    port: int
    process: subprocess.Popen[bytes]
    home: Path
    told: Path

    @property
    def log(self) -> str:
        return self.told.read_text(encoding="utf-8")

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, seconds: float = 10, **headers: str) -> http.client.HTTPResponse:
        """An answer, whole, on a connection of its own. Raises OSError."""
        return self._ask("GET", path, None, seconds, headers)

    def page(self, path: str = "/vantetider", seconds: float = 20) -> Any:
        """What the page callback answers, in the browser's words. Raises OSError, AssertionError."""
        body = json.dumps(question(View(path))).encode()
        answer = self._ask("POST", UPDATE, body, seconds, {"Content-Type": "application/json"})
        assert answer.status == 200, answer.status
        return json.loads(answer.body)["response"]["main"]["children"]  # type: ignore[attr-defined]

    @contextmanager
    def kept_page(self) -> Iterator[Callable[[], Any]]:
        """As `page`, each thread on one connection for as long as the service keeps it."""
        lines: dict[int, http.client.HTTPConnection] = {}
        body = json.dumps(question(View("/vantetider"))).encode()

        def ask() -> Any:
            me = threading.get_ident()
            line = lines.setdefault(me, http.client.HTTPConnection("127.0.0.1", self.port, timeout=20))
            line.request("POST", UPDATE, body, {"Content-Type": "application/json"})
            answer = line.getresponse()  # the next request makes a new connection where this one says that it closes
            assert answer.status == 200, answer.status
            return json.loads(answer.read())["response"]["main"]["children"]

        try:
            yield ask
        finally:
            for line in lines.values():
                line.close()

    def _ask(self, method: str, path: str, body: bytes | None, seconds: float, headers: dict[str, str]) -> Any:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)) as connection:
            connection.request(method, path, body, {"Connection": "close", **headers})
            answer = connection.getresponse()
            answer.body = answer.read()  # type: ignore[attr-defined]
            return answer

    def ready(self) -> bool:
        try:
            return bool(self.get("/readyz", 2).status == 200)
        except (OSError, http.client.HTTPException):
            return False

    def forkserver(self) -> psutil.Process:
        """What workers are forked from."""
        return next(c for c in psutil.Process(self.process.pid).children() if _children(c))

    def workers(self) -> list[psutil.Process]:
        """Those that live."""
        starter = psutil.Process(self.process.pid)
        return [w for child in starter.children() for w in _children(child) if lives(w)]

    def stop(self, seconds: float = 30) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


@contextmanager
def service(
    url: str, home: Path, *options: str, workers: int = 2, root: Path = ROOT, **settings: str
) -> Iterator[Service]:
    """`root`: where the program lies. `options`: of the command line."""
    with closing(socket.socket()) as s:
        s.bind(("127.0.0.1", 0))
        port = int(s.getsockname()[1])
    given = {"LAGESBILD_HOME": str(home), "LAGESBILD_PREPARE": "false", "LAGESBILD_WORKERS": str(workers)}
    if url:
        given["LAGESBILD_DATABASE_URL"] = url
    told = Path(tempfile.mkstemp(prefix="lagesbild-fault-", suffix=".log")[1])
    with told.open("wb") as log:
        process = subprocess.Popen(
            command(*(options or ("--quiet",)), "serve"),
            cwd=root,
            env=environment(PORT=str(port), HOST="127.0.0.1", **(given | settings))
            | {"PYTHONPATH": f"{root / 'src'}{os.pathsep}{ROOT}"},
            stdout=log,
            stderr=log,
        )
    running = Service(port, process, home, told)
    try:
        until(lambda: running.ready() or process.poll() is not None, "the service is ready")
        assert process.poll() is None, running.log
        until(lambda: len(running.workers()) == workers, "every worker is there")
        yield running
    finally:
        try:
            running.stop()
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            told.unlink(missing_ok=True)


@dataclass
class Readers:
    """Threads that ask over and over. `answers`: what came and when; `faults`: what went wrong and when."""

    act: Callable[[], Any]
    answers: list[tuple[float, Any]] = field(default_factory=list)
    faults: list[tuple[float, Exception]] = field(default_factory=list)

    def since(self, moment: float) -> list[Any]:
        return [a for at, a in list(self.answers) if at >= moment]


@contextmanager
def reading(act: Callable[[], Any], readers: int = 4, pause: float = 0.02) -> Iterator[Readers]:
    """Ask from so many threads for as long as the block runs."""
    found, stopped = Readers(act), threading.Event()

    def one() -> None:
        while not stopped.wait(pause):
            began = time.monotonic()
            try:
                found.answers.append((began, act()))
            except (OSError, http.client.HTTPException, AssertionError) as error:
                found.faults.append((time.monotonic(), error))

    threads = [threading.Thread(target=one) for _ in range(readers)]
    for thread in threads:
        thread.start()
    try:
        yield found
    finally:
        stopped.set()
        for thread in threads:
            thread.join(PATIENCE)
