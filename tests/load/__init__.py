"""Measurements, not tests: `make load` and `make growth`. Both fill a database of their own and print tables."""
