"""PgSource against a real PostgreSQL: current and earlier states recomputed naively, keys, forms of the frames."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from psycopg.types.json import Jsonb

from lagesbild.data.engine import Database
from lagesbild.data.queries.columns import fetch_table
from lagesbild.data.source import PgSource
from lagesbild.domain.care import CareArea, Provider, Region
from lagesbild.domain.datasets import DATASETS, FACT_DATASETS
from lagesbild.domain.errors import UnknownCodeError
from lagesbild.domain.periods import Month
from lagesbild.domain.source import Break, GuaranteeLimit, Query, Source
from tests.fakes import FakeSource

pytestmark = pytest.mark.database

T0 = datetime(2024, 2, 15, 6, 0, tzinfo=UTC)
STATUSES = ("reported", "provisional", "suppressed")


@pytest.fixture
def source(database: Database) -> PgSource:
    return PgSource(database)


def add_batch(database: Database, dataset: str, recorded: datetime, rows: list[dict[str, Any]], **batch: Any) -> int:
    """One batch with its rows, written the plainest way there is."""
    with database.raw() as connection:
        given = {"source": "provdata", "rows": len(rows), "dataset": dataset, "recorded_at": recorded, **batch}
        found = connection.execute(
            f"INSERT INTO batch ({', '.join(given)}) VALUES ({', '.join(['%s'] * len(given))}) RETURNING batch_id",  # type: ignore[arg-type]
            list(given.values()),
        ).fetchone()
        assert found is not None
        for row in rows:
            whole = {"value_status": "reported", **row, "recorded_at": recorded, "batch_id": found[0]}
            names = ", ".join(f'"{n}"' for n in whole)
            statement = f"INSERT INTO {DATASETS[dataset].table} ({names}) VALUES ({', '.join(['%s'] * len(whole))})"
            connection.execute(statement, list(whole.values()))  # type: ignore[arg-type]
        return int(found[0])


def wait_row(period: date = date(2024, 1, 1), region: str = "01", area: str = "a", provider: str = "", **values: Any):
    return {"period": period, "region": region, "care_area": area, "provider": provider, **values}


def test_a_new_database_is_empty_and_at_version_0(open_as: Callable[[str], Database]) -> None:
    source: Source = PgSource(open_as("read"))
    assert source.version().version == 0
    assert source.regions() == source.care_areas() == source.providers() == []
    assert source.guarantee_limits() == source.breaks() == source.batches() == source.runs() == []
    assert source.latest_month() is None
    assert source.paths(1, "", "a", "waiting") is None


@pytest.fixture
def history(database: Database) -> list[dict[str, Any]]:
    """Random imports over few keys: revisions, ties in time, late arrivals of earlier knowledge, values that vanish.

    Years on both sides of partition borders and outside all partitions.
    """
    rng = random.Random(20240115)
    keys = list(
        itertools.product(
            (date(1987, 6, 1), date(2023, 12, 1), date(2024, 1, 1), date(2051, 1, 1)),
            ("01", "03", "Ö"), ("a", "b"), ("", "p1", "p,2"),
        )
    )  # fmt: skip
    rows: list[dict[str, Any]] = []
    for _ in range(12):
        recorded = T0 + timedelta(days=rng.randrange(6), microseconds=rng.randrange(2))
        chosen = [
            wait_row(*key, waiting=rng.choice([None, 0, rng.randrange(500)]), within_limit=rng.randrange(90))
            for key in rng.sample(keys, 25)
        ]
        number = add_batch(database, "waits", recorded, chosen)
        rows += [{**row, "recorded_at": recorded, "batch_id": number} for row in chosen]
    return rows


def naively(rows: list[dict[str, Any]], query: Query) -> dict[tuple, tuple]:
    """The state by the words of the specification: newest recorded_at, then highest batch_id, for every key."""
    state: dict[tuple, tuple] = {}
    for row in sorted(rows, key=lambda r: (r["recorded_at"], r["batch_id"])):
        if query.as_of is not None and row["recorded_at"] > query.as_of:
            continue
        if query.regions and row["region"] not in query.regions:
            continue
        if query.care_areas and row["care_area"] not in query.care_areas:
            continue
        if query.provider is not None and row["provider"] != query.provider:
            continue
        if query.first is not None and row["period"] < query.first.first_day:
            continue
        if query.last is not None and row["period"] > query.last.first_day:
            continue
        key = (row["period"], row["region"], row["care_area"], row["provider"])
        state[key] = (row["waiting"], row["within_limit"], row["recorded_at"])
    return dict(sorted(state.items()))


def as_state(frame: pd.DataFrame) -> dict[tuple, tuple]:
    return {
        (r.period.date(), r.region, r.care_area, r.provider): (
            None if np.isnan(r.waiting) else int(r.waiting), int(r.within_limit), r.recorded_at.to_pydatetime(),
        )
        for r in frame.itertuples()
    }  # fmt: skip


def test_every_state_there_ever_was_can_be_read_back(source: PgSource, history: list[dict[str, Any]]) -> None:
    moments = sorted({r["recorded_at"] for r in history})
    around = [m + timedelta(microseconds=d) for m in moments for d in (-1, 0, 1)]
    for as_of in (None, *around):
        query = Query(provider=None, as_of=as_of)
        expected = naively(history, query)
        found = as_state(source.facts("waits", query))
        assert found == expected
        assert list(found) == list(expected), "sorted by its key"


def test_any_selection_of_any_state(source: PgSource, history: list[dict[str, Any]]) -> None:
    choices: list[list[Any]] = [
        [(), ("01",), ("03", "Ö"), ("finns inte",)],
        [(), ("a",), ("a", "b")],
        [None, "", "p,2"],
        [None, Month(2023, 12), Month(2024, 1)],
        [None, Month(2023, 12), Month(2060, 1)],
        [None, T0 + timedelta(days=2)],
    ]
    combinations = random.Random(7).sample(list(itertools.product(*choices)), 150)
    for regions, areas, provider, first, last, as_of in combinations:
        query = Query(regions, areas, provider, first, last, as_of)
        assert as_state(source.facts("waits", query)) == naively(history, query), query


def test_a_row_carries_its_status_bounds_and_origin(database: Database, source: PgSource) -> None:
    add_batch(database, "waits", T0, [wait_row(waiting=9)], source="verklig", synthetic=False)
    masked = wait_row(region="03", waiting=40, value_status="suppressed", suppressed=Jsonb({"within_limit": 5}))
    add_batch(database, "waits", T0, [masked], source='simu"lering, 1', synthetic=True, provisional=True)
    add_batch(database, "production", T0, [], source="annan")
    frame = source.facts("waits", Query())
    assert frame["source"].tolist() == ["verklig", 'simu"lering, 1']
    assert frame["synthetic"].tolist() == [False, True]
    assert frame["value_status"].tolist() == ["reported", "suppressed"]
    assert frame["suppressed"].tolist() == [None, {"within_limit": 5}]
    assert frame["recorded_at"].tolist() == [pd.Timestamp(T0)] * 2
    assert np.isnan(frame["within_limit"]).all()
    batches = source.batches()
    assert [b.source for b in batches] == ["annan", 'simu"lering, 1', "verklig"]
    assert (batches[1].rows, batches[1].synthetic, batches[1].provisional) == (1, True, True)


@pytest.mark.parametrize("dataset", FACT_DATASETS)
def test_the_frames_have_the_same_columns_and_forms_as_the_fakes_also_when_empty(
    database: Database, source: PgSource, dataset: str
) -> None:
    values: dict[str, Any] = {"month": date(2024, 1, 1), "text": "åäö", "choice": "partial"}
    row = {c.name: values.get(c.kind, 3) for c in DATASETS[dataset].columns}
    fake = FakeSource([], [], {dataset: pd.DataFrame([row])})
    for expected_rows in (0, 1):
        if expected_rows:
            add_batch(database, dataset, T0, [row])
        frame, faked = source.facts(dataset, Query(provider=None)), fake.facts(dataset, Query(provider=None))
        assert len(frame) == expected_rows
        assert list(frame.columns) == list(faked.columns)
        for column in DATASETS[dataset].columns:
            kind = frame[column.name].dtype.kind if column.kind != "month" else str(frame["period"].dtype)
            allowed = {"month": ["datetime64[us]"], "text": ["O", "T", "U"], "choice": ["O", "T", "U"]}
            assert kind in allowed.get(column.kind, ["f"]), (column.name, kind)
    shared = [c.name for c in DATASETS[dataset].columns]
    pd.testing.assert_frame_equal(frame[shared], faked[shared], check_dtype=False, check_index_type=False)


def test_reference_rows_become_domain_objects_in_sort_order(database: Database, source: PgSource) -> None:
    region = {"name": "Region Ö", "short_name": "Ö", "healthcare_region": "Norra", "parent": "SE"}
    add_batch(database, "regions", T0, [
        {"code": "24", **region, "lat": 63.8, "lon": 20.3, "sort_order": 2},
        {"code": "SE", "name": "Riket", "short_name": "Riket", "healthcare_region": ""},
        {"code": "01", **region, "name": "Gammalt namn", "sort_order": 1},
    ])  # fmt: skip
    add_batch(database, "regions", T0 + timedelta(days=1), [{"code": "01", **region, "sort_order": 1}])
    assert source.regions() == [
        Region("SE", "Riket", "Riket"),
        Region("01", "Region Ö", "Ö", "Norra", sort_order=1, parent="SE"),
        Region("24", "Region Ö", "Ö", "Norra", lat=63.8, lon=20.3, sort_order=2, parent="SE"),
    ]
    add_batch(database, "care-areas", T0, [
        {"code": "k", "name": "Katarakt", "kind": "operation", "guarantee_days": 90, "kva_prefixes": "CJE CJC",
         "min_age": 18, "sort_order": 1, "short_name": "Kat"},
        {"code": "b", "name": "Besök", "kind": "first_visit", "guarantee_days": 90.0},
    ])  # fmt: skip
    assert source.care_areas() == [
        CareArea("b", "Besök", "first_visit", 90),
        CareArea("k", "Katarakt", "operation", 90, "CJE CJC", "", 18, 1, "Kat"),
    ]
    row = {"name": 'Ögon, "kliniken"', "region": "01", "kind": "private", "conditions": "rad 1\nrad 2"}
    add_batch(database, "providers", T0, [{"code": "p", **row, "agreement_until": date(2025, 6, 30)}])
    assert source.providers() == [
        Provider("p", 'Ögon, "kliniken"', "01", "private", agreement_until=date(2025, 6, 30), conditions="rad 1\nrad 2")
    ]
    limit = {"care_area": "k", "region": "", "valid_from": date(2020, 1, 1)}
    add_batch(database, "guarantee-limits", T0, [{**limit, "days": 120}])
    add_batch(database, "guarantee-limits", T0 + timedelta(1), [{**limit, "days": 90}])
    assert source.guarantee_limits() == [GuaranteeLimit("k", "", date(2020, 1, 1), 90)]
    earlier = PgSource(database, as_of=T0 + timedelta(hours=12))
    assert earlier.guarantee_limits() != source.guarantee_limits()
    assert PgSource(database, as_of=T0 - timedelta(1)).guarantee_limits() == []


def test_breaks_may_be_open_and_population_is_by_year(database: Database, source: PgSource) -> None:
    reason = {"kind": "mask", "reason": "byte"}
    with database.raw() as connection:
        connection.execute(
            "INSERT INTO breaks VALUES ('', 'a', '2024-03-01', 'infinity', 'system_change', 'nytt', 'reported', null, "
            "%s, 1)",
            [T0],
        )
    add_batch(
        database,
        "breaks",
        T0,
        [{"region": "01", "care_area": "", "from": date(2020, 3, 1), "to": date(2020, 5, 1), **reason}],
    )
    assert source.breaks() == [
        Break("", "a", Month(2024, 3), None, "system_change", "nytt"),
        Break("01", "", Month(2020, 3), Month(2020, 5), "mask", "byte"),
    ]
    add_batch(database, "population", T0, [{"year": 2024, "region": "01", "population": 2_400_000}])
    assert source.reference("population").to_dict("records") == [
        {"year": 2024, "region": "01", "population": 2_400_000.0}
    ]


def test_the_latest_month_is_a_leaf_regions(database: Database, source: PgSource) -> None:
    named = {"name": "n", "short_name": "n", "healthcare_region": ""}
    add_batch(database, "regions", T0, [{"code": "SE", **named}, {"code": "01", **named, "parent": "SE"}])
    add_batch(database, "waits", T0, [wait_row(date(2024, 5, 1), "SE"), wait_row(date(2024, 3, 1), "01")])
    assert source.latest_month() == Month(2024, 3)


@pytest.mark.parametrize("ask", ["facts", "reference"])
def test_a_dataset_that_does_not_exist_is_a_fault_of_the_call(source: PgSource, ask: str) -> None:
    wrong = {"facts": "population", "reference": "waits"}[ask]
    for name in ("finns-inte", wrong):
        with pytest.raises(UnknownCodeError, match=name):
            source.facts(name, Query()) if ask == "facts" else source.reference(name)


def test_any_text_survives_the_way_into_columns(database: Database) -> None:
    from psycopg import sql

    texts = [
        "",
        " ",
        "NULL",
        "NA",
        "nan",
        '"',
        '""',
        "a,b",
        "a\nb\r\n",
        "\\N",
        "\\.",
        "åäö",
        "1",
        "infinity",
        "\u00a0",
        "t",
    ]
    values = sql.SQL("SELECT * FROM unnest({}::text[]) AS t(x)").format(sql.Literal(texts))
    with database.raw() as connection:
        assert fetch_table(connection, values, {"x": "text"})["x"].to_pylist() == texts
        empty_object = sql.SQL("SELECT {}::jsonb, null::float8").format(sql.Literal(json.dumps({"a": 5})))
        table = fetch_table(connection, empty_object, {"x": "text", "y": "float"})
    assert json.loads(table["x"][0].as_py()) == {"a": 5}
    assert table["y"].null_count == 1


def test_history_is_every_version_of_what_is_asked_for(source: PgSource, history: list[dict[str, Any]]) -> None:
    moments = sorted({r["recorded_at"] for r in history})
    moment = moments[2 * len(moments) // 3]
    asked = Query(regions=("01", "Ö"), care_areas=("a",), provider="", first=Month(2023, 12), as_of=moment)
    found = source.history("waits", asked, columns=("waiting",))
    mine = [
        r
        for r in history
        if r["region"] in ("01", "Ö")
        and (r["care_area"], r["provider"]) == ("a", "")
        and r["period"] >= date(2023, 12, 1)
        and r["recorded_at"] <= moment
    ]
    mine.sort(key=lambda r: (r["period"], r["region"], r["recorded_at"], r["batch_id"]))
    assert mine
    assert [(p.date(), r, b) for p, r, b in zip(found["period"], found["region"], found["batch_id"], strict=True)] == [
        (r["period"], r["region"], r["batch_id"]) for r in mine
    ]
    expected = [r.get("waiting") for r in mine]
    assert [None if np.isnan(v) else v for v in found["waiting"]] == expected
    assert list(found["recorded_at"]) == [pd.Timestamp(r["recorded_at"]) for r in mine]
    assert "within_limit" not in found
    whole = source.history("waits", Query(provider=None))
    assert len(whole) == len(history)
    newest = whole.groupby(["period", "region", "care_area", "provider"], sort=True).tail(1)
    current = source.facts("waits", Query(provider=None)).set_index(["period", "region", "care_area", "provider"])
    same = newest.set_index(["period", "region", "care_area", "provider"]).loc[current.index]
    assert same["waiting"].equals(current["waiting"])
    with pytest.raises(UnknownCodeError):
        source.history("regions", Query())


def test_history_of_nothing_has_its_columns(source: PgSource) -> None:
    found = source.history("published-shares", Query())
    assert found.empty
    assert {"period", "region", "within_limit_pct", "batch_id", "recorded_at", "source"} <= set(found)


def test_distinct_codes_are_those_of_the_facts(source: PgSource, database: Database) -> None:
    """By every key column, for narrow and wide questions, now and earlier, told or not; superseded rows say nothing."""
    with database.raw() as connection:
        for code in ("a", "b", "c"):
            connection.execute(
                "INSERT INTO care_areas (code, name, kind, guarantee_days, value_status, recorded_at, batch_id) "
                "VALUES (%s, %s, 'operation', 90, 'reported', %s, 0)",
                [code, code, T0],
            )
        for code in ("01", "02", "03", "09"):
            connection.execute(
                "INSERT INTO regions (code, name, short_name, healthcare_region, value_status, recorded_at, batch_id) "
                "VALUES (%s, %s, %s, '', 'reported', %s, 0)",
                [code, code, code, T0],
            )
    draw = random.Random(8)
    for later in range(3):
        rows = [
            wait_row(date(2024, m, 1), r, a, p, waiting=draw.choice([None, 3, 9]), value_status=draw.choice(STATUSES))
            for m in (1, 2)
            for r in ("01", "02", "03")
            for a in ("a", "b", "c")
            for p in ("", "x")
            if draw.random() < 0.25
        ]
        add_batch(database, "waits", T0 + timedelta(days=later), rows)
    queries = [
        Query(),
        Query(provider=None),
        Query(regions=("01",)),
        Query(care_areas=("a", "b"), first=Month(2024, 2)),
        Query(last=Month(2024, 1), as_of=T0 + timedelta(hours=1)),
        Query(regions=("09",)),
    ]
    for query, column in itertools.product(queries, ("region", "care_area", "provider")):
        rows = source.facts("waits", query)
        assert source.distinct("waits", column, query) == frozenset(rows[column]), (query, column)
        told = rows[rows["waiting"].notna() | (rows["value_status"] == "suppressed")]
        assert source.distinct("waits", column, query, "waiting") == frozenset(told[column]), (query, column)
    with pytest.raises(ValueError, match="no key"):
        source.distinct("waits", "waiting", Query())
    with pytest.raises(UnknownCodeError):
        source.distinct("regions", "code", Query())


def test_the_latest_month_of_an_earlier_state(source: PgSource, database: Database) -> None:
    with database.raw() as connection:
        connection.execute(
            "INSERT INTO regions (code, name, short_name, healthcare_region, value_status, recorded_at, batch_id) "
            "VALUES ('01', 'a', 'a', 'x', 'reported', %s, 0)",
            [T0],
        )
    add_batch(database, "waits", T0, [wait_row(date(2024, 1, 1), waiting=3)])
    add_batch(database, "waits", T0 + timedelta(days=30), [wait_row(date(2024, 2, 1), waiting=3)])
    assert source.latest_month() == Month(2024, 2)
    assert source.latest_month(T0 + timedelta(days=1)) == Month(2024, 1)
    assert source.latest_month(T0 - timedelta(days=1)) is None
