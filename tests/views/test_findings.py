"""Every rule finds its fault, says it with numbers and threshold, and lets what is right alone."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Break
from lagesbild.domain.viewer import Viewer
from lagesbild.views.finding import Draft, Finding
from lagesbild.views.finding_series import together
from lagesbild.views.finding_twin import in_both
from lagesbild.views.findings import Findings, findings
from lagesbild.views.reporting_matrix import reporting_matrix
from tests.quality_world import (
    change,
    delivered,
    faulty_world,
    production_rows,
    quality_world,
    recorded,
    said,
    wait_rows,
    without,
)
from tests.waits_world import END, limit, provider, row

NB = "\u00a0"


def found(source, role="exact", **chosen) -> Findings:
    selection = Selection(**chosen)
    return findings(source, selection, reporting_matrix(source, selection), Viewer(role))


def only(source, role="exact", **chosen) -> Finding:
    items = found(source, role, **chosen).found
    assert len(items) == 1, [(f.rule, f.region.code, f.evidence) for f in items]
    return items[0]


def test_a_calm_country_has_no_findings():
    for window in (12, 24):
        whole = found(quality_world(), window=window)
        assert whole.found == ()
        assert whole.total == whole.withheld == 0
        assert whole.checked > 400


def test_where_no_leaf_region_is_chosen_nothing_is_looked_through():
    """No codes in a query would mean every region: a whole that others are parts of has no rows of its own here."""
    for chosen in ({"region": "LAND"}, {"region": "R1", "healthcare_region": "Södra"}):
        selection = Selection(**chosen)
        assert reporting_matrix(faulty_world(), selection) is None
        nothing = found(faulty_world(), **chosen)
        assert (nothing.found, nothing.total, nothing.checked) == ((), 0, 0)


def test_every_fault_of_the_faulty_country_is_found_and_nothing_else():
    rules = {(f.rule, f.region.code, str(f.months[-1])) for f in found(faulty_world()).found}
    assert rules == {
        ("bands", "R3", "2025-12"),
        ("repeated", "R6", "2026-06"),
        ("outlier", "R4", "2026-07"),
        ("balance", "R2", "2026-04"),
        ("providers", "R1", "2026-10"),
        ("late", "R1", "2026-08"),
    }


def test_most_serious_first_and_the_grade_can_be_chosen():
    source = faulty_world()
    whole = found(source)
    assert [f.grade for f in whole.found] == sorted(
        (f.grade for f in whole.found), key=["stop", "review", "info"].index
    )
    assert whole.counts == {"stop": 2, "review": 5, "info": 1}
    stops = found(source, finding="stop")
    assert {f.rule for f in stops.found} == {"bands", "repeated"}
    assert stops.counts == whole.counts
    assert {f.dataset for f in found(source, register="waits").found} == {"waits"}
    assert {f.region.code for f in found(source, region="R3").found} == {"R3"}


def test_broken_bands_tell_sum_total_difference_and_threshold():
    f = only(quality_world(change(delivered(wait_rows()), "R3", "kna", END, waiting_91_120=0)))
    assert (f.rule, f.grade, f.measure) == ("bands", "stop", "Väntande")
    assert f.evidence == "Sju intervall ger 587, totalen är 600"
    assert f.said == f"Skillnaden är 13 personer, 2,2{NB}%. Högst 2 eller 0,5{NB}% godtas."
    assert "Sjöbo" in f.affects
    assert f.known == "öppen"
    assert f.batch is not None
    assert f.batch.file_name == "leverans-2026-10.csv"
    assert [c.column for c in f.cells] == ["waiting", *WAIT_BANDS]
    assert f.cells[0].value == 600


def test_a_difference_within_the_tolerance_is_information():
    rows = change(delivered(wait_rows()), "R3", "kna", END, waiting_0_30=276)
    f = only(quality_world(rows))
    assert (f.rule, f.grade) == ("bands", "info")


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 6), st.integers(-13, 40))
def test_bands_are_broken_exactly_when_they_do_not_add_up(k, off):
    """Naively: the sum of seven against the total."""
    rows = delivered(wait_rows())
    base = next(r for r in rows if (r["region"], r["care_area"], r["period"]) == ("R3", "kna", END))
    value = max(0, base[WAIT_BANDS[k]] + off)
    if value == base[WAIT_BANDS[k]]:
        return
    rows = change(rows, "R3", "kna", END, **{WAIT_BANDS[k]: value})
    difference = abs(sum((base | {WAIT_BANDS[k]: value})[b] for b in WAIT_BANDS) - base["waiting"])
    items = [f for f in found(quality_world(rows)).found if f.rule == "bands"]
    assert [f.grade for f in items] == ["stop" if difference > max(2, 0.005 * base["waiting"]) else "info"]


def test_within_the_limit_against_the_bands_up_to_it():
    rows = change(delivered(wait_rows()), "R3", "kna", END, within_limit=500)
    f = only(quality_world(rows))
    assert (f.rule, f.grade) == ("within", "review")
    assert f.evidence == "500 inom 90 dagar, intervallen dit ger 548"


def test_a_limit_of_the_regions_own_is_the_one_that_counts():
    source = quality_world(limit_rows=[limit(60, "R3")])
    items = found(source).found
    assert {(f.rule, f.region.code, f.care_areas[0].code) for f in items} == {("within", "R3", "kna")}
    assert "inom 60 dagar" in items[0].evidence
    assert found(quality_world(limit_rows=[limit(75, "R3")])).found == ()  # not the end of a band: cannot be checked


def test_a_part_larger_than_its_whole_stops():
    made = change(delivered(production_rows()), "R2", "kat", END, performed_within_limit=9000)
    f = only(quality_world(production=made))
    assert (f.rule, f.grade, f.measure) == ("whole", "stop", "Genomförda inom gränsen")
    assert f.evidence.startswith(f"9{NB}000 av ")


def parts(*shares: float, column: str = "performed", region: str = "R1") -> list[dict]:
    made = delivered(production_rows())
    whole = next(r for r in made if (r["region"], r["care_area"], r["period"]) == (region, "kna", END))
    for k, share in enumerate(shares):
        values = dict.fromkeys(("added", "removed_other", "performed_within_limit", "planned", "cancelled"), np.nan)
        made.append(whole | values | {column: round(whole["performed"] * share), "provider": f"P{k + 1}"})
    return made


def test_operations_without_a_known_provider_are_told():
    f = only(quality_world(production=parts(0.5, 0.4)))
    assert (f.rule, f.grade, f.title) == ("providers", "review", "Okänd vårdgivare")
    assert "genomförda saknar känd vårdgivare" in f.evidence
    assert [c.provider for c in f.cells] == ["", "P1", "P2"]


@pytest.mark.parametrize("shares", [(0.6, 0.4), (0.6, 0.38)])
def test_providers_that_nearly_add_up_are_let_alone(shares):
    assert found(quality_world(production=parts(*shares))).found == ()


def test_providers_above_the_region_stop():
    f = only(quality_world(production=parts(0.7, 0.6)))
    assert (f.grade, f.title) == ("stop", "Vårdgivarna ger mer än regionen")


def test_a_provider_that_is_not_in_the_list():
    items = found(quality_world(production=parts(0.6, 0.4), provider_rows=[provider("P1")])).found
    assert [(f.rule, f.evidence) for f in items] == [
        ("unknown_provider", "1 rader har koden P2, som inte finns bland vårdgivarna")
    ]


def test_the_balance_between_months():
    made = delivered(production_rows())
    at = next(r for r in made if (r["region"], r["care_area"], r["period"]) == ("R2", "kna", END))
    f = only(quality_world(production=change(made, "R2", "kna", END, added=at["added"] + 40)))
    assert (f.rule, f.grade) == ("balance", "review")
    assert f.evidence == "Skillnad 40 av 800"
    assert "ger 840; rapporterat är 800" in f.said
    assert {(c.dataset, c.column, str(c.month)) for c in f.cells} == {
        ("waits", "waiting", "2026-10"),
        ("waits", "waiting", "2026-09"),
        ("production", "added", "2026-10"),
        ("production", "performed", "2026-10"),
        ("production", "removed_other", "2026-10"),
    }


def test_the_balance_is_not_judged_without_all_its_terms():
    made = [r | {"removed_other": np.nan, "added": r["added"] + 50} for r in delivered(production_rows())]
    assert not [f for f in found(quality_world(production=made)).found if f.rule == "balance"]


def repeated_world(**more):
    made = delivered(production_rows())
    for area in ("kna", "kat"):
        before = next(r for r in made if (r["region"], r["care_area"], r["period"]) == ("R6", area, END - 1))
        same = {k: before[k] for k in ("added", "performed", "removed_other", "performed_within_limit", "planned")}
        made = change(made, "R6", area, END, **same)
    return quality_world(production=made, **more)


def test_a_repeated_month_is_one_finding_for_all_care_areas():
    f = only(repeated_world())
    assert (f.rule, f.grade, f.measure) == ("repeated", "stop", "Produktion")
    assert f.evidence == "12 tal är identiska med september"
    assert [a.code for a in f.care_areas] == ["kna", "kat"] or [a.code for a in f.care_areas] == ["kat", "kna"]


def test_one_other_number_is_no_repeat():
    source = repeated_world()
    frame = source.frames["production"]
    at = (frame["region"] == "R6") & (frame["period"] == END)
    frame.loc[at, "planned"] += 1
    assert found(source).found == ()


def test_what_reporting_says_of_it_is_told():
    f = only(repeated_world(reporting=[said("R6", "Produktion", END, "excluded", "Väntar på ny fil.")]))
    assert f.known == "utesluten i rapporteringen: väntar på ny fil"
    assert f.affects == "Inget nationellt tal: månaden är utesluten och räknas inte in."


def test_an_outlier_tells_expected_and_limits():
    made = delivered(production_rows())
    at = next(r for r in made if (r["region"], r["care_area"], r["period"]) == ("R4", "kat", END - 3))
    tripled = {"performed": 3 * at["performed"], "added": 3 * at["performed"] + at["removed_other"]}
    items = found(quality_world(production=change(made, "R4", "kat", END - 3, **tripled, planned=900))).found
    assert {(f.rule, f.measure) for f in items} == {("outlier", "Nytillkomna"), ("outlier", "Genomförda")}
    f = next(f for f in items if f.measure == "Genomförda")
    assert f.evidence.startswith(f"{3 * at['performed']} mot väntat ")
    assert "robusta standardavvikelser över nivån. Högst 5 godtas" in f.said
    assert f.cells[0].value == 3 * at["performed"]


def jumping(breaks=()):
    made = [
        r | {"performed": r["performed"] * 2, "added": r["added"] + r["performed"], "planned": 2 * r["planned"]}
        if (r["region"], r["care_area"]) == ("R2", "kat") and r["period"] > END - 8
        else r
        for r in delivered(production_rows())
    ]
    return quality_world(production=made, breaks=breaks)


def test_a_jump_of_the_level_is_told_once_with_its_month():
    items = found(jumping()).found
    assert {(f.rule, f.grade, str(f.months[0])) for f in items} == {("break", "review", str(END - 7))}
    for f in items:  # what is added goes into other things than what is done
        assert f.affects.startswith(("Nytillkomna," if f.measure == "Nytillkomna" else "Genomförda,", "Andelen"))
    assert items[0].known == "öppen"
    assert "från omkring" in items[0].evidence


def test_a_registered_break_stands_beside_the_jump():
    change_ = Break("R2", "", END - 7, None, "system_change", "Byte av journalsystem.")
    items = found(jumping((change_,))).found
    assert {(f.grade, f.known) for f in items} == {("info", "registrerat brott: Byte av journalsystem")}
    elsewhere = replace(change_, region="R3")
    assert {f.known for f in found(jumping((elsewhere,))).found} == {"öppen"}


def test_masked_months_are_not_judged():
    made = [
        r | {"performed": r["performed"] // 3, "added": r["performed"] // 3 + r["removed_other"]}
        if r["period"] in (END - 4, END - 3)
        else r
        for r in delivered(production_rows())
    ]
    mask = Break("", "", END - 4, END - 3, "mask", "Pandemin.")
    assert [f for f in found(quality_world(production=made)).found if f.rule in ("outlier", "break")]
    masked = found(quality_world(production=made, breaks=(mask,))).found
    assert not [f for f in masked if f.rule in ("outlier", "break")]


def test_reports_that_contradict_the_data():
    rows = without(delivered(wait_rows()), "R5", END, END - 1)
    told = [said("R5", "Väntetider", END - k, "complete") for k in range(3)]
    told.append(said("R2", "Väntetider", END, "missing"))
    items = {f.rule: f for f in found(quality_world(rows, reporting=told)).found}
    assert set(items) == {"said_complete", "said_missing"}
    assert items["said_complete"].months == (END - 1, END)
    assert items["said_complete"].grade == "review"
    assert items["said_missing"].grade == "info"


def test_a_care_area_left_out_is_told():
    rows = [r for r in delivered(wait_rows()) if (r["region"], r["care_area"], r["period"]) != ("R3", "kat", END)]
    f = only(quality_world(rows))
    assert (f.rule, f.evidence) == ("lacking", "Katarakt saknas, de övriga finns")


def test_months_apart_are_findings_apart():
    rows = [
        r
        for r in delivered(wait_rows())
        if not (r["region"] == "R3" and r["care_area"] == "kat" and r["period"] in (END, END - 1, END - 5))
    ]
    items = found(quality_world(rows)).found
    assert [f.months for f in items] == [(END - 1, END), (END - 5,)]


# --- what a public viewer may see ---


def test_a_public_viewer_sees_the_numbers_that_the_pages_show():
    rows = change(delivered(wait_rows()), "R3", "kna", END, waiting_91_120=0)
    assert only(quality_world(rows), "public").evidence == "Sju intervall ger 587, totalen är 600"


@pytest.mark.parametrize("register", ["production", "capacity", "out-of-region"])
def test_a_country_without_a_register_has_the_findings_of_the_others(register):
    source = faulty_world()
    gone = {f.rule for f in found(source, "public").found if f.dataset == register}
    source.frames[register] = source.frames[register].iloc[:0]
    left = found(source, "public").found
    assert left
    assert {f.rule for f in left} >= {"bands", "outlier"} - gone


def test_a_small_count_takes_the_numbers_out_of_the_evidence():
    whole = row("R3", "kna", END, over=3, waiting=60) | {"waiting_0_30": 40}
    rows = change(delivered(wait_rows()), "R3", "kna", END, **{k: v for k, v in whole.items() if k.startswith("wait")},
                  within_limit=57)  # fmt: skip
    source = quality_world(rows)
    exact, public = (next(f for f in found(source, role).found if f.rule == "bands") for role in ("exact", "public"))
    assert "60" in exact.evidence
    assert public.hidden
    assert public.evidence == "Sju intervall ger inte totalen"
    assert not any(c.isdigit() for c in public.evidence)
    assert public.said == f"Sju intervall ger inte totalen. Högst 2 eller 0,5{NB}% godtas."
    assert all(c.value is None or c.state == "" for c in public.cells)
    assert any(c.state == "suppressed" for c in public.cells)


def test_a_repeat_of_protected_numbers_is_counted_but_not_told():
    """Shown in one month and hidden in the other, equality would give the hidden one away."""
    source = repeated_world()
    frame = source.frames["production"]
    at = (frame["region"] == "R6") & frame["period"].isin([END, END - 1])
    frame.loc[at, "removed_other"] = 3
    assert [f.rule for f in found(source, "exact").found if f.rule == "repeated"] == ["repeated"]
    public = found(source, "public")
    assert not [f for f in public.found if f.rule == "repeated"]
    assert public.withheld == 1


def test_providers_parts_are_hidden_when_one_is_small():
    made = parts(0.5, 0.4)
    made[-1]["performed"] = 3
    items = [f for f in found(quality_world(production=made), "public").found if f.rule == "providers"]
    assert len(items) == 1
    assert items[0].hidden
    assert not any(c.isdigit() for c in items[0].evidence)
    assert {c.state for c in items[0].cells if c.provider} == {"secondary"}  # not even which of them is small


def test_what_the_source_suppressed_is_never_a_number():
    rows = delivered(wait_rows())
    rows = change(rows, "R3", "kna", END, excluded_medical=None, suppressed={"excluded_medical": 5})
    rows = change(rows, "R3", "kna", END, waiting_91_120=0)
    rows = [{"suppressed": None} | r for r in rows]
    assert only(quality_world(rows), "exact").rule == "bands"


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from(["R1", "R2", "R3", "R4", "R5", "R6"]))
def test_no_small_count_ever_stands_in_what_a_public_viewer_gets(seed, region):
    """Random small lists with random faults: no cell of 1 to 4 is shown, and evidence without all its cells has no
    number of theirs."""
    rng = np.random.default_rng(seed)
    rows = []
    for r in delivered(wait_rows()):
        if r["region"] == region and END - r["period"] < 4:
            waiting = int(rng.integers(5, 60))
            over = int(rng.integers(0, min(9, waiting)))
            made = row(region, r["care_area"], r["period"], over=over, waiting=waiting)
            band = WAIT_BANDS[int(rng.integers(0, 7))]
            r = r | made | {band: int(rng.integers(0, 60)), "recorded_at": r["recorded_at"], "batch_id": r["batch_id"]}
        rows.append(r)
    for f in found(quality_world(rows), "public").found:
        for c in f.cells:
            assert c.value is None or not 0 < c.value < 5 or c.column.startswith("wait_days")
            assert (c.value is None) or c.state == ""
        if f.hidden:
            assert not any(ch.isdigit() for ch in f.evidence.replace("90", "").replace("<5", "")), f.evidence


def test_other_months_and_a_state_that_is_gone_by():
    source = faulty_world()
    assert {f.rule for f in found(source, month=END - 8).found} == {"bands"}
    none = found(quality_world([], [], []), month=Month(2020, 1))
    assert none.found == ()
    assert isinstance(none, Findings)


def test_the_frames_of_the_source_are_left_alone():
    source = faulty_world()
    before = {k: f.copy() for k, f in source.frames.items()}
    found(source, "public")
    for name, frame in source.frames.items():
        pd.testing.assert_frame_equal(frame, before[name])
    assert recorded(END).day == 15


# --- what is there in the twin too (`finding_twin`) ---


def draft(**more) -> Draft:
    plain = Draft(
        rule="bands",
        grade="stop",
        title="Summan är bruten",
        dataset="waits",
        region="R1",
        care_areas=("kna",),
        measure="Väntande",
        months=(END,),
        evidence="Sju intervall ger 597, totalen är 600",
        covered="Sju intervall ger inte totalen",
        threshold="Högst 2 godtas.",
        affects="",
    )
    return replace(plain, **more)


def test_a_finding_that_is_the_same_in_both_stands_as_it_is():
    assert list(in_both([draft()], [draft()], "")) == [draft()]


def test_one_that_the_twin_does_not_have_is_not_told():
    elsewhere = [draft(months=(END - 1,)), draft(region="R2"), draft(title="En annan")]
    assert list(in_both([draft()], elsewhere, "")) == []
    assert list(in_both([draft()], [], "R1")) == [draft()]  # the own region's is told as it is
    assert list(in_both([draft()], [], "R2")) == []


def test_numbers_that_differ_are_not_told_and_the_milder_grade_is():
    other = draft(evidence="Sju intervall ger 596, totalen är 599", grade="info", threshold="Det ryms.")
    for real, twin in ((draft(), other), (other, draft())):
        (told,) = in_both([real], [twin], "")
        assert told.differing
        assert (told.grade, told.threshold) == ("info", "Det ryms.")


def test_two_findings_with_one_claim_need_two_in_the_twin():
    assert len(list(in_both([draft(), draft()], [draft()], ""))) == 1


def test_the_care_areas_of_a_repeated_month_are_one_finding_in_the_place_of_the_first():
    repeats = [draft(rule="repeated", care_areas=(a,), batch=k, same=6) for k, a in enumerate(("kna", "kat"))]
    other = draft(rule="balance")
    first, last = together([repeats[0], other, repeats[1]])
    assert (first.care_areas, first.same, first.batch, last) == (("kna", "kat"), 12, 1, other)
    assert first.evidence.startswith("12 tal är identiska")
    assert [d.same for d in together([repeats[0], replace(repeats[1], region="R2")])] == [6, 6]
