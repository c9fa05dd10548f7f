"""Worked examples: public statistics of other countries, turned into the datasets that `lagesbild import` reads."""
