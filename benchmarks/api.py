"""How fast is a warm answer of the API? Exits with 1 when it is less than half as fast as a constant of the same size.

One process serves both (`benchmarks/web/constant.py`), and one client asks them in turn, so that what a busy machine
makes slower is slower for both. The demonstration country; a page of a thousand rows and a small answer.

    .venv/bin/python -m benchmarks.api [--keep DIRECTORY] [--seconds 4]
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.web.data import database
from benchmarks.web.servers import reference

QUESTIONS = {"a thousand rows": "/api/v1/waits", "one region's year": "/api/v1/waits?region=01&from=2026-01"}
PATH = "/constant"  # see benchmarks/web/constant.py, which only the server imports
LEAST = 0.5
ROUNDS = 5


def asked(
    connection: http.client.HTTPConnection, path: str, seconds: float, headers: dict[str, str]
) -> tuple[float, int]:
    """(Answers a second, bytes of each) of one connection that is kept."""
    n, size = 0, 0
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        size = len(answer.read())
        if answer.status not in (200, 304):
            raise SystemExit(f"{path}: {answer.status}")
        n += 1
    return n / (time.perf_counter() - start), size


def main() -> int:
    """Measure, print, and say whether the limit holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="make the database here, or use the one that is here")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each is asked in each round")
    given = parser.parse_args()
    worst = float("inf")
    with (
        tempfile.TemporaryDirectory(prefix="lagesbild-api-") as folder,
        database("demo", given.keep or Path(folder)) as settings,
    ):
        for what, path in QUESTIONS.items():
            environment = {"LAGESBILD_DATABASE_URL": str(settings.database_url), "CONSTANT_OF": path}
            environment |= {"LAGESBILD_HOME": folder, "LAGESBILD_CACHE_MB": "0"}
            with reference("API", "benchmarks.web.constant", environment) as service:
                ratio = _measured(service.base, what, path, given.seconds)
                worst = min(worst, ratio)
    print(f"limit: {LEAST} of a constant: {'met' if worst >= LEAST else 'NOT MET'}")
    return 0 if worst >= LEAST else 1


def _measured(base: str, what: str, path: str, seconds: float) -> float:
    where = urlsplit(base)
    packed = {"Accept-Encoding": "gzip"}
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=120)
    # more often than there are workers, so that each has met it: the first answer is made, and no warm one
    for _ in range(16):
        asked(connection, path, 0.0001, packed)
        connection.close()
    connection.request("GET", path, headers=packed)
    first = connection.getresponse()
    first.read()
    tag = {**packed, "If-None-Match": str(first.headers["ETag"])}
    ratios, rates = [], []
    for _ in range(ROUNDS):
        constant, size = asked(connection, PATH, seconds / ROUNDS, packed)
        warm, _ = asked(connection, path, seconds / ROUNDS, packed)
        unchanged, _ = asked(connection, path, seconds / ROUNDS, tag)
        ratios.append(warm / constant)
        rates.append((constant, warm, unchanged))
    connection.close()
    constant, warm, unchanged = (statistics.median(r[k] for r in rates) for k in range(3))
    ratio = statistics.median(ratios)
    print(
        f"{what:18} {size / 1e3:6.1f} kB   constant {constant:6.0f}/s   warm {warm:6.0f}/s"
        f"   unchanged {unchanged:6.0f}/s   ratio {ratio:.2f}"
    )
    return ratio


if __name__ == "__main__":
    sys.exit(main())
