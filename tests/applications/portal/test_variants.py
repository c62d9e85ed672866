"""The conditions of a variant, in sentences made of its parameters."""

from datetime import date
from decimal import Decimal

import pytest

from applications.portal.variants import offered, terms
from tests.municipal_people import draft_of
from tests.programme_factories import ProgrammeFactory, VariantFactory

pytestmark = pytest.mark.django_db

NO_PURE_IT = "Eine reine IT-Investition wird nicht gefördert."
AGREEMENT = "Sie schließen eine Vereinbarung für mindestens 5 Jahre."
SAVING = "Personal- und Sachausgaben zusammen müssen um mindestens 15 % im Jahr sinken."
TERMS = {
    "standard": [
        "25.000 € je beteiligter Kommune, zusammen höchstens 100.000 €.",
        "Nötig sind mindestens 3 Kommunen. Zwei Kommunen brauchen eine schriftliche Begründung.",
        SAVING,
        AGREEMENT,
        NO_PURE_IT,
    ],
    "ozg": [
        "25.000 € je beteiligter Kommune, zusammen höchstens 100.000 €.",
        "Nötig sind mindestens 2 Kommunen.",
        "Die Personalausgaben müssen um mindestens 15 % im Jahr sinken.",
        AGREEMENT,
        "Sie wählen und beschreiben mindestens ein OZG-Ziel.",
        NO_PURE_IT,
    ],
    "fire_brigade": [
        "15.000 € je Ortsteilfeuerwehr.",
        "Nötig ist mindestens 1 Kommune.",
        "Mindestens 2 Ortsteilfeuerwehren.",
        SAVING,
        NO_PURE_IT,
    ],
    "accession": [
        "25.000 € je beitretender Kommune.",
        "Nötig ist mindestens 1 Kommune.",
        "Sie treten einer Zusammenarbeit bei, die schon gefördert wurde.",
        SAVING,
        AGREEMENT,
        NO_PURE_IT,
    ],
    "preparation": [
        "Die Höhe setzt das Ministerium im Einzelfall fest.",
        "Nötig sind mindestens 2 Kommunen.",
        NO_PURE_IT,
    ],
}


@pytest.mark.parametrize("code", TERMS)
def test_terms_say_the_parameters(code):
    traits = {} if code == "standard" else {code: True}

    assert terms(VariantFactory(**traits)) == TERMS[code]


def test_terms_follow_the_parameters():
    variant = VariantFactory(min_saving_percent=Decimal("12.50"), min_participants=5, min_participants_with_reason=4)

    assert terms(variant)[1:3] == [
        "Nötig sind mindestens 5 Kommunen. 4 Kommunen brauchen eine schriftliche Begründung.",
        "Personal- und Sachausgaben zusammen müssen um mindestens 12,50 % im Jahr sinken.",
    ]


def test_version_in_force_is_offered_and_between_two_versions_that_of_the_draft(standard, towns):
    old = VariantFactory(programme=ProgrammeFactory(valid_from=date(2016, 12, 2), valid_to=date(2021, 12, 1)))
    draft = draft_of(towns, variant=old)
    assert list(offered(draft)) == [standard]

    standard.programme.valid_to = date(2022, 1, 1)
    standard.programme.save()

    assert (list(offered(draft)), list(offered())) == ([old], [])
