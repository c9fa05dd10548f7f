"""Two hundred people browse the service for five minutes: no error, and 19 of 20 views within a second.

    python -m benchmarks.load [--quick] [--users 200] [--seconds 300] [--think 8] [--keep DIRECTORY]

The demonstration data with a forecast, served as `lagesbild serve` does, answers made ahead as always. Each user opens
the service, then asks for a view, reads for 8 s on average, asks for another: any page, for the country or any region,
for any care area. Users share the processors with the service. Exit code 1 when there is an error or it is too slow.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any, Final
from urllib.parse import urlencode

from benchmarks.web.browsing import browse_beside
from benchmarks.web.data import database
from benchmarks.web.servers import ours
from lagesbild.answers import question
from lagesbild.data.engine import open_database
from lagesbild.data.runs import PgRunStore
from lagesbild.data.source import PgSource
from lagesbild.domain.care import leaf_regions
from lagesbild.jobs.forecasting import run_forecast
from lagesbild.pages.registry import all_pages
from lagesbild.pages.view import View
from lagesbild.settings import Settings
from lagesbild.views.middles import Middles

LIMIT_SECONDS: Final = 1.0
PART: Final = 0.95


def main() -> int:
    """Print what was measured."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--users", type=int, default=200)
    asked.add_argument("--seconds", type=float, default=300)
    asked.add_argument("--think", type=float, default=8)
    asked.add_argument("--quick", action="store_true", help="20 sekunder")
    asked.add_argument("--keep", type=Path)
    given = asked.parse_args()
    with ExitStack() as stack:
        place = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lagesbild-load-")))
        settings = stack.enter_context(database("demo", place))
        views = _views(settings)
        service = stack.enter_context(ours(settings, "/", ahead=True))
        cpu = service.cpu_seconds()
        found = browse_beside(
            service.base,
            [question(v) for v in views],
            users=given.users,
            seconds=20 if given.quick else given.seconds,
            think=given.think,
        )
        cpu = service.cpu_seconds() - cpu
    errors = sum(found.errors.values())
    total = len(found.views) + len(found.first)
    print(f"{given.users} användare i {found.seconds:.0f} s, {len(views)} olika vyer")
    print(f"{len(found.views)} vyer ({len(found.views) / found.seconds:.1f}/s), {errors} fel av {total} svar")
    print(
        f"sekunder per vy: hälften {median(found.views):.3f}, 19 av 20 {found.share(PART):.3f}, "
        f"99 av 100 {found.share(0.99):.3f}, längst {max(found.views):.3f}"
    )
    print(f"första besökets svar: 19 av 20 {sorted(found.first)[int(PART * len(found.first))]:.3f} s")
    print(f"processortid för tjänsten: {cpu:.0f} s, {cpu / found.seconds:.2f} processorer")
    for kind, times in found.errors.items():
        print(f"  {kind}: {times}")
    return 0 if not errors and found.share(PART) <= LIMIT_SECONDS else 1


def _views(settings: Settings) -> list[View]:
    """Every page of the menu for the country, each region and each care area, and each region's and area's own page."""
    with open_database(settings, role="write") as written:
        source = PgSource(written)
        if not source.runs():
            run_forecast(source, PgRunStore(written), n_paths=200, middles=Middles())
        regions = [r.code for r in leaf_regions(source.regions())]
        areas = [a.code for a in source.care_areas()]
    own: dict[str, list[str]] = {"region": regions, "care_area": areas}
    found: list[View] = []
    for page in all_pages():
        if page.parameter:
            found += [View(page.root + code) for code in own[page.parameter]]
            continue
        found.append(View(page.path))
        choices: list[dict[str, Any]] = [{"vardomrade": a} for a in areas] if "care_area" in page.filters else []
        choices += [{"region": r} for r in regions] if "region" in page.filters else []
        found += [View(page.path, urlencode(c)) for c in choices]
    return found


if __name__ == "__main__":
    sys.exit(main())
