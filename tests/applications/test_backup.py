"""A set holds what it needs however much is written meanwhile; a damaged one is refused; the evidence holds afterwards."""

import hashlib
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


def test_restored_set_proves_its_evidence(made, elsewhere):
    said = restored(elsewhere, made)

    count = len(documents(made))
    assert said[:3] == [
        "Die Sicherung ist vollständig und unbeschädigt.",
        f"{count} Dokumente in der Ablage.",
        "Datenbank wiederhergestellt.",
    ]
    assert said[4].startswith("1 Fall mit ")
    assert said[4].endswith(": unverändert.")
    assert said[-1] == "Alle gesicherten Dokumente liegen unverändert in der Ablage."


def test_nothing_is_restored_over_what_is_there_unless_told(made, elsewhere):
    restored(elsewhere, made)

    refused, again = restored(elsewhere, made), restored(elsewhere, made, "--replace")

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


def first_document(folder):
    return next(iter(documents(folder)))


def remove(folder):
    name = first_document(folder)
    (folder / "documents" / name).unlink()
    return f"documents/{name} fehlt."


def change(folder):
    name = first_document(folder)
    (folder / "documents" / name).write_bytes(b"anders")
    return f"documents/{name} stimmt nicht mit seiner Prüfsumme überein."


def shorten(folder):
    with (folder / DUMP).open("r+b") as file:
        file.truncate(1000)
    return f"{DUMP} stimmt nicht mit seiner Prüfsumme überein."


def seal(folder, text):
    """A manifest that somebody sealed, with whatever is in it."""
    (folder / "manifest.json").write_text(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    (folder / "manifest.sha256").write_text(f"{digest}  manifest.json\n")


def rewrite(folder, change):
    manifest = json.loads((folder / "manifest.json").read_text())
    change(manifest)
    seal(folder, json.dumps(manifest))


def forget_document(folder):
    """As if its line and its file had never been there."""
    name = first_document(folder)
    (folder / "documents" / name).unlink()
    rewrite(folder, lambda manifest: manifest["files"].pop(f"documents/{name}"))
    return f"1 Dokument fehlt, zum Beispiel {name}."


def break_the_seal(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"].popitem()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return "manifest.json stimmt nicht mit seiner Prüfsumme überein."


def forget_database(folder):
    rewrite(folder, lambda manifest: manifest["files"].pop(DUMP))
    return "Die Datenbank fehlt."


def lead_out(folder):
    secret = {"sha256": "0" * 64, "size": 1}
    rewrite(folder, lambda manifest: manifest["files"].update({"documents/../../secret": secret}))
    return "„documents/../../secret“ gehört nicht in eine Sicherung."


@pytest.mark.parametrize("harm", [remove, change, shorten, forget_database, forget_document, break_the_seal, lead_out])
def test_damaged_set_is_refused(made, harm):
    fault = harm(made)

    sentence = f"Die Sicherung in {made} ist beschädigt: {fault} Bitte nehmen Sie eine andere Sicherung."
    assert refusal("restore", made, "--check") == sentence
    assert refusal("restore", made, "--replace") == sentence


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": {}}', '{"files": {"a": 1}}'])
def test_broken_manifest_is_refused(made, text):
    seal(made, text)

    assert refusal("restore", made, "--check") == (
        f"manifest.json in {made} ist nicht lesbar. Bitte nehmen Sie eine andere Sicherung."
    )


def other_database(manifest):
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    manifest["files"][database_dump.FILE[other]] = manifest["files"].pop(DUMP)
    manifest["database"] = other


@pytest.mark.parametrize(
    ("change", "begin"),
    [
        (lambda manifest: manifest.update(format=3), "Die Sicherung in {} hat das unbekannte Format 3."),
        (
            lambda manifest: manifest["migrations"].append("applications.9999_later"),
            "Die Sicherung ist aus einer neueren Fassung der Anwendung (applications.9999_later).",
        ),
        (other_database, "Die Sicherung ist von "),
    ],
)
def test_set_that_does_not_fit_here_is_refused(made, change, begin):
    rewrite(made, change)
    if change is other_database:
        shutil.copy(made / DUMP, made / next(name for name in database_dump.FILE.values() if name != DUMP))

    assert refusal("restore", made, "--replace").startswith(begin.format(made))


def before_there_were_seals(folder):
    rewrite(folder, lambda manifest: manifest.update(format=1))
    (folder / "manifest.sha256").unlink()


def test_set_without_a_seal_is_not_finished_and_continued(made):
    (made / "manifest.sha256").unlink()

    assert refusal("restore", made, "--check") == (
        f"In {made} liegt keine vollständige Sicherung: manifest.sha256 fehlt. Eine abgebrochene Sicherung setzt "
        "manage.py backup mit demselben Ordner fort."
    )
    command("backup")(made)
    assert command("restore")(made, "--check")[-1].endswith(" ist vollständig und unbeschädigt.")


def test_set_of_before_there_were_seals_is_taken_with_a_notice(made, elsewhere):
    before_there_were_seals(made)

    said = restored(elsewhere, made)

    assert said[0] == (
        "Die Sicherung ist aus einer älteren Fassung und hat kein Siegel; ihr Verzeichnis selbst ist nicht geprüft."
    )
    assert said[-1] == "Alle gesicherten Dokumente liegen unverändert in der Ablage."
    assert refusal("backup", made).startswith(f"In {made} liegt schon eine vollständige Sicherung.")


def test_set_of_before_there_were_seals_is_refused_all_the_same_where_a_document_is_missing(made, elsewhere):
    fault = forget_document(made)
    before_there_were_seals(made)

    [*_said, refused] = restored(elsewhere, made)

    assert refused == (
        f"CommandError: Die Sicherung in {made} ist beschädigt: {fault} Bitte nehmen Sie eine andere Sicherung."
    )
    assert restored(elsewhere, made) == [refused]  # the database is as empty as before


def test_check_says_how_far_it_is_and_goes_on_from_there(made, monkeypatch):
    monkeypatch.setattr(backup, "TELL_EVERY_SECONDS", 0)
    paths = sorted(read(made).files)
    (made / paths[1]).write_bytes(b"anders")

    with pytest.raises(backup.SetRefused, match=f"{paths[1]} stimmt nicht"):
        read(made)
    said = command("restore")(made, "--check", "--from", paths[2])

    assert said[:-1] == [
        f"{number} von {len(paths)} Dateien geprüft. Unterbrochen geht es weiter mit --from {path}."
        for number, path in list(enumerate(paths))[2:]
    ]
    assert said[-1].endswith(" ist vollständig und unbeschädigt.")


def test_only_a_check_goes_on_from_somewhere(made):
    assert refusal("restore", made, "--from", "z") == "„--from“ gibt es nur zusammen mit „--check“."


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
