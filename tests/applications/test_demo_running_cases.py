import hashlib
from decimal import Decimal

import pikepdf
import pytest

from applications import rules, workflow
from applications.models import Budget, CorrectionRequest, Decision, StoredFile
from applications.states import State
from tests.applications.demonstration import RUNNING, case, person

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_every_database, pytest.mark.usefixtures("demo")]


def test_every_running_case_stands_where_it_should():
    targets = {record["key"]: record["target_state"] for record in RUNNING}

    assert {key: case(key).state for key in targets} == targets
    assert set(targets.values()) == set(State.values)


GILSERBERG = "Es fehlt der Beschluss von Gilserberg (Gemeindevertretung)."
FINDINGS = {
    "demo-bauhof-kellerwald": {"resolutions_present": GILSERBERG},
    "demo-standesamt-oberes-edertal": {
        "participants_exist": "Bromskirchen (Landkreis Waldeck-Frankenberg) bestand am 15.10.2026 nicht mehr. Bitte ersetzen "
        "Sie sie durch die Nachfolgerin Allendorf (Eder).",
        "lead_takes_part": "Allendorf (Eder) (Landkreis Waldeck-Frankenberg) ist federführend, aber nicht beteiligt. Bitte "
        "nehmen Sie sie als Beteiligte auf.",
        "resolutions_present": "Es fehlt der Beschluss von Bromskirchen (Gemeindevertretung).",
    },
    "demo-archiv-dilltal": {
        "enough_participants": "Es sind 2 Körperschaften beteiligt, verlangt sind 3. Bitte klären Sie mit Herborn, wer noch "
        "teilnimmt, oder begründen Sie schriftlich, warum 2 genügen.",
        "resolutions_present": "Sinn hat nicht zugestimmt. Ein neuer, zustimmender Beschluss ist nötig.",
    },
    "demo-ordnungsbehoerdenbezirk-weiltal": {
        "agreement_signed": "Weilrod hat am 11.05.2026 unterschrieben, aber erst am 21.05.2026 beschlossen. Bitte klären Sie, "
        "ob die Unterschrift wiederholt wurde.",
        "term_long_enough": "Die Vereinbarung endet am 31.12.2030. Verlangt sind mindestens 5 Jahre, also eine Laufzeit bis "
        "31.12.2031 oder länger. Bitte klären Sie das mit Weilmünster.",
    },
    "demo-kasse-diemel-twiste": {
        "term_long_enough": "Die Vereinbarung ist unbefristet oder läuft länger als 10 Jahre. Bitte bestätigen Sie, dass sie "
        "die Kündigung regelt (KGG § 24), oder klären Sie das mit Volkmarsen.",
        "supervisory_acts_done": "Es fehlen die Genehmigung der Aufsichtsbehörde mit Behörde, Datum und Aktenzeichen und die "
        "öffentliche Bekanntmachung mit Ort und Datum (KGG § 26). Bitte fordern Sie den Nachweis bei Volkmarsen an.",
    },
    "demo-personalservice-kinzigtal": {
        "saving_reached": "Eingespart werden 14,99 % (61.758,80 € im Jahr), verlangt sind mindestens 15,00 % der bisherigen "
        "Ausgaben. Bitte klären Sie das mit Freigericht.",
    },
    "demo-foerdermittel-westerwald": {
        "saving_reached": "In der Ausgabentabelle fehlen die bisherigen Ausgaben von Breitscheid sowie die künftigen "
        "Ausgaben der Zusammenarbeit (einzutragen von Driedorf).",
        "corrections_closed": "Noch offen: „Personalausgaben im Jahr 2025 und Sachausgaben im Jahr 2025“ (von "
        "Breitscheid, fällig am 30.10.2026) und „Personal- und Sachausgaben nach Beginn der Zusammenarbeit“ (von Driedorf, "
        "fällig am 30.10.2026).",
    },
    "demo-ozg-neckartal": {
        "no_pure_it_investment": "Bitte beurteilen Sie mit Begründung: Geht es um gemeinsame Aufgabenerfüllung und nicht nur "
        "um Beratung, Dienstleister oder Software?",
    },
    "demo-digitalisierung-rheingau": {
        "opinions_received": "Es fehlen die Stellungnahmen: Landrat des Rheingau-Taunus-Kreises und Regierungspräsidium "
        "Darmstadt.",
        "no_double_funding": "Bitte beurteilen Sie mit Begründung: Ist eine Doppelförderung ausgeschlossen? Gleiches "
        "Aufgabenfeld und mindestens zwei gemeinsame Beteiligte: {earlier}.",
    },
}
# What a case cannot have yet, because its turn comes later.
STILL_TO_COME = {
    "drafted": {
        "agreement_signed",
        "term_long_enough",
        "supervisory_acts_done",
        "substantial_part_of_task",
        "opinions_received",
    },
    "resolutions_collected": {"substantial_part_of_task", "opinions_received"},
}
OPEN = ["drafted", "resolutions_collected", "agreement_signed", "checked"]


