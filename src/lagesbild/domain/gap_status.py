"""What a probability is called: nothing, watched, expected; and that a flag once given is not dropped at once."""

from __future__ import annotations

from typing import Final

WATCH: Final = 0.3  # of the probability within twelve months: at .5 half the flags held, at .3 a third
EXPECTED: Final = 0.5
WITHDRAW: Final = 0.2  # a flag stays until the probability is below this
FLAGGED: Final = ("watch", "expected", "open")


def status_of(probability: float, previous: str = "none") -> str:
    """`none`, `watch` or `expected` for the probability within twelve months, given the status in the run before.

    >>> [status_of(p) for p in (.1, .25, .3, .5)]
    ['none', 'none', 'watch', 'expected']
    >>> [status_of(p, "watch") for p in (.19, .25)], status_of(.25, "open"), status_of(.45, "expected")
    (['none', 'watch'], 'watch', 'watch')
    """
    if probability >= EXPECTED:
        return "expected"
    if probability >= WATCH or (previous in FLAGGED and probability >= WITHDRAW):
        return "watch"
    return "none"
