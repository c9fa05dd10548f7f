"""How tests are shared among workers."""

from __future__ import annotations

import pytest

from tests.distribution import DEAREST, DEMONSTRATION, ROOT, DearestFirst, asks_for_the_demonstration, place

FILES = sorted(str(f.relative_to(ROOT)) for f in (ROOT / "tests").rglob("test_*.py"))


def test_every_file_that_uses_the_demonstration_is_in_its_group(request: pytest.FixtureRequest) -> None:
    """By what pytest itself collected, whatever part of the tests is run."""
    for item in request.session.items:
        file = item.nodeid.split("::", 1)[0]
        if "live" in getattr(item, "fixturenames", ()):
            assert not place(file)[0], file
    assert asks_for_the_demonstration("tests/browser/test_pages.py")
    assert not asks_for_the_demonstration("tests/browser/test_plotly.py")


def test_the_demonstration_begins_and_what_is_quick_comes_last() -> None:
    order = sorted(FILES, key=place)
    groups = [f for f in order if not place(f)[0]]
    assert order[: len(groups)] == groups
    assert len(groups) > 3
    assert order[len(groups)].startswith("tests/browser/")
    assert not order[-1].startswith(DEAREST)


def test_directories_that_are_named_exist() -> None:
    assert [d for d in DEAREST if not (ROOT / d).is_dir()] == []


def test_files_of_the_demonstration_are_one_unit_and_others_their_own(pytestconfig: pytest.Config) -> None:
    before = pytestconfig.option.__dict__.copy()
    pytestconfig.option.__dict__.update(tx=["2*popen"], loadscopereorder=True)
    try:
        shared = DearestFirst(pytestconfig, None)
        assert not pytestconfig.option.loadscopereorder
        assert shared._split_scope("tests/browser/test_pages.py::test_page[x]") == DEMONSTRATION
        assert shared._split_scope("tests/browser/test_print.py::test_y") == DEMONSTRATION
        assert shared._split_scope("tests/views/test_flows.py::test_z[a::b]") == "tests/views/test_flows.py"
    finally:
        pytestconfig.option.__dict__.clear()
        pytestconfig.option.__dict__.update(before)
