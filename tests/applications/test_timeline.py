"""What came and went is told with what it said, not by its name alone."""

from datetime import date
from decimal import Decimal

import pytest

from applications import timeline
from applications.models import Application
from tests.date_factories import DateFactsFactory
from tests.factories import (
    AgreementFactory,
    ApplicationFactory,
    CooperationFactory,
    CorrectionRequestFactory,
    FileNoteFactory,
    MunicipalityFactory,
    OpinionFactory,
    ResolutionFactory,
    SignatureFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    body = MunicipalityFactory(name="Linsengericht")
    return ApplicationFactory(cooperation=CooperationFactory(participants=[body], title="Bauhof"))


@pytest.fixture
def participant(case):
    return case.cooperation.participants.get()


def told(case):
    """(sentence, details) of what happened to records, the newest first."""
    fresh = Application.objects.get(pk=case.pk)
    return [(event.text, event.details) for event in timeline.events(fresh) if not event.is_step]


def test_new_resolution_says_when_and_how_it_was_voted(case, participant):
    ResolutionFactory(participant=participant, votes_for=20, votes_against=1, abstentions=0, file=None)

    assert told(case)[0] == (
        "Beschluss von Linsengericht angelegt",
        [
            "Organ Gemeindevertretung; beschlossen am 01.06.2026; Beschlussnummer 12/2026; zustimmend; 20 Ja-Stimmen; "
            "1 Nein-Stimme; 0 Enthaltungen"
        ],
    )


def test_long_note_is_told_by_its_beginning(case):
    FileNoteFactory(application=case, text="Das Protokoll der Abstimmung der aktiven Mitglieder liegt der Akte bei.")

    assert told(case)[0][0] == "Vermerk Das Protokoll der Abstimmung der aktiven Mitglieder liegt … geschrieben"


def test_long_reason_of_a_judgement_ends_after_a_word(case):
    reason = "Es gibt keinen anderen Förderfall mit demselben Aufgabenfeld und denselben Beteiligten."
    case.judgements.create(rule="no_double_funding", answer=True, reason=reason, by=case.clerk)

    assert told(case)[0] == (
        "Beurteilung „Keine Doppelförderung“: ja",
        ["Begründung Es gibt keinen anderen Förderfall mit demselben Aufgabenfeld und denselben …"],
    )


def test_facts_of_dates_are_entered(case):
    DateFactsFactory(application=case)

    assert told(case)[0][0] == f"Fristangaben {case} eingetragen"


def test_removed_resolution_says_what_it_was(case, participant):
    ResolutionFactory(participant=participant, is_positive=False, votes_for=3, votes_against=20, file=None).delete()

    assert told(case)[0] == (
        "Beschluss von Linsengericht entfernt",
        [
            "Organ Gemeindevertretung; beschlossen am 01.06.2026; Beschlussnummer 12/2026; nicht zustimmend; 3 Ja-Stimmen; "
            "20 Nein-Stimmen"
        ],
    )


def test_signature_says_who_and_when(case, participant):
    agreement = AgreementFactory(cooperation=case.cooperation, signed=False, file=None)
    SignatureFactory(agreement=agreement, participant=participant)

    assert told(case)[:2] == [
        (
            "Unterschrift für Linsengericht angelegt",
            [
                "erste Unterschrift A. Erste, Bürgermeisterin; zweite Unterschrift B. Zweiter, Erster Beigeordneter; "
                "unterschrieben am 01.06.2026"
            ],
        ),
        ("Vereinbarung „Bauhof“ angelegt", ["Beginn 01.01.2027; Ende 31.12.2031"]),
    ]


def test_opinion_and_request_say_their_days_and_what_they_ask(case):
    OpinionFactory(application=case, due_on=date(2026, 8, 15))
    CorrectionRequestFactory(application=case)

    assert told(case)[:2] == [
        ("Nachforderung „Beschluss mit Datum“ angelegt", ["fällig am 01.10.2026"]),
        (
            "Stellungnahme Regierungspräsidium Gießen angelegt",
            ["angefordert am 01.07.2026; erbeten bis 15.08.2026; eingegangen am 01.08.2026; Empfehlung zustimmend"],
        ),
    ]


def test_money_is_told_in_german(case):
    case.cooperation.participants.create(
        municipality=MunicipalityFactory(name="Adorf"), personnel_before=Decimal("1234.5")
    )

    assert told(case)[0] == ("Beteiligte Adorf angelegt", ["Personalausgaben bisher (€/Jahr) 1.234,50 €"])


def test_beginning_of_a_case_is_told_once(case):
    said = [event.text for event in timeline.events(Application.objects.get(pk=case.pk))]

    assert [text for text in said if text.startswith("Fall ")] == ["Fall angelegt"]


def test_worth_telling_names_fields_that_exist():
    models = {model._meta.model_name: model for model in Application._meta.apps.get_models()}

    for name, fields in timeline.WORTH_TELLING.items():
        assert set(fields) <= {field.name for field in models[name]._meta.concrete_fields}
