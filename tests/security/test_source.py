"""What the source must not hold: code made of data, shells, weak hashes, requests on a stranger's word."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = sorted((ROOT / "src" / "lagesbild").rglob("*.py"))
TREES = {p.relative_to(ROOT / "src" / "lagesbild").as_posix(): ast.parse(p.read_text(encoding="utf-8")) for p in SOURCE}
SCRIPTS = [*(ROOT / "assets").glob("*.js"), *(ROOT / "src" / "lagesbild" / "freezing" / "offline" / "web").glob("*.js")]


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """(file, what is called, the call)."""
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield name, ast.unparse(node.func), node


def imported() -> Iterator[tuple[str, str]]:
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from ((name, a.name) for a in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield name, node.module


def test_no_code_is_made_of_data() -> None:
    wrong = {
        "eval",
        "exec",
        "compile",
        "os.system",
        "os.popen",
        "pickle.loads",
        "pickle.load",
        "marshal.loads",
        "yaml.load",
    }
    assert not [(f, c) for f, c, _ in calls() if c in wrong]
    assert not [f for f, m in imported() if m.split(".")[0] in ("pickle", "marshal", "shelve", "yaml")]


def test_programs_are_started_without_a_shell_and_only_by_the_embedded_server() -> None:
    assert not [f for f, _, node in calls() for k in node.keywords if k.arg == "shell"]
    users = {f for f, m in imported() if m == "subprocess"}
    assert users <= {"data/postmaster.py", "data/system_user.py"}


def test_nothing_that_answers_a_request_asks_another_server() -> None:
    clients = {"urllib.request", "http.client", "requests", "httpx", "urllib3", "aiohttp", "ftplib", "smtplib"}
    users = {f for f, m in imported() if m in clients}
    # the command that waits for its own server; login asks the identity provider that a setting names
    assert {f for f in users if not f.startswith(("auth/", "login/"))} <= {"cli/serve.py"}


def is_made(pattern: ast.expr) -> bool:
    """Whether a pattern is put together while the program runs."""
    put = isinstance(pattern, ast.BinOp) and not isinstance(pattern.left, ast.Constant)
    return put or isinstance(pattern, ast.JoinedStr)


def test_no_regular_expression_is_made_of_input() -> None:
    # those two files put a pattern together of their own constants
    constant = {"components/machine_file.py", "reports/xlsx_cells.py"}
    functions = {f"re.{name}" for name in ("compile", "sub", "match", "search", "fullmatch", "split", "findall")}
    made = {f for f, called, node in calls() if called in functions and node.args and is_made(node.args[0])}
    assert made <= constant


def test_hashes_are_strong_and_random_secrets_are_random() -> None:
    weak = ("hashlib.md5", "hashlib.sha1", "md5", "sha1")
    assert not [(f, c) for f, c, _ in calls() if c in weak]


MAKES_CODE = re.compile(
    r"\beval\(|new Function\(|document\.write|addEventListener\(.message|\.innerHTML\s*=|insertAdjacentHTML"
)


def test_scripts_of_the_browser_make_no_code_and_hear_no_messages() -> None:
    assert len(SCRIPTS) > 20
    for path in SCRIPTS:
        text = path.read_text(encoding="utf-8")
        assert not MAKES_CODE.search(text), path.name
        stored = set(re.findall(r"(?:local|session)Storage\.setItem\(\s*([^,]+),", text))
        # the colour theme, and what somebody is writing until it is saved
        assert stored <= {'"lagesbild-theme"', "KEEP + area.name"}, path.name
