"""What the large fan and the small ones share: the input of the drawing, the bands as columns, words on the model."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Final

import pandas as pd

from lagesbild.components.model import CellKind, Column
from lagesbild.figures.fan import Fan
from lagesbild.pages.phrases import model_words, or_missing
from lagesbild.views.forecast_fan import BANDS, Forecast

LEVELS: Final = (50, 80, 95)
NO_BAND: Final = ("",) * (2 * len(LEVELS))  # the cells of a month that has come
_NO_BANDS: Final = pd.DataFrame(columns=["period", "horizon", *BANDS], dtype=float)


def fan_of(found: Forecast, measure: str, column: str, **how: Any) -> Fan:
    """Outcome and bands of a measure for drawing; `column` is where the history has it, `how` the rest of Fan."""
    history = found.history[["period", column, "provisional"]].rename(columns={column: "value"})
    history["coarse"] = found.history["coarse"] if column == "share" else False
    return Fan(history=history, bands=found.bands.get(measure, _NO_BANDS), **how)


def share_digits(found: Forecast) -> int:
    """Decimals of a share in per cent: whole when the counts behind are protected."""
    return 0 if found.coarse else 1


def model_text(found: Forecast, measure: str) -> list[str]:
    """Which model, and what the reader must know about it; the country is a sum and has no model of its own."""
    model = found.models.get(measure, "")
    own = [] if model in ("", "sum") else [f"Modell: {model_words(model)}."]
    return own + list(found.notes.get(measure, ()))


def band_columns(kind: CellKind, prefix: str = "", title: str = "", decimals: int | None = None) -> list[Column]:
    """Every band that is drawn, from and to."""
    out = []
    for level in LEVELS:
        for edge, word in (("lo", "från"), ("hi", "till")):
            head = f"{level} % {word}"
            out.append(Column(f"{prefix}{edge}{level}", f"{title}, {head}" if title else head, kind, decimals))
    return out


def band_cells(row: Mapping[Hashable, Any]) -> list[Any]:
    """The cells of `band_columns` of a row of bands."""
    return [or_missing(row[f"{edge}{level}"]) for level in LEVELS for edge in ("lo", "hi")]
