"""Typer speaks English only: the frame of its help and its complaints about a call, in Swedish.

Typer's texts are constants and format strings without translations, so the help's are replaced on the commands
(`help_in_swedish`), and its exceptions are turned into our own, which `report` shows like any other error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, Protocol, TypeGuard

from typer import rich_utils

from lagesbild.domain.errors import InputError

_COMPLAINTS: Final = (
    (r"No such command '(.*)'\.", "Kommandot ”{}” finns inte."),
    (r"No such option: (\S+)(?: \(Possible options: (.*)\))?", "Valet {} finns inte."),
    (r"Missing command\.", "Det saknas ett kommando."),
    (r"Missing (?:argument|option) '(.*?)(?:\.\.\.)?'\..*", "Det saknas ett värde för {}."),
    (r"Option '(.*)' requires .*", "Valet {} behöver ett värde."),
    (r"Option '(.*)' does not take a value\.", "Valet {} tar inget värde."),
    (r"Argument '(.*)' takes (\d+) values\.", "{} ska ha {} värden."),
    (r"Got unexpected extra argument\(s\) \((.*)\)", "Anropet har något för mycket: {}."),
    (r"Invalid value for '(.*?)': \w+ '(.*)' does not exist\.", "{}: ”{}” finns inte."),
    (r"Invalid value for '(.*?)': \w+ '(.*)' is a directory\.", "{}: ”{}” är en katalog, inte en fil."),
    (r"Invalid value for '(.*?)': \w+ '(.*)' is a file\.", "{}: ”{}” är en fil, inte en katalog."),
    (r"Invalid value for '(.*?)': \w+ '(.*)' is not (?:readable|writable)\.", "{}: ”{}” går inte att öppna."),
    (r"Invalid value for '(.*?)': (?:Value error, )?'(.*)' is not one of (.*)\.", "{0}: ”{1}” finns inte. Välj: {2}."),
    (r"Invalid value for '(.*?)': .*", "Värdet för {} går inte att använda."),
)

_TYPES: Final = {
    "<bool>": "",  # a switch is given or not
    "<int>": "<heltal>",
    "<int range>": "<heltal>",
    "<str>": "<text>",
    "<path>": "<sökväg>",
    "<dir>": "<sökväg>",
    "<list[Path]>": "<sökvägar>",
}


class UsageProblem(Protocol):
    """What Typer raises when a call is wrong. Its classes are private, its methods are not."""

    exit_code: int

    def format_message(self) -> str: ...


def is_usage_problem(error: Exception) -> TypeGuard[UsageProblem]:
    """Whether an exception is Typer's complaint about the call (and not a fault of ours)."""
    return hasattr(error, "format_message") and hasattr(error, "exit_code")


def as_input_error(error: UsageProblem) -> InputError:
    """Typer's complaint as an error of ours: a Swedish sentence, and which help to ask for."""
    text = error.format_message()
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "lagesbild"
    return InputError(_translated(text), f"Kör `{command} --help`.")


def _translated(text: str) -> str:
    for pattern, swedish in _COMPLAINTS:
        found = re.fullmatch(pattern, text, re.DOTALL)
        if found:
            return swedish.format(*((g or "").strip("'").replace("', '", ", ") for g in found.groups()))
    return text  # already ours


def help_in_swedish(command: Any) -> Any:
    """The same command tree with the frame of its help in Swedish."""
    for name, text in (
        ("ARGUMENTS_PANEL_TITLE", "Argument"),
        ("OPTIONS_PANEL_TITLE", "Val"),
        ("COMMANDS_PANEL_TITLE", "Kommandon"),
        ("REQUIRED_LONG_STRING", "[krävs]"),
        ("DEFAULT_STRING", "[grundvärde: {}]"),
    ):
        setattr(rich_utils, name, text)
    for each in _tree(command):
        _translate_help(each)
    return command


def _tree(command: Any) -> Iterator[Any]:
    yield command
    for child in getattr(command, "commands", {}).values():
        yield from _tree(child)


def _translate_help(command: Any) -> None:
    help_option, usage = command.get_help_option, command.get_usage
    for parameter in command.params:
        _translate_type(parameter)

    def swedish_help_option(context: Any) -> Any:
        option = help_option(context)
        if option is not None:
            option.help = "Visa den här texten."
            _translate_type(option)
        return option

    def swedish_usage(context: Any) -> str:
        return str(usage(context)).replace("Usage:", "Så här:", 1)

    command.get_help_option, command.get_usage = swedish_help_option, swedish_usage
    command.options_metavar = "[VAL]"
    if hasattr(command, "subcommand_metavar"):
        command.subcommand_metavar = "KOMMANDO [ARGUMENT]..."


def _translate_type(parameter: Any) -> None:
    """What kind of value a parameter takes, in Swedish, where Typer names the type."""
    shown = parameter.display_type_rich

    def swedish_type(ctx: Any) -> str | None:
        text: str | None = shown(ctx)
        return _TYPES.get(text, text) if text is not None else None

    parameter.display_type_rich = swedish_type
