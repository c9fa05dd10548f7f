"""The command line as a whole: every command explains itself in Swedish, and every wrong call says what to do.

What the single commands do is tested where their work is.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.cli.main import app
from lagesbild.cli.swedish import _translated
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.errors import InputError

ENGLISH = re.compile(
    r"\b(the|and|with|from|this|show|message|exit|usage|options|commands?|arguments|required|default|error|file|"
    r"missing|invalid|value|such|help for|must|should|not|of)\b",
    re.IGNORECASE,
)


def _commands(group, path=()):
    for name, command in group.commands.items():
        yield (*path, name), command
        if hasattr(command, "commands"):
            yield from _commands(command, (*path, name))


COMMANDS = dict(_commands(typer.main.get_command(app)))


def _prose(help_text: str, commands: Collection[str] = ()) -> str:
    """Help without what is code: command and option names, metavars, dataset names, words in backticks, file names,
    capitals."""
    for name in commands:
        help_text = re.sub(rf"(?m)^│ {name} ", "│ ", help_text)
    for name in sorted(DATASETS, key=len, reverse=True):
        help_text = re.sub(rf"(?<![\w-]){name}(?![\w-])", " ", help_text)
    code = r"`[^`]*`|--[\w-]+|<[^>]*>|\[[^\]]*\]|\b[A-Z][A-Z_-]{2,}\b|[\w/.-]+\.(py|csv|xlsx|json|md)"
    return "\n".join(
        re.sub(code, " ", line) for line in help_text.splitlines() if not line.lstrip().startswith("Så här:")
    )


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_in_swedish(path, command_line):
    code, out, err = command_line(*path, "--help")
    assert (code, err) == (0, "")
    assert "Så här: lagesbild " + " ".join(path) in out
    assert not ENGLISH.findall(_prose(out, getattr(COMMANDS[path], "commands", {}))), out
    assert not re.search(r"<\w*(bool|int|str|path|dir|list)\b[^>]*>", out), out


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_and_every_option_has_a_help_text(path):
    command = COMMANDS[path]
    assert command.help
    assert command.help.strip()[-1] in ".)", "a whole sentence"
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{path}: {parameter.name}"


@pytest.mark.parametrize("path", [p for p, c in COMMANDS.items() if not hasattr(c, "commands")], ids=" ".join)
def test_every_command_refuses_an_unknown_option_in_swedish(path, command_line):
    code, out, err = command_line(*path, "--finns-inte")
    assert (code, out) == (2, "")
    assert "Valet --finns-inte finns inte." in err
    assert f"Kör `lagesbild {' '.join(path)} --help`." in err


def test_alone_it_shows_its_help(command_line):
    code, out, _ = command_line()
    assert code == 2
    assert "Kommandon" in out
    assert "config" in out


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["finns-inte"], "Kommandot ”finns-inte” finns inte."),
        (["config", "extra"], "Anropet har något för mycket: extra."),
    ],
)
def test_a_wrong_call_is_2_with_a_sentence_and_a_remedy(command_line, arguments, sentence):
    code, out, err = command_line(*arguments)
    assert (code, out) == (2, "")
    assert f"Fel: {sentence}" in err
    assert "Gör så här: Kör `lagesbild" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "english, swedish",
    [
        ("Missing argument 'DATASET'.", "Det saknas ett värde för DATASET."),
        ("Missing argument 'FILES...'.", "Det saknas ett värde för FILES."),
        ("Missing option '--out'.", "Det saknas ett värde för --out."),
        ("Missing command.", "Det saknas ett kommando."),
        ("Option '--port' requires an argument.", "Valet --port behöver ett värde."),
        ("No such option: --prt (Possible options: --port)", "Valet --prt finns inte."),
        (
            "Invalid value for '--horizon': Input should be a valid integer",
            "Värdet för --horizon går inte att använda.",
        ),
        ("Invalid value for 'FILES...': file 'x.csv' does not exist.", "FILES...: ”x.csv” finns inte."),
    ],
)
def test_complaints_are_translated(english, swedish):
    assert _translated(english) == swedish


@given(st.text())
def test_any_complaint_gives_some_sentence(text):
    assert isinstance(_translated(f"Invalid value for '--x': {text}"), str)


def test_config_prints_every_setting_once_with_what_it_does_and_no_password(command_line, monkeypatch):
    monkeypatch.setenv("LAGESBILD_DATABASE_URL", "postgresql://lage:hemligt123@db.example/lagesbild")
    code, out, _ = command_line("config")
    lines = out.splitlines()
    assert code == 0
    assert "hemligt123" not in out
    assert "LAGESBILD_DATABASE_URL=postgresql://lage:***@db.example/lagesbild" in lines
    assert all(line.startswith("# ") for line in lines[::2])
    assert all(re.match(r"[A-Z_]+=", line) for line in lines[1::2])


def test_a_wrong_setting_is_2_and_told_by_name(command_line, monkeypatch):
    monkeypatch.setenv("PORT", "åttio")
    code, out, err = command_line("config")
    assert code == 2
    assert "PORT=åttio" in out.splitlines()
    assert "PORT har värdet ”åttio”, som inte kan användas: ett heltal från 1 till 65535." in err
    code, out, err = command_line("db", "status")
    assert (code, out) == (2, "")
    assert "PORT" in err


def test_errors_are_one_json_line_each_when_asked_for(command_line):
    code, out, err = command_line("config", "--finns-inte", "--json-logs")
    assert (code, out) == (2, "")
    (line,) = err.splitlines()
    assert json.loads(line)["message"] == "Valet --finns-inte finns inte."


def test_an_error_of_ours_is_a_sentence_and_an_unforeseen_one_a_number(command_line, monkeypatch):
    def fail() -> None:
        raise RuntimeError("det här syns bara i loggen")

    def refuse() -> None:
        raise InputError("Filen saknas.", "Kontrollera sökvägen.")

    registered = list(app.registered_commands)
    monkeypatch.setattr(app, "registered_commands", registered)
    app.command("provfel")(fail)
    app.command("provnej")(refuse)
    code, _, err = command_line("provfel")
    assert code == 1
    assert re.search(r"Fel: Internt fel, nummer [0-9a-f]{6}\.", err)
    code, _, err = command_line("provnej")
    assert (code, err) == (2, "Fel: Filen saknas.\nGör så här: Kontrollera sökvägen.\n")
    del registered[-2:]


@pytest.mark.parametrize("name", ["import", "export"])
def test_an_unknown_dataset_is_2_and_the_known_ones_are_named(command_line, name, tmp_path, monkeypatch):
    monkeypatch.setenv("LAGESBILD_HOME", str(tmp_path))
    file = tmp_path / "rows.csv"
    file.write_text("period\n", encoding="utf-8")
    code, out, err = command_line(name, "vantelista", *([str(file)] if name == "import" else []))
    assert (code, out) == (2, "")
    assert "vantelista" in err
    assert "waits" in err
    assert "Traceback" not in err


def test_the_installed_command_is_this_one():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lagesbild")), "config"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "LAGESBILD_HOME=" in done.stdout


def test_a_directory_that_cannot_be_written_is_2_in_swedish(command_line, tmp_path):
    (tmp_path / "fil").write_text("", encoding="utf-8")
    code, out, err = command_line("seed", "generate", "--out", str(tmp_path / "fil" / "katalog"), "--months", "2")
    assert (code, out) == (2, "")
    assert "en del av sökvägen är en fil" in err
    assert "--out" in err
