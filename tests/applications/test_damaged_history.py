"""What the proof says of rows that the database's owner damaged: it names them and goes on with all others."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from applications import history_triggers
from applications.evidence import faults_outside_of_cases, prove
from tests.disposal_factories import DeletionFactory
from tests.factories import case_in

pytestmark = pytest.mark.django_db
DAMAGES = {
    "sqlite": {
        "no moment": "at = 'kaputt'",
        "no day": "at = '2026-02-31 10:00:00'",
        "a number": "at = 5",
        "half a letter": """findings = '["\\ud800"]'""",
        "bytes": "reason = X'ff'",
        "no letters": "reason = CAST(X'ff' AS TEXT)",
    },
    "postgresql": {
        "end of time": "at = 'infinity'",
        "beginning of time": "at = '-infinity'",
        "before Christ": "at = '0044-03-15 BC'",
        "too deep": f"data = '{'[' * 5_000}{']' * 5_000}'",
    },
}[connection.vendor]
DAMAGE = next(iter(DAMAGES.values()))
SEALS = ['"kaputt"', '[["kaputt", "a"]]', "[[5, 6]]", '[["2010-05-01T09:00:00", "a"]]', "[[]]"]


@pytest.fixture(autouse=True)
def no_triggers():
    """As the owner of the database could; rolled back, because no test may end with foreign keys that lead nowhere."""
    with transaction.atomic():
        history_triggers.remove(connection)
        yield
        transaction.set_rollback(True)


def execute(sql, *values):
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def verify(*arguments):
    out = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("verify_history", *arguments, stdout=out)
    return out.getvalue().splitlines(), str(refusal.value)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_entry_that_cannot_be_read_is_named_and_the_other_cases_are_proved(damage):
    damaged, changed = case_in("agreement_signed"), case_in("resolutions_collected")

    execute(f"UPDATE applications_entry SET {damage} WHERE application_id = %s AND sequence = 2", damaged.pk)  # noqa: S608
    execute("UPDATE applications_entry SET reason = 'anders' WHERE application_id = %s AND sequence = 1", changed.pk)

    assert verify() == (
        [
            f"{damaged.file_number}: Eintrag 2 ist nicht lesbar.",
            f"{changed.file_number}: Eintrag 1 („Fall angelegt“) wurde verändert.",
        ],
        "2 Fälle sind beschädigt.",
    )


def test_first_fault_counts_where_a_later_entry_cannot_be_read():
    case = case_in("agreement_signed")

    execute("UPDATE applications_entry SET reason = 'anders' WHERE sequence = 1")
    execute(f"UPDATE applications_entry SET {DAMAGE} WHERE sequence = 3")  # noqa: S608

    assert prove(case).broken == "Eintrag 1 („Fall angelegt“) wurde verändert."


def test_of_a_case_nothing_is_read_that_the_proof_does_not_need():
    case = case_in("drafted")

    execute(f"UPDATE applications_application SET {DAMAGE.replace('at', 'state_since', 1)} WHERE id = %s", case.pk)  # noqa: S608

    call_command("verify_history", stdout=StringIO())


def test_entry_that_was_moved_to_a_case_that_does_not_exist_is_named():
    case = case_in("agreement_signed")

    execute("UPDATE applications_entry SET application_id = 999999 WHERE sequence = 2")

    assert verify() == (
        [
            f"{case.file_number}: Eintrag 2 fehlt; es folgt Eintrag 3.",
            "Eintrag 2 gehört zu einem Fall, den es nicht gibt (Schlüssel 999999); auch ein Löschnachweis fehlt.",
        ],
        "2 Fälle sind beschädigt.",
    )


def test_entries_whose_case_is_gone_are_named():
    gone, stays = case_in("agreement_signed"), case_in("drafted")

    execute("DELETE FROM applications_application WHERE id = %s", gone.pk)

    assert verify() == (
        [
            f"Die Einträge 1, 2 und 3 gehören zu einem Fall, den es nicht gibt (Schlüssel {gone.pk}); "
            "auch ein Löschnachweis fehlt."
        ],
        "1 Fall ist beschädigt.",
    )
    assert prove(stays).broken is None


def test_entry_that_was_moved_to_a_deleted_file_is_named():
    case_in("drafted")
    record = DeletionFactory()

    execute("UPDATE applications_entry SET application_id = %s", record.application_key)

    assert verify()[0][1:] == [
        f"Eintrag 1 gehört zu einem Fall, der laut Löschnachweis {record.file_number} mit allen Einträgen gelöscht ist."
    ]


@pytest.mark.parametrize("seals", SEALS)
def test_record_of_deletion_that_cannot_be_read_is_named(seals):
    record = DeletionFactory()

    execute("UPDATE applications_deletion SET seals = %s", seals)

    assert verify() == ([f"{record.file_number}: Der Löschnachweis ist nicht lesbar."], "1 Fall ist beschädigt.")


@pytest.mark.parametrize("rows", [1, 3])
def test_looking_beside_the_cases_costs_the_same_for_any_number_of_faults(django_assert_num_queries, rows):
    for _ in range(rows):
        case_in("drafted")
    execute("UPDATE applications_entry SET application_id = application_id + 900000")

    with django_assert_num_queries(3):
        assert len(faults_outside_of_cases()) == rows


@pytest.mark.parametrize("text", ["kaputt", "2026-02-31", "heute", ""])
def test_day_that_is_none_is_refused_in_german(text):
    assert verify("--until", text) == (
        [],
        f"„{text}“ ist kein Datum. Bitte schreiben Sie es als JJJJ-MM-TT.",
    )


def test_day_is_read_as_before():
    out = StringIO()
    call_command("verify_history", "--until", date(2026, 11, 20).isoformat(), stdout=out)

    assert out.getvalue().startswith("0 Fälle mit 0 Einträgen: unverändert.\nAnker: ")
