"""What `lagesbild briefing` is asked for: nothing is dropped in silence, faults are told before any work is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lagesbild.cli.briefing_choices import (
    check_choices,
    check_comments,
    check_file,
    check_moment,
    comments_in,
    sections_in,
)
from lagesbild.cli.briefing_files import Maker
from lagesbild.cli.codes import care_area_codes
from lagesbild.domain.care import CareArea
from lagesbild.domain.errors import InputError
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import options
from lagesbild.snapshots.codes import CODES, word
from tests import gallery
from tests.fakes import RECORDED, FakeSource


def maker() -> Maker:
    source = gallery.source()
    return Maker(source, Viewer(), lambda path, selection: None, options.known(source))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["vantetider", "vantetider=", "vantetider=  "])
def test_a_comment_without_words_is_told(text: str) -> None:
    with pytest.raises(InputError, match=r"har ingen text"):
        comments_in([text])


def test_a_comment_to_a_section_that_is_not_there_is_told() -> None:
    with pytest.raises(InputError, match=r"etik.*försvinna"):
        check_comments(Selection(kind="radet"), {"etik": "Ja."})
    check_comments(Selection(kind="radet"), {"prognos": "Ja."})
    with pytest.raises(InputError, match="prognos"):
        check_comments(Selection(kind="radet", contents="vantetider"), {"prognos": "Ja."})


@pytest.mark.parametrize(("text", "said"), [("prognos.prognos", "två gånger"), ("prognos.x", "ingen del ”x”")])
def test_a_section_is_there_once(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        sections_in(text)


@pytest.mark.parametrize(
    ("moment", "said"),
    [(datetime.now(UTC) + timedelta(days=2), "inte varit"), (RECORDED - timedelta(days=900), "Inget var känt")],
)
def test_a_moment_at_which_nothing_was_known_is_told(moment: datetime, said: str) -> None:
    with pytest.raises(InputError, match=said):
        check_moment(Selection(as_of=moment), maker())


def test_a_moment_with_something_known_will_do() -> None:
    check_moment(Selection(as_of=RECORDED + timedelta(minutes=1)), maker())
    check_moment(Selection(), maker())


def test_a_place_that_cannot_be_written_is_told_before_the_work(tmp_path: Path) -> None:
    check_file(tmp_path / "underlag.pdf")
    for out, said in ((tmp_path, "är en katalog"), (tmp_path / "a" / "b.pdf", "finns inte")):
        with pytest.raises(InputError, match=said):
            check_file(out)


@pytest.mark.parametrize(
    ("chosen", "region", "said"),
    [
        ({}, "99", "ingen region ”99”. Välj en kod: 01 Stockholm, "),
        ({"month": Month(2030, 1)}, "", "De senaste är för 2024-01. Välj den eller en tidigare."),
        (
            {"kind": "region"},
            "",
            "Mallen region gäller en region, och ingen är vald. Välj en med --region: 01 Stockholm, ",
        ),
        ({"kind": "region", "healthcare_region": "Mellansverige"}, "", "gäller en region"),
        ({"kind": "bedomning"}, "", "gäller ett vårdområde, och inget är valt. Välj ett med --care-area: "),
    ],
)
def test_what_can_be_chosen_is_listed(chosen: dict[str, Any], region: str, said: str) -> None:
    with pytest.raises(InputError) as raised:
        check_choices(Selection(**chosen), region, maker())
    assert said in str(raised.value)
    assert str(raised.value).count(", eller ”alla”") <= 1


def test_of_very_many_codes_the_first_are_listed_and_how_all_are_written_out() -> None:
    many = [CareArea(f"o{k:02}", f"Område {k}", "operation", 90, sort_order=k) for k in range(42)]
    assert care_area_codes(FakeSource([], many)).endswith(
        ", o29 och 12 till (lagesbild export care-areas skriver ut alla)"
    )
    assert care_area_codes(FakeSource([], many[:30])).endswith(", o29")


def test_every_region_is_a_choice_and_so_is_each() -> None:
    for region in ("alla", maker().source.regions()[0].code):
        check_choices(Selection(kind="region"), region, maker())


def test_a_form_that_is_not_one_is_told_with_those_that_are(command_line: Callable[..., tuple[int, str, str]]) -> None:
    code, _, err = command_line("briefing", "--format", "docx", "--out", "x.docx")
    assert code == 2
    assert "--format: ”docx” finns inte. Välj: pdf, pptx, xlsx, html." in " ".join(err.split())


def test_codes_have_swedish_words() -> None:
    assert {word(c, k) for c, words in CODES.items() for k in words}.isdisjoint({"waits", "reported", "not_yet", "no"})
    assert [word("dataset", d) for d in ("waits", "out-of-region")] == ["väntande", "utomlänsvård"]
