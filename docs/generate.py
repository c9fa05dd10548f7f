"""Writes what the documentation repeats: the tables of datasets (README, docs/data-formats.md), those of the API
(docs/api.md), and README's copy of the calibration table of data/seed/README.md.

    make docs

A test runs `rendered()` and compares, so that none of them can fall behind.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from pathlib import Path

from lagesbild.api.parameters import ALLOWED
from lagesbild.api.routes import ENDPOINTS, addresses
from lagesbild.domain.dataset_spec import Column, Dataset
from lagesbild.domain.datasets import DATASETS

ROOT = Path(__file__).resolve().parents[1]
README, FORMATS, API = ROOT / "README.md", ROOT / "docs" / "data-formats.md", ROOT / "docs" / "api.md"
SEED_README = ROOT / "data" / "seed" / "README.md"
_KINDS = {
    "text": "text, at most {0.max_length} characters",
    "codes": "text: codes separated by spaces",
    "count": "whole number, 0 or more; `<n` = suppressed at the source",
    "days": "number of days, 0 or more",
    "amount": "number, 0 or more",
    "number": "number",
    "percent": "number, 0-100",
    "month": "month, `2024-01` or `2024M01`",
    "date": "date, `2024-01-31`",
    "year": "year",
}
_INTRODUCTION = """# Data formats

<!-- Written by `make docs` from src/lagesbild/domain/datasets.py. Change that file, not this one. -->

CSV with `,` or `;`, UTF-8 (with or without BOM) or Windows-1252, decimal point or comma; or XLSX, first sheet.
Headings may be the English names or the Swedish ones. Spaces and no-break spaces inside numbers are allowed (`1 234`).
An empty cell means not reported, never zero. `<5` (any `<n`) means suppressed at the source and is kept as that.
A column nobody knows is an error, unless its name starts with `x_`.

**Key** columns say which row it is. A later import with the same key supersedes the earlier value, and the earlier one
can still be shown (`--as-of`). A row without `provider` is the region's own total; rows with one are its parts.
"""
_FIGURES = """
## Files of figures

Every figure can be taken as CSV for people (`;`, decimal comma, BOM), CSV for programs (`form=maskin` first in the query:
`,`, decimal point) and XLSX. A share that is shown in whole per cent, because a count behind it is protected, is a number
in all of them. The file for programs is nothing but a heading and rows: the table's own columns, `note` where a row has
one, and then

| column | content |
|---|---|
| `region_code`, `home_region_code`, `treating_region_code`, `care_area_code`, `provider_code` | the code of the name in the column before; empty for a sum, and for a name that two have |
| `care_area_code` | where the page is about one care area and the figure has no column of them |
| `period` | the month that every row is about, `2026-10`, or the months, `2025-11/2026-10`, where the figure is about one time and has no column of months |
| `source` | producer and the date the numbers were taken out |
| `synthetic` | `true` or `false` |
"""


def rendered() -> Mapping[Path, str]:
    """Path -> whole content as it should be."""
    readme = _between("datasets", README.read_text(encoding="utf-8"), _overview())
    found = _block("calibration").search(SEED_README.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{SEED_README} has no calibration table")
    api = API.read_text(encoding="utf-8")
    for name, text in (("endpoints", _endpoints()), ("parameters", _parameters()), ("fields", _fields())):
        api = _between(name, api, text)
    return {README: _between("calibration", readme, found[2]), FORMATS: _formats(), API: api}


def _block(name: str) -> re.Pattern[str]:
    """The text between `<!-- name -->` and `<!-- /name -->`, as group 2."""
    return re.compile(rf"(<!-- {name} -->\n)(.*?)(<!-- /{name} -->)", re.DOTALL)


def _between(name: str, document: str, text: str) -> str:
    return _block(name).sub(lambda found: found[1] + text + found[3], document)


def _overview() -> str:
    rows = [f"| `{d.name}` | {', '.join(_short(c) for c in d.columns)} |" for d in DATASETS.values()]
    return "\n".join(["| dataset | columns |", "|---|---|", *rows, ""])


def _short(c: Column) -> str:
    name = f"**{c.name}**" if c.key else c.name
    return name if c.required else f"[{name}]"


def _formats() -> str:
    return _INTRODUCTION + "".join(_section(d) for d in DATASETS.values()) + _FIGURES


def _section(d: Dataset) -> str:
    kind = "One row per month and key." if d.facts else "Reference rows."
    table = "| column | Swedish heading | key | required | content |\n|---|---|---|---|---|\n"
    about = textwrap.fill(f"{kind} {d.note}", 120)
    return f"\n## `{d.name}` ({d.sv})\n\n{about}\n\n{table}" + "".join(
        f"| `{c.name}` | {c.sv} | {'yes' if c.key else ''} | {'yes' if c.required else ''} | {_content(c)} |\n"
        for c in d.columns
    )


def _content(c: Column) -> str:
    if c.choices:
        text = ", ".join(f"`{english}` ({swedish})" for english, swedish in c.choices)
    else:
        text = _KINDS[c.kind].format(c)
    if c.references:
        text += f"; a code in `{c.references}`"
    if c.empty_means:
        text += f"; empty = {c.empty_means}"
    return text


def _endpoints() -> str:
    """Every address of the API with its parameters."""
    rows = [
        f"| `{a.path}` | {a.summary} | {', '.join(f'`{p}`' for p in a.parameters)} | {', '.join(f'`{f}`' for f in a.forms)} |"
        for a in addresses()
    ]
    return "\n".join(["| address | answers with | parameters | forms |", "|---|---|---|---|", *rows, ""])


def _parameters() -> str:
    """Every parameter once, with what it means where it means most."""
    found: dict[str, str] = {}
    for e in ENDPOINTS:
        for name, field in e.parameters.model_fields.items():
            found.setdefault(field.alias or name, field.description or "")
    rows = [f"| `{name}` | {words} | {ALLOWED[name]} |" for name, words in found.items()]
    return "\n".join(["| parameter | meaning | allowed |", "|---|---|---|", *rows, ""])


def _fields() -> str:
    """Every field of every table."""
    out = []
    for e in ENDPOINTS:
        out += [f"\n### `{e.name}`\n", "| field | title | meaning |", "|---|---|---|"]
        for c in e.columns:
            name = f"**`{c.name}`**" if c.role == "measure" else f"`{c.name}`"
            about = " ".join(t for t in (c.definition, f"Enhet: {c.unit}." if c.unit else "") if t)
            out.append(f"| {name} | {c.title} | {about.replace('|', '/')} |")
    return "\n".join([*out, ""])


if __name__ == "__main__":
    for path, content in rendered().items():
        path.write_text(content, encoding="utf-8")
        print(path.relative_to(ROOT))
