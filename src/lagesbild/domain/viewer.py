"""Who looks: decides whether small counts are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Role = Literal["public", "exact"]
SMALLEST_SHOWN: Final = 5  # counts 1..4 are shown as "<5" to a public viewer


@dataclass(frozen=True)
class Viewer:
    """`public` never sees counts of 1 to `threshold` - 1 nor what they could be worked out from; `exact` sees all.
    `own`: the region whose numbers a public viewer sees all the same, because they come from there."""

    role: Role = "public"
    threshold: int = SMALLEST_SHOWN
    own: str = ""
