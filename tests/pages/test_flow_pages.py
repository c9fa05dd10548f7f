"""`/produktion`, `/prognos`, `/kapacitetsgap`, `/om`: true sentences, whole tables, no forbidden words."""

from __future__ import annotations

import json
import re

import pytest

from lagesbild.components.model import FigureCard, PageContent, Special
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Break
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import kapacitetsgap, om, produktion, prognos
from lagesbild.pages.context import PageContext
from lagesbild.views.balance import balance
from lagesbild.views.control_chart import production_chart
from lagesbild.views.flows import flows
from tests.country import LAST, country

NB = "\u00a0"

PAGES = {"produktion": produktion, "prognos": prognos, "kapacitetsgap": kapacitetsgap, "om": om}
SELECTIONS = [
    Selection(),
    Selection(region="A"),
    Selection(region="B", care_area="gra", target=90),
    Selection(care_area="besok"),
    Selection(care_area="atgard", region="ALL"),
    Selection(care_area="gra", status="watch", order="behov"),
    Selection(care_area="kna", month=LAST - 30),
]
# DESIGN.md, "Voice": never for noise, and never at all
FORBIDDEN = re.compile(
    r"\b(ökar|minskar|vänder|tappar|lyfter|rasar|trendar|bryter|svagt bättre|dashboard|kpi|performance|larm|"
    r"röda siffror|kommer att|none|nan|null)\b",
    re.IGNORECASE,
)


def build(name: str, selection: Selection | None = None, source=None, viewer: Viewer | None = None) -> PageContent:
    return PAGES[name].PAGE.build(PageContext(source or country(), selection or Selection(), viewer or Viewer()))


def words(node) -> str:
    """All text of a node, figure dicts left out."""
    if isinstance(node, dict):
        return words(node["props"].get("children")) if "props" in node else ""
    if isinstance(node, (list, tuple)):
        return " ".join(words(n) for n in node)
    return "" if node is None else str(node)


def all_words(content: PageContent) -> str:
    parts = [content.kicker, *content.sentences, content.more, words(content.prose)]
    for s in content.sections:
        parts += [s.title, s.summary]
        if isinstance(s, FigureCard):
            parts += [s.source, words(s.legend), s.table.caption, *(c.title for c in s.table.columns)]
            parts += [str(x) for row in s.table.rows for x in row.cells if isinstance(x, str)]
            if not (isinstance(s.graphic, dict) and "data" in s.graphic):
                parts.append(words(s.graphic))
        else:
            parts.append(words(s.body))
    return " ".join(parts)


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
@pytest.mark.parametrize("name", PAGES)
def test_every_selection_gives_a_whole_page(name, selection):
    content = build(name, selection)
    assert content.kicker
    assert all(s.endswith(".") for s in content.sentences)
    cards = [s for s in content.sections if isinstance(s, FigureCard)]
    assert len(cards) <= 6
    assert len({s.id for s in content.sections}) == len(content.sections)
    for card in cards:
        assert re.fullmatch(r"[a-z0-9-]+", card.id)
        assert card.summary.endswith(".")
        assert card.source
        assert all(len(r.cells) == len(card.table.columns) for r in card.table.rows)
        assert len({c.name for c in card.table.columns}) == len(card.table.columns)
    json.dumps([getattr(s, "graphic", None) for s in content.sections], allow_nan=False)
    found = FORBIDDEN.findall(all_words(content))
    assert not found


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_source_gives_a_sentence_not_an_error(name):
    source = country()
    source.frames, source.run_rows, source.batch_rows = {}, [], []
    source.forecast_rows = source.gap_rows = None
    assert build(name, source=source).sentences


def test_a_stable_country_is_called_normal_and_a_fall_is_called_lower():
    assert build("produktion").sentences[0] == "Produktionen ligger inom den normala variationen."
    slid = build("produktion", Selection(region="A"), country(slide=0.25))
    assert slid.sentences[0].startswith("Produktionen är lägre än normalt sedan ")
    rules = next(s for s in slid.sections if s.id == "regler")
    assert "i rad under medel" in words(rules.body)
    assert "Säkerställd försämring." in words(rules.body)


