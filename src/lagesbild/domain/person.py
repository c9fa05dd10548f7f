"""Who asks: the role of a person decides what is shown and what may be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from lagesbild.domain.viewer import Viewer

PersonRole = Literal["public", "council", "planner", "support", "preparedness", "administrator"]
# those who answer for the whole country's numbers; an administrator runs the service and has no need to see them
_SEE_ALL: Final = frozenset({"support", "preparedness"})


@dataclass(frozen=True)
class Person:
    """`subject`: who, as whoever let them in names them, for the log; empty for somebody unknown. `region`: the code of
    a planner's own region."""

    role: PersonRole = "public"
    subject: str = ""
    name: str = ""
    region: str = ""

    def viewer(self, threshold: int) -> Viewer:
        """What numbers they may see.

        >>> Person("planner", region="14").viewer(5)
        Viewer(role='public', threshold=5, own='14')
        """
        if self.role in _SEE_ALL:
            return Viewer("exact", threshold)
        return Viewer("public", threshold, own=self.region if self.role == "planner" else "")


ANYBODY: Final = Person()
# who asks now; called once in each request
Identify = Callable[[], Person]
