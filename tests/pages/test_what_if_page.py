"""`/prognos` with scenarios: true sentences, the table "Utan / Med", controls that write the address, live answers."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from lagesbild.components.model import Aside, FigureCard, PageContent
from lagesbild.domain.scenario_choice import CHOICE_PARAMETERS, WHAT_IF_PARAMETERS, Choice, WhatIf
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import options, prognos, what_if_aside, what_if_needs
from lagesbild.pages.context import PageContext
from lagesbild.pages.render import Renderer
from lagesbild.pages.view import View
from lagesbild.pages.what_if_aside import _end_text, _told
from lagesbild.views.forecast_fan import forecast_fan
from lagesbild.views.what_if import Scale, WhatIfView, what_if
from tests.country import LAST, country
from tests.pages.test_flow_pages import FORBIDDEN, all_words, words
from tests.what_if_world import RUN, facts, world

B = Selection(care_area="kna", region="B")
TWO = Choice(extra_per_week=0.46)
EVERYTHING = Choice(0.46, -5, 0.69, "C", 0.23, "A", LAST + 3, 60)


def build(*choices: Choice, selection: Selection = B, source=None, viewer: Viewer | None = None) -> PageContent:
    first, second = (*choices, None, None)[:2]
    chosen = selection.with_(what_if=WhatIf(first or Choice(), second))
    return prognos.PAGE.build(PageContext(source or world(), chosen, viewer or Viewer()))


def section(content: PageContent, name: str) -> FigureCard | Aside:
    return next(s for s in content.sections if s.id == name)


def found_by(node, test):
    """All nodes whose props pass the test."""
    if isinstance(node, (list, tuple)):
        return [x for n in node for x in found_by(n, test)]
    if isinstance(node, dict) and "props" in node:
        own = [node] if test(node["props"]) else []
        return own + found_by(node["props"].get("children"), test)
    return []


def rows_of(node) -> dict[str, list[str]]:
    """Table rows as heading -> cells, in words."""
    out = {}
    for row in found_by(node, lambda p: isinstance(p.get("children"), list)):
        if row["type"] == "Tr" and row["props"]["children"][0]["type"] == "Th":
            head, *cells = row["props"]["children"]
            if all(c["type"] == "Td" for c in cells):
                out.setdefault(words(head), [words(c) for c in cells])
    return out


def test_the_second_sentence_says_what_the_scenario_does():
    said = build(TWO).sentences
    assert said[0] == "Andelen inom 90 dagar väntas falla under 80\u00a0% i februari 2027."
    assert re.fullmatch(r"Två fler operationer i månaden sänker risken från \d+ till \d+\u00a0%\.", said[1])


def test_without_a_scenario_the_page_says_what_is_expected():
    content = build()
    assert "Sannolikheten är 64\u00a0% inom tolv månader" in content.sentences[1]
    table = rows_of(section(content, "vad-hander-om").body)
    assert all(len(cells) == 1 for cells in table.values())


def test_the_table_has_a_column_for_each_scenario():
    one = rows_of(section(build(TWO), "vad-hander-om").body)
    two = rows_of(section(build(TWO, Choice(inflow_percent=10)), "vad-hander-om").body)
    assert {len(cells) for cells in one.values()} == {2}
    assert {len(cells) for cells in two.values()} == {3}
    assert list(one) == [
        "Gap öppnar",
        "Gap inom tre månader",
        "Gap inom sex månader",
        "Gap inom tolv månader",
        "Andel inom 90 dagar, okt 2027",
        "Förväntad väntetid, okt 2027",
        "Väntande, okt 2027",
    ]
    assert [cells[0] for cells in one.values()][1:] == [cells[0] for cells in two.values()][1:]


def test_two_scenarios_are_told_apart():
    said = build(TWO, Choice(inflow_percent=10)).sentences
    assert said[1].startswith("A: Två fler operationer i månaden sänker risken")
    assert said[2].startswith("B: 10\u00a0% större inflöde höjer risken")


@pytest.mark.parametrize(
    "choice, told",
    [
        (Choice(extra_per_week=0.23), "En till operation i månaden"),
        (Choice(inflow_percent=-5), "5\u00a0% mindre inflöde"),
        (Choice(sent_per_week=0.23), "En skickad i månaden"),
        (Choice(sent_per_week=0.46, sent_to="C"), "Två skickade till Östvik i månaden"),
        (Choice(received_per_week=0.92, received_from="A"), "Fyra mottagna från Aldal i månaden"),
        (Choice(0.46, -5, 0.23, "C"), "Två fler operationer, en skickad till Östvik i månaden och 5\u00a0% mindre"),
    ],
)
def test_what_is_tried_is_said_in_words(choice, told):
    assert build(choice).sentences[1].startswith(told)


def test_where_a_gap_cannot_be_judged_the_share_is_told():
    source = world()
    source.fact_rows[RUN, "B", "kna"] = facts("B", 90, structural_now=None).to_json()
    content = build(TWO, source=source)
    assert re.fullmatch(
        r"Två fler operationer i månaden ger andelen [\d,]+\u00a0% i oktober 2027, i stället för [\d,]+\u00a0%\.",
        content.sentences[1],
    )
    assert rows_of(section(content, "vad-hander-om").body)["Gap öppnar"] == ["kan inte bedömas"] * 2


def test_an_open_gap_closes_with_a_chance():
    content = build(TWO, selection=B.with_(region="A"))
    assert re.search(r"(höjer|ändrar inte) chansen att gapet stängs inom tolv månader", content.sentences[1])
    assert "Gapet stängs inom tolv månader" in rows_of(section(content, "vad-hander-om").body)


def test_the_other_end_has_a_table_of_its_own():
    text = words(section(build(Choice(sent_per_week=10.0, sent_to="C")), "vad-hander-om").body)
    assert "I Östvik, som tar emot" in text
    assert "Ledig kapacitet där: 30 operationer i månaden. Fler än så tränger undan egna." in text
    assert "Välj vart de skickas" in words(section(build(Choice(sent_per_week=1.0)), "vad-hander-om").body)


def test_who_cannot_be_sent_and_where_capacity_is_free():
    text = words(section(build(), "vad-hander-om").body)
    assert "30\u00a0% av de väntande kan inte förmedlas av medicinska skäl." in text
    assert "Ledig kapacitet finns i Östvik, 30 i månaden." in text


def test_what_is_free_is_told_in_the_unit_of_the_sliders():
    """A planner who drags to four a week reads what is free a week, not "16 i månaden" beside it."""
    weekly = Scale("week", 20.0, 1.0)
    view = what_if(world(), B.with_(what_if=WhatIf(Choice(sent_per_week=10.0, sent_to="C"))), Viewer())
    assert isinstance(view, WhatIfView)
    assert "Ledig kapacitet finns i Östvik, 6 i veckan." in _told(replace(view, scale=weekly))[0]
    end, found = view.tried[0].ends[0], forecast_fan(world(), B, Viewer())
    text = _end_text(end, found, weekly)
    assert "Ledig kapacitet där: 6 operationer i veckan." in text
    assert "i månaden" not in text


def test_lines_in_the_chart_and_columns_in_its_table():
    card = section(build(TWO, Choice(inflow_percent=10, first_month=LAST + 5)), "prognos")
    lines = [t for t in card.graphic["data"] if t.get("name") in ("scenario A", "scenario B")]
    assert len(lines) == 4  # two in each panel
    assert len(lines[0]["x"]) == 13  # from the last outcome
    assert len(lines[1]["x"]) == 9  # from the month before it begins
    assert [c.name for c in card.table.columns][-4:] == [
        "scenario_1_share",
        "scenario_1_wait_days",
        "scenario_2_share",
        "scenario_2_wait_days",
    ]
    assert card.summary.endswith(
        "Heldragen lila linje är A: två fler operationer i månaden från november 2026; "
        "prickad är B: 10\u00a0% större inflöde från mars 2027."
    )
    assert not any(t.get("name") == "scenariot" for t in section(build(), "prognos").graphic["data"])


def test_what_is_needed_adds_up_with_the_headline():
    card = section(build(), "stanger-gapet")
    table = rows_of(card.graphic)
    assert list(table) == ["70\u00a0%", "80\u00a0%", "90\u00a0%"]
    assert all(int(a) <= int(b) and int(c) <= int(b) for a, b, c in table.values())
    assert [r.cells[0] for r in card.table.rows] == [0.7, 0.8, 0.9]


def test_what_cannot_be_done_is_explained_with_no_number_made_up():
    card = section(build(Choice(long_waiter_percent=20)), "stanger-gapet")
    assert card.title.startswith("80\u00a0% kan inte nås så")
    assert rows_of(card.graphic)["80\u00a0%"][1:] == ["går inte", "–"]
    text = words(card.graphic)
    assert "bara 20\u00a0% av de extra operationerna går till dem som väntat längre än 90 dagar" in text
    assert "För 80\u00a0% måste mer än 20\u00a0% gå till dem" in text


def test_small_lists_are_hidden_from_the_public():
    source = world()
    for measure in ("waiting", "added", "performed"):
        source.path_arrays[RUN, "B", "kna", measure] = source.path_arrays[RUN, "B", "kna", measure] * 0 + 3.0
    source.fact_rows[RUN, "B", "kna"] = facts("B", 1, waiting_now=3.0).to_json()
    public = rows_of(section(build(source=source), "vad-hander-om").body)
    exact = rows_of(section(build(source=source, viewer=Viewer("exact")), "vad-hander-om").body)
    assert public["Väntande, okt 2027"] == ["<5"]
    assert exact["Väntande, okt 2027"][0].startswith("3")


def test_controls_are_labelled_and_hold_what_is_chosen():
    body = section(build(EVERYTHING), "vad-hander-om").body
    sliders = found_by(body, lambda p: "data-slide" in p)
    assert [s["props"]["data-slide"] for s in sliders] == [
        "fler", "inflode", "skickas", "fran", "tas_emot", "langvantande",
    ]  # fmt: skip
    for s in sliders:
        (field,) = found_by(s, lambda p: p.get("type") == "range")
        texts, values = (json.loads(s["props"][k]) for k in ("data-texts", "data-values"))
        assert len(texts) == len(values) == field["props"]["max"] + 1
        assert values.count("") == 1
        labels = found_by(s, lambda p: "htmlFor" in p)
        assert [n["props"]["htmlFor"] for n in labels] == [field["props"]["id"]]
    chosen = {
        s["props"]["data-slide"]: json.loads(s["props"]["data-texts"])[
            found_by(s, lambda p: p.get("type") == "range")[0]["props"]["value"]
        ]
        for s in sliders
    }
    assert chosen == {
        "fler": "2 i månaden",
        "inflode": "−5\u00a0%",
        "skickas": "3 i månaden",
        "fran": "januari 2027",
        "tas_emot": "1 i månaden",
        "langvantande": "60\u00a0%",
    }
    selects = found_by(body, lambda p: "data-param" in p)
    assert [s["props"]["data-value"] for s in selects] == ["C", "A"]


def test_every_name_is_there_once_with_two_scenarios():
    body = section(build(EVERYTHING, TWO), "vad-hander-om").body
    ids = [n["props"]["id"] for n in found_by(body, lambda p: "id" in p)]
    assert len(set(ids)) == len(ids)
    written = {n["props"].get("data-slide") or n["props"].get("data-param") for n in found_by(
        body, lambda p: "data-slide" in p or "data-param" in p)}  # fmt: skip
    assert written == {p + s for p in CHOICE_PARAMETERS.values() for s in ("", "_b")}
    assert written <= set(WHAT_IF_PARAMETERS)


def test_links_save_reset_and_compare():
    def links(content):
        return {
            n["props"]["id"]: n["props"].get("href")
            for n in found_by(
                section(content, "vad-hander-om").body, lambda p: "id" in p and "btn" in p.get("className", "")
            )
        }

    base = "/prognos?vardomrade=kna&region=B"
    assert links(build()) == {"wi-compare": base + "&jamfor=ja"}
    assert links(build(TWO)) == {
        "save-scenario": None,
        "wi-reset": base,
        "wi-compare": base + "&fler=0.46&jamfor=ja&fler_b=0.46",
    }
    assert links(build(TWO, EVERYTHING))["wi-compare"] == base + "&fler=0.46"


@pytest.mark.parametrize("choices", [(), (TWO,), (EVERYTHING,), (EVERYTHING, TWO), (Choice(long_waiter_percent=0),)])
@pytest.mark.parametrize(
    "selection", [B, B.with_(region="A"), B.with_(target=90), B.with_(care_area="gra", region="C")]
)
def test_every_scenario_gives_a_whole_page_in_plain_swedish(choices, selection):
    content = build(*choices, selection=selection)
    assert all(s.endswith(".") for s in content.sentences)
    cards = [s for s in content.sections if isinstance(s, FigureCard)]
    assert len(cards) <= 6
    for card in cards:
        assert all(len(r.cells) == len(card.table.columns) for r in card.table.rows)
    json.dumps([getattr(s, "graphic", None) for s in content.sections], allow_nan=False)
    json.dumps([getattr(s, "body", None) for s in content.sections], allow_nan=False)
    assert not FORBIDDEN.findall(all_words(content))


def test_the_country_is_told_to_choose_a_region():
    aside = section(build(TWO, selection=Selection(care_area="kna")), "vad-hander-om")
    text = words(aside.body)
    assert "Scenarier görs för en region i taget." in text
    assert "Aldal , gapet är öppet" in text
    assert "Björke , 64\u00a0% risk för gap" in text


def test_an_older_run_says_why_there_is_no_scenario():
    text = words(section(build(TWO, source=country()), "vad-hander-om").body)
    assert "Välj en senare prognos." in text


def renderer(source=None) -> Renderer:
    return Renderer(source or world(), Viewer(), [prognos.PAGE], known=options.known, filters=options.filters)


def test_while_a_slider_moves_only_what_it_changes_is_answered():
    made = renderer()
    whole = made.answer(View("/prognos", "vardomrade=kna&region=B&fler=0.46"))
    live = made.answer(View("/prognos", "vardomrade=kna&region=B&fler=0.46", live=True))
    assert whole.page.get("parts") is None
    parts = live.page["parts"]
    assert set(parts) == set(prognos.PAGE.live)
    assert live.page["query"] == "vardomrade=kna&region=B&fler=0.46"
    for name in prognos.PAGE.live:
        (node,) = found_by(whole.main, lambda p, name=name: p.get("id") == name)
        told = {k: v for k, v in node["props"].items() if k in parts[name]}
        assert json.dumps(told, sort_keys=True) == json.dumps(parts[name], sort_keys=True)
    assert "sänker risken" in live.page["live"]


def test_a_live_answer_that_must_say_something_more_is_a_whole_page():
    answer = renderer().answer(View("/prognos", "vardomrade=kna&region=B&fler=många", live=True))
    assert answer.page.get("parts") is None
    assert "många" in words(answer.main)


def test_live_and_whole_answers_are_kept_apart():
    made = renderer()
    views = [View("/prognos", "region=B&fler=1", live=live) for live in (False, True)]
    assert made.key(views[0]) != made.key(views[1])


def test_the_parts_that_no_scenario_changes_are_made_once():
    source = world()
    asked = []
    read = source.forecasts
    source.forecasts = lambda *a, **k: asked.append(a) or read(*a, **k)
    made = renderer(source)
    made.answer(View("/prognos", "vardomrade=kna&region=B"))
    before = len(asked)
    for k in range(3):
        made.answer(View("/prognos", f"vardomrade=kna&region=B&fler={k + 1}", live=True))
    assert len(asked) == before
    source.version_number += 1
    made = renderer(source)
    made.answer(View("/prognos", "vardomrade=kna&region=B&fler=1", live=True))
    assert len(asked) > before


def test_what_is_live_is_named_by_the_sections():
    assert set(what_if_aside.PARTS) | set(what_if_needs.PARTS) <= set(prognos.PAGE.live)
