"""The small fans under the forecast: waiting, added and performed, each with its table."""

from __future__ import annotations

from typing import Final

from lagesbild.components.model import Column, FigureCard, Row, Table
from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import capital, count
from lagesbild.figures.fan import fan_height, small_fan
from lagesbild.pages.context import PageContext
from lagesbild.pages.drawing import drawn
from lagesbild.pages.phrases import PROVISIONAL, flows_source, months_back, noun, or_missing
from lagesbild.pages.prognos_parts import NO_BAND, band_cells, band_columns, fan_of, model_text
from lagesbild.views.forecast_fan import Forecast

_SMALL_HEIGHT: Final = 196
_MEASURES: Final = (("waiting", "Väntande"), ("added", "Nytillkomna"), ("performed", "Genomförda"))
_FILE_WORDS: Final = {"waiting": "vantande", "added": "nytillkomna", "performed": "genomforda"}  # seen in file names


def measure_cards(found: Forecast, context: PageContext) -> list[FigureCard]:
    """Waiting, added and performed: 80 and 95 % of the outcomes, axes from zero."""
    drawn = [(m, name) for m, name in _MEASURES if m in found.bands]
    return [_card(found, m, name, context, 12 // len(drawn)) for m, name in drawn]


def _card(found: Forecast, measure: str, name: str, context: PageContext, span: int) -> FigureCard:
    bands = found.bands[measure]
    stock = measure == "waiting"
    unit = "vid månadens slut" if stock else "per månad"
    fan = fan_of(found, measure, measure, title=f"{name} {unit}, antal", text=count, tick=count, height=_SMALL_HEIGHT)
    last = Month.of(bands["period"].iloc[-1])
    year = "tolv månader" if len(bands) == 12 else months_back(len(bands))
    if stock:
        title = f"{count(bands['p50'].iloc[-1])} väntas stå i kö i {last.sv}"
    elif measure == "added":
        title = f"{count(bands['mean'].sum())} väntas tillkomma på {year}"
    else:
        title = f"{count(bands['mean'].sum())} {noun(found.care_area)} väntas på {year}"
    lo, hi = bands["lo80"].iloc[-1], bands["hi80"].iloc[-1]
    return FigureCard(
        id=f"prognos-{_FILE_WORDS[measure]}",
        title=title,
        summary=f"{capital(last.sv)}: åtta av tio utfall mellan {count(lo)} och {count(hi)}.",
        graphic=drawn(small_fan, fan, theme=context.theme),
        graphic_height=fan_height([fan]),
        table=_table(found, measure, name),
        source=" ".join(
            [
                *model_text(found, measure),
                *_holes(found, measure, context),
                flows_source(found.flows) if found.flows else "",
            ]
        ),
        span=span,
    )


def _holes(found: Forecast, measure: str, context: PageContext) -> list[str]:
    """Said when the line of outcomes has gaps, so that an empty stretch is not read as zero."""
    if not found.history[measure].isna().any():
        return []
    seen = context.viewer if found.flows is None else found.flows.seen_by(context.viewer)
    return [f"Luckor i utfallet är {'skyddade eller ' if seen.role != 'exact' else ''}saknade tal."]


def _table(found: Forecast, measure: str, name: str) -> Table:
    columns = (
        Column("period", "Månad"),
        Column("kind", "Typ"),
        Column(measure, name, "count"),
        *band_columns("count"),
    )
    rows = [
        Row(
            (Month.of(r["period"]).sv, "utfall", or_missing(r[measure]), *NO_BAND),
            note=PROVISIONAL if r["provisional"] else "",
        )
        for r in found.history.to_dict("records")
    ]
    rows += [
        Row((Month.of(r["period"]).sv, "prognos", or_missing(r["p50"]), *band_cells(r)))
        for r in found.bands[measure].to_dict("records")
    ]
    return Table(f"{name}, utfall och prognos", columns, tuple(rows))
