"""A planner sees the own region exactly on the pages; every other region, and every sum, just as everybody does."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.components.model import FigureCard
from lagesbild.components.protection import passing_on
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import capital, number_word
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import options
from lagesbild.pages.downloads import about as about_file
from lagesbild.pages.looking import look
from lagesbild.pages.registry import all_pages
from lagesbild.pages.render import Renderer
from lagesbild.pages.view import Place, View
from lagesbild.reports.compose import briefing
from lagesbild.reports.looking import Seen
from tests.disclosure.faults_world import faulty
from tests.disclosure.own_pages import NOT_OWN, about, build, cells, hidden, near, protected, same, selections
from tests.disclosure.pages import differences, plain
from tests.disclosure.quality_book import tables_in
from tests.disclosure.small_world import LAST, Shape, country, with_forecasts, with_told

PUBLIC, EXACT = Viewer(), Viewer("exact")
CASES = max(1, int(os.environ.get("ATTACKS", "0")) // 10)
PAGES = (
    "/",
    "/region/<code>",
    "/vantetider",
    "/produktion",
    "/vardomrade/<code>",
    "/kapacitetsgap",
    "/prognos",
    "/utomlansvard",
    "/datakvalitet",
)
WORLD = Shape(3, regions=6, areas=1, months=26, size=4.0, providers=1)
OWN = "R2"
LISTED = ("fynd",)  # figures whose heading counts their rows
LARGEST = ("vantan", "resor", "vardgivare")  # figures that list the largest alone


def judged(source, path, own):
    """How many cells of the own region everybody sees protected and the planner sees; what is wrong is in the list."""
    opened, wrong, by_code = Counter(), [], {r.code: r for r in source.regions()}
    for selection in selections(source, path, own):
        mine = build(source, path, selection, Viewer(own=own))
        public, exact = (build(source, path, selection, v) for v in (PUBLIC, EXACT))
        seen, told, all_of_it = cells(mine), cells(public), cells(exact)
        where = f"{path} {selection.region} {selection.provider} {selection.healthcare_region} {selection.per}"
        for cell, value in seen.items():
            figure, name = cell[0], cell[2].partition("|")[0]
            if (figure in LARGEST and cell not in all_of_it) or name == "difference_days":
                continue  # the largest are others to one who sees all; a difference follows from its ends
            if about(own, path, selection, cell):
                beside = (figure, name) in NOT_OWN or selection.per == "andel"  # of what another region has done
                open_to_all = beside and (
                    hidden(value) or same(value, told.get(cell, value)) or near(value, all_of_it[cell])
                )
                if not same(value, all_of_it.get(cell)) and not open_to_all:
                    wrong.append(f"{where} {cell}: {value!r}, exactly {all_of_it.get(cell)!r}")
                # of a finding whose numbers are hidden there are words instead
                covered = figure == "fynd" and not same(value, told.get(cell))
                opened[figure] += not hidden(value) and (cell not in told or protected(told[cell]) or covered)
            elif cell in told:
                if not same(value, told[cell]):
                    wrong.append(f"{where} {cell}: {value!r}, to everybody {told[cell]!r}")
            elif not hidden(value) and value != "" and figure != "vantan":
                wrong.append(f"{where} {cell}: {value!r}, to everybody nothing")
        others = [list(dict.fromkeys(c[:2] for c in f if of_others(own, path, selection, c))) for f in (seen, told)]
        if others[0] != others[1]:
            wrong.append(f"{where}: {others[0]}, to everybody {others[1]}")
        wrong += said(mine, public, selection, own, where)
        told_off = path != "/prognos" or selection.region == own
        if (passing_on(by_code[own]) in mine.notes) is not told_off:
            wrong.append(f"{where}: {mine.notes}")
    return opened, wrong


def of_others(own, path, selection, cell):
    """Whether the cell's row is about others alone."""
    return not about(own, path, selection, cell) and not (cell[0] == "vantan" and own in cell[1][0].split())


def said(mine, public, selection, own, where):
    """Sentences and headings are everybody's, but where they or the page are about the own region."""
    if selection.region == own:
        return []
    theirs = {s.id: s for s in public.sections if isinstance(s, FigureCard) and s.id not in LISTED}
    pairs = [(mine.sentences, public.sentences)]
    pairs += [(s.title, theirs[s.id].title) for s in mine.sections if s.id in theirs]
    pairs += [(s.summary, theirs[s.id].summary) for s in mine.sections if s.id in theirs]
    return [f"{where}: {a!r}, to everybody {b!r}" for a, b in pairs if a != b and own not in f"{a}{b}"]


@pytest.mark.parametrize("path", PAGES)
def test_the_own_region_is_exact_and_everything_else_as_everybody_sees_it(path):
    opened, wrong = judged(country(WORLD), path, OWN)
    assert wrong == []
    assert sum(opened.values()) > 1, "nothing of the own region was hidden, so this shows nothing"


@settings(max_examples=CASES, deadline=None)
@given(
    st.builds(
        Shape,
        seed=st.integers(0, 10_000),
        regions=st.integers(5, 7),
        areas=st.just(1),
        months=st.integers(14, 26),
        size=st.sampled_from([2.0, 6.0, 20.0]),
        providers=st.integers(0, 1),
        own_limit=st.booleans(),
    ),
    st.sampled_from(["R1", "R3", "R5"]),
)
def test_so_it_is_in_random_countries(shape, own):
    source = country(shape)
    for path in PAGES:
        assert judged(source, path, own)[1] == []


