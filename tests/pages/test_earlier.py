"""`?as_of=`: no page knows what was recorded later, every page says so, and links stay in the same state."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from lagesbild.domain.earlier import source_at
from lagesbild.domain.periods import Month
from lagesbild.domain.source import Batch, Query
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import options
from lagesbild.pages.earlier import keep_moment
from lagesbild.pages.registry import all_pages
from lagesbild.pages.render import Renderer
from lagesbild.pages.view import View
from tests.country import LAST, country
from tests.fakes import FakeSource

KNOWN = datetime(2026, 9, 20, 21, 59, 59, 999999, tzinfo=UTC)
EARLY, LATE = KNOWN - timedelta(days=30), KNOWN + timedelta(days=30)


@dataclass
class Remembering(FakeSource):
    """Every month of facts is recorded on the 15th of the next."""

    def facts(self, dataset: str, query: Query) -> pd.DataFrame:
        rows = super().facts(dataset, query).dropna(subset="period")
        moment = query.as_of
        if moment is None or rows.empty:
            return rows
        told = [Month.of(p) + 1 for p in rows["period"]]
        known = [datetime(m.year, m.month, 15, tzinfo=UTC) <= moment for m in told]
        return rows[known].reset_index(drop=True)


@pytest.fixture
def source() -> Remembering:
    made = country()
    fields = {f: getattr(made, f) for f in made.__dataclass_fields__}
    early, late = (Batch(k, "waits", "provdata", at, 10, True, False, "") for k, at in ((1, EARLY), (2, LATE)))
    return Remembering(**{**fields, "batch_rows": [late, early]})


def _renderer(source: FakeSource) -> Renderer:
    return Renderer(source, Viewer(), all_pages(), known=options.known, filters=options.filters)


def _words(node: Any) -> str:
    return json.dumps(node, ensure_ascii=False)


def test_an_earlier_state_ends_with_the_month_known_then(source: Remembering) -> None:
    assert source.latest_month() == LAST
    then = source_at(source, KNOWN)
    assert then.latest_month() == Month(2026, 8)
    assert Month.of(then.facts("production", Query())["period"].max()) == Month(2026, 8)
    assert [b.batch_id for b in then.batches()] == [1]
    assert source_at(source, None) is source
    assert source_at(source, datetime(1990, 1, 1, tzinfo=UTC)).latest_month() is None


def test_what_was_recorded_later_is_in_no_history(source: Remembering) -> None:
    frame = source.frames["waits"].assign(recorded_at=LATE)
    source.frames = {**source.frames, "waits": frame}
    source.earlier_frames = {"waits": frame.assign(recorded_at=EARLY, waiting=1.0)}
    now, then = source.history("waits", Query()), source_at(source, KNOWN).history("waits", Query(), ("waiting",))
    assert len(now) == 2 * len(then) > 0
    assert set(then["waiting"]) == {1.0}
    assert "within_limit" not in then


def test_a_forecast_made_later_is_not_known(source: Remembering) -> None:
    run = source.runs()[0]
    assert source_at(source, run.created_at).runs()[0] == run
    assert source_at(source, run.created_at - timedelta(seconds=1)).runs() == []


@pytest.mark.parametrize("path", ["/", "/vantetider", "/produktion", "/prognos", "/kapacitetsgap"])
def test_every_page_shows_the_earlier_state_and_says_so(source: Remembering, path: str) -> None:
    renderer = _renderer(source)
    now = _words(renderer.answer(View(path)).main)
    assert "oktober 2026" in now or "november 2026" in now
    assert "Tidigare läge" not in now
    answer = renderer.answer(View(path, "?as_of=2026-09-20"))
    main, strip = _words(answer.main), _words(answer.strip)
    assert "det som var känt 20 september 2026" in main
    assert "oktober 2026" not in main
    assert "november 2026" not in main
    assert "Tidigare läge" in strip
    assert "augusti 2026" in strip
    assert "Uttag 2026-09-20. " in strip
    before_all = renderer.answer(View(path, "?as_of=1990-01-01"))
    assert "Tidigare läge" in _words(before_all.strip)
    assert "Felet är loggat" not in _words(before_all.main)


def test_links_stay_in_the_state_and_others_are_left_alone() -> None:
    links = [{"href": "/prognos?region=A#x"}, {"href": "#topp"}, {"href": "/ladda-ner/a.csv"}, "text", 3]
    kept = keep_moment({"children": links}, KNOWN, {"/prognos"}.__contains__)["children"]
    assert kept[0]["href"] == "/prognos?region=A&as_of=2026-09-20#x"
    assert kept[1:] == links[1:]
    assert keep_moment(kept[0], KNOWN, {"/prognos"}.__contains__) == kept[0]


def test_the_menu_takes_along_what_the_next_page_can_use(source: Remembering) -> None:
    answer = _renderer(source).answer(View("/vantetider", "?region=A&vardomrade=gra&manad=2026-08"))
    links = [a["props"] for a in answer.nav]
    to = {a["children"]: a["href"] for a in links}
    assert to["Prognos"] == "/prognos?vardomrade=gra&region=A&manad=2026-08"  # by the forecast of that month
    assert to["Produktion"] == "/produktion?vardomrade=gra&region=A&manad=2026-08"
    assert to["Om"] == "/om"
    assert [a["children"] for a in links if a.get("aria-current")] == ["Väntetider"]


def test_earlier_states_are_offered_by_the_days_something_was_imported(source: Remembering) -> None:
    def field(search: str) -> Any:
        renderer = _renderer(source)
        place = renderer.place_at("/vantetider")
        assert place is not None
        return next(f for f in renderer.fields(renderer.build(place, search)) if f.name == "as_of")

    plain = field("")
    assert [(o.value, o.label) for o in plain.options] == [("", "senaste"), ("2026-08-21", "2026-08-21")]
    assert not plain.changed
    chosen = field("?as_of=2026-09-20")
    assert [o.value for o in chosen.options] == ["", "2026-09-20", "2026-08-21"]
    assert (chosen.value, chosen.changed) == ("2026-09-20", True)


def test_a_source_without_an_earlier_import_offers_none(source: Remembering) -> None:
    renderer = _renderer(FakeSource(**{**vars(source), "batch_rows": [source.batch_rows[0]]}))
    place = renderer.place_at("/vantetider")
    assert place is not None
    assert "as_of" not in [f.name for f in renderer.fields(renderer.build(place, ""))]
