"""Documents move from a folder to S3 and back, each proved, and an interrupted run goes on."""

from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from ikz.storage import is_intact, stored_names
from tests import s3_server
from tests.factories import ApplicationFactory, StoredFileFactory

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_every_database]


@pytest.fixture(autouse=True)
def _both(settings, s3_address, bucket):
    settings.STORAGES = {
        **settings.STORAGES,
        "s3": {"BACKEND": "ikz.document_bucket.DocumentBucket", "OPTIONS": s3_server.options(s3_address)},
    }


@pytest.fixture
def names():
    """Two documents of rows, and one that no row knows."""
    case = ApplicationFactory()
    files = [StoredFileFactory(application=case, file=ContentFile(each, name="a.pdf")).file for each in (b"1", b"2")]
    storages["folder"].save("a.pdf", ContentFile(b"niemandes"))
    return sorted(file.name for file in files)


def move(to, *arguments):
    out = StringIO()
    call_command("move_documents", "--to", to, *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_documents_move_there_and_back(names):
    assert move("s3") == [
        "2 Dokumente kopiert und geprüft, 0 lagen schon dort.",
        "Noch gilt die bisherige Ablage. Mit IKZ_DOCUMENTS=s3 gilt die neue.",
    ]
    assert sorted(stored_names(storages["s3"])) == names
    for name in names:
        storages["folder"].delete(name)

    assert move("folder") == ["2 Dokumente kopiert und geprüft, 0 lagen schon dort."]
    assert [is_intact(name, storages["folder"]) for name in names] == [True, True]


def test_interrupted_run_goes_on(names):
    with storages["folder"].open(names[0]) as file:
        storages["s3"].save("a.pdf", file)

    assert move("s3")[0] == "1 Dokument kopiert und geprüft, 1 lagen schon dort."
    assert move("s3", "--only-new")[0] == "0 Dokumente kopiert und geprüft, 2 lagen schon dort."


def test_damaged_copy_is_mended_unless_only_new_ones_are_looked_at(names, s3_address):
    move("s3")
    s3_server.client(s3_address).put_object(Bucket=s3_server.BUCKET, Key=names[0], Body=b"anders")

    assert move("s3", "--only-new")[0] == "0 Dokumente kopiert und geprüft, 2 lagen schon dort."
    assert move("s3")[0] == "1 Dokument kopiert und geprüft, 1 lagen schon dort."
    assert is_intact(names[0], storages["s3"])


@pytest.mark.parametrize("harm", ["gone", "changed"])
def test_document_that_the_source_lost_is_named(settings, names, harm):
    storages["folder"].delete(names[1])
    if harm == "changed":
        (settings.MEDIA_ROOT / names[1]).write_bytes(b"anders")
    out = StringIO()

    with pytest.raises(CommandError, match=r"1 Dokument ließ sich nicht kopieren\."):
        call_command("move_documents", "--to", "s3", stdout=out)

    assert out.getvalue().splitlines() == [
        "1 Dokument kopiert und geprüft, 0 lagen schon dort.",
        f"fehlt in der Quelle oder ist dort beschädigt: {names[1]}",
    ]
    assert list(stored_names(storages["s3"])) == [names[0]]


def test_store_that_goes_away_stops_with_a_sentence(settings, names):
    with s3_server.faulty(s3_server.gone_in_mid_upload) as away:
        options = s3_server.options(away)
        settings.STORAGES = {**settings.STORAGES, "s3": {**settings.STORAGES["s3"], "OPTIONS": options}}

        with pytest.raises(CommandError) as stop:
            move("s3")

    assert str(stop.value) == (
        "Die Ablage der Dokumente antwortet nicht. Bitte wiederholen Sie den Befehl; er setzt dort fort."
    )


def test_without_a_bucket_there_is_nothing_to_move_to(settings):
    settings.STORAGES = {name: each for name, each in settings.STORAGES.items() if name != "s3"}

    with pytest.raises(CommandError, match="S3 ist nicht eingerichtet"):
        move("s3")
