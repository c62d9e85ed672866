from datetime import date

import pytest
from django.core.exceptions import ValidationError

from municipalities.models import Kind, Municipality

pytestmark = pytest.mark.django_db


def test_register_row_cannot_be_deleted():
    municipality = Municipality.objects.create(ags="06411000", name="Darmstadt", kind=Kind.INDEPENDENT_CITY)

    with pytest.raises(ValidationError):
        municipality.delete()
    with pytest.raises(ValidationError):
        Municipality.objects.all().delete()

    assert Municipality.objects.count() == 1


@pytest.mark.parametrize(
    ("ags", "regierungsbezirk"),
    [("06411000", "Darmstadt"), ("06531", "Gießen"), ("06633001", "Kassel"), ("01001000", "")],
)
def test_regierungsbezirk_follows_from_the_key(ags, regierungsbezirk):
    assert Municipality(ags=ags).regierungsbezirk == regierungsbezirk


@pytest.mark.parametrize(
    ("day", "exists"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_validity_counts_both_ends(day, exists):
    municipality = Municipality.objects.create(
        ags="06415000",
        name="Hanau",
        kind=Kind.INDEPENDENT_CITY,
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
    )

    assert municipality.exists_on(day) is exists
    assert Municipality.objects.existing_on(day).exists() is exists
