import re

import pytest
from django.utils import timezone

from applications import rules
from applications.checklist import CALL, Finding, Status
from tests.applications.rule_table import TABLE
from tests.applications.situations import agreement_file, given, resolution_file

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_every_database]


@pytest.mark.parametrize(
    ("ground", "rule", "situation", "status", "message"),
    [(situation.before, rule, situation, *said) for rule, situation, *said in TABLE],
    indirect=["ground"],
    scope="module",
    ids=[f"{rule.name}-{number}" for number, (rule, *_) in enumerate(TABLE)],
)
def test_rule_says_what_is_missing(case, rule, situation, status, message):
    finding = rule.finding(situation.application(case))

    assert (finding.status, finding.message) == (status, message.replace("{year}", str(timezone.localdate().year)))
    assert finding.met is (status not in (Status.MISSING, Status.TO_JUDGE))


WHO = re.compile(
    r"\b[A-Z]dorf\b|Fremdheim|(?i:federführenden? Kommune)|Die Beteiligten|(?i:die Sachbearbeitung)|Kim Muster"
    r"|Regierungspräsidium|RP Gießen|Landrat|Spitzenverbände|Ministerium"
)
# What only time, a court or the scanner settles: here nobody owes anything.
OWED_BY_NOBODY = (
    "Die Vereinbarung ist noch nicht auf Viren geprüft.",
    "Ein übernommener Altfall wurde schon vor diesem Verfahren ausgezahlt.",
    "Nach den Fristangaben wird der Bescheid erst am ",
    "Solange eine Klage anhängig ist",
)


def test_every_message_names_who_owes_what():
    messages = [message for _rule, _situation, status, message in TABLE if status == Status.MISSING]

    assert [each for each in messages if not WHO.search(each) and not each.startswith(OWED_BY_NOBODY)] == []


def test_message_without_its_call_keeps_what_is_so():
    unmet = [message for _rule, _situation, status, message in TABLE if status == Status.MISSING]
    bare = [Finding(rules.saving_reached, Status.MISSING, each).without_call.message for each in unmet]

    assert [each for each in bare if "Bitte" in each or "Die Sachbearbeitung" in each] == []
    assert [each for each, rest in zip(unmet, bare, strict=True) if not rest and not CALL.match(each)] == []


@pytest.mark.parametrize(
    ("message", "rest"),
    [
        (
            "Es fehlt die Vereinbarung. Bitte fordern Sie sie bei Offenbach a. M. oder St. Leon an.",
            "Es fehlt die Vereinbarung.",
        ),
        ("Bitte beurteilen Sie mit Begründung: Geht es um Arbeit? Gleiches Feld: A.", "Gleiches Feld: A."),
        (
            "Das PDF fehlt. Bitte fordern Sie es bei Adorf an. Es fehlt die Unterschrift für Adorf.",
            "Das PDF fehlt. Es fehlt die Unterschrift für Adorf.",
        ),
        ("Das Eingangsdatum fehlt. Die Sachbearbeitung trägt es ein.", "Das Eingangsdatum fehlt."),
        ("Es bestand am 01.09.2026 nicht. Bitte prüfen Sie Nr. 4 der Auswahl.", "Es bestand am 01.09.2026 nicht."),
    ],
)
def test_call_is_a_sentence_of_its_own(message, rest):
    assert Finding(rules.saving_reached, Status.MISSING, message).without_call.message == rest


@pytest.mark.parametrize(
    ("rule", "unscanned", "message"),
    [
        (
            rules.resolutions_present,
            resolution_file("Adorf", "unscanned"),
            "Der Beschluss von Adorf ist nicht auf Viren geprüft, weil kein Virenscanner eingerichtet ist.",
        ),
        (
            rules.agreement_signed,
            agreement_file("unscanned"),
            "Die Vereinbarung ist nicht auf Viren geprüft, weil kein Virenscanner eingerichtet ist.",
        ),
    ],
)
def test_unscanned_files_are_refused_where_the_settings_say_so(settings, rule, unscanned, message):
    settings.IKZ_ACCEPT_UNSCANNED = False

    finding = rule.finding(given(unscanned).application())

    assert (finding.status, finding.message) == (Status.MISSING, message)
