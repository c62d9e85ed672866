"""The demonstration, loaded once for this module; each test works in a savepoint above it."""

import hashlib
from collections import Counter
from decimal import Decimal
from io import StringIO
from types import SimpleNamespace

import pikepdf
import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from applications import base_data, demo_marks, demo_people, demo_real_cases, rules, workflow
from applications.demo_marks import case_uuid
from applications.evidence import prove
from applications.models import (
    Application,
    Budget,
    Cooperation,
    CorrectionRequest,
    Decision,
    FieldChange,
    StoredFile,
    TaskField,
)
from applications.models.states import State
from ikz.models import User
from municipalities.models import Municipality

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
REAL = demo_real_cases.records()
RUNNING = base_data.records("demo_cases.json")
NO_AMOUNT = [record["key"] for record in REAL if not record["amount_eur"]]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """Register, programme versions and demonstration in a transaction that ends with the module."""
    documents = tmp_path_factory.mktemp("documents")
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    outer = transaction.atomic()
    with django_db_blocker.unblock():
        outer.__enter__()
        with override_settings(ALLOWED_HOSTS=LOOPBACK, MEDIA_ROOT=documents, PASSWORD_HASHERS=hashers):
            call_command("load_register", stdout=StringIO())
            call_command("load_programmes", stdout=StringIO())
            printed = printed_by("load_demo")
    yield SimpleNamespace(documents=documents, printed=printed)
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def _serves_only_itself(settings):
    """The test runner adds a host of its own."""
    settings.ALLOWED_HOSTS = LOOPBACK


def printed_by(command, **options):
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue().splitlines()


def case(key):
    return Application.objects.with_case().get(uuid=case_uuid(key))


def person(address):
    return User.objects.get(email=f"{address}@ikz.example")


def open_by_hand(title):
    """A case that a clerk opens beside the demonstration."""
    cooperation = Cooperation.objects.create(title=title, task_field=TaskField.objects.first())
    variant = case("demo-bauhof-kellerwald").variant
    Application.objects.open_case(cooperation=cooperation, variant=variant, by=person("sachbearbeitung"))


