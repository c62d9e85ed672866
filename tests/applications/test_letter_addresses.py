"""To whom a letter is addressed: who represents the body, and where its administration sits."""

import pytest

from applications import letter_addresses
from applications.typesetting import LetterRefused
from municipalities.models import Kind, Municipality


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
    assert letter_addresses.address(Municipality(kind=kind, name=name, seat=seat, postal_code=code)) == lines


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
        letter_addresses.address(Municipality(kind=kind, name=name, postal_code=code))

    where = "Bitte lassen Sie das von der Rolle Stammdaten unter „Kommunen“ eintragen."
    assert str(refusal.value) == f"{sentence} {where}"
