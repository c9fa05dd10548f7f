"""Links of a page that shows an earlier state of the data (`?as_of=`) lead to pages in the same state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from lagesbild.domain.selection import Selection, to_query


def keep_moment(tree: Any, moment: datetime, is_page: Callable[[str], bool]) -> Any:
    """Add `as_of` to every link to a page in a component tree, so that following it stays in the same state."""
    if isinstance(tree, (list, tuple)):
        return [keep_moment(x, moment, is_page) for x in tree]
    if not isinstance(tree, dict):
        return tree
    out = {k: keep_moment(v, moment, is_page) for k, v in tree.items()}
    href = out.get("href")
    if isinstance(href, str):
        parts = urlsplit(href)
        if not parts.netloc and is_page(parts.path) and "as_of=" not in parts.query:
            query = "&".join(q for q in (parts.query, to_query(Selection(as_of=moment))) if q)
            out["href"] = parts._replace(query=query).geturl()
    return out
