"""To whom a letter is addressed: who represents the body, and where its administration sits; of an office what is known."""

import pytest
from django.core.exceptions import ValidationError

from applications import letter_addresses
from applications.models import Office, Opinion
from applications.supervision import Authority, proposed_opinions
from applications.typesetting import LetterRefused
from municipalities.models import Kind, Municipality

BERGSTRASSE = Municipality(
    pk=1, ags="06431", kind=Kind.DISTRICT, name="Bergstraße", seat="Heppenheim (Bergstraße)", postal_code="64646"
)
SCHWALM_EDER = Municipality(
    pk=2, ags="06634", kind=Kind.DISTRICT, name="Schwalm-Eder-Kreis", seat="Homberg (Efze)", postal_code="34576"
)
BENSHEIM = Municipality(ags="06431002", kind=Kind.TOWN, name="Bensheim", district=BERGSTRASSE)
BORKEN = Municipality(ags="06634003", kind=Kind.TOWN, name="Borken", district=SCHWALM_EDER)
STATE = "als Behörde der Landesverwaltung"


def asked(authority, name, address=""):
    return Opinion(authority=authority, name=name, office=Office(authority=authority, name=name, address=address))


@pytest.mark.parametrize(
    ("kind", "name", "seat", "code", "lines"),
    [
        (Kind.TOWN, "Bensheim, Stadt", "", "64625", ["Magistrat der Stadt Bensheim", "64625 Bensheim"]),
        (Kind.MUNICIPALITY, "Fürth", "", "64658", ["Gemeindevorstand der Gemeinde Fürth", "64658 Fürth"]),
        (
            Kind.MUNICIPALITY,
            "Gorxheimertal",
            "Unter-Flockenbach",
            "69517",
            ["Gemeindevorstand der Gemeinde Gorxheimertal", "69517 Unter-Flockenbach"],
        ),
        (
            Kind.DISTRICT,
            "Schwalm-Eder-Kreis",
            "Homberg (Efze)",
            "34576",
            ["Kreisausschuss des Schwalm-Eder-Kreises", "34576 Homberg (Efze)"],
        ),
        (
            Kind.DISTRICT,
            "Vogelsbergkreis",
            "Lauterbach (Hessen)",
            "36341",
            ["Kreisausschuss des Vogelsbergkreises", "36341 Lauterbach (Hessen)"],
        ),
        (
            Kind.DISTRICT,
            "Bergstraße",
            "Heppenheim (Bergstraße)",
            "64646",
            ["Kreisausschuss des Landkreises Bergstraße", "64646 Heppenheim (Bergstraße)"],
        ),
        (
            Kind.ASSOCIATION,
            "Abwasserverband Kinzig",
            "Gelnhausen",
            "63571",
            ["Verbandsvorstand", "Abwasserverband Kinzig", "63571 Gelnhausen"],
        ),
        (Kind.OTHER_BODY, "Klinikum Mitte AöR", "Fulda", "36037", ["Klinikum Mitte AöR", "36037 Fulda"]),
    ],
)
def test_address(kind, name, seat, code, lines):
    assert letter_addresses.of_body(Municipality(kind=kind, name=name, seat=seat, postal_code=code)) == lines


@pytest.mark.parametrize("street", ["Kirchbergstraße 18", "Postfach 12 34"])
def test_street_stands_before_the_town(street):
    body = Municipality(kind=Kind.TOWN, name="Bensheim", street=street, postal_code="64625")

    assert letter_addresses.of_body(body) == ["Magistrat der Stadt Bensheim", street, "64625 Bensheim"]


@pytest.mark.parametrize(
    ("kind", "name", "code", "sentence"),
    [
        (Kind.TOWN, "Bensheim", "", "Für die Anschrift von Bensheim fehlt im Register die Postleitzahl."),
        (
            Kind.DISTRICT,
            "Schwalm-Eder-Kreis",
            "34576",
            "Für die Anschrift von Schwalm-Eder-Kreis fehlt im Register der Sitz der Verwaltung.",
        ),
        (
            Kind.ASSOCIATION,
            "Abwasserverband Kinzig",
            "",
            "Für die Anschrift von Abwasserverband Kinzig fehlt im Register die Postleitzahl und der Sitz der Verwaltung.",
        ),
    ],
)
def test_letter_without_an_address_says_where_to_enter_it(kind, name, code, sentence):
    with pytest.raises(LetterRefused) as refusal:
        letter_addresses.of_body(Municipality(kind=kind, name=name, postal_code=code))

    where = "Bitte lassen Sie das von der Rolle Stammdaten unter „Kommunen“ eintragen."
    assert str(refusal.value) == f"{sentence} {where}"


