"""Whether a request was made by another site's page, by what browsers tell."""

from __future__ import annotations

import pytest
from flask import Flask, Request, request

from lagesbild.auth.forgery import is_forged, is_plain


def asked(**headers: str) -> Request:
    with Flask("x").test_request_context("/", method="POST", base_url="http://lage.example", headers=headers):
        return request._get_current_object()  # type: ignore[attr-defined, no-any-return]


SET = "https://lage.example"


@pytest.mark.parametrize(
    "headers, origin, forged",
    [
        ({}, "", False),
        ({"Sec-Fetch-Site": "same-origin"}, "", False),
        ({"Sec-Fetch-Site": "cross-site"}, "", True),
        ({"Sec-Fetch-Site": "same-site"}, SET, True),
        ({"Sec-Fetch-Site": "none"}, SET, True),
        ({"Origin": "http://lage.example"}, "", False),
        ({"Origin": "https://lage.example"}, "", False),  # TLS ends in a proxy
        ({"Origin": "https://lage.example"}, SET, False),
        ({"Origin": "http://lage.example"}, SET, True),
        ({"Origin": "https://evil.example"}, "", True),
        ({"Origin": "https://lage.example.evil.example"}, SET, True),
        ({"Origin": "https://lage.example:444"}, "", True),
        ({"Origin": "null"}, "", True),
        ({"Origin": "null"}, SET, True),
        # a proxy that changes Host: the browser's own word is enough
        ({"Origin": "https://other.example", "Sec-Fetch-Site": "same-origin"}, "", False),
        ({"Origin": "https://other.example", "Sec-Fetch-Site": "same-origin"}, SET, True),
    ],
)
def test_what_the_browser_tells(headers: dict[str, str], origin: str, forged: bool) -> None:
    assert is_forged(asked(**headers), origin) is forged


def test_what_any_form_could_send_is_plain() -> None:
    assert is_plain(asked(**{"Content-Type": "text/plain"}))
    assert is_plain(asked(**{"Content-Type": "application/json"}))
    assert not is_plain(asked(**{"Content-Type": "application/json"}), json_is_enough=True)
    assert is_plain(asked(**{"Content-Type": "text/plain"}), json_is_enough=True)
    assert not is_plain(asked(**{"X-Lagesbild": "1"}))
