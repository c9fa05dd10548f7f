"""Mutated inputs, the same ones every time for a seed: what a test needs to throw a hundred thousand of them.

`FUZZ` is how many inputs each parser gets (unset: the few thousand that CI has time for), `FUZZ_SEED` the seed (unset:
one and the same, so that a red run tells of the change; `FUZZ_SEED=commit` tries others at every commit).
"""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _seed() -> str:
    given = os.environ.get("FUZZ_SEED", "0")
    if given != "commit":
        return given
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "0"


SEED = _seed()

# what parsers have stumbled on before: numbers at limits, signs that mean something somewhere, broken text
TOKENS: tuple[bytes, ...] = (
    b"", b"0", b"-1", b"-0", b"9" * 15, b"9" * 16, b"9" * 400, b"1e308", b"1e309", b"-1e-400", b"NaN", b"Infinity",
    b"inf", b"0x10", b"1_000", b"1,5", b"1.234,5", b"1 234", "1\u00a0234".encode(), "−5".encode(), "٣".encode(),
    "²".encode(), b"<5", b"<0", b"< 5", b"<999999999", b"<-1", b"2024-02", b"2024-13", b"0000-01", b"9999-12",
b"2024M1", b"45292", b"2024-02-30", b"infinity", b"true", b"null", b"None", b"=1+1", b"'=1", b"@SUM(A1)",
    b"';DROP TABLE waits;--", b"<script>alert(1)</script>", b"{{7*7}}", b"${7*7}", b"%s%n%x", b"../../etc/passwd",
    b"\x00", b"\x1b[2J", b"\r", b"\n", b"\r\n", b'"', b'""', b'"\n"', b";", b",", b"\t", b"\\", b"\xff", b"\xfe\xff",
    b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80", "\u202e".encode(), "\u2028".encode(), "å".encode(), b"\xe5", b" ",
    b"a" * 300, b"[" * 2000, b"{" * 500, b"]", b"}", b":", b"&", b"&#0;", b"&x;", b"<!DOCTYPE a>", b"%", b"%00", b"%zz",
    b"+", b"=", b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00", b"2024-01-01T10:00Z", b"2024-01-01",
)  # fmt: skip


def budget(usual: int) -> int:
    """How many inputs to try: `FUZZ`, or as many as CI usually does."""
    return int(os.environ.get("FUZZ") or usual)


def mutated(rng: random.Random, data: bytes, corpus: Sequence[bytes], tokens: Sequence[bytes] = TOKENS) -> bytes:
    """`data` with one to five changes: bytes flipped, cut, doubled, moved, words put in, ends of others sewn on."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 5))):
        at = rng.randrange(len(changed) + 1)
        to = min(len(changed), at + rng.choice((1, 1, 2, 4, 8, 32)))
        match rng.randrange(8):
            case 0 if at < len(changed):
                changed[at] ^= 1 << rng.randrange(8)
            case 1:
                changed[at:to] = b""
            case 2:
                changed[at:at] = changed[at:to] * rng.choice((1, 2, 50))
            case 3:
                changed[at:at] = rng.choice(tokens)
            case 4:
                changed[at:to] = rng.choice(tokens)
            case 5:
                other = rng.choice(corpus)
                changed[at:] = other[rng.randrange(len(other) + 1) :]
            case 6:
                changed = changed[:at]
            case _:
                changed[at:to] = bytes(rng.randrange(256) for _ in range(to - at))
    return bytes(changed[:200_000])


def with_cell(rng: random.Random, table: bytes, tokens: Sequence[bytes] = TOKENS) -> bytes:
    """A CSV table with some cells replaced by words: deeper into the parser than bytes at random lead."""
    lines = [line.split(b",") for line in table.split(b"\n")]
    for _ in range(rng.choice((1, 1, 2, 4))):
        line = rng.choice(lines)
        line[rng.randrange(len(line))] = rng.choice(tokens)
    if rng.random() < 0.1:
        lines.append(list(rng.choice(lines)))
    return b"\n".join(b",".join(line) for line in lines)


def inputs(name: str, number: int, make: Callable[[random.Random], bytes]) -> Iterator[tuple[int, bytes]]:
    """(place, input) for `number` inputs; each is made from the seed, the name and its place alone."""
    for place in range(number):
        yield place, make(random.Random(f"{SEED}/{name}/{place}"))


def survives(name: str, number: int, make: Callable[[random.Random], bytes], try_it: Callable[[bytes], None]) -> None:
    """Fails with the input and how to repeat it when `try_it` raises anything at all."""
    for place, data in inputs(name, number, make):
        try:
            try_it(data)
        except Exception as error:
            raise AssertionError(f"{name} {place} (FUZZ_SEED={SEED}): {error!r}: {data[:2000]!r}") from error
