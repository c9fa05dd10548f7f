"""The two reference applications of `benchmarks.views`, and what it takes to measure them beside Lägesbild."""
