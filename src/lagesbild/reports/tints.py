"""Tints of parts that make a whole, light to dark, the same in every form a document takes."""

from __future__ import annotations

from typing import Final

from lagesbild.figures.theme import colors

_STEPS: Final = tuple(colors("light")[f"seq-{k}"][1:] for k in range(1, 6))


def tone(k: int, parts: int) -> str:
    """The k-th of the parts' tints as six digits, light to dark.

    >>> tone(0, 2), tone(1, 2)
    ('C4D4D9', '1C4350')
    """
    first = 0.0 if parts > 3 else 1.0
    at = first + (4.0 - first) * (k / max(1, parts - 1))
    low = min(3, int(at))
    a, b = _STEPS[low : low + 2]
    mixed = (round(int(a[i : i + 2], 16) * (1 - at + low) + int(b[i : i + 2], 16) * (at - low)) for i in (0, 2, 4))
    return "".join(f"{c:02X}" for c in mixed)


def is_dark(digits: str) -> bool:
    """Whether white is read better than ink on a tint."""
    r, g, b = (int(digits[i : i + 2], 16) for i in (0, 2, 4))
    return 0.299 * r + 0.587 * g + 0.114 * b < 130
