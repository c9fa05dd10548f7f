"""The reports in a FHIR bundle, and the line of the file each begins on."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from lagesbild.data.importers.files import InputFile
from lagesbild.domain.errors import InputError

MAX_BYTES: Final = 200_000_000


def measure_reports(file: InputFile) -> list[tuple[int, dict[str, Any]]]:
    """(line, MeasureReport) of every entry, also when the bundle is wrapped as it is sent to the hub."""
    not_bundle = InputError(
        f"Filen ”{file.name}” är inte en FHIR R4 Bundle med MeasureReport.",
        "Ange JSON-filen som skapas för Vårddatahubben, med resourceType Bundle.",
    )
    if file.size > MAX_BYTES:
        raise InputError(f"Filen ”{file.name}” är större än {MAX_BYTES // 1_000_000} MB.", "Dela upp den per månad.")
    try:
        text = file.path.read_text("utf-8-sig")
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise not_bundle from error
    if isinstance(content, dict) and isinstance(content.get("bundle"), dict):
        content = content["bundle"]
    entries = content.get("entry") if isinstance(content, dict) else None
    if not isinstance(content, dict) or content.get("resourceType") != "Bundle" or not isinstance(entries, list):
        raise not_bundle
    lines = _entry_lines(text, len(entries))
    found = []
    for line, entry in zip(lines, entries, strict=True):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict) and resource.get("resourceType") == "MeasureReport":
            found.append((line, resource))
    if not found:
        raise not_bundle
    return found


def _entry_lines(text: str, entries: int) -> list[int]:
    """The line each element of `entry` begins on; 0 for all when the text has an unusual form."""
    start = re.search(r'"entry"\s*:\s*\[\s*', text)
    decoder = json.JSONDecoder()
    lines: list[int] = []
    place = start.end() if start else len(text)
    line, counted = 1, 0
    try:
        while len(lines) < entries:
            line += text.count("\n", counted, place)
            counted = place
            lines.append(line)
            _, place = decoder.raw_decode(text, place)
            following = re.compile(r"\s*,?\s*").match(text, place)
            place = following.end() if following else place
    except ValueError:
        return [0] * entries
    return lines
