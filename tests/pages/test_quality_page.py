"""`/datakvalitet` as built content: what it says in each state, what it never says, and that every choice builds."""

import itertools
import json

import pytest

from lagesbild.components.model import Aside, FigureCard, Special
from lagesbild.components.page import page_body
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import datakvalitet, produktion, vantetider
from lagesbild.pages.context import PageContext
from lagesbild.pages.options import filters, known
from tests.pages.test_wait_pages import FORBIDDEN, card, texts
from tests.quality_world import delivered, faulty_world, quality_world, recorded, said, wait_rows, without
from tests.waits_world import CODES, END, MONTHS, changed

NB = "\u00a0"


def context(source, role="public", theme="light", **chosen):
    return PageContext(source, Selection(**chosen), Viewer(role), theme)


def built(source, **chosen):
    return datakvalitet.PAGE.build(context(source, **chosen))


def words(content):
    body = page_body(content, download="/ladda-ner/x", query="", protected="Tal under 5 är skyddade.")
    json.dumps(body)
    return " ".join(texts(body))


def test_a_calm_country():
    content = built(quality_world())
    assert content.kicker == "Datakvalitet, november 2025–oktober 2026"
    assert content.sentences == ("6 av 6 regioner har rapporterat väntetider för oktober.",)
    assert content.more == (
        f"Andelen inom gränsen för riket täcker 100,0{NB}% av befolkningen. Reglerna har inte hittat något att granska."
    )
    assert [s.id for s in content.sections] == ["rapportering", "tackning", "revideringar", "fynd"]
    assert card(content, "rapportering").title == "Två regioner rapporterar ännu inte kapacitet"
    assert card(content, "fynd").title == "Reglerna har inte hittat något att granska"
    assert "Inga fynd" in words(content)


def test_a_faulty_country_says_all_of_it():
    content = built(faulty_world())
    assert content.sentences == (
        "5 av 6 regioner har rapporterat väntetider för oktober.",
        "Ökna saknas sedan september 2026: byte av journalsystem.",
    )
    assert "Ekeby är preliminär." in content.more
    assert "Två av åtta fynd är stoppande: de talen ska inte användas utan märkning." in content.more
    matrix = card(content, "rapportering")
    assert matrix.title == "Två regioner har luckor, två regioner rapporterar ännu inte kapacitet"
    assert "Ökna: väntetider saknas september–oktober 2026, byte av journalsystem." in matrix.footnotes
    assert "Lillö: produktion utesluten juni 2026, samma tal som månaden före." in matrix.footnotes
    assert card(content, "fynd").title == "Åtta fynd, två stoppande"
    said_ = words(content)
    for phrase in ("Sju intervall ger 586, totalen är 600", "Vad regeln såg", "leverans-2025-12.csv", "stopp"):
        assert phrase in said_
    assert not [w for w in FORBIDDEN if w in said_]


def test_one_region_speaks_of_itself():
    content = built(faulty_world(), region="R5")
    assert content.sentences == (
        "Ökna har inte rapporterat väntetider för oktober.",
        "Ökna saknas sedan september 2026: byte av journalsystem.",
    )
    assert built(quality_world(), region="R1").sentences == ("Norrby har rapporterat väntetider för oktober.",)
    calm = built(quality_world(), region="R1", register="waits")
    assert card(calm, "rapportering").title == "Norrby har rapporterat alla månader"


def test_many_missing_and_excluded_are_named_together():
    rows = without(delivered(wait_rows()), "R5", END)
    told = [said("R6", "Väntetider", END, "excluded")]
    assert built(quality_world(rows, reporting=told)).sentences[1] == "Ökna och Lillö saknas eller är uteslutna."
    rows = without(rows, "R6", END)
    assert built(quality_world(rows)).sentences[1] == "Ökna och Lillö saknas."


def test_missing_the_whole_period_and_one_month():
    rows = without(delivered(wait_rows()), "R5", *MONTHS[-12:])
    assert built(quality_world(rows)).sentences[1] == "Ökna saknas hela perioden."
    rows = without(delivered(wait_rows()), "R5", END)
    assert built(quality_world(rows)).sentences[1] == "Ökna saknas."
    told = [said("R6", "Väntetider", END, "excluded", "Fel fil.")]
    assert built(quality_world(reporting=told)).sentences[1] == "Lillö är utesluten: fel fil."


def test_another_register_is_spoken_of():
    content = built(faulty_world(), register="production")
    assert content.sentences == (
        "5 av 6 regioner har rapporterat produktion för oktober.",
        "Ökna saknas sedan september 2026.",
    )
    assert built(quality_world(), register="out-of-region").sentences == (
        "6 av 6 regioner har rapporterat till patientregistret för oktober.",
    )


