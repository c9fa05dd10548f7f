"""Fetches Plotly's cartesian bundle into assets/plotly: half a megabyte on the wire instead of one and a half.

Lägesbild draws nothing else than it can. npm fetches it, from wherever this machine's npm fetches packages; the file is
used only if it is byte for byte the one whose hash stands in plotly_bundle.json. Without it the whole Plotly of the
Python package is served: the pages are the same, the first visit is slower. So nothing here is ever an error.

    python tools/plotly_bundle.py [--from DIRECTORY]      (a directory with the package as `npm pack` leaves it)
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

from plotly.offline import get_plotlyjs_version

ROOT: Final = Path(__file__).resolve().parents[1]
TARGET: Final = ROOT / "assets" / "plotly"
PATIENCE_SECONDS: Final = 90
LARGEST: Final = 8_000_000  # bytes; the file is 1.5 MB
# One try and no long waits: a machine without network is to notice soon
_NPM: Final = ("--silent", "--ignore-scripts", "--fetch-retries=0", "--fetch-timeout=30000", "--no-update-notifier")


def main(arguments: list[str]) -> int:
    wanted = json.loads(Path(__file__).with_name("plotly_bundle.json").read_text(encoding="utf-8"))
    version = get_plotlyjs_version()
    target = TARGET / f"plotly-cartesian-{version}.min.js"
    if wanted["version"] != version:
        return _without(f"plotly_bundle.json gäller plotly.js {wanted['version']}, installerad är {version}")
    if target.is_file() and _right(target.read_bytes(), wanted["sha256"]):
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(arguments[1]) if arguments[:1] == ["--from"] and len(arguments) > 1 else Path(name)
        if folder == Path(name) and (why := _fetch(f"{wanted['package']}@{version}", folder)):
            return _without(why)
        body = _body(folder, wanted["file"])
    if body is None:
        return _without("paketet innehåller inte filen")
    if not _right(body, wanted["sha256"]):
        return _without("filen är inte den som förväntas (kontrollsumman stämmer inte)")
    TARGET.mkdir(exist_ok=True)
    for old in TARGET.glob("plotly-cartesian-*"):
        old.unlink()
    part = target.with_suffix(".part")
    part.write_bytes(body)
    os.replace(part, target)
    print(f"Plotlys mindre paket, {version}, är hämtat: första besöket blir snabbare.")
    return 0


def _fetch(package: str, folder: Path) -> str:
    """`npm pack` into `folder`; why it could not be done, "" when it was."""
    npm = shutil.which("npm")
    if npm is None:
        return "npm finns inte"
    command = [npm, "pack", package, "--pack-destination", str(folder), *_NPM]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=PATIENCE_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "npm svarar inte"
    return "npm kunde inte hämta det" if done.returncode else ""


def _body(folder: Path, name: str) -> bytes | None:
    for packed in sorted(folder.glob("*.tgz")):
        try:
            with tarfile.open(packed) as archive:
                member = archive.getmember(f"package/{name}")
                file = archive.extractfile(member) if member.isfile() and member.size < LARGEST else None
                return file.read() if file else None
        except (KeyError, tarfile.TarError, OSError):
            return None
    return None


def _right(body: bytes, sha256: str) -> bool:
    return hashlib.sha256(body).hexdigest() == sha256


def _without(why: str) -> int:
    print(f"Plotlys mindre paket används inte: {why}. Hela Plotly serveras i stället; sidorna är desamma.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
