"""The demonstration: what `manage.py load_demo` puts into an empty database. Only its commands import it."""
