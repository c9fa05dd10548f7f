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

# who answers for what no test of ours can show: the login part, the operator, a section of the same document
ELSEWHERE = re.compile(
    r"\*(login|Cryptography and secrets|Dependencies|What is let in|Logs)\*|operator|n/a|not met|sslmode|closed network"
    r"|^none$|no merge of objects|`cryptography`"
)


def test_every_requirement_has_one_row() -> None:
    told = Counter(
        f"{section}.{k}" for section, first, last, *_ in ROWS for k in range(int(first), int(last or first) + 1)
    )
    asked = {f"{section}.{k}" for section, number in SECTIONS.items() for k in range(1, number + 1)}
    assert len(asked) == 253
    assert set(told) == asked
    assert not [r for r, times in told.items() if times > 1]


def test_what_is_met_here_names_a_test_or_who_answers_for_it() -> None:
    for section, first, _, asks, how, test in ROWS:
        elsewhere = re.search(
            r"\*login\*|operator|n/a|not met|sslmode|closed network|Dependencies|What is let in|Logs", how
        )
        said = "`tests/" in test or elsewhere or how.strip() in ("none", "no merge of objects from outside")
        assert said or "Cryptography" in how or "cryptography" in how, f"{section}.{first}: {asks}"


def test_every_test_named_exists() -> None:
    named = set(re.findall(r"`(tests/[^`]+)`", TEXT)) | set(re.findall(r"\btests/[\w/]+\.py\b", TEXT))
    assert len(named) > 15
    for path in named:
        assert (ROOT / path).exists(), path
