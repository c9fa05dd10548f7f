"""Every address that the service answers, and who may: the one place that decides. What is not here is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from lagesbild.domain.people import What
from lagesbild.domain.person import Right

UPDATE: Final = "/_dash-update-component"
Rate = Literal["", "export", "work", "login"]


@dataclass(frozen=True)
class Route:
    """`needs`: the right to come here. `open`: nobody is asked who he is (style sheets, health, login itself). `shell`:
    the frame around a page, which says who is logged in and holds no number. `document`: the same, as what a browser
    opens: who may not look is sent to log in. `rate`: how often (auth.limits). `told`: written in the log as this, of
    the form `only` where it says one."""

    needs: Right | Literal["open", "shell", "document"]
    rate: Rate = ""
    told: What | None = None
    only: str = ""  # a media type


# the API: figures as the pages have them; a table as CSV is taken, as a download is
_TABLES: Final = (
    "waits",
    "production",
    "capacity",
    "out-of-region",
    "brokering",
    "reporting",
    "forecasts",
    "gaps",
    "published-totals",
    "published-shares",
    "regions",
    "care-areas",
    "providers",
    "guarantee-limits",
    "population",
    "breaks",
    "free-capacity",
    "snapshots",
    "definitions",
    "quality",
    "catalogue",
    "fhir-MeasureReport",
    "openapi-json",
    "index",
    "bare",
    "unknown",
)
ROUTES: Final[Mapping[str, Route]] = {
    **{f"api.{name}": Route("look", "", "export", only="text/csv") for name in _TABLES},
    # files that are the same for everybody, and are in the source code
    "_dash_assets.static": Route("open"),
    "/assets/lagesbild.css": Route("open"),
    "/assets/lagesbild.js": Route("open"),
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": Route("open"),
    "/_favicon.ico": Route("open"),
    "/_reload-hash": Route("open"),
    # machines that watch over us: counts of requests, no figures; close /metrics in the proxy to keep them inside
    "health.healthz": Route("open"),
    "health.readyz": Route("open"),
    "health.metrics": Route("open"),
    # the frame, then what is put in it
    "/": Route("document"),
    "/<path:path>": Route("document"),
    "/_dash-layout": Route("shell"),
    "/_dash-dependencies": Route("shell"),
    UPDATE: Route("look"),
    "ladda_ner.download": Route("look", "export", "export"),
    "val.areas": Route("look"),
    "rapporter.file": Route("look", "export", "export"),
    "rapporter.page": Route("look", "work"),
    "rapporter.about": Route("look", "work"),
    "rapporter.saved": Route("discuss"),
    "rapporter.save": Route("discuss", "export", "briefing-saved"),
    # which of the snapshots somebody may have is decided by whose eyes each was made for: snapshots.store
    "ogonblicksbilder.file": Route("look", "export", "export"),
    "ogonblicksbilder.opened": Route("look", "work", "export"),
    "ogonblicksbilder.tried": Route("look", "work"),
    "ogonblicksbilder.given": Route("look", "export"),
    "ogonblicksbilder.save": Route("freeze", "export", "snapshot"),
    "inloggning.page": Route("open"),
    "inloggning.start": Route("open", "login"),
    "inloggning.back": Route("open", "login"),
    "inloggning.left": Route("open"),
    "inloggning.leave": Route("shell"),
}


def route(endpoint: str) -> Route | None:
    """None for an address that nobody has decided about."""
    return ROUTES.get(endpoint)
