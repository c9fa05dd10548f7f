"""`/kapacitetsgap` and the flags of `/`: order by headings, why, the record of warnings, what differs since last."""

from __future__ import annotations

import json
import re
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from lagesbild.components.files import csv_bytes
from lagesbild.components.model import Aside, FigureCard, Special
from lagesbild.components.table import table_node
from lagesbild.domain.care import CareArea
from lagesbild.domain.selection import Selection, from_query
from lagesbild.domain.source import Batch
from lagesbild.domain.table_order import Order
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import kapacitetsgap, overview
from lagesbild.pages.context import PageContext
from lagesbild.pages.gap_record import MOST_DOTS
from lagesbild.pages.gap_table import _first
from lagesbild.pages.options import filters, known
from lagesbild.pages.ordering import ordered
from lagesbild.pages.phrases import run_source
from lagesbild.views.gap_list import LISTED
from lagesbild.views.gap_order import ALL_ORDERS
from tests.country import LAST, country, gap_row, make_small, run
from tests.pages.test_flow_pages import FORBIDDEN, all_words, words
from tests.views.test_flag_changes import source_of
from tests.views.test_warning_record import COLUMNS, rows

NB = "\u00a0"
CLOCK = datetime(2026, 11, 26, tzinfo=UTC)
CUT = "Välj vårdområde, region eller läge för att se färre. CSV och XLSX har alla."


def build(selection=Selection(), source=None, page=kapacitetsgap, viewer=Viewer()):  # noqa: B008
    return page.PAGE.build(PageContext(source or country(), selection, viewer))


def section(content, id_):
    return next(s for s in content.sections if s.id == id_)


def nodes(tree, kind):
    """Every node of a type, in reading order."""
    if isinstance(tree, (list, tuple)):
        return [n for t in tree for n in nodes(t, kind)]
    if not isinstance(tree, dict) or "props" not in tree:
        return []
    return ([tree] if tree["type"] == kind else []) + nodes(tree["props"].get("children"), kind)


def classed(tree, name):
    return [n for n in nodes(tree, "Span") if name in n["props"].get("className", "").split()]


def with_record(*series, source=None):
    source = source or country()
    source.record_rows = pd.DataFrame([r for s in series for r in s], columns=list(COLUMNS))
    return source


def thirteen_of_22():
    """The mock-up's numbers: 13 of 22 warnings held, and two of the gaps that came were not warned of."""
    hit = "--v" + "oo---" + "-" * 12
    miss = "v-" * 9 + "-" * 13
    held = [
        rows("-" * k + hit, opened=(16,), region=r, area=a) for k, (r, a) in enumerate((("A", "kna"), ("B", "kna")))
    ]
    many = [rows("--v-" * 11 + "-" * 12, opened=range(12, 56, 4), region="C", area="kna")]
    unwarned = [rows("----oo" + "-" * 20, opened=(22,), region="C", area="gra")]
    return [*held, *many, rows(miss, region="A", area="gra"), *unwarned]


# --- order ---------------------------------------------------------------------------------------------------------


def test_the_source_was_taken_out_when_the_data_were_and_not_when_the_run_was_made():
    """`/prognos` says so of the same run."""
    made = run(3)
    before, after = (made.data_as_of + timedelta(days=n) for n in (-10, 3))
    batches = [
        Batch(1, "waits", "Region A", before, 10, False, False, "a.csv"),
        Batch(2, "waits", "Region B", after, 10, False, False, "b.csv"),
        Batch(3, "capacity", "Region C", made.data_as_of, 10, False, False, "c.csv"),
    ]
    assert run_source(batches, "waits", made).endswith(f", uttag {before:%Y-%m-%d}.")
    assert run_source([], "waits", made) == f"Källa: uppgift saknas, uttag {made.data_as_of:%Y-%m-%d}."


def test_headings_are_links_that_order_and_then_turn_the_order():
    table = nodes(section(build(), "gap").graphic, "Table")[0]
    links = {n["props"]["id"]: n["props"]["href"] for n in nodes(table, "A") if "id" in n["props"]}
    assert links == {
        f"ordna-{name}": f"/kapacitetsgap?ordning={name}"
        for name in ("region", "vardomrade", "andel", "manad", "sannolikhet", "belastning", "behov")
    }
    assert not [n for n in nodes(table, "Th") if "aria-sort" in n["props"]]
    for order, sort, onward in (
        ("sannolikhet", "descending", "sannolikhet-omvand"),
        ("sannolikhet-omvand", "ascending", "sannolikhet"),
        ("region", "ascending", "region-omvand"),
    ):
        table = nodes(section(build(Selection(order=order, target=80)), "gap").graphic, "Table")[0]
        (sorted_head,) = [n for n in nodes(table, "Th") if "aria-sort" in n["props"]]
        assert sorted_head["props"]["aria-sort"] == sort
        assert nodes(sorted_head, "A")[0]["props"]["href"] == f"/kapacitetsgap?ordning={onward}"


