"""Who is logged in and what has been done, as the outlets ask for it; the database answers (`data.people`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol

from lagesbild.domain.person import Person

What = Literal["login", "login-failed", "logout", "refused", "export", "briefing-saved", "snapshot", "import"]
WHAT_SV: Final[dict[What, str]] = {
    "login": "inloggning",
    "login-failed": "misslyckad inloggning",
    "logout": "utloggning",
    "refused": "nekad",
    "export": "uttag",
    "briefing-saved": "sparat underlag",
    "snapshot": "ögonblicksbild",
    "import": "import",
}


@dataclass(frozen=True)
class Event:
    """One line of the audit log. `object`: the file, page or dataset; `choices`: the query that chose its contents;
    `address`: the network address it came from; `at`: set by the database when it is written."""

    what: What
    who: str = ""
    role: str = ""
    object: str = ""
    choices: str = ""
    address: str = ""
    detail: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Attempt:
    """What is remembered of somebody who was sent to the provider: what must come back, and where he was going."""

    nonce: str
    verifier: str
    back_to: str


class Audit(Protocol):
    """Where events are written."""

    def note(self, event: Event) -> None:
        """Raises DatabaseUnavailableError: what cannot be written down must not be done."""


class People(Audit, Protocol):
    """Sessions, attempts to log in, and what may be done how often. All secrets are given as hashes.

    Times are the database's, so that all web servers agree. Every method raises DatabaseUnavailableError.
    """

    def open_session(self, id_hash: str, person: Person, mapping: str, hours: float) -> None: ...

    def session(self, id_hash: str, mapping: str, idle_minutes: float) -> Person | None:
        """Whose session it is; None when there is none, it has ended, or its role was given by other rules."""

    def close_session(self, id_hash: str) -> Person | None:
        """Whose it was."""

    def begin(self, state_hash: str, browser_hash: str, attempt: Attempt) -> None: ...

    def take(self, state_hash: str, browser_hash: str, minutes: float) -> Attempt | None:
        """The attempt of this state and browser, once; None when there is none, or it was begun too long ago."""

    def first_time(self, key_hash: str, seconds: float) -> bool:
        """False when the same key has been given before and its seconds are not over."""

    def wait(self, key_hash: str, most: float, per_minute: float) -> float:
        """Seconds until the next is allowed, 0 when this one was: `most` at once, `per_minute` in the long run."""
