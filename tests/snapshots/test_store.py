"""The store: whole files or none, names that never collide, a list that survives damage, and retention."""

from __future__ import annotations

import multiprocessing
import os
import stat
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain.errors import ConfigError, InputError, SnapshotStoreError
from lagesbild.settings import Settings
from lagesbild.snapshots.packing import pack
from lagesbild.snapshots.reading import read
from lagesbild.snapshots.retention import DEFAULT_RULE, Keep, Kept, expired, parse_keep
from lagesbild.snapshots.store import Store, save_as
from lagesbild.snapshots.verifying import verify
from tests.snapshots.made import DECEMBER, FEBRUARY, bundle
from tests.snapshots.zips import WHOLE

NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path)


def _files(store: Store) -> list[str]:
    return sorted(os.listdir(store.folder))


def test_what_is_saved_is_listed_newest_first_and_read_back(store):
    first = store.save(bundle())
    second = store.save(bundle(as_of=FEBRUARY, reason="storm i Norrland"))
    assert [s.path for s in store.listed()] == [second.path, first.path]
    told = store.listed()[0]
    assert told.manifest.reason == "storm i Norrland"
    assert told.checksum == bundle(as_of=FEBRUARY, reason="storm i Norrland").checksum
    assert told.size == second.size == second.path.stat().st_size
    assert read(first.path) == bundle()
    assert _files(store) == ["lagesbild-2023-12-18-0610-syntetisk.zip", "lagesbild-2024-02-26-0610-syntetisk.zip"]


def test_an_empty_store_needs_no_folder(store):
    assert store.listed() == []
    assert store.prune(parse_keep("1"), NOW) == []
    assert not store.folder.exists()


def test_the_same_snapshot_twice_is_one_file(store):
    assert store.save(bundle()).new
    again = store.save(bundle())
    assert not again.new
    assert len(_files(store)) == 1


def test_another_of_the_same_minute_gets_a_name_of_its_own(store):
    store.save(bundle())
    second = store.save(bundle(as_of=DECEMBER + timedelta(seconds=7)))
    third = store.save(bundle(reason="annat skäl"))
    assert second.path.name == "lagesbild-2023-12-18-0610-syntetisk-2.zip"
    assert third.path.name == "lagesbild-2023-12-18-0610-syntetisk-3.zip"
    assert all(verify(p).genuine for p in store.folder.iterdir())


def test_a_damaged_file_is_listed_as_damaged_and_hinders_nothing(store):
    store.save(bundle())
    (store.folder / "lagesbild-2020-01-01-0000.zip").write_bytes(WHOLE[:500])
    (store.folder / "annat.zip").write_bytes(b"")
    (store.folder / "anteckning.txt").write_text("inte en bild")
    (store.folder / "katalog.zip").mkdir()
    found = store.listed()
    assert [s.manifest is None for s in found] == [False, True, True]
    assert all(s.fault.endswith(".") for s in found[1:])
    assert store.prune(parse_keep("1"), NOW + timedelta(days=36_500)) == []


def test_a_link_out_of_the_store_that_leads_nowhere_hinders_nothing(store):
    store.save(bundle())
    (store.folder / "lagesbild-2021-01-01-0000.zip").symlink_to(store.folder / "finns-inte")
    assert len(store.listed()) == 1


