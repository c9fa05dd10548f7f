"""The script that docs/login.md gives for nginx makes a line that the service believes: run by node, whose crypto and
Buffer nginx's JavaScript has too."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lagesbild.auth.claims import read_mapping
from tests.auth.service import SECRET, service, settings
from tests.auth.test_proxy import status

DOC = (Path(__file__).resolve().parents[2] / "docs" / "login.md").read_text(encoding="utf-8")


def test_the_script_for_nginx_makes_a_line_that_is_believed(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node saknas: exemplet för nginx kan inte köras")
    code = re.findall(r"```js\n(.*?)```", DOC, re.DOTALL)[0]
    (tmp_path / "secret").write_text(SECRET, encoding="utf-8")
    (tmp_path / "person.mjs").write_text(
        code.replace("/etc/nginx/lagesbild-hemlighet", str(tmp_path / "secret")), "utf-8"
    )
    told = {"ssl_client_s_dn": "CN=anna", "lagesbild_group": "stod", "request_id": "f" * 32}
    run = (
        "import('./person.mjs').then(m => console.log(JSON.stringify("
        f"[m.default.line({{variables: {json.dumps(told)}}}), m.default.line({{variables: {{}}}})])))"
    )
    done = subprocess.run([node, "-e", run], cwd=tmp_path, capture_output=True, text=True, check=True)
    line, nobody = json.loads(done.stdout)
    client = service(settings(tmp_path, "proxy")).test_client()
    assert status(client, line) == 200
    assert status(client, line) == 401
    assert nobody == ""


@pytest.mark.parametrize("example", re.findall(r"```json\n(.*?)```", DOC, re.DOTALL))
def test_the_examples_of_rules_can_be_read(tmp_path: Path, example: str) -> None:
    file = tmp_path / "roller.json"
    file.write_text(example, encoding="utf-8")
    assert read_mapping(file).roles
