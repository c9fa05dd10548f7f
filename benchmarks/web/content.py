"""What both reference applications show: two selectors, a time series of 21 regions, a ranked bar, a region by month
heatmap and a table, of one care area's share within 90 days. The layout is the same; only how it is made differs.
"""

from __future__ import annotations

from typing import Any, Final

from dash import Dash, dcc, html

SHOWN_MONTHS: Final = 36
CHANGES_MONTHS: Final = 12  # months that the selector offers, the last ones
AREAS: Final = 3  # care areas that are changed between
FIGURES: Final = ("series", "ranked", "heat")
OUTPUTS: Final = (*((name, "figure") for name in FIGURES), ("table", "children"))
HEIGHTS: Final = {"series": 360, "ranked": 480, "heat": 480}
HEAD: Final = ("Region", "Andel inom 90 dagar", "Väntar")


def lay_out(app: Dash, areas: list[dict[str, str]], months: list[str]) -> None:
    """The page, before anything is known: the callback gives the figures and the table."""
    app.layout = html.Div(
        [
            html.H1("Väntetider"),
            dcc.Dropdown(id="area", options=areas, value=areas[0]["value"], clearable=False),
            dcc.Dropdown(id="month", options=months, value=months[-1], clearable=False),
            html.Div(
                [dcc.Graph(id=name, style={"height": f"{HEIGHTS[name]}px"}) for name in FIGURES]
                + [html.Div(id="table")],
                id="main",
            ),
        ]
    )


def question(area: str, month: str) -> dict[str, Any]:
    """What the browser sends when a selector changes."""
    return {
        "output": f"..{'...'.join(f'{name}.{prop}' for name, prop in OUTPUTS)}..",
        "outputs": [{"id": name, "property": prop} for name, prop in OUTPUTS],
        "inputs": [
            {"id": "area", "property": "value", "value": area},
            {"id": "month", "property": "value", "value": month},
        ],
        "changedPropIds": ["month.value"],
    }
