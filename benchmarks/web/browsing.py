"""Virtual users in a process of their own: each opens the service as a browser does, then goes from view to view.

python -m benchmarks.web.browsing < given.json   (prints one line of JSON: what was answered and how fast)
They ask this machine only, and stop by themselves.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from benchmarks.web.servers import ROOT

MOST_USERS: Final = 400
MOST_SECONDS: Final = 900.0
ANSWER_SECONDS: Final = 30.0  # later than that is an error
FIRST: Final = ("/", "/_dash-layout", "/_dash-dependencies")  # files are kept by a browser and not asked for again
_HEADERS: Final = (
    "Content-Type: application/json\r\nAccept: application/json\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
)


@dataclass
class Browsed:
    """Seconds of each view and of each first visit's parts, and what went wrong, by kind."""

    views: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def share(self, part: float) -> float:
        """Seconds within which so large a part of the views was answered."""
        found = sorted(self.views)
        return found[min(int(part * len(found)), len(found) - 1)] if found else float("nan")


def browse_beside(base: str, questions: list[Any], *, users: int, seconds: float, think: float) -> Browsed:
    """As `browse`, in a process of its own: what the users take of a processor is not the service's doing."""
    given = {"base": base, "questions": questions, "users": users, "seconds": seconds, "think": think}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.web.browsing"],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=seconds + 120,
    )
    told = json.loads(done.stdout)
    return Browsed(told["views"], told["first"], Counter(told["errors"]), told["seconds"])


async def browse(base: str, questions: list[Any], *, users: int, seconds: float, think: float) -> Browsed:
    """So many users who begin within the first `think` seconds and pause `think` seconds on average between views."""
    where = urlsplit(base)
    if where.hostname != "127.0.0.1" or not 0 < users <= MOST_USERS or not 0 < seconds <= MOST_SECONDS:
        raise SystemExit("bara den egna datorn, och inte hur mycket som helst")
    found, start = Browsed(), time.perf_counter()
    asked = [_request("POST", where.netloc, "/_dash-update-component", json.dumps(q).encode()) for q in questions]
    opened = [_request("GET", where.netloc, path, b"") for path in FIRST]
    await asyncio.gather(
        *(_user(found, where.port or 80, opened, asked, random.Random(k), start + seconds, think) for k in range(users))
    )
    found.seconds = time.perf_counter() - start
    return found


async def _user(
    found: Browsed, port: int, opened: list[bytes], asked: list[bytes], dice: random.Random, until: float, think: float
) -> None:
    await asyncio.sleep(dice.uniform(0, min(think, until - time.perf_counter())))
    line = _Line(port)
    for request in opened:
        await _timed(found, found.first, line, request)
    while time.perf_counter() < until:
        await _timed(found, found.views, line, dice.choice(asked))
        pause = dice.expovariate(1 / think)
        await asyncio.sleep(min(pause, max(0.0, until - time.perf_counter())))
    line.close()


async def _timed(found: Browsed, taken: list[float], line: _Line, request: bytes) -> None:
    began = time.perf_counter()
    try:
        status = await asyncio.wait_for(line.ask(request), ANSWER_SECONDS)
    except (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError) as error:
        found.errors[type(error).__name__] += 1
        line.close()
        return
    taken.append(time.perf_counter() - began)
    if status != 200:
        found.errors[f"status {status}"] += 1


class _Line:
    """A user's connection, kept between views as a browser keeps it; opened anew when the service has closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> int:
        """The answer's status. Raises OSError, EOFError."""
        if self._open is None or self._open[0].at_eof():
            self.close()
            self._open = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._open
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        status, _, rest = head.decode("latin-1").partition("\r\n")
        fields = dict(part.lower().split(": ", 1) for part in rest.strip().split("\r\n"))
        if "content-length" in fields:
            await reader.readexactly(int(fields["content-length"]))
        else:
            while size := int(await reader.readline(), 16):
                await reader.readexactly(size + 2)
            await reader.readline()
        return int(status.split()[1])

    def close(self) -> None:
        if self._open is not None:
            self._open[1].close()
        self._open = None


def _request(method: str, host: str, path: str, body: bytes) -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{_HEADERS}Content-Length: {len(body)}\r\n\r\n".encode() + body


if __name__ == "__main__":
    told = asyncio.run(browse(**json.load(sys.stdin)))
    print(json.dumps({**vars(told), "errors": dict(told.errors)}))
