"""`/utomlansvard`: true sentences, whole tables, absence shown, and nothing that hangs on what is chosen."""

from __future__ import annotations

import json
import re

import pytest

from lagesbild.components.files import csv_bytes, xlsx_bytes
from lagesbild.components.model import FigureCard, PageContent, Special
from lagesbild.domain.selection import PER_INHABITANTS, SHARES, Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import kapacitetsgap, utomlansvard
from lagesbild.pages.context import PageContext
from lagesbild.pages.options import filters, known
from tests.pages.test_flow_pages import FORBIDDEN, all_words, words
from tests.travel_world import END, case, case_rows, flow_rows, one, production_rows, report, travel_world
from tests.views.test_travel_share import wiggling

NB = "\u00a0"
SELECTIONS = [
    Selection(),
    Selection(region="R1"),
    Selection(region="R3"),
    Selection(region="LAND"),
    Selection(healthcare_region="Norra"),
    Selection(order="netto"),
    Selection(order="namn", per=PER_INHABITANTS),
    Selection(per=SHARES, region="R4"),
    Selection(month=END - 7),
    Selection(care_area="kat"),
]
SMALL = [
    *flow_rows(),
    one("R3", "R2", END, 3),
    one("R6", "R4", END, 2),
    one("R5", "R1", END - 15, 4),
    one("R2", "R3", END, 30),
    one("R2", "R4", END, 30),
    one("R6", "R2", END, 30),
]


def build(selection: Selection | None = None, source=None, viewer: Viewer | None = None) -> PageContent:
    return utomlansvard.PAGE.build(PageContext(source or travel_world(), selection or Selection(), viewer or Viewer()))


def cards(content: PageContent) -> dict[str, FigureCard]:
    return {s.id: s for s in content.sections if isinstance(s, FigureCard)}


def row(card: FigureCard, name: str):
    found = next(r for r in card.table.rows if r.cells[0] == name)
    return {c.name: v for c, v in zip(card.table.columns, found.cells, strict=True)}


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
@pytest.mark.parametrize("rows", [None, SMALL, wiggling(slide=20)], ids=["plain", "small", "signal"])
def test_every_selection_gives_a_whole_page(selection, rows):
    content = build(selection, travel_world(rows))
    assert content.kicker
    assert all(s.endswith(".") for s in content.sentences)
    assert len(cards(content)) <= 6
    assert len({s.id for s in content.sections}) == len(content.sections)
    assert sum(s.span for s in content.sections) % 12 == 0
    for card in cards(content).values():
        assert card.summary.endswith(".")
        assert "Källa" in card.source
        assert all(len(r.cells) == len(card.table.columns) for r in card.table.rows)
        assert len({c.name for c in card.table.columns}) == len(card.table.columns)
        assert csv_bytes(card, ["om"])
        assert xlsx_bytes(card, ["om"])
    json.dumps([getattr(s, "graphic", None) for s in content.sections], allow_nan=False)
    assert FORBIDDEN.findall(all_words(content)) == []


def test_the_country_in_words():
    content = build()
    assert content.kicker == "Knäprotesoperation utanför hemregionen, november 2025–oktober 2026"
    assert content.sentences == (
        f"720 personer, 1,9{NB}%, opererades i en annan region än sin egen.",
        "Netto tog Åby emot flest, och Ekeby skickade flest.",
    )
    assert "rymmer även eget val och akut vård" in content.more
    assert cards(content)["matris"].title == "Det största flödet går från Norrby till Åby: 240 personer"
    assert f"71,7{NB}% stannar i den egna sjukvårdsregionen." in cards(content)["matris"].summary


def test_a_chosen_region_in_words_and_bars():
    content = build(Selection(region="R1"))
    assert content.sentences[1:] == (
        f"300 av dem kom från Norrby, 6,2{NB}% av regionens egna, och flest reste till Åby.",
        "Norrby tog emot 312 personer, netto +12.",
    )
    card = cards(content)["regionen"]
    assert card.title == "300 personer från Norrby opererades i andra regioner, flest till Åby"
    told = words(card.graphic)
    assert "Reser ut: 300" in told
    assert "Tas emot: 312" in told
    assert row(card, "Åby")["sent_to"] == 240
    assert "regionen" not in cards(build())
    assert build(Selection(region="R3")).sentences[2] == "Sjöbo tog inte emot någon, netto −72."


def test_the_matrix_is_a_table_with_scopes_and_a_hatched_diagonal():
    graphic = json.dumps(cards(build(Selection(region="R1")))["matris"].graphic, ensure_ascii=False)
    assert "Hemregion i rader, utförande region i kolumner" in graphic
    assert graphic.count("egen region") == 7  # the legend too
    assert graphic.count('"scope": "row"') == 7  # six regions and the sums
    assert "(valt)" in graphic
    assert '"className": "me"' in graphic


