"""FHIR reports: what they hold, what is absent and why, and that they come in as they went out."""

from __future__ import annotations

import calendar
import json
import re
import uuid
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lagesbild.api.fhir import ABSENT, MeasureReportBundle, report_id
from lagesbild.data.importers import fhir as importer
from lagesbild.domain.person import Person
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables import Asked, published_table
from tests.api.world import exact, get, service, small

PATH = "fhir/MeasureReport"


def world():
    """The small country, whose only care area is of cataract surgery; three of four hospitals have an HSA-id."""
    source = small()
    source.area_rows = [replace(source.area_rows[0], kva_prefixes="NGB, cjc10 CJD")]
    source.provider_rows = [
        replace(p, hsa_id="" if p.code == "R2-P2" else f"SE-{p.code}") for p in source.provider_rows
    ]
    production = source.frames["production"]
    some = np.where(production.index % 3, production["performed"], production["performed"] * 7 // 10)
    production["performed_within_limit"] = np.where(production["provider"] != "", some, np.nan)
    production["wait_days_median"] = np.where(production["performed"] > 0, 40.5 + production.index % 20, np.nan)
    return source


SOURCE = world()


@pytest.fixture(scope="module", params=["public", "exact"])
def told(request):
    client = service(SOURCE, exact if request.param == "exact" else Person).test_client()
    answer = get(client, f"{PATH}?limit=10000")
    assert answer.content_type == "application/fhir+json"
    return Viewer(request.param), answer.json


def reports(bundle):
    """(month, HSA-id) -> {measure: group}"""
    out: dict[tuple[str, str], dict[str, dict]] = {}
    for entry in bundle["entry"]:
        r = entry["resource"]
        key = r["period"]["start"][:7], r["reporter"]["identifier"]["value"]
        out.setdefault(key, {})[r["measure"].rsplit("/", 1)[1]] = r["group"][0]
    return out


def test_every_report_has_a_name_of_its_own_that_is_no_address(told):
    names = {e["resource"]["id"]: e["fullUrl"] for e in told[1]["entry"]}
    assert len(set(names.values())) == len(names) == len(told[1]["entry"]) > 10
    for name in names.values():
        assert uuid.UUID(name.removeprefix("urn:uuid:")).urn == name  # what R4 asks of what has no address
    page = get(service(SOURCE).test_client(), f"{PATH}?limit=3").json["entry"]
    assert {e["fullUrl"] for e in page} <= set(names.values())  # the same when it is fetched again


def test_the_id_of_a_report_is_one_that_r4_allows_and_no_other_hospitals(told):
    odd = [
        f"{start}{end}"
        for start in ("SE2321000016-39KJ", "SE-" + "x" * 60, "SE å_/", "")
        for end in ("", "é", "_", "ö")
    ]
    ids = [report_id("vantetid-vardgaranti-2026-10", hsa_id) for hsa_id in odd]
    assert len(set(ids)) == len(odd)
    sent = [e["resource"]["id"] for e in told[1]["entry"]]
    assert [i for i in (*ids, *sent) if not re.fullmatch(r"[A-Za-z0-9.-]{1,64}", i)] == []


def why(element):
    (extension,) = element["extension"]
    assert extension["url"] == ABSENT
    return extension["valueCode"]


def test_the_bundle_is_of_the_described_type(told):
    bundle = MeasureReportBundle.model_validate(told[1])
    assert bundle.total == len(bundle.entry) > 50
    for entry in bundle.entry:
        year, month = (int(n) for n in entry.resource.period["start"].split("-")[:2])
        assert entry.resource.period["end"] == f"{year}-{month:02d}-{calendar.monthrange(year, month)[1]}"


def test_numbers_are_those_of_the_published_table(told):
    viewer, bundle = told
    asked = Asked(care_areas=("A1",), providers=("R1-P1", "R1-P2", "R2-P1"))
    table = published_table("production", SOURCE, asked, viewer).frame
    found = reports(bundle)
    assert len(found) == len(table)
    seen = set()
    for row in table.to_dict("records"):
        mine = found[f"{row['period']:%Y-%m}", f"SE-{row['provider']}"]
        population = mine["vantetid-vardgaranti"]["population"][0]
        score = mine["vantetid-median"]["measureScore"]
        for told_, state, value, absent in (
            (population.get("count"), row["performed_state"], row["performed"], population.get("_count")),
            (score.get("value"), row["wait_days_median_state"], row["wait_days_median"], score.get("_value")),
        ):
            seen.add(state)
            if state == "":
                assert (told_, absent) == (value, None)
            else:
                assert told_ is None
                assert why(absent) == ("masked" if state in ("suppressed", "secondary") else "unknown")
    assert {"", "secondary"} <= seen if viewer.role == "public" else "secondary" not in seen


def test_the_share_within_the_guarantee_is_of_the_treated_and_hidden_with_a_small_part_of_them(told):
    viewer, bundle = told
    facts = SOURCE.frames["production"].set_index(["period", "provider"])
    seen = set()
    for (month, hospital), group in reports(bundle).items():
        fact = facts.loc[(month, hospital.removeprefix("SE-"))]
        performed, within = int(fact["performed"]), int(fact["performed_within_limit"])
        share = group["vantetid-vardgaranti"]
        of, part = share["population"]
        assert [p["code"]["coding"][0]["code"] for p in (of, part)] == ["initial-population", "numerator"]
        score = share["measureScore"]
        if viewer.role == "exact" or ("count" in of and all(n == 0 or n >= 5 for n in (within, performed - within))):
            assert part["count"] == within
            if performed:
                assert score["value"] == round(100 * within / performed, 1)
            seen.add("told")
        else:
            assert (why(part["_count"]), "count" in part) == ("masked", False)
            assert (why(score["_value"]), "value" in score) == ("masked", False)
            seen.add("hidden" if "count" in of else "hidden with the treated")
    assert seen == ({"told"} if viewer.role == "exact" else {"told", "hidden", "hidden with the treated"})


def test_invented_reports_are_tagged_as_tests(told):
    assert {e["resource"]["meta"]["tag"][0]["code"] for e in told[1]["entry"]} == {"HTEST"}


def test_the_prefixes_are_those_of_the_importer():
    from lagesbild.api.fhir import CATARACT_KVA

    assert CATARACT_KVA == importer.CATARACT_KVA


def test_choices_pages_and_other_care_areas():
    client = service(SOURCE, exact).test_client()
    mine = get(client, f"{PATH}?provider=R1-P1&from=2026-09&to=2026-10").json
    assert set(reports(mine)) == {("2026-09", "SE-R1-P1"), ("2026-10", "SE-R1-P1")}
    assert get(client, f"{PATH}?region=R2&limit=1").json["total"] == 2 * len(
        {k for k in reports(get(client, f"{PATH}?limit=10000").json) if k[1] == "SE-R2-P1"}
    )
    first = get(client, f"{PATH}?provider=R1-P1&limit=3").json
    following = next(link["url"] for link in first["link"] if link["relation"] == "next")
    second = client.get(following).json
    whole = get(client, f"{PATH}?provider=R1-P1&limit=6").json
    assert first["entry"] + second["entry"] == whole["entry"]
    wrong = get(client, f"{PATH}?care_area=A1&care_area=zzz")
    assert wrong.status_code == 400
    other = world()
    other.area_rows = [replace(other.area_rows[0], kva_prefixes="NGB")]
    client = service(other).test_client()
    assert get(client, PATH).json["total"] == 0
    assert get(client, f"{PATH}?care_area=A1").json["errors"][0]["parameter"] == "care_area"


def test_as_plain_json_for_who_asks_for_it():
    client = service(SOURCE).test_client()
    assert get(client, f"{PATH}?limit=1", "application/json").mimetype == "application/json"
    assert get(client, f"{PATH}?limit=1", "application/fhir+json; fhirVersion=4.0").mimetype == "application/fhir+json"
    assert get(client, f"{PATH}?limit=1", "text/csv").status_code == 406


@pytest.mark.database
def test_what_goes_out_comes_in_as_the_same_numbers(database, second_database, tmp_path: Path):
    from lagesbild.data.source import PgSource
    from lagesbild.domain.source import Query
    from lagesbild.jobs.importing import import_file
    from tests.data.import_files import Importer

    for home in (database, second_database):
        Importer(home, tmp_path).codes()
    load = Importer(database, tmp_path)
    load.waits("2026-01,01,kat,,40,30", "2026-02,01,kat,,41,30")
    rows = ["period,region,care_area,provider,added,performed,performed_within_limit,wait_days_median"]
    for month, total, one, two, days in (("2026-01", 60, 33, 20, "47.5"), ("2026-02", 64, 30, 24, "51")):
        rows += [
            f"{month},01,kat,,70,{total},,50",
            f"{month},01,kat,P1,40,{one},{one - 3},{days}",
            f"{month},01,kat,P2,30,{two},,",
        ]
    load("production", "\n".join(rows))
    source = PgSource(database)
    client = service(source, exact).test_client()
    file = tmp_path / "bundle.json"
    file.write_bytes(get(client, PATH).data)
    assert json.loads(file.read_text())["total"] == 8
    result = import_file(second_database, "fhir", file, source="Lägesbild")
    assert result.inserted == 4
    query = Query(care_areas=("kat",), provider=None)
    columns = ["period", "region", "care_area", "provider", "performed", "performed_within_limit", "wait_days_median"]
    sent, received = (PgSource(d).facts("production", query)[columns] for d in (database, second_database))
    sent = sent[sent["provider"] != ""].reset_index(drop=True)
    pd.testing.assert_frame_equal(sent, received)
    shares = PgSource(second_database).facts("production", query)["performed_within_limit_pct"]
    np.testing.assert_allclose(shares, [90.9, np.nan, 90.0, np.nan])
    assert import_file(second_database, "fhir", file, source="Lägesbild").inserted == 0


@pytest.fixture
def second_database(empty_database_url):
    from lagesbild.data.engine import open_database
    from lagesbild.data.migrate import upgrade
    from lagesbild.settings import Settings

    with open_database(Settings(database_url=empty_database_url), role="owner") as found:
        upgrade(found)
        yield found
