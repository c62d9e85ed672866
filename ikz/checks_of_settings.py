"""Settings that must not go together. Errors stop every start; warnings are shown by `manage.py check --deploy`.

A laptop that serves only itself may leave everything off. Whoever serves other hosts holds people's data.
"""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 50  # Django's own keys are so long


def errors(app_configs=None, **kwargs) -> list[CheckMessage]:
    """A system check: what would be dangerous or could not work."""
    return [Error(sentence, id=f"ikz.{number}") for number, sentence in _errors()]


def warnings(app_configs=None, **kwargs) -> list[CheckMessage]:
    """A system check for production: what works, but hardly as meant."""
    return [Warning(sentence, id=f"ikz.{number}") for number, sentence in _warnings()]


def stop_if_unsafe() -> None:
    """For servers, which run no system checks. Raises ImproperlyConfigured with the first error."""
    for error in errors():
        raise ImproperlyConfigured(error.msg)


def _serves_others() -> bool:
    return not set(settings.ALLOWED_HOSTS) <= set(settings.LOOPBACK)


def _errors() -> Iterator[tuple[str, str]]:
    if settings.IKZ_S3["bucket"] and not (settings.IKZ_S3["key"] and settings.IKZ_S3["secret"]):
        yield "E008", "IKZ_S3_BUCKET ist gesetzt, aber IKZ_S3_KEY oder IKZ_S3_SECRET fehlt. Bitte setzen Sie beide."
    if settings.IKZ_COMMON_PASSWORDS and not os.access(settings.IKZ_COMMON_PASSWORDS, os.R_OK):
        yield (
            "E009",
            f"IKZ_COMMON_PASSWORDS nennt eine Datei, die fehlt oder sich nicht lesen lässt: {settings.IKZ_COMMON_PASSWORDS}. "
            "Bitte prüfen Sie Ort und Rechte.",
        )
    if not _serves_others():
        return
    hosts = ", ".join(sorted(set(settings.ALLOWED_HOSTS) - set(settings.LOOPBACK)))
    if "*" in settings.ALLOWED_HOSTS:
        yield (
            "E002",
            "IKZ_HOSTS darf nicht „*“ sein. Bitte nennen Sie die Namen, unter denen Sie die Anwendung anbieten.",
        )
    if not settings.HTTPS:
        yield (
            "E003",
            f"IKZ_HOSTS nennt fremde Rechnernamen ({hosts}), aber IKZ_HTTPS ist aus: Passwörter gingen unverschlüsselt "
            "über das Netz. Bitte setzen Sie IKZ_HTTPS=on.",
        )
    if settings.DEBUG:
        yield "E004", "IKZ_DEBUG zeigt Fremden das Innere der Anwendung. Bitte entfernen Sie IKZ_DEBUG."
    if not settings.IKZ_REQUIRE_SECOND_FACTOR:
        yield (
            "E005",
            "IKZ_REQUIRE_SECOND_FACTOR ist aus: Konten des Ministeriums wären nur durch ein Passwort geschützt. "
            "Bitte entfernen Sie diese Einstellung.",
        )
    if len(settings.SECRET_KEY) < SHORTEST_KEY or len(set(settings.SECRET_KEY)) < 10:
        yield (
            "E006",
            f"IKZ_SECRET_KEY ist zu leicht zu erraten. Bitte nehmen Sie mindestens {SHORTEST_KEY} zufällige Zeichen.",
        )
    yield from _error_of_the_public_address()


def _error_of_the_public_address() -> Iterator[tuple[str, str]]:
    address = urlsplit(settings.IKZ_PUBLIC_URL)
    host = address.hostname or ""
    is_served = any(host == each or (each.startswith(".") and host.endswith(each)) for each in settings.ALLOWED_HOSTS)
    if address.scheme != "https" or not is_served or host in settings.LOOPBACK:
        yield (
            "E007",
            f"IKZ_PUBLIC_URL führt die Links in E-Mails nach „{settings.IKZ_PUBLIC_URL}“. Bitte nennen Sie eine Adresse "
            "mit https:// und einem Rechnernamen aus IKZ_HOSTS.",
        )


def _warnings() -> Iterator[tuple[str, str]]:
    if settings.IKZ_ACCEPT_UNSCANNED:
        yield (
            "W002",
            "IKZ_ACCEPT_UNSCANNED ist an: Dokumente gelten ohne Virenprüfung. Bitte richten Sie IKZ_CLAMD ein.",
        )
    elif not settings.IKZ_CLAMD:
        yield (
            "W003",
            "IKZ_CLAMD fehlt: Ohne Virenscanner bleibt jeder Fall am ersten Dokument stehen. Bitte richten Sie IKZ_CLAMD ein.",
        )
    if settings.IKZ_MAIL_BACKEND.endswith("filebased.EmailBackend"):
        yield "W004", "IKZ_SMTP_URL fehlt: E-Mails werden nur als Dateien abgelegt und erreichen niemanden."
    if settings.IKZ_MAIL_AT_ONCE:
        yield (
            "W005",
            "IKZ_MAIL_AT_ONCE ist an: Jede Seite wartet auf den Mailserver. Bitte schalten Sie es aus, sobald "
            "manage.py worker läuft.",
        )
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield (
            "W006",
            "DATABASE_URL nennt kein PostgreSQL. SQLite trägt nur eine Installation auf einem einzigen Rechner.",
        )
    if settings.IKZ_S3["endpoint"].startswith("http://"):
        yield (
            "W008",
            "IKZ_S3_ENDPOINT beginnt mit http://: Dokumente gehen unverschlüsselt zur Ablage. Bitte nehmen Sie https:// "
            "oder ein abgeschlossenes Netz.",
        )
    if settings.HTTPS and not settings.BEHIND_PROXY:
        yield (
            "W007",
            "IKZ_HTTPS ist an, IKZ_BEHIND_PROXY aus. Hinter einem Proxy endet das in einer endlosen Weiterleitung.",
        )
