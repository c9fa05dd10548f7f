"""Snapshots as files: what a frozen state of the figures is, how it is packed, read, kept, verified and compared.

Knows neither database, views nor pages: everything here works on a machine that has nothing but the files. What goes
into a snapshot is decided in `lagesbild.freezing`.
"""
