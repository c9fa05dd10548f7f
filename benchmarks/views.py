"""Lägesbild in a browser and under load beside two reference applications, in one run on one PostgreSQL.

The *floor* is Dash that hands out constants; *plain Dash* reads with `read_sql` and draws with `px` in the callback.
Both show what `/vantetider` is most like: two selectors, a time series of 21 regions, a ranked bar, a region by month
heatmap and a table (benchmarks/web/). Every measure is taken in turns, so that a busy machine is busy for all.

    python -m benchmarks.views [--data large|demo|both] [--keep DIRECTORY] [--rounds 15] [--quick]

Prints a table a data set: measure, ours, floor, plain, ratios, targets, met or not. "kept" = an answer that somebody
has asked for since the data last changed; "live" = one that nobody has. Exit code 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import numpy as np

from benchmarks.web import browser as chrome
from benchmarks.web.clients import Load, load
from benchmarks.web.content import question
from benchmarks.web.data import ROWS, SIZES, database
from benchmarks.web.servers import Service, constants, ours, reference
from lagesbild.data.engine import open_database
from lagesbild.data.source import PgSource
from lagesbild.domain.periods import Month
from lagesbild.settings import Settings

PATH: Final = "/vantetider"
PAGES: Final = ("/vantetider", "/", "/produktion")  # asked of 756 000 rows and of 3 780
OURS: Final = "Lägesbild"
SIZE_LIMIT: Final = 1.15


@dataclass(frozen=True)
class Measure:
    """One row of the table. `limits` are ratios to floor and plain; `more` means that larger is better."""

    name: str
    unit: str
    ours: float
    floor: float
    plain: float
    limits: tuple[float | None, float | None]
    more: bool = False

    @property
    def ratios(self) -> tuple[float, float]:
        return self.ours / self.floor, self.ours / self.plain

    @property
    def met(self) -> bool:
        return all(
            limit is None or (ratio >= limit if self.more else ratio <= limit)
            for ratio, limit in zip(self.ratios, self.limits, strict=True)
        )

    def line(self) -> str:
        sign = ">=" if self.more else "<="
        targets = " ".join(f"{sign}{limit:<6.3g}" if limit is not None else f"{'-':8}" for limit in self.limits)
        to_floor, to_plain = self.ratios
        return (
            f"{self.name:44}{self.unit:>6}{self.ours:9.4g}{self.floor:9.4g}{self.plain:9.4g}"
            f"{to_floor:8.2f}{to_plain:8.3f}  {targets} {'yes' if self.met else 'NO'}"
        )


HEADING: Final = (
    f"{'measure':44}{'unit':>6}{'ours':>9}{'floor':>9}{'plain':>9}{'/floor':>8}{'/plain':>8}  {'targets':17} met"
)


class Questions:
    """What the clients ask of Lägesbild: the views that the references offer, or views nobody has asked for."""

    def __init__(self, settings: Settings, given: dict[str, Any]) -> None:
        self.areas = [a["value"] for a in given["areas"]]
        self.months = list(given["months"])
        # as a browser asks: what a page shows unless told otherwise is not in its address
        plain_area, plain_month = self.areas[0], self.months[-1]
        self.kept = [
            _ask(PATH, "" if area == plain_area else area, "", "" if month == plain_month else month)
            for area in self.areas
            for month in self.months
        ]
        self.theirs = [question(area, month) for area in self.areas for month in self.months]
        with open_database(settings, role="read") as reader:
            source = PgSource(reader)
            latest = Month.parse(self.months[-1])
            regions = [r.code for r in source.regions() if r.code != "SE"]
        months = [str(latest - k) for k in range(36)]
        every = list(itertools.product(self.areas, regions, months))
        random.Random(3).shuffle(every)
        self._fresh: Iterator[dict[str, Any]] = (_ask(PATH, *view) for view in every)

    def fresh(self, n: int) -> list[dict[str, Any]]:
        """Questions that have not been asked before."""
        found = list(itertools.islice(self._fresh, n))
        assert len(found) == n, "no views left that nobody has asked for"
        return found


def _ask(path: str, area: str, region: str, month: str) -> dict[str, Any]:
    chosen = {"vardomrade": area, "region": region, "manad": month}
    search = urlencode({k: v for k, v in chosen.items() if v})
    names = ("strip", "nav", "filters", "main", "foot")
    outputs = [*((name, "children") for name in names), ("page", "data")]
    return {
        "output": f"..{'...'.join(f'{name}.{prop}' for name, prop in outputs)}..",
        "outputs": [{"id": name, "property": prop} for name, prop in outputs],
        "inputs": [
            {
                "id": "view",
                "property": "data",
                "value": {"path": path, "search": f"?{search}", "theme": "light", "attempt": 0},
            }
        ],
        "changedPropIds": ["view.data"],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", choices=("large", "demo", "both"), default="both")
    parser.add_argument("--keep", type=Path, help="make the databases here, or use those that are here")
    parser.add_argument("--rounds", type=int, default=15, help="changes of a filter")
    parser.add_argument("--quick", action="store_true", help="a third of the rounds: to look while working")
    given = parser.parse_args()
    if given.quick:
        given.rounds = 5
    met = True
    with ExitStack() as stack:
        under = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lagesbild-views-")))
        names = ("large", "demo") if given.data == "both" else (given.data,)
        for name in names:
            with database(name, under) as settings:
                met &= compare(name, settings, given.rounds)
        if "large" in names:
            for name in ("few", "small"):
                with database("large", under) as large, database(name, under) as small:
                    met &= grow(large, small, name, 5 * given.rounds)
    return 0 if met else 1


def compare(name: str, settings: Settings, rounds: int) -> bool:
    """The table of one data set. Returns whether every target is met."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lagesbild-floor-")))
        with open_database(settings, role="read") as reader:
            given = constants(PgSource(reader), folder / "constants.json")
        asked = Questions(settings, given)
        assert settings.database_url is not None
        address = settings.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
        services = {
            "floor": stack.enter_context(
                reference("floor", "benchmarks.web.floor", {"REFERENCE_CONSTANTS": str(folder / "constants.json")})
            ),
            "plain": stack.enter_context(
                reference("plain", "benchmarks.web.plain_dash", {"REFERENCE_DATABASE": address})
            ),
            OURS: stack.enter_context(ours(settings, PATH)),
        }
        rows = [*_under_load(services, asked, rounds), *_in_browser(services, asked, rounds), *_memory(services)]
    print(f"\n{name}: {'21 x 300 x 120' if name == 'large' else 'the demo'}; page {PATH}")
    print(HEADING)
    for row in rows:
        print(row.line(), flush=True)
    return all(row.met for row in rows)


