"""The start page and the wait page as built content: what they say, what they never say, and that they always build."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from lagesbild.components.model import Aside, FigureCard, Special
from lagesbild.components.page import page_body
from lagesbild.components.table import cell_text
from lagesbild.domain.care import Region
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import overview, vantetider
from lagesbild.pages.context import PageContext
from lagesbild.pages.options import filters, known
from lagesbild.pages.vantetider_ranking import _left_out
from lagesbild.views.wait_ranking import LeftOut
from tests.waits_world import (
    CODES,
    END,
    NAMES,
    calm_rows,
    changed,
    gap,
    limit,
    provider,
    row,
    slide,
    system_change,
    with_gaps,
    world,
)

NB = "\u00a0"
FORBIDDEN = ("ökar", "minskar", "vänder", "tappar", "lyfter", "rasar", "trendar", "bryter", "kommer att", "KPI", "nan")


def context(source, role="public", theme="light", **chosen):
    return PageContext(source, Selection(**chosen), Viewer(role), theme)


def texts(node):
    """All words of a node, tables and figures included."""
    if isinstance(node, dict):
        return [t for v in node.values() for t in texts(v)]
    if isinstance(node, (list, tuple)):
        return [t for v in node for t in texts(v)]
    return [node] if isinstance(node, str) else []


def words(content):
    body = page_body(content, download="/ladda-ner/x", query="", protected="Tal under 5 är skyddade.")
    json.dumps(body)  # plain dicts all the way down
    return " ".join(texts(body))


def card(content, id_):
    return next(s for s in content.sections if s.id == id_)


def published():
    rows = [
        {"period": f"2018-{m:02d}", "region": "LAND", "care_area": "alla", "within_limit_pct": 70 + m}
        for m in range(1, 13)
    ]
    return {"published-shares": pd.DataFrame(rows).assign(synthetic=False, source="Myndigheten")}


def full_world():
    rows = slide(calm_rows(), "R2", "kna")
    rows = [r for r in rows if not (r["region"] == "R5" and r["period"] == END)]
    rows = [
        r
        if (r["region"], r["care_area"], r["period"]) != ("R6", "kna", END)
        else row("R6", "kna", END, over=3, waiting=60)
        for r in rows
    ]
    rows += [
        {"period": END - k, "region": "LAND", "care_area": "alla", "provider": "", "waiting": 200231 - 683 + k}
        for k in range(13)
    ]
    rows += [row("R1", "kna", END, over=40, waiting=400) | {"provider": "P1"}]
    rows = [{"value_status": "reported"} | r for r in rows]
    rows = changed(rows, "R1", "kna", END, value_status="provisional")
    told = [
        {
            "period": END,
            "region": "R5",
            "register": "Väntetider",
            "status": "missing",
            "reason": "Byte av journalsystem.",
        }
    ]
    source = world(
        rows,
        frames={"reporting": pd.DataFrame(told), **published()},
        provider_rows=[provider("P1")],
        limit_rows=[limit(90), limit(60, "R3")],
    )
    return with_gaps(
        source,
        [
            gap(
                "R2",
                "kna",
                "open",
                opens_period=np.datetime64("2026-03-01"),
                structural_share_now=0.78,
                extra_per_week_to_target=3.6,
                target_period=np.datetime64("2027-04-01"),
            ),
            gap(
                "R4",
                "kna",
                "expected",
                opens_period=np.datetime64("2027-05-01"),
                opens_lo=np.datetime64("2027-03-01"),
                opens_hi=np.datetime64("2027-08-01"),
                probability_12m=0.71,
                extra_per_week_to_target=0.2,
            ),
            gap("R1", "kat", "watch", opens_period=np.datetime64("2027-06-01"), probability_12m=0.38),
            *(gap(c, "kat", "none") for c in CODES[1:]),
        ],
    )


def test_the_overview_says_what_changed_and_where_the_gaps_are():
    content = overview.build(context(full_world()))
    assert content.kicker.startswith("Lägesbild för oktober 2026")
    assert content.sentences[1] == "Ett kapacitetsgap är öppet och ett till väntas senast i maj 2027."
    assert content.more.startswith("En av ") or content.more.startswith("Två av ")
    names = [k.name for k in content.key_figures]
    assert names == ["Knäprotesoperation", "Kataraktoperation", "Alla åtgärder", "Kapacitetsgap"]
    real = content.key_figures[2]
    assert (real.value, real.judgement) == (f"199{NB}548", "short")
    assert " ".join(texts(content.key_figures[3].body)).count("ett ") == 3
    gaps = card(content, "flaggor")
    assert isinstance(gaps, Aside)
    assert gaps.title == "Två gap kräver beslut"
    said = " ".join(texts(gaps.body))
    assert "Öppet sedan mars 2026" in said
    assert f"16 fler operationer i månaden når 80{NB}% i april 2027." in said
    assert f"Maj 2027 (mar–aug), sannolikhet 71{NB}%. Undviks med en fler operation i månaden." in said


def test_a_calm_country_is_said_to_be_calm():
    content = overview.build(context(world()))
    assert content.sentences == ("Inget vårdområde har någon säkerställd förändring i riket.",)
    assert "Ingen av 12 serier visar någon säkerställd förändring." in content.more
    assert card(content, "flaggor").title == "Gap är inte bedömda"


def test_a_chosen_region_is_the_subject():
    content = overview.build(context(world(slide(calm_rows(), "R2", "kna")), region="R2"))
    assert content.sentences[0] == "Knäprotes blir sämre i Region Åby."
    assert content.key_figures[0].judgement == "worse"
    matrix = card(content, "statusmatris")
    assert [r.emphasis for r in matrix.table.rows if r.cells[0] == "Åby"] == ["chosen"]


def test_a_chosen_region_without_a_report_is_said_to_have_none_and_not_too_few_months():
    content = overview.build(context(full_world(), region="R5"))
    assert content.sentences[0] == "Region Ökna har inte rapporterat väntande för oktober 2026."
    content = vantetider.build(context(full_world(), region="R5"))
    assert content.sentences[1] == "Ökna har inte rapporterat väntande för oktober 2026."
    content = vantetider.build(context(full_world(), region="R6", care_area="kna"))
    assert content.sentences[1] == "Andelen i Lillö visas inte: små tal är skyddade."


def test_the_matrix_shows_absence_and_footnotes():
    content = overview.build(context(full_world()))
    matrix = card(content, "statusmatris")
    rows = {r.cells[0]: r for r in matrix.table.rows}
    gone = rows["Ökna"].cells[1]
    assert isinstance(gone, Special)
    assert gone.state == "missing"
    assert rows["Lillö"].cells[1] == Special("secondary")  # 95 % of 60, shown on other pages, could only be 57
    assert rows["Norrby"].note == "prel."
    notes = " ".join(texts(list(matrix.footnotes)))
    assert "Ökna: byte av journalsystem, ingen rapport för oktober 2026." in notes
    assert "Ekeby delas mellan Södra och Norra sjukvårdsregionen." in notes
    assert "Sjöbo räknas mot sin egen gräns, 60 dagar." in notes
    assert "5 av 6 regioner." in matrix.source


def test_no_map_for_regions_without_outlines():
    assert "kartor" not in [s.id for s in overview.build(context(world())).sections]


def test_a_map_for_regions_that_have_them():
    codes = {"01": "Stockholm", "03": "Uppsala", "04": "Sörmland"}
    rows = [r | {"region": c} for c in codes for r in calm_rows() if r["region"] == "R1"]
    regions = [Region(c, f"Region {n}", n, "Östra", sort_order=k) for k, (c, n) in enumerate(codes.items())]
    content = overview.build(context(world(rows, region_rows=regions)))
    maps = card(content, "kartor")
    assert len([n for n in texts(maps.graphic) if n.startswith("Karta: ")]) == 2
    assert [r.cells[0] for r in maps.table.rows][1:] == list(codes.values())


def test_many_care_areas_show_those_with_most_flags():
    areas = [
        a
        for k in range(6)
        for a in [world().area_rows[0].__class__(f"a{k}", f"Område {k}", "operation", 90, sort_order=k)]
    ]
    rows = [r | {"care_area": f"a{k}"} for k in range(6) for r in calm_rows() if r["care_area"] == "kna"]
    source = with_gaps(
        world(rows, area_rows=areas), [gap("R1", "a5", "watch", opens_period=np.datetime64("2027-05-01"))]
    )
    content = overview.build(context(source))
    assert [k.name for k in content.key_figures[:3]] == ["Område 0", "Område 1", "Område 5"]
    assert "Tre till finns i urvalet." in content.more


def test_the_wait_page_has_six_figures_and_says_the_share():
    content = vantetider.build(context(full_world(), region="R1"))
    ids = [s.id for s in content.sections]
    assert ids[0] == "rangordning"
    assert set(ids) <= {"rangordning", "vantetid-intervall", "tratt", "bortraknade", "trend", "publicerade-andelar"}
    assert len(ids) <= 6
    assert content.sentences[0].endswith("av de väntande i riket har väntat inom vårdgarantin.")
    assert "5 av 6 regioner ingår: Ökna saknas. Lillö ingår men visas inte för sig: små tal" in content.more
    assert content.more.endswith("skyddade. Norrby är preliminär.")
    real = card(content, "publicerade-andelar")
    assert (real.mark, real.mark_text) == ("real", "Verkliga tal, Myndigheten")
    assert card(content, "vantetid-intervall").table.columns[1].group == "Norrby"


def test_the_ranking_hides_counts_of_a_small_region_everywhere():
    content = vantetider.build(context(full_world()))
    table = card(content, "rangordning").table
    lillo = next(r for r in table.rows if r.cells[0] == "Lillö")
    shown = [cell_text(v, c) for v, c in zip(lillo.cells, table.columns, strict=True)]
    assert shown[1:4] == ["..", "–", "–"]
    assert not re.search(r"(?<![\d\u00a0])60 personer", words(content))
    exact = vantetider.build(context(full_world(), role="exact"))
    lillo = next(r for r in card(exact, "rangordning").table.rows if r.cells[0] == "Lillö")
    assert lillo.cells[2:4] == (3.0, 60.0)


def test_a_providers_bands_stand_in_focus():
    content = vantetider.build(context(full_world(), region="R1", provider="P1"))
    assert card(content, "vantetid-intervall").table.columns[1].group == "Sjukhuset P1"
    assert "Sjukhuset P1 har 400 personer i kö." in content.sentences


def test_a_care_area_that_no_region_has_is_not_told_by_another():
    for page in (overview, vantetider):
        content = page.build(context(full_world(), care_area="alla"))
        assert content.sentences == ("Alla åtgärder rapporteras inte per region.",)
        assert not content.notes
        assert not {s.id for s in content.sections} & {"statusmatris", "rangordning", "vantetid-intervall"}


@pytest.mark.parametrize("page", [overview, vantetider])
@pytest.mark.parametrize(
    "source",
    [
        pytest.param(world(), id="calm"),
        pytest.param(full_world(), id="full"),
        pytest.param(world([r for r in calm_rows() if END - r["period"] < 5]), id="short"),
        pytest.param(
            world([r for r in calm_rows() if r["region"] == "R1"], region_rows=[Region("R1", "Norrby", "Norrby")]),
            id="one",
        ),
        pytest.param(
            world([{k: r[k] for k in ("period", "region", "care_area", "provider", "waiting")} for r in calm_rows()]),
            id="waiting only",
        ),
        pytest.param(
            world([r for r in calm_rows() if r["care_area"] == "kna"], break_rows=[system_change("R2", END - 3)]),
            id="break",
        ),
        pytest.param(world([row(c, "kna", END, over=1, waiting=4) for c in CODES]), id="tiny"),
        pytest.param(world([row(c, "kna", END, over=0, waiting=0) for c in CODES]), id="nobody"),
        pytest.param(world([]), id="empty"),
    ],
)
def test_every_page_builds_from_any_data(page, source):
    for theme, chosen in (("light", {}), ("dark", {"region": "R1", "month": END - 2}), ("light", {"care_area": "kat"})):
        content = page.build(context(source, theme=theme, **chosen))
        said = words(content)
        for word in FORBIDDEN:
            assert f" {word} " not in said
        assert content.sentences
        for s in content.sections:
            if isinstance(s, FigureCard):
                assert s.table.rows
                assert all(len(r.cells) == len(s.table.columns) for r in s.table.rows)


def test_the_public_never_sees_a_small_count_in_any_table():
    rng = np.random.default_rng(8)
    new = [
        row(c, a, END, over=int(rng.integers(0, 30)), waiting=int(rng.integers(40, 300)))
        for c in CODES
        for a in ("kna", "kat")
    ]
    rows = [r for r in calm_rows() if r["period"] != END] + new
    for area in ("kna", "kat"):
        for code in CODES[::2]:
            content = vantetider.build(context(world(rows), care_area=area, region=code))
            for s in content.sections:
                for r in s.table.rows:
                    for value, column in zip(r.cells, s.table.columns, strict=True):
                        if column.kind == "count" and isinstance(value, float):
                            assert not 0 < value < 5, (s.id, r.cells[0], column.name)


def test_filters_offer_what_exists():
    source = full_world()
    made = {f.name: f for f in filters(context(source, region="R1"), vantetider.FILTERS)}
    assert list(made) == ["care_area", "healthcare_region", "region", "provider", "month"]
    assert [o.label for o in made["care_area"].options] == ["Knäprotesoperation", "Kataraktoperation"]
    assert [o.group for o in made["region"].options] == ["", "Norra", "Norra", "Norra", "Södra", "Södra", "Södra"]
    assert made["region"].changed
    assert [o.label for o in made["provider"].options] == ["Alla", "Sjukhuset P1"]
    assert made["month"].options[0].value == ""
    whole = {f.name: f for f in filters(context(source), overview.FILTERS)}
    assert whole["care_area"].options[0].label == "Båda"
    assert "provider" not in whole


def test_known_values_are_those_of_the_data():
    found = known(full_world())
    assert found.regions == {"LAND", *CODES}
    assert found.providers == {"P1"}
    assert END in found.months
    assert END + 1 not in found.months


def test_phone_lines():
    source = full_world()
    assert overview.PAGE.phone_selection(context(source)) == "Alla vårdområden, hela riket, oktober 2026"
    assert vantetider.PAGE.phone_selection(context(source, region="R2")) == "Knäprotes, Åby, oktober 2026"
    group = context(source, healthcare_region="Södra")
    assert vantetider.PAGE.phone_selection(group) == "Knäprotes, Södra, oktober 2026"


def test_the_ranking_per_inhabitants_rates_what_is_shown_and_nothing_else():
    people = pd.DataFrame(
        [{"year": 2025, "region": c, "population": 50_000 * (k + 1)} for k, c in enumerate(CODES[:-1])]
    )
    source = full_world()
    source.frames = {**source.frames, "population": people}
    plain = card(vantetider.build(context(source)), "rangordning").table
    rated = card(vantetider.build(context(source, per="per_100000")), "rangordning").table
    assert [c.name for c in rated.columns][2:4] == ["over_limit_per_100000", "waiting_per_100000"]
    counts = {r.cells[0]: r for r in plain.rows}
    for r in rated.rows:
        was, now = counts[r.cells[0]].cells, r.cells
        if isinstance(was[3], (Special, str)):
            assert now[3] == was[3]  # a rate is the count to whoever knows the population
        elif r.cells[0] == "Lillö":
            assert now[3].state == "missing"
        elif r.cells[0] != "Riket":
            inhabitants = 50_000 * (1 + NAMES.index(r.cells[0]))
            assert now[3] == pytest.approx(was[3] / inhabitants * 100_000)
    # one region's population is unknown, so the country's is too
    assert next(r for r in rated.rows if r.emphasis == "country").cells[3].state == "missing"
    assert "folkmängd 2025" in card(vantetider.build(context(source, per="per_100000")), "rangordning").summary


def test_regions_in_the_ranking_lead_to_their_own_pages():
    rows = card(vantetider.build(context(full_world(), care_area="kna")), "rangordning").table.rows
    assert next(r.href for r in rows if r.cells[0] == "Åby") == "/region/R2?vardomrade=kna"
    assert next(r.href for r in rows if r.emphasis == "country") == ""


@pytest.mark.parametrize(("coarse", "said"), [(True, "skyddat"), (False, "skyddat, färre än 5")])
def test_a_region_hidden_for_its_neighbours_sake_is_not_said_to_have_few(coarse, said):
    node = _left_out((LeftOut(Region("X", "Ekeby län", "Ekeby", "Norra"), "suppressed", "", coarse),))
    assert said in texts(node)
    assert ("färre än 5" in " ".join(texts(node))) is not coarse
