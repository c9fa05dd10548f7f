"""What the pages said when the moment was frozen: sentences and key figures, kept as words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Fact:
    """A key figure as it stood on the page: `value` in Swedish form with its unit, judgement in words, change."""

    name: str
    what: str
    value: str
    judgement: Literal["better", "worse", "noise", "short", ""] = ""
    judgement_text: str = ""
    change: str = ""


@dataclass(frozen=True)
class Words:
    """What is said of one place and care area: which month (`kicker`), one or two sentences, more, key figures."""

    kicker: str
    sentences: tuple[str, ...]
    more: str = ""
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Told:
    """By (region, care area); "" is the country, or all care areas. A healthcare region is known by its name. All
    speak of the last month with data."""

    words: Mapping[tuple[str, str], Words] = field(default_factory=dict)