def test_an_order_keeps_the_rest_of_what_is_chosen():
    table = nodes(section(build(Selection(care_area="kna", order="region")), "gap").graphic, "Table")[0]
    hrefs = [n["props"]["href"] for n in nodes(table, "A") if "id" in n["props"]]
    assert all(h.startswith("/kapacitetsgap?vardomrade=kna&ordning=") for h in hrefs)


def test_groups_stand_in_the_default_order_and_flags_in_the_rows_otherwise():
    grouped, flat = section(build(), "gap").graphic, section(build(Selection(order="behov")), "gap").graphic
    titles = [words(n).strip() for n in nodes(grouped, "Th") if n["props"].get("scope") == "rowgroup"]
    assert [t.split()[0] for t in titles] == ["Öppna", "Väntas", "Bevakas"]
    assert not [n for n in nodes(flat, "Th") if n["props"].get("scope") == "rowgroup"]
    named = [n["props"]["aria-label"] for n in nodes(nodes(flat, "Table"), "Span") if "aria-label" in n["props"]]
    assert named == ["gap bevakas", "gap öppet", "gap väntas"]
    back = [n for n in nodes(flat, "A") if n["props"].get("id") == "ordna-lage"]
    assert [n["props"]["href"] for n in back] == ["/kapacitetsgap"]


def test_every_order_can_be_in_an_address_and_the_filter_shows_the_one_that_is_chosen():
    source = country()
    for order in (o for o in ALL_ORDERS if o):
        selection, notes = from_query(f"ordning={order}", known(source), CLOCK)
        assert (selection.order, notes) == (order, [])
        (field,) = filters(PageContext(source, selection, Viewer()), ("order",))
        assert field.value in [o.value for o in field.options]
        assert not FORBIDDEN.search(all_words(build(selection, source)))
    assert len(filters(PageContext(source, Selection(), Viewer()), ("order",))[0].options) == 8


def test_healthcare_regions_are_offered_and_narrow_the_list():
    source = country()
    (field,) = filters(PageContext(source, Selection(), Viewer()), ("healthcare_region",))
    assert [o.label for o in field.options] == ["Alla", "Norra", "Södra"]
    content = build(Selection(healthcare_region="Södra"), source)
    assert content.sentences[0] == "Inget gap är öppet eller väntas."
    selection, notes = from_query("sjukvardsregion=Ingenstans", known(source), CLOCK)
    assert (selection, len(notes)) == (Selection(), 1)


# --- why -----------------------------------------------------------------------------------------------------------


def reasoned():
    source = country()
    gaps = source.gap_rows
    gaps["limit_used"] = np.where(gaps["region"] == "A", 1.12, 0.6)
    gaps.loc[gaps["status"] == "open", "reason"] = f"Under 80{NB}% sedan juli 2026, säsongsrensat."
    gaps.loc[gaps["status"] == "watch", "probability_12m"] = 0.24
    return source


def many_flagged():
    """75 care areas flagged in three regions, and as many that cannot be judged."""
    source, codes = copy(country()), [f"x{k:03}" for k in range(150)]
    source.area_rows = [CareArea(a, f"Vård {a}", "operation", 90, sort_order=k) for k, a in enumerate(codes)]
    made = []
    for k, a in enumerate(codes):
        status = ("open", "expected", "watch")[k % 3] if k < 75 else "none"
        known = {} if k < 75 else {"probability_12m": None}
        made += [gap_row(r, a, status, structural_share_now=0.5 + k / 1000, **known) for r in "ABC"]
    frame = pd.DataFrame(made)
    for c in ("opens_period", "opens_lo", "opens_hi", "target_period"):
        frame[c] = pd.to_datetime(frame[c])
    source.gap_rows = frame
    return source


