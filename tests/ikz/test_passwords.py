"""Passwords made of the words of the house."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

pytestmark = pytest.mark.same_on_every_database


@pytest.mark.parametrize(
    "password", ["IKZ-Foerderung-2026!", "HessenHessen2026", "Innenministerium1", "Kommune-Gemeinde", "ikzikzikzikzikz"]
)
def test_words_of_the_house_alone_make_no_password(password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)

    assert [each.code for each in refused.value.error_list] == ["words_of_the_house"]


@pytest.mark.parametrize(
    "password", ["Gemeinsam-stark-2027", "Hessenstier frisst Gras", "ein langes Kennwort 1", "ä" * 64]
)
def test_other_words_do(password):
    validate_password(password)
