"""The bill of materials names all that is locked; an audit without an answer is never taken for a clean one."""

from __future__ import annotations

import importlib.util
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"tools_{name}", ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


audit, sbom = tool("audit"), tool("sbom")
PINS = [("flask", "3.1.3"), ("lxml", "6.0.0")]


def test_the_bill_names_every_locked_package_with_its_hashes(tmp_path: Path) -> None:
    path = tmp_path / "sbom.json"
    assert sbom.main([str(path)]) == 0
    bom = json.loads(path.read_text(encoding="utf-8"))
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.6")
    told = {(c["name"].lower(), c.get("version")): c for c in bom["components"]}
    locked = audit.locked()
    assert len(locked) > 100
    for pin in locked:
        assert told[pin]["hashes"], pin
    needed = {n for n, c in told.items() if c.get("scope") == "required"}
    assert {"flask", "granian"} <= {n for n, _ in needed}
    assert "pytest" not in {n for n, _ in needed}
    bundle = json.loads((ROOT / "tools" / "plotly_bundle.json").read_text(encoding="utf-8"))
    assert told[bundle["package"], bundle["version"]]["hashes"] == [{"alg": "SHA-256", "content": bundle["sha256"]}]
    assert "Source Sans 3" in path.read_text(encoding="utf-8")
    assert bom["metadata"]["component"]["name"] == "lagesbild"


def skipped(name: str) -> dict[str, Any]:
    return {"name": name, "skip_reason": f"Dependency not found on PyPI and could not be audited: {name}"}


def test_what_was_skipped_was_not_asked_about() -> None:
    """What pip-audit answers with 0 and "No known vulnerabilities found" where the index knows no package."""
    nothing = [skipped("flask"), skipped("lxml")]
    assert audit.read_pip(nothing, PINS) == ({}, ["flask 3.1.3", "lxml 6.0.0"])
    assert audit.read_pip([], PINS) == ({}, ["flask 3.1.3", "lxml 6.0.0"])
    other = [{"name": "flask", "version": "1.0", "vulns": []}]
    assert audit.read_pip(other, PINS) == ({}, ["flask 3.1.3", "lxml 6.0.0"])


def test_what_is_known_is_found() -> None:
    told = [
        {"name": "flask", "version": "3.1.3", "vulns": []},
        {"name": "lxml", "version": "6.0.0", "vulns": [{"id": "PYSEC-2"}, {"id": "GHSA-1"}]},
    ]
    assert audit.read_pip(told, PINS) == ({"lxml 6.0.0": ["GHSA-1", "PYSEC-2"]}, [])


def test_npm_that_gives_an_error_has_not_answered() -> None:
    refused = {"message": "405 Method Not Allowed", "method": "POST"}
    assert audit.read_npm(refused, "plotly 4") == ({}, ["plotly 4 (npm)"])
    clean = {"vulnerabilities": {}, "metadata": {"vulnerabilities": {"total": 0}}}
    assert audit.read_npm(clean, "plotly 4") == ({}, [])
    weak = {"plotly": {"via": [{"url": "https://x/GHSA-9"}, "other"]}}
    weak_answer = {**clean, "vulnerabilities": weak}
    assert audit.read_npm(weak_answer, "plotly 4") == (
        {"plotly 4 (npm)": ["https://x/GHSA-9"]},
        [],
    )


@pytest.mark.parametrize(
    ("known", "unasked", "may", "code"),
    [({}, [], False, 0), ({}, ["lxml 6"], False, 3), ({}, ["lxml 6"], True, 0), ({"flask 3": ["A"]}, [], False, 1),
     ({"flask 3": ["A"]}, ["lxml 6"], True, 1), ({"flask 3": ["LATER"]}, [], False, 0),
     ({"flask 3": ["PAST"]}, [], True, 1)],
)  # fmt: skip
def test_the_exit_code_tells_the_truth(
    known: Any, unasked: Any, may: bool, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    accepted = tmp_path / "audit.json"
    today = datetime.now(UTC).date()
    days = {"LATER": today + timedelta(2), "PAST": today - timedelta(2)}
    rows = [{"id": i, "reason": "når oss inte", "until": d.isoformat()} for i, d in days.items()]
    accepted.write_text(json.dumps({"accepted": rows}))
    assert audit.judge(known, unasked, may_be_unasked=may, accepted=accepted) == code
    said = capsys.readouterr().out
    assert ("INTE GRANSKADE" in said) == bool(unasked)
    assert ("SÅRBAR" in said) == (code == 1)
    assert ("Alla låsta paket är granskade" in said) == (not unasked and code == 0)


def test_what_is_accepted_has_a_reason_and_a_last_day() -> None:
    for one in json.loads((ROOT / "tools" / "audit.json").read_text(encoding="utf-8"))["accepted"]:
        assert set(one) == {"id", "reason", "until"}
        assert one["reason"].strip()
        date.fromisoformat(one["until"])


def test_ci_audits() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make audit AUDIT=--may-be-unasked\n" in script
