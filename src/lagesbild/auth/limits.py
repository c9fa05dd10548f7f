"""How often somebody may: a bucket of tokens for each person, or each address of those who are not logged in. They are
in the database, so it is the same however many web processes there are."""

from __future__ import annotations

import math
from typing import Final

from lagesbild.auth.access import Rate
from lagesbild.auth.secrets import hashed
from lagesbild.domain.people import People

LOGINS_PER_MINUTE: Final = 60  # there and back are two; a whole hospital may come from one address
_WORK: Final = 6  # times as many previews as files: a page asks for several


def seconds_to_wait(people: People, rate: Rate, who: str, exports_per_minute: int) -> int:
    """Until they may, 0 when they may now (and it is counted). Raises DatabaseUnavailableError."""
    if not rate:
        return 0
    allowed = {"login": LOGINS_PER_MINUTE, "export": exports_per_minute, "work": exports_per_minute * _WORK}[rate]
    return math.ceil(people.wait(hashed(rate, who), allowed, allowed))
