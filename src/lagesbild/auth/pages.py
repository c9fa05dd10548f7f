"""The pages of login: whole documents, without any script but the one for light and dark."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from flask import Response

from lagesbild.components.html import el
from lagesbild.components.markup import markup
from lagesbild.components.page import message_page
from lagesbild.components.shell import skip_link


@dataclass(frozen=True)
class Frame:
    """`style`: address of the style sheet; `first`: the script for light and dark."""

    style: str
    first: str

    def page(self, title: str, sentence: str, more: list[Any], status: int = 200) -> Response:
        """A document with one message, never kept by anybody."""
        body = [
            skip_link(),
            el(
                "Header", el("Div", el("A", "Lägesbild", href="/", className="word"), className="wrap"), className="top"
            ),
            el("Main", message_page(title, sentence, more), className="wrap", id="main", tabIndex=-1),
        ]
        document = (
            '<!DOCTYPE html>\n<html lang="sv"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="color-scheme" content="light dark">'
            f"<title>{escape(title)} – Lägesbild</title>"
            '<link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">'
            f"<script>{self.first}</script>"
            f'<link rel="stylesheet" href="{escape(self.style)}"></head><body>{markup(body)}</body></html>'
        )
        response = Response(document, status=status, content_type="text/html; charset=utf-8")
        response.headers["Cache-Control"] = "no-store"
        return response


def link(text: str, to: str) -> dict[str, Any]:
    """A link that looks like a button."""
    return el("P", el("A", text, href=to, className="pri"))
