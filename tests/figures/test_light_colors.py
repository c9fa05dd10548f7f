"""A chart's picture and its print are light whatever the theme is: the browser exchanges each dark colour for its
light one. That is right only while no dark colour stands for two light ones, and while charts use no other colours."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from lagesbild.figures.theme import colors

TOKENS = (Path(__file__).resolve().parents[2] / "assets" / "10_tokens.css").read_text(encoding="utf-8")


def tokens(theme: str) -> dict[str, str]:
    block = re.search(rf'\[data-theme="{theme}"\] \{{(.*?)\n\}}', TOKENS, re.S)
    assert block
    return dict(re.findall(r"--lb-([\w-]+): (#[0-9A-F]{6});", block[1]))


def exchange() -> dict[str, str]:
    light, dark = tokens("light"), tokens("dark")
    assert light.keys() == dark.keys()
    out: dict[str, str] = {}
    for name, color in dark.items():
        assert out.setdefault(color, light[name]) == light[name], f"{name}: {color} stands for two light colours"
    return out


def test_no_dark_colour_stands_for_two_light_ones() -> None:
    assert len(exchange()) > 25


def test_the_charts_template_uses_nothing_else() -> None:
    template = json.loads(files("lagesbild.figures").joinpath("plotly_template.json").read_text(encoding="utf-8"))
    pairs = exchange()

    def light(node: Any) -> Any:
        text = json.dumps(node)
        return json.loads(re.sub(r"#[0-9A-Fa-f]{6}", lambda m: pairs[m[0].upper()], text))

    assert light(template["dark"]) == template["light"]
    for name, color in colors("dark").items():
        assert pairs[color.upper()] == colors("light")[name].upper(), name
