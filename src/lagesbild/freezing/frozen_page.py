"""What the pages said, and which run it rests on, as the frozen page takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lagesbild.domain.source import Run
from lagesbild.freezing.offline import Fact, Told, Words, index_html
from lagesbild.freezing.seen import Said
from lagesbild.reports.document import Stamp
from lagesbild.views.published_tables import PublishedTable

INDEX = "index.html"


def frozen_page(
    numbers: Mapping[str, PublishedTable], said: Mapping[tuple[str, str], Said], stamp: Stamp, run: Run | None
) -> bytes:
    """`numbers` by dataset, `said` by (region, care area), `stamp` of the sheet for preparedness. The page has the
    forecasts also where the sheet has none, so the run is told."""
    words = f"Prognos {run.run_id}, data till och med {run.until.sv}." if run else ""
    return index_html(numbers, Told({key: _words(s) for key, s in said.items()}), replace(stamp, forecast_run=words))


def _words(said: Said) -> Words:
    facts = (
        Fact(k.name, k.what, k.value, k.judgement, k.judgement_text, k.change) for k in said.key_figures if k.value
    )
    return Words(said.kicker, said.sentences, said.more, tuple(facts))