@pytest.mark.parametrize("key", [record["key"] for record in RUNNING if record["target_state"] in OPEN])
def test_running_case_fails_exactly_where_its_comment_says(key):
    application = case(key)
    earlier = case("verwaltungsdigitalisierung-rheingau")
    later = STILL_TO_COME.get(application.state, set()) - FINDINGS.get(key, {}).keys()

    missing = {each.rule.name: each.message for each in rules.CHECK.findings(application) if not each.met}

    assert {name: message for name, message in missing.items() if name not in later} == {
        name: message.format(earlier=earlier) for name, message in FINDINGS.get(key, {}).items()
    }


def test_large_association_exceeds_what_is_left_of_the_year():
    application = case("demo-gvv-oberwald")

    with pytest.raises(workflow.AnswerRefused) as refusal:
        workflow.take(application, "approve", by=person("bewilligung"), amount=application.proposal.total, year=2026)

    assert str(refusal.value) == (
        "Der Haushalt 2026 reicht nicht: Verfügbar sind noch 560.000 €, bewilligt werden sollen 600.000 €."
    )


def test_exhausted_year_grants_nothing():
    application = case("demo-ozg-hessisches-kegelspiel")

    with pytest.raises(workflow.AnswerRefused) as refusal:
        workflow.take(application, "approve", by=person("bewilligung"), amount=application.proposal.total, year=2025)

    assert str(refusal.value) == (
        "Der Haushalt 2025 reicht nicht: Verfügbar sind noch 0 €, bewilligt werden sollen 100.000 €."
    )


def test_whoever_checked_may_not_approve_though_in_both_roles():
    application = case("demo-ozg-hessisches-kegelspiel")

    with pytest.raises(workflow.NotPermitted) as refusal:
        workflow.take(application, "approve", by=person("sachbearbeitung2"), amount=Decimal(100_000), year=2026)

    assert str(refusal.value) == (
        "Vier-Augen-Prinzip: Sie haben den Fall geprüft. Entscheiden muss eine andere Person."
    )


def test_another_decider_approves_the_same_case():
    application = case("demo-ozg-hessisches-kegelspiel")

    approved = workflow.take(application, "approve", by=person("bewilligung"), amount=Decimal(100_000), year=2026)

    assert approved.state == State.APPROVED


def test_budgets_show_what_the_running_cases_bind():
    assert {budget.year: (budget.allocated, budget.left()) for budget in Budget.objects.all()} == {
        2025: (30_000, 0),
        2026: (625_000, 560_000),
        2027: (2_200_000, 2_200_000),
    }


def test_grants_of_the_running_cases():
    granted = Decision.objects.exclude(budget=None).order_by("application__pk")

    assert [(each.application.variant.code, each.amount, each.proposed_amount) for each in granted] == [
        ("preparation", 40_000, None),
        ("fire_brigade", 30_000, 30_000),
        ("standard", 75_000, 75_000),
        ("accession", 25_000, 25_000),
    ]


def test_accession_refers_to_the_published_case():
    assert case("demo-beitritt-kasse-knuellwald").earlier_case == case("beitritt-gemeindekasse-schwarzenborn")


def test_correction_was_asked_for_before_it_fell_due():
    requests = CorrectionRequest.objects.order_by("pk")

    assert [((each.due_on - each.requested_at.date()).days, each.is_open) for each in requests] == [
        (28, False),
        (28, True),
        (28, True),
    ]


def test_documents_are_what_their_records_say(demo, settings):
    settings.MEDIA_ROOT = demo.documents

    for document in StoredFile.objects.all():
        with document.file.open() as content:
            stored = content.read()
            assert (len(stored), hashlib.sha256(stored).hexdigest()) == (document.size, document.sha256)
            with pikepdf.open(content, attempt_recovery=False) as pdf:
                assert len(pdf.pages) == document.pages


def test_resolutions_agreements_and_opinions_have_their_document():
    purposes = {
        purpose: StoredFile.objects.filter(purpose=purpose).count()
        for purpose in ["resolution", "agreement", "opinion"]
    }
    resolutions = sum(bool(part["resolution"]) for record in RUNNING for part in record["participants"])
    agreements = sum(bool(record["agreement"]) for record in RUNNING)
    opinions = sum(bool(each["received_on"]) for record in RUNNING for each in record["opinions"])

    assert purposes == {"resolution": resolutions, "agreement": agreements, "opinion": opinions}
