"""Measurements. Each module runs by itself (`python -m benchmarks.current_state`) and prints its figures."""
