"""Storing an evaluation: everything comes back, all of it or nothing; and it can be exported in every form."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from lagesbild.data.backtests import PgBacktestStore
from lagesbild.data.export import FORMS, export
from lagesbild.data.exports.rows import Choice
from lagesbild.data.source import PgSource
from lagesbild.domain.errors import DatabaseUnavailableError, InputError
from lagesbild.domain.periods import Month
from tests.data.import_files import Importer
from tests.made_up_backtest import CREATED, made_up_backtest

pytestmark = pytest.mark.database


def _out(database, form="csv", **choice) -> bytes:
    stream = io.BytesIO()
    export(database, "backtest", stream, form=form, choice=Choice(**choice))
    return stream.getvalue()


def test_an_evaluation_comes_back_as_it_was_stored(database):
    made = made_up_backtest()
    number = PgBacktestStore(database).store(made)
    source = PgSource(database)
    for table, frame in (
        ("backtest", made.scores),
        ("backtest_flags", made.flags),
        ("backtest_reliability", made.reliability),
    ):
        back = source.backtest(table)
        assert (back.pop("backtest_id") == number).all()
        key = [c for c in frame.columns if frame[c].dtype.kind not in "f"][:5]
        pd.testing.assert_frame_equal(
            back.sort_values(key).reset_index(drop=True),
            frame.sort_values(key).reset_index(drop=True),
            check_dtype=False,
        )


def test_the_newest_is_the_one_that_is_read_and_the_version_is_raised(database):
    store, source = PgBacktestStore(database), PgSource(database)
    before = source.version().version
    store.store(made_up_backtest())
    second = store.store(replace(made_up_backtest(), flags=pd.DataFrame(), reliability=pd.DataFrame()))
    assert source.version().version == before + 2
    assert set(source.backtest()["backtest_id"]) == {second}
    assert source.backtest("backtest_flags").empty


def test_one_that_breaks_off_leaves_nothing(database, open_as):
    made = made_up_backtest()
    twice = pd.concat([made.reliability, made.reliability])
    before = PgSource(database).version()
    with pytest.raises(Exception, match="backtest_reliability"):
        PgBacktestStore(database).store(replace(made, reliability=twice))
    assert PgSource(database).version() == before
    with database.connect() as connection:
        for table in ("backtest_run", "backtest", "backtest_flags"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0
    with pytest.raises(DatabaseUnavailableError):
        PgBacktestStore(open_as("read")).store(made)


def test_export_in_every_form(database):
    made = made_up_backtest()
    PgBacktestStore(database).store(made)
    rows = list(csv.DictReader(io.StringIO(_out(database).decode())))
    assert len(rows) == len(made.scores)
    assert list(rows[0]) == [
        "backtest_id", "created_at", "data_set", "measure", "model", "block", "origin_year", "forecasts", "mae", "mase",
        "wql", "wql_ratio", "coverage_80", "coverage_95", "x_source",
    ]  # fmt: skip
    first = rows[0]
    assert (first["created_at"], first["data_set"], first["block"]) == ("2026-11-20T05:00:00Z", "a", "1-3")
    same = made.scores.query("data_set == 'b' and measure == 'performed' and model == 'forecast'")
    got = [r for r in rows if (r["data_set"], r["measure"], r["model"]) == ("b", "performed", "forecast")]
    assert {r["coverage_80"] for r in got} == {""}
    assert sorted(float(r["coverage_95"]) for r in got) == sorted(same["coverage_95"])
    assert {r["x_source"] for r in rows if r["data_set"] != "own"} == {"Offentlig statistik i data/real"}
    people = _out(database, "csv-sv").decode("utf-8-sig")
    assert people.startswith("utvärdering;gjord;datamängd;mått;modell;månader framåt;utgångsår;")
    assert ";väntande;" in people
    assert ";alla;0;" in people
    assert ";0,9;" in people
    table = pq.read_table(io.BytesIO(_out(database, "parquet"))).to_pandas()
    assert len(table) == len(rows)
    assert table["wql"].dtype == np.float64
    sheet = openpyxl.load_workbook(io.BytesIO(_out(database, "xlsx"))).worksheets[0]
    assert sheet.max_row == len(rows) + 1
    assert set(FORMS) == {"csv", "csv-sv", "xlsx", "parquet"}


def test_ones_own_series_are_marked_when_they_are_made_up(database, tmp_path):
    importer = Importer(database, tmp_path)
    importer.codes()
    importer.waits("2024-01,01,kat,,10,9", source="simulering", synthetic=True)
    PgBacktestStore(database).store(made_up_backtest())
    rows = list(csv.DictReader(io.StringIO(_out(database).decode())))
    assert {r["x_source"] for r in rows if r["data_set"] == "own"} == {"Syntetiska data: simulering"}


def test_export_as_it_was_and_what_cannot_be_chosen(database):
    with pytest.raises(InputError, match=r"Ingen utvärdering.*lagrad"):
        _out(database)
    store = PgBacktestStore(database)
    first = store.store(made_up_backtest())
    store.store(replace(made_up_backtest(), created_at=CREATED + timedelta(days=1)))
    rows = list(csv.DictReader(io.StringIO(_out(database, as_of=CREATED + timedelta(hours=1)).decode())))
    assert {r["backtest_id"] for r in rows} == {str(first)}
    with pytest.raises(InputError, match=r"Ingen utvärdering.*lagrad"):
        _out(database, as_of=datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(InputError, match="hela datamängder"):
        _out(database, first=Month(2024, 1))
