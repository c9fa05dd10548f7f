"""Parts that every time chart shares."""

from __future__ import annotations

import pandas as pd
import pytest

from lagesbild.figures.parts import LABEL_LINE, Panel, limit_line, provisional_note

PANEL = Panel(40, 200, 0.0, 100.0)
HISTORY = pd.DataFrame({"period": pd.to_datetime(["2026-09-01", "2026-10-01"]), "provisional": [False, True]})


@pytest.mark.parametrize("limit", [None, 0.0, 10.0, 20.0, 30.0, 60.0, 100.0])
def test_the_word_preliminary_never_meets_the_limits_name(limit: float | None) -> None:
    (note,) = provisional_note(HISTORY, PANEL, "#000000", "#FFFFFF", limit=limit)
    word_bottom = PANEL.top + PANEL.height - 2 if note["y"] == 0 else PANEL.top + 2 + LABEL_LINE
    word_top = word_bottom - LABEL_LINE
    if limit is None:
        assert note["y"] == 0
        return
    name = limit_line(PANEL, limit, "Gräns", "#000000")["annotation"]
    name_bottom = PANEL.pixel(limit) - name["yshift"]
    name_top = name_bottom - LABEL_LINE
    assert name_bottom < word_top or name_top > word_bottom


def test_no_word_without_a_provisional_month() -> None:
    assert provisional_note(HISTORY.assign(provisional=False), PANEL, "#000000", "#FFFFFF") == []
