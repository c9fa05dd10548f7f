"""`/region/<code>` and `/vardomrade/<code>` as built content: what they say, where they lead, that they build."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from lagesbild.components.model import Drawn, FigureCard, Special
from lagesbild.components.page import page_body
from lagesbild.components.table import cell_text
from lagesbild.domain.selection import OWN_HEALTHCARE_REGION, PER_INHABITANTS, Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import region, vardomrade
from lagesbild.pages.context import PageContext
from lagesbild.pages.options import filters
from lagesbild.pages.vardomrade_facts import chart_card
from lagesbild.views.share_chart import country_chart
from lagesbild.views.signals import country_signal
from lagesbild.views.wait_reading import read_waits
from tests.places_world import PEOPLE, places
from tests.waits_world import CODES, END, WAITING, calm_rows, gap, row, slide, system_change, with_gaps, world

NB = "\u00a0"
FORBIDDEN = re.compile(
    r"\b(ökar|minskar|vänder|tappar|lyfter|rasar|trendar|bryter|svagt bättre|dashboard|kpi|performance|larm|"
    r"röda siffror|kommer att|none|nan|null)\b",
    re.IGNORECASE,
)


def context(source, role="public", theme="light", **chosen):
    return PageContext(source, Selection(**chosen), Viewer(role), theme)


def about_region(source, code="R1", **more):
    return region.PAGE.build(context(source, region=code, **more))


def about_area(source, code="kna", **more):
    return vardomrade.PAGE.build(context(source, care_area=code, **more))


def texts(node):
    if isinstance(node, dict):
        return [t for v in node.values() for t in texts(v)]
    if isinstance(node, (list, tuple)):
        return [t for v in node for t in texts(v)]
    return [node] if isinstance(node, str) else []


def said(node):
    """What a reader meets: children of nodes, never classes or figures."""
    if isinstance(node, dict):
        return said(node["props"].get("children")) if "props" in node else []
    if isinstance(node, (list, tuple)):
        return [t for n in node for t in said(n)]
    return [] if node is None else [str(node)]


def words(content):
    body = page_body(content, download="/ladda-ner/x", query="", protected="Tal under 5 är skyddade.")
    json.dumps(body, allow_nan=False)  # plain dicts all the way down
    return " ".join(said(body))


def card(content, id_):
    return next(s for s in content.sections if s.id == id_)


def shown(content, id_, row_name):
    """A table row as it reads, by column name."""
    table = card(content, id_).table
    found = next(r for r in table.rows if r.cells[0] == row_name)
    return {c.name: cell_text(v, c) for v, c in zip(found.cells, table.columns, strict=True)}


def flagged(source=None):
    return with_gaps(
        source or places(slide(calm_rows(), "R1", "kna", extra=0.15)),
        [
            gap(
                "R1", "kna", "open", opens_period=np.datetime64("2026-03-01"), structural_share_now=0.75,
                extra_per_week_to_target=3.6, target_period=np.datetime64("2027-04-01"), load=1.07,
                expected_wait_days=99.0,
            ),
            gap("R4", "kna", "expected", opens_period=np.datetime64("2027-05-01"), probability_12m=0.7,
                extra_per_week_to_target=0.4, load=1.02, expected_wait_days=60.0),
            *(gap(c, "kna", "none", load=0.9, expected_wait_days=40.0) for c in ("R2", "R3", "R5", "R6")),
            *(gap(c, "kat", "none", load=0.9, expected_wait_days=30.0) for c in CODES),
        ],
    )  # fmt: skip


def test_the_open_gap_is_the_first_sentence_and_what_closes_it_the_second():
    content = about_region(flagged())
    people = f"{(PEOPLE['R1'] + 2023) // 1000}{NB}{(PEOPLE['R1'] + 2023) % 1000:03d}"
    assert content.kicker == f"Region Norrby, oktober 2026. {people} invånare (2023), sjukvårdsregion Norra"
    assert re.fullmatch(rf"Knäprotes ligger under gränsen sedan mars 2026, nu 7\d,\d{NB}%\.", content.sentences[0])
    assert content.sentences[1] == f"16 fler operationer i månaden når 80{NB}% i april 2027."
    assert "Katarakt visar ingen säkerställd förändring." in content.more
    assert card(content, "andel").title == "Bara knäprotes visar en säkerställd försämring"
    assert content.key_figures[-1].unit == "av 2"
    assert "öppet sedan mars 2026" in " ".join(texts(content.key_figures[-1].body))


def test_an_open_gap_whose_share_is_above_the_limit_is_not_said_to_lie_under_it():
    source = with_gaps(places(), [gap("R1", "kna", "open", opens_period=np.datetime64("2026-03-01"))])
    first = about_region(source).sentences[0]
    assert first.startswith("Knäprotes har ett öppet kapacitetsgap sedan mars 2026, andelen är nu 8")


def test_calm_is_said_as_calm_and_unjudged_never_as_calm():
    calm = with_gaps(places(), [gap("R1", a, "none") for a in ("kna", "kat")])
    assert about_region(calm).sentences == (
        "Inget vårdområde har någon säkerställd förändring i Region Norrby.",
        "Inget kapacitetsgap är öppet eller väntas inom tolv månader i Norrby.",
    )
    unjudged = with_gaps(places(), [gap("R1", a, "none", probability_12m=None) for a in ("kna", "kat")])
    content = about_region(unjudged)
    assert content.sentences[1] == "Kapacitetsgap i Norrby kan inte bedömas."
    assert (content.key_figures[-1].value, content.key_figures[-1].body) == ("–", "Kan inte bedömas.")


def test_a_region_without_a_report_says_so_and_why():
    told = [
        {
            "period": END,
            "region": "R5",
            "register": "Väntetider",
            "status": "missing",
            "reason": "Byte av journalsystem.",
        }
    ]
    rows = [r for r in calm_rows() if not (r["region"] == "R5" and r["period"] == END)]
    content = about_region(places(rows, frames={"reporting": pd.DataFrame(told)}), "R5")
    assert content.sentences[0] == "Region Ökna har inte rapporterat väntande för oktober 2026."
    assert "Byte av journalsystem, ingen rapport för oktober 2026." in content.more
    # said once: what is not there, and when it can be judged; not as well that it cannot be judged yet
    told = [(k.value, k.judgement, k.change) for k in content.key_figures[:2]]
    assert set(told) == {("saknas", "", "Bedöms när oktober 2026 är rapporterad.")}
    assert card(content, "plats").title == "Ökna har ingen plats i ordningen"
    assert shown(content, "laget-i-tal", "Knäprotes")["waiting"] == "saknas"
    table = card(content, "andel").table
    assert [cell_text(c, k) for c, k in zip(table.rows[0].cells, table.columns, strict=True)][1] == "saknas"
    assert "saknas: byte av journalsystem" in " ".join(texts(card(content, "rapportering").graphic))


def test_a_care_area_whose_share_is_hidden_is_not_judged_in_words():
    source = places()
    waits = read_waits(source, Selection(care_area="kna"), Viewer())
    found = country_signal(waits, 0)
    for coarse, why in ((True, "små tal är skyddade"), (False, "den är inte rapporterad för oktober 2026")):
        gone = replace(found, judgement="better", share=np.nan, coarse=coarse)
        said = vardomrade._sentences(waits.areas[0], gone, None, waits, "Norra")
        assert said == (f"Andelen i Norra visas inte: {why}.",)
    assert vardomrade._sentences(waits.areas[0], replace(found, judgement="better"), None, waits, "Norra") == (
        "Knäprotes blir bättre i Norra.",
    )


def test_places_figures_and_lines_lead_on():
    content = about_region(flagged())
    strips = card(content, "plats").graphic
    clicks = [d for t in strips["data"] for d in t["customdata"]]
    assert ["/region/R2"] in clicks
    assert {r.href for r in card(content, "plats").table.rows} == {"", *(f"/region/{c}" for c in CODES)}
    assert [r.href for r in card(content, "laget-i-tal").table.rows] == ["/vardomrade/kna", "/vardomrade/kat"]
    named = next(r for r in card(content, "vardgivare").table.rows if r.cells[0] == "Norrby sjukhus")
    assert named.href == "/vantetider?vardomrade=kna&region=R1&vardgivare=P1"
    done = next(c for c in named.cells if isinstance(c, Drawn))
    assert done.node["props"]["href"] == "/produktion?vardomrade=kna&region=R1&vardgivare=P1"
    assert content.crumbs == (
        ("Riket", "/"),
        ("Norra", "/vardomrade/kna?sjukvardsregion=Norra"),
        ("Norrby", ""),
    )


def test_what_is_chosen_goes_along_when_drilling():
    content = about_region(places(), care_area="kat", month=END - 1, target=90)
    assert content.crumbs[0] == ("Riket", "/?vardomrade=kat&manad=2026-09&grans=90")
    assert card(content, "plats").table.rows[1].href == "/region/R1?vardomrade=kat&manad=2026-09&grans=90"


def test_a_comparison_is_a_line_a_column_and_named():
    for compare, name, told in (
        (OWN_HEALTHCARE_REGION, "Norra", "Streckad: sjukvårdsregion Norra."),
        ("R5", "Ökna", "Streckad: Ökna."),
    ):
        found = card(about_region(places(), compare=compare), "andel")
        assert told in found.summary
        assert [c.title for c in found.table.columns[1:4]] == ["Norrby", "Riket", name]
        assert "6px,3px" in texts(found.graphic)
    assert "Streckad" not in card(about_region(places()), "andel").summary
    window = card(about_region(places(), window=12), "andel")
    assert len(window.table.rows) == 12


def test_a_comparison_reaches_counts_places_and_travel():
    whole = about_region(places())
    other = {n: shown(about_region(places(), "R5"), "laget-i-tal", n) for n in ("Knäprotes", "Katarakt")}
    content = about_region(places(), compare="R5")
    found = card(content, "laget-i-tal")
    assert [r.cells[1] for r in found.table.rows] == ["Norrby", "Ökna"] * 2
    assert [r.emphasis for r in found.table.rows] == ["chosen", ""] * 2
    own = [r.cells for r in card(whole, "laget-i-tal").table.rows]
    assert [(r.cells[0], *r.cells[2:]) for r in found.table.rows[::2]] == own
    named = [c.name for c in found.table.columns]
    for r in found.table.rows[1::2]:
        told = {n: cell_text(v, c) for n, v, c in zip(named, r.cells, found.table.columns, strict=True)}
        assert {k: v for k, v in told.items() if k not in ("region", "care_area")} == {
            k: v for k, v in other[r.cells[0]].items() if k != "care_area"
        }
    assert "Under varje rad: Ökna." in found.summary
    assert "I Ökna " in card(content, "resor").source
    assert "rapportering och vårdgivare är regionens egna" in content.notes[0]
    assert not whole.notes


def test_a_healthcare_region_beside_a_region_has_what_is_summed_and_says_what_is_not():
    content = about_region(places(), compare=OWN_HEALTHCARE_REGION)
    found = card(content, "laget-i-tal")
    second = found.table.rows[1]
    assert second.cells[1] == "Sjukvårdsregion Norra"
    assert second.cells[2] == sum(WAITING[c] for c in CODES[:3])
    assert second.cells[4:] == ("–",) * 5
    assert "Per sjukvårdsregion summeras bara väntande" in found.source
    place = card(content, "plats").table.rows[1]
    assert place.cells[0] == "Sjukvårdsregion Norra"
    lines = card(content, "andel").table
    last = [cell for cell, c in zip(lines.rows[0].cells, lines.columns, strict=True) if c.name == "kna_compared"]
    assert [place.cells[1]] == last
    rated = card(about_region(places(), compare=OWN_HEALTHCARE_REGION, per=PER_INHABITANTS), "laget-i-tal").table
    people = sum(PEOPLE[c] + 2023 for c in CODES[:3])
    assert rated.rows[1].cells[2] == pytest.approx(sum(WAITING[c] for c in CODES[:3]) / people * 1e5)


def test_counts_per_inhabitant_are_told_as_such_and_hidden_ones_have_none():
    rows = [
        row("R6", "kna", END, over=3, waiting=60)
        if (r["region"], r["care_area"], r["period"]) == ("R6", "kna", END)
        else r
        for r in calm_rows()
    ]
    content = about_region(places(rows), "R1", per=PER_INHABITANTS)
    people = PEOPLE["R1"] + 2023
    found = shown(content, "laget-i-tal", "Knäprotes")
    assert found["performed_per_100000"] == f"{250 / people * 1e5:.1f}".replace(".", ",")
    assert f"per 100{NB}000 invånare, folkmängd 2023" in card(content, "laget-i-tal").summary
    hidden = shown(about_region(places(rows), "R6", per=PER_INHABITANTS), "laget-i-tal", "Knäprotes")
    assert hidden["over_limit_per_100000"] == "<5"
    assert hidden["waiting_per_100000"] == f"{60 / (PEOPLE['R6'] + 2023) * 1e5:.1f}".replace(".", ",")
    whole = shown(about_area(places(), per=PER_INHABITANTS), "regioner", "Riket")
    everyone = sum(PEOPLE.values()) + 6 * 2023
    assert whole["waiting_per_100000"] == f"{4000 / everyone * 1e5:.1f}".replace(".", ",")


def test_providers_rest_and_all_add_up_on_the_page():
    content = about_region(places(), care_area="kna")
    done = {
        n: shown(content, "vardgivare", n)["performed"] for n in ("Norrby sjukhus", "Ögonkliniken", "Övriga", "Alla")
    }
    numbers = {k: int(v.replace(NB, "")) for k, v in done.items()}
    assert numbers["Alla"] == numbers["Norrby sjukhus"] + numbers["Ögonkliniken"] + numbers["Övriga"]
    assert shown(content, "vardgivare", "Ögonkliniken")["kind"] == "privat"
    assert card(content, "vardgivare").title == "Två vårdgivare gör knäprotes"
    gone = card(about_region(places(), "R2"), "vardgivare")
    assert not isinstance(gone, FigureCard)


def test_reports_that_are_not_whole_are_told_in_words():
    found = card(about_region(places(break_rows=[system_change("R1", END - 3)])), "rapportering")
    told = " ".join(texts(found.graphic))
    assert "Produktion för oktober 2026. Preliminärt: inte avslutad." in told
    assert "Byte av system, nya gränser från juli 2026: byte av journalsystem." in told
    assert "en är preliminär" in found.title
    assert shown_month(found, "production") == "preliminär eller ofullständig"


def shown_month(found, column):
    at = next(k for k, c in enumerate(found.table.columns) if c.name == column)
    return found.table.rows[0].cells[at]


def test_a_whole_is_no_region_but_leads_to_its_page():
    content = region.PAGE.build(context(places(), region="LAND", care_area="kna"))
    assert content.sentences == ("Riket är en summa av regionerna.",)
    assert "/?vardomrade=kna" in texts(content.sections[0].body)


def test_the_care_area_page_says_change_gaps_and_who_is_in():
    content = about_area(flagged())
    assert content.sentences[1] == "Ett kapacitetsgap är öppet och ett till väntas senast i maj 2027."
    assert "6 av 6 regioner ingår." in content.more
    figures = {k.name: k for k in content.key_figures}
    assert figures["Väntande"].value == f"4{NB}000"
    made = 12 * sum(v // 4 for v in (1000, 800, 600, 400, 700, 500))
    assert figures["Genomförda"].value == f"{made // 1000}{NB}{made % 1000:03d}"
    assert (figures["Förväntad väntetid"].value, figures["Förväntad väntetid"].change) == (
        "40–99",
        "Kortast i Lillö, längst i Norrby",
    )
    assert figures["Kapacitetsgap"].value == "2"
    assert card(content, "flaggor").title == "Två gap kräver beslut"
    assert [s.id for s in content.sections if isinstance(s, FigureCard)] == [
        "regioner",
        "sjukvardsregioner",
        "andel",
        "balans",
        "vardgivare",
    ]


def test_the_regions_of_a_care_area_are_one_table_that_leads_on():
    content = about_area(flagged(), region="R3")
    table = card(content, "regioner").table
    assert (table.rows[0].cells[0], table.rows[0].emphasis) == ("Riket", "country")
    norrby = shown(content, "regioner", "Norrby")
    assert (norrby["load"], norrby["expected_wait_days"], norrby["gap"]) == ("1,07", "99", "öppet sedan mars 2026")
    assert norrby["judgement"] == "Säkerställd försämring"
    chosen = next(r for r in table.rows if r.emphasis == "chosen")
    assert (chosen.cells[0], chosen.href) == ("Sjöbo", "/region/R3?vardomrade=kna")
    assert card(content, "regioner").title == "En region har en säkerställd försämring"
    assert "Egen gräns: Sjöbo 60 dagar." in table.footnotes


def test_down_to_a_healthcare_region_and_back():
    whole = about_area(places())
    groups = card(whole, "sjukvardsregioner").table
    assert [(r.cells[0], r.href) for r in groups.rows] == [
        ("Riket", ""),
        ("Norra", "/vardomrade/kna?sjukvardsregion=Norra"),
        ("Södra", "/vardomrade/kna?sjukvardsregion=S%C3%B6dra"),
    ]
    assert shown(whole, "sjukvardsregioner", "Norra")["regions"] == "3 av 3"
    content = about_area(places(), healthcare_region="Norra")
    assert content.kicker.startswith("Knäprotesoperation i sjukvårdsregion Norra, oktober 2026")
    assert content.sentences[0] == "Knäprotes har ingen säkerställd förändring i sjukvårdsregion Norra."
    assert [r.cells[0] for r in card(content, "regioner").table.rows[1:]] == ["Sjöbo", "Norrby", "Åby"]
    assert {k.name: k.value for k in content.key_figures}["Väntande"] == f"2{NB}400"
    assert content.crumbs == (("Riket", "/"), ("Knäprotesoperation", "/vardomrade/kna"), ("Norra", ""))
    assert card(content, "sjukvardsregioner").table.rows[0].href == "/vardomrade/kna"
    balance = card(content, "balans")
    assert isinstance(balance, FigureCard)
    assert "3 av 3 regioner är inräknade." in balance.source, "its own regions, not the country's"


def test_the_definition_tells_limits_codes_and_age():
    source = places()
    source.area_rows = [
        type(a)(**{**a.__dict__, "kva_prefixes": "NGB NGC", "icd10_prefixes": "M17", "min_age": 15})
        for a in source.area_rows
    ]
    told = texts(card(about_area(source), "definition").body)
    for text in ("NGB och NGC", "M17", "15 år och äldre", "90 dagar, sedan 1 januari 2020", "Sjöbo, egen gräns"):
        assert text in told


def test_a_care_area_without_regions_shows_what_is_published():
    rows = [
        *calm_rows(),
        *(
            {"period": END - k, "region": "LAND", "care_area": "alla", "provider": "", "waiting": 200_000 + k}
            for k in range(13)
        ),
    ]
    published = [
        {"period": END - k, "region": "LAND", "care_area": "alla", "provider": "", "added": 900, "performed": 900}
        for k in range(13)
    ]
    waits = pd.DataFrame(rows)
    waits["synthetic"] = waits["region"] != "LAND"
    made = pd.DataFrame(published).assign(synthetic=False, source="SKR, tabell")
    source = world(rows, frames={"waits": waits, "production": made})
    content = about_area(source, "alla")
    assert content.sentences == ("Alla åtgärder rapporteras inte per region.",)
    assert card(content, "balans").mark == "real"
    fields = filters(context(source, care_area="alla"), vardomrade.PAGE.filters)
    offered = next(f for f in fields if f.name == "care_area")
    assert "alla" in [o.value for o in offered.options]


SOURCES = {
    "calm": places(),
    "flagged": flagged(),
    "waits only": world(),
    "short": places([r for r in calm_rows() if END - r["period"] < 5]),
    "tiny": world([row(c, "kna", END, over=1, waiting=4) for c in CODES]),
    "nobody": world([row(c, "kna", END, over=0, waiting=0) for c in CODES]),
    "break": places(break_rows=[system_change("R2", END - 3)]),
    "empty": world([]),
    "totals": world([{k: r[k] for k in ("period", "region", "care_area", "provider", "waiting")} for r in calm_rows()]),
}


@pytest.mark.parametrize("name", SOURCES)
def test_every_page_builds_from_any_data(name):
    source = SOURCES[name]
    chosen = [
        {},
        {"theme": "dark", "month": END - 2, "compare": OWN_HEALTHCARE_REGION, "per": PER_INHABITANTS, "window": 60},
        {"role": "exact", "compare": "R2", "target": 70},
        {"healthcare_region": "Norra"},
    ]
    made = [about_region(source, code, **c) for code in ("R1", "R6", "LAND") for c in chosen]
    made += [about_area(source, code, **c) for code in ("kna", "kat", "alla") for c in chosen]
    for content in made:
        assert not FORBIDDEN.findall(words(content))
        assert content.sentences
        assert all(s.endswith(".") for s in content.sentences)
        figures = [s for s in content.sections if isinstance(s, FigureCard)]
        assert len(figures) <= 6
        assert len({s.id for s in content.sections}) == len(content.sections)
        for s in figures:
            assert "Källa" in s.source
            assert all(len(r.cells) == len(s.table.columns) for r in s.table.rows)
            assert len({c.name for c in s.table.columns}) == len(s.table.columns)
            if isinstance(s.graphic, dict) and "data" in s.graphic:
                go.Figure(s.graphic)


def test_the_public_never_sees_a_small_count_in_any_table():
    rng = np.random.default_rng(5)
    rows = [r for r in calm_rows() if r["period"] != END]
    rows += [
        row(c, a, END, over=int(rng.integers(0, 30)), waiting=int(rng.integers(40, 300)))
        for c in CODES
        for a in ("kna", "kat")
    ]
    source = places(rows)
    made = [about_region(source, c) for c in CODES] + [
        about_area(source, a, healthcare_region=g) for a in ("kna", "kat") for g in ("", "Norra", "Södra")
    ]
    hidden = 0
    for content in made:
        for s in content.sections:
            for r in getattr(s, "table", None).rows if isinstance(s, FigureCard) else ():
                for value, column in zip(r.cells, s.table.columns, strict=True):
                    number = value.value if isinstance(value, Drawn) else value
                    hidden += isinstance(value, Special) and value.state in ("suppressed", "secondary")
                    if column.kind == "count" and isinstance(number, float):
                        assert not 0 < number < 5, (s.id, r.cells[0], column.name)
    assert hidden


def test_a_protected_share_is_protected_with_the_season_taken_out_too():
    """And one that nobody reported is not."""
    about = context(places(), care_area="kna")
    waits = read_waits(about.source, about.selection, about.viewer)
    found = country_chart(waits, 0)
    frame = found.frame.copy()
    frame.loc[[0, 1], ["share", "adjusted"]] = np.nan
    frame["coarse"] = [True, *(False for _ in frame.index[1:])]
    table = chart_card(waits, 0, replace(found, frame=frame), "riket", about).table
    assert [c.name for c in table.columns][1:3] == ["within_limit_share", "adjusted"]
    protected, absent = (table.rows[-k].cells[1:3] for k in (1, 2))
    assert [c.state for c in protected] == ["secondary", "secondary"]
    assert [c.state for c in absent] == ["missing", "missing"]


def test_what_broke_the_rules_is_numbered_in_the_charts_list_and_table():
    """A larger coloured point, numbered, with the rule in words beside (DESIGN.md)."""
    chart = card(about_area(places(slide(slide(calm_rows(), "R1", "kna"), "R2", "kna"))), "andel")
    told = [" ".join(said(li)) for li in chart.legend["props"]["children"]]
    numbers = [a["text"] for a in chart.graphic["layout"]["annotations"] if re.fullmatch(r"<b>\d+</b>", a["text"])]
    assert numbers == [f"<b>{k}</b>" for k in range(1, len(told) + 1)]
    assert re.match(
        rf"{len(told)} .*oktober 2026: .*(i rad under medel|normal variation|nedre gräns|gränserna)", told[-1]
    )
    assert told[-1].endswith("Säkerställd försämring.")
    assert all(t.endswith("Gäller inte längre.") for t in told[:-1])
    rule = next(k for k, c in enumerate(chart.table.columns) if c.name == "rule")
    assert chart.table.rows[0].cells[rule] == f"sämre än normalt ({len(told)})"
    calm = card(about_area(places()), "andel")
    assert calm.legend is None
    assert "numrerade" not in calm.summary
