"""Real processes guess together: what is counted lies in the database, so that they are allowed what one is."""

import os
import re
import subprocess
import sys

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as project_settings

from ikz.models import User
from tests import own_database
from tests.attacks.guessing_process import HELD_BACK, LOGIN, PASSWORD, READY, REFUSED

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 3
SECRET = "JBSWY3DPEHPK3PXP"


def bounds(name):
    """How many failures the settings allow in each span: for one internet address, and for one key."""
    limits = project_settings.ACCOUNT_RATE_LIMITS.get(name, "")
    return [(int(number), per) for number, per in re.findall(r"(\d+)/\w+/(\w+)", limits)]


def for_one_account_and_address():
    return min(number for number, _per in bounds("login_failed"))


def for_one_account():
    return min(number for number, per in bounds("login_failed_anywhere") or bounds("login_failed") if per == "key")


@pytest.fixture
def person():
    """The processes have a database, a secret key and password hashes in common with the test."""
    person = User.objects.create_user(LOGIN, PASSWORD)
    TOTP.activate(person, SECRET)
    return person


@pytest.fixture(scope="module")
def processes(django_db_setup, django_db_blocker, tmp_path_factory):
    """They are started once, and guess in rounds."""
    with django_db_blocker.unblock():
        database = own_database.address()
    given = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "ikz.settings",
        "IKZ_SECRET_KEY": project_settings.SECRET_KEY,
        "IKZ_VAR_DIR": str(tmp_path_factory.mktemp("guessing")),
    }
    command = [sys.executable, "-m", "tests.attacks.guessing_process"]
    options = {"env": given, "cwd": project_settings.BASE_DIR, "text": True}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    running = [subprocess.Popen([*command, str(number)], **options, **pipes) for number in range(1, PROCESSES + 1)]
    try:
        assert [process.stdout.readline() for process in running] == [f"{READY}\n"] * PROCESSES
        yield running
        for process in running:
            process.communicate(timeout=120)
        assert [process.returncode for process in running] == [0] * PROCESSES
    finally:
        for process in running:
            process.kill()
            process.wait()


def answers_of(processes, *arguments):
    """What they were told that were given these arguments and began at the same moment."""
    for process in processes:
        process.stdin.write(" ".join(map(str, arguments)) + "\n")
        process.stdin.flush()
    return [[line.rstrip("\n") for line in iter(process.stdout.readline, "\n")] for process in processes]


def check(heard, allowed):
    """Each goes on until it is held back: without a common count each would be refused as often as one may be."""
    told = [answer for answers in heard for answer in answers]
    assert set(told) == {REFUSED, HELD_BACK}
    assert [answers[-1] for answers in heard] == [HELD_BACK] * PROCESSES
    assert told.count(REFUSED) <= allowed  # fewer where a guess did not get its turn to count within a second


def test_passwords_from_one_address(person, processes):
    allowed = for_one_account_and_address()

    check(answers_of(processes, "password", allowed + 1, 0), allowed)


def test_passwords_from_many_addresses(person, processes):
    allowed = for_one_account()

    check(answers_of(processes, "password", allowed + 1, 1), allowed)


def test_codes_of_a_second_factor(person, processes):
    allowed = for_one_account_and_address()

    check(answers_of(processes, "code", allowed + 1), allowed)
