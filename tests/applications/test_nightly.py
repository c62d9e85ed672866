"""The work of the night: a set, a proof, and no more old sets than the rule keeps."""

import json
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from applications import backup, backup_sets, history_triggers
from applications.management.commands.nightly import REFUSED
from applications.models import StoredFile
from tests.factories import StoredFileFactory, case_in

NIGHT = date(2026, 10, 1)


# ── The rule ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def days_back(*numbers):
    return [NIGHT - timedelta(days=number) for number in numbers]


def test_after_400_nights_there_are_sets_of_seven_days_four_weeks_and_twelve_months():
    kept = set()
    for number in range(400, -1, -1):
        kept = backup_sets.to_keep({*kept, NIGHT - timedelta(days=number)})

    weeks = [date(2026, 9, 27), date(2026, 9, 20), date(2026, 9, 13)]  # the Sundays; the week itself has its newest day
    months = [date(2025, month + 1, 1) - timedelta(days=1) for month in (11,)] + [date(2025, 12, 31)]
    months += [date(2026, month + 1, 1) - timedelta(days=1) for month in range(1, 10)]
    assert sorted(kept) == sorted({*days_back(*range(7)), *weeks, *months})


def test_where_no_set_was_made_for_long_the_old_ones_stay():
    old = [date(2020, 1, 1) + timedelta(days=number) for number in range(5)]

    assert backup_sets.to_keep(old) == set(old)


@pytest.fixture
def sets(tmp_path):
    """Finished sets of thirty nights; returns their folder."""
    for day in days_back(*range(30)):
        finished(tmp_path / "sets" / day.isoformat())
    return tmp_path / "sets"


def finished(folder):
    (folder / backup.DOCUMENTS).mkdir(parents=True)
    (folder / backup.SEAL).touch()
    write_manifest(folder)


def write_manifest(folder, **changed):
    (folder / backup.MANIFEST).write_text(json.dumps(asdict(backup.Manifest("sqlite", "", [])) | changed))


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_old_sets_go_and_the_others_stay(sets):
    every = names(sets)

    removed = backup_sets.remove_old(sets)

    kept = {*days_back(*range(7)), date(2026, 9, 27), date(2026, 9, 20), date(2026, 9, 13), date(2026, 9, 30)}
    assert names(sets) == {day.isoformat() for day in kept}
    assert set(removed) == every - names(sets)


@pytest.mark.parametrize("name", ["2026-09-05-before", "20260905", "andere"])
def test_what_is_no_set_of_a_night_is_left_alone(sets, name):
    finished(sets / name)

    backup_sets.remove_old(sets)

    assert name in names(sets)


def test_set_that_is_not_finished_and_a_link_are_left_alone(sets, tmp_path):
    (sets / "2026-09-03" / backup.MANIFEST).unlink()
    (sets / "2026-09-04" / backup.SEAL).unlink()
    finished(tmp_path / "elsewhere")
    (sets / "2020-01-01").symlink_to(tmp_path / "elsewhere")

    backup_sets.remove_old(sets)

    assert {"2026-09-03", "2026-09-04", "2020-01-01"} <= names(sets)
    assert names(tmp_path / "elsewhere") == {backup.MANIFEST, backup.SEAL, backup.DOCUMENTS}


def test_set_from_before_there_was_a_seal_goes_like_the_others(sets):
    (sets / "2026-09-03" / backup.SEAL).unlink()
    write_manifest(sets / "2026-09-03", format=backup.UNSEALED)

    assert "2026-09-03" in backup_sets.remove_old(sets)
    assert "2026-09-03" not in names(sets)


@pytest.mark.parametrize("steps", [1, 2])
def test_removal_that_is_interrupted_leaves_no_set_that_looks_finished(sets, monkeypatch, steps):
    """Where two files go before the rest of a folder."""
    touched, unlink = [], Path.unlink

    def interrupted(path, **options):
        if len(touched) == steps:
            raise KeyboardInterrupt
        touched.append(path.parent)
        unlink(path, **options)

    monkeypatch.setattr(Path, "unlink", interrupted)
    monkeypatch.setattr(backup_sets.shutil, "rmtree", interrupted)
    with pytest.raises(KeyboardInterrupt):
        backup_sets.remove_old(sets)

    assert touched == [touched[0]] * steps
    assert not backup.is_finished(touched[0])


def test_nothing_goes_while_a_set_cannot_be_read(sets):
    (sets / "2026-09-03" / backup.SEAL).unlink()
    (sets / "2026-09-03" / backup.MANIFEST).write_text("{")
    before = names(sets)

    with pytest.raises(backup.SetRefused, match="ist nicht lesbar"):
        backup_sets.remove_old(sets)

    assert names(sets) == before


# ── The command ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def night(sets, caplog):
    """Call it for a night, after those of `sets`; returns what the log says."""
    caplog.set_level("INFO", logger="applications.management.commands.nightly")

    def does():
        with time_machine.travel("2026-10-02T01:30:00+00:00", tick=False):
            call_command("nightly", str(sets))
        return caplog.messages

    return does


@pytest.mark.django_db(transaction=True)
def test_night_backs_up_proves_tells_the_anchor_and_tidies(night, sets):
    case_in("approved")

    said = night()

    assert backup.read(sets / "2026-10-02", tell=print).lost == []
    assert said[0] == "Datenbank gesichert."
    assert [line for line in said if line.startswith("1 Fall mit")] != []
    assert [line.partition(" ")[0] for line in said][-2:] == ["Anker:", "22"]
    assert "2026-09-25" not in names(sets)


@pytest.mark.django_db(transaction=True)
def test_second_run_of_a_night_makes_no_second_set(night, sets):
    night()
    made = (sets / "2026-10-02" / backup.MANIFEST).read_bytes()

    night()

    assert (sets / "2026-10-02" / backup.MANIFEST).read_bytes() == made


@pytest.mark.django_db(transaction=True)
def test_lost_document_is_an_error_and_no_old_set_goes(night, sets, settings, caplog):
    stored = StoredFileFactory(application=case_in("approved"))
    (settings.MEDIA_ROOT / StoredFile.objects.get(pk=stored.pk).file.name).unlink()
    before = names(sets)

    with pytest.raises(CommandError, match=REFUSED):
        night()

    assert names(sets) == before | {"2026-10-02"}
    assert [record.levelname for record in caplog.records if "ließ sich nicht sichern" in record.message] == ["ERROR"]
    assert [line for line in caplog.messages if line.startswith("Anker: ")] != []


@pytest.mark.django_db(transaction=True)
def test_second_run_of_a_night_that_lost_a_document_fails_like_the_first(night, sets, settings, caplog):
    stored = StoredFileFactory(application=case_in("approved"))
    (settings.MEDIA_ROOT / stored.file.name).unlink()
    before = names(sets)

    for _ in range(2):
        with pytest.raises(CommandError, match=REFUSED):
            night()

    assert names(sets) == before | {"2026-10-02"}
    assert f"Der Sicherung in {sets / '2026-10-02'} fehlt ein Dokument: {stored.file.name}" in caplog.messages


@pytest.mark.django_db(transaction=True)
def test_changed_history_is_an_error_and_no_old_set_goes(night, sets, caplog):
    case = case_in("approved")
    history_triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE applications_entry SET reason = 'anders' WHERE application_id = %s", [case.pk])
    history_triggers.install(connection)
    before = names(sets)

    with pytest.raises(CommandError, match=REFUSED):
        night()

    assert names(sets) == before | {"2026-10-02"}
    assert caplog.messages[-1] == "1 Fall ist beschädigt."
