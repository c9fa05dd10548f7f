"""docs/security.md: every requirement of ASVS 5.0 levels 1 and 2 has one row, and every test it names exists."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
# section -> how many requirements of levels 1 and 2 it has; they are numbered from 1
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip
ROWS = re.findall(r"^\| (\d+\.\d+)\.(\d+)(?:-(\d+))? \| ([^|]+) \| ([^|]+) \| ([^|]*) ?\|$", TEXT, re.MULTILINE)

NOT_OURS = re.compile(r"^(n/a|not met|operator)\b")  # not claimed to be met by what stands in this repository
SECTION = re.compile(
    r"(?:(\w[\w-]*\.md): )?\*([^*]+)\*(?=[,;.]|$)"
)  # `login.md: *Roles*`, or `*Logs*` of the same document


def test_every_requirement_has_one_row() -> None:
    told = Counter(
        f"{section}.{k}" for section, first, last, *_ in ROWS for k in range(int(first), int(last or first) + 1)
    )
    asked = {f"{section}.{k}" for section, number in SECTIONS.items() for k in range(1, number + 1)}
    assert len(asked) == 253
    assert set(told) == asked
    assert not [r for r, times in told.items() if times > 1]


def headings(document: str) -> set[str]:
    """As they are written, without what stands after a colon."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    return {h.partition(":")[0] for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


def test_what_is_met_names_a_test_or_a_section_that_exists() -> None:
    for section, first, _, asks, how, test in ROWS:
        tests = re.findall(r"`(tests/[^`]+)`", test)
        sections = [(document or "security.md", name) for document, name in SECTION.findall(how)]
        what = f"{section}.{first}: {asks}"
        assert all((ROOT / path).is_file() for path in tests), what
        assert all(name in headings(document) for document, name in sections), what
        assert tests or sections or NOT_OURS.match(how), what


def test_who_else_answers_is_said_nowhere_by_a_mere_word() -> None:
    assert not re.search(r"\*(login|api)\*", TEXT)


def test_what_is_not_met_is_told_by_number() -> None:
    told = TEXT.partition("## Not met")[2].partition("\n## ")[0]
    missing = {f"{section}.{first}" for section, first, *_, how, _ in ROWS if how.startswith("not met")}
    assert missing == set(re.findall(r"\((\d+\.\d+\.\d+)\)", told))


def test_every_test_named_exists() -> None:
    named = set(re.findall(r"`(tests/[^`]+)`", TEXT)) | set(re.findall(r"\btests/[\w/]+\.py\b", TEXT))
    assert len(named) > 15
    for path in named:
        assert (ROOT / path).exists(), path
