"""A bounded number of clients in a process of their own: each asks the next question when it has the answer.

python -m benchmarks.web.clients < questions.json   (prints one line of JSON: seconds, and every answer's seconds)
It asks this machine only, and stops by itself.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from benchmarks.web.servers import ROOT

MOST_CLIENTS: Final = 64
MOST_SECONDS: Final = 60.0
_HEADERS: Final = (
    "Content-Type: application/json\r\nAccept: application/json\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
)


@dataclass(frozen=True)
class Load:
    """What a load gave."""

    seconds: float
    answers: tuple[float, ...]  # seconds each
    kilobytes: float

    @property
    def per_second(self) -> float:
        return len(self.answers) / self.seconds


def load(base: str, questions: list[dict[str, Any]], *, clients: int, seconds: float, once: bool = False) -> Load:
    """Ask the questions in turn, over and over, for some seconds; or each of them `once`."""
    given = {"base": base, "questions": questions, "clients": clients, "seconds": seconds, "once": once}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.web.clients"],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=MOST_SECONDS + 30,
    )
    out = json.loads(done.stdout)
    return Load(out["seconds"], tuple(out["answers"]), out["kilobytes"])


async def _ask(given: dict[str, Any]) -> dict[str, Any]:
    where = urlsplit(given["base"])
    if where.hostname != "127.0.0.1":
        raise SystemExit("bara den egna datorn")
    requests = [_request(where.netloc, json.dumps(q).encode()) for q in given["questions"]]
    clients = min(given["clients"], MOST_CLIENTS)
    start = time.perf_counter()
    until = start + min(given["seconds"], MOST_SECONDS)
    taken: list[float] = []
    sizes: list[int] = []
    order = iter(requests) if given["once"] else itertools.cycle(requests)

    async def one() -> None:
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        for request in order:
            asked = time.perf_counter()
            if asked >= until:
                break
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            status, _, rest = head.decode("latin-1").partition("\r\n")
            if " 200 " not in f"{status} ":
                raise SystemExit(f"svar: {status}")
            fields = dict(line.lower().split(": ", 1) for line in rest.strip().split("\r\n"))
            body = await reader.readexactly(int(fields["content-length"]))
            taken.append(time.perf_counter() - asked)
            sizes.append(len(body))
        writer.close()

    await asyncio.gather(*(one() for _ in range(clients)))
    kilobytes = sum(sizes) / len(sizes) / 1000
    return {"seconds": time.perf_counter() - start, "answers": taken, "kilobytes": kilobytes}


def _request(host: str, body: bytes) -> bytes:
    head = f"POST /_dash-update-component HTTP/1.1\r\nHost: {host}\r\n{_HEADERS}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_ask(json.load(sys.stdin)))))
