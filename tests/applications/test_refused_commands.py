"""Commands that libraries bring and that would delete or overwrite evidence: here they refuse."""

import sys

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import connection

from applications.models import Entry, FieldChange
from tests.factories import case_in

pytestmark = pytest.mark.django_db
KEPT = (
    "Die Feldänderungen belegen, wer was geändert hat, und werden nicht gelöscht. Sie gehen allein mit ihrer Akte; "
    "deren Löschung beginnt auf der Seite des Falls."
)
KINDS_KEPT = (
    "Mit den Arten von Datensätzen, die es nicht mehr gibt, gingen deren Feldänderungen verloren; sie werden nicht "
    "gelöscht. Die übrig gebliebenen Arten stören nicht, und nichts ist zu tun."
)
NO_OTHER_WAY = (
    "Dieser Befehl schriebe an Schritten und Prüfungen vorbei, auch in die Feldänderungen. Kommunen lesen Sie mit "
    "manage.py import_register DATEI ein, alles andere in der Verwaltung."
)


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (["auditlogflush", "-y"], KEPT),
        (["auditlogflush", "--truncate", "--yes"], KEPT),
        (["auditlogflush", "-y", "--before-date", "2030-01-01"], KEPT),
        (["remove_stale_contenttypes", "--no-input", "--include-stale-apps"], KINDS_KEPT),
        (["import", "applications.FieldChange", "/dev/null", "--no-input"], NO_OTHER_WAY),
    ],
)
def test_field_changes_stay(command, refusal):
    case_in("drafted").cooperation.save()
    FieldChange.objects.update(content_type=ContentType.objects.create(app_label="applications", model="gone"))
    before = FieldChange.objects.count()

    with pytest.raises(CommandError) as refused:
        call_command(*command)

    assert str(refused.value) == refusal
    assert FieldChange.objects.count() == before > 0


@pytest.mark.parametrize("name", ["auditlogflush", "remove_stale_contenttypes", "import"])
def test_ours_is_found_before_the_library_s(name):
    assert get_commands()[name] == "applications"
    assert load_command_class("applications", name).help.startswith("Lehnt ab: ")


def test_emptying_the_whole_database_is_refused_by_the_triggers():
    case_in("drafted")
    connection.check_constraints()  # PostgreSQL empties nothing while checks of this transaction are pending

    with pytest.raises(CommandError, match="couldn't be flushed") as refused:
        call_command("flush", "--no-input")

    assert "append-only: applications_entry" in str(refused.value.__cause__)
    assert Entry.objects.count() == 1


def test_field_changes_have_no_page_of_their_own():
    assert "auditlog.admin" in sys.modules
    assert not admin.site.is_registered(FieldChange)
