"""The `lagesbild` command. Exit 0 done, 1 internal error, 2 the input or the call is wrong. Texts in Swedish."""

from __future__ import annotations

from lagesbild.cli.main import main

__all__ = ["main"]
