"""Briefings are saved in PostgreSQL: added once, found again, listed newest first."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lagesbild.data.briefings import PgBriefings
from lagesbild.data.engine import Database
from lagesbild.domain.briefing import MOST_COMMENT, SavedBriefing, comments_of
from lagesbild.domain.errors import DatabaseUnavailableError

pytestmark = pytest.mark.database


@pytest.fixture
def store(open_as: Callable[[str], Database]) -> PgBriefings:
    return PgBriefings(open_as("read"), open_as("write"))


def saved(title: str, **comments: str) -> SavedBriefing:
    return SavedBriefing(title, "mall=region&region=01", comments_of(comments), 7)


def test_what_is_saved_is_found(store: PgBriefings) -> None:
    first = saved("Läget", prognos="Tolkas varsamt; sommaren är osäker.")
    found = store.get(store.save(first))
    assert found is not None
    assert found.created_at is not None
    assert (found.title, found.query, found.comments) == (first.title, first.query, first.comments)
    assert store.get("0" * 16) is None


def test_the_same_is_saved_once_and_the_newest_is_first(store: PgBriefings) -> None:
    one, other = saved("Ett", etik="A"), saved("Två", etik="B")
    ids = [store.save(one), store.save(other), store.save(one)]
    assert ids[0] == ids[2] != ids[1]
    assert [b.id for b in store.recent(2)] == [ids[1], ids[0]]


def test_a_reader_cannot_save(open_as: Callable[[str], Database]) -> None:
    reader = open_as("read")
    with pytest.raises(DatabaseUnavailableError, match="skrivskyddad"):
        PgBriefings(reader, reader).save(saved("Nej"))


def test_a_comment_that_is_too_long_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="Etik och prioriteringar: 4001 tecken"):
        comments_of({"etik": "x" * (MOST_COMMENT + 1)})
