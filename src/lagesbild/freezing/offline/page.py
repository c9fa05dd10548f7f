"""The document: policy, style, status strip, data and script in one file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any, Final

import orjson

from lagesbild.freezing.offline.packing import packed
from lagesbild.freezing.offline.parts import ASSETS, script, script_hash, style
from lagesbild.freezing.offline.told import Told
from lagesbild.reports.document import Stamp
from lagesbild.views.published_tables import PublishedTable

# what the page shows; a table that is not given has its section say so
USED: Final = (
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
    "guarantee-limits",
    "definitions",
)
# `<` could end the element, the others could end a line of script in an old browser
_ESCAPED: Final = {
    b"<": b"\\u003c",
    b">": b"\\u003e",
    b"&": b"\\u0026",
    b"\xe2\x80\xa8": b"\\u2028",
    b"\xe2\x80\xa9": b"\\u2029",
}
_THRESHOLD: Final = 5  # when the stamp says none


def index_html(tables: Mapping[str, PublishedTable], told: Told, stamp: Stamp, assets: Path = ASSETS) -> bytes:
    """The whole page. `tables`: by the names of `views.published_tables`; others than USED are not put in."""
    code = script()
    title = "Lägesbild, fryst ögonblicksbild" + (" (syntetiska data)" if stamp.synthetic else "")
    policy = (
        f"default-src 'none'; script-src {script_hash(code)}; style-src 'unsafe-inline'; img-src data:; "
        "font-src data:; base-uri 'none'; form-action 'none'"
    )
    head = (
        '<!doctype html>\n<html lang="sv">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style(assets)}\n</style>\n</head>\n"
    )
    body = (
        '<body>\n<a class="skip" href="#main" id="skip">Hoppa till innehållet</a>\n'
        f'<section class="strip" id="strip" aria-label="Om uppgifterna">{_strip(stamp)}</section>\n'
        '<header class="top" id="top"></header>\n<section id="filters" aria-label="Urval"></section>\n'
        '<main id="main" tabindex="-1"></main>\n'
        '<p class="vh" id="said" role="status"></p>\n<footer class="foot" id="foot"></footer>\n'
        '<noscript><div class="noscript"><p>Sidan ritas av ett program i filen, och det är avstängt i webbläsaren.</p>'
        "<p>Alla tal finns som CSV- och XLSX-filer bredvid den här filen, och det viktigaste i beredskapsbladet (PDF)."
        "</p></div></noscript>\n"
    )
    data = orjson.dumps(_data(tables, told, stamp))
    for sign, safe in _ESCAPED.items():
        data = data.replace(sign, safe)
    return b"".join(
        [
            (head + body + '<script type="application/json" id="data">').encode(),
            data,
            f"</script>\n<script>{code}</script>\n</body>\n</html>\n".encode(),
        ]
    )


def _strip(stamp: Stamp) -> str:
    """Says what the page is also when its program does not run."""
    mark = f'<span class="syn">Syntetiska data</span>{escape(stamp.synthetic)}' if stamp.synthetic else ""
    until = f"Data till och med <b>{escape(stamp.until)}</b>. " if stamp.until else ""
    taken = f"Uttag {escape(stamp.as_of)}. " if stamp.as_of else ""
    told = " ".join(escape(t) for t in (stamp.protected, f"Dataversion {stamp.version}." if stamp.version else "") if t)
    return f'<div class="wrap"><span>{mark}</span><span><b>Fryst ögonblicksbild.</b> {until}{taken}{told}</span></div>'


def _data(tables: Mapping[str, PublishedTable], told: Told, stamp: Stamp) -> dict[str, Any]:
    number = re.search(r"\d+", stamp.protected)
    return {
        "threshold": int(number.group()) if number else _THRESHOLD,
        "stamp": asdict(stamp),
        "told": [
            [region, area, w.kicker, list(w.sentences), w.more, [asdict(f) for f in w.facts]]
            for (region, area), w in sorted(told.words.items())
        ],
        "tables": {name: packed(tables[name]) for name in USED if name in tables},
    }
