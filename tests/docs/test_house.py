"""The things around the code: container, lock files, licences, data files, floors."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COPIES = [line.split()[1:-1] for line in DOCKERFILE.splitlines() if line.startswith("COPY ")]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock")


def _tracked(*patterns: str) -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("path", [path for paths in COPIES for path in paths])
def test_the_container_copies_what_exists_and_is_not_ignored(path):
    assert (ROOT / path).exists()
    kept = [
        line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    ]
    assert any(path == k or path.startswith(k + "/") for k in kept)


def test_the_container_is_not_root_and_is_watched():
    user = DOCKERFILE.index("\nUSER ")
    assert "USER root" not in DOCKERFILE
    assert user < DOCKERFILE.index("\nCMD ")
    assert user > DOCKERFILE.rindex("\nRUN ")
    assert re.search(r"^HEALTHCHECK .*(\n.*)?/healthz", DOCKERFILE, re.MULTILINE)


def test_the_container_sets_only_settings_that_exist():
    from lagesbild.settings import Settings

    line = next(line for line in DOCKERFILE.splitlines() if line.startswith("ENV "))
    values = dict(pair.split("=", 1) for pair in line.split()[1:])
    assert set(values) <= set(Settings().environment_names.values())


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_are_hashed_and_name_no_host(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-i|--(extra-)?index-url|--find-links|--trusted-host)\b", text, re.MULTILINE)
    packages = re.split(r"\n(?=[a-z0-9])", text[text.index("\n") :])[1:]
    assert len(packages) > 20
    assert all("--hash=sha256:" in p and "==" in p.splitlines()[0] for p in packages)


def _pinned(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.MULTILINE))


def test_everything_needed_is_locked_and_both_locks_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run, dev, bench = (_pinned(name) for name in LOCKS)
    wanted = {re.split(r"[\[<>=~! ]", d)[0].lower() for d in project["dependencies"]}
    assert wanted <= set(run)
    assert {re.split(r"[\[<>=~! ]", d)[0].lower() for d in project["optional-dependencies"]["dev"]} <= set(dev)
    for other in (dev, bench):
        assert {n: v for n, v in other.items() if n in run} == {n: v for n, v in run.items() if n in other}


def test_those_we_are_measured_against_are_in_a_list_of_their_own():
    """They would weigh on every installation, and ask for an older pandas: see benchmarks/overrides.txt."""
    run, dev, bench = (_pinned(name) for name in LOCKS)
    assert "statsforecast" in bench
    assert not {"statsforecast", "coreforecast", "fugue", "triad", "utilsforecast"} & (set(run) | set(dev))
    named = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert [d.split(">")[0] for d in named["dependency-groups"]["bench"]] == ["statsforecast"]
    assert not any("statsforecast" in d for d in named["project"]["dependencies"])


def test_floors_hold():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_floors_have_no_exceptions():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    assert len(contracts) >= 4
    assert not any("ignore_imports" in c for c in contracts)


def test_ci_runs_what_people_run():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in script
    assert script.rstrip().endswith("make test")
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100


def test_licences_are_there():
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    fonts = _tracked("assets/**/*.woff2", "assets/*.woff2", "src/**/*.ttf")
    assert len(fonts) >= 4
    for font in fonts:
        assert list(font.parent.glob("*OFL*")), f"{font.name} without its licence"


@pytest.mark.parametrize("path", sorted((ROOT / "data" / "seed").rglob("*.csv")), ids=lambda p: p.name)
def test_every_data_file_says_where_it_comes_from(path):
    meta = json.loads(path.with_name(path.name + ".meta.json").read_text(encoding="utf-8"))
    for key in ("producer", "source", "licence"):
        assert meta[key], key
    assert isinstance(meta["synthetic"], bool)
    assert meta["synthetic"] == ("synthetic" in path.parts)


def test_no_file_is_over_five_megabytes():
    assert not [p for p in _tracked() if p.stat().st_size > 5_000_000]


def test_no_path_of_one_machine_and_no_host_of_a_registry_stands_in_the_code():
    own = re.compile(r"(^|[^A-Za-z0-9_./-])/(work|farm|root)/[A-Za-z.]|(pypi|npmjs)\.(org|com)|/simple/", re.MULTILINE)
    this = Path(__file__).resolve()
    for path in _tracked("*.py", "*.md", "*.toml", "*.lock", "*.json", "*.css", "*.js", "Makefile", "Dockerfile"):
        if path != this:
            assert not own.search(path.read_text(encoding="utf-8")), path
