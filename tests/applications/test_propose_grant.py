from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.programme_factories import ProgrammeFactory, VariantFactory

pytestmark = pytest.mark.django_db

CODES = ["ozg", "standard", "gvv", "fire_brigade", "accession", "preparation"]


@pytest.fixture(autouse=True)
def _programme():
    for code in CODES:
        VariantFactory(**({} if code == "standard" else {code: True}))


def run(*arguments):
    out = StringIO()
    call_command("propose_grant", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (["ozg", "2"], ["Variante Ozg", "2 Kommunen × 25.000 €: 50.000 €", "50000"]),
        (
            ["ozg", "1"],
            [
                "Variante Ozg",
                "Hinweis: Die Variante verlangt mindestens 2 Einheiten.",
                "1 Kommune × 25.000 €: 25.000 €",
                "25000",
            ],
        ),
        (
            ["standard", "1"],
            [
                "Variante Standard",
                "Hinweis: Die Variante verlangt mindestens 2 Einheiten.",
                "1 Kommune × 25.000 €: 25.000 €",
                "25000",
            ],
        ),
        (
            ["standard", "2"],
            [
                "Variante Standard",
                "Hinweis: Weniger als 3 Einheiten brauchen eine schriftliche Begründung.",
                "2 Kommunen × 25.000 €: 50.000 €",
                "50000",
            ],
        ),
        (["standard", "3"], ["Variante Standard", "3 Kommunen × 25.000 €: 75.000 €", "75000"]),
        (
            ["standard", "26"],
            [
                "Variante Standard",
                "26 Kommunen × 25.000 €: 650.000 €",
                "Begrenzung auf den Höchstbetrag von 100.000 €: −550.000 €",
                "100000",
            ],
        ),
        (["gvv", "3"], ["Variante Gvv", "3 Kommunen × 150.000 €: 450.000 €", "450000"]),
        (
            ["fire_brigade", "1"],
            [
                "Variante Fire_brigade",
                "Hinweis: Die Variante verlangt mindestens 2 Einheiten.",
                "1 Ortsteilfeuerwehr × 15.000 €: 15.000 €",
                "15000",
            ],
        ),
        (["accession", "1"], ["Variante Accession", "1 beitretende Kommune × 25.000 €: 25.000 €", "25000"]),
        (
            ["preparation", "2"],
            [
                "Variante Preparation",
                "Diese Variante kennt keinen festen Betrag; die Höhe wird im Einzelfall festgesetzt und begründet. "
                "Die Summe 0 in der letzten Zeile ist deshalb kein Vorschlag.",
                "0",
            ],
        ),
    ],
)
def test_lines_and_last_the_total(arguments, lines):
    assert run(*arguments, "--date", "2026-11-22") == [f"Rahmenvereinbarung 2021, {lines[0]}", *lines[1:]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["standard", "0", "--date", "2026-11-22"], "Die Zahl der Einheiten muss mindestens 1 sein."),
        (["standard", "x"], "„x“ ist keine Zahl von Einheiten. Bitte schreiben Sie sie in Ziffern, etwa 3."),
        (["standard", "2,5"], "„2,5“ ist keine Zahl von Einheiten. Bitte schreiben Sie sie in Ziffern, etwa 3."),
        (
            ["bauhof", "3"],
            "Die Fassung „Rahmenvereinbarung 2021“ kennt die Variante „bauhof“ nicht. Sie kennt ozg, standard, gvv, "
            "fire_brigade, accession und preparation.",
        ),
        (
            ["standard", "2", "--date", "22.11.2026"],
            "„22.11.2026“ ist kein Datum. Bitte schreiben Sie es als JJJJ-MM-TT.",
        ),
        (
            ["standard", "2", "--date", "2026-12-07"],
            "Die letzte Fassung der Rahmenvereinbarung („Rahmenvereinbarung 2021“) gilt nur bis 06.12.2026. Bitte lassen Sie "
            "die Rolle Stammdaten eine neue Fassung anlegen und freigeben, die am 07.12.2026 gilt.",
        ),
    ],
)
def test_what_cannot_be_proposed(arguments, message):
    with pytest.raises(CommandError) as refusal:
        run(*arguments)

    assert str(refusal.value) == message


def test_version_without_the_variant():
    ProgrammeFactory(name="Fassung 2016", valid_from="2016-12-02", valid_to="2021-12-01")

    with pytest.raises(CommandError) as refusal:
        run("standard", "2", "--date", "2020-01-01")

    assert str(refusal.value) == "Die Fassung „Fassung 2016“ kennt die Variante „standard“ nicht. Sie kennt noch keine."


def test_today_selects_the_version_unless_a_date_is_given():
    today = timezone.localdate()
    if today > date(2026, 12, 6):  # the factory's version has ended
        ProgrammeFactory(name="Rahmenvereinbarung 2021", valid_from=today, valid_to=None)
        VariantFactory(programme__valid_from=today)

    assert run("standard", "3")[-1] == "75000"
