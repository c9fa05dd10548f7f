"""What the documentation names exists, and what exists is named: settings, pages, commands, datasets, make targets."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
import typer

from lagesbild.cli.main import app
from lagesbild.domain.datasets import DATASETS
from lagesbild.pages.registry import all_pages
from lagesbild.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "data").rglob("*.md")])
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in DOCUMENTS}
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


def _section(title: str) -> str:
    """The text under a heading of README, up to the next of the same level."""
    return README.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def _first_cells(section: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)


def _code(text: str) -> str:
    return "\n".join(CODE.findall(text))


def test_settings():
    told = _first_cells(_section("Settings"))
    assert sorted(told) == sorted(Settings().environment_names.values())


@pytest.mark.parametrize("name", TEXTS)
def test_no_document_names_a_setting_that_does_not_exist(name):
    named = set(re.findall(r"\bLAGESBILD_[A-Z_]+\b", TEXTS[name]))
    assert named <= set(Settings().environment_names.values())


def test_the_source_reads_no_setting_that_is_not_documented():
    known = {
        *Settings().environment_names.values(),
        "LAGESBILD_HOST",
        "LAGESBILD_PORT",
    }  # the last two: other spellings
    for path in (ROOT / "src").rglob("*.py"):
        named = set(re.findall(r"\bLAGESBILD_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8")))
        assert named <= known, path


def test_defaults_of_settings_are_the_ones_told():
    told = dict(re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", _section("Settings"), re.MULTILINE))
    actual = {env: str(Settings.model_fields[name].default) for name, env in Settings().environment_names.items()}
    assert told == {env: actual[env] for env in told}


def _commands(group, path=("lagesbild",)):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(_commands(typer.main.get_command(app)))


def test_commands():
    named = {re.sub(r" [A-Z.]+( [A-Z.]+)*$", "", cell) for cell in _first_cells(_section("Command line"))}
    assert named == set(COMMANDS)


@pytest.mark.parametrize("name", TEXTS)
def test_every_call_shown_is_a_command_with_such_options(name):
    for call in re.findall(r"(?:\.venv/bin/)?lagesbild ((?:[a-z]+ ?)+[^`\n&|;]*)", _code(TEXTS[name])):
        words = call.split()
        command = next((COMMANDS[c] for n in (2, 1) if (c := "lagesbild " + " ".join(words[:n])) in COMMANDS), None)
        assert command is not None, f"{name}: lagesbild {call}"
        known = {o for p in command.params for o in p.opts} | {"--help", "--json-logs", "--quiet"}
        assert {w.split("=")[0] for w in words if w.startswith("--")} <= known, f"{name}: lagesbild {call}"


def test_pages():
    assert _first_cells(_section("Pages")) == [page.path for page in all_pages()]


def test_datasets_and_columns_are_as_generated():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    for path, content in generate.rendered().items():
        assert path.read_text(encoding="utf-8") == content, f"{path.name}: run make docs"
    assert _first_cells(_section("Data formats")) == list(DATASETS)


TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_make_targets():
    named = set(re.findall(r"\bmake ([a-z-]+)", _code(README)))
    assert named == set(TARGETS) - {"help"}


@pytest.mark.parametrize("name", TEXTS)
def test_no_document_names_a_make_target_that_does_not_exist(name):
    assert set(re.findall(r"\bmake ([a-z-]+)", _code(TEXTS[name]))) <= set(TARGETS)


@pytest.mark.parametrize("name", TEXTS)
def test_links_inside_the_repository_lead_somewhere(name):
    here = (ROOT / name).parent
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", TEXTS[name]):
        assert (here / target).exists(), f"{name}: {target}"


def test_every_picture_has_what_takes_it_and_the_other_way_round():
    taker = (ROOT / "docs" / "screenshots.py").read_text(encoding="utf-8")
    taken = set(re.findall(r'^    \("([a-z-]+)", "/', taker, re.MULTILINE)) | set(
        re.findall(r'"([a-z-]+)\.png"', taker)
    )
    assert taken == {picture.stem for picture in (ROOT / "docs" / "images").glob("*.png")}


def test_decisions_are_numbered_without_gap():
    numbers = [int(n) for n in re.findall(r"^\*\*(\d+)\. ", TEXTS["docs/decisions.md"], re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_contributing_names_the_folders_that_exist():
    for folder in re.findall(r"`(tests/\w+)`", TEXTS["CONTRIBUTING.md"]):
        assert (ROOT / folder).is_dir(), folder
