"""People kept in memory, with a clock that tests move: what PgPeople does, for tests of everything above it."""

from __future__ import annotations

from dataclasses import dataclass, field

from lagesbild.domain.errors import DatabaseUnavailableError
from lagesbild.domain.people import Attempt, Event
from lagesbild.domain.person import Person


@dataclass
class MemoryPeople:
    now: float = 0.0
    away: bool = False
    events: list[Event] = field(default_factory=list)
    sessions: dict[str, list] = field(default_factory=dict)  # id hash -> person, mapping, seen, ends
    attempts: dict[str, tuple[str, Attempt, float]] = field(default_factory=dict)
    used: dict[str, float] = field(default_factory=dict)
    buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def _here(self) -> None:
        if self.away:
            raise DatabaseUnavailableError("Databasen svarar inte.", "Vänta.")

    def open_session(self, id_hash: str, person: Person, mapping: str, hours: float) -> None:
        self._here()
        self.sessions[id_hash] = [person, mapping, self.now, self.now + 3600 * hours]

    def session(self, id_hash: str, mapping: str, idle_minutes: float) -> Person | None:
        self._here()
        found = self.sessions.get(id_hash)
        if found is None or found[1] != mapping or self.now >= min(found[2] + 60 * idle_minutes, found[3]):
            return None
        found[2] = self.now
        return found[0]

    def close_session(self, id_hash: str) -> Person | None:
        self._here()
        return self.sessions.pop(id_hash, [None])[0]

    def begin(self, state_hash: str, browser_hash: str, attempt: Attempt) -> None:
        self._here()
        self.attempts[state_hash] = (browser_hash, attempt, self.now)

    def take(self, state_hash: str, browser_hash: str, minutes: float) -> Attempt | None:
        self._here()
        browser, attempt, made = self.attempts.pop(state_hash, ("", None, 0.0))
        return attempt if browser == browser_hash and self.now < made + 60 * minutes else None

    def first_time(self, key_hash: str, seconds: float) -> bool:
        self._here()
        first = self.used.get(key_hash, -1.0) < self.now
        if first:
            self.used[key_hash] = self.now + seconds
        return first

    def wait(self, key_hash: str, most: float, per_minute: float) -> float:
        self._here()
        tokens, at = self.buckets.get(key_hash, (most, self.now))
        tokens = min(most, tokens + per_minute / 60 * (self.now - at))
        granted = tokens >= 1
        self.buckets[key_hash] = (tokens - 1 if granted else tokens, self.now)
        return 0.0 if granted else (1 - tokens) * 60 / per_minute

    def note(self, event: Event) -> None:
        self._here()
        self.events.append(event)
