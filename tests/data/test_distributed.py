"""The schema keeps the rules of PostgreSQL spread over many machines (Citus and its like), read from the catalogue.

A distributed table lies in pieces, by the region of its rows. So every unique key must hold the region (a machine
cannot look for duplicates in another), no foreign key may lead from piece to piece, and nothing may be counted up by a
sequence in it. Reference tables are small and lie whole on every machine. docs/scaling.md tells the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lagesbild.data.engine import Database, open_database
from lagesbild.data.partitions import TABLES as FACTS
from lagesbild.data.tables import FIRST_YEAR, LAST_YEAR
from lagesbild.settings import Settings

pytestmark = pytest.mark.database

# Table -> the column it is distributed by. Care out of the region belongs to the region the patient comes from.
DISTRIBUTED = {
    "waits": "region",
    "production": "region",
    "capacity": "region",
    "reporting": "region",
    "published_shares": "region",
    "out_of_region": "home_region",
    "brokering": "home_region",
    "forecasts": "region",
    "forecast_paths": "region",
    "forecast_pair": "region",
    "forecast_fit": "region",
    "gaps": "region",
    "gap_record": "region",
}
# Rows that name a region and yet lie whole on every machine: a few for each code, or for each person who is logged in.
# All tables without a region do too.
REFERENCE = {"providers", "guarantee_limits", "population", "breaks", "login_session"}
HERE = "n.nspname = current_schema() AND c.relkind IN ('r', 'p')"


@pytest.fixture(scope="module")
def catalogue(pg_server: Any) -> Iterator[Database]:
    """The migrated template, which no test writes to."""
    from tests.conftest import TEMPLATE

    with open_database(Settings(database_url=pg_server.url(TEMPLATE), read_url=None), role="owner") as database:
        yield database


def ask(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def tables(database: Database) -> set[str]:
    """All but the partitions, which lie where their parents do."""
    query = f"SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE {HERE}"
    return {name for (name,) in ask(database, f"{query} AND NOT relispartition")}


def test_every_table_with_a_region_is_distributed_or_known_to_be_small(catalogue: Database) -> None:
    there = tables(catalogue)
    about_regions = {
        name
        for (name,) in ask(
            catalogue,
            "SELECT DISTINCT attrelid::regclass::text FROM pg_attribute "
            "WHERE attname IN ('region', 'home_region', 'treating_region') AND NOT attisdropped",
        )
    }
    assert about_regions & there == set(DISTRIBUTED) | REFERENCE


def test_every_unique_key_of_a_distributed_table_and_of_its_partitions_holds_the_region(catalogue: Database) -> None:
    found = ask(
        catalogue,
        "SELECT coalesce(parent.relname, c.relname), i.indexrelid::regclass::text, "
        "  array(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY(i.indkey)), "
        "  i.indpred IS NULL AND i.indexprs IS NULL "
        "FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
        "LEFT JOIN pg_inherits h ON h.inhrelid = c.oid LEFT JOIN pg_class parent ON parent.oid = h.inhparent "
        f"WHERE i.indisunique AND {HERE}",
    )
    mine = [(table, index, columns, plain) for table, index, columns, plain in found if table in DISTRIBUTED]
    assert {table for table, *_ in mine} == set(DISTRIBUTED)
    assert len(mine) == len(DISTRIBUTED) + len(FACTS) * (LAST_YEAR - FIRST_YEAR + 2)
    for table, index, columns, plain in mine:
        assert DISTRIBUTED[table] in columns, index
        assert plain, index


def test_what_is_distributed_by_is_a_plain_text_that_is_always_there(catalogue: Database) -> None:
    """One type for all, so that rows of a region lie together and are joined where they lie."""
    for table, column in DISTRIBUTED.items():
        kind = ask(
            catalogue,
            "SELECT atttypid::regtype::text, attnotnull, attgenerated, attidentity FROM pg_attribute "
            f"WHERE attrelid = '{table}'::regclass AND attname = '{column}'",
        )
        assert kind == [("text", True, "", "")], table


def test_no_foreign_key_leads_anywhere(catalogue: Database) -> None:
    assert ask(catalogue, "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f'") == []


def test_no_distributed_table_counts_by_itself_and_no_trigger_or_rule_sits_in_any(catalogue: Database) -> None:
    counting = ask(
        catalogue,
        "SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = "
        "(a.attrelid, a.attnum) "
        f"WHERE {HERE} AND NOT c.relispartition AND (a.attidentity <> '' "
        "  OR pg_get_expr(d.adbin, d.adrelid) LIKE '%%nextval%%')",
    )
    assert {"batch", "forecast_run", "backtest_run"} <= {name for (name,) in counting}
    assert not {name for (name,) in counting} & set(DISTRIBUTED)
    own = f"SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {HERE}"
    names = {name for (name,) in ask(catalogue, f"{own} AND (c.relhastriggers OR c.relhasrules)")}
    assert not names & set(DISTRIBUTED)


def test_facts_are_partitioned_by_year_and_nothing_else_is_partitioned(catalogue: Database) -> None:
    found = ask(
        catalogue,
        "SELECT c.relname, pg_get_partkeydef(c.oid), (SELECT count(*) FROM pg_inherits WHERE inhparent = c.oid) "
        f"FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {HERE} AND c.relkind = 'p'",
    )
    assert sorted(found) == [(table, "RANGE (period)", LAST_YEAR - FIRST_YEAR + 2) for table in sorted(FACTS)]
    assert set(FACTS) <= set(DISTRIBUTED)