def test_exact_counts_are_readable_by_the_owner_alone(store):
    public, exact = store.save(bundle()), store.save(bundle(role="exact"))
    assert stat.S_IMODE(exact.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(public.path.stat().st_mode) & 0o400


def test_find_takes_a_path_or_a_name(store, tmp_path, monkeypatch):
    saved = store.save(bundle())
    for text in (str(saved.path), saved.path.name, saved.path.stem):
        assert store.find(text) == saved.path
    monkeypatch.chdir(tmp_path)
    for text in ("finns-inte", "", "../hemligt", "a\0b", "x" * 5_000, "."):
        with pytest.raises(InputError, match="finns inte"):
            store.find(text)


def test_a_folder_that_cannot_be_made_says_why(tmp_path):
    (tmp_path / "snapshots").write_text("upptagen")
    with pytest.raises(SnapshotStoreError, match="redan en fil") as caught:
        Store(tmp_path).save(bundle())
    assert caught.value.exit_code == 1
    assert "LAGESBILD_HOME" in caught.value.remedy


def test_a_file_of_ones_own_choice_is_replaced_whole(tmp_path):
    path = tmp_path / "bild.zip"
    path.write_bytes(b"gammal")
    assert save_as(path, bundle()).path == path
    assert path.read_bytes() == pack(bundle())
    assert os.listdir(tmp_path) == ["bild.zip"]
    with pytest.raises(InputError, match="--out"):
        save_as(tmp_path / "saknas" / "bild.zip", bundle())


def _save(home, seconds: int, start) -> None:
    made = bundle(as_of=DECEMBER + timedelta(seconds=seconds))
    start.wait()
    for _ in range(10):
        Store(home).save(made)


def test_one_at_a_time_makes_a_snapshot_for_a_store(tmp_path):
    with Store(tmp_path).alone() as first:
        with Store(tmp_path).alone() as second:
            assert (first, second) == (True, False)
        with Store(tmp_path / "another").alone() as elsewhere:
            assert elsewhere
    with Store(tmp_path).alone() as after:
        assert after
    assert Store(tmp_path).listed() == []


def test_two_writers_at_once_keep_both_whole(tmp_path):
    """Same minute, so the same name: every snapshot is there once, whole, and nothing is left over."""
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Event()
    writers = [spawn.Process(target=_save, args=(tmp_path, k, start)) for k in range(3)]
    for w in writers:
        w.start()
    start.set()
    for w in writers:
        w.join(60)
        assert w.exitcode == 0
    found = Store(tmp_path).listed()
    assert {s.manifest.as_of.second for s in found} == {0, 1, 2}
    assert len(found) == len(_files(Store(tmp_path))) == 3
    assert all(verify(s.path).genuine for s in found)


@pytest.mark.parametrize(
    "text, rule",
    [("10y", Keep("years", 10)), ("24", Keep("number", 24)), (" ALL ", Keep("all")), ("1Y", Keep("years", 1))],
)
def test_the_rule_is_read(text, rule):
    assert parse_keep(text) == rule
    assert rule.sv.endswith(".")


@pytest.mark.parametrize("text", ["", "0", "-1", "10 år", "y", "1.5y", "allt", "0y", "1" * 20])
def test_a_rule_that_is_none_says_what_can_be_written(text):
    with pytest.raises(ConfigError, match="10y"):
        parse_keep(text)


def test_the_default_of_the_setting_is_the_rule_and_both_read_alike():
    assert Settings().snapshots_keep == DEFAULT_RULE
    with pytest.raises(ValueError, match="snapshots_keep"):
        Settings(snapshots_keep="allt")


def _kept(days: int, reason: str = "", shown: datetime = DECEMBER) -> Kept:
    return Kept(f"{days}-{reason}", bundle(reason=reason, as_of=shown).manifest, NOW - timedelta(days=days))


def test_years_are_counted_from_when_it_was_saved_not_from_what_it_shows():
    old_moment = _kept(1, shown=datetime(2001, 1, 1, tzinfo=UTC))
    eleven, nine = _kept(4_018), _kept(3_287)
    assert expired([old_moment, eleven, nine], parse_keep("10y"), NOW) == [eleven]


def test_a_leap_day_has_a_day_ten_years_earlier():
    leap = datetime(2024, 2, 29, tzinfo=UTC)
    saved = Kept("a", bundle().manifest, datetime(2021, 2, 27, tzinfo=UTC))
    assert expired([saved], parse_keep("3y"), leap) == [saved]
    assert expired([saved], parse_keep("4y"), leap) == []
    assert expired([saved], parse_keep("999999y"), leap) == []


@given(
    ages=st.lists(st.tuples(st.integers(0, 9_000), st.booleans(), st.integers(0, 9_000)), max_size=12),
    rule=st.sampled_from(["1y", "10y", "1", "3", "all"]),
)
def test_what_goes_never_has_a_reason_and_never_is_more_than_the_rule_says(ages, rule):
    kept = [
        Kept(str(k), bundle(reason="skäl" if by_hand else "", as_of=NOW - timedelta(days=shown)).manifest,
             NOW - timedelta(days=age))
        for k, (age, by_hand, shown) in enumerate(ages)
    ]  # fmt: skip
    gone = expired(kept, parse_keep(rule), NOW)
    automatic = [k for k in kept if not k.manifest.by_hand]
    assert all(k in automatic for k in gone)
    left = [k for k in automatic if k not in gone]
    match parse_keep(rule):
        case Keep("number", n):
            assert len(left) == min(n, len(automatic))
            assert all(x.manifest.as_of >= y.manifest.as_of for x in left for y in gone)
        case Keep("years", n):
            limit = NOW.replace(year=NOW.year - n)
            assert all(k.saved_at >= limit for k in left)
            assert all(k.saved_at < limit for k in gone)
        case _:
            assert not gone
    told = expired(kept, parse_keep(rule), NOW, also_reasoned=True)
    assert rule == "all" or len(told) >= len(gone)


def test_prune_removes_what_the_rule_lets_go_but_not_the_one_just_made(store):
    moments = [DECEMBER + timedelta(days=k) for k in range(4)]
    saved = [store.save(bundle(as_of=m)) for m in moments]
    by_hand = store.save(bundle(reason="storm"))
    oldest, second = (s.path.name for s in saved[:2])
    assert store.prune(parse_keep("2"), NOW, dry_run=True) == [oldest, second]
    assert len(_files(store)) == 5
    assert store.prune(parse_keep("2"), NOW, spare=oldest) == [second]
    assert store.prune(parse_keep("2"), NOW) == [oldest]
    assert by_hand.path.exists()
    assert by_hand.path.name in store.prune(parse_keep("1"), NOW, also_reasoned=True)
