"""What must hold in a database before the application is trusted with it."""

import pytest
from django.core.checks import Tags, run_checks
from django.db import connection, connections

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite kennt nur Unicode."),
]
CREATE = "CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"


@pytest.fixture
def other(encoding):
    """The alias of another database of the same server, in this encoding."""
    name = f"{connection.settings_dict['NAME']}_other"
    with connection.cursor() as cursor:
        cursor.execute(CREATE.format(name=name, encoding=encoding))
    connections["other"] = connection.copy(alias="other")
    connections["other"].settings_dict = connection.settings_dict | {"NAME": name}
    yield "other"
    connections["other"].close()
    del connections["other"]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name}")


@pytest.mark.parametrize(
    ("encoding", "complaints"),
    [
        ("UTF8", []),
        ("SQL_ASCII", ["Die Datenbank ist in SQL_ASCII angelegt und kann nicht alle Zeichen aufnehmen."]),
        ("LATIN1", ["Die Datenbank ist in LATIN1 angelegt und kann nicht alle Zeichen aufnehmen."]),
    ],
)
def test_database_holds_every_letter(other, complaints):
    assert [each.msg for each in run_checks(tags=[Tags.database], databases=[other])] == complaints
