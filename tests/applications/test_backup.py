"""A set holds what it needs however much is written meanwhile; the evidence holds afterwards."""

import json
import os
import shutil
import subprocess
import sys
import threading
from io import StringIO

import pytest
from django.conf import settings as project_settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from applications import backup, database_dump
from applications.database_dump import DumpFailed
from applications.models import StoredFile
from tests import own_database
from tests.factories import ApplicationFactory, StoredFileFactory, case_in

pytestmark = pytest.mark.django_db(transaction=True)
DUMP = "database.pgdump" if connection.vendor == "postgresql" else "database.sqlite3"


def document(case, content):
    return StoredFileFactory(application=case, file=ContentFile(content, name="a.pdf"))


@pytest.fixture
def case():
    return case_in("approved")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "sicherung"


@pytest.fixture
def made(case, folder):
    document(case, b"eins")
    command("backup")(folder)
    return folder


def command(name):
    def run(*arguments):
        out = StringIO()
        call_command(name, *map(str, arguments), stdout=out)
        return out.getvalue().splitlines()

    return run


def read(folder):
    return backup.read(folder, tell=lambda sentence: None)


def documents(folder):
    return read(folder).documents


def refusal(name, *arguments):
    with pytest.raises(CommandError) as refused:
        command(name)(*arguments)
    return str(refused.value)


@pytest.fixture
def elsewhere(tmp_path):
    """Another installation, as the environment of its processes: an empty database and an empty store."""
    yield {**os.environ, "IKZ_VAR_DIR": str(tmp_path / "elsewhere"), "DATABASE_URL": _empty_database(tmp_path)}
    if connection.vendor == "postgresql":
        _execute(f"DROP DATABASE {_name_elsewhere()}")


def _empty_database(tmp_path):
    if connection.vendor == "sqlite":
        return f"sqlite:///{tmp_path}/elsewhere.sqlite3"
    _execute(f"CREATE DATABASE {_name_elsewhere()}")
    return own_database.of_the_same_server(_name_elsewhere())


def _name_elsewhere():
    """One for each process of the test run; they share a server."""
    return f"{connection.settings_dict['NAME']}_elsewhere"