def test_the_order_and_the_region_change_no_cell():
    """What is hidden is a function of the data alone."""

    def told(selection: Selection) -> dict:
        card = cards(build(selection, travel_world(SMALL)))["matris"]
        return {
            (r.cells[0], c.title): v for r in card.table.rows for c, v in zip(card.table.columns, r.cells, strict=True)
        }

    first = told(Selection())
    assert any(isinstance(v, Special) and v.state == "suppressed" for v in first.values())
    for other in (
        Selection(order="netto"),
        Selection(order="namn"),
        Selection(region="R3"),
        Selection(healthcare_region="Södra"),
    ):
        assert told(other) == first


def test_orders():
    def names(order: str) -> list[str]:
        return [r.cells[0] for r in cards(build(Selection(order=order)))["matris"].table.rows[1:]]

    assert names("") == ["Norrby", "Åby", "Sjöbo", "Ekeby", "Ökna", "Lillö"]
    assert names("namn") == ["Ekeby", "Lillö", "Norrby", "Sjöbo", "Åby", "Ökna"]
    assert names("netto")[0] == "Åby"


def test_small_counts_are_nowhere_in_what_a_public_viewer_gets():
    content = build(Selection(region="R3"), travel_world(SMALL))
    matrix = cards(content)["matris"]
    assert row(matrix, "Sjöbo")["to_r2"] == Special("suppressed", "")
    assert "<5" in json.dumps(matrix.graphic)
    assert "skyddat" in words(matrix.graphic)
    exact = build(Selection(region="R3"), travel_world(SMALL), Viewer("exact"))
    assert row(cards(exact)["matris"], "Sjöbo")["to_r2"] == 3


def test_the_largest_is_not_claimed_where_a_protected_flow_could_be_larger():
    """R1's 240 to R2 cover its 3 to R3, and only R1's sum tells how large they could be."""
    flows = {("R1", "R2"): 20, ("R4", "R5"): 3, ("R2", "R1"): 4, ("R4", "R3"): 2, ("R5", "R2"): 1}
    content = build(source=travel_world([*flow_rows(flows), one("R1", "R3", END, 3)]))
    assert row(cards(content)["matris"], "Norrby")["to_r2"].state == "secondary"
    assert cards(content)["matris"].title == "Det största flödet som visas går från Åby till Norrby: 48 personer"
    assert "största flödena som visas" in cards(content)["vantan"].summary
    # here the sums leave no room for a larger one
    small = build(source=travel_world(SMALL))
    assert cards(small)["matris"].title == "Det största flödet går från Norrby till Åby: 240 personer"


def test_units():
    people = cards(build(Selection(per=PER_INHABITANTS)))["matris"]
    assert row(people, "Norrby")["to_r2"] == pytest.approx(240)  # 100 000 inhabitants
    assert row(people, "Ekeby")["to_r1"] == pytest.approx(144 / 4)
    assert "Folkmängd 2025" in people.source
    share = cards(build(Selection(per=SHARES)))["matris"]
    assert row(share, "Norrby")["to_r2"] == pytest.approx(240 / 4800)
    assert "sent_share" not in row(share, "Norrby")  # the sum is a share already


def test_a_unit_that_cannot_be_counted_falls_back_with_a_note():
    source = travel_world()
    del source.frames["population"]
    content = build(Selection(per=PER_INHABITANTS), source)
    assert any("Folkmängden saknas" in n for n in content.notes)
    assert row(cards(content)["matris"], "Norrby")["to_r2"] == 240


def test_a_change_is_told_only_when_it_is_certain():
    calm = build(source=travel_world(wiggling()))
    assert cards(calm)["andel"].title == "Ingen region har en säkerställd förändring"
    assert "ingen säkerställd förändring" in calm.more
    up = build(source=travel_world(wiggling(slide=20)))
    assert cards(up)["andel"].title == "Säkerställd ökning i Norrby"
    assert row(cards(up)["andel"], "Norrby")["year_change"] > 2
    assert row(cards(up)["andel"], "Åby")["year_change"] == "–"
    assert "I Norrby är ökningen säkerställd." in up.more
    mine = build(Selection(region="R4"), travel_world(wiggling(slide=20)))
    assert cards(mine)["andel"].title == "I Ekeby: ingen säkerställd förändring"
    down = build(Selection(region="R1"), travel_world(wiggling(slide=-20)))
    assert cards(down)["andel"].title == "Säkerställd minskning i Norrby"


