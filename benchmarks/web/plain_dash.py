"""Plain Dash, as its tutorial teaches it: the callback reads with `read_sql` and draws with `px`. It asks PostgreSQL
for the care area's rows only, through a pooled engine; it is slow by nothing but what everybody writes.

granian --interface wsgi benchmarks.web.plain_dash:server
"""

from __future__ import annotations

import os
from typing import Any

import pandas as pd
import plotly.express as px
import sqlalchemy as sa
from dash import Dash, Input, Output, html

from benchmarks.web.content import AREAS, CHANGES_MONTHS, HEAD, OUTPUTS, SHOWN_MONTHS, lay_out

# A region's own rows of a care area, newest value of each: the same numbers as Lägesbild shows
ROWS = """
SELECT DISTINCT ON (w.period, w.region) w.period, r.short_name AS region, w.waiting,
       100.0 * w.within_limit / nullif(w.waiting, 0) AS share
FROM waits w JOIN regions r ON r.code = w.region
WHERE w.care_area = %(area)s AND w.provider = '' AND r.code NOT IN (SELECT parent FROM regions WHERE parent <> '')
  AND w.period <= %(month)s
ORDER BY w.period, w.region, w.recorded_at DESC, w.batch_id DESC
"""


def make(address: str) -> Dash:
    engine = sa.create_engine(address)
    areas = pd.read_sql("SELECT code AS value, name AS label FROM care_areas ORDER BY sort_order, code", engine)
    last = pd.read_sql("SELECT max(period) AS period FROM waits", engine)["period"].iloc[0]
    months = [str(m) for m in pd.period_range(end=pd.Period(last, "M"), periods=CHANGES_MONTHS, freq="M")]
    reported = set(pd.read_sql("SELECT DISTINCT care_area FROM waits WHERE region <> '00'", engine)["care_area"])
    offered = areas[areas["value"].isin(reported)].head(AREAS)
    app = Dash("plain", add_log_handler=False, include_assets_files=False)
    lay_out(app, offered.to_dict("records"), months)

    def show(area: str, month: str) -> tuple[Any, ...]:
        frame = pd.read_sql(ROWS, engine, params={"area": area, "month": f"{month}-01"})
        frame["period"] = pd.to_datetime(frame["period"])
        shown = frame[frame["period"] > frame["period"].max() - pd.DateOffset(months=SHOWN_MONTHS)]
        now = shown[shown["period"] == shown["period"].max()]
        series = px.line(shown, x="period", y="share", color="region", title="Andel inom 90 dagar")
        ranked = px.bar(now.sort_values("share"), x="share", y="region", orientation="h", title="Regioner i ordning")
        heat = px.imshow(shown.pivot(index="region", columns="period", values="share"), title="Region och månad")
        rows = [
            html.Tr([html.Td(r.region), html.Td(f"{r.share:.1f} %"), html.Td(f"{r.waiting:.0f}")])
            for r in now.itertuples()
        ]
        head = html.Thead(html.Tr([html.Th(name) for name in HEAD]))
        return series, ranked, heat, html.Table([head, html.Tbody(rows)])

    app.callback(*(Output(*o) for o in OUTPUTS), Input("area", "value"), Input("month", "value"))(show)
    app.server.test_client().get("/")
    return app


if "REFERENCE_DATABASE" in os.environ:
    server = make(os.environ["REFERENCE_DATABASE"]).server
