"""Measurements, not tests: `python -m tests.bench` (or `make bench`). Fills a database of its own and prints a table."""
