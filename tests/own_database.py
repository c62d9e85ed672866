"""The database of a test, for another process: its address as in DATABASE_URL."""

import os
from urllib.parse import urlsplit

from django.db import connection


def address() -> str:
    name = connection.settings_dict["NAME"]
    return f"sqlite:///{name}" if connection.vendor == "sqlite" else of_the_same_server(name)


def of_the_same_server(name) -> str:
    """A database of this name beside the test's, on PostgreSQL."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
