"""`manifest.json`: what a snapshot says about itself. What each field means is told in docs/snapshots.md.

There is no time of making in it, only the moment it shows: the same moment, data and code give the same bytes, so two
machines can prove to each other that they hold the same snapshot. When a file was saved is known by the file system.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from lagesbild.domain.errors import SnapshotError, SnapshotNewerError
from lagesbild.domain.swedish import NB, date_time, swedish_clock, swedish_time
from lagesbild.snapshots.limits import fault_in_name
from lagesbild.snapshots.names import quoted

FORMAT: Final = 1
KIND: Final = "lagesbild-snapshot"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
_MOST: Final = 10**15  # any count that is a fact; larger ones are somebody's joke, and no float holds them


class _Model(BaseModel):
    """Strict: a number is not text. Fields that a later program of the same format adds are left out."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:  # the year 1 or 9999, in a zone that leads out of them
        raise ValueError("a moment that cannot be told in UTC") from error


def _visible(text: str) -> str:
    """It is printed on terminals, which obey hidden characters."""
    if not text.replace(NB, " ").isprintable():
        raise ValueError("hidden characters")
    return text


def _safe_names(files: dict[str, Digest]) -> dict[str, Digest]:
    wrong = next((n for n in files if fault_in_name(n) or n in (MANIFEST, SIGNATURE)), None)
    if wrong is not None:
        raise ValueError(f"not the name of a file: {wrong!r}")
    return files


Moment = Annotated[datetime, Field(strict=False), AfterValidator(_aware)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Field(max_length=200), AfterValidator(_visible)]
Text = Annotated[str, Field(max_length=2_000), AfterValidator(_visible)]


class Digest(_Model):
    """What a file must be: SHA-256 in hexadecimal, and its size in bytes."""

    sha256: Sha256
    size: int = Field(ge=0, le=_MOST)


class Measure(_Model):
    """A value column of a table.

    `form`: count (whole number of `unit`), number (of `unit`), share (0-1, told as per cent), percent (0-100), text, or
    flag (a mark beside the values, such as provisional: a change of it alone is no revision). `state` names the column
    that says why there is no number: empty = shown, else suppressed, secondary, missing or excluded.
    """

    name: Name
    title: Text
    form: Literal["count", "number", "share", "percent", "text", "flag"] = "number"
    unit: Name = ""
    decimals: int = Field(0, ge=0, le=6)
    state: Name = ""


class Table(_Model):
    """A machine table, `data/<dataset>.csv`: UTF-8, comma, decimal point, a header of machine names.

    `kind`: facts (what was reported), forecast (a run made it) or reference (definitions, limits, codes).
    """

    title: Text
    file: Name
    keys: tuple[Name, ...] = Field(strict=False)
    measures: tuple[Measure, ...] = Field(strict=False)
    kind: Literal["facts", "forecast", "reference"] = "facts"


class Coverage(_Model):
    """Which regions the national figures count, of how many, and how it is told."""

    counted: int | None = Field(None, ge=0, le=_MOST)
    regions: int | None = Field(None, ge=0, le=_MOST)
    text: Text = ""


class ForecastRun(_Model):
    """The stored run that the forecasts come from."""

    run_id: int = Field(ge=0, le=_MOST)
    until: Name
    made: Moment


class Signing(_Model):
    """Whose signature `manifest.sig` is. `public_key`: 32 bytes in base64; `key_id`: start of the key's SHA-256."""

    algorithm: Literal["Ed25519"] = "Ed25519"
    key_id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    public_key: Annotated[str, Field(max_length=64)]


class Facts(_Model):
    """What a snapshot is of. Filled by whoever made its content.

    `as_of`: the moment shown. `until`: last month with data. `role`, `threshold`: whose eyes the numbers were made for;
    counts from 1 and below the threshold are not in the files unless the role is exact. `reason`: why a person saved
    it; empty for those saved by a schedule, which retention may remove. `synthetic`: the mark's words, empty when
    nothing is invented.
    """

    title: Text
    as_of: Moment
    until: Name = ""
    data_version: Name
    forecast_run: ForecastRun | None = None
    code_version: Name
    role: Name
    threshold: int = Field(ge=0, le=_MOST)
    synthetic: Text = ""
    reason: Text = ""
    coverage: Coverage = Coverage()
    tables: dict[str, Table] = Field(default_factory=dict)


class Manifest(Facts):
    """`files` holds every file of the snapshot but the manifest and its signature."""

    kind: Literal["lagesbild-snapshot"] = KIND
    format: int = FORMAT
    created: Moment
    signing: Signing | None = None
    files: Annotated[dict[str, Digest], AfterValidator(_safe_names)]

    @property
    def by_hand(self) -> bool:
        return bool(self.reason)


def to_bytes(manifest: Manifest) -> bytes:
    """JSON in the order of the fields, two spaces, a last line break, UTF-8: the same manifest is the same bytes.

    Tables stand in the order their maker gave them, most important first; `compare` tells them in that order.
    """
    content = {"kind": manifest.kind, "format": manifest.format, **manifest.model_dump(mode="json")}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def from_bytes(content: bytes, shown: str) -> Manifest:
    """Read a manifest. `shown`: the snapshot's name in messages.

    Raises SnapshotError when it is none, SnapshotNewerError when only a later program can read it.
    """
    try:
        raw = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise SnapshotError(
            f"”{shown}” har en {MANIFEST} som inte går att läsa.",
            "Hämta ögonblicksbilden på nytt från den som gjorde den.",
        ) from error
    if not isinstance(raw, Mapping) or raw.get("kind") != KIND:
        raise SnapshotError(
            f"”{shown}” är ingen ögonblicksbild från Lägesbild.",
            "Ange en zip-fil gjord med `lagesbild snapshot create`.",
        )
    version = raw.get("format")
    if isinstance(version, int) and not isinstance(version, bool) and version > FORMAT:
        raise SnapshotNewerError(
            f"”{shown}” har format {min(version, 10**6)}, och det här programmet läser till och med format {FORMAT}.",
            "Öppna index.html i filen, eller uppgradera Lägesbild.",
        )
    try:
        return Manifest.model_validate(raw)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise SnapshotError(
            f"”{shown}” har en {MANIFEST} där {quoted(where)} är fel.",
            "Hämta ögonblicksbilden på nytt från den som gjorde den.",
        ) from error


def file_name(facts: Facts) -> str:
    """`lagesbild-2026-11-15-1200-syntetisk.zip`: the moment on Swedish clocks, as people name it."""
    mark = "-syntetisk" if facts.synthetic else ""
    return f"lagesbild-{swedish_time(facts.as_of):%Y-%m-%d-%H%M}{mark}.zip"


def moment_sv(facts: Facts) -> str:
    """The moment on Swedish clocks, said to be so: `2024-02-26 kl. 06.10 svensk tid`."""
    return swedish_clock(facts.as_of)


def two_moments_sv(first: Facts, between: str, second: Facts) -> str:
    """`2023-12-18 kl. 06.10 mot 2024-02-26 kl. 06.10 svensk tid`"""
    return f"{date_time(first.as_of)} {between} {moment_sv(second)}"
