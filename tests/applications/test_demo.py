from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command

from applications import workflow
from applications.demo import marks, people
from applications.evidence import prove
from applications.models import Application, Budget, Cooperation, FieldChange, TaskField
from applications.portal import start
from applications.states import State
from ikz.models import User
from tests.applications.demonstration import LOOPBACK, REAL, case, person, printed_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

NO_AMOUNT = [record["key"] for record in REAL if not record["amount_eur"]]


@pytest.fixture(autouse=True)
def _serves_only_itself(settings):
    """The test runner adds a host of its own."""
    settings.ALLOWED_HOSTS = LOOPBACK


def open_by_hand(title):
    """A case that a clerk opens beside the demonstration."""
    cooperation = Cooperation.objects.create(title=title, task_field=TaskField.objects.first())
    variant = case("demo-bauhof-kellerwald").variant
    Application.objects.open_case(cooperation=cooperation, variant=variant, by=person("sachbearbeitung"))


def numbers():
    """How many rows every table holds."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models(include_auto_created=True)}


# ── Loading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_process_runs_all_that_share_the_demonstration(request):
    """A group that pytest-xdist does not see is dealt out test by test, and every process loads everything."""
    deals_out_groups = getattr(request.config.option, "loadgroup", False)

    assert request.node.nodeid.endswith("@test_demo") == deals_out_groups


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
        *people.logins(),
    ]


def test_second_load_changes_nothing(django_assert_num_queries):
    before = numbers()

    with django_assert_num_queries(18):
        printed = printed_by("load_demo")

    assert numbers() == before
    assert printed == ["Alle Demofälle sind schon geladen.", *people.logins()]


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

    assert printed[:2] == [
        "Hier stehen 2 echte Fälle. Demodaten werden nicht daneben geladen. Bitte benutzen Sie dafür eine leere "
        "Datenbank.",
        "Demokonten:",
    ]
    assert numbers() == before


def test_load_is_refused_where_other_hosts_are_served(settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1", "ikz.example"]

    with pytest.raises(CommandError) as refusal:
        call_command("load_demo")

    assert str(refusal.value) == (
        "Dieser Rechner bedient auch ikz.example (IKZ_HOSTS). Demodaten und Demokonten mit bekanntem Passwort gibt es nur "
        "auf Rechnern, die allein sich selbst bedienen."
    )


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
        marks.LOADER,
        "sachbearbeitung2@ikz.example",
        "sachbearbeitung@ikz.example",
    ]


@pytest.mark.parametrize("account", people.PEOPLE, ids=lambda account: account.address)
def test_demo_account_logs_in_with_the_printed_password_and_its_role(account, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    user = authenticate(username=account.email, password=people.PASSWORD)

    assert user.email == account.email
    assert (user.is_staff, user.is_superuser) == (True, account.is_superuser)
    assert sorted(user.groups.values_list("name", flat=True)) == sorted(account.roles)
    validate_password(people.PASSWORD, user)


def test_loader_cannot_log_in():
    loader = User.objects.get(email=marks.LOADER)

    assert (loader.has_usable_password(), loader.is_staff, loader.is_superuser) == (False, False, False)


@pytest.mark.parametrize(
    ("address", "owed"),
    [
        ("gilserberg", ["Bitte laden Sie den Beschluss von Gilserberg hoch (Gemeindevertretung)."]),
        ("landrat", ["Bitte geben Sie Ihre Stellungnahme ab (Landrat des Rheingau-Taunus-Kreises)."]),
    ],
)
def test_accounts_outside_have_something_to_do(address, owed):
    user = authenticate(username=f"{address}@ikz.example", password=people.PASSWORD)

    cards = [start.card(case, user) for case in Application.objects.visible_to(user).with_group().with_turn()]

    assert [todo.text for card in cards for todo in card.owed] == owed


def test_lead_reads_whose_resolution_is_missing_before_the_agreement_is_asked_for():
    lead = authenticate(username="bad-zwesten@ikz.example", password=people.PASSWORD)
    cases = Application.objects.visible_to(lead).with_group().with_turn()

    sentences = [start.card(case, lead).sentence for case in cases]
    assert [each for each in sentences if each.startswith("Es fehlen noch Beschlüsse: Gilserberg.")]
