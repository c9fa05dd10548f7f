"""The units for systemd: what they start exists, and all of them are protected alike. They have been run in a booted
Debian (docs/operations.md); here they are read."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from lagesbild.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
OPS = ROOT / "ops"
Unit = dict[str, list[str]]
#: what is each unit's own
OWN = {"ExecStart", "ExecReload", "Type", "Nice", "Restart", "RestartSec", "RestartPreventExitStatus", "KillMode"}
OWN |= {"TimeoutStopSec"}


def unit(name: str) -> dict[str, Unit]:
    """Sections of settings, each with its values: one may stand several times, and means all of them."""
    sections: dict[str, Unit] = {}
    section: Unit = {}
    for line in (OPS / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            setting, _, value = line.partition("=")
            section.setdefault(setting, []).append(value)
    return sections


SERVICES = sorted(p.name for p in OPS.glob("*.service"))
TIMERS = sorted(p.name for p in OPS.glob("*.timer"))


def test_there_are_units_for_the_web_forecasts_and_snapshots() -> None:
    assert SERVICES == ["lagesbild-forecast.service", "lagesbild-snapshot.service", "lagesbild.service"]
    assert [Path(t).stem for t in TIMERS] == ["lagesbild-forecast", "lagesbild-snapshot"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_starts_a_command_there_is_as_the_services_user(name: str) -> None:
    service = unit(name)["Service"]
    (started,) = service["ExecStart"]
    program, option, *words = started.split()
    assert (program, option) == ("/srv/lagesbild/.venv/bin/lagesbild", "--json-logs")
    command = typer.main.get_command(app)
    for word in words:
        command = command.commands[word]  # type: ignore[attr-defined]
    assert (service["User"], service["Group"]) == (["lagesbild"], ["lagesbild"])
    assert service["EnvironmentFile"] == ["/etc/lagesbild.env"]


def test_all_are_protected_alike() -> None:
    kept = [{k: v for k, v in unit(n)["Service"].items() if k not in OWN} for n in SERVICES]
    assert kept[0] == kept[1] == kept[2]
    assert kept[0]["CapabilityBoundingSet"] == [""]
    assert kept[0]["ProtectSystem"] == ["strict"]
    assert kept[0]["SystemCallFilter"] == ["@system-service", "~@privileged"]


def test_a_wrong_setting_is_not_tried_again_and_a_slow_database_is_waited_for() -> None:
    web = unit("lagesbild.service")
    assert (web["Service"]["Restart"], web["Service"]["RestartPreventExitStatus"]) == (["always"], ["2"])
    assert web["Unit"]["StartLimitIntervalSec"] == ["0"]


@pytest.mark.parametrize("name", TIMERS)
def test_a_timer_starts_its_service_also_when_the_machine_was_off(name: str) -> None:
    assert f"{Path(name).stem}.service" in SERVICES
    assert unit(name)["Timer"]["Persistent"] == ["true"]


def test_set_up_leaves_bytecode_that_the_services_user_cannot_make() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = makefile.split("\nsetup: ")[1].split("\n\n")[0]
    assert "-m compileall -q src" in recipe
    assert "-m compileall -q src" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
