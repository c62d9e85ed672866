"""Documents in an S3 store: the same promises as in a folder, and clear words on the store's bad days."""

import hashlib
import io
import os
import time
from datetime import timedelta

import pytest
from botocore import loaders, session
from botocore.retries import standard
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from applications import daily, scans
from applications.models import StoredFile
from applications.tidying import tidy
from ikz import document_bucket, health
from ikz.document_bucket import DocumentBucket
from ikz.storage import StoreAway, is_intact, sha256_of, stored_names
from tests import s3_server
from tests.applications.portal.browsing import pdf, post, seen, url
from tests.applications.portal.test_documents import RESOLUTION
from tests.factories import ApplicationFactory, StoredFileFactory, UserFactory
from tests.ikz.test_storage import NAME, store
from tests.municipal_people import member_of

pytestmark = pytest.mark.same_on_every_database

CONTENT = b"%PDF-1.7 Beschluss"


@pytest.fixture(scope="module")
def what_s3_is():
    return loaders.create_loader()


@pytest.fixture(autouse=True)
def _what_s3_is_is_read_once(monkeypatch, what_s3_is):
    """A description of a megabyte, which each client would read again; a process of ours has one client."""
    monkeypatch.setattr(session, "create_loader", lambda search_path: what_s3_is)


@pytest.fixture
def impatient(monkeypatch):
    """Nobody waits for a store that never answers, nor before it is asked again."""
    monkeypatch.setattr(document_bucket, "READ_SECONDS", 0.2)
    monkeypatch.setattr(standard.ExponentialBackoff, "delay_amount", lambda backoff, context: 0)


@pytest.fixture
def use(settings):
    """Let the application keep its documents at an address."""

    def _use(address):
        stores = {"BACKEND": "ikz.document_bucket.DocumentBucket", "OPTIONS": s3_server.options(address)}
        settings.STORAGES = {**settings.STORAGES, "default": stores}

    return _use


def test_document_comes_back_byte_by_byte(bucket):
    content = os.urandom(6 * 1024 * 1024)

    kept = store(io.BytesIO(content), storage=bucket)

    with bucket.open(kept) as file:
        assert b"".join(file.chunks()) == content
    assert is_intact(kept, bucket)
    assert list(stored_names(bucket)) == [kept]
    assert sha256_of(kept) == hashlib.sha256(content).hexdigest()


def test_document_is_private_and_has_no_address(bucket, s3_address):
    store(io.BytesIO(CONTENT), storage=bucket)

    grants = s3_server.client(s3_address).get_object_acl(Bucket=s3_server.BUCKET, Key=NAME)["Grants"]

    assert [each["Permission"] for each in grants] == ["FULL_CONTROL"]
    assert [each["Grantee"]["Type"] for each in grants] == ["CanonicalUser"]
    with pytest.raises(ValueError, match="no address of their own"):
        bucket.url(NAME)


@pytest.mark.parametrize("s3_address", ["moto"], indirect=True)
def test_store_encrypts_where_it_is_told(s3_address, bucket):
    encrypting = DocumentBucket(**s3_server.options(s3_address, encryption="AES256"))

    store(io.BytesIO(CONTENT), storage=encrypting)

    kept = s3_server.client(s3_address).head_object(Bucket=s3_server.BUCKET, Key=NAME)
    assert kept["ServerSideEncryption"] == "AES256"


@pytest.mark.parametrize("s3_address", ["swift"], indirect=True)
def test_store_that_cannot_encrypt_is_not_given_anything_in_clear(s3_address, bucket, caplog):
    encrypting = DocumentBucket(**s3_server.options(s3_address, encryption="AES256"))

    with pytest.raises(StoreAway):
        store(io.BytesIO(CONTENT), storage=encrypting)

    assert list(stored_names(bucket)) == []
    assert "The document store does not do its work: NotImplemented" in caplog.messages


