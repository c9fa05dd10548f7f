"""Who asks: the role of a person decides what is shown and what may be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from lagesbild.domain.viewer import Viewer

PersonRole = Literal["public", "council", "planner", "support", "preparedness", "administrator"]
ROLE_SV: Final[dict[PersonRole, str]] = {
    "public": "allmänhet",
    "council": "ledningsgrupp",
    "planner": "planerare",
    "support": "stödkontor",
    "preparedness": "beredskap",
    "administrator": "administratör",
}
# what somebody may do, beside what numbers are shown: see `auth.access` for which address needs which
Right = Literal["look", "discuss", "freeze"]
_RIGHTS: Final[dict[PersonRole, frozenset[Right]]] = {
    "public": frozenset({"look"}),
    "council": frozenset({"look", "discuss"}),
    "planner": frozenset({"look", "discuss"}),
    "support": frozenset({"look", "discuss", "freeze"}),
    "preparedness": frozenset({"look", "discuss", "freeze"}),
    "administrator": frozenset({"look", "discuss", "freeze"}),
}
# those who answer for the whole country's numbers; an administrator runs the service and has no need to see them
_SEE_ALL: Final = frozenset({"support", "preparedness"})


@dataclass(frozen=True)
class Person:
    """`subject`: who, as whoever let them in names them, for the log; empty for somebody unknown. `region`: the code of
    a planner's own region. `at_machine`: nobody logs in, so whoever sits at the machine may do everything."""

    role: PersonRole = "public"
    subject: str = ""
    name: str = ""
    region: str = ""
    at_machine: bool = False

    def may(self, right: Right) -> bool:
        """Whether they may look (pages, files), discuss (save briefings and see those saved) or freeze (snapshots).

        >>> [Person(role).may("freeze") for role in ("council", "support")]
        [False, True]
        """
        return self.at_machine or right in _RIGHTS[self.role]

    def viewer(self, threshold: int) -> Viewer:
        """What numbers they may see.

        >>> Person("planner", region="14").viewer(5)
        Viewer(role='public', threshold=5, own='14')
        """
        if self.role in _SEE_ALL:
            return Viewer("exact", threshold)
        return Viewer("public", threshold, own=self.region if self.role == "planner" else "")


ANYBODY: Final = Person()
# who asks now, None for somebody who may not even look; called once in each request
Identify = Callable[[], Person | None]