@pytest.mark.parametrize(("path", "own"), [("/om", OWN), ("/datakvalitet", "R9"), ("/vantetider", "R9")])
def test_pages_that_cannot_tell_it_and_planners_of_no_region_here_show_what_everybody_sees(path, own):
    source = country(WORLD)
    for selection in selections(source, path, OWN)[1:2]:
        mine, public = (build(source, path, selection, v) for v in (Viewer(own=own), PUBLIC))
        assert list(differences(plain(mine), plain(public))) == []


def test_the_rows_that_lie_open_behind_findings_are_exact_for_the_own_region_and_no_other():
    """A finding opens on its rows, which are in no table of the card."""
    source = faulty(WORLD)
    selection = Selection(month=LAST, care_area="A1")
    mine, public, exact = (
        behind(build(source, "/datakvalitet", selection, v)) for v in (Viewer(own=OWN), PUBLIC, EXACT)
    )
    own = [caption for caption in mine if f", {OWN}, " in caption]
    assert {c: mine[c] for c in own} == {c: t for c, t in exact.items() if f", {OWN}, " in c}
    assert {c: t for c, t in mine.items() if c not in own} == {c: t for c, t in public.items() if c not in own}
    assert any(mine[c] != public.get(c) for c in own), "nothing of the own region was hidden, so this shows nothing"


def behind(content):
    """The rows of every finding, by what it is about."""
    card = next(s for s in content.sections if s.id == "fynd")
    return dict(tables_in(card.graphic))


def test_the_findings_of_a_planner_are_as_many_as_are_listed():
    """The heading counts rows and no persons: a finding that the others are not told of is counted with them."""
    source = faulty(WORLD)
    for viewer in (Viewer(own=OWN), PUBLIC, EXACT):
        card = next(s for s in build(source, "/datakvalitet", Selection(month=LAST), viewer).sections if s.id == "fynd")
        assert card.title.startswith(capital(number_word(len(card.table.rows))))


def test_who_sees_all_sees_all_of_the_own_region_too_and_is_told_nothing_of_it():
    source = country(WORLD)
    selection = selections(source, "/vantetider", OWN)[1]
    one, two = (build(source, "/vantetider", selection, v) for v in (Viewer("exact", own=OWN), EXACT))
    assert list(differences(plain(one), plain(two))) == []


def renderer(source, viewer):
    return Renderer(source, viewer, all_pages(), known=options.known, filters=options.filters)


def test_what_is_kept_of_a_planners_page_is_never_shown_to_another():
    source = country(WORLD)
    readers = [Viewer(own=OWN), PUBLIC, Viewer(own="R3"), EXACT]
    views = [View("/vantetider", "?vardomrade=A1"), View(f"/region/{OWN}", "?vardomrade=A1")]

    def answers(made, viewer):
        return [repr(made.seen_by(viewer).answer(view).outputs) for view in views]

    alone = {v: answers(renderer(source, v), v) for v in readers}
    assert len({told[0] for told in alone.values()}) == len(readers)
    shared = renderer(source, PUBLIC)
    for viewer in (*readers, *readers[::-1]):
        assert answers(shared, viewer) == alone[viewer]


def test_files_say_whose_small_numbers_they_hold():
    made = renderer(country(WORLD), PUBLIC)
    page = next(p for p in all_pages() if p.path == "/vantetider")
    told = {}
    for viewer in (PUBLIC, EXACT, Viewer(own=OWN), Viewer(own="R9")):
        mine = made.seen_by(viewer)
        built = mine.build(Place(page), "vardomrade=A1")
        card = next(s for s in built.content.sections if s.id == "rangordning")
        told[viewer] = [line for line in about_file(card, built, mine) if "skydd" in line]
    protected = "Tal under 5 är skyddade."
    assert list(told.values()) == [
        [protected], [], [f"{protected} Undantag: R2, vars små tal inte får spridas."], [protected],
    ]  # fmt: skip


def test_so_do_briefings():
    source = country(WORLD)
    said = []
    for viewer in (PUBLIC, Viewer(own=OWN)):
        made = renderer(source, viewer)
        paper = briefing(
            Selection(kind="region", region=OWN, care_area="A1"),
            lambda path, selection, made=made: Seen(*look(made, path, selection)),
            source,
            viewer,
        )
        said.append(paper.stamp.protected)
    assert said == ["Tal under 5 är skyddade.", "Tal under 5 är skyddade. Undantag: R2, vars små tal inte får spridas."]


def with_large_regions(source, codes, times=60):
    """The country with some regions so large that nothing of who waits there is hidden; what adds up still does."""
    frames = {}
    for name, frame in source.frames.items():
        frames[name] = frame = frame.copy()
        if "region" in frame and name != "population":
            rows = frame["region"].isin(codes)
            numbers = [c for c in frame.columns if frame[c].dtype.kind in "if" and c != "wait_days_median"]
            frame.loc[rows, numbers] *= times
    made = replace(source, frames=frames)
    with_forecasts(made)
    with_told(made)
    return made


@pytest.mark.parametrize("path", ["/", "/vantetider"])
def test_a_planner_of_whose_region_nothing_is_hidden_sees_everybodys_page_to_the_letter(path):
    """Figures, hover texts and order too: nothing of the others comes through where nothing of the own does."""
    own, source = "R5", with_large_regions(country(WORLD), ("R4", "R5", "R6"))
    for selection in (s for s in selections(source, path, own) if not s.provider):
        mine, public, exact = (build(source, path, selection, v) for v in (Viewer(own=own), PUBLIC, EXACT))
        assert list(differences(plain(replace(mine, notes=public.notes)), plain(public))) == []
        assert list(differences(plain(exact), plain(public))), "nothing was hidden, so this shows nothing"
