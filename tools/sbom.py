"""Writes what Lägesbild is built of as a CycloneDX 1.6 bill of materials: every package of the lock files with version
and hashes, Plotly's bundle and the typeface. What only developers and benchmarks need has the scope `excluded`.

    python tools/sbom.py [FILE]      (build/sbom.json)
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
LOCKS: Final = ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock")
_TYPEFACE: Final = {
    "type": "file",
    "bom-ref": "source-sans-3",
    "name": "Source Sans 3",
    "licenses": [{"license": {"id": "OFL-1.1"}}],
}


def main(arguments: list[str]) -> int:
    target = Path(arguments[0]) if arguments else ROOT / "build" / "sbom.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    bom = made()
    target.write_text(json.dumps(bom, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(bom['components'])} komponenter i {target}")
    return 0


def made() -> dict[str, Any]:
    """The bill. The same lock files give the same one."""
    pinned: dict[str, str] = {}
    for lock in LOCKS:
        for pin in re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text(encoding="utf-8"))[1:]:
            pinned.setdefault(pin.split(" ")[0], pin.split("    # via")[0])  # a package may have two versions
    needed = set(re.findall(r"^([a-z0-9._-]+)", (ROOT / LOCKS[0]).read_text(encoding="utf-8"), re.MULTILINE))
    bom = described("\n".join(pinned.values()))
    for component in bom["components"]:
        component["scope"] = "required" if component["name"] in needed else "excluded"
    bom["components"] += [_bundle(), _TYPEFACE]
    return bom


def described(pins: str) -> dict[str, Any]:
    """Pinned requirements as cyclonedx-bom describes them; without an index's address, which is each machine's own."""
    command = [Path(sys.executable).with_name("cyclonedx-py"), "requirements", "--pyproject", ROOT / "pyproject.toml"]
    done = subprocess.run(
        [*command, "--output-reproducible", "--of", "JSON", "--sv", "1.6", "-o", "-", "-"],
        input=pins,
        capture_output=True,
        text=True,
        check=True,
    )
    bom: dict[str, Any] = json.loads(done.stdout)
    for component in bom["components"]:
        component["bom-ref"] = component["purl"] = re.sub(r"\?.*", "", component["purl"])
        hashes = [h for r in component.pop("externalReferences", []) for h in r.get("hashes", [])]
        component["hashes"] = sorted(hashes, key=lambda h: str(h["content"]))
        component.pop("description", None)
    bom.pop("dependencies", None)  # a lock file does not say what needs what
    return bom


def _bundle() -> dict[str, Any]:
    told = json.loads((ROOT / "tools" / "plotly_bundle.json").read_text(encoding="utf-8"))
    purl = f"pkg:npm/{told['package']}@{told['version']}"
    return {
        "type": "library",
        "bom-ref": purl,
        "purl": purl,
        "name": told["package"],
        "version": told["version"],
        "licenses": [{"license": {"id": told["licence"]}}],
        "scope": "required",
        "hashes": [{"alg": "SHA-256", "content": told["sha256"]}],
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
