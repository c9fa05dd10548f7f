"""What national figures cover, and what a figure says of the months it lacks."""

import pandas as pd
import pytest

from lagesbild.domain.care import leaf_regions
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.views.coverage import FIGURES, coverage, population
from lagesbild.views.flows import flows
from lagesbild.views.partial import partial, waits_lacking
from lagesbild.views.wait_reading import read_waits
from tests.quality_world import delivered, production_rows, quality_world, said, wait_rows, without
from tests.waits_world import CODES, END, changed, gap, with_gaps


def covered(source, **chosen):
    found = coverage(source, Selection(**chosen), Viewer())
    assert found is not None
    return found


def counts(found) -> dict[str, int]:
    return {r.figure: len(r.counted) for r in found.rows if r.counted is not None}


def test_a_whole_country_is_covered_and_capacity_by_those_who_report_it():
    found = covered(quality_world())
    assert counts(found) == {"share": 6, "waiting": 6, "performed": 6, "capacity": 4, "out_of_region": 6}
    by_name = {r.figure: r for r in found.rows}
    assert by_name["share"].share == 1.0
    people = {c: 100 * (k + 1) + 1 for k, c in enumerate(CODES)}
    assert by_name["capacity"].share == pytest.approx(sum(people[c] for c in CODES[:4]) / sum(people.values()))
    assert found.year == 2023
    assert {a.code for a in by_name["share"].care_areas} == {"kna", "kat"}
    assert [r.short_name for r in by_name["capacity"].missing(found.regions)] == ["Ökna", "Lillö"]


def test_missing_and_excluded_regions_are_not_counted():
    rows = without(delivered(wait_rows()), "R5", END)
    told = [said("R6", "Väntetider", END, "excluded")]
    found = covered(quality_world(rows, reporting=told))
    assert counts(found)["share"] == counts(found)["waiting"] == 4
    assert counts(found)["performed"] == 4  # the balance needs both


def test_care_areas_with_other_regions_stand_apart():
    rows = [r for r in delivered(wait_rows()) if (r["region"], r["care_area"], r["period"]) != ("R5", "kat", END)]
    shares = [r for r in covered(quality_world(rows)).rows if r.figure == "share"]
    assert {(tuple(a.code for a in r.care_areas), len(r.counted)) for r in shares} == {(("kna",), 6), (("kat",), 5)}
    alone = [r for r in covered(quality_world(rows), care_area="kat").rows if r.figure == "share"]
    assert [len(r.counted) for r in alone] == [5]


def test_forecast_and_gaps_count_the_regions_that_the_run_could_judge():
    source = with_gaps(quality_world(), [gap("R1", a, "none") for a in ("kna", "kat")] + [gap("R2", "kna", "open")])
    found = {(tuple(a.code for a in r.care_areas)): len(r.counted) for r in covered(source).rows if r.figure == "gaps"}
    assert found == {("kna",): 2, ("kat",): 1}


def test_published_figures_do_not_say_what_they_cover():
    rows = [*delivered(wait_rows()), {"period": END, "region": "LAND", "care_area": "alla", "provider": "",
                                      "waiting": 1000.0, "recorded_at": None, "batch_id": 1}]  # fmt: skip
    rows[-1]["recorded_at"] = rows[0]["recorded_at"]
    found = covered(quality_world(rows))
    last = found.rows[-1]
    assert (last.figure, last.counted, last.share) == ("published", None, None)
    assert found.lowest.figure == "capacity"


def test_without_population_there_are_regions_but_no_share():
    found = covered(quality_world(frames={"population": pd.DataFrame(columns=["year", "region", "population"])}))
    assert found.year is None
    assert {r.share for r in found.rows} == {None}
    assert counts(found)["share"] == 6


def test_the_latest_year_that_everybody_has_is_taken():
    frame = pd.DataFrame(
        [{"year": y, "region": c, "population": y} for y in (2021, 2022) for c in CODES]
        + [{"year": 2023, "region": "R1", "population": 9}]
    )
    source = quality_world(frames={"population": frame})
    people, year = population(source, tuple(leaf_regions(source.regions())))
    assert year == 2022
    assert set(people.values()) == {2022.0}


def test_the_order_is_that_of_the_list():
    order = [r.figure for r in covered(quality_world()).rows]
    assert order == sorted(order, key=FIGURES.index)


# --- what months lack ---