@pytest.mark.parametrize("wrong", [{"key": "ikz:nobody"}, {"secret": "geraten"}])
@pytest.mark.parametrize("s3_address", ["swift"], indirect=True)
def test_store_that_does_not_know_the_key_is_away(s3_address, wrong):
    with pytest.raises(StoreAway):
        store(io.BytesIO(CONTENT), storage=DocumentBucket(**s3_server.options(s3_address, **wrong)))


@pytest.mark.parametrize(("path_style", "style"), [(True, "path"), (False, "auto")])
def test_bucket_stands_in_the_path_or_in_the_name(path_style, style):
    bucket = DocumentBucket(**s3_server.options("http://127.0.0.1:1", path_style=path_style))

    assert bucket.client_config.s3 == {"addressing_style": style}


def test_missing_document_is_missing_and_not_a_fault(bucket):
    assert bucket.exists(NAME) is False
    with pytest.raises(FileNotFoundError):
        bucket.open(NAME)


def test_documents_are_listed_a_page_a_request(bucket, monkeypatch):
    monkeypatch.setattr(document_bucket, "NAMES_A_PAGE", 2)
    kept = sorted(store(io.BytesIO(b"%d" % number), storage=bucket) for number in range(5))
    requests = []
    bucket.connection.meta.client.meta.events.register("before-send.s3", lambda request, **_: requests.append(request))

    assert list(stored_names(bucket)) == kept
    assert len(requests) == 3


def test_other_objects_are_not_ours_to_tidy(bucket, s3_address):
    kept = store(io.BytesIO(CONTENT), storage=bucket)
    s3_server.client(s3_address).put_object(Bucket=s3_server.BUCKET, Key=f"backup/{NAME}", Body=b"")

    assert list(stored_names(bucket)) == [kept]


def test_store_can_be_tried_out_and_nothing_of_it_stays(bucket):
    assert bucket.try_out() is True
    assert list(bucket.names()) == []


def test_trial_that_was_killed_is_swept_away(bucket, s3_address):
    client = s3_server.client(s3_address)
    client.put_object(Bucket=s3_server.BUCKET, Key="incoming/e3b0c442.part", Body=b"0123456789abcdef")

    assert bucket.remove_abandoned(older_than_seconds=60) == 0
    assert bucket.remove_abandoned(older_than_seconds=-1, dry_run=True) == 1
    assert list(bucket.names()) == ["incoming/e3b0c442.part"]
    assert bucket.remove_abandoned(older_than_seconds=-1) == 1
    assert list(bucket.names()) == []


ATTEMPTS = {
    "save": lambda bucket: bucket.save("a.pdf", ContentFile(CONTENT)),
    "open": lambda bucket: bucket.open(NAME),
    "exists": lambda bucket: bucket.exists(NAME),
    "size": lambda bucket: bucket.size(NAME),
    "listdir": lambda bucket: bucket.listdir(""),
    "names": lambda bucket: list(bucket.names()),
    "delete": lambda bucket: bucket.delete(NAME),
    "get_modified_time": lambda bucket: bucket.get_modified_time(NAME),
    "try_out": lambda bucket: bucket.try_out(),
}
FAULTS = {
    "silent": s3_server.silent,
    "gone": s3_server.gone_in_mid_upload,
    "busy": s3_server.refusing("503 Slow Down"),
    "closed": s3_server.refusing("403 Forbidden"),
}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("attempt", ATTEMPTS)
@pytest.mark.parametrize("fault", ["silent", "gone"])
def test_store_that_is_away_is_told_in_time(attempt, fault):
    start = time.monotonic()

    with s3_server.faulty(FAULTS[fault]) as address, pytest.raises(StoreAway, match="antwortet nicht"):
        ATTEMPTS[attempt](DocumentBucket(**s3_server.options(address)))

    assert time.monotonic() - start < 6


