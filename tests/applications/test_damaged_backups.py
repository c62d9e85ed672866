"""A set that is damaged, unfinished or not for this installation is refused before anything is written."""
# ruff: noqa: F811 (fixtures of another file are handed over by their name)

import hashlib
import json
import shutil

import pytest
from django.db import connection

from applications import backup, database_dump
from tests.applications.test_backup import (
    DUMP,
    case,  # noqa: F401 (a fixture)
    command,
    documents,
    elsewhere,  # noqa: F401 (a fixture)
    folder,  # noqa: F401 (a fixture)
    made,  # noqa: F401 (a fixture)
    read,
    refusal,
    restored,
)

pytestmark = pytest.mark.django_db(transaction=True)


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


HARMS = [remove, change, shorten, forget_database, forget_document, break_the_seal, lead_out]


def test_damaged_set_is_refused(made, tmp_path):
    said, expected = {}, {}
    for harm in HARMS:
        copied = shutil.copytree(made, tmp_path / harm.__name__)
        fault = harm(copied)
        sentence = f"Die Sicherung in {copied} ist beschädigt: {fault} Bitte nehmen Sie eine andere Sicherung."
        expected[harm] = [sentence, sentence]
        said[harm] = [refusal("restore", copied, option) for option in ("--check", "--replace")]

    assert said == expected


def test_broken_manifest_is_refused(made):
    said = {}
    for text in ("", "{", "[]", '{"files": {}}', '{"files": {"a": 1}}'):
        seal(made, text)
        said[text] = refusal("restore", made, "--check")

    assert set(said.values()) == {f"manifest.json in {made} ist nicht lesbar. Bitte nehmen Sie eine andere Sicherung."}


def other_database(manifest):
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    manifest["files"][database_dump.FILE[other]] = manifest["files"].pop(DUMP)
    manifest["database"] = other


BEGINNINGS = {
    (lambda manifest: manifest.update(format=3)): "Die Sicherung in {} hat das unbekannte Format 3.",
    (
        lambda manifest: manifest["migrations"].append("applications.9999_later")
    ): "Die Sicherung ist aus einer neueren Fassung der Anwendung (applications.9999_later).",
    other_database: "Die Sicherung ist von ",
}


def test_set_that_does_not_fit_here_is_refused(made, tmp_path):
    shutil.copy(made / DUMP, made / next(name for name in database_dump.FILE.values() if name != DUMP))

    for number, (change, begin) in enumerate(BEGINNINGS.items()):
        copied = shutil.copytree(made, tmp_path / str(number))
        rewrite(copied, change)
        assert refusal("restore", copied, "--replace").startswith(begin.format(copied))


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
