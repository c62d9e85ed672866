"""Nothing lies in the store without a row for long, and no row is without its document unnoticed."""

import os
import signal
import subprocess
import sys
import time
from io import StringIO

import pytest
from django.conf import settings as project_settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from applications.models import StoredFile
from applications.tidying import names_in_rows, tidy
from tests import own_database
from tests.factories import ApplicationFactory, StoredFileFactory

pytestmark = pytest.mark.django_db
NOTHING = "0 Dateien ohne Eintrag und 0 Reste abgebrochener Übertragungen entfernt."


@pytest.fixture
def document():
    return StoredFileFactory(application=ApplicationFactory())


def orphan(content=b"niemandes", *, hours=2):
    name = default_storage.save("a.pdf", ContentFile(content))
    long_ago = time.time() - hours * 3600
    os.utime(default_storage.path(name), (long_ago, long_ago))
    return name


def lying_there(settings):
    return sorted(path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


def command(*arguments):
    out = StringIO()
    call_command("tidy_uploads", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_tidy_store_stays_as_it_is(document):
    before = os.stat(document.file.path).st_mtime - 7200
    os.utime(document.file.path, (before, before))

    assert command() == [NOTHING]
    assert default_storage.exists(document.file.name)


def test_object_without_a_row_goes_away_after_an_hour(document):
    old, young = orphan(), orphan(b"gerade erst", hours=0.9)

    said = command()

    assert said == [
        f"ohne Eintrag: {old}",
        "1 Datei ohne Eintrag und 0 Reste abgebrochener Übertragungen entfernt.",
    ]
    assert [default_storage.exists(name) for name in (old, young, document.file.name)] == [False, True, True]


def test_how_long_is_a_setting(settings, document):
    settings.IKZ_TIDY_AFTER_SECONDS = 30 * 60
    orphan(hours=0.9)

    assert command()[-1] == "1 Datei ohne Eintrag und 0 Reste abgebrochener Übertragungen entfernt."


def test_dry_run_only_says_so(document):
    old = orphan()

    said = command("--dry-run")

    assert said[-1] == "1 Datei ohne Eintrag und 0 Reste abgebrochener Übertragungen zu entfernen."
    assert default_storage.exists(old)


def test_sweep_ends_before_the_next_object_when_it_is_asked_to(document):
    default_storage.delete(document.file.name)
    for content in (b"eins", b"zwei", b"drei"):
        orphan(content)
    asked = iter([False, True])

    found = tidy(older_than_seconds=3600, is_stopping=lambda: next(asked, True))

    assert (len(found.orphans), found.missing) == (1, [])
    assert len(tidy(older_than_seconds=3600).orphans) == 2


def test_row_without_its_document_is_an_alarm(document):
    default_storage.delete(document.file.name)
    out = StringIO()

    with pytest.raises(CommandError) as alarm:
        call_command("tidy_uploads", stdout=out)

    assert alarm.value.returncode == 1
    assert str(alarm.value).startswith("1 Dokument fehlt in der Ablage.")
    assert out.getvalue().splitlines() == [f"fehlt in der Ablage: {document.file.name}", NOTHING]


def test_document_that_is_brought_again_in_this_moment_stays(monkeypatch):
    """Its time is renewed between the first look and the removal."""
    name = orphan()
    replace = os.replace

    def renewed(source, target):
        if str(source).endswith(name.rpartition("/")[2]):
            os.utime(source)
        replace(source, target)

    monkeypatch.setattr("pathlib.os.replace", renewed)

    assert tidy(older_than_seconds=3600).orphans == []
    assert default_storage.exists(name)


def test_objects_of_every_model_are_known(document):
    assert names_in_rows() == {document.file.name}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("writing", "0 Dateien ohne Eintrag und 1 Rest abgebrochener Übertragungen entfernt."),
        ("written", "1 Datei ohne Eintrag und 0 Reste abgebrochener Übertragungen entfernt."),
    ],
)
def test_upload_whose_process_is_killed_leaves_nothing_for_long(settings, tmp_path, where, said):
    case = ApplicationFactory()
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.applications.killed_upload", str(case.pk), where],
        cwd=project_settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "ikz.settings",
            "DATABASE_URL": own_database.address(),
            "IKZ_VAR_DIR": str(tmp_path),
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout.readline() == "stuck\n"
        os.kill(child.pid, signal.SIGKILL)

    left = lying_there(settings)
    settings.IKZ_TIDY_AFTER_SECONDS = 0

    assert StoredFile.objects.count() == 0
    assert len(left) == 1
    assert command()[-1] == said
    assert lying_there(settings) == []