@pytest.mark.parametrize(
    ("authority", "name", "lines"),
    [
        (
            Authority.LANDRAT,
            "Landrat/Landrätin (Landkreis Bergstraße)",
            ["Landrat/Landrätin des Landkreises Bergstraße", STATE, "64646 Heppenheim (Bergstraße)"],
        ),
        (
            Authority.LANDRAT,
            "Landrat/Landrätin (Schwalm-Eder-Kreis)",
            ["Landrat/Landrätin des Schwalm-Eder-Kreises", STATE, "34576 Homberg (Efze)"],
        ),
        (
            Authority.LANDRAT,
            "Landrätin des Landkreises Bergstraße",
            ["Landrätin des Landkreises Bergstraße", STATE, "64646 Heppenheim (Bergstraße)"],
        ),
        (
            Authority.REGIERUNGSPRAESIDIUM,
            "Regierungspräsidium Darmstadt",
            ["Regierungspräsidium Darmstadt", "Luisenplatz 2", "64283 Darmstadt"],
        ),
        (Authority.MINISTRY, "Ministerium des Innern (Kommunalaufsicht)", ["Kommunalaufsicht", "im Hause"]),
    ],
)
def test_address_of_an_office(authority, name, lines):
    assert letter_addresses.of_office(asked(authority, name), [BENSHEIM, BORKEN]) == lines


@pytest.mark.parametrize("authority", Authority)
def test_what_was_entered_for_an_office_is_its_whole_address(authority):
    opinion = asked(
        authority, "Landrat/Landrätin (Landkreis Bergstraße)", "Kreisausschuss\r\n\r\n Postfach 1\n64636 Heppenheim"
    )

    assert letter_addresses.of_office(opinion, [BENSHEIM]) == ["Kreisausschuss", "Postfach 1", "64636 Heppenheim"]


@pytest.mark.parametrize(
    ("authority", "name"),
    [
        (Authority.LANDRAT, "Landrat"),
        (Authority.LANDRAT, "Landrat/Landrätin (Landkreis Fulda)"),
        (Authority.REGIERUNGSPRAESIDIUM, "RP Darmstadt"),
        (Authority.ASSOCIATION, "Kommunale Spitzenverbände"),
        (Authority.ASSOCIATION, "Verband im Landkreis Bergstraße"),
    ],
)
def test_office_without_a_known_address_says_where_to_enter_it(authority, name):
    with pytest.raises(LetterRefused) as refusal:
        letter_addresses.of_office(asked(authority, name), [BENSHEIM])

    assert str(refusal.value) == (
        f"Für die Stelle „{name}“ ist keine Anschrift bekannt. Bitte tragen Sie sie unter „Beteiligte Stellen“ ein."
    )


@pytest.mark.parametrize(("bodies", "unknown"), [([BENSHEIM], 1), ([BENSHEIM, BORKEN], 1)])
def test_proposed_offices_have_an_address_but_the_associations(bodies, unknown):
    """These are several; whom to write to is for the ministry to enter."""
    refused = 0
    for each in proposed_opinions(bodies):
        try:
            letter_addresses.of_office(asked(each.authority, each.name), bodies)
        except LetterRefused:
            refused += 1

    assert refused == unknown


def test_address_of_an_office_fits_into_the_window():
    office = Office(authority=Authority.ASSOCIATION, name="Verband", address="\n".join("1234567"))

    with pytest.raises(ValidationError) as refusal:
        office.clean()
    office.address = "\n\n".join("123456")
    office.clean()

    assert refusal.value.message_dict == {
        "address": ["Ins Anschriftfeld passen 6 Zeilen. Bitte kürzen Sie die Anschrift."]
    }