@pytest.mark.django_db
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", FAULTS)
def test_upload_into_a_store_that_is_away_says_so_and_leaves_no_row(client, use, fault, caplog):
    case = ApplicationFactory()
    participant = case.participants[1]
    client.force_login(member_of(participant.municipality))
    page = url("resolution", case, participant.pk)
    given = RESOLUTION | {"upload": pdf(), "seen": seen(client, page)}

    with s3_server.faulty(FAULTS[fault]) as address:
        use(address)
        response = client.post(page, given)

    assert response.status_code == 503
    assert "<h1>Die Dokumente sind gerade nicht erreichbar</h1>" in response.content.decode()
    assert "Ihre letzte Eingabe wurde nicht gespeichert." in response.content.decode()
    assert StoredFile.objects.count() == 0
    assert [each for each in caplog.messages if s3_server.SECRET in each or address in each] == []


@pytest.mark.django_db
def test_upload_is_handed_out_through_the_guarded_door(client, use, s3_address, bucket):
    use(s3_address)
    case = ApplicationFactory()
    participant = case.participants[1]
    person = member_of(participant.municipality)
    client.force_login(person)

    brought = post(client, url("resolution", case, participant.pk), RESOLUTION | {"upload": pdf()})
    stored = StoredFile.objects.get()
    response = client.get(f"/dokumente/{stored.uuid}/")

    assert brought.status_code == 302
    assert b"".join(response.streaming_content) == pdf().read()
    assert list(stored_names(bucket)) == [stored.file.name]
    client.force_login(UserFactory(is_staff=False))
    assert client.get(f"/dokumente/{stored.uuid}/").status_code == 404


@pytest.mark.django_db
def test_document_of_a_store_that_is_away_is_not_called_damaged(client, use):
    stored = StoredFileFactory(application=ApplicationFactory())
    client.force_login(UserFactory(roles=["Sachbearbeitung"]))

    with s3_server.faulty(s3_server.gone_in_mid_upload) as address:
        use(address)
        assert client.get(f"/dokumente/{stored.uuid}/").status_code == 503


@pytest.mark.django_db
def test_object_without_a_row_goes_away_and_the_others_stay(use, s3_address, bucket):
    """The row was not written, because the process died after the object."""
    use(s3_address)
    stored = StoredFileFactory(application=ApplicationFactory())
    orphan = default_storage.save("a.pdf", ContentFile(b"niemandes"))

    assert tidy(older_than_seconds=60).orphans == []
    assert tidy(older_than_seconds=-1).orphans == [orphan]  # some stores round their clock up to the next second
    assert list(stored_names(bucket)) == [stored.file.name]


@pytest.mark.django_db
def test_worker_outlives_a_store_that_is_away(use, scanner, caplog):
    stored = StoredFileFactory(application=ApplicationFactory(), scan="pending", scanned_at=None)

    with s3_server.faulty(s3_server.gone_in_mid_upload) as address:
        use(address)
        result = scans.rescan(stored)
        assert daily.run_if_due(timezone.localtime().replace(hour=23) + timedelta(days=1)) is True

    assert (result.status, result.detail) == ("pending", "Die Ablage der Dokumente antwortet nicht.")
    assert "Die Ablage ließ sich nicht aufräumen" in caplog.text


@pytest.mark.django_db
def test_other_scans_wait_while_the_store_is_away(use, scanner):
    case = ApplicationFactory()
    for _ in range(3):
        StoredFileFactory(application=case, scan="pending", scanned_at=None)

    with s3_server.faulty(s3_server.gone_in_mid_upload) as address:
        use(address)
        done = scans.rescan_all(StoredFile.objects.awaiting_scan(), limit=20)

    assert (done.is_away, done.outcomes["pending"]) == (True, 1)


def test_readiness_tells_of_a_store_that_is_away(use):
    with s3_server.faulty(s3_server.gone_in_mid_upload) as address:
        use(address)
        assert health.storage() == "Die Ablage lässt sich nicht beschreiben oder nicht lesen."