@pytest.mark.parametrize("order", ["", "vardomrade-omvand"])
def test_of_more_flags_than_anybody_reads_the_first_stand_in_the_list_and_all_in_the_files(order):
    card = section(build(Selection(order=order), many_flagged()), "gap")
    text = words(card.graphic)
    assert f"De första 200 av 225 flaggor står i listan. {CUT}" in text
    wide_rows = [n for n in nodes(card.graphic, "Tr") if n["props"].get("className") == "nums"]
    assert len(wide_rows) == LISTED == 200
    assert len(nodes(card.graphic, "Li")) == LISTED
    first = "Vård x000" if not order else "Vård x074"
    assert first in words(wide_rows[0])
    shown = table_node(card.table)
    assert len(nodes(shown, "Tr")) < LISTED + 3
    assert f"De första 200 av {len(card.table.rows)} rader visas. Filerna har alla." in words(shown)
    assert csv_bytes(card, []).decode("utf-8-sig").count("Vård x") == 450
    assert len(ordered(card.table, Order(card.table.columns[0].name, True)).rows) == 450


def test_so_of_those_that_are_not_flagged_and_nothing_is_said_where_all_are_shown():
    apart = section(build(source=many_flagged()), "flaggas-inte")
    assert len(nodes(apart.body, "Li")) == LISTED
    assert "25 till. CSV och XLSX har alla." in words(apart.body)
    few = build()
    assert "De första" not in words([section(few, "gap").graphic, table_node(section(few, "gap").table)])


def test_every_flagged_row_says_why_in_sight_both_on_wide_screens_and_phones():
    graphic = section(build(source=reasoned()), "gap").graphic
    wide = [words(n) for n in nodes(graphic, "Tr") if n["props"].get("className") == "why-row"]
    assert len(wide) == 3
    assert f"Under 80{NB}% sedan juli 2026, säsongsrensat." in wide[0]
    assert f"Förväntad väntan är 112{NB}% av gränsen." in wide[0]
    assert f"Väntas falla under 80{NB}% i februari 2027; sannolikheten är 64{NB}% inom tolv månader." in wide[1]
    assert f"Kvar från förra prognosen, nu 24{NB}%; flaggan tas bort under 20{NB}%." in wide[2]
    phone = [words(n) for n in nodes(graphic, "P") if n["props"].get("className") == "gt3"]
    assert sum("sedan juli 2026" in t for t in phone) == 1
    assert len(phone) == 6


def test_a_reason_that_says_the_flag_is_left_is_not_told_twice():
    source = reasoned()
    kept = f"Bevakas sedan förra prognosen: sannolikheten är nu 24{NB}%, och flaggan tas bort under 20{NB}%."
    source.gap_rows.loc[source.gap_rows["status"] == "watch", "reason"] = kept
    row = [words(n) for n in nodes(section(build(source=source), "gap").graphic, "Tr") if "why-row" in str(n)][-1]
    assert row.count("förra prognosen") == 1
    flat = section(build(Selection(order="sannolikhet"), source), "gap").graphic
    last = [n for n in nodes(flat, "Tr") if n["props"].get("className") == "why-row"][-1]
    assert words(last).startswith("Bevakas  sedan förra")
    assert words(nodes(last, "B")[0]) == "Bevakas"


def test_the_table_has_every_number_and_the_files_too():
    card = section(build(source=reasoned()), "gap")
    names = [c.name for c in card.table.columns]
    held = dict(zip(names, card.table.rows[2].cells, strict=True))
    assert held["held"] == f"kvar från förra prognosen, nu 24{NB}%"
    assert (held["limit_used"], held["limit_step"]) == (1.12, "över gränsen")
    expected = dict(zip(names, card.table.rows[1].cells, strict=True))
    assert expected["limit_step"] == f"minst 50{NB}%"
    assert [expected[f"probability_{h}m"] for h in (3, 6, 12)] == [0.1, 0.2, 0.64]
    told = [expected[f"extra_per_week_to_{n}"] for n in ("stabilise", "target_50", "target")]
    assert told == [1.0, 1.5, 1.2]
    assert expected["brokerable_per_week"] == pytest.approx(1.2 * 0.7)
    assert expected["extra_per_month_to_target"] == 6, "1,2 a week is 5,2 a month, and half an operation closes nothing"
    assert [str(expected[n]) for n in ("opens_lo", "opens_period", "opens_hi")] == ["2026-12", "2027-02", "2027-07"]
    text = csv_bytes(card, ["x"]).decode("utf-8-sig")
    assert "kvar från förra prognosen" in text
    assert "Sannolikhet: inom 3 månader, %" in text


