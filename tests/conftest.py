import gc
import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pytest
from django.conf import settings as project_settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.template import engines

from applications import history_triggers
from applications.models import Application
from ikz.document_bucket import DocumentBucket
from tests import clamd, s3_server, strictness
from tests.factories import case_in
from tests.ground import lasting, put_together

# How fast a machine is says nothing about an invariant; times are measured by `make bench`.
hypothesis.settings.register_profile(
    "ikz", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("ikz")

# They begin first: a minute each in one process, for which the other would wait at the end.
LONGEST = {"test_routes", "test_fuzz"}


def pytest_addoption(parser):
    parser.addoption("--everything", action="store_true", help="repeat all tests on PostgreSQL")


def pytest_make_parametrize_id(config, val, argname):
    """What a file holds names no test: a workbook made in the next second holds something else."""
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the groups in the same hook
def pytest_collection_modifyitems(config, items):
    """What shares the demonstration runs in one process, which loads it once; so does what shares a store of documents.

    On PostgreSQL only what depends on the database runs again, unless everything is asked for.
    """
    for item in items:
        if "demo" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
        if store := hasattr(item, "callspec") and item.callspec.params.get("s3_address"):
            item.add_marker(pytest.mark.xdist_group(store))
    put_together(items)
    items.sort(key=lambda item: item.path.stem not in LONGEST)
    if connection.vendor != "postgresql" or config.getoption("everything"):
        return
    databases = {"db", "transactional_db", "live_server", "demo"}
    again = [
        item
        for item in items
        if (item.get_closest_marker("django_db") or databases & set(item.fixturenames))
        and not item.get_closest_marker("same_on_every_database")
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(again)])
    items[:] = again


def pytest_collection_finish(session):
    """What the modules hold stays until the end; to look through it for garbage again and again takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def _static_root(tmp_path_factory):
    """An empty folder, because WhiteNoise wants to see one, and before the live server of the session starts."""
    project_settings.STATIC_ROOT = tmp_path_factory.mktemp("static")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory):
    """SQLite in a file as in production: threads of one process cannot queue for a database in memory."""
    database = project_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
        # What a test writes need not survive the machine.
        connection.settings_dict["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """auditlog makes a table that FieldChange replaces. Django does not know it, and cannot empty what it refers to."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE auditlog_logentry")


@pytest.fixture(autouse=True)
def _strict(monkeypatch):
    strictness.only_loopback(monkeypatch)
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", strictness.ComplainingString("%s"))


@pytest.fixture
def tmp_path(tmp_path_factory):
    """Without a number in its name: pytest would look through the folders of thousands of tests to find the next one."""
    return Path(tempfile.mkdtemp(dir=tmp_path_factory.getbasetemp()))


@pytest.fixture(autouse=True)
def _plain_files(settings, tmp_path):
    """Static files without a manifest, documents in a folder of the test's own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STATIC_ROOT = tmp_path  # must exist, else whitenoise warns
    settings.MEDIA_ROOT = tmp_path / "documents"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module", autouse=True, name="ground")
def _ground(request, tmp_path_factory):
    """See tests/ground.py. Every test has it, so that one without a parameter ends what the last one stood on."""
    wanted = getattr(request, "param", None)
    if wanted is None:
        yield
        return
    request.getfixturevalue("django_db_setup")
    documents = tmp_path_factory.mktemp("ground")
    build = (lambda: case_in(wanted).pk) if isinstance(wanted, str) else wanted
    with lasting(request.getfixturevalue("django_db_blocker"), build, MEDIA_ROOT=documents) as built:
        yield SimpleNamespace(built=built, documents=documents)


@pytest.fixture
def built(ground, settings):
    """What the function returned (of a case its key); the test has copies of the documents in its own folder."""
    shutil.copytree(ground.documents, settings.MEDIA_ROOT)
    return ground.built


@pytest.fixture
def case(built):
    """The case that the test stands on."""
    return Application.objects.get(pk=built)


@pytest.fixture(autouse=True)
def _history_can_be_flushed(request):
    """A test with real transactions ends by emptying all tables, which the history's triggers refuse."""
    marker = request.node.get_closest_marker("django_db")
    has_real_transactions = marker is not None and marker.kwargs.get("transaction")
    if not (has_real_transactions or {"transactional_db", "live_server"} & set(request.fixturenames)):
        yield
        return
    request.getfixturevalue("transactional_db")
    history_triggers.install(connection)
    ContentType.objects.clear_cache()
    yield
    ContentType.objects.clear_cache()  # they go too, and what is delivered anew is kept under new ones
    history_triggers.remove(connection)


@pytest.fixture(scope="session")
def socket_of_clamd(tmp_path_factory):
    """A real virus scanner that knows the test virus."""
    if clamd.program() is None:
        pytest.skip("clamd FEHLT: Der Virenscanner wird nicht geprüft. Abhilfe: apt-get install clamav-daemon.")
    with clamd.running(tmp_path_factory.mktemp("clamd")) as path:
        yield path


@pytest.fixture
def scanner(settings, socket_of_clamd):
    """The application asks it."""
    settings.IKZ_CLAMD, settings.IKZ_CLAMD_SECONDS = f"unix:{socket_of_clamd}", 20


@pytest.fixture(scope="session", params=s3_server.KINDS)
def s3_address(request, tmp_path_factory):
    """A real S3 store, and then another."""
    with s3_server.running(request.param, tmp_path_factory.mktemp(request.param)) as address:
        yield address


@pytest.fixture
def bucket(s3_address):
    """An empty bucket of it."""
    yield DocumentBucket(**s3_server.options(s3_address))
    s3_server.empty(s3_address)