def numbers():
    """How many rows every table holds."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models(include_auto_created=True)}


# ── Loading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_first_load_says_what_the_sources_do_not(demo):
    free = "cybersicherheit-giessen: „18 weitere Kommunen (in der Quelle nicht genannt)“"
    seven = "machbarkeitsstudie-rheingau: „7 Rheingauer Kommunen (in der Quelle nicht einzeln genannt)“"

    assert demo.printed == [
        *(f"{key}: Betrag nicht veröffentlicht, nicht geladen." for key in NO_AMOUNT),
        "beitritt-kasse-rheingau-kiedrich: Jahr nicht veröffentlicht, in der Notiz gesagt.",
        f"{free} steht nicht im Register und bleibt frei.",
        "gruenderzentrum-schwalm-eder: „Zweckverband Schwalm“ steht nicht im Register und bleibt frei.",
        "gruenderzentrum-schwalm-eder: „Zweckverband Schwalm-Eder-West“ steht nicht im Register und bleibt frei.",
        "gruenderzentrum-schwalm-eder: „Zweckverband Schwalm-Eder-Mitte“ steht nicht im Register und bleibt frei.",
        f"{seven} steht nicht im Register und bleibt frei.",
        "57 Demofälle geladen.",
        *demo_people.logins(),
    ]


def test_second_load_changes_nothing(django_assert_num_queries):
    before = numbers()

    with django_assert_num_queries(13):
        printed = printed_by("load_demo")

    assert numbers() == before
    assert printed == ["Alle Demofälle sind schon geladen.", *demo_people.logins()]


def test_second_load_leaves_what_people_changed():
    workflow.take(case("demo-ozg-hessisches-kegelspiel"), "undo", by=person("sachbearbeitung"), reason="Rückfrage.")
    Budget.objects.filter(year=2026).update(allocated=Decimal(1))
    User.objects.filter(pk=person("revision").pk).update(first_name="Rosa", password="!")

    printed_by("load_demo")

    assert case("demo-ozg-hessisches-kegelspiel").state == State.AGREEMENT_SIGNED
    assert Budget.objects.get(year=2026).allocated == 1
    assert (person("revision").first_name, person("revision").password) == ("Rosa", "!")


def test_load_is_refused_beside_a_real_case():
    open_by_hand("Neuer Bauhof")
    before = numbers()

    with pytest.raises(CommandError) as refusal:
        call_command("load_demo")

    assert str(refusal.value) == (
        "Hier steht 1 echter Fall. Demodaten werden nicht daneben geladen. Bitte benutzen Sie dafür eine leere "
        "Datenbank."
    )
    assert numbers() == before


def test_start_beside_a_real_case_says_so_and_goes_on():
    open_by_hand("Neuer Bauhof")
    open_by_hand("Neues Archiv")
    before = numbers()

    printed = printed_by("load_demo", or_skip=True)

    assert printed == [
        "Hier stehen 2 echte Fälle. Demodaten werden nicht daneben geladen. Bitte benutzen Sie dafür eine leere "
        "Datenbank."
    ]
    assert numbers() == before


def test_load_is_refused_where_other_hosts_are_served(settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1", "ikz.example"]

    with pytest.raises(CommandError) as refusal:
        call_command("load_demo")

    assert str(refusal.value) == (
        "Dieser Rechner bedient auch ikz.example (IKZ_HOSTS). Demodaten und Demokonten mit bekanntem Kennwort gibt es nur "
        "auf Rechnern, die allein sich selbst bedienen."
    )


# ── Published grants ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_published_amount_is_a_decided_case():
    published = {case_uuid(record["key"]): Decimal(record["amount_eur"]) for record in REAL if record["amount_eur"]}

    taken_over = Application.objects.filter(state=State.APPROVED, taken_over_at__isnull=False)

    assert {
        each.application.uuid: each.amount for each in Decision.objects.filter(application__in=taken_over)
    } == published
    assert taken_over.count() == 40
    assert Decision.objects.filter(application__in=taken_over).exclude(budget=None).count() == 0


def test_every_amount_equals_the_proposal_or_says_why_not():
    deviating = {
        each.title: (each.proposed, each.granted) for each in demo_real_cases.comparison() if not each.is_equal
    }

    assert deviating == {
        "Machbarkeitsstudie zur Fusion von Neuberg und Erlensee": (None, 50_000),
        "Gemeinsame Anstalt Dienstleistungsbetrieb (Bauhöfe)": (50_000, 20_000),
        "Cybersicherheit im Landkreis Gießen": (100_000, 150_000),
        "Zentrales Fördermittelmanagement im Landkreis Gießen": (100_000, 150_000),
        "Gemeinsame Informationssicherheitsstelle von sieben Landkreisen": (100_000, 150_000),
        "Machbarkeitsstudie Berkatal, Wehretal, Meißner und Weißenborn": (None, 50_000),
        "Machbarkeitsstudie zur Zusammenarbeit im Rheingau": (None, 70_000),
    }
    assert [each.reason != "" for each in demo_real_cases.comparison()] == [
        not each.is_equal for each in demo_real_cases.comparison()
    ]


@pytest.mark.parametrize(
    ("key", "decision", "history"),
    [
        (
            "foerdermittelmanagement-giessen",
            "abweichend festgesetzt, siehe Quelle: https://www.lkgi.de/aktuelles/150-000-euro-fuer-foerdermittelmanagement-"
            "des-landkreises/ (erhöht wegen des innovativen Charakters)",
            "abweichend festgesetzt, siehe Quelle: https://www.lkgi.de/aktuelles/150-000-euro-fuer-foerdermittelmanagement-"
            "des-landkreises/ (erhöht wegen des innovativen Charakters)",
        ),
        (
            "cybersicherheit-giessen",
            "abweichend festgesetzt, siehe Quelle: https://innen.hessen.de/presse/landkreis-giessen-erhaelt-150000-euro-"
            "foerderung",
            "abweichend festgesetzt, siehe Quelle: https://innen.hessen.de/presse/landkreis-giessen-erhaelt-150000-euro-"
            "foerderung",
        ),
        ("gvv-ulstertal", "", "Quelle: https://gruene-fulda.de/foerderung-fuer-gemeindeverwaltungsverband-ulstertal/"),
    ],
)
def test_source_stands_in_the_history_and_beside_a_deviating_amount(key, decision, history):
    application = case(key)

    assert application.decision.reason == decision
    assert application.history.get(step="take_over").reason == history


@pytest.mark.parametrize(
    ("key", "units", "lead", "received_on", "version"),
    [
        ("gvv-feldatal-grebenau-romrod-schwalmtal", 4, "Feldatal", "2016-01-01", "2004-01-01"),
        ("archivverbund-hersfeld-rotenburg", 16, "Landkreis Hersfeld-Rotenburg", "2021-01-01", "2016-12-02"),
        ("feuerwehr-hopfelde-hollstein", 2, "Hessisch Lichtenau, Stadt", "2024-01-01", "2021-12-07"),
        ("beitritt-gemeindekasse-schwarzenborn", 1, "Schwarzenborn, Stadt", "2019-01-01", "2016-12-02"),
        ("cybersicherheit-giessen", 19, "Landkreis Gießen", "2023-01-01", "2021-12-07"),
        ("gruenderzentrum-schwalm-eder", 11, "Zweckverband Schwalm", "2025-01-01", "2021-12-07"),
    ],
)
def test_published_case_has_its_units_lead_and_version(key, units, lead, received_on, version):
    application = case(key)

    assert (application.units, application.lead.display_name) == (units, lead)
    assert application.received_on.isoformat() == received_on
    assert application.variant.programme.valid_from.isoformat() == version


def test_bodies_that_the_register_lacks_are_free_and_name_their_source():
    free = Municipality.objects.filter(ags=None)

    assert sorted(free.filter(kind="association").values_list("name", flat=True)) == [
        "Zweckverband Schwalm",
        "Zweckverband Schwalm-Eder-Mitte",
        "Zweckverband Schwalm-Eder-West",
    ]
    assert Counter(body.name.partition("(")[2].rstrip(")") for body in free.filter(kind="other_body")) == {
        "Cybersicherheit im Landkreis Gießen": 18,
        "Machbarkeitsstudie zur Zusammenarbeit im Rheingau": 7,
    }
    assert all("Quelle: " in body.note for body in free)


def test_lead_that_nobody_names_stays_open():
    assert case("machbarkeitsstudie-rheingau").lead is None


@pytest.mark.parametrize(
    ("key", "note"),
    [
        (
            "gvv-ulstertal",
            "Eingangsdatum nicht veröffentlicht: Als Tag des Eingangs und der Entscheidung steht der 1. Januar des Jahres. "
            "Das Jahr ist aus der Quelle erschlossen.\n"
            "Quelle: https://gruene-fulda.de/foerderung-fuer-gemeindeverwaltungsverband-ulstertal/",
        ),
        (
            "ausbildung-niestetal",
            "Bescheid an die Gemeinde Niestetal übergeben.\n"
            "Eingangsdatum nicht veröffentlicht: Als Tag des Eingangs und der Entscheidung steht der 1. Januar des Jahres.\n"
            "Quelle: https://innen.hessen.de/presse/pressearchiv/stefan-sauer-uebergibt-drei-foerderbescheide-an-die-"
            "gemeinde-niestetal",
        ),
        (
            "beitritt-kasse-rheingau-kiedrich",
            "Zusätzlich zu den 100.000 €, die die fünf ersten Mitglieder schon erhalten hatten.\n"
            "Eingangsdatum und Jahr nicht veröffentlicht: Als Tag der Entscheidung steht ersatzweise der Tag vor der "
            "Übernahme.\n"
            "Quelle: petra-mueller-klepper.de/aktuelles/verbunderweiterung-im-rheingau-wird-gefoerdert/",
        ),
    ],
)
def test_note_says_which_dates_are_not_published(key, note):
    assert case(key).note == note


def test_unknown_year_leaves_the_receipt_open():
    assert case("beitritt-kasse-rheingau-kiedrich").received_on is None


def test_comparison_counts_equal_and_deviating_amounts():
    printed = printed_by("compare_real_cases")

    assert printed[0] == "2013  standard      5         100.000 €   100.000 €  Gemeinsame Kasse und Steueramt Rheingau"
    assert printed[-1] == "40 Fälle: 33 wie berechnet, 7 abweichend festgesetzt."
    assert len(printed) == 40 + 7 + 1


# ── Running cases ─────────────────────────────────────────────────────────────────────────────────────────────────────


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
        "enough_participants": "Es sind 2 Körperschaften beteiligt, verlangt sind 3. Bitte nehmen Sie weitere auf oder "
        "begründen Sie schriftlich, warum 2 genügen.",
        "resolutions_present": "Sinn hat nicht zugestimmt. Ein neuer, zustimmender Beschluss ist nötig.",
    },
    "demo-ordnungsbehoerdenbezirk-weiltal": {
        "agreement_signed": "Weilrod hat am 11.05.2026 unterschrieben, aber erst am 21.05.2026 beschlossen. Bitte klären Sie, "
        "ob die Unterschrift wiederholt wurde.",
        "term_long_enough": "Die Vereinbarung endet am 31.12.2030. Verlangt sind mindestens 5 Jahre, also eine Laufzeit bis "
        "31.12.2031 oder länger.",
    },
    "demo-kasse-diemel-twiste": {
        "term_long_enough": "Die Vereinbarung ist unbefristet oder läuft länger als 10 Jahre. Bitte bestätigen Sie, dass sie "
        "die Kündigung regelt (KGG § 24).",
        "supervisory_acts_done": "Es fehlen die Genehmigung der Aufsichtsbehörde mit Behörde, Datum und Aktenzeichen und die "
        "öffentliche Bekanntmachung mit Ort und Datum (KGG § 26).",
    },
    "demo-personalservice-kinzigtal": {
        "saving_reached": "Eingespart werden 14,99 % (61.758,80 € im Jahr), verlangt sind mindestens 15,00 % der bisherigen "
        "Ausgaben.",
    },
    "demo-foerdermittel-westerwald": {
        "saving_reached": "In der Ausgabentabelle fehlen die bisherigen Ausgaben von Breitscheid.",
        "corrections_closed": "Noch offen: „Personalausgaben im Jahr 2025 und Sachausgaben im Jahr 2025“ (fällig am "
        "30.10.2026) und „Personal- und Sachausgaben nach Beginn der Zusammenarbeit“ (fällig am 30.10.2026).",
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
        2026: (700_000, 560_000),
        2027: (2_200_000, 2_200_000),
    }


def test_grants_of_the_running_cases():
    granted = Decision.objects.exclude(budget=None).order_by("application__pk")

    assert [(each.application.variant.code, each.amount, each.proposed_amount) for each in granted] == [
        ("accession", 25_000, 25_000),
        ("fire_brigade", 30_000, 30_000),
        ("preparation", 40_000, None),
        ("standard", 75_000, 75_000),
    ]


def test_accession_refers_to_the_published_case():
    assert case("demo-beitritt-kasse-knuellwald").earlier_case == case("beitritt-gemeindekasse-schwarzenborn")


def test_correction_was_asked_for_before_it_fell_due():
    requests = CorrectionRequest.objects.order_by("pk")

    assert [((each.due_on - each.requested_at.date()).days, each.is_open) for each in requests] == [
        (28, True),
        (28, True),
        (28, False),
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


# ── People and evidence ───────────────────────────────────────────────────────────────────────────────────────────────


def test_history_of_every_case_is_proved():
    assert [proof.broken for proof in map(prove, Application.objects.all())] == [None] * 57


def test_nobody_decided_what_they_checked():
    decided = Application.objects.exclude(checked_by=None).exclude(approved_by=None, rejected_by=None)

    pairs = {(each.checked_by.email, (each.approved_by or each.rejected_by).email) for each in decided}

    assert pairs == {("sachbearbeitung@ikz.example", "bewilligung@ikz.example")}


def test_every_change_of_a_case_has_an_actor():
    changes = FieldChange.objects.exclude(application=None)

    assert sorted(changes.values_list("actor__email", flat=True).distinct().order_by()) == [
        demo_marks.LOADER,
        "sachbearbeitung2@ikz.example",
        "sachbearbeitung@ikz.example",
    ]


@pytest.mark.parametrize("account", demo_people.PEOPLE, ids=lambda account: account.address)
def test_demo_account_logs_in_with_the_printed_password_and_its_role(account, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    user = authenticate(username=account.email, password=demo_people.PASSWORD)

    assert user.email == account.email
    assert (user.is_staff, user.is_superuser) == (True, account.is_superuser)
    assert sorted(user.groups.values_list("name", flat=True)) == sorted(account.roles)
    validate_password(demo_people.PASSWORD, user)


def test_loader_cannot_log_in():
    loader = User.objects.get(email=demo_marks.LOADER)

    assert (loader.has_usable_password(), loader.is_staff, loader.is_superuser) == (False, False, False)
