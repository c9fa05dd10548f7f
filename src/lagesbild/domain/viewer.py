"""Who looks: decides whether small counts are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

Role = Literal["public", "exact"]
SMALLEST_SHOWN: Final = 5  # counts 1..4 are shown as "<5" to a public viewer


@dataclass(frozen=True)
class Viewer:
    """`public` never sees counts of 1 to `threshold` - 1 nor what they could be worked out from; `exact` sees all.
    `own`: the region whose numbers a public viewer sees all the same, because they come from there.

    All that is decided is decided as for everybody; then what is about the own region alone is told as to one who sees
    all (`of`, `mine`). Sums over regions, and whatever compares regions, are never asked for with `of`.
    """

    role: Role = "public"
    threshold: int = SMALLEST_SHOWN
    own: str = ""

    def of(self, region: str) -> Viewer:
        """As whom they see a number that is about one region alone.

        >>> viewer = Viewer(own="14")
        >>> viewer.of("14").role, viewer.of("12").role, viewer.of("").role
        ('exact', 'public', 'public')
        """
        return Viewer("exact", self.threshold) if self.own and region == self.own else self

    def mine(self, regions: Iterable[str]) -> list[bool]:
        """Which of the regions is the own one, of a viewer who does not see all anyway.

        >>> Viewer(own="14").mine(["12", "14"]), Viewer("exact", own="14").mine(["14"])
        ([False, True], [False])
        """
        return [self.role != "exact" and self.own != "" and r == self.own for r in regions]

    @property
    def everybody(self) -> Viewer:
        """The same without an own region.

        >>> Viewer(own="14").everybody == Viewer()
        True
        """
        return replace(self, own="") if self.own else self
