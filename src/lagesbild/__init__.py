"""Lägesbild: a national situational overview of planned specialised care in Sweden."""

import os

# openpyxl reads with lxml where that is installed (python-pptx brings it), and lxml expands entities: a workbook of a
# few bytes could fill the memory. Without it the standard parser reads, made safe by defusedxml.
os.environ["OPENPYXL_LXML"] = "False"

__version__ = "0.1.0"
