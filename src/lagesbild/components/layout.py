"""The page around everything, made once: index document and the containers that answers are put in."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.shell import header, skip_link

# The containers of an answer, in the order of `pages.render.Answer.outputs`
CONTAINERS: Final = ("strip", "nav", "filters", "main", "foot")

INDEX: Final = """<!DOCTYPE html>
<html lang="sv">
<head>
{%metas%}
<meta name="color-scheme" content="light dark">
<title>{%title%}</title>
<link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">
<link rel="preload" href="__PLOTLY__" as="script" fetchpriority="low" data-plotly="">
<link rel="preload" href="/assets/fonts/source-sans-3-latin-wght-normal.woff2" as="font" type="font/woff2" crossorigin>
<script>__FIRST__</script>
<link rel="stylesheet" href="__STYLE__">
{%css%}
</head>
<body>
<noscript><p class="noscript">Lägesbild behöver JavaScript för att visa sidan. Slå på det i webbläsaren, eller hämta
uppgifterna med kommandot lagesbild export.</p></noscript>
{%app_entry%}
<div>{%config%}<script src="__SCRIPT__"></script>{%scripts%}{%renderer%}</div>
</body>
</html>"""


def waiting(filters: bool) -> str:
    """What stands on the page until the scripts have come. A page without filters keeps no room for their bar."""
    room = "" if filters else ' data-filters="none"'
    return f'<div id="react-entry-point"{room}><p class="starting">Hämtar lägesbilden …</p></div>'


def layout(who: Any = None) -> dict[str, Any]:
    """The document body: what never changes, with empty containers for what does. `who`: is logged in."""
    nav = el("Nav", [], id="nav", className="nav", aria_label="Sidor")
    return el(
        "Div",
        [
            skip_link(),
            el("Section", [], id="strip", className="strip", aria_label="Datastatus"),
            header(nav, who),
            el("Div", [], id="filters"),
            el("Main", el("P", "Hämtar uppgifter …", className="starting"), id="main", className="wrap", tabIndex=-1),
            el("Footer", [], id="foot", className="foot"),
            el("P", "", id="live", className="vh", role="status", aria_live="polite"),
        ],
        id="app",
    )
