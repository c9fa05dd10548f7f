"""Which month a forecast was made from, where the figures beside it are of another."""

from __future__ import annotations

from lagesbild.domain.source import Run
from lagesbild.pages.context import PageContext
from lagesbild.views.forecast_fan import of_another_month


def run_note(run: Run, context: PageContext) -> tuple[str, ...]:
    """That no forecast is stored from the chosen month, and which is shown. Nothing when a run was chosen beside it."""
    month = context.selection.month
    if month is None or context.selection.run is not None or not of_another_month(run, month):
        return ()
    way = "efter" if run.until > month else "före"
    return (
        f"Ingen prognos är gjord på uppgifter till och med {month.sv}, den månad som är vald. Den som visas är gjord "
        f"på uppgifter till och med {run.until.sv}, {way} den månaden.",
    )
