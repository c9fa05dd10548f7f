"""How old what is shown is, and how work on it has gone, asked of the database when somebody scrapes.

All are the same whichever process is asked. Moments are seconds since 1970, as Prometheus compares them; those that
have never been are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from lagesbild.api.patience import Patience
from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.domain.job_state import JobState
from lagesbild.domain.periods import Month
from lagesbild.domain.provenance import last_import
from lagesbild.domain.replica import ReplicaState
from lagesbild.domain.source import DataVersion, Source

_SECONDS: Final = 5.0  # a scraper gives up after ten, and would take the whole service for dead
_UP: Final = ("lagesbild_database_up", "1 when the database answers and has the tables of this version.")


class DataAge(Collector):
    """`jobs`: how work has gone, when that is known. `replica`: how the read replica is, None where there is none."""

    def __init__(
        self,
        source: Source,
        jobs: Callable[[], Sequence[JobState]] | None = None,
        replica: Callable[[], ReplicaState | None] | None = None,
    ) -> None:
        self._source = source
        self._jobs = jobs
        self._replica = replica
        self._seen: DataVersion | None = None
        self._kept: list[Metric] = []
        self._told = Patience(lambda: [*self._of_the_data(), *self._of_work()], _SECONDS)

    def collect(self) -> Iterator[Metric]:
        yield from self._of_the_replica()
        try:
            told = self._told()
        except (DatabaseUnavailableError, TimeoutError):
            yield GaugeMetricFamily(*_UP, value=0)
            return
        yield GaugeMetricFamily(*_UP, value=1)
        yield from told

    def _of_the_data(self) -> list[Metric]:
        """Read again only when the data have changed."""
        version = self._source.version()
        if version != self._seen:
            runs = self._source.runs()
            moments = (
                ("newest_month", "First day of the last month reported.", _first_day(self._source.latest_month())),
                ("last_import", "The last import that stored something.", last_import(self._source.batches())),
                ("last_forecast", "When the newest forecast run was made.", runs[0].created_at if runs else None),
                (
                    "forecast_until",
                    "First day of the last month that the newest forecast run has seen.",
                    _first_day(runs[0].until) if runs else None,
                ),
            )
            self._kept = [
                GaugeMetricFamily("lagesbild_data_version", "Raised by everything that changes data.", version.version),
                *(_moment(f"lagesbild_{name}", text, at) for name, text, at in moments if at is not None),
            ]
            self._seen = version
        return self._kept

    def _of_the_replica(self) -> Iterator[Metric]:
        """As the process that is asked sees it: each judges for itself. Told also when the database is away."""
        state = self._replica() if self._replica else None
        if state is None:
            return
        for name, text, value in (
            ("in_use", "1 when reads go to the replica, 0 when they go to the primary.", float(state.in_use)),
            ("behind_versions", "Data versions that the primary has and the replica lacks.", state.behind_versions),
            ("behind_seconds", "How long the replica has lacked them.", state.behind_seconds),
        ):
            yield GaugeMetricFamily(f"lagesbild_replica_{name}", text, value=value)
        yield GaugeMetricFamily(
            "lagesbild_primary_up",
            "1 when the primary answers, also while the replica is read.",
            value=state.primary_up,
        )

    def _of_work(self) -> list[Metric]:
        if self._jobs is None:
            return []
        states = self._jobs()
        failed = GaugeMetricFamily("lagesbild_jobs_failed", "Failed since the last one that was done.", labels=["kind"])
        for state in states:
            failed.add_metric([state.kind], state.failed)
        moments = (
            ("lagesbild_job_done", "The last that was done.", [(s.kind, s.done_at) for s in states]),
            ("lagesbild_job_failed", "The last that failed.", [(s.kind, s.failed_at) for s in states]),
            (
                "lagesbild_job_unfinished",
                "The oldest that began and never ended.",
                [(s.kind, s.unfinished) for s in states],
            ),
        )
        told: list[Metric] = [failed]
        for name, text, found in moments:
            family = GaugeMetricFamily(f"{name}_timestamp_seconds", text, labels=["kind"])
            for kind, at in found:
                if at is not None:
                    family.add_metric([kind], at.timestamp())
            told.append(family)
        return told


def _moment(name: str, text: str, at: datetime) -> Metric:
    return GaugeMetricFamily(f"{name}_timestamp_seconds", text, value=at.timestamp())


def _first_day(month: Month | None) -> datetime | None:
    return None if month is None else datetime.combine(month.first_day, datetime.min.time(), UTC)
