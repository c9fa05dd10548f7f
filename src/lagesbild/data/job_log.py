"""What work has begun and how it ended: rows are added, never changed, each in a transaction of its own, so that they
are there whatever became of the work."""

from __future__ import annotations

import secrets
from typing import Final

import sqlalchemy as sa

from lagesbild.data.engine import Database
from lagesbild.data.tables import job_event
from lagesbild.domain.job_state import BEGUN, JobKind, JobState, Outcome

_MOST: Final = 500  # characters of a detail
# In the order of the numbers, not of the clock: a clock may have been set back in between.
_STATES: Final = """
SELECT kind, done_at, failed_at, failed, unfinished FROM (
    SELECT e.kind,
           max(e.at) FILTER (WHERE e.event = 'done') AS done_at,
           max(e.at) FILTER (WHERE e.event = 'failed') AS failed_at,
           count(*) FILTER (WHERE e.event = 'failed' AND e.event_id > coalesce(d.last, 0)) AS failed,
           min(e.at) FILTER (WHERE e.event = 'begun' AND e.event_id > coalesce(d.last, 0) AND NOT EXISTS (
               SELECT 1 FROM job_event later WHERE later.job = e.job AND later.event <> 'begun')) AS unfinished
    FROM job_event e
    LEFT JOIN (SELECT kind, max(event_id) AS last FROM job_event WHERE event = 'done' GROUP BY kind) d USING (kind)
    GROUP BY e.kind
) s ORDER BY kind
"""


class JobLog:
    """Where work tells of itself. `database` in the role `write` for telling, any for asking."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begun(self, kind: JobKind, detail: str) -> str:
        """The number of the work. Raises DatabaseUnavailableError."""
        job = secrets.token_hex(8)
        self._tell(job, kind, BEGUN, detail)
        return job

    def ended(self, job: str, kind: JobKind, outcome: Outcome, detail: str) -> None:
        """Raises DatabaseUnavailableError."""
        self._tell(job, kind, outcome, detail)

    def states(self) -> list[JobState]:
        """One of each kind that has ever been tried. Raises DatabaseUnavailableError."""
        with self._database.connect() as connection:
            return [JobState(*row) for row in connection.execute(sa.text(_STATES))]

    def _tell(self, job: str, kind: str, event: str, detail: str) -> None:
        row = {"job": job, "kind": kind, "event": event, "detail": detail[:_MOST]}
        with self._database.begin() as connection:
            connection.execute(sa.insert(job_event).values(row))
