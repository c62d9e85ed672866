import os
from pathlib import Path

import pytest
from django.db import connection

from applications import letter_base_data
from tests import own_database, web_server
from tests.faults import damage
from tests.stationery import stationery


def pytest_collection_modifyitems(items):
    """Real processes work on one database only where it is a server."""
    if connection.vendor != "postgresql":
        for item in items:
            if item.path.parent.name == "faults":
                item.add_marker(pytest.mark.skip(reason="Die Störungen werden auf PostgreSQL geprüft."))


def _not_tried(config):
    """Which faults are missing where the whole folder was asked for; whoever asks for one test misses nothing."""
    asked_for_all = (
        any(Path(each).resolve() == Path(__file__).parent for each in config.args) and not config.option.keyword
    )
    return damage.missing() if asked_for_all and damage.TABLE else []


def pytest_sessionfinish(session, exitstatus):
    if exitstatus == pytest.ExitCode.OK and _not_tried(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    if damage.TABLE:
        terminalreporter.section("faults")
        for line in damage.lines():
            terminalreporter.write_line(line)
    for name in _not_tried(config):
        terminalreporter.write_line(f"FEHLT: „{name}“ steht in docs/operations.md und wurde nicht geprüft.", red=True)


@pytest.fixture(scope="session")
def static_folder(tmp_path_factory):
    """The style sheets, once for all servers."""
    folder = tmp_path_factory.mktemp("collected")
    given = web_server.environment(folder, DATABASE_URL=os.environ["DATABASE_URL"], IKZ_STATIC_DIR=str(folder))
    web_server.collect_static(given)
    return folder


@pytest.fixture
def environment(settings, tmp_path, static_folder):
    """For processes that work on the test's database and documents; mails wait for a worker."""
    settings.IKZ_MAIL_AT_ONCE = False
    given = {"DATABASE_URL": own_database.address(), "IKZ_STATIC_DIR": str(static_folder), "IKZ_MAIL_AT_ONCE": "off"}
    return web_server.environment(tmp_path, **given)


@pytest.fixture
def server(environment):
    with web_server.running(environment) as running:
        yield running


@pytest.fixture
def letters(transactional_db):
    """What a letter needs."""
    letter_base_data.load()
    stationery()
