"""Synthetic data: a cohort simulation of queues for planned care, its reference rows, and the files it writes.

Everything here is invented and marked so. Only names, populations, calendars and calibration targets are real.
"""
