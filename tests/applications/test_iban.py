"""Only accounts that a German bank could have."""

import pytest

from applications.iban import NotAnIban, bank, bic, compact, in_groups, masked


@pytest.mark.parametrize(
    "text", ["DE02120300000000202051", "de02 1203 0000 0000 2020 51", " DE02 1203 0000 0000 202051 "]
)
def test_iban_is_read_with_and_without_blanks(text):
    assert compact(text) == "DE02120300000000202051"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("DE02120300000000202052", "vermutlich ist eine Ziffer falsch"),
        ("DE0212030000000020205", "vermutlich ist eine Ziffer falsch"),
        ("Konto 4711", "vermutlich ist eine Ziffer falsch"),
        ("FR1420041010050500013M02606", "nur auf Konten in Deutschland"),
    ],
)
def test_what_is_no_german_iban_is_refused_with_a_sentence(text, complaint):
    with pytest.raises(NotAnIban, match=complaint):
        compact(text)


def test_what_an_iban_tells():
    iban = "DE02120300000000202051"

    assert (bic(iban), bank(iban)) == ("BYLADEM1001", "Deutsche Kreditbank Berlin")
    assert in_groups(iban) == "DE02 1203 0000 0000 2020 51"
    assert masked(iban) == "DE02 … 2051"
