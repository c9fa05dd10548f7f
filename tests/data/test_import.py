"""Imports into a real PostgreSQL: nothing is half done, nothing is overwritten, nothing is stored twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lagesbild.data.engine import Database, open_database
from lagesbild.data.source import PgSource
from lagesbild.domain.errors import DatabaseUnavailableError, ImportRejectedError, InputError, UnknownCodeError
from lagesbild.domain.source import Query
from lagesbild.jobs.importing import import_file
from lagesbild.settings import Settings
from tests.data.import_files import Importer

pytestmark = pytest.mark.database
FEBRUARY, MARCH, APRIL = (datetime(2024, m, 15, tzinfo=UTC) for m in (2, 3, 4))


@pytest.fixture
def importer(database: Database, tmp_path: Path) -> Importer:
    made = Importer(database, tmp_path)
    made.codes()
    return made


def waiting(importer: Importer, as_of: datetime | None = None) -> dict[tuple[str, str], float]:
    frame = PgSource(importer.database).facts("waits", Query(as_of=as_of, provider=None))
    return {(f"{r.period:%Y-%m}", r.region): r.waiting for r in frame.itertuples()}


def test_rows_arrive_with_their_batch_and_raise_the_version(importer: Importer) -> None:
    version = importer.query("SELECT version FROM data_version")[0][0]
    result = importer.waits("2024-01,01,kat,,1 234,<5", "2024M01,03,kat,,7,", source="Region Stockholm", synthetic=True)
    assert (result.rows, result.inserted, result.unchanged) == (2, 2, 0)
    assert result.version == version + 1
    assert importer.query("SELECT dataset, source, rows, synthetic, provisional, file_name FROM batch")[-1] == (
        "waits",
        "Region Stockholm",
        2,
        True,
        False,
        "fil.csv",
    )
    assert importer.query("SELECT region, waiting, within_limit, value_status, suppressed FROM waits ORDER BY 1") == [
        ("01", 1234, None, "suppressed", {"within_limit": 5}),
        ("03", 7, None, "reported", None),
    ]


def test_the_same_file_twice_changes_nothing(importer: Importer) -> None:
    rows = ("2024-01,01,kat,,10,<5", "2024-01,03,kat,,20,5", "2024-01,01,kat,P1,4,")
    importer.waits(*rows)
    before = importer.state()
    again = importer.waits(*rows)
    assert (again.rows, again.inserted, again.batch_ids, again.version) == (3, 0, (), None)
    assert importer.state() == before


def test_only_rows_that_differ_are_stored(importer: Importer) -> None:
    importer.waits("2024-01,01,kat,,10,5", "2024-01,03,kat,,20,5")
    result = importer.waits("2024-01,01,kat,,10,5", "2024-01,03,kat,,21,5", "2024-01,14,kat,,1,")
    assert (result.inserted, result.unchanged) == (2, 1)
    assert waiting(importer) == {("2024-01", "01"): 10, ("2024-01", "03"): 21, ("2024-01", "14"): 1}


def test_a_changed_status_alone_is_a_change(importer: Importer) -> None:
    importer.waits("2024-01,01,kat,,10,5", provisional=True)
    assert importer.query("SELECT value_status FROM waits") == [("provisional",)]
    assert importer.waits("2024-01,01,kat,,10,5").inserted == 1
    assert importer.waits("2024-01,01,kat,,10,<5").inserted == 1
    assert importer.waits("2024-01,01,kat,,10,<6").inserted == 1
    assert importer.waits("2024-01,01,kat,,10,<6").inserted == 0


def test_a_late_delivery_lands_where_it_belongs_in_time(importer: Importer) -> None:
    importer.waits("2024-01,01,kat,,10,", recorded_at=FEBRUARY)
    importer.waits("2024-01,01,kat,,12,", recorded_at=APRIL)
    assert importer.waits("2024-01,01,kat,,11,", recorded_at=MARCH).inserted == 1
    key = ("2024-01", "01")
    assert [waiting(importer, moment)[key] for moment in (FEBRUARY, MARCH, APRIL)] == [10, 11, 12]
    assert waiting(importer)[key] == 12
    assert importer.waits("2024-01,01,kat,,11,", recorded_at=MARCH + timedelta(days=1)).inserted == 0
    assert importer.waits("2024-01,01,kat,,12,", recorded_at=MARCH + timedelta(days=1)).inserted == 1


def test_a_rejected_file_changes_nothing_and_tells_everything(importer: Importer) -> None:
    importer.waits("2024-01,01,kat,,10,5")
    before = importer.state()
    with pytest.raises(ImportRejectedError) as caught:
        importer.waits(
            "2024-01,01,kat,,11,5",
            "2024-13,01,kat,,1,",
            "2024-02,99,kat,,1,",
            "2024-03,01,kat,,1,2",
            "2024-04,01,kat,,1,",
            "2024-04,01,kat,,2,",
            "2024-05,01,kat,P1,8,",
            "2024-05,01,kat,,7,",
        )
    told = [(f.line, f.column.split()[0]) for f in caught.value.faults]
    assert told == [(3, "period"), (4, "region"), (5, "within_limit"), (7, "period"), (8, "waiting")]
    assert caught.value.total == 5
    assert importer.state() == before


def test_dry_run_judges_and_stores_nothing(importer: Importer) -> None:
    before = importer.state()
    result = importer.waits("2024-01,01,kat,,10,5", dry_run=True)
    assert (result.inserted, result.batch_ids, result.version) == (1, (), None)
    assert importer.state() == before
    with pytest.raises(ImportRejectedError):
        importer.waits("2024-01,99,kat,,10,5", dry_run=True)


def test_parts_against_the_total_already_known(importer: Importer) -> None:
    importer.waits("2024-01,01,kat,,10,", "2024-01,01,kat,P1,6,")
    with pytest.raises(ImportRejectedError) as caught:
        importer.waits("2024-01,01,kat,P2,5,")
    assert (caught.value.faults[0].value, caught.value.faults[0].line) == ("summa 11", 2)
    with pytest.raises(ImportRejectedError):
        importer.waits("2024-01,01,kat,,5,")
    assert importer.waits("2024-01,01,kat,P2,4,").inserted == 1
    assert importer.waits("2024-01,01,kat,P1,3,", "2024-01,01,kat,P2,7,").inserted == 2
    assert importer.waits("2024-02,01,kat,P1,3,").inserted == 1  # a part without a total is no contradiction


def test_parts_and_totals_that_are_hidden(importer: Importer) -> None:
    importer.waits("2024-01,01,kat,,<5,", "2024-01,01,kat,P1,4,")
    assert importer.waits("2024-01,01,kat,P2,<5,").inserted == 1
    with pytest.raises(ImportRejectedError):
        importer.waits("2024-01,01,kat,P2,1,")


def test_a_parent_is_a_region_that_exists(importer: Importer) -> None:
    head = "code,name,short_name,healthcare_region,parent\n"
    for parent in ("XX", "20"):
        with pytest.raises(ImportRejectedError, match="1 fel"):
            importer("regions", f"{head}20,Dalarna,Dalarna,,{parent}\n")
    assert importer("regions", f"{head}20,Dalarna,Dalarna,,NY\nNY,Nytt,Nytt,,\n").inserted == 2


def test_open_breaks_and_their_repeated_keys(importer: Importer) -> None:
    head = "region,care_area,from,to,kind,reason\n"
    assert importer("breaks", f"{head}01,,2024-01,,mask,byte\n,kat,2024-01,2024-03,mask,x\n").inserted == 2
    assert importer("breaks", f"{head}01,,2024-01,,mask,byte\n").inserted == 0
    assert {b.last is None for b in PgSource(importer.database).breaks()} == {True, False}
    with pytest.raises(ImportRejectedError) as caught:
        importer("breaks", f"{head}01,,2024-01,,mask,a\n01,,2024-01,,mask,b\n")
    assert caught.value.faults[0].value == "01, (tomt), 2024-01, (tomt)"


def test_the_sidecar_tells_where_the_figures_come_from(importer: Importer) -> None:
    path = importer.file("period,region,care_area,waiting\n2024-01,01,kat,10\n", "w.csv")
    side = '{"source": "SKR", "synthetic": true, "provisional": true, "recorded_at": "2024-02-26T05:10:00Z"}'
    importer.file(side, "w.csv.meta.json")
    result = import_file(importer.database, "waits", path)
    assert (result.source, result.synthetic, result.provisional) == ("SKR", True, True)
    assert result.recorded_at == datetime(2024, 2, 26, 5, 10, tzinfo=UTC)
    told = import_file(importer.database, "waits", path, source="Annan", synthetic=False, recorded_at=APRIL)
    assert (told.source, told.synthetic, told.recorded_at) == ("Annan", False, APRIL)


def test_a_time_that_has_not_come_is_refused(importer: Importer) -> None:
    with pytest.raises(InputError, match="framtiden"):
        importer.waits("2024-01,01,kat,,10,", recorded_at=datetime.now(UTC) + timedelta(hours=1))


def test_a_message_adds_to_what_is_known_and_empties_nothing(importer: Importer) -> None:
    head = "period,region,care_area,provider,added,performed,planned,cancelled\n"
    importer("production", f"{head}2026-02,01,kat,P1,50,40,45,<5\n")
    group = (
        '{"code": {"coding": [{"code": "andel_inom_90"}]}, "population": ['
        '{"code": {"coding": [{"code": "initial-population"}]}, "count": 41}, '
        '{"code": {"coding": [{"code": "numerator"}]}, "count": 30}]}'
    )
    message = (
        '{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "MeasureReport", "status": "complete", '
        '"measure": "https://kchd.se/fhir/Measure/vantetid-vardgaranti", "reporter": {"identifier": '
        '{"value": "se1-e1"}}, "period": {"start": "2026-02-01", "end": "2026-02-28"}, "group": [' + group + "]}}]}"
    )
    result = importer("fhir", message, "b.json", source="Vårddatahubben")
    assert (result.rows, result.inserted) == (1, 1)
    newest = "SELECT added, performed, performed_within_limit, planned, suppressed, value_status FROM production "
    assert importer.query(newest + "ORDER BY batch_id DESC LIMIT 1") == [
        (50, 41, 30, 45, {"cancelled": 5}, "suppressed")
    ]
    assert importer("fhir", message, "b.json").inserted == 0
    score = '"measureScore": {"value": 73.2, "code": "%"}'
    alone = message.replace(group, '{"code": {"coding": [{"code": "andel_inom_90"}]}, ' + score + "}")
    assert importer("fhir", alone, "b.json").inserted == 1
    assert importer.query(
        newest.replace("SELECT", "SELECT performed_within_limit_pct,") + "ORDER BY batch_id DESC"
    ) == [
        (73.2, 50, 41, 30, 45, {"cancelled": 5}, "suppressed"),
        (None, 50, 41, 30, 45, {"cancelled": 5}, "suppressed"),
        (None, 50, 40, None, 45, {"cancelled": 5}, "suppressed"),
    ]
    assert importer.query("SELECT count(*) FROM published_shares") == [(0,)]  # those are about the waiting


def test_what_cannot_be_imported_at_all(importer: Importer) -> None:
    with pytest.raises(UnknownCodeError, match="waitz"):
        importer("waitz", "x")
    with pytest.raises(InputError, match="JSON"):
        importer("waits", '{"resourceType": "Bundle"}', "f.json")
    with pytest.raises(ImportRejectedError) as caught:
        importer("waits", "period,region,care_area,waiting\n\n;;;\n")
    assert caught.value.total >= 1
    with pytest.raises(ImportRejectedError) as caught:
        importer("waits", "period,region,care_area,waiting\n")
    assert "minst en rad" in caught.value.faults[0].expected


def test_without_tables_the_remedy_is_told(empty_database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    path.write_text("period,region,care_area,waiting\n2024-01,01,kat,1\n")
    settings = Settings(database_url=empty_database_url)
    with (
        open_database(settings, role="write") as database,
        pytest.raises(DatabaseUnavailableError, match="db upgrade"),
    ):
        import_file(database, "waits", path)


def test_many_rows_take_the_other_way_to_the_same_end(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above some thousand rows, what is known is read at once instead of key by key."""
    rows = [f"{y}-{m:02},{r},kat,,{y + m},{m}" for y in range(2015, 2024) for m in range(1, 13) for r in ("01", "03")]
    importer.waits(*rows)
    changed = [row.replace("kat,,20", "kat,,21") if n % 3 == 0 else row for n, row in enumerate(rows)]
    few = importer.waits(*changed, dry_run=True)
    monkeypatch.setattr("lagesbild.data.batches._FEW", 0)
    many = importer.waits(*changed)
    assert (few.inserted, few.unchanged) == (many.inserted, many.unchanged) == (72, 144)
    assert importer.waits(*changed).inserted == 0