def test_waits_say_what_the_median_is_of():
    card = cards(build())["vantan"]
    assert card.title == "Väntan är kortare i den utförande regionen i tre av sju flöden"
    assert "inte dem som ännu väntar" in card.source
    assert row(card, "Norrby till Åby")["difference_days"] == 10


def test_brokering_is_told_from_both_sides_and_protected():
    card = cards(build())["formedling"]
    assert card.title == f"204 förmedlingsärenden på tolv månader, 76{NB}% ledde till vård"
    assert row(card, "Norrby")["none_found"] == 12
    assert row(card, "Åby")["asked_completed"] == 84
    few = [*case_rows(), case("R5", "R6", END, started=3, accepted=3, completed=3)]
    hidden = cards(build(source=travel_world(cases=few)))["formedling"]
    assert isinstance(row(hidden, "Ökna")["started"], Special)
    assert "formedling" not in cards(build(source=travel_world(cases=[])))


def test_preliminary_months_and_regions_without_a_register_are_told():
    late = [report("R2", END - 1, "missing"), report("R5", END, "partial")]
    rows = [r for r in flow_rows() if not (r["treating_region"] == "R2" and r["period"] == END - 1)]
    content = build(source=travel_world(rows, reporting=late))
    card = cards(content)["matris"]
    assert "Preliminär månad: oktober 2026." in card.source
    assert "saknar månader för Åby" in card.source
    assert "5 av 6 regioner ingår." in card.source
    assert row(card, "Norrby")["to_r2"] == Special("missing")
    assert "hole-missing" in json.dumps(card.graphic)


def test_missing_production_takes_the_share_and_not_the_counts():
    rows = [r for r in production_rows() if (r["region"], r["period"]) != ("R1", END)]
    content = build(source=travel_world(production=rows))
    assert row(cards(content)["matris"], "Norrby")["sent"] == 300
    assert row(cards(content)["matris"], "Norrby")["sent_share"] == Special("missing")
    assert "Utan andel: Norrby" in cards(content)["andel"].source
    # a share of five regions does not stand beside the number of six
    assert content.sentences[0] == "720 personer opererades i en annan region än sin egen."
    assert content.more.startswith(f"I de 5 av 6 regioner där andelen kan räknas är den 1,3{NB}%.")
    assert "Andelen för alla räknas på 5 av 6 regioner." in cards(content)["matris"].source
    bare = build(source=travel_world(production=[]))
    assert set(cards(bare)) == {"matris", "sjukvardsregioner", "formedling"}
    assert bare.sentences[0] == "720 personer opererades i en annan region än sin egen."


def test_nothing_and_too_little_say_so():
    assert build(source=travel_world([])).sentences == ("Inga uppgifter om utomlänsvård för urvalet.",)
    few = [r for r in flow_rows() if r["period"] > END - 5]
    content = build(source=travel_world(few))
    assert content.sentences == ("Det finns för få månader.",)
    assert "juni–oktober 2026" in words(content.sections[0].body)


def test_a_register_that_ends_early_is_noted():
    rows = [r for r in flow_rows() if r["period"] < END]
    content = build(Selection(month=END), travel_world(rows))
    assert content.notes == ("Patientregistret når till september 2026. Tolv månader till och med den visas.",)
    assert build(source=travel_world(rows)).notes == ()


def test_filters_and_orders_of_other_pages():
    source = travel_world()
    context = PageContext(source, Selection(), Viewer())
    found = {f.name: f for f in filters(context, utomlansvard.FILTERS)}
    assert list(found) == ["region", "healthcare_region", "month", "per", "order"]
    assert found["region"].label == "Hemregion"
    assert [o.value for o in found["per"].options] == ["", PER_INHABITANTS, SHARES]
    assert {"netto", "namn"} <= set(known(source).orders)
    assert any("behov" in n for n in build(Selection(order="behov")).notes)
    context = PageContext(source, Selection(order="netto"), Viewer())
    assert kapacitetsgap.PAGE.build(context).sentences
    assert next(iter(filters(context, ("order",)))).value == ""


def test_rows_lead_to_the_regions_and_groups_to_themselves():
    found = cards(build(Selection(month=END - 1)))
    assert found["matris"].table.rows[1].href == f"/region/R1?manad={END - 1}"
    group = next(r for r in found["sjukvardsregioner"].table.rows if r.cells[0] == "Norra")
    assert group.href == f"/utomlansvard?sjukvardsregion=Norra&manad={END - 1}"
    assert re.search(r"/region/R1", json.dumps(found["vantan"].graphic))