def _under_load(services: dict[str, Service], asked: Questions, rounds: int) -> list[Measure]:
    seconds = 3.0 if rounds >= 15 else 1.5
    turns = 5 if rounds >= 15 else 2
    for _ in range(10):  # so that both workers have met every view
        load(services[OURS].base, asked.kept, clients=4, seconds=60, once=True)
    for name in ("floor", "plain"):
        load(services[name].base, asked.theirs, clients=4, seconds=1)

    def at(name: str, clients: int, live: bool = False) -> tuple[Load, float]:
        service = services[name]
        questions = asked.theirs if name != OURS else asked.fresh(60) if live else asked.kept
        if live:  # asked once each, so for as long as there are any
            return _once(service, questions, clients)
        before = service.cpu_seconds()
        got = load(service.base, questions, clients=clients, seconds=seconds)
        return got, (service.cpu_seconds() - before) / len(got.answers)

    eight = chrome.in_turn(
        {
            "floor": lambda: at("floor", 8),
            "plain": lambda: at("plain", 8),
            "kept": lambda: at(OURS, 8),
            "live": lambda: at(OURS, 8, live=True),
        },
        turns,
    )
    many = chrome.in_turn({n: lambda n=n: at(n, 32) for n in services}, turns)
    rate = {n: median(got.per_second for got, _ in found) for n, found in eight.items()}
    cpu = {n: 1000 * median(used for _, used in found) for n, found in eight.items()}
    p95 = {n: 1000 * median(float(np.quantile(got.answers, 0.95)) for got, _ in f) for n, f in many.items()}
    return [
        Measure(
            "answers per second, 8 clients, kept", "/s", rate["kept"], rate["floor"], rate["plain"], (0.5, 100), True
        ),
        Measure(
            "answers per second, 8 clients, live", "/s", rate["live"], rate["floor"], rate["plain"], (0.15, 40), True
        ),
        Measure("server CPU per change, kept", "ms", cpu["kept"], cpu["floor"], cpu["plain"], (3, 1 / 20)),
        Measure("server CPU per change, live", "ms", cpu["live"], cpu["floor"], cpu["plain"], (3, 1 / 20)),
        Measure("request p95, 32 clients, kept", "ms", p95[OURS], p95["floor"], p95["plain"], (3, 1 / 25)),
    ]


def _once(service: Service, questions: list[dict[str, Any]], clients: int) -> tuple[Load, float]:
    before = service.cpu_seconds()
    got = load(service.base, questions, clients=clients, seconds=60, once=True)
    return got, (service.cpu_seconds() - before) / len(got.answers)


