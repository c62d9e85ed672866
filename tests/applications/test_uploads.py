"""The one way in for a file."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import uploads
from applications.models import StoredFile
from applications.models.stored_file import Purpose
from ikz import antivirus
from tests.factories import PDF, ApplicationFactory

pytestmark = pytest.mark.django_db


def pdf(content=PDF, name="beschluss.pdf"):
    return SimpleUploadedFile(name, content, "application/pdf")


def stored(application, upload):
    return uploads.store(
        upload,
        uploads.check(upload),
        application=application,
        participant=None,
        purpose=Purpose.OTHER,
        by=application.clerk,
    )


def test_file_is_stored_under_its_content_with_its_bytes():
    application = ApplicationFactory()

    file = stored(application, pdf(name="C:\\Akten\\Beschlu\u0308sse\u202e.pdf"))

    digest = hashlib.sha256(PDF).hexdigest()
    assert (file.sha256, file.size, file.pages, file.scan) == (digest, len(PDF), 1, "unscanned")
    assert file.file.name == f"{digest[:2]}/{digest[2:4]}/{digest}.pdf"
    assert file.original_name == "Beschlüsse.pdf"
    with file.file.open() as content:
        assert content.read() == PDF


def test_same_file_twice_is_two_rows_and_one_file(settings):
    application = ApplicationFactory()

    stored(application, pdf())
    stored(application, pdf())

    assert StoredFile.objects.count() == 2
    assert len([path for path in settings.MEDIA_ROOT.rglob("*.pdf") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Die Datei ist leer. Bitte prüfen Sie das Dokument auf Ihrem Rechner und laden Sie es erneut hoch."),
        (
            b"Beschluss",
            "Die Datei ist kein PDF, auch wenn ihr Name so enden mag. Bitte öffnen Sie das Dokument in dem Programm, mit "
            "dem es erstellt wurde, speichern Sie es dort als PDF und laden Sie dieses hoch.",
        ),
    ],
)
def test_refused_file_leaves_nothing(settings, content, sentence):
    with pytest.raises(uploads.Refused) as refusal:
        uploads.check(pdf(content))

    assert str(refusal.value) == sentence
    assert not settings.MEDIA_ROOT.exists()


def test_scanner_that_is_away_leaves_the_file_pending(settings):
    settings.IKZ_CLAMD = "unix:/nirgends/clamd.sock"

    file = stored(ApplicationFactory(), pdf())

    assert (file.scan, file.scanned_at, file.scan_detail) == ("pending", None, antivirus.UNREACHABLE)
