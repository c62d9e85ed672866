"""The history is evidence: nobody changes it, not even the database's owner without a trace."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
import time_machine
from auditlog.context import set_actor
from django.contrib.auth.models import Group
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from applications import history_triggers, workflow
from applications.models import Entry, FieldChange
from tests.factories import (
    STEPS_TO,
    ApplicationFactory,
    BudgetFactory,
    CooperationFactory,
    ParticipantFactory,
    StoredFileFactory,
    UserFactory,
    case_in,
    clerk,
    decider,
)

pytestmark = pytest.mark.django_db
UPDATE = "UPDATE applications_entry SET reason = 'anders' WHERE sequence = 2"
DELETE = "DELETE FROM applications_entry WHERE sequence = 2"
TRUNCATE = "TRUNCATE applications_entry CASCADE"
REPLACE = "INSERT OR REPLACE INTO applications_entry SELECT * FROM applications_entry WHERE sequence = 1"


def execute(sql):
    connection.check_constraints()  # PostgreSQL keeps the checks of this transaction until its end, and truncates nothing before
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def tamper(sql):
    """As the owner of the database could: without triggers."""
    history_triggers.remove(connection)
    execute(sql)
    history_triggers.install(connection)


def verify(**options):
    out = StringIO()
    call_command("verify_history", stdout=out, **options)
    return out.getvalue()


def verify_broken(**options):
    out = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("verify_history", stdout=out, **options)
    return out.getvalue(), str(refusal.value)


@pytest.mark.parametrize("sql", [UPDATE, DELETE, TRUNCATE if connection.vendor == "postgresql" else REPLACE])
def test_database_refuses_to_change_the_history(sql):
    case_in("resolutions_collected")

    with pytest.raises(DatabaseError, match="append-only: applications_entry"):
        execute(sql)

    assert Entry.objects.count() == 2


def test_code_refuses_to_change_the_history():
    entry = ApplicationFactory().history.get()
    refusals = [entry.save, entry.delete, Entry.objects.all().delete, lambda: Entry.objects.update(reason="anders")]

    for refused in refusals:
        with pytest.raises(ValidationError) as refusal:
            refused()
        assert refusal.value.messages == ["Die Verfahrensgeschichte kann nicht geändert werden."]


def test_every_step_adds_one_entry_to_the_chain():
    application = case_in("completed")

    entries = list(application.history.all())

    assert [entry.step for entry in entries] == ["open_case", *STEPS_TO["completed"]]
    assert [entry.sequence for entry in entries] == [1, 2, 3, 4, 5, 6, 7]
    assert [entry.previous_hash for entry in entries] == ["0" * 64, *(entry.hash for entry in entries[:-1])]
    assert [(entry.source, entry.target) for entry in entries][-2:] == [("approved", "paid"), ("paid", "completed")]


def test_the_hash_survives_the_database():
    application = case_in("checked", by=clerk(first_name="Jörg", last_name="Müßig"))
    BudgetFactory()
    application = workflow.take(
        application,
        "approve",
        by=decider(first_name="Änne"),
        amount=Decimal("60000.50"),
        year=timezone.localdate().year,
        reason="Größe „maßvoll“ 🙂\n\tzweite Zeile",
    )

    assert [entry.digest() for entry in application.history.all()] == [
        entry.hash for entry in application.history.all()
    ]
    assert application.history.last().data["answers"]["amount"] == "60000.50"
    assert verify(case=application.file_number) == "1 Fall mit 5 Einträgen: unverändert.\n"


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        (UPDATE, "Eintrag 2 („Beschlüsse vollständig“) wurde verändert."),
        (
            "UPDATE applications_entry SET by_name = 'Wer anders' WHERE sequence = 1",
            "Eintrag 1 („Fall angelegt“) wurde verändert.",
        ),
        (DELETE, "Eintrag 2 fehlt; es folgt Eintrag 3."),
        ("DELETE FROM applications_entry WHERE sequence = 1", "Eintrag 1 fehlt; es folgt Eintrag 2."),
        (
            "UPDATE applications_entry SET previous_hash = 'x' WHERE sequence = 3",
            "Eintrag 3 („Vereinbarung vollständig“) schließt nicht an seinen Vorgänger an.",
        ),
        (
            "DELETE FROM applications_entry WHERE sequence = 3",
            "Der Fall steht auf „Vereinbarung unterschrieben“, der letzte Eintrag (2 Einträge) führt nach „Beschlüsse liegen vor“.",
        ),
        ("DELETE FROM applications_entry", "Der Fall hat keine Verfahrensgeschichte."),
    ],
)
def test_the_first_broken_entry_is_named(sql, fault):
    application = case_in("agreement_signed")

    tamper(sql)

    assert verify_broken() == (f"{application.file_number}: {fault}\n", "1 Fall ist beschädigt.")


def test_every_broken_case_is_named():
    applications = [case_in("resolutions_collected") for _ in range(2)]

    tamper(UPDATE)

    lines = [f"{each.file_number}: Eintrag 2 („Beschlüsse vollständig“) wurde verändert.\n" for each in applications]
    assert verify_broken() == ("".join(lines), "2 Fälle sind beschädigt.")


def test_unknown_case():
    assert verify_broken(case="IKZ-1999-0001") == (
        "",
        "Den Fall IKZ-1999-0001 gibt es nicht. Bitte prüfen Sie das Aktenzeichen.",
    )


def test_nothing_to_verify():
    assert verify() == f"0 Fälle mit 0 Einträgen: unverändert.\nAnker: {hashlib.sha256(b'').hexdigest()}\n"


def test_the_anchor_stands_for_all_heads():
    head = case_in("resolutions_collected").history.last()
    expected = hashlib.sha256(f"{head.application.file_number} 2 {head.hash}\n".encode()).hexdigest()

    assert verify() == f"1 Fall mit 2 Einträgen: unverändert.\nAnker: {expected}\n"


def test_the_anchor_of_a_day_stays_and_betrays_what_was_removed():
    day = date(2026, 11, 20)
    with time_machine.travel("2026-11-20T10:00:00+01:00", tick=False):
        first = case_in("drafted")
        workflow.take(first, "withdraw", by=first.clerk, reason="Schreiben.")
        workflow.take(first, "undo", by=first.clerk, reason="Widerspruch der Kommune.")
    printed = verify(until=day).splitlines()[-1]
    case_in("drafted")

    unchanged = verify(until=day).splitlines()[-1]
    # Both entries lead back to where the case stands: the chain alone does not notice.
    tamper(f"DELETE FROM applications_entry WHERE application_id = {first.pk} AND sequence > 1")  # noqa: S608
    tampered = verify(until=day)

    assert unchanged == printed
    assert tampered.splitlines()[0] == "2 Fälle mit 2 Einträgen: unverändert."
    assert tampered.splitlines()[-1] != printed
    assert verify(until=day - timedelta(days=1)).splitlines()[-1] == f"Anker: {hashlib.sha256(b'').hexdigest()}"


def test_system_check_reports_missing_triggers_and_the_command_repairs_them():
    names = {
        "sqlite": "entry_no_delete, entry_no_replace, entry_no_update",
        "postgresql": "entry_no_change, entry_no_truncate",
    }[connection.vendor]
    out = StringIO()

    def errors():
        return [each.msg for each in run_checks(databases=["default"]) if each.id == "applications.E001"]

    assert errors() == []
    history_triggers.remove(connection)
    assert errors() == [f"Der Verfahrensgeschichte fehlen Trigger: {names}."]
    call_command("repair_history_triggers", stdout=out)
    call_command("repair_history_triggers", stdout=out)
    assert errors() == []
    assert out.getvalue() == f"Angelegt: {names}.\nAlle Trigger sind vorhanden.\n"


def test_field_change_carries_case_and_actor():
    application, actor = ApplicationFactory(), clerk()
    participant = application.cooperation.participants.first()

    with set_actor(actor):
        participant.personnel_before = Decimal("1234.50")
        participant.save()

    change = FieldChange.objects.latest("pk")
    assert (change.application, change.actor) == (application, actor)
    assert change.changes == {"personnel_before": ["None", "1234.50"]}


def test_removed_participant_stays_in_the_field_changes_of_its_case():
    application = ApplicationFactory()
    removed = ParticipantFactory(cooperation=application.cooperation)

    removed.delete()

    change = FieldChange.objects.latest("pk")
    assert (change.application, change.object_repr) == (application, str(removed.municipality))
    assert change.action == FieldChange.Action.DELETE


def test_field_change_without_a_case():
    CooperationFactory(participants=0)

    assert FieldChange.objects.latest("pk").application is None


def test_roles_that_are_given_and_taken_are_kept_with_their_actor():
    actor, person = UserFactory(), UserFactory(roles=["Revision"])

    with set_actor(actor):
        person.groups.set(Group.objects.filter(name="Haushalt"))

    taken, given = FieldChange.objects.filter(changes__has_key="groups", object_pk=str(person.pk)).order_by("pk")[1:]
    assert [each.actor for each in (taken, given)] == [actor, actor]
    assert [each.object_repr for each in (taken, given)] == [str(person)] * 2
    assert taken.changes == {"groups": {"type": "m2m", "operation": "delete", "objects": ["Revision"]}}
    assert given.changes == {"groups": {"type": "m2m", "operation": "add", "objects": ["Haushalt"]}}


def test_passwords_and_file_contents_are_never_logged():
    user = UserFactory()
    user.set_password("ein-geheimes-Wort")
    user.first_name = "Neu"
    user.save()
    StoredFileFactory(application=case_in("drafted"))

    fields = {name for change in FieldChange.objects.all() for name in change.changes}

    assert "first_name" in fields
    assert "original_name" in fields
    assert fields & {"password", "last_login", "file_path", "sha256", "uuid", "state"} == set()
    assert [change for change in FieldChange.objects.all() if user.password in str(change.changes)] == []