def test_the_table_of_reporting_has_every_region_register_and_month():
    table = card(built(faulty_world()), "rapportering").table
    assert len(table.rows) == 6 * 4
    assert len(table.columns) == 2 + 12
    missing = next(r for r in table.rows if r.cells[:2] == ("Ökna", "Väntetider"))
    assert missing.cells[-1] == Special("missing", reason="Byte av journalsystem.")
    excluded = next(r for r in table.rows if r.cells[:2] == ("Lillö", "Produktion"))
    assert excluded.cells[2 + 7] == Special("excluded", reason="Samma tal som månaden före.")
    late = next(r for r in table.rows if r.cells[:2] == ("Norrby", "Väntetider"))
    assert late.cells[2 + 9] == "sen"


def fields(content):
    """The cells of the matrix by region and place, with what is said of each."""

    def find(node):
        if isinstance(node, dict):
            if node["props"].get("id") == "falt":
                return node
            return find(node["props"].get("children"))
        if isinstance(node, list):
            return next((f for n in node if (f := find(n)) is not None), None)
        return None

    table = find(card(content, "rapportering").graphic)
    details = json.loads(table["props"]["data-details"])
    out = {}
    for tr in table["props"]["children"][2]["props"]["children"]:
        cells = [c for c in tr["props"]["children"] if c["type"] == "Td"]
        name = next(c for c in tr["props"]["children"] if c["props"].get("className") == "r")
        label = name["props"]["children"]["props"]["children"]
        out[label] = [(c["props"]["className"], details[c["props"]["data-d"]], c["props"]["tabIndex"]) for c in cells]
    return out


def test_every_field_has_hidden_words_a_detail_and_one_stop_for_the_tab_key():
    found = fields(built(faulty_world()))
    assert {len(v) for v in found.values()} == {48}
    stops = [t for cells in found.values() for _, _, t in cells]
    assert stops.count(0) == 1
    assert set(stops) == {0, -1}
    kind, detail, _ = found["Ökna"][11]
    assert "ff-missing" in kind
    assert detail == "saknas. Byte av journalsystem."
    kind, detail, _ = found["Norrby"][9]
    assert "ff-late" in kind
    assert detail == "rapporterad efter sista dag, 6 dagar sent. Fil rattning-7.csv, inläst 2026-11-15 kl. 07.00."


def test_coverage_says_what_is_left_out_and_of_which_year():
    c = card(built(faulty_world()), "tackning")
    assert c.title == "De nationella talen täcker 4 till 6 av 6 regioner"
    assert "Ingår inte i andel inom gränsen och väntande: Ökna." in c.footnotes
    assert "Befolkning 31 december 2023 (SCB)." in c.source
    rows = {r.cells[0]: r.cells for r in c.table.rows}
    assert rows["Kapacitetens användning"][3:] == (4.0, "Ökna och Lillö")
    calm = card(built(quality_world()), "tackning")
    assert calm.title == "De flesta tal täcker 6 av 6 regioner"
    assert calm.footnotes == ("Ingår inte i kapacitetens användning: Ökna och Lillö.",)


def test_published_figures_say_that_their_coverage_is_not_known():
    rows = [*delivered(wait_rows()), {"period": END, "region": "LAND", "care_area": "alla", "provider": "",
            "waiting": 1000.0, "recorded_at": recorded(END), "batch_id": 1}]  # fmt: skip
    c = card(built(quality_world(rows)), "tackning")
    assert "Riket: alla åtgärder" in words(built(quality_world(rows)))
    assert c.table.rows[-1].cells[2] == Special("missing", "anges inte i källan")


def test_revisions_say_how_much_and_when():
    rows = delivered(wait_rows())
    at = {(r["region"], r["care_area"], r["period"]): r for r in rows}
    whole = at["R2", "kna", END - 10]
    first = [whole | {"within_limit": whole["within_limit"] - 80, "recorded_at": recorded(END - 10), "batch_id": 1}]
    rows = changed(rows, "R2", "kna", END - 10, recorded_at=recorded(END - 4), batch_id=8)
    rows_again = [whole | {"within_limit": whole["within_limit"] - 20, "recorded_at": recorded(END - 8), "batch_id": 2}]
    source = quality_world(rows, earlier=[*first, *rows_again])
    c = card(built(source), "revideringar")
    assert c.title == "Tal har flyttat sig som mest 2,0 procentenheter, efter tre månader högst 0,5"
    assert c.graphic["data"]
    assert "knäprotes i riket" in c.summary
    row = next(r for r in c.table.rows if r.cells[0] == END - 10)
    assert row.cells[4] == pytest.approx(2.0)
    assert row.cells[6] == 2.0
    mine = card(built(source, region="R2"), "revideringar")
    assert "10,0 procentenheter" in mine.title
    assert "i Åby" in mine.summary


