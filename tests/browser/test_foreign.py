"""Another country end to end: public files, converted, imported through the command line into an empty database,
forecast, gaps listed, served, every page opened in Chromium. Nothing in the code may assume Sweden's regions."""

from __future__ import annotations

import csv
import itertools
import json
import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from examples import ireland, scotland
from lagesbild.data.engine import open_database
from lagesbild.data.source import PgSource
from lagesbild.domain.care import aggregate_regions, leaf_regions
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query
from lagesbild.domain.viewer import Viewer
from lagesbild.pages.context import PageContext
from lagesbild.pages.kept_source import KeptSource
from lagesbild.pages.options import filters
from lagesbild.pages.registry import all_pages
from lagesbild.settings import Settings
from tests.browser.checks import sideways
from tests.browser.conftest import COMMAND, ROOT, Opened, free_port, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.database]

FILES = ROOT / "tests" / "data_files"
CONVERTERS = {"scotland": scotland.convert, "ireland": ireland.convert}
WRONG = ("nan", "None", "undefined", "NaT", "Traceback", "Sidan kunde inte visas", "Inga uppgifter ännu")


@dataclass
class Country:
    """A served country: its address, what the command line said, the settings that reach its database."""

    name: str
    base: str
    url: str
    said: dict[str, str] = field(default_factory=dict)


def _run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, f"lagesbild {' '.join(arguments)}: {done.stderr}"
    return done.stdout


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module", params=sorted(CONVERTERS))
def country(request, pg_server, tmp_path_factory) -> Iterator[Country]:
    """Converts, creates an empty database, imports, forecasts and serves, all through the command line."""
    name = request.param
    files = CONVERTERS[name](FILES / name, tmp_path_factory.mktemp(name))
    database = f"foreign_{name}"
    pg_server.run(f"CREATE DATABASE {database}")
    url, port = pg_server.url(database), free_port()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("LAGESBILD_")},
        "LAGESBILD_DATABASE_URL": url,
        "LAGESBILD_HOME": str(tmp_path_factory.mktemp("home")),
        "PORT": str(port),
        "HOST": "127.0.0.1",
    }
    served = Country(name, f"http://127.0.0.1:{port}", url)
    _run(environment, "db", "upgrade")
    for file in files:
        _run(environment, "import", file.stem, str(file))
    _run(environment, "forecast", "--jobs", "2")
    served.said["gaps"] = _run(environment, "gaps", "--format", "csv")
    served.said["regions"] = _run(environment, "export", "regions")
    log = tmp_path_factory.mktemp("log") / "serve.log"
    with log.open("w") as lines:
        process = subprocess.Popen([COMMAND, "serve"], env=environment, cwd=ROOT, stderr=lines, text=True)
    try:
        wait_for(served.base + "/readyz", process)
        yield served
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        pg_server.run(f"DROP DATABASE {database} WITH (FORCE)")


@pytest.fixture(scope="module")
def source(country) -> Iterator[KeptSource]:
    """The country as the service's pages read it: what stays the same is asked for once."""
    with open_database(Settings(database_url=country.url), role="read") as database:
        read = PgSource(database)
        yield KeptSource(read, read.version())


def test_every_row_of_the_public_files_has_arrived(country, source, tmp_path):
    for file in CONVERTERS[country.name](FILES / country.name, tmp_path):
        rows = _rows(file)
        if file.stem in ("waits", "production"):
            stored = source.facts(file.stem, Query())
            assert len(stored) == len(rows)
            for column in ("waiting", "within_limit", "performed"):
                if column in rows[0]:
                    assert stored[column].sum() == sum(float(r[column] or 0) for r in rows)
            assert not stored["synthetic"].any()
            assert set(stored["source"]) == {json.loads(file.with_name(file.name + ".meta.json").read_text())["source"]}


def test_codes_stay_text(country, source):
    codes = {r.code for r in source.regions()}
    if country.name == "ireland":
        assert "0101" in codes
        assert [r.code for r in aggregate_regions(source.regions())] == ["IE"]
    else:
        assert "SB0801" in codes
        assert "S92000003" not in codes
        assert not aggregate_regions(source.regions())