def test_after_a_change_of_system_nothing_is_judged():
    change = Break("A", "", LAST - 7, None, "system_change", "Nytt system för planering")
    content = build("produktion", Selection(region="A"), country(slide=0.25, breaks=(change,)))
    assert content.sentences[0] == "Produktionen kan inte bedömas ännu: det finns 8 månader, bedömning kräver 24."
    assert "Nytt system för planering" in all_words(content)


def test_the_equation_is_the_last_month():
    source = country()
    card = next(s for s in build("produktion", Selection(region="B"), source).sections if s.id == "balans")
    waits = source.frames["waits"].query("region == 'B' and care_area == 'kna'")["waiting"]
    text = words(card.legend)
    assert f"{waits.iloc[-2]:.0f}" in text
    assert f"{waits.iloc[-1]:.0f}" in text


def test_published_totals_are_marked_real_and_their_first_change_is_missing():
    source = country()
    source.frames["production"]["synthetic"] = source.frames["production"]["region"] != "ALL"
    source.frames["waits"]["synthetic"] = source.frames["waits"]["region"] != "ALL"
    card = next(s for s in build("produktion", source=source).sections if s.id == "rikets-balans")
    assert card.mark == "real"
    assert card.graphic is None
    assert card.table.rows[0].cells[4] == Special("missing")
    assert [c.group for c in card.table.columns].count("Första besök") == 4
    assert "Tretton" not in card.source
    assert "för kort för att bedöma" in card.source


def test_the_forecast_says_when_and_how_sure():
    content = build("prognos", Selection(region="B"))
    assert content.sentences[0] == "Andelen inom 90 dagar väntas falla under 80\u00a0% i februari 2027."
    assert "64\u00a0%" in content.sentences[1]
    assert "slår inte" in content.more  # the flat forecast of the test country loses to last year's season
    assert {"prognos", "siffror", "tidigare-prognoser"} <= {s.id for s in content.sections}


def test_an_open_gap_is_told_as_open_and_the_country_without_one():
    assert "är under 80\u00a0% sedan juli 2026" in build("prognos", Selection(region="A")).sentences[0]
    assert build("prognos").sentences[0].startswith("Andelen inom 90 dagar väntas vara ")


def test_too_short_a_series_is_told_with_numbers():
    source = country()
    waits = source.frames["waits"]
    source.frames["waits"] = waits[waits["period"] > str(LAST - 13)].reset_index(drop=True)
    rows = source.forecast_rows
    source.forecast_rows = rows[rows["measure"] != "within_limit_share"]
    content = build("prognos", Selection(region="B"), source)
    assert content.sentences == (
        "För kort serie för prognos.",
        "Det finns 13 månader med andel. En prognos kräver 24.",
    )


def test_the_gap_page_counts_and_adds_up():
    content = build("kapacitetsgap")
    assert content.sentences[0] == "Ett gap är öppet och ett gap väntas."
    assert content.sentences[1].startswith("22 fler operationer i månaden stänger dem; 15 av dem kan förmedlas")
    card = next(s for s in content.sections if s.id == "gap")
    assert [r.cells[2] for r in card.table.rows] == ["öppet", "väntas", "bevakas", "säsong", "kan inte bedömas"]
    apart = next(s for s in content.sections if s.id == "flaggas-inte")
    assert "Senaste månaden saknas." in words(apart.body)


def test_rows_lead_to_their_own_forecast():
    card = next(s for s in build("kapacitetsgap").sections if s.id == "gap")
    assert card.table.rows[0].href == "/prognos?vardomrade=kna&region=A"


def test_nothing_flagged_is_said_with_a_way_on():
    content = build("kapacitetsgap", Selection(target=90))
    assert content.sentences == ("Inget gap är öppet eller väntas.",)
    assert words(content.sections[0].body).endswith("Visa alla gap")


