"""The shares of those waiting, in per cent, that a gap can be judged against."""

from __future__ import annotations

from typing import Final

TARGETS: Final = (70, 80, 90)
DEFAULT_TARGET: Final = 80
