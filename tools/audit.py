"""Asks whether anything that Lägesbild is built of has a known weakness, and says so when nobody answered.

    python tools/audit.py [--may-be-unasked]

pip-audit asks about every package of the lock files, npm about Plotly's bundle. 0: all were asked about and nothing is
known against them that `tools/audit.json` does not accept. 1: something is. 3: some could not be asked about (no
network to the service, or a mirror that does not know); with `--may-be-unasked`, as in CI, that is said and is 0.
pip-audit by itself ends with 0 and "No known vulnerabilities found" when the index knew of no package at all.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
LOCKS: Final = ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock")
ACCEPTED: Final = Path(__file__).with_name("audit.json")
_PIN: Final = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
_PATIENCE_SECONDS: Final = 600

Found = dict[str, list[str]]
"""`name version` -> ids of what is known against it."""


def main(arguments: list[str]) -> int:
    pins = locked()
    known, unasked = ask_pip(pins)
    more, npm_unasked = ask_npm()
    return judge({**known, **more}, [*unasked, *npm_unasked], may_be_unasked="--may-be-unasked" in arguments)


def locked(root: Path = ROOT) -> list[tuple[str, str]]:
    """(name, version) of everything in the lock files; one package may have two versions, for two of Python."""
    texts = [(root / name).read_text(encoding="utf-8") for name in LOCKS]
    return sorted({pin for text in texts for pin in _PIN.findall(text)})


def ask_pip(pins: Sequence[tuple[str, str]]) -> tuple[Found, list[str]]:
    """(what is known, those that could not be asked about)."""
    told: list[Mapping[str, Any]] = []
    left = list(pins)
    while left:  # pip-audit takes one version of a package at a time
        first = dict(reversed(left))
        told += _asked(first)
        left = [pin for pin in left if first[pin[0]] != pin[1]]
    return read_pip(told, pins)


def _asked(pins: Mapping[str, str]) -> list[Mapping[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pins.txt"
        path.write_text("".join(f"{n}=={v}\n" for n, v in sorted(pins.items())), encoding="utf-8")
        command = [sys.executable, "-m", "pip_audit", "-r", str(path), "--disable-pip", "--no-deps", "-f", "json"]
        command += ["--progress-spinner", "off"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE_SECONDS)
            return list(json.loads(done.stdout)["dependencies"])
        except (OSError, ValueError, KeyError, subprocess.TimeoutExpired):
            return []


def read_pip(told: Iterable[Mapping[str, Any]], pins: Sequence[tuple[str, str]]) -> tuple[Found, list[str]]:
    """What pip-audit tells of each package. What it skipped, or does not name at all, has not been asked about."""
    known: Found = {}
    asked = set()
    for one in told:
        pin = (str(one["name"]), str(one.get("version")))
        if "skip_reason" in one or pin not in pins:
            continue
        asked.add(pin)
        if one.get("vulns"):
            known[" ".join(pin)] = sorted(v["id"] for v in one["vulns"])
    return known, [" ".join(pin) for pin in pins if pin not in asked]


def ask_npm() -> tuple[Found, list[str]]:
    """The one package of npm's."""
    wanted = json.loads((ROOT / "tools" / "plotly_bundle.json").read_text(encoding="utf-8"))
    npm = shutil.which("npm")
    told: Mapping[str, Any] = {}
    if npm:
        with tempfile.TemporaryDirectory() as folder:
            package = {"name": "x", "version": "1.0.0", "dependencies": {wanted["package"]: wanted["version"]}}
            (Path(folder) / "package.json").write_text(json.dumps(package), encoding="utf-8")
            try:
                for call in (["install", "--package-lock-only", "--ignore-scripts"], ["audit", "--json"]):
                    done = subprocess.run(
                        [npm, *call], cwd=folder, capture_output=True, text=True, check=False, timeout=120
                    )
                told = json.loads(done.stdout)
            except (OSError, ValueError, subprocess.TimeoutExpired):
                told = {}
    return read_npm(told, f"{wanted['package']} {wanted['version']}")


def read_npm(told: Mapping[str, Any], name: str) -> tuple[Found, list[str]]:
    """npm's JSON: without its `metadata` nothing was answered, whatever else stands there."""
    if "vulnerabilities" not in told.get("metadata", {}):
        return {}, [f"{name} (npm)"]
    ids = [str(via.get("url", via.get("source"))) for v in told.get("vulnerabilities", {}).values() for via in _told(v)]
    return ({f"{name} (npm)": sorted(set(ids))} if ids else {}), []


def _told(one: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return [via for via in one.get("via", []) if isinstance(via, dict)]


def judge(known: Found, unasked: list[str], *, may_be_unasked: bool, accepted: Path = ACCEPTED) -> int:
    """Say what was found, and the exit code. What is accepted has a reason and a last day in tools/audit.json."""
    allowed = {a["id"]: a for a in json.loads(accepted.read_text(encoding="utf-8"))["accepted"]}
    code = 0
    for name, ids in sorted(known.items()):
        for id_ in ids:
            why = allowed.get(id_)
            if why and date.fromisoformat(why["until"]) >= date.today():  # noqa: DTZ011  a day, wherever one is
                print(f"GODTAGEN TILL {why['until']}: {name}: {id_}: {why['reason']}")
            else:
                print(f"SÅRBAR: {name}: {id_}")
                code = 1
    if unasked:
        print(f"INTE GRANSKADE: {len(unasked)} paket kunde inte slås upp: {', '.join(unasked[:8])}", end="")
        print(f" och {len(unasked) - 8} till." if len(unasked) > 8 else ".")
        print("Tjänsten nås inte härifrån, eller indexet känner dem inte. Det säger ingenting om dem.")
        code = code or (0 if may_be_unasked else 3)
    elif not code:
        print("Alla låsta paket är granskade, och inget känt talar mot dem.")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
