"""Thousands of made-up cases to measure with: `manage.py generate_load`. Only its command imports it."""