def note(source, dataset="waits", area="kna", first=END - 11, last=END, **more) -> str:
    return partial(source, dataset, area, first, last, **more).note


def test_nothing_lacking_says_nothing():
    assert note(quality_world()) == ""


def test_missing_excluded_and_provisional_in_one_sentence():
    rows = without(delivered(wait_rows()), "R5", END, END - 1)
    rows = changed(rows, "R1", "kna", END, value_status="provisional")
    rows = [{"value_status": "reported"} | r for r in rows]
    told = [said("R6", "Väntetider", END - 3, "excluded"), said("R2", "Väntetider", END, "partial")]
    assert note(quality_world(rows, reporting=told)) == (
        "Ofullständigt: Ökna saknas sedan september 2026; Lillö är utesluten i juli 2026; "
        "Norrby och Åby är preliminära i oktober 2026."
    )


def test_the_waits_that_are_read_already_say_the_same():
    rows = without(delivered(wait_rows()), "R5", END, END - 1)
    rows = changed(rows, "R1", "kna", END, value_status="provisional")
    rows = [{"value_status": "reported"} | r for r in rows]
    source = quality_world(rows, reporting=[said("R6", "Väntetider", END - 3, "excluded")])
    waits = read_waits(source, Selection(care_area="kna"), Viewer())
    assert waits is not None
    for months in (1, 3, 12):
        asked = partial(source, "waits", "kna", END - (months - 1), END)
        assert waits_lacking(waits, 0, months) == asked
        assert partial(source, "waits", "kna", END - 11, END).since(END - (months - 1)) == asked
    assert len(waits_lacking(waits, 0, 12).gaps) == 3


def test_only_the_regions_and_kinds_asked_for():
    rows = without(delivered(wait_rows()), "R5", END)
    source = quality_world(rows, reporting=[said("R2", "Väntetider", END, "partial")])
    assert note(source, regions=("R5",)) == "Ofullständigt: Ökna saknas i oktober 2026."
    assert partial(source, "waits", "kna", END, END).of("provisional").note == (
        "Ofullständigt: Åby är preliminär i oktober 2026."
    )
    assert note(source, regions=("LAND",)) == ""


def test_months_with_holes_between_are_counted():
    rows = without(delivered(wait_rows()), "R5", END - 2, END - 5, END - 7)
    assert note(quality_world(rows)) == "Ofullständigt: Ökna saknas i 3 av månaderna."
    rows = without(delivered(wait_rows()), "R5", END - 11, END - 10)
    assert note(quality_world(rows)) == "Ofullständigt: Ökna saknas november–december 2025."


def test_a_region_that_never_reports_an_area_is_not_missing_from_it():
    rows = [r for r in delivered(wait_rows()) if (r["region"], r["care_area"]) != ("R5", "kna")]
    assert note(quality_world(rows)) == ""
    assert note(quality_world(rows), area="kat") == ""


def test_nobody_sent_elsewhere_is_no_hole():
    sent = pd.DataFrame(
        [{"period": END - 1, "home_region": "R1", "treating_region": "R2", "care_area": "kna", "performed": 3}]
    )
    whole = quality_world(frames={"out-of-region": sent}, reporting=[said("R1", "Patientregistret", END, "complete")])
    assert note(whole, "out-of-region", first=END - 1) == ""
    silent = quality_world(frames={"out-of-region": sent})
    assert "Norrby saknas" in note(silent, "out-of-region", first=END - 1)


def test_many_regions_are_counted_not_listed():
    rows = delivered(wait_rows())
    for code in CODES[:5]:
        rows = without(rows, code, END)
    assert note(quality_world(rows)) == "Ofullständigt: Norrby, Åby, Sjöbo och 2 till saknas i oktober 2026."


def test_months_that_reporting_excludes_are_in_no_sum_of_production():
    source = quality_world(reporting=[said("R6", "Produktion", END - 2, "excluded")])
    found = flows(source, Selection(care_area="kna"))
    assert found is not None
    assert {r.code for r in found.left_out} == {"R6"}
    alone = flows(source, Selection(care_area="kna", region="R6"))
    assert alone is not None
    assert alone.total("performed").isna().sum() == 1
    assert alone.total("waiting").notna().all()  # another register
    whole = flows(quality_world(), Selection(care_area="kna"))
    assert whole is not None
    assert not whole.left_out
    assert len(production_rows()) == 432
