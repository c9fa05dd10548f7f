"""Exports: what is stored comes out whole, in four forms, and goes in again unchanged."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from lagesbild.data.engine import Database
from lagesbild.data.export import EXPORTABLE, FORMS, Form, export
from lagesbild.data.exports.rows import Choice
from lagesbild.data.exports.shape import shape_of
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.errors import InputError, UnknownCodeError
from lagesbild.domain.gap_columns import GAP_COLUMNS
from lagesbild.domain.periods import Month
from tests.data.import_files import Importer

pytestmark = pytest.mark.database
FORECAST_CONTRACT = (
    "run_id, data_as_of, until, region, care_area, measure, period, horizon, mean, p50, lo80, hi80, lo95, hi95, model"
)


@pytest.fixture
def importer(database: Database, tmp_path: Path) -> Importer:
    made = Importer(database, tmp_path)
    made.codes()
    return made


def out(importer: Importer, name: str, form: Form = "csv", **choice: object) -> bytes:
    stream = io.BytesIO()
    export(importer.database, name, stream, form=form, choice=Choice(**choice))  # type: ignore[arg-type]
    return stream.getvalue()


def fill(importer: Importer) -> None:
    head = "period,region,care_area,provider,waiting,within_limit,wait_days_median"
    importer(
        "waits",
        f"{head}\n2024-01,01,kat,,1234,<5,12.5\n2024-01,01,kat,P1,4,,\n2024-02,03,kna,,7,,0.1\n",
        source="Regionen",
        synthetic=True,
        recorded_at=datetime(2024, 3, 1, tzinfo=UTC),
    )
    importer("waits", f"{head}\n2024-01,01,kat,,1300,<5,12.5\n", source="Rättelse", provisional=True)


def test_machine_csv(importer: Importer) -> None:
    fill(importer)
    lines = out(importer, "waits").decode().split("\n")
    assert lines[0].split(",") == [*(c.name for c in DATASETS["waits"].columns), "x_source", "x_status"]
    cells = [line.split(",") for line in lines[1:-1]]
    assert [[r[0], r[1], r[3], r[4], r[5], r[15], r[17], r[18]] for r in cells] == [
        ["2024-01", "01", "", "1300", "<5", "12.5", "Rättelse", "suppressed"],
        ["2024-01", "01", "P1", "4", "", "", "Syntetiska data: Regionen", "reported"],
        ["2024-02", "03", "", "7", "", "0.1", "Syntetiska data: Regionen", "reported"],
    ]


def test_csv_for_people(importer: Importer) -> None:
    fill(importer)
    text = out(importer, "waits", "csv-sv")
    assert text.startswith(b"\xef\xbb\xbfperiod;region;v")
    lines = text.decode("utf-8-sig").split("\r\n")
    assert lines[0].endswith(";x_källa;x_status")
    assert lines[1].startswith("2024-01;01;kat;;1300;<5;")
    assert ";12,5;" in lines[1]
    assert lines[1].endswith(";Rättelse;dold vid källan")


def test_choices_in_two_languages_and_open_ends(importer: Importer) -> None:
    importer("breaks", "region,care_area,from,to,kind,reason\n01,,2024-01,,system_change,Byte\n")
    assert b"01,,2024-01,,system_change,Byte," in out(importer, "breaks")
    assert "01;;2024-01;;systembyte;Byte;" in out(importer, "breaks", "csv-sv").decode()


def test_earlier_states_and_choices(importer: Importer) -> None:
    fill(importer)
    earlier = out(importer, "waits", as_of=datetime(2024, 3, 2, tzinfo=UTC)).decode()
    assert ",1234," in earlier
    assert ",1300," not in earlier
    assert out(importer, "waits", as_of=datetime(2024, 1, 1, tzinfo=UTC)).count(b"\n") == 1
    assert out(importer, "waits", regions=("03",)).count(b"\n") == 2
    assert out(importer, "waits", regions=("01", "03"), care_areas=("kat",)).count(b"\n") == 3
    assert out(importer, "waits", first=Month(2024, 2)).count(b"\n") == 2
    assert out(importer, "waits", last=Month(2024, 1)).count(b"\n") == 3
    assert out(importer, "providers", regions=("03",)).count(b"\n") == 2
    assert out(importer, "regions", regions=("03",)).count(b"\n") == 2
    with pytest.raises(InputError, match="vårdområde"):
        out(importer, "population", care_areas=("kat",))
    with pytest.raises(InputError, match="månader"):
        out(importer, "regions", first=Month(2024, 1))


def test_rows_for_all_regions_belong_to_every_choice(importer: Importer) -> None:
    head = "care_area,region,valid_from,days\n"
    importer("guarantee-limits", f"{head}kat,,2024-01-01,90\nkat,01,2024-01-01,60\nkat,03,2024-01-01,60\n")
    assert out(importer, "guarantee-limits", regions=("01",)).count(b"\n") == 3


def test_workbook_is_typed_and_tells_about_itself(importer: Importer) -> None:
    fill(importer)
    importer("waits", "period,region,care_area,waiting\n2024-03,01,kat,0\n", source="=1+1")
    book = openpyxl.load_workbook(io.BytesIO(out(importer, "waits", "xlsx", regions=("01",))))
    sheet, about = book.worksheets
    assert sheet.freeze_panes == "A2"
    rows = list(sheet.iter_rows())
    assert [c.value for c in rows[0]][:5] == ["period", "region", "vårdområde", "vårdgivare", "väntande"]
    assert (rows[1][0].value, rows[1][0].number_format) == (datetime(2024, 1, 1), "yyyy-mm")  # noqa: DTZ001
    assert [c.value for c in rows[1]][1:6] == ["01", "kat", None, 1300, "<5"]
    assert rows[1][15].value == 12.5
    assert (rows[3][17].value, rows[3][17].data_type) == ("=1+1", "s")
    told = {row[0].value: row[1].value for row in about.iter_rows()}
    assert told["Källa"] == "Rättelse; Syntetiska data: Regionen; =1+1"
    assert told["Regioner"] == "01"
    assert told["Antal rader"] == "3"


def test_parquet_is_typed_and_keeps_what_was_hidden(importer: Importer) -> None:
    fill(importer)
    table = pq.read_table(io.BytesIO(out(importer, "waits", "parquet")))
    assert table.column_names == [*(c.name for c in shape_of("waits")), "x_suppressed"]
    assert table["period"].to_pylist()[0] == date(2024, 1, 1)
    assert table["waiting"].to_pylist() == [1300, 4, 7]
    assert table["within_limit"].to_pylist() == [None, None, None]
    assert table["x_suppressed"].to_pylist() == ['{"within_limit": 5}', None, None]


def test_too_many_rows_for_a_sheet_is_told(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(importer)
    monkeypatch.setattr("lagesbild.data.exports.workbook.MAX_ROWS", 2)
    with pytest.raises(InputError, match="rader"):
        out(importer, "waits", "xlsx")


@pytest.mark.parametrize("form", FORMS)
def test_every_dataset_can_be_taken_out_empty(importer: Importer, form: Form) -> None:
    for name in DATASETS:
        assert out(importer, name, form)


def run(owner: Database) -> None:
    """One full forecast run, and a later replay that is not one."""
    with owner.raw() as connection:
        insert = (
            "INSERT INTO forecast_run (kind, created_at, data_version, data_as_of, until, horizon, seed, code_version, "
            "series, seconds) VALUES (%s, %s, 1, '2024-02-26 05:10Z', '2024-01-01', 12, 1, 'x', 1, 1)"
        )
        connection.execute(insert, ["forecast", datetime(2024, 3, 1, tzinfo=UTC)])
        connection.execute(insert, ["record", datetime(2024, 3, 2, tzinfo=UTC)])
        forecast = (
            "INSERT INTO forecasts (run_id, region, care_area, measure, role, model, period, horizon, mean, p50, lo80) "
            "VALUES (1, %s, 'kat', 'waiting', %s, 'sarima', '2024-02-01', 1, 10.5, 10, 8)"
        )
        for region, role in (("01", "forecast"), ("", "forecast"), ("01", "baseline")):
            connection.execute(forecast, [region, role])
        for target in (0.7, 0.8, 0.9):
            connection.execute(
                "INSERT INTO gaps (run_id, region, care_area, status, opens_period, probability_12m, target_share) "
                "VALUES (1, '01', 'kat', 'expected', '2024-06-01', 0.75, %s)",
                [target],
            )


def test_forecasts_and_gaps_in_the_contracts_order(importer: Importer, open_as: Callable[[str], Database]) -> None:
    for name in ("forecasts", "gaps"):
        with pytest.raises(InputError, match="Ingen prognos"):
            out(importer, name)
    run(open_as("owner"))
    lines = out(importer, "forecasts").decode().split("\n")
    assert lines[0].startswith(FORECAST_CONTRACT.replace(", ", ","))
    assert lines[1:-1] == [
        "1,2024-02-26T05:10:00Z,2024-01,,kat,waiting,2024-02,1,10.5,10,8,,,,sarima,,,,",
        "1,2024-02-26T05:10:00Z,2024-01,01,kat,waiting,2024-02,1,10.5,10,8,,,,sarima,,,,",
    ]
    assert out(importer, "forecasts", regions=("01",)).count(b"\n") == 2
    assert out(importer, "forecasts", first=Month(2024, 3)).count(b"\n") == 1
    lines = out(importer, "gaps").decode().split("\n")
    assert lines[0] == ",".join((*GAP_COLUMNS, "x_source"))
    assert lines[1].startswith("1,01,kat,expected,2024-06,,,0.75,")
    assert len(lines) == 3
    assert "väntas" in out(importer, "gaps", "csv-sv").decode()
    for form in FORMS:
        assert out(importer, "gaps", form)
        assert out(importer, "forecasts", form)
    with pytest.raises(InputError, match="Ingen prognos"):
        out(importer, "gaps", as_of=datetime(2024, 2, 1, tzinfo=UTC))


def test_what_cannot_be_taken_out(importer: Importer) -> None:
    with pytest.raises(UnknownCodeError, match="waitz"):
        out(importer, "waitz")
    assert set(EXPORTABLE) == {*DATASETS, "forecasts", "gaps", "backtest"}


def test_what_is_computed_from_made_up_figures_is_marked_as_such(
    importer: Importer, open_as: Callable[[str], Database]
) -> None:
    """A forecast of a synthetic region is synthetic, in every form; the country's has the sources of all."""
    importer.codes()
    importer.waits("2024-01,01,kat,,10,9", source="simulering", synthetic=True)
    run(open_as("owner"))
    for name in ("forecasts", "gaps"):
        lines = out(importer, name).decode().splitlines()
        assert all(line.endswith(",Syntetiska data: simulering") for line in lines[1:]), lines
        assert "Syntetiska data: simulering" in out(importer, name, "csv-sv").decode()


@pytest.mark.parametrize("name", ["waits", "forecasts"])
def test_an_unknown_code_is_told_instead_of_an_empty_file(importer: Importer, name: str) -> None:
    fill(importer)
    for choice, said in (({"regions": ("1",)}, "Regionen ”1”"), ({"care_areas": ("katt",)}, "Vårdområdet ”katt”")):
        with pytest.raises(UnknownCodeError, match=said) as caught:
            out(importer, name, **choice)
        assert caught.value.remedy.startswith("Menade du ”01”?" if "regions" in choice else "Menade du ”kat”?")
