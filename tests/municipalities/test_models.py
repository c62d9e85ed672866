from datetime import date

import pytest
from django.core.exceptions import ValidationError

from municipalities.models import Kind, Municipality
from tests.factories import MunicipalityFactory

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


# --- what a form accepts


@pytest.fixture
def districts():
    bergstrasse = MunicipalityFactory(bergstrasse=True)
    return bergstrasse, MunicipalityFactory(ags="06437", ars="06437", name="Odenwaldkreis", kind=Kind.DISTRICT)


def problems(**fields):
    with pytest.raises(ValidationError) as refused:
        Municipality(**{"name": "Ort", "kind": Kind.MUNICIPALITY, **fields}).full_clean()
    return refused.value.message_dict


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            {"ags": "99999999"},
            "Den Schlüssel 99999999 gibt es nicht: 99 ist kein Bundesland. Bitte berichtigen Sie ihn.",
        ),
        (
            {"ags": "99999", "kind": Kind.DISTRICT},
            "Den Schlüssel 99999 gibt es nicht: 99 ist kein Bundesland. Bitte berichtigen Sie ihn.",
        ),
        (
            {"ags": "06131002"},
            "Den Schlüssel 06131002 gibt es nicht: In Hessen ist die dritte Ziffer 4, 5 oder 6 (Regierungsbezirk). Bitte "
            "berichtigen Sie ihn.",
        ),
        (
            {"ags": "06431000"},
            "Der Schlüssel 06431000 passt nicht zur Art: Nur der einer kreisfreien Stadt endet auf 000. Bitte berichtigen "
            "Sie den Schlüssel oder die Art.",
        ),
        (
            {"ags": "06431002", "kind": Kind.INDEPENDENT_CITY},
            "Der Schlüssel 06431002 passt nicht zur Art: Nur der einer kreisfreien Stadt endet auf 000. Bitte berichtigen "
            "Sie den Schlüssel oder die Art.",
        ),
        ({"ags": "06431"}, "Der Schlüssel einer Körperschaft dieser Art hat 8 Ziffern."),
    ],
)
def test_impossible_key_is_refused(fields, told):
    assert problems(**fields) == {"ags": [told]}


def test_kreis_must_be_that_of_the_key(districts):
    bergstrasse, odenwald = districts

    assert problems(ags="06431555", district=odenwald) == {
        "district": [
            "Der Schlüssel 06431555 gehört in den Landkreis mit 06431, nicht zu Odenwaldkreis (06437). Bitte berichtigen "
            "Sie Schlüssel oder Landkreis."
        ]
    }
    assert problems(ags="06431555") == {
        "district": ["Bitte wählen Sie den Landkreis; der Schlüssel nennt den mit 06431."]
    }
    Municipality(ags="06431555", name="Ort", kind=Kind.MUNICIPALITY, district=bergstrasse).full_clean()


def test_municipality_of_another_land_needs_no_kreis():
    Municipality(ags="09162001", name="Ort", kind=Kind.MUNICIPALITY).full_clean()


@pytest.mark.parametrize(
    ("ags", "ars", "kind"),
    [
        ("06431002", "064310002003", Kind.MUNICIPALITY),
        ("06431002", "06431", Kind.MUNICIPALITY),
        ("06431", "06432", Kind.DISTRICT),
        ("06431", "064310000000", Kind.DISTRICT),
    ],
)
def test_regional_key_must_belong_to_the_key(districts, ags, ars, kind):
    district = districts[0] if kind == Kind.MUNICIPALITY else None
    if kind == Kind.DISTRICT:
        Municipality.objects.filter(ags=ags).update(ags="06440")

    assert problems(ags=ags, ars=ars, kind=kind, district=district) == {
        "ars": [f"Der Regionalschlüssel {ars} gehört nicht zum Schlüssel {ags}."]
    }


def test_regional_key_of_the_same_body_is_taken(districts):
    Municipality(
        ags="06431002", ars="064319999002", name="Ort", kind=Kind.MUNICIPALITY, district=districts[0]
    ).full_clean()