def test_what_no_number_reaches_is_said_and_an_older_run_has_no_share_of_the_limit():
    source = country()
    source.gap_rows.loc[source.gap_rows["status"] == "open", "extra_per_week_to_target"] = np.inf
    card = section(build(source=source), "gap")
    names = [c.name for c in card.table.columns]
    row = dict(zip(names, card.table.rows[0].cells, strict=True))
    assert row["extra_per_week_to_target"] == Special("missing", text="når inte gränsen")
    assert row["extra_per_month_to_target"] == Special("missing", text="når inte gränsen")
    assert (row["limit_used"], row["limit_step"]) == (Special("missing"), "")
    assert not classed(card.graphic, "ls")


def told(source, *, flat=False):
    """The watched row on wide screens, why it is there, and its block on phones, in words."""
    graphic = section(build(Selection(status="watch", order="region" if flat else ""), source), "gap").graphic
    rows_ = {n["props"].get("className"): words(n) for n in nodes(graphic, "Tr")}
    return rows_["nums"], rows_["why-row"], words(nodes(graphic, "Li")[-1])


def test_none_needed_for_the_target_is_not_told_without_the_queue_that_grows():
    """A planner reads "36 %, load 1,04" beside "0": one is of twelve months, the other of one month alone."""
    source = country()
    gaps = source.gap_rows
    columns = ["extra_per_week_to_target", "extra_per_week_to_stabilise", "load"]
    gaps.loc[gaps["status"] == "watch", columns] = [0.0, 4.3, 1.04]
    wide, why, phone = told(source)
    sentence = f"Inga fler behövs för 80{NB}%, men risken gäller tolv månader och kön växer: "
    assert f"{sentence}fem fler i veckan stoppar den." in why
    assert sentence in phone
    assert "kan förmedlas" not in wide
    gaps.loc[gaps["status"] == "watch", columns] = [0.0, 0.0, 0.97]
    gaps["target_period"] = pd.Timestamp("2027-04-01")
    assert f"Inga fler behövs för 80{NB}% i april 2027, men risken gäller tolv månader." in told(source)[1]
    gaps.loc[gaps["status"] == "watch", columns] = [5.0, 7.0, 1.04]
    assert f"Fem till i veckan räcker för 80{NB}% i april 2027, men kön växer: sju fler stoppar den." in told(source)[1]
    gaps.loc[gaps["status"] == "watch", columns] = [5.0, 4.0, 1.04]
    assert "kön växer" not in told(source)[1]
    gaps.loc[gaps["status"] == "watch", columns] = [np.inf, 4.0, 1.04]
    assert "kön växer" not in told(source)[1]


def test_less_than_one_a_month_is_told_as_that_with_its_share_and_not_as_none_of_one():
    source = country()
    gaps = source.gap_rows
    columns = ["extra_per_week_to_target", "extra_per_week_to_stabilise", "brokerable_share"]
    gaps.loc[gaps["status"] == "watch", columns] = [0.022, 0.0, 0.82]
    wide, _, phone = told(source)
    assert "under 1" in wide
    assert f"82{NB}% kan förmedlas" in wide
    assert f"Färre än en till i månaden ; 82{NB}% kan förmedlas." in phone
    assert "noll" not in phone
    card = section(build(Selection(status="watch"), source), "gap")
    text = csv_bytes(card, ["x"]).decode("utf-8-sig")
    assert ";0,02;" in text
    gaps.loc[gaps["status"] == "open", "status"] = "none"
    gaps.loc[gaps["status"] == "expected", columns] = [0.022, 0.0, 0.82]
    assert build(source=source).sentences[1] == "Färre än en till i månaden stänger det."


def test_the_first_place_is_told_as_it_is_shown():
    """5 and 5 are the same to a reader, whatever stands behind."""
    source = country()
    gaps = source.gap_rows
    for status, per_week in (("open", 4.91), ("expected", 4.95), ("watch", 1.0)):
        gaps.loc[gaps["status"] == status, "extra_per_week_to_target"] = per_week
    names = {s: r for s, r in zip(gaps["status"], gaps["region"], strict=True) if s != "none"}
    short = {r.code: r.short_name for r in source.regions()}
    both = sorted(short[names[s]] for s in ("open", "expected"))
    title = section(build(source=source), "gap").title
    first, _, most = title.partition(", ")
    assert first == f"{short[names['open']]} ligger längst under gränsen"
    assert sorted(most.removesuffix(" behöver flest operationer").split(" och ")) == both
    three = [SimpleNamespace(region=SimpleNamespace(short_name=n)) for n in ("Aldal", "Björke", "Östvik")]
    assert _first(three, [5, 5, 4]) == "Aldal och Björke"
    assert _first(three, [5, 5, 5]) == ""


