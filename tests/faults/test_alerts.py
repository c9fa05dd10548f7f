"""Prometheus itself judges our alerts: each fires when it should, and not before (promtool: Debian's `prometheus`)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.faults.alerts import CASES, rule_tests

FILE = Path(__file__).resolve().parents[2] / "ops" / "prometheus-alerts.yml"


def rules() -> list[dict[str, Any]]:
    return [r for g in yaml.safe_load(FILE.read_text(encoding="utf-8"))["groups"] for r in g["rules"]]


def test_every_alert_has_its_case() -> None:
    assert sorted(c.alert for c in CASES) == sorted(r["alert"] for r in rules())


def test_prometheus_has_each_alert_when_it_should_and_not_before(tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool finns inte här (Debians paket prometheus)")
    file = tmp_path / "cases.yml"
    file.write_text(yaml.safe_dump(rule_tests(rules(), str(FILE)), allow_unicode=True), encoding="utf-8")
    done = subprocess.run([promtool, "test", "rules", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
