"""A native range input with its value in words, minus and plus beside it on phones. `assets/55_scenario.js` moves it.

The input counts places in a list; what each place is called and how it stands in the address are given beside it, so
that all Swedish and all rounding are made here and the script only looks them up.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from lagesbild.components.html import el


def slider(
    name: str,
    label: str,
    parameter: str,
    *,
    texts: Sequence[str],
    values: Sequence[str],
    chosen: int,
    zero: int = 0,
    ends: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """`texts` and `values`: what each place says and writes in the address ("" = nothing). `zero`: the place from which
    the track is filled. `ends`: what stands under the track's ends, the first and last text unless told."""
    last = len(texts) - 1
    first_end, last_end = ends or (texts[0], texts[-1])
    field: dict[str, Any] = {
        "type": "Input",
        "namespace": "dash_core_components",
        "props": {"id": name, "type": "range", "min": 0, "max": last, "step": 1, "value": chosen},
    }
    return el(
        "Div",
        [
            el(
                "Div",
                [el("Label", label, htmlFor=name), el("B", texts[chosen], className="slide-now", aria_hidden="true")],
                className="slide-h",
            ),
            el("Div", [_button("Minska", label, "−", -1), field, _button("Öka", label, "+", 1)], className="slide-row"),
            el("Div", [el("Span", first_end), el("Span", last_end)], className="slide-ends", aria_hidden="true"),
        ],
        className="slide",
        style=filled(chosen, zero, last),
        data_slide=parameter,
        data_zero=str(zero),
        data_texts=json.dumps(list(texts), ensure_ascii=False),
        data_values=json.dumps(list(values), ensure_ascii=False),
    )


def filled(chosen: int, zero: int, last: int) -> dict[str, str]:
    """From where to where the track is coloured.

    >>> filled(5, 0, 20)
    {'--from': '0%', '--to': '25%'}
    """
    low, high = sorted((chosen, zero))
    return {"--from": f"{100 * low / max(last, 1):g}%", "--to": f"{100 * high / max(last, 1):g}%"}


def _button(verb: str, label: str, sign: str, step: int) -> dict[str, Any]:
    return el("Button", sign, type="button", className="slide-b", aria_label=f"{verb}: {label}", data_by=str(step))