def test_the_legend_shows_the_marks_that_are_drawn():
    source = country()
    legend = section(build(source=source), "gap").graphic[-1]
    kinds = [n["props"]["className"] for n in classed(legend, "range")]
    assert kinds == ["range range-worse", "range range-noise"]
    assert "(väntas)" in words(legend)
    only = section(build(Selection(status="watch"), source), "gap").graphic[-1]
    assert [n["props"]["className"] for n in classed(only, "range")] == ["range range-noise"]


def test_scales_of_their_own_are_told():
    assert section(build(), "ledig-kapacitet").summary.endswith("Varje vårdområde har sin egen skala.")


def test_a_protected_series_gives_nothing_of_its_list_away():
    source = reasoned()
    make_small(source, "A", "kna", 7.0)
    card = section(build(source=source), "gap")
    row = dict(zip([c.name for c in card.table.columns], card.table.rows[0].cells, strict=True))
    hidden = [row[n] for n in ("within_limit_share", "structural_share", "limit_used")]
    assert hidden == [Special("secondary")] * 3
    assert "112" not in words(next(n for n in nodes(card.graphic, "Tr") if "why-row" in str(n)))


def test_what_is_not_flagged_stands_once_for_each_reason():
    source = country()
    gaps = source.gap_rows
    none = gaps["status"] == "none"
    gaps.loc[none & (gaps["region"] == "C"), ["probability_12m", "reason"]] = [np.nan, "Senaste månaden saknas."]
    body = section(build(source=source), "flaggas-inte").body
    assert words(body).count("Senaste månaden saknas.") == 1
    assert len([n for n in nodes(body, "A") if "region=C" in n["props"]["href"]]) == 2


# --- the record of warnings ----------------------------------------------------------------------------------------


def test_the_card_says_how_many_warnings_held_with_a_dot_for_each():
    card = section(build(source=with_record(*thirteen_of_22())), "varningar")
    assert isinstance(card, FigureCard)
    assert card.title == "13 av 22 varningar slog in"
    text = words(card.graphic)
    assert "13 av 22  varningar följdes av ett gap" in text
    assert "13 av 14  gap hade varnats, hälften av dem minst en månad i förväg" in text
    boxes = [n for n in nodes(card.graphic, "Div") if n["props"].get("className") == "dots"]
    assert [(len(classed(b, "on")), len(classed(b, "dot"))) for b in boxes] == [(13, 22), (13, 14)]
    assert all(b["props"]["aria-hidden"] == "true" for b in boxes)
    assert card.summary.endswith("vad som hände inom tolv månader.")
    assert "syntetiska data" in card.source
    assert not FORBIDDEN.search(text + card.title + card.summary + card.source)
    json.dumps(card.graphic)


def test_the_table_behind_holds_what_the_dots_count():
    card = section(build(source=with_record(*thirteen_of_22())), "varningar")
    names = [c.name for c in card.table.columns]
    told = [dict(zip(names, r.cells, strict=True)) for r in card.table.rows]
    warned = [r for r in told if r["kind"] == "varning"]
    assert len([r for r in warned if r["counted"] == "ja"]) == 22
    assert len([r for r in warned if not isinstance(r["opened"], Special)]) == 13
    assert len([r for r in told if r["kind"] == "gap utan varning"]) == 1
    csv_bytes(card, [])


@pytest.mark.parametrize(
    ("pattern", "title"),
    [
        ("v-" * 4 + "-" * 13, "Fyra varningar är för få att bedöma"),
        ("v" + "-" * 13, "En varning är för få att bedöma"),
        ("-" * 20, "Inga varningar är avgjorda ännu"),
        ("v-" * 6 + "-" * 13, "Ingen av sex varningar slog in"),
        ("v-" * 23 + "-" * 13, "Ingen av 23 varningar slog in"),
    ],
)
def test_titles_say_no_more_than_there_is(pattern, title):
    content = build(source=with_record(rows(pattern)))
    card = section(content, "varningar")
    assert card.title == title
    few = "för få" in title or "ännu" in title
    assert ("Minst fem avgjorda krävs" in card.summary) is few


def test_some_of_few_are_counted_in_full():
    card = section(build(source=with_record(rows("v---" * 6 + "-" * 12, opened=(29, 13)))), "varningar")
    assert re.fullmatch(r"\w+ av sex varningar slog in", card.title)


