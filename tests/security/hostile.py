"""A country in which every text that anybody may write is an attack, imported as its owner would import it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any, Final

import pandas as pd

from lagesbild.data.engine import Database
from lagesbild.data.runs import PgRunStore
from lagesbild.data.source import PgSource
from lagesbild.domain.periods import Month
from lagesbild.domain.viewer import Viewer
from lagesbild.freezing.freeze import freeze
from lagesbild.jobs.forecasting import run_forecast
from lagesbild.jobs.importing import import_file
from lagesbild.jobs.seed.generate import generate
from lagesbild.snapshots.store import Store
from tests.forecast.made_up import NaiveEngine

RUN: Final = "window.__ran=1"
SCRIPTS: Final = (
    f"<img src=x onerror={RUN}>",
    f'"><svg onload={RUN}>',
    f"</script><script>{RUN}</script>",
    f"'-({RUN})-'",
    f"</title></style></textarea><script>{RUN}</script>",
    f'<a href="javascript:{RUN}">x</a>',
    f"[x](javascript:{RUN}) <b>fet</b>",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"<iframe srcdoc='<script>parent.{RUN[7:]}</script>'>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;<!--",
    f'" onmouseover="{RUN}" autofocus onfocus="{RUN}',
    f"\u2028{RUN}//",
)
SQL: Final = (
    "'; DROP TABLE waits; --",
    "' OR '1'='1",
    "\\'; SELECT pg_sleep(10); --",
    "$$; DROP TABLE batch; $$",
    "%(region)s %s :region {0}",
)
FORMULAS: Final = (
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    '=HYPERLINK("http://evil.example","x")',
    "\t=1",
    "=cmd|' /C calc'!A0",
)
# in place of the seed's codes, at most 20 characters each
CODES: Final = {"01": "'\"><i>&", "12": "../x?a=b#c", "14": "=1+1;%s"}
AREAS: Final = {"katarakt": "<b>'k", "knaprotes": "kna"}
TEXTS: Final = (*SCRIPTS, *SQL, *(f for f in FORMULAS if not f.startswith("\t")))
_NAMED: Final = ("name", "short_name", "healthcare_region", "healthcare_region_secondary", "conditions", "reason")
_WHEN: Final = datetime(2026, 11, 10, 6, tzinfo=UTC)


def hostile_files(folder: Path) -> list[tuple[str, Path, dict[str, Any]]]:
    """(dataset, file, what its sidecar says) in the order they can be imported."""
    generate(folder, regions=3, care_areas=2, months=26)
    texts = cycle(TEXTS)
    numbers: dict[str, int] = {}  # of providers
    made: list[tuple[str, Path, dict[str, Any]]] = []
    for path in sorted(folder.glob("*.csv"), key=lambda p: (_rank(p.name), p.name)):
        told = json.loads(path.with_name(f"{path.name}.meta.json").read_text(encoding="utf-8"))
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        for column in rows.columns:
            if column in ("region", "home_region", "treating_region") or (column == "code" and "regions" in path.name):
                rows[column] = rows[column].replace(CODES)
            elif column == "care_area" or (column == "code" and "care-areas" in path.name):
                rows[column] = rows[column].replace(AREAS)
            elif column == "provider" or (column == "code" and "providers" in path.name):
                rows[column] = [v and f"<p{numbers.setdefault(v, len(numbers))}>'\"" for v in rows[column]]
            elif column in _NAMED:
                rows[column] = [
                    v if v in ("", "Riket") and column != "conditions" else f"{next(texts)} {k}"[:200]
                    for k, v in enumerate(rows[column])
                ]
        if told["dataset"] == "reporting":
            rows.loc[rows.index[:40], ["status", "reason"]] = ["missing", SCRIPTS[0]]
        rows.to_csv(path, index=False)
        made.append((told["dataset"], path, told))
    breaks = pd.DataFrame(
        [
            (CODES["01"], "<b>'k", "2025-03", "2025-05", "mask", SCRIPTS[2]),
            ("", "", "2026-01", "", "definition_change", SCRIPTS[1]),
            (CODES["14"], "", "2025-12", "", "system_change", SQL[0]),
        ],
        columns=["region", "care_area", "from", "to", "kind", "reason"],
    )
    path = folder / "breaks.csv"
    breaks.to_csv(path, index=False)
    return [*made, ("breaks", path, {})]


def _rank(name: str) -> int:
    return next((k for k, n in enumerate(("regions", "care-areas", "providers")) if name.startswith(n)), 9)


def import_hostile(writer: Database, folder: Path) -> None:
    """Everything imported, a forecast made."""
    texts = cycle(SCRIPTS)
    for k, (dataset, path, told) in enumerate(hostile_files(folder)):
        named = path.with_name(f"<img src=x onerror={RUN}> '{k}.csv")  # a file name may be anything but / and NUL
        path.rename(named)
        moment = datetime.fromisoformat(told["recorded_at"]) if told.get("recorded_at") else _WHEN
        import_file(
            writer, dataset, named, source=f"{next(texts)} {k}", recorded_at=min(moment, _WHEN), synthetic=k % 2 == 0
        )
    source = PgSource(writer)
    run_forecast(source, PgRunStore(writer), jobs=1, n_paths=100, engine=NaiveEngine(), until=Month(2026, 10))


def freeze_hostile(source: PgSource, home: Path) -> Path:
    """A snapshot with a hostile reason, among the saved ones."""
    now = datetime.now(UTC)
    return Store(home).save(freeze(source, now, Viewer(), now=now, reason=SCRIPTS[0])).path
