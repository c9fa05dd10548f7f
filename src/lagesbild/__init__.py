"""Lägesbild: a national situational overview of planned specialised care in Sweden."""

__version__ = "0.1.0"