def test_om_has_what_the_law_and_the_regulation_ask_for():
    text = all_words(build("om"))
    for title in ("Relevans", "Tillförlitlighet", "Aktualitet och punktlighet", "Tillgänglighet och tydlighet"):
        assert title in text
    assert "Jämförbarhet" in text
    assert "2018:1937" in text
    assert "SCB-FS 2016:17" in text
    assert "SKR, Väntetider i vården" in text
    assert "Påhittade data" in text


def test_the_contents_of_om_lead_to_headings_that_exist():
    prose = build("om").prose
    ids = {n["props"]["id"] for n in prose if n["type"] == "H2"}
    links = re.findall(r'"href": "#([a-z]+)"', json.dumps(prose))
    assert set(links) == ids


def test_a_hole_in_the_control_chart_is_said():
    source = country()
    rows = source.frames["production"]
    hole = (rows["region"] == "A") & (rows["care_area"] == "kna") & rows["period"].isin([str(LAST - k) for k in (8, 9)])
    source.frames["production"] = rows[~hole].reset_index(drop=True)
    told = next(s for s in build("produktion", Selection(region="A"), source).sections if s.id == "styrdiagram").source
    assert "Lucka: januari–februari 2026" in told
    whole = next(s for s in build("produktion", Selection(region="A")).sections if s.id == "styrdiagram").source
    assert "Lucka" not in whole


def production_of(selection, source=None):
    content = build("produktion", selection, source)
    return content, {s.id: s for s in content.sections}


def small_months(*gone, column="performed"):
    """Region C's knees with fewer than five in months counted back from the last."""
    source = country()
    rows = source.frames["production"]
    mine = (rows["region"] == "C") & (rows["care_area"] == "kna") & rows["period"].isin([str(LAST - k) for k in gone])
    rows.loc[mine, column] = 3
    return source


def test_production_and_queue_within_the_normal_are_told_in_one_breath():
    source = country()
    found = flows(source, Selection(care_area="kna", region="C"))
    told, chart = balance(found, Viewer()), production_chart(found, source, Viewer())
    both = produktion._sentences(found, told, chart, "noise")
    assert both[0] == "Produktionen och kön ligger inom den normala variationen."
    assert re.fullmatch(r"[\d\u00a0]+ personer väntar\.", both[1])
    longer = produktion._sentences(found, told, chart, "worse")
    assert longer[0] == "Produktionen ligger inom den normala variationen."
    assert "fler än" in longer[1]


def test_a_protected_part_is_told_under_the_balance_and_the_capacity():
    selection = Selection(care_area="kna", region="C")
    _, whole = production_of(selection)
    assert whole["balans"].footnotes == ()
    assert "når stapeln inte upp" in whole["balans"].summary
    _, torn = production_of(selection, small_months(4))
    frames = torn["balans"].graphic["layout"]["shapes"]
    notes = " ".join(torn["balans"].footnotes)
    assert len(frames) >= 1
    assert "Streckad ram: skyddat tal, inte noll." in notes
    assert f"I {len(frames)} av 24 månader är genomförda eller övriga avslut skyddade" in notes
    assert "når hela stapeln inte upp" in torn["balans"].summary
    assert torn["kapacitet"].footnotes == ("Streckad ram: skyddat tal, inte noll.",)
    assert re.fullmatch(rf"\d+–\d+{NB}% av kapaciteten användes i de månader som visas", torn["kapacitet"].title)


def test_the_limits_say_how_many_months_they_are_of():
    _, sections = production_of(Selection(care_area="kna", region="A"))
    assert "Gränserna räknas på de 24 första månaderna med värde." in sections["styrdiagram"].source


def test_what_cannot_be_shown_is_said_once():
    source = country()
    source.frames["production"]["planned"] = float("nan")
    _, sections = production_of(Selection(care_area="kna", region="A"), source)
    gone = sections["saknas-plan"]
    assert gone.title == "Plan kan inte visas"
    assert gone.title not in words(gone.body)
