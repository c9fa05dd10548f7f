"""Briefings of real PostgreSQL: every pair of the demo on two pages, the country by its code, a saved one's link."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lagesbild.auth.forgery import HEADER
from lagesbild.cli.briefing_files import Maker, maker
from lagesbild.data.briefings import PgBriefings
from lagesbild.data.engine import open_database
from lagesbild.data.source import PgSource
from lagesbild.domain.care import leaf_regions
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query
from lagesbild.factory import create_app
from lagesbild.jobs.importing import import_file
from lagesbild.jobs.seeding import load_seed
from lagesbild.reports.compose import briefing
from lagesbild.reports.typeset import pdf, preview
from lagesbild.settings import Settings
from tests.conftest import TEMPLATE, PgServer
from tests.country import beside, forecast_frame, gap_row, run
from tests.fakes import FakeSource
from tests.jobs.importing import import_country
from tests.reports.read_pdf import pages

pytestmark = pytest.mark.database
SEED = Path(__file__).parents[2] / "data" / "seed"
DOTS = 8.0  # an inch: enough to count pages
# read as PDF: the largest and the smallest region, the one with most providers, those whose flows are most and fewest,
# and every care area
PAIRS = [
    ("01", "katarakt"),
    ("09", "ljumskbrack"),
    ("12", "knaprotes"),
    ("14", "ljumskbrack"),
    ("21", "knaprotes"),
    ("23", "katarakt"),
]


class WithForecast:
    """The database with a forecast of every pair beside it: made up, since a real one of 252 series takes a minute."""

    def __init__(self, source: PgSource) -> None:
        self._source = source
        codes = tuple(r.code for r in leaf_regions(source.regions()))
        facts = {d: source.facts(d, Query(regions=codes, provider="")) for d in ("waits", "production")}
        last = source.latest_month()
        assert last is not None
        made = run(until=last)
        areas = sorted(set(facts["waits"]["care_area"]))
        gaps = [gap_row(c, a, "expected", opens_period=4, probability_12m=0.64) for c in codes for a in areas]
        table = pd.DataFrame(gaps)
        for c in ("opens_period", "opens_lo", "opens_hi", "target_period"):
            table[c] = pd.to_datetime(table[c])
        keys = ["period", "region", "care_area"]
        frames = {d: f[[*keys, *(c for c in f if f[c].dtype.kind == "f")]] for d, f in facts.items()}
        self._forecast = FakeSource(
            source.regions(),
            source.care_areas(),
            {},
            run_rows=[made, beside(made)],
            forecast_rows=forecast_frame([made], frames),
            gap_rows=table,
        )

    def __getattr__(self, name: str) -> Any:
        forecast = ("runs", "forecasts", "gaps", "paths", "pair_facts", "gap_record", "backtest")
        return getattr(self._forecast if name in forecast else self._source, name)


@pytest.fixture(scope="module")
def made(pg_server: PgServer) -> Iterator[Maker]:
    """What makes briefings of the demo, read and forecast once for all its care areas, as one command has it."""
    name = "briefings_of_the_demo"
    pg_server.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
    settings = Settings(database_url=pg_server.url(name))
    with open_database(settings, role="write") as database:
        load_seed(database, SEED)
        yield maker(WithForecast(PgSource(database)), settings)
    pg_server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("area", sorted({area for _, area in PAIRS}))
def test_every_region_of_a_care_area_takes_two_pages_and_its_sheet_one(area, made):
    """All 63 pairs. Pages are counted as pictures of a few dots, from the layout that the PDF is written from; of six
    pairs the PDF itself is read."""
    codes = [r.code for r in leaf_regions(made.source.regions())]
    assert len(codes) == 21
    assert {area for _, area in PAIRS} == set(made.source.facts("waits", Query(regions=("01",)))["care_area"])
    assert {region for region, _ in PAIRS} < set(codes)
    counted, forecast = dict[str, tuple[int, int]](), list[str]()
    for region in codes:
        look = cache(made.look)  # both kinds are about the same pages
        of = {
            kind: briefing(Selection(care_area=area, region=region, kind=kind), look, made.source, made.viewer)
            for kind in ("region", "beredskap")
        }
        counted[region] = (len(preview(of["region"], DOTS)), len(preview(of["beredskap"], DOTS)))
        forecast += [f.id for f in of["region"].figures if f.id in ("prognos", "prognos-vantande")]
        if (region, area) in PAIRS:
            read = pages(pdf(of["region"]))
            assert len(read) == counted[region][0]
            assert "Bilaga" not in " ".join(read), region
    assert {region: n for region, n in counted.items() if n != (2, 1)} == {}
    assert forecast.count("prognos-vantande") == len(codes), "as they are used: with a forecast"
    assert forecast.count("prognos") >= len(codes) // 3, "of a share that may be shown"


def test_the_country_s_code_is_the_country(database, command_line, tmp_path, monkeypatch, database_url):
    import_country(database, tmp_path, synthetic=True)
    monkeypatch.setenv("LAGESBILD_DATABASE_URL", database_url)
    area = PgSource(database).care_areas()[0].code
    files = []
    for region in (("--region", "SE"), ()):
        out = tmp_path / f"{len(region)}.html"
        code, _, err = command_line("briefing", "--care-area", area, *region, "--format", "html", "--out", str(out))
        assert code == 0, err
        assert f"Uppgifterna är syntetiska, men det syns inte på namnet {out.name}." in " ".join(err.split())
        files.append(out.read_bytes())
    whole, country = files
    assert whole == country
    assert "hela landet" in whole.decode()


def test_a_saved_briefing_s_link_gives_the_same_file_after_an_import(database, open_as, settings, tmp_path):
    import_country(database, tmp_path, synthetic=True)
    source = PgSource(open_as("read"))
    app = create_app(source, settings, briefings=PgBriefings(open_as("read"), open_as("write")))
    client = app.test_client()
    region, area = leaf_regions(source.regions())[0].code, source.care_areas()[0].code
    choices = f"mall=region&region={region}&vardomrade={area}"
    told = client.post(
        "/rapporter/spara",
        json={"val": choices, "kommentarer": {"vantetider": "Se protokoll 12."}},
        headers={HEADER: "1"},
    )
    assert told.status_code == 200
    link = told.get_json()["adress"].partition("?")[2]
    assert "underlag=" in link

    def made(query: str, form: str) -> bytes:
        answer = client.get(f"/rapporter/underlag.{form}?{query}")
        assert answer.status_code == 200
        return answer.data

    before, sheet, now = made(link, "html"), made(link, "pdf"), made(choices, "html")
    assert "Se protokoll 12." in before.decode()
    assert "Se protokoll 12." not in now.decode()
    last = source.latest_month()
    rows = source.facts("waits", Query(regions=(region,), care_areas=(area,), first=last))
    revised = rows[["period", "region", "care_area", "waiting", "within_limit"]].assign(
        period=str(last), waiting=rows["waiting"] * 3
    )
    file = tmp_path / "rättat.csv"
    revised.to_csv(file, index=False)
    import_file(database, "waits", file, synthetic=True)
    # another process, as after a restart: nothing is kept
    client = create_app(source, settings, briefings=PgBriefings(open_as("read"), open_as("write"))).test_client()
    assert made(link, "html") == before
    assert made(link, "pdf") == sheet
    assert made(choices, "html") != now
