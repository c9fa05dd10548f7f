"""What a briefing may be about: months, places and care areas that the data know, and nothing of another beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pandas as pd
import pytest

from lagesbild.components.table import cell_text
from lagesbild.domain.briefing import SavedBriefing
from lagesbild.domain.errors import InputError
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Batch, Query
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import options
from lagesbild.pages.looking import look
from lagesbild.pages.registry import all_pages
from lagesbild.pages.render import Renderer
from lagesbild.reports.compose import briefing
from lagesbild.reports.document import Document, Facts, Figure, Prose
from lagesbild.reports.html import html
from lagesbild.reports.looking import Seen
from lagesbild.reports.saved import resolved
from tests.country import LAST, country, forecast_frame, run
from tests.fakes import FakeSource, KeptBriefings

EARLIER = LAST - 17
APART = "Prognosen är gjord på uppgifter till och med oktober 2026, efter den månad underlaget handlar om."


def renderer(source: FakeSource) -> Renderer:
    return Renderer(source, Viewer(), all_pages(), known=options.known, filters=options.filters)


def of(source: FakeSource, selection: Selection) -> Document:
    pages = renderer(source)
    return briefing(selection, lambda p, s: Seen(*look(pages, p, s)), pages.source, pages.viewer)


@cache
def made(**chosen: Any) -> Document:
    """Of the country as it is."""
    return of(country(), Selection(**({"care_area": "kna"} | chosen)))


def first_page(document: Document) -> str:
    """All that the head and the summary say."""
    words = [document.title, *(t for p in document.points for t in (p.heading, p.text))]
    for block in next(s for s in document.sections if s.id == "sammanfattning").blocks:
        match block:
            case Figure():
                words += [block.title, block.summary]
            case Prose():
                words += [str(p) for p in block.paragraphs]
            case Facts():
                words += [f"{k.name} {k.value} {k.change} {k.judgement_text}" for k in block.items]
    return " ".join(words)


def everything(document: Document) -> str:
    """Every word and cell."""
    words = [first_page(document), *document.warnings, document.stamp.sources]
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Prose):
                words += [str(p) for p in block.paragraphs]
            if isinstance(block, Figure):
                words += [block.title, block.summary, block.source, *block.footnotes]
                words += [
                    cell_text(c, k) for r in block.table.rows for c, k in zip(r.cells, block.table.columns, strict=True)
                ]
    return " ".join(words)


@pytest.mark.parametrize("chosen", [{}, {"region": "A", "kind": "region"}, {"kind": "beredskap"}, {"care_area": ""}])
def test_an_earlier_month_is_not_told_by_a_later_forecast(chosen: dict[str, str]) -> None:
    document = made(month=EARLIER, **chosen)
    assert APART in document.warnings
    section = next(s for s in document.sections if s.id == "prognos")
    assert section.blocks[0] == Prose((APART,))
    told = first_page(document)
    for word in ("stänger", "gap", "väntas", "2027"):
        assert word not in told, f"{word} in {told!r}"
    assert document.stamp.forecast_run.endswith("data till och med oktober 2026.")


def test_the_months_own_forecast_is_taken_when_it_is_stored() -> None:
    source = country()
    own = replace(run(2, until=EARLIER), created_at=run().created_at.replace(year=2025, month=6))
    runs = [*source.run_rows, own]
    assert source.gap_rows is not None
    gaps = pd.concat([source.gap_rows, source.gap_rows.assign(run_id=2)], ignore_index=True)
    source = replace(source, run_rows=runs, forecast_rows=forecast_frame(runs, source.frames), gap_rows=gaps)
    document = of(source, Selection(care_area="kna", month=EARLIER))
    assert document.stamp.forecast_run == f"Prognos 2, data till och med {EARLIER.sv}."
    assert not [w for w in document.warnings if w.startswith("Prognosen är gjord")]
    assert "Kapacitetsgap" in first_page(document)
    assert of(source, Selection(care_area="kna")).stamp.forecast_run.startswith("Prognos 3,")


def test_the_latest_month_says_nothing_of_the_run() -> None:
    document = made()
    assert not [w for w in document.warnings if w.startswith("Prognosen är gjord")]
    assert "Kapacitetsgap" in first_page(document)


def test_a_forecast_older_than_the_data_is_told_to_be() -> None:
    document = of(replace(country(), run_rows=[run(until=LAST - 1)]), Selection(care_area="kna"))
    assert any("till och med september 2026, före den månad" in w for w in document.warnings)
    assert "gap" not in first_page(document)


@pytest.mark.parametrize("month", [Month(2019, 5), Month(2027, 5)])
def test_a_month_that_nothing_is_known_of_is_refused(month: Month) -> None:
    with pytest.raises(InputError, match=f"inga uppgifter om knäprotesoperation för {month}"):
        made(month=month)


@pytest.mark.parametrize("chosen", [{}, {"region": "A", "kind": "region"}])
def test_what_is_only_published_stands_alone(chosen: dict[str, str]) -> None:
    """Nothing summed over regions, nothing of another care area, no quality of reports that nobody makes."""
    document = made(care_area="atgard", **chosen)
    ids = {f.id for f in document.figures}
    assert "balans" in ids
    assert not ids & {"vantetid-intervall", "regioner", "gap", "ledig-kapacitet", "fynd", "rapportering", "matris"}
    assert document.stamp.coverage == "Publicerade tal för helheten"
    assert document.stamp.until == "januari 2024"
    assert document.stamp.forecast_run == ""
    assert document.kicker.endswith("januari 2024")
    assert document.points[0].heading == "Publicerat för helheten"
    assert not [w for w in document.warnings if "regioner ingår" in w]


def test_pages_show_nothing_of_another_care_area_either() -> None:
    pages = renderer(country())
    for path in ("/", "/vantetider", "/region/<code>", "/datakvalitet"):
        content = look(pages, path, Selection(care_area="atgard", region="A" if "code" in path else ""))[0]
        assert content.sentences == ("Operation/åtgärd rapporteras inte per region.",), path
        assert {s.id for s in content.sections} == {"inga-uppgifter", "balans"}, path
        assert not content.key_figures
    content = look(pages, "/kapacitetsgap", Selection(care_area="atgard"))[0]
    assert content.sentences == ("Inget gap kan bedömas i urvalet.",)


def test_the_code_of_the_whole_is_no_region() -> None:
    pages = renderer(country())
    for query in ("region=ALL&vardomrade=kna", "vardomrade=kna&jamfor_med=ALL"):
        assert pages.addresses.choices(query) == (Selection(care_area="kna"), [])
    assert pages.addresses.choices("region=A")[0].region == "A"
    parts = replace(country(), region_rows=[replace(r, parent="") for r in country().region_rows])
    assert options.known(parts).whole == ""


def test_free_capacity_has_one_unit_in_words_and_columns() -> None:
    free = next(f for f in made().figures if f.id == "ledig-kapacitet")
    assert free.summary.startswith("Operationer i månaden:")
    cells = dict(zip([c.name for c in free.table.columns], free.table.rows[0].cells, strict=True))
    assert next(c.title for c in free.table.columns if "_per_" in c.name) == "Saknas i månaden"
    assert (cells["need_per_month"], cells["brokerable_per_month"]) == (16 + 6, 11 + 4)  # 3.6 and 1.2 a week
    assert cells["free_per_month"] == 30


def test_a_healthcare_region_is_told_by_its_own_regions() -> None:
    document = made(healthcare_region="Norra")
    assert document.stamp.coverage == "2 av 2 regioner i Norra"
    by_id = {f.id: f for f in document.figures}
    for id_ in ("regioner", "andel"):
        assert "2 av 2 regioner." in by_id[id_].source
    assert "2 av 2 regioner kunde bedömas" in by_id["gap"].source
    assert "revideringar" not in by_id
    assert "rapportering" in by_id


def test_sources_are_of_what_is_in_the_document() -> None:
    source = country()
    real = source.frames["production"]["region"] == "ALL"
    source.frames["production"]["source"] = ["SKR, tabell" if r else "Påhittade data" for r in real]
    source.frames["production"]["synthetic"] = [not r for r in real]
    waits = source.frames["waits"]["region"] == "ALL"
    source.frames["waits"]["source"] = ["SKR, tabell" if r else "Påhittade data" for r in waits]
    source.frames["waits"]["synthetic"] = [not r for r in waits]
    batches = [Batch(1, "waits", "Påhittade data", source.batch_rows[0].recorded_at, 9, True, False, "w.csv")]
    batches.append(replace(batches[0], batch_id=2, source="SKR, tabell", synthetic=False))
    source = replace(source, batch_rows=batches)
    assert of(source, Selection(care_area="kna")).stamp.sources == "Källor: syntetiska data."
    assert of(source, Selection(care_area="atgard")).stamp.sources == "Källor: SKR, tabell."


LATER = datetime(2026, 12, 20, 9, tzinfo=UTC)


@dataclass
class Grown(FakeSource):
    """A country after another import at LATER: what was known before is asked of `before`."""

    before: FakeSource | None = None

    def facts(self, dataset: str, query: Query) -> pd.DataFrame:
        if self.before is not None and query.as_of is not None and query.as_of < LATER:
            return self.before.facts(dataset, query)
        return super().facts(dataset, query)

    def history(self, dataset: str, query: Query, columns: tuple[str, ...] = ()) -> pd.DataFrame:
        if self.before is not None and query.as_of is not None and query.as_of < LATER:
            return self.before.history(dataset, query, columns)
        return super().history(dataset, query, columns)


def test_a_saved_link_gives_the_same_bytes_after_another_import() -> None:
    before = country()
    frames = {name: frame.copy() for name, frame in before.frames.items()}
    frames["waits"].loc[frames["waits"]["period"] == str(LAST), "within_limit"] -= 5
    batches = [*before.batch_rows, Batch(3, "waits", "Ny källa", LATER, 9, True, False, "ny.csv")]
    after = Grown(**{**vars(before), "frames": frames, "batch_rows": batches, "version_number": 9}, before=before)
    one = SavedBriefing("Läget", "vardomrade=kna", (), 1, LATER - timedelta(days=30))
    asked = resolved(Selection(care_area="kna", saved=one.id), KeptBriefings({one.id: one})).selection
    first, again = of(before, asked), of(after, asked)
    assert html(first) == html(again)
    assert first == again
    assert first.stamp.version == "2026-11-15.2"
    assert "Ny källa" not in everything(again)
    assert not [w for w in again.warnings if w.startswith("Tidigare läge")]
    now = of(after, Selection(care_area="kna"))
    assert now.stamp.version == "2026-12-20.3"
    assert html(now) != html(first)


def test_a_country_with_published_figures_of_a_care_area_that_does_not_exist_has_its_briefings() -> None:
    source = country()
    production = source.frames["production"]
    production.loc[production["region"] == "ALL", "care_area"] = "finns-inte"
    for chosen in ({"care_area": "kna"}, {"region": "A"}, {}):
        document = of(source, Selection(**chosen))
        assert document.sections
        assert "finns-inte" not in html(document)
