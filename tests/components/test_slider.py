"""A slider: labelled, its value in words, every place with a text and what it writes in the address."""

from __future__ import annotations

import doctest
import json

from lagesbild.components import slider as module
from lagesbild.components.slider import filled, slider


def made():
    texts = ["−1\u00a0%", "0\u00a0%", "+1\u00a0%"]
    return slider("wi-x", "Inflöde", "inflode", texts=texts, values=["-1", "", "1"], chosen=2, zero=1)


def test_label_value_and_ends():
    head, row, ends = made()["props"]["children"]
    label, now = head["props"]["children"]
    assert (label["type"], label["props"]["htmlFor"]) == ("Label", "wi-x")
    assert now["props"]["children"] == "+1\u00a0%"
    minus, field, plus = row["props"]["children"]
    assert field["props"] == {"id": "wi-x", "type": "range", "min": 0, "max": 2, "step": 1, "value": 2}
    assert [b["props"]["aria-label"] for b in (minus, plus)] == ["Minska: Inflöde", "Öka: Inflöde"]
    assert [e["props"]["children"] for e in ends["props"]["children"]] == ["−1\u00a0%", "+1\u00a0%"]


def test_what_the_script_looks_up():
    props = made()["props"]
    assert json.loads(props["data-values"]) == ["-1", "", "1"]
    assert len(json.loads(props["data-texts"])) == 3
    assert (props["data-slide"], props["data-zero"]) == ("inflode", "1")


def test_the_track_is_filled_from_zero_either_way():
    assert filled(2, 1, 2) == {"--from": "50%", "--to": "100%"}
    assert filled(0, 1, 2) == {"--from": "0%", "--to": "50%"}
    assert filled(0, 0, 0) == {"--from": "0%", "--to": "0%"}


def test_doctests():
    assert doctest.testmod(module).failed == 0
