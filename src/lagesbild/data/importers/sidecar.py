"""`<file>.meta.json`: who made a data file, under which licence, and whether it is real or synthetic."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lagesbild.domain.errors import InputError
from lagesbild.domain.selection import parse_as_of


@dataclass(frozen=True)
class Sidecar:
    """What the sidecar says that an import needs; empty or None where it says nothing."""

    source: str = ""
    synthetic: bool = False
    provisional: bool = False
    recorded_at: datetime | None = None
    sha256: str = ""


def sidecar_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.meta.json")


def read_sidecar(path: Path) -> Sidecar:
    """The sidecar of a data file, or an empty one when there is none. Raises InputError for one that is wrong."""
    place = sidecar_path(path)
    if not place.exists():
        return Sidecar()
    content = sidecar_content(place)
    return Sidecar(
        source=_text(content, "source", place),
        synthetic=_flag(content, "synthetic", place),
        provisional=_flag(content, "provisional", place),
        recorded_at=_moment(content, place),
        sha256=_text(content, "sha256", place).lower(),
    )


def sidecar_content(place: Path) -> dict[str, Any]:
    """What a sidecar says, unchecked. Raises InputError for one that is not a JSON object."""
    try:
        content = json.loads(place.read_text("utf-8-sig"))
        if not isinstance(content, dict):
            raise ValueError("not an object")
    except (ValueError, OSError) as error:
        raise InputError(f"Följefilen ”{place.name}” är inte giltig JSON.", "Rätta den eller ta bort den.") from error
    return content


def check_sha256(sidecar: Sidecar, path: Path, actual: str) -> None:
    """Raises InputError when the data file is not the one the sidecar describes."""
    if sidecar.sha256 and sidecar.sha256 != actual:
        raise InputError(
            f"Filen ”{path.name}” har ändrats sedan följefilen skrevs: kontrollsumman stämmer inte.",
            f"Hämta filen på nytt, eller rätta sha256 i ”{sidecar_path(path).name}”.",
        )


def _text(content: dict[str, Any], key: str, place: Path) -> str:
    value = content.get(key, "")
    if value is not None and not isinstance(value, str):
        raise _wrong(place, key, "text")
    return (value or "").strip()


def _flag(content: dict[str, Any], key: str, place: Path) -> bool:
    value = content.get(key, False)
    if not isinstance(value, bool):
        raise _wrong(place, key, "true eller false")
    return value


def _moment(content: dict[str, Any], place: Path) -> datetime | None:
    text = _text(content, "recorded_at", place)
    try:
        return parse_as_of(text) if text else None
    except ValueError as error:
        raise _wrong(place, "recorded_at", "ett datum som 2024-02-26 eller 2024-02-26T05:10Z") from error


def _wrong(place: Path, key: str, expected: str) -> InputError:
    return InputError(f"Fältet {key} i följefilen ”{place.name}” ska vara {expected}.", "Rätta följefilen.")