def test_every_series_is_forecast_or_said_to_be_too_short(country, source):
    run = source.runs()[0]
    stored = source.forecasts((run.run_id,))
    leaves = {r.code for r in leaf_regions(source.regions())}
    assert set(stored["region"]) <= leaves | {""}
    waits = source.facts("waits", Query(regions=tuple(leaves)))
    lengths = waits.groupby(["region", "care_area"]).size()
    waiting = stored[stored["measure"] == "waiting"].set_index(["region", "care_area"])
    for key, length in lengths.items():
        rows = waiting.loc[[key]]
        if rows["mean"].notna().all():
            assert length >= 24
            assert len(rows) == run.horizon
            assert (rows["lo95"] <= rows["hi95"]).all()
        else:
            assert rows["mean"].isna().all()
            assert rows["note"].str.contains("för kort serie|det senaste värdet är från", case=False).all()
    unforecast = set(waiting.index[waiting["mean"].isna()])
    young, closed = ("0000", "GI-ENDOSCOPY"), ("0941", "GI-ENDOSCOPY")
    assert unforecast == ({young, closed} if country.name == "ireland" else set())


def test_gaps_are_listed_with_the_countrys_own_codes(country, source):
    rows = list(csv.DictReader(country.said["gaps"].lstrip("\ufeff").splitlines()))
    assert rows
    assert {r["region"] for r in rows} <= {r.code for r in source.regions()} | {""}
    assert {r["status"] for r in rows} <= {"none", "watch", "expected", "open"}
    assert {r["care_area"] for r in rows} <= {a.code for a in source.care_areas()}


def _swedish_names() -> set[str]:
    rows = _rows(ROOT / "data" / "seed" / "real" / "regions.csv")
    return {r[c] for r in rows for c in ("name", "short_name") if r["code"] != "SE"}


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("page", all_pages(), ids=lambda p: p.path)
def test_every_page_opens(country, source, visit: Callable[..., Opened], page, width):
    codes = {"region": leaf_regions(source.regions())[0].code, "care_area": source.care_areas()[0].code}
    opened = visit(country.base + page.address(codes.get(page.parameter, "")), width=width)
    opened.page.wait_for_load_state("networkidle")
    text = opened.page.locator("body").text_content() or ""
    shown = opened.page.inner_text("#main")
    assert not [w for w in WRONG if re.search(rf"(?<![\w/.-]){w}(?![\w/.-])", shown)], shown[:2000]
    assert opened.console == []
    assert opened.outside(country.base) == []
    assert not [n for n in _swedish_names() if re.search(rf"\b{n}\b", text)]
    assert "Syntetiska data" not in opened.page.inner_text("#strip")
    assert sideways(opened.page) == []


@pytest.mark.parametrize("page", all_pages(), ids=lambda p: p.path)
def test_every_care_area_and_region_can_be_chosen(country, source, page):
    leaves = leaf_regions(source.regions())
    for area, region in itertools.product(["", *(a.code for a in source.care_areas())], [None, *leaves[::3]]):
        selection = Selection(care_area=area, region=region.code if region else "")
        if page.parameter and not getattr(selection, page.parameter):
            continue
        content = page.build(PageContext(source, selection, Viewer()))
        assert content.kicker
        assert all(sentence.endswith(".") for sentence in content.sentences)


def test_production_without_inflow_is_shown_as_far_as_it_goes(country, source):
    """Scotland publishes what is performed and planned but nobody who is added; Ireland publishes neither."""
    area = "OPERATIONS" if country.name == "scotland" else "GI-ENDOSCOPY"
    page = next(p for p in all_pages() if p.path == "/produktion")
    content = page.build(PageContext(source, Selection(care_area=area), Viewer()))
    told = {section.id for section in content.sections}
    if country.name == "scotland":
        assert {"styrdiagram", "plan", "balans"} <= told
        assert "Balansen kan inte räknas." in content.sentences
    else:
        assert told == {"inga-uppgifter"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_waiting_page_names_the_countrys_own_regions(country, source, visit: Callable[..., Opened], theme):
    text = visit(country.base + "/vantetider", theme=theme).page.locator("#main").text_content() or ""
    area = min(source.care_areas(), key=lambda a: a.sort_order)
    waits = source.facts("waits", Query(care_areas=(area.code,)))
    latest = set(waits.loc[waits["period"] == waits["period"].max(), "region"])
    names = [r.short_name for r in leaf_regions(source.regions()) if r.code in latest]
    assert names
    assert [n for n in names if n not in text] == []


@pytest.mark.parametrize("path", ["/vantetider", "/produktion", "/prognos"])
def test_the_filter_names_the_care_area_that_is_shown(source, path):
    page = next(p for p in all_pages() if p.path == path)
    for area in ["", *(a.code for a in source.care_areas())]:
        context = PageContext(source, Selection(care_area=area), Viewer())
        content = page.build(context)
        field = next((f for f in filters(context, page.filters) if f.name == "care_area"), None)
        if field is None or (":" not in content.kicker and " för " not in content.kicker) or content.notes:
            continue  # nothing to choose, nothing shown, or said to be shown instead of what was chosen
        label = next(o.label for o in field.options if o.value == field.value)
        assert label.lower() in content.kicker.lower()