def test_young_warnings_are_left_out_and_told():
    made = rows("v-" * 6 + "-" * 12 + "vv-v-v---", opened=(5,))
    text = words(section(build(source=with_record(made)), "varningar").graphic)
    young = "Tre varningar till räknas inte, eftersom alla tolv månader inte är kända: två har redan följts av ett gap"
    assert f"{young} och en är inte avgjord." in text


def test_more_than_anybody_counts_is_a_bar():
    made = [rows("v-" * 30 + "-" * 13, region=r, area=a) for r in "ABC" for a in ("kna", "gra")]
    graphic = section(build(source=with_record(*made)), "varningar").graphic
    assert MOST_DOTS < 180
    assert not [n for n in nodes(graphic, "Div") if n["props"].get("className") == "dots"]


def test_a_run_without_a_record_says_so_and_draws_nothing():
    for source in (country(), with_record(rows("v" + "-" * 20, target=0.9))):
        found = section(build(source=source), "varningar")
        assert isinstance(found, Aside)
        assert "inga tidigare varningar" in words(found.body)


def test_need_and_record_stand_side_by_side_and_alone_the_record_is_wide():
    content = build(source=with_record(*thirteen_of_22()))
    assert [section(content, i).span for i in ("ledig-kapacitet", "varningar")] == [7, 5]
    content = build(Selection(target=90), with_record(rows("v" + "-" * 20, target=0.9)))
    assert section(content, "varningar").span == 12
    assert content.sections[0].id == "inga-gap"


# --- the overview --------------------------------------------------------------------------------------------------


def changes_of(before, now, selection=Selection()):  # noqa: B008
    return words(section(build(selection, source_of(before, now), overview), "flaggor").body)


def test_the_overview_tells_what_is_different_since_the_run_before():
    before = {("A", "kna"): "watch", ("B", "kna"): "open", ("C", "kna"): "watch", ("A", "gra"): "none"}
    now = {("A", "kna"): "open", ("B", "kna"): "unjudged", ("C", "kna"): "none", ("A", "gra"): "watch"}
    text = changes_of(before, now)
    assert "Sedan förra prognosen, september" in text
    assert "Knäprotes, Aldal : höjd från bevakas till öppet" in text
    assert "Gråstarr, Aldal : ny flagga, bevakas" in text
    assert "Knäprotes, Östvik : borttagen, bevakades" in text
    assert "Knäprotes, Björke : kan inte bedömas nu, var öppet" in text
    assert not FORBIDDEN.search(text)


def test_few_are_listed_and_the_rest_counted():
    pairs = [(r, a) for r in "ABC" for a in ("kna", "gra")]
    text = changes_of(dict.fromkeys(pairs, "none"), dict.fromkeys(pairs, "watch"))
    assert text.count(": ny flagga, bevakas") == 4
    assert "Två ändrade flaggor till." in text


def test_no_difference_and_nothing_to_compare_with_are_said():
    same = {("A", "kna"): "open"}
    assert "Flaggorna är desamma som i förra prognosen, september." in changes_of(same, same)
    assert "Ingen tidigare prognos att jämföra med." in words(section(build(page=overview), "flaggor").body)


def test_a_chosen_region_hears_of_its_own():
    before = {("A", "kna"): "watch", ("B", "kna"): "watch"}
    now = {("A", "kna"): "open", ("B", "kna"): "open"}
    text = changes_of(before, now, Selection(region="B"))
    assert text.count("höjd från") == 1
    assert "Knäprotes, Björke : höjd" in text


def test_an_earlier_state_knows_only_runs_made_by_then():
    source = source_of({("A", "kna"): "watch"}, {("A", "kna"): "open"})
    source.run_rows = [replace(r, until=LAST) if r.run_id == 2 else r for r in source.run_rows] + [
        replace(run(1, until=LAST - 1), created_at=run().created_at.replace(month=10))
    ]
    then = Selection(as_of=run().created_at.replace(day=1))
    body = section(build(then, source, overview), "flaggor").body
    assert "Sedan förra prognosen" in words(body)  # run 2 against run 1, which had no flags


def test_gaps_judged_in_protected_series_are_explained():
    source = country()
    make_small(source, "B", "kna", 7.0)
    source.gap_rows["probability_12m"] = source.gap_rows["probability_12m"].fillna(0.1)
    content = build(source=source, page=overview)
    judged = next(k.unit for k in content.key_figures if k.name == "Kapacitetsgap")
    assert judged == "av 6 serier"
    assert "Gap bedöms i 6 serier, även en vars andel är skyddad och inte visas." in content.more
