"""Who asks now, in each of the three ways to know: nobody logs in, a proxy says so, a session of our own."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from typing import Final

from flask import request

from lagesbild.auth.address import Net, client, is_in
from lagesbild.auth.claims import Mapped, Regions
from lagesbild.auth.cookies import Cookies
from lagesbild.auth.proxy import HEADER, Key, person_claims
from lagesbild.auth.secrets import hashed
from lagesbild.auth.tokens import TokenError
from lagesbild.domain.people import Event, People
from lagesbild.domain.person import Person

_log = logging.getLogger("lagesbild.auth")
_FAILURES_TOLD_PER_MINUTE: Final = 10  # in the audit log, of one address: it must not be filled from outside
_GREETED: Final = 10_000  # people remembered as told in the audit log


class NoRoleError(Exception):
    """Somebody is known, and no rule gives them a role. `person`: as whom they would be let in where others are."""

    def __init__(self, person: Person) -> None:
        super().__init__(person.subject)
        self.person = person


def sender(trusted: tuple[Net, ...]) -> str:
    """The address of who asks."""
    return client(request.remote_addr or "", request.headers.get("X-Forwarded-For", ""), trusted)


class AtMachine:
    """Nobody logs in: everybody is whoever sits at the machine."""

    def __init__(self, person: Person) -> None:
        self._person = person

    def __call__(self) -> Person:
        return self._person


class BySession:
    """Whose session the cookie names. Raises DatabaseUnavailableError."""

    def __init__(self, people: People, mapping: Mapped, cookies: Cookies, idle_minutes: float) -> None:
        self._people = people
        self._mapping = mapping
        self._cookies = cookies
        self._idle = idle_minutes

    def __call__(self) -> Person | None:
        secret = self._cookies.read(request, self._cookies.session)
        return self._people.session(hashed("session", secret), self._mapping.digest, self._idle) if secret else None


class ByProxy:
    """Who the proxy's signed line names. Raises DatabaseUnavailableError, and NoRoleError."""

    def __init__(
        self,
        people: People,
        mapping: Mapped,
        key: Key,
        trusted: tuple[Net, ...],
        *,
        skew: float,
        hours: float,
        regions: Regions,
        public: bool = False,
    ) -> None:
        """`public`: who has no role is let in as public."""
        self._people = people
        self._mapping = mapping
        self._key = key
        self._trusted = trusted
        self._skew = skew
        self._hours = hours
        self._regions = regions
        self._public = public
        self._greeted: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self) -> Person | None:
        token = request.headers.get(HEADER)
        if token is None:
            return None
        if not is_in(request.remote_addr or "", self._trusted):
            self._refused(f"raden kom inte från en betrodd proxy utan {request.remote_addr}")
            return None
        try:
            claims = person_claims(token, self._key, self._people, time.time(), self._skew)
        except TokenError as error:
            self._refused(str(error))
            return None
        found = self._mapping.who(claims, self._regions)
        if found is None:
            self._refused("raden nämner ingen person")
            return None
        person = found.person
        if found.lacks and not self._public:
            self._refused(f"{found.lacks} för {person.subject}")
            raise NoRoleError(person)
        self._greet(person)
        return person

    def _greet(self, person: Person) -> None:
        """There is no moment of logging in, so the first request of a working day is written down as one."""
        address = sender(self._trusted)
        key, now = hashed("greeted", f"{person.subject}\0{person.role}\0{address}"), time.monotonic()
        with self._lock:
            known = self._greeted.get(key)
            if known is not None and now - known < 3600 * self._hours:
                return
            self._greeted[key] = now
            while len(self._greeted) > _GREETED:
                self._greeted.popitem(last=False)
        if self._people.first_time(key, 3600 * self._hours):
            self._people.note(Event("login", person.subject, person.role, address=address, detail="proxy"))

    def _refused(self, why: str) -> None:
        address = sender(self._trusted)
        _log.warning("inloggning genom proxy nekad: %s", why)
        if self._people.wait(hashed("failures", address), _FAILURES_TOLD_PER_MINUTE, _FAILURES_TOLD_PER_MINUTE) == 0:
            self._people.note(Event("login-failed", address=address, detail=why))
