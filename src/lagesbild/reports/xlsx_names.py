"""Names of sheets: legal in Excel, each one once, as much of the caption as there is room for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_MOST: Final = 31
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\'\x00-\x1f\ufffe\uffff]")
_RESERVED: Final = ("history",)  # Excel's own


def sheet_names(captions: Sequence[str], taken: Sequence[str] = ()) -> list[str]:
    """One name a caption. Cut at the end of a word, numbered when two are alike (Excel does not tell cases apart).

    >>> sheet_names(["Väntande per region, januari 2024", "Balans: in/ut", "balans in ut", ""])
    ['Väntande per region', 'Balans in ut', 'balans in ut 2', 'Tabell']
    """
    used = {t.lower() for t in (*taken, *_RESERVED)}
    names = []
    for caption in captions:
        plain = " ".join(_FORBIDDEN.sub(" ", caption).split())
        base = _short(plain, _MOST) or "Tabell"
        name, number = base, 2
        while name.lower() in used:
            end = f" {number}"
            name, number = _short(base, _MOST - len(end)) + end, number + 1
        used.add(name.lower())
        names.append(name)
    return names


def _short(text: str, most: int) -> str:
    """Up to the first comma when that is enough to be a name, else whole words; Excel counts UTF-16 units."""
    if _units(text) > most and len(text.split(",")[0]) >= 3 and _units(text.split(",")[0]) <= most:
        text = text.split(",")[0]
    if _units(text) > most:
        words = text.split(" ")
        while len(words) > 1 and _units(" ".join(words)) > most:
            words.pop()
        text = " ".join(words)
    while _units(text) > most:
        text = text[:-1]
    return text.strip(" ,;.–-")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
