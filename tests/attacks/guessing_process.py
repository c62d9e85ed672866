"""A process of its own that guesses, and prints one line for each answer: `python -m tests.attacks.guessing_process`.

Its argument is a number that tells it from its like. It says when it is ready. Then each line, so that several begin at
the same moment, is a round of guesses: what is guessed (password or code), how often at most, and for passwords whether
from one internet address or many. A round ends when it is held back, and with an empty line.
"""

import sys

import django
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse

LOGIN, PASSWORD = "anna@example.org", "ein langes Kennwort 1"
READY, REFUSED, HELD_BACK = "ready", "refused", "held back"
TOO_MANY = "Das waren zu viele Versuche."


def said(response):
    """The page itself is read: the form stays, whatever was sent."""
    if response.status_code != 200:
        return str(response.status_code)
    return HELD_BACK if TOO_MANY in response.content.decode() else REFUSED


def passwords(times, is_from_many, number):
    for each in range(times):
        form = {"login": LOGIN, "password": f"falsch {number} {each}"}
        address = f"198.51.{number}.{each}" if is_from_many else "192.0.2.1"
        yield said(Client().post(reverse("account_login"), form, REMOTE_ADDR=address))


def codes(times, number):
    """Whoever knows the password already."""
    client = Client(REMOTE_ADDR=f"198.51.{number}.1")
    client.post(reverse("account_login"), {"login": LOGIN, "password": PASSWORD})
    for each in range(times):
        yield said(client.post(reverse("mfa_authenticate"), {"code": f"{number}{each:05}"}))


def guess(what, times, *rest):
    apps.get_model("contenttypes", "ContentType").objects.clear_cache()  # between two rounds the database was emptied
    for answer in {"password": passwords, "code": codes}[what](times, *rest):
        print(answer, flush=True)  # noqa: T201
        if answer == HELD_BACK:
            return


def main(number):
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = ["testserver"]
    django.setup()
    print(READY, flush=True)  # noqa: T201
    for line in sys.stdin:
        what, *numbers = line.split()
        guess(what, *map(int, numbers), number)
        print(flush=True)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]))
