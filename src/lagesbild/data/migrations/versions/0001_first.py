"""All tables, the yearly partitions of the facts, and the data version at 0.

There is no way down: facts are never dropped. Restore a backup instead.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FACTS = ("waits", "production", "capacity", "out_of_region", "brokering", "reporting", "published_shares")
YEARS = range(2000, 2040)


def upgrade() -> None:
    for statement in Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
    for table in FACTS:
        for year in YEARS:
            op.execute(
                f"CREATE TABLE {table}_{year} PARTITION OF {table} "
                f"FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01')"
            )
        op.execute(f"CREATE TABLE {table}_other PARTITION OF {table} DEFAULT")
    op.execute("INSERT INTO data_version (version, changed_at) VALUES (0, clock_timestamp())")
