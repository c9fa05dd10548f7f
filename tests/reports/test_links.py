"""A link to a file gives the briefing that it asks for, or a refusal in Swedish; never another one in its place."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from lagesbild.auth.forgery import HEADER
from lagesbild.factory import create_app
from lagesbild.settings import Settings
from tests.country import country
from tests.fakes import KeptBriefings


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(country(), Settings(), briefings=KeptBriefings()).test_client()


@pytest.mark.parametrize("path", ["underlag.pdf", "underlag.html", "sida/1.png", "om.json"])
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("region=99", "”99” finns inte för valet ”Region”."),
        ("vardomrade=tand", "”tand” finns inte för valet ”Vårdområde”."),
        ("vardomrade=kna&manad=2031-01", "”2031-01” finns inte för valet ”Månad”."),
        ("mall=foo", "”foo” finns inte för valet ”Mall”."),
        ("as_of=2131-01-01", "har inte varit ännu."),
        ("as_of=2010-01-01", "Inget var känt 2010-01-01"),
    ],
)
def test_a_choice_that_cannot_be_used_is_refused(client: FlaskClient, path: str, query: str, said: str) -> None:
    answer = client.get(f"/rapporter/{path}?{query}")
    assert answer.status_code == 400
    told = answer.get_json()["fel"] if path.endswith("json") else answer.text
    assert said in told
    assert "Content-Disposition" not in answer.headers


@pytest.mark.parametrize("query", ["underlag=zzz", "vardomrade=kna&underlag=0123456789abcdef"])
def test_a_saved_briefing_that_is_not_there_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/rapporter/underlag.html?{query}")
    assert answer.status_code in (400, 404)
    assert "underlag ”" in answer.text or "”zzz”" in answer.text


def test_nothing_is_saved_of_choices_that_cannot_be_used(client: FlaskClient) -> None:
    told = client.post(
        "/rapporter/spara",
        json={"val": "region=99", "kommentarer": {"prognos": "Se protokoll."}},
        headers={HEADER: "1"},
    )
    assert told.status_code == 400
    assert "”99” finns inte" in told.get_json()["fel"]


def test_comments_do_not_follow_to_other_choices(client: FlaskClient) -> None:
    told = client.post(
        "/rapporter/spara",
        json={"val": "vardomrade=kna&region=A&mall=region", "kommentarer": {"prognos": "Se protokoll 12."}},
        headers={HEADER: "1"},
    )
    link = told.get_json()["adress"].partition("?")[2]
    id_ = link.partition("underlag=")[2]
    for query in (
        f"vardomrade=kna&region=B&mall=region&underlag={id_}",
        f"{link}&manad=2026-09",
        f"{link}&as_of=2026-11-20",
        f"underlag={id_}",
    ):
        for path in ("underlag.html", "om.json"):
            answer = client.get(f"/rapporter/{path}?{query}")
            assert answer.status_code == 400, query
            assert "Se protokoll 12." not in answer.text
            assert "är sparat med andra val än adressens" in (
                answer.get_json()["fel"] if path.endswith("json") else answer.text
            )
    # the same choices in another order are the same
    own = client.get(f"/rapporter/underlag.html?underlag={id_}&mall=region&region=A&vardomrade=kna")
    assert own.status_code == 200
    assert "Se protokoll 12." in own.text
