"""The floor: Dash that only hands out what is ready. Its figures are constants, made before the first request from the
file that `REFERENCE_CONSTANTS` names, and its table is plain dicts; nothing is read, computed or drawn on a change.

granian --interface wsgi benchmarks.web.floor:server
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from dash import Dash, Input, Output

from benchmarks.web.content import HEAD, OUTPUTS, lay_out

Cells = dict[str, list[list[float | None]]]


def figures(regions: list[str], months: list[str], share: list[list[float | None]]) -> tuple[Any, Any, Any]:
    """Time series, ranked bar and heatmap of `share` (regions, months), as dicts."""
    series = {
        "data": [
            {"type": "scatter", "mode": "lines", "name": name, "x": months, "y": line}
            for name, line in zip(regions, share, strict=True)
        ],
        "layout": {"title": {"text": "Andel inom 90 dagar"}, "hovermode": "closest"},
    }
    last = sorted(zip((s[-1] for s in share), regions, strict=True), key=lambda x: -1.0 if x[0] is None else x[0])
    ranked = {
        "data": [{"type": "bar", "orientation": "h", "x": [v for v, _ in last], "y": [n for _, n in last]}],
        "layout": {"title": {"text": f"Regioner i ordning, {months[-1]}"}, "margin": {"l": 140}},
    }
    heat = {
        "data": [{"type": "heatmap", "x": months, "y": regions, "z": share}],
        "layout": {"title": {"text": "Region och månad"}, "margin": {"l": 140}},
    }
    return series, ranked, heat


def table(regions: list[str], share: list[list[float | None]], waiting: list[float | None]) -> dict[str, Any]:
    """The last month's rows, as the dicts that Dash makes of html.Table."""
    rows = [
        [name, "saknas" if s[-1] is None else f"{s[-1]:.1f} %", "saknas" if w is None else f"{w:.0f}"]
        for name, s, w in zip(regions, share, waiting, strict=True)
    ]
    head = _el("Tr", [_el("Th", name) for name in HEAD])
    body = [_el("Tr", [_el("Td", cell) for cell in row]) for row in rows]
    return _el("Table", [_el("Thead", head), _el("Tbody", body)])


def _el(tag: str, children: Any) -> dict[str, Any]:
    return {"type": tag, "namespace": "dash_html_components", "props": {"children": children}}


def constants(given: dict[str, Any]) -> dict[tuple[str, str], tuple[Any, ...]]:
    """The whole answer for every care area and month on offer."""
    regions = given["regions"]
    return {
        (v["area"], v["months"][-1]): (
            *figures(regions, v["months"], v["share"]),
            table(regions, v["share"], v["waiting"]),
        )
        for v in given["views"]
    }


def make() -> Dash:
    given = json.loads(Path(os.environ["REFERENCE_CONSTANTS"]).read_text(encoding="utf-8"))
    ready = constants(given)
    app = Dash("floor", compress=True, add_log_handler=False, include_assets_files=False)
    lay_out(app, given["areas"], given["months"])
    inputs = Input("area", "value"), Input("month", "value")
    app.callback(*(Output(*o) for o in OUTPUTS), *inputs)(lambda area, month: ready[area, month])
    app.server.test_client().get("/")
    return app


if "REFERENCE_CONSTANTS" in os.environ:
    server = make().server