def _execute(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def restored(elsewhere, *arguments):
    done = subprocess.run(
        [sys.executable, "manage.py", "restore", *map(str, arguments)],
        cwd=project_settings.BASE_DIR,
        env=elsewhere,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stderr == "" or done.returncode == 1
    return done.stderr.splitlines() or done.stdout.splitlines()


def test_set_holds_database_and_documents(case, folder):
    document(case, b"eins")
    known = {each.file.name for each in StoredFile.objects.all()}

    said = command("backup")(folder)

    manifest = json.loads((folder / "manifest.json").read_text())
    assert sorted(manifest["files"]) == sorted([DUMP, *(f"documents/{name}" for name in known)])
    assert said[0] == "Datenbank gesichert."
    assert said[1].startswith(f"{len(known)} Dokumente gesichert, zusammen mit der Datenbank ")
    assert (folder.stat().st_mode & 0o777, manifest["lost"]) == (0o700, [])


def test_restored_set_proves_its_evidence_and_goes_over_nothing_unless_told(made, elsewhere):
    said = restored(elsewhere, made)
    refused, again = restored(elsewhere, made), restored(elsewhere, made, "--replace")

    count = len(documents(made))
    assert said[:3] == [
        "Die Sicherung ist vollständig und unbeschädigt.",
        f"{count} Dokumente in der Ablage.",
        "Datenbank wiederhergestellt.",
    ]
    assert said[4].startswith("1 Fall mit ")
    assert said[4].endswith(": unverändert.")
    assert said[-1] == "Alle gesicherten Dokumente liegen unverändert in der Ablage."
    assert refused == [
        "CommandError: Die Datenbank ist nicht leer. Bitte nehmen Sie eine leere Datenbank; „--replace“ überschreibt, "
        "was darin ist."
    ]
    assert again[-1] == "Alle gesicherten Dokumente liegen unverändert in der Ablage."


def test_set_is_whole_while_others_write(case, folder, elsewhere):
    """Each row of the dump finds its document, although documents come all the time."""
    stop, written = threading.Event(), []

    def write():
        while not stop.is_set():
            written.append(document(case, f"Nummer {len(written)}".encode()).file.name)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            command("backup")(folder / str(number))
    finally:
        stop.set()
        writer.join()

    sets = [read(folder / str(number)) for number in range(3)]
    assert [each.lost for each in sets] == [[], [], []]
    assert len(sets[0].documents) < len(sets[1].documents) < len(sets[2].documents)
    assert restored(elsewhere, folder / "2")[-1] == "Alle gesicherten Dokumente liegen unverändert in der Ablage."


def test_document_that_comes_after_the_database_is_left_to_the_next_set(case, folder, monkeypatch):
    dump = database_dump.dump

    def then_somebody_uploads(path):
        names = dump(path)
        document(case, b"danach")
        return names

    monkeypatch.setattr(database_dump, "dump", then_somebody_uploads)
    command("backup")(folder)

    assert len(documents(folder)) == StoredFile.objects.values("file").distinct().count() - 1


def test_interrupted_set_is_continued(case, folder, monkeypatch):
    document(case, b"eins")
    document(case, b"zwei")
    copied, opened = backup._copied, []

    def killed(name, target):
        if opened:
            raise KeyboardInterrupt
        opened.append(name)
        return copied(name, target)

    with monkeypatch.context() as patch:
        patch.setattr(backup, "_copied", killed)
        with pytest.raises(KeyboardInterrupt):
            command("backup")(folder)
    assert refusal("restore", folder, "--check") == (
        f"In {folder} liegt keine vollständige Sicherung: manifest.json fehlt. Eine abgebrochene Sicherung setzt "
        "manage.py backup mit demselben Ordner fort."
    )
    first = (folder / "documents" / opened[0]).stat().st_mtime_ns

    command("backup")(folder)

    assert (folder / "documents" / opened[0]).stat().st_mtime_ns == first
    assert command("restore")(folder, "--check")[0].endswith(" ist vollständig und unbeschädigt.")


def test_half_copied_document_is_copied_again(case, folder):
    name = document(case, b"eins").file.name
    target = folder / "documents" / name
    target.parent.mkdir(parents=True)
    target.write_bytes(b"ei")

    command("backup")(folder)

    assert target.read_bytes() == b"eins"


def test_finished_set_is_not_overwritten(made):
    assert refusal("backup", made) == (
        f"In {made} liegt schon eine vollständige Sicherung. Bitte nennen Sie einen neuen Ordner."
    )


@pytest.mark.parametrize("harm", ["gone", "changed"])
def test_lost_document_is_an_alarm_and_the_rest_is_kept(case, folder, elsewhere, harm):
    name = document(case, b"eins").file.name
    default_storage.delete(name)
    if harm == "changed":
        (project_settings.MEDIA_ROOT / name).write_bytes(b"anders")

    assert refusal("backup", folder) == (
        "1 Dokument ließ sich nicht sichern. Bitte suchen Sie in einer älteren Sicherung danach."
    )
    assert not (folder / "documents" / name).exists()
    assert restored(elsewhere, folder)[-2:] == [
        f"fehlte schon, als gesichert wurde: {name}",
        "Alle gesicherten Dokumente liegen unverändert in der Ablage.",
    ]


def test_names_in_a_dump_are_those_of_its_rows(case, tmp_path):
    document(case, b"eins")
    named = database_dump.dump(tmp_path / "dump")

    assert {each.file.name for each in StoredFile.objects.all()} <= named
    assert database_dump.names_in(tmp_path / "dump") == named


def test_chain_that_was_changed_before_is_found_after_the_restore(case, folder, elsewhere):
    """A set is as true as what was in the database."""
    triggers = {
        "sqlite": "DROP TRIGGER entry_no_update",
        "postgresql": "DROP TRIGGER entry_no_change ON applications_entry",
    }
    _execute(triggers[connection.vendor])
    _execute("UPDATE applications_entry SET reason = 'anders' WHERE sequence = 2")
    command("backup")(folder)

    said = restored(elsewhere, folder)

    assert "Der Verfahrensgeschichte fehlen Trigger" in " ".join(said)


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has programs of its own")
@pytest.mark.parametrize(("found", "said"), [([], "keines"), (["12"], "12")])
def test_missing_programs_are_named(tmp_path, monkeypatch, found, said):
    for version in found:
        program = tmp_path / version / "bin" / "pg_dump"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.7'\n")
        program.chmod(0o755)
    monkeypatch.setattr(database_dump, "DEBIAN", tmp_path)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    wanted = connection.pg_version // 10_000

    with pytest.raises(DumpFailed) as failure:
        database_dump.dump(tmp_path / "dump")

    assert str(failure.value) == (
        f"pg_dump in der Version {wanted} oder neuer fehlt (gefunden: {said}). Bitte installieren Sie "
        f"postgresql-client-{wanted}."
    )


def test_empty_case_list_is_a_set_too(folder):
    ApplicationFactory()

    assert command("backup")(folder)[1].startswith("0 Dokumente gesichert, zusammen mit der Datenbank ")
