"""Freezing: what goes into a snapshot. Above the outlets, since a snapshot holds screen, machine and paper in one file.

What a snapshot is as a file, and everything done with finished ones, is in `lagesbild.snapshots`, far below.
"""
