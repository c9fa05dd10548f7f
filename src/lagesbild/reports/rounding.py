"""How far a chart's numbers may be told. What is drawn from a file can be read from it to the last decimal, so a file
holds what is written beside the drawing, and more only in a document whose reader may see every count (`Stamp.exact`).
"""

from __future__ import annotations

import math
import re
from typing import Final

from lagesbild.domain.swedish import MISSING, NB, decimal, percent
from lagesbild.reports.charts import Unit

_DECIMALS: Final[dict[Unit, int]] = {"share": 1, "count": 0, "days": 0, "number": 1}  # of per cent for a share
NUMBER: Final = re.compile(r"\d[\d\s\u00a0\u202f]*(?:,(\d+))?")
SWEDISH: Final = "[$-41D]"
UNIT_WORDS: Final[dict[Unit, str]] = {"share": "Procent", "count": "Antal", "days": "Dagar", "number": "Tal"}


def places(unit: Unit, text: str = "") -> int:
    """Decimals that a value is shown with: those of its text when it has fewer (a share that had to be made coarse).

    >>> places("share"), places("share", "93\u00a0%"), places("share", "93,14 %"), places("count", "rapport saknas")
    (1, 0, 1, 0)
    """
    found = NUMBER.search(text)
    return min(_DECIMALS[unit], len(found[1] or "")) if found else _DECIMALS[unit]


def told(value: float | None, unit: Unit, text: str = "", *, exact: bool = False) -> float | None:
    """The value as a file may hold it; None stays None, and so does what is not a number.

    >>> told(41 / 45, "share"), told(41 / 45, "share", "91 %"), told(12.4, "count")
    (0.911, 0.91, 12.0)
    """
    if value is None or not math.isfinite(value):
        return None
    if exact:
        return value
    return round(value, places(unit, text) + (2 if unit == "share" else 0)) + 0.0


def written(value: float | None, unit: Unit, text: str = "") -> str:
    """The value in Swedish, with its per cent sign.

    >>> written(0.911, "share"), written(1234.0, "count"), written(None, "days")
    ('91,1\\xa0%', '1\\xa0234', 'saknas')
    """
    if value is None:
        return MISSING
    n = places(unit, text)
    return percent(value, n) if unit == "share" else decimal(value, n)


def axis_code(unit: Unit, step: float = 1.0) -> str:
    """For the axis' labels: a share in whole per cent unless they stand closer than that."""
    return format_code(unit, "0" if step >= 0.01 - 1e-9 else "0,0") if unit == "share" else format_code(unit)


def format_code(unit: Unit, text: str = "", *, before: str = "", after: str = "") -> str:
    """The office format that shows the value so, in Swedish wherever it is opened; `before` and `after` are literals.

    >>> format_code("share"), format_code("count"), format_code("share", "91 %")
    ('[$-41D]0.0"\xa0"%', '[$-41D]#,##0', '[$-41D]0"\xa0"%')
    """
    n = places(unit, text)
    zeros = "0" + ("." + "0" * n if n else "")
    number = f'{zeros}"{NB}"%' if unit == "share" else f"#,##{zeros}"
    return f"{SWEDISH}{before}{number}{after}"
