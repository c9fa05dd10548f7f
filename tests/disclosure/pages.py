"""Everything a public viewer can get of a source: every page for many selections, as plain data."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Iterator
from typing import Any

from lagesbild.components.model import Page, PageContent
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages.context import PageContext
from lagesbild.pages.registry import all_pages
from tests.fakes import FakeSource


def selections(source: FakeSource, months: list[Month]) -> list[Selection]:
    """The country, each region, healthcare region and provider, in several months, and what changes what is counted."""
    regions = [r.code for r in source.regions()[1:]]
    out = [Selection(month=m, care_area=a.code) for m in months for a in source.care_areas()]
    out += [Selection(month=m) for m in months]
    out += [Selection(month=m, region=r) for m in months for r in regions]
    out += [
        Selection(month=months[-1], care_area=a.code, healthcare_region=h)
        for a in source.care_areas()
        for h in ("Norra", "Södra")
    ]
    out += [Selection(month=m, provider=p.code, region=p.region) for m in months for p in source.providers()]
    out += [Selection(month=months[-1], per="per_100000"), Selection(month=months[-1], per="andel")]
    out += [Selection(month=months[-1], target=90)]
    out += [Selection(month=months[-1], region=regions[0], compare=c) for c in ("sjukvardsregion", regions[1])]
    return out


def seen(
    page: Page, source: FakeSource, selection: Selection, viewer: Viewer, made: dict[Hashable, Any]
) -> PageContext:
    """A page's context that keeps parts among selections as the service does: what was made for one reader's choice is
    what the next one is shown."""

    def kept(key: Hashable, make: Callable[[], Any]) -> Any:
        whole = (page.path, selection.as_of, key)
        if whole not in made:
            made[whole] = make()
        return made[whole]

    return PageContext(source, selection, viewer, kept=kept)


def contents(
    source: FakeSource, months: list[Month], viewer: Viewer, pages: tuple[str, ...] = ()
) -> Iterator[tuple[str, Selection, PageContent]]:
    """Path, selection and content, a page with a code in its address only where the code is chosen."""
    made: dict[Hashable, Any] = {}
    for page in all_pages():
        if (pages and page.path not in pages) or not page.needs_data:
            continue
        for selection in selections(source, months):
            parameter = getattr(page, "parameter", "")
            if parameter and not getattr(selection, parameter):
                continue
            yield page.path, selection, page.build(seen(page, source, selection, viewer, made))


def plain(x: Any) -> Any:
    """Dataclasses as dicts, so that two contents can be compared leaf by leaf."""
    if dataclasses.is_dataclass(x) and not isinstance(x, type):
        return {f.name: plain(getattr(x, f.name)) for f in dataclasses.fields(x)}
    if isinstance(x, dict):
        return {str(k): plain(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [plain(v) for v in x]
    return x


def differences(a: Any, b: Any, path: str = "") -> Iterator[str]:
    """Where two contents differ, for people to read."""
    if isinstance(a, dict) and isinstance(b, dict):
        for k in [*a, *(k for k in b if k not in a)]:
            yield from differences(a.get(k), b.get(k), f"{path}.{k}")
    elif isinstance(a, list) and isinstance(b, list):
        if len(a) != len(b):
            yield f"{path}: {len(a)} or {len(b)} items"
        for k, (x, y) in enumerate(zip(a, b, strict=False)):
            yield from differences(x, y, f"{path}[{k}]")
    elif isinstance(a, float) and isinstance(b, (float, int)):
        if not (a == b or (a != a and b != b) or abs(a - b) < 1e-9):
            yield f"{path}: {a!r} or {b!r}"
    elif a != b:
        yield f"{path}: {a!r} or {b!r}"
