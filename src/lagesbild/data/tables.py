"""Tables of the database, made from the dataset specification. Facts and reference rows are append-only.

Every row of a dataset belongs to a batch. The current value of a key is the row with the newest `recorded_at` (then
the highest `batch_id`) and nothing is ever updated, so any earlier state can be read back with `as_of`.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from lagesbild.domain.backtest import FLAG_VALUES, SCORE_VALUES
from lagesbild.domain.dataset_spec import Column, Dataset
from lagesbild.domain.datasets import DATASETS

metadata = sa.MetaData()
FIRST_YEAR, LAST_YEAR = 2000, 2039  # fact partitions made by the first migration; a default partition takes the rest

batch = sa.Table(
    "batch",
    metadata,
    sa.Column("batch_id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("dataset", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.clock_timestamp()),
    sa.Column("file_name", sa.Text, nullable=False, server_default=""),
    sa.Column("file_sha256", sa.Text, nullable=False, server_default=""),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("synthetic", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("provisional", sa.Boolean, nullable=False, server_default=sa.false()),
)

data_version = sa.Table(
    "data_version",
    metadata,
    sa.Column("only_row", sa.Boolean, primary_key=True, server_default=sa.true()),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("only_row", name="data_version_one_row"),
)

_TYPES: dict[str, type[Any]] = {
    "text": sa.Text,
    "codes": sa.Text,
    "choice": sa.Text,
    "count": sa.BigInteger,
    "days": sa.Double,
    "amount": sa.Double,
    "number": sa.Double,
    "percent": sa.Double,
    "month": sa.Date,
    "date": sa.Date,
    "year": sa.Integer,
}


def _column(c: Column) -> sa.Column[Any]:
    # an empty text key is '' ("the whole region", "all"); an empty month key is infinity ("still open")
    return sa.Column(c.name, _TYPES[c.kind], nullable=not c.key, autoincrement=False)


def index_order(d: Dataset) -> tuple[str, ...]:
    """The order of the primary key: care area, month, then the other keys, then what decides which row is current.

    With the care area given and the months bounded, a backward scan meets the newest row of every key first, month by
    month and so partition by partition: the current state needs neither a sort nor a second index
    (benchmarks/current_state.py).
    """
    names = [c.name for c in d.keys]
    front = [n for n in ("care_area", "period") if n in names and d.facts]
    return (*front, *(n for n in names if n not in front), "recorded_at", "batch_id")


def _dataset_table(d: Dataset) -> sa.Table:
    options: dict[str, Any] = {"postgresql_partition_by": "RANGE (period)"} if d.facts else {}
    return sa.Table(
        d.table,
        metadata,
        *(_column(c) for c in d.columns),
        sa.Column("value_status", sa.Text, nullable=False),  # reported | provisional | suppressed (some cell is)
        sa.Column("suppressed", JSONB(none_as_null=True), nullable=True),  # {column: n} for cells given as <n
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint(*index_order(d)),
        **options,
    )


DATASET_TABLES: dict[str, sa.Table] = {name: _dataset_table(d) for name, d in DATASETS.items()}

forecast_run = sa.Table(
    "forecast_run",
    metadata,
    sa.Column("run_id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),  # forecast | record | told
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("data_version", sa.BigInteger, nullable=False),
    sa.Column("data_as_of", sa.DateTime(timezone=True), nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("horizon", sa.Integer, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("code_version", sa.Text, nullable=False),
    sa.Column("series", sa.Integer, nullable=False),
    sa.Column("seconds", sa.Double, nullable=False),
    sa.Column("paths", sa.Integer, nullable=False, server_default="1000"),
    sa.Column("previous_run", sa.BigInteger),  # whose flags the hysteresis started from; of "told" what it goes with
    sa.Column("calibration", JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
)

forecasts = sa.Table(
    "forecasts",
    metadata,
    sa.Column("run_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("region", sa.Text, primary_key=True),  # '' = the country, the sum over the leaf regions
    sa.Column("care_area", sa.Text, primary_key=True),
    sa.Column("measure", sa.Text, primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),  # forecast | baseline
    sa.Column("model", sa.Text, primary_key=True),
    sa.Column("period", sa.Date, primary_key=True),
    sa.Column("horizon", sa.Integer, nullable=False),
    *(sa.Column(n, sa.Double, nullable=True) for n in ("mean", "p50", "lo50", "hi50", "lo80", "hi80", "lo95", "hi95")),
    sa.Column("note", sa.Text, nullable=False, server_default=""),  # fallback or other thing the reader must know
)

forecast_paths = sa.Table(
    "forecast_paths",
    metadata,
    sa.Column("run_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("region", sa.Text, primary_key=True),
    sa.Column("care_area", sa.Text, primary_key=True),
    sa.Column("measure", sa.Text, primary_key=True),
    sa.Column("paths", sa.Integer, nullable=False),
    sa.Column("horizon", sa.Integer, nullable=False),
    sa.Column("values", sa.LargeBinary, nullable=False),  # little-endian float32, row-major (paths, horizon), zlib
)

gaps = sa.Table(
    "gaps",
    metadata,
    sa.Column("run_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("region", sa.Text, primary_key=True),
    sa.Column("care_area", sa.Text, primary_key=True),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("opens_period", sa.Date),
    *(sa.Column(f"probability_{h}m", sa.Double) for h in (3, 6, 12)),
    sa.Column("load", sa.Double),
    sa.Column("extra_per_week_to_stabilise", sa.Double),
    sa.Column("extra_per_week_to_target", sa.Double),
    sa.Column("target_period", sa.Date),
    sa.Column("expected_wait_days", sa.Double),
    sa.Column("brokerable_share", sa.Double),
    sa.Column("target_share", sa.Double, primary_key=True),
    sa.Column("opens_lo", sa.Date),
    sa.Column("opens_hi", sa.Date),
    sa.Column("seasonal_only", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("share_now", sa.Double),
    sa.Column("structural_share_now", sa.Double),
    sa.Column("capacity_per_month", sa.Double),
    sa.Column("free_per_month", sa.Double),
    sa.Column("extra_per_week_to_target_50", sa.Double),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    *(sa.Column(n, sa.Double) for n in ("paths_share_12m", "lean", "lowest_of_year", "list_growth", "limit_used")),
)

forecast_pair = sa.Table(  # what a scenario of the pair needs beside the paths: see domain/pair_facts.py
    "forecast_pair",
    metadata,
    sa.Column("run_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("region", sa.Text, primary_key=True),
    sa.Column("care_area", sa.Text, primary_key=True),
    sa.Column("facts", JSONB, nullable=False),
)

# Fitted parameters, a pure function of what the key names: kept so that the next run need not fit again. `data_hash`
# is of the values up to `anchor` and of the version of the engine, so a revised month or a new engine fits anew.
forecast_fit = sa.Table(
    "forecast_fit",
    metadata,
    sa.Column("region", sa.Text, primary_key=True),
    sa.Column("care_area", sa.Text, primary_key=True),
    sa.Column("measure", sa.Text, primary_key=True),
    sa.Column("anchor", sa.Date, primary_key=True),
    sa.Column("data_hash", sa.Text, primary_key=True),
    sa.Column("parameters", JSONB, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.clock_timestamp()),
)

gap_record = sa.Table(  # what would have been warned of at earlier months, and what came
    "gap_record",
    metadata,
    sa.Column("run_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("region", sa.Text, primary_key=True),
    sa.Column("care_area", sa.Text, primary_key=True),
    sa.Column("target_share", sa.Double, primary_key=True),
    sa.Column("origin", sa.Date, primary_key=True),  # the last month known then
    sa.Column("probability_12m", sa.Double, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("opened", sa.Date),  # the month a gap opened within twelve months, NULL when none did
    sa.Column("months_known", sa.Integer, nullable=False),  # of those twelve; fewer = not yet decided
)

backtest_run = sa.Table(
    "backtest_run",
    metadata,
    sa.Column("backtest_id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("code_version", sa.Text, nullable=False),
    sa.Column("horizon", sa.Integer, nullable=False),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("origins", sa.Integer, nullable=False),
    sa.Column("seconds", sa.Double, nullable=False),
)

backtest = sa.Table(
    "backtest",
    metadata,
    sa.Column("backtest_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("data_set", sa.Text, primary_key=True),
    sa.Column("measure", sa.Text, primary_key=True),
    sa.Column("model", sa.Text, primary_key=True),  # "forecast" = what is shown; the others stand beside it
    sa.Column("block", sa.Text, primary_key=True),  # months ahead: 1-3, 4-6, 7-9, 10-12, all
    sa.Column("origin_year", sa.Integer, primary_key=True, autoincrement=False),  # 0 = all years
    sa.Column("forecasts", sa.Integer, nullable=False),
    *(sa.Column(n, sa.Double) for n in SCORE_VALUES),
)

backtest_flags = sa.Table(
    "backtest_flags",
    metadata,
    sa.Column("backtest_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("data_set", sa.Text, primary_key=True),
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("threshold", sa.Double, primary_key=True),
    sa.Column("cases", sa.Integer, nullable=False),
    *(sa.Column(n, sa.Double) for n in FLAG_VALUES),
)

backtest_reliability = sa.Table(
    "backtest_reliability",
    metadata,
    sa.Column("backtest_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("data_set", sa.Text, primary_key=True),
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("bin", sa.Double, primary_key=True),  # lower edge
    sa.Column("cases", sa.Integer, nullable=False),
    sa.Column("probability", sa.Double),
    sa.Column("observed", sa.Double),
)

briefing = sa.Table(  # saved choices and comments; see domain.briefing.SavedBriefing
    "briefing",
    metadata,
    sa.Column("briefing_id", sa.Text, primary_key=True),
    sa.Column(
        "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.clock_timestamp(), index=True
    ),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("comments", JSONB, nullable=False),
    sa.Column("data_version", sa.BigInteger, nullable=False),
)

job_event = sa.Table(  # what work has begun and how it ended; see domain.job_state
    "job_event",
    metadata,
    sa.Column("event_id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("job", sa.Text, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.clock_timestamp()),
    sa.Column("detail", sa.Text, nullable=False),
)