def test_a_month_published_again_only_long_after_is_told_with_when_and_not_with_three_months():
    """Points at 0 and 10 months alone: "efter tre månader högst 2,0" would be the whole movement once more."""
    rows = delivered(wait_rows())
    at = {(r["region"], r["care_area"], r["period"]): r for r in rows}
    whole = at["R2", "kna", END - 12]
    first = [whole | {"within_limit": whole["within_limit"] - 80, "recorded_at": recorded(END - 12), "batch_id": 1}]
    rows = changed(rows, "R2", "kna", END - 12, recorded_at=recorded(END - 2), batch_id=8)
    c = card(built(quality_world(rows, earlier=first)), "revideringar")
    assert c.title == "Tal har flyttat sig som mest 2,0 procentenheter, tio månader efter första publicering"
    assert c.summary.endswith("1 av 24 månader har ändrats; övriga ligger på noll, och lika linjer på varandra.")


def test_no_revision_is_no_chart():
    c = card(built(quality_world()), "revideringar")
    assert c.title == "Inget tal har publicerats mer än en gång"
    assert c.graphic is None
    assert len(c.table.rows) == 24


def test_a_grade_without_findings_leads_back():
    content = built(quality_world(), finding="stop")
    assert card(content, "fynd").title == "Reglerna har inte hittat något att granska"
    source = faulty_world()
    only_info = built(source, finding="info")
    assert card(only_info, "fynd").title == "Ett fynd av graden upplysning, av åtta" or "Sent inkommen" in words(
        only_info
    )
    none = built(source, finding="info", register="production")
    assert "Inga fynd av den graden" in words(none)
    assert "Visa alla fynd" in words(none)


def test_nothing_reported_is_a_page_with_a_way_on():
    content = built(quality_world([], [], []), month=END - 60, region="R1", register="waits")
    assert isinstance(content.sections[0], Aside)
    assert "Visa hela landet" in words(content)


@pytest.mark.parametrize("role", ["public", "exact"])
def test_every_choice_builds(role):
    source = faulty_world()
    choices = itertools.product(
        ({}, {"region": "R5"}, {"healthcare_region": "Södra"}),
        ({}, {"register": "capacity"}),
        ({}, {"month": END - 14, "window": 24}, {"care_area": "kat", "finding": "review"}),
    )
    for chosen in choices:
        content = datakvalitet.PAGE.build(context(source, role, "dark", **{k: v for c in chosen for k, v in c.items()}))
        assert len(content.sections) <= 6
        for section in content.sections:
            assert isinstance(section, (FigureCard, Aside))
        text = words(content)
        assert "nan" not in text.lower().replace("resonan", "")
        assert "None" not in text


def test_filters_and_the_line_on_phones():
    source = quality_world()
    made = filters(context(source), datakvalitet.PAGE.filters)
    assert [f.name for f in made] == [
        "register", "region", "healthcare_region", "care_area", "month", "window", "finding"
    ]  # fmt: skip
    offered = [o.label for o in made[5].options]
    assert (offered[0], offered.count("12 månader")) == ("12 månader", 1)
    assert datakvalitet.PAGE.phone_selection(context(source)) == "Hela riket, 12 månader, oktober 2026"
    assert datakvalitet.PAGE.phone_selection(context(source, region="R2", window=24)) == "Åby, 24 månader, oktober 2026"
    assert {"waits", "production"} <= set(known(source).registers)


# --- what other pages say of months they lack ---


def test_the_wait_page_says_what_its_months_lack():
    rows = without(delivered(wait_rows()), "R5", END)
    rows = changed(rows, "R1", "kna", END, value_status="provisional")
    rows = [{"value_status": "reported"} | r for r in rows]
    content = vantetider.PAGE.build(context(quality_world(rows)))
    lacking = "Ofullständigt: Ökna saknas i oktober 2026; Norrby är preliminär i oktober 2026."
    assert lacking in card(content, "vantetid-intervall").source
    assert lacking in card(content, "trend").source
    whole = vantetider.PAGE.build(context(quality_world()))
    assert "Ofullständigt" not in words(whole)


def test_the_production_page_says_what_its_months_lack():
    made = quality_world().frames["production"].to_dict("records")
    made = changed(made, "R1", "kna", END, value_status="provisional")
    made = [{"value_status": "reported"} | r for r in made]
    told = [said("R6", "Produktion", END - 1, "excluded")]
    content = produktion.PAGE.build(context(quality_world(production=made, reporting=told)))
    sentence = "Ofullständigt: Lillö är utesluten i september 2026; Norrby är preliminär i oktober 2026."
    assert sentence in card(content, "balans").source
    assert sentence in card(content, "styrdiagram").source
    assert "Ofullständigt" not in words(produktion.PAGE.build(context(quality_world())))
    assert len(CODES) == 6