def _in_browser(services: dict[str, Service], asked: Questions, rounds: int) -> list[Measure]:
    turns = max(3, rounds // 2)
    with chrome.chromium() as browser:
        loads = chrome.in_turn({n: lambda s=s: chrome.first_load(browser, s) for n, s in services.items()}, turns, 1)
        first = chrome.Defaults(asked.areas[0], asked.months[-1])
        kept = _walk([asked.areas[0], *asked.areas[1:]], asked.months, first, rounds + 2)
        changers = {n: chrome.Changer(browser, services[n], kept, first) for n in ("floor", "plain")}
        changers["kept"] = chrome.Changer(browser, services[OURS], kept, first)
        unseen = [str(Month.parse(m) - 12) for m in asked.months]  # a year that nobody has asked for without a region
        changers["live"] = chrome.Changer(browser, services[OURS], _walk(asked.areas, unseen, first, rounds + 2), first)
        changed = chrome.in_turn({n: c.change for n, c in changers.items()}, rounds, 2)
        size = changers["kept"].count()
    print(f"our page has {size['nodes']} nodes and {size['graphs']} charts")
    middle = {n: median(x) for n, x in changed.items()}
    late = {n: float(np.quantile(x, 0.95)) for n, x in changed.items()}
    cold = {n: median(x.cold_ms for x in f) for n, f in loads.items()}
    warm = {n: median(x.warm_ms for x in f) for n, f in loads.items()}
    size_kb = {n: median(x.kilobytes for x in f) for n, f in loads.items()}

    def three(found: dict[str, float], own: str = OURS) -> tuple[float, float, float]:
        return found[own], found["floor"], found["plain"]

    return [
        Measure("change a filter, kept: median", "ms", *three(middle, "kept"), (1.25, 0.65)),
        Measure("change a filter, kept: p95", "ms", *three(late, "kept"), (1.4, 0.65)),
        Measure("change a filter, live: median", "ms", *three(middle, "live"), (1.25, 0.65)),
        Measure("change a filter, live: p95", "ms", *three(late, "live"), (1.4, 0.65)),
        Measure("cold load, all charts drawn", "ms", *three(cold), (0.75, 0.7)),
        Measure("warm load", "ms", *three(warm), (1.25, 0.7)),
        Measure("bytes on first load", "kB", *three(size_kb), (0.6, 0.2)),
    ]


def _walk(areas: list[str], months: list[str], first: chrome.Defaults, steps: int) -> list[tuple[str, str]]:
    """Views one after the other, one selector changed at a time, none of them twice."""
    draw = random.Random(11)
    seen, out, now = {(first.area, first.month)}, [], (first.area, first.month)
    for k in range(steps):
        options = [(a, now[1]) for a in areas] if k % 2 and now[1] in months else [(now[0], m) for m in months]
        fresh = [v for v in options if v not in seen] or [(now[0], m) for m in months if (now[0], m) not in seen]
        now = draw.choice(fresh)
        seen.add(now)
        out.append(now)
    return out


def _memory(services: dict[str, Service]) -> list[Measure]:
    found = {n: s.memory() for n, s in services.items()}
    pss, uss = ({n: m[k] for n, m in found.items()} for k in (0, 1))
    return [
        Measure("memory of two workers, proportional", "MB", pss[OURS], pss["floor"], pss["plain"], (2, 0.9)),
        Measure("memory of two workers, unique", "MB", uss[OURS], uss["floor"], uss["plain"], (2, 0.9)),
    ]


def grow(large: Settings, small: Settings, name: str, rounds: int) -> bool:
    """The same views, never asked before, of 756 000 rows and of few: as long a history of three care areas ("few"), or
    one of 60 months ("small"), of which a page has less to show than the 72 it shows of the large."""
    areas, months = SIZES[name]
    print(f"\nthe same view, live: {ROWS['large']} rows of waits against {ROWS[name]} ({areas} x {months} months)")
    met = True
    with ours(large, PATH) as big, ours(small, PATH) as little:
        lines = {s.base: http.client.HTTPConnection(urlsplit(s.base).netloc, timeout=60) for s in (big, little)}
        for path in PAGES:
            with open_database(small, role="read") as reader:
                source = PgSource(reader)
                latest, regions = source.latest_month(), [r.code for r in source.regions() if r.code != "SE"]
            assert latest is not None
            area = "" if path == "/" else "knaprotes"
            views = [_ask(path, area, r, str(latest - k)) for r in regions for k in range(24)]
            random.Random(5).shuffle(views)
            asked = iter(views)
            first = itertools.cycle([next(asked) for _ in range(12)])  # warms connections and code, not the views

            def once(service: Service, view: dict[str, Any]) -> float:
                line = lines[service.base]
                body, start = json.dumps(view), time.perf_counter()
                line.request("POST", "/_dash-update-component", body, {"Content-Type": "application/json"})
                answer = line.getresponse()
                answer.read()
                assert answer.status == 200
                return time.perf_counter() - start

            taken: dict[str, list[float]] = {"big": [], "little": []}
            for k in range(rounds + 12):
                view = next(first) if k < 12 else next(asked)
                for name, service in (("big", big), ("little", little)):
                    got = once(service, view)
                    if k >= 12:
                        taken[name].append(got)
            ratio = median(taken["big"]) / median(taken["little"])
            met &= ratio <= SIZE_LIMIT
            print(
                f"{path:16}{1000 * median(taken['big']):8.1f} ms {1000 * median(taken['little']):8.1f} ms"
                f"  ratio {ratio:5.2f}  <={SIZE_LIMIT} {'yes' if ratio <= SIZE_LIMIT else 'NO'}",
                flush=True,
            )
    return met


if __name__ == "__main__":
    sys.exit(main())
