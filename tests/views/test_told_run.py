"""What is told of a forecast run: of pairs with hidden counts what was made of the middle, or that nothing may."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import lagesbild
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import TOLD
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import kapacitetsgap, overview, region
from lagesbild.pages.context import PageContext
from lagesbild.pages.overview_flags import flags_sentence, untold_words
from lagesbild.views.flags import flags
from lagesbild.views.gap_list import gap_list
from lagesbild.views.pair_paths import pair_paths
from lagesbild.views.published_tables import published_table
from lagesbild.views.published_tables.model import Asked
from lagesbild.views.told_run import UNTOLD, ToldRun
from tests.country import LAST, beside, country, gap_row, make_small, run

PUBLIC, EXACT = Viewer(), Viewer("exact")
CODES = {"A": 0, "B": 1, "C": 2}
COUNTED = ("flag_counts", "flagged_areas", "first_flags", "changed_flags")


def source_with(middle: list[dict], *, threshold: int | None = 5):
    """Region A's knee list is small and its gap open; `middle` are the rows made of the middle, `threshold` None is a
    run of a program that made none."""
    source = country()
    make_small(source, "A", "kna", 7)
    made = replace(beside(run()), calibration={"threshold": threshold})
    source.run_rows = [r for r in source.run_rows if r.kind != TOLD] + ([made] if threshold else [])
    targets = (({"target_share": t} | ({} if t == 0.8 else {"status": "none"})) for t in (0.7, 0.8, 0.9))
    every = [row | {"run_id": made.run_id} | target for target in targets for row in middle]
    rows = pd.DataFrame(every, columns=list(source.gap_rows.columns))
    for c in ("opens_period", "opens_lo", "opens_hi", "target_period"):
        rows[c] = pd.to_datetime(rows[c])
    if middle:
        source.gap_rows = pd.concat([source.gap_rows, rows], ignore_index=True)
    return source


WATCHED = gap_row("A", "kna", "watch", opens_period=5, probability_12m=0.4, reason="Mitt emellan.")


def status(source, viewer, region="A", area="kna"):
    rows = ToldRun(source, source.runs()[0], viewer).gaps()
    mine = (rows["region"] == region) & (rows["care_area"] == area) & (rows["target_share"] == 0.8)
    return rows[mine]["status"].item()


def test_who_may_not_see_all_is_told_what_was_made_of_the_middle_and_the_own_region_the_run_itself():
    source = source_with([WATCHED])
    seen = [status(source, v) for v in (PUBLIC, EXACT, Viewer(own="A"), Viewer(own="B"))]
    assert seen == ["watch", "open", "open", "watch"]
    assert status(source, PUBLIC, "B") == status(source, EXACT, "B") == "expected"


def test_the_same_pairs_stand_in_the_same_order_under_the_same_number():
    source = source_with([WATCHED])
    told, all_of_it = (ToldRun(source, source.runs()[0], v).gaps() for v in (PUBLIC, EXACT))
    for column in ("run_id", "region", "care_area", "target_share"):
        assert told[column].tolist() == all_of_it[column].tolist()
    other = all_of_it["reason"] != told["reason"]
    assert set(zip(told[other]["region"], told[other]["care_area"], strict=True)) == {("A", "kna")}


@pytest.mark.parametrize("threshold", [None, 10])
def test_without_it_nothing_is_judged_where_counts_are_hidden_and_the_reason_says_so(threshold):
    """Also when it was made for viewers who see less or more."""
    source = source_with([WATCHED] if threshold else [], threshold=threshold)
    told = ToldRun(source, source.runs()[0], PUBLIC)
    hidden = told.untold(())
    assert ("A", "kna") in hidden
    rows = told.gaps()
    rows = rows[rows["target_share"] == 0.8].set_index(["region", "care_area"])
    for pair in hidden:
        assert rows.loc[pair, "reason"] == UNTOLD
        assert rows.loc[pair, "status"] == "none"
        assert pd.isna(rows.loc[pair, ["probability_12m", "opens_period", "structural_share_now"]]).all()
    assert ("C", "gra") not in hidden
    assert rows.loc[("C", "gra"), "reason"] == "Senaste månaden saknas."
    table = published_table("gaps", source, Asked(), PUBLIC).frame.set_index(["region", "care_area"])
    for pair in (*hidden, ("C", "gra")):  # in a table that machines read, `none` is that there is no gap
        assert (table.loc[[pair], "status"] == "").all()
    assert (table["status"] == "none").any()


def test_what_may_not_be_told_is_no_calm():
    source = source_with([], threshold=None)
    found = gap_list(source, Selection(), PUBLIC)
    assert UNTOLD in {s.gap.reason for s in found.unjudged}
    all_of_it = gap_list(source, Selection(), EXACT)
    assert found.judged_shown < all_of_it.judged_shown
    of_month = flags(source, Selection(), LAST, CODES, PUBLIC)
    assert ("A", "kna") not in of_month.judged_series
    page = kapacitetsgap.PAGE.build(PageContext(source, Selection(), PUBLIC))
    assert UNTOLD in str(page)


def test_no_sentence_says_that_there_is_no_gap_where_some_may_not_be_told():
    source = source_with([], threshold=None)
    source.gap_rows = source.gap_rows[source.gap_rows["region"] == "A"].reset_index(drop=True)
    source.gap_rows.loc[source.gap_rows["care_area"] == "gra", "status"] = "none"  # judged, without a flag
    found = flags(source, Selection(), LAST, CODES, PUBLIC)
    assert len(found.untold_series) == 1
    assert found.in_regions({"B"}).untold_series == frozenset()
    assert (
        flags_sentence(found, LAST, "") == "Inget kapacitetsgap som kan visas är öppet eller väntas inom tolv månader."
    )
    assert untold_words(found) == "Bedömningen av en serie kan inte visas: den följer av små tal, som är dolda."
    for page, more in ((overview.PAGE, {}), (kapacitetsgap.PAGE, {}), (region.PAGE, {"region": "A"})):
        text = str(page.build(PageContext(source, Selection(**more), PUBLIC)))
        assert "som kan visas" in text, page.path
        assert "gap är öppna eller väntas" not in text
    opened = replace(found, flags=flags(source, Selection(), LAST, CODES, EXACT).of("open"))
    some = "Ett kapacitetsgap är öppet, inga fler som kan visas väntas inom tolv månader."
    assert flags_sentence(opened, LAST, "") == some
    exact = flags(source, Selection(), LAST, CODES, EXACT)
    assert (exact.untold_series, untold_words(exact)) == (frozenset(), "")


def test_the_table_says_that_a_hidden_probability_is_hidden_and_not_unknown():
    source = source_with([], threshold=None)
    table = published_table("gaps", source, Asked(), PUBLIC)
    row = table.frame[(table.frame["region"] == "A") & (table.frame["care_area"] == "kna")].iloc[0]
    assert np.isnan(row["probability_12m"])
    assert row["probability_12m_state"] == "secondary"


def test_the_record_and_the_paths_are_those_of_the_middle():
    source = source_with([WATCHED])
    columns = ["region", "care_area", "target_share", "origin", "probability_12m", "status", "opened", "months_known"]
    mine = ("A", "kna", 0.8, pd.Timestamp("2025-01-01"), 0.6, "expected", pd.NaT, 12)
    record = [(3, *mine), (3, "B", *mine[1:]), (103, *mine[:5], "watch", *mine[6:])]
    source.record_rows = pd.DataFrame(record, columns=["run_id", *columns])
    told, exact = (ToldRun(source, source.runs()[0], v) for v in (PUBLIC, EXACT))
    assert sorted(zip(told.record()["region"], told.record()["status"], strict=True)) == [
        ("A", "watch"),
        ("B", "expected"),
    ]
    assert exact.record()["status"].tolist() == ["expected", "expected"]
    assert [told.run_of("A", "kna").run_id, told.run_of("B", "kna").run_id, exact.run_of("A", "kna").run_id] == [
        103,
        3,
        3,
    ]
    old = source_with([], threshold=None)
    old.record_rows = source.record_rows[source.record_rows["run_id"] == 3]
    of_old = ToldRun(old, old.runs()[0], PUBLIC)
    assert "A" not in set(of_old.record()["region"])
    assert of_old.run_of("A", "kna") is None
    place, area = old.regions()[1], old.care_areas()[0]
    assert pair_paths(old, old.runs()[0], place, area, 0.8, PUBLIC) is None


def test_forecasts_of_the_middle_take_the_place_of_the_others():
    source = source_with([WATCHED])
    mine = source.forecast_rows[
        (source.forecast_rows["run_id"] == 3)
        & (source.forecast_rows["region"] == "A")
        & (source.forecast_rows["care_area"] == "kna")
    ]
    source.forecast_rows = pd.concat(
        [source.forecast_rows, mine.assign(run_id=103, p50=mine["p50"] + 0.5)], ignore_index=True
    )
    told, exact = (ToldRun(source, source.runs()[0], v).forecasts() for v in (PUBLIC, EXACT))
    assert len(told) == len(exact)
    assert set(told["run_id"]) == {3}
    key = ["region", "care_area", "measure", "period"]
    both = told.merge(exact, on=key, suffixes=("", "_exact"))
    other = both["p50"] != both["p50_exact"]
    assert set(zip(both[other]["region"], both[other]["care_area"], strict=True)) == {("A", "kna")}


def test_nobody_but_it_reads_what_a_run_judged():
    """Or a new page would show exact judgements. The others that do: the paths of `run_of`, what keeps answers, and
    what asks only whether there are rows."""
    allowed = {
        "views/told_run.py": {"gaps", "gap_record", "forecasts", *COUNTED},
        "views/pair_paths.py": {"paths", "pair_facts"},
        "views/forecast_record.py": {"forecasts"},  # of runs of the kind "record": shares at earlier origins
        "pages/kept_source.py": {"gaps", "gap_record", "forecasts", "paths", "pair_facts", *COUNTED},
        "api/tables.py": {"gaps", "forecasts"},
    }
    questions = "|".join(("gaps", "gap_record", "forecasts", "paths", "pair_facts", *COUNTED))
    asks = re.compile(rf"(?:source|then|_source)\.({questions})\(")
    root = Path(lagesbild.__file__).parent
    for floor in ("views", "pages", "api", "reports", "freezing", "figures"):
        for path in sorted((root / floor).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            found = set(asks.findall(path.read_text(encoding="utf-8")))
            assert found <= allowed.get(name, set()), name
