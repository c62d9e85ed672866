import pytest
from django.db import connection

from applications.models import Application
from tests.factories import ApplicationFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("beginning", "found"),
    [
        ("Bad", ["Bad Orb"]),
        ("bad", []),
        ("B*", ["B*d"]),
        ("B?", ["B?d"]),
        ("B[a]", ["B[a]d"]),
        ("B%", ["B%d"]),
        ("B_", ["B_d"]),
        ("", ["B%d", "B*d", "B?d", "B[a]d", "B_d", "Bad Orb", "Ä"]),
        ("Ä", ["Ä"]),
    ],
)
def test_beginning_is_taken_to_the_letter(beginning, found):
    rows = [MunicipalityFactory(name=name) for name in ["Bad Orb", "B*d", "B?d", "B[a]d", "B%d", "B_d", "Ä"]]

    names = {each.name for each in type(rows[0]).objects.filter(name__startswith=beginning)}

    assert names == set(found)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL sagt es in test_indices.py.")
def test_file_number_is_found_by_the_index():
    ApplicationFactory()

    plan = Application.objects.searched_for(["ikz-2026-00"]).order_by().values("pk").explain()

    assert "(file_number>? AND file_number<?)" in plan
