"""Settings that must not go together. Errors stop every start; warnings are shown by `manage.py check --deploy`.

A laptop that serves only itself may leave everything off. Whoever serves other hosts holds people's data.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.core.checks import ERROR, CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured

from ikz import antivirus, passwords
from ikz.environment import host_of
from ikz.hosts import is_in_the_clear, is_this_machine

SHORTEST_KEY = 50  # Django's own keys are so long
FEWEST_PARTS = 40  # different runs of three characters; of 48 in a random key hardly one comes twice
SHORTEST_TOKEN = 20


def errors(app_configs=None, **kwargs) -> list[CheckMessage]:
    """A system check: what would be dangerous or could not work."""
    return [Error(sentence, id=f"ikz.{number}") for number, sentence in _errors()]


def warnings(app_configs=None, **kwargs) -> list[CheckMessage]:
    """A system check for production: what works, but hardly as meant."""
    return [Warning(sentence, id=f"ikz.{number}") for number, sentence in _warnings()]


def errors_of_servers(app_configs=None, **kwargs) -> list[CheckMessage]:
    """A system check for production: what only processes that serve pages need; `collectstatic` itself must start."""
    manifest = Path(settings.STATIC_ROOT) / ManifestFilesMixin.manifest_name
    if not _serves_others() or manifest.is_file():
        return []
    sentence = (
        f"Die Gestaltung fehlt: {manifest} ist nicht da. Bitte führen Sie manage.py collectstatic mit denselben "
        "Einstellungen aus."
    )
    return [Error(sentence, id="ikz.E015")]


def stop_if_unsafe() -> None:
    """For servers, which run no system checks. Raises ImproperlyConfigured with the first error."""
    for found in [*antivirus.check_setting(None), *errors(), *errors_of_servers()]:
        if found.level >= ERROR:
            raise ImproperlyConfigured(found.msg)


def _serves_others() -> bool:
    return not set(settings.ALLOWED_HOSTS) <= set(settings.LOOPBACK)


def _errors() -> Iterator[tuple[str, str]]:
    yield from _errors_of_the_store()
    yield from _errors_of_the_network()
    if settings.IKZ_COMMON_PASSWORDS and not passwords.is_a_list(settings.IKZ_COMMON_PASSWORDS):
        yield (
            "E009",
            "IKZ_COMMON_PASSWORDS nennt keine lesbare Liste von Passwörtern, eines je Zeile: "
            f"{settings.IKZ_COMMON_PASSWORDS}. Bitte prüfen Sie Ort, Rechte und Inhalt.",
        )
    if settings.IKZ_METRICS_TOKEN and len(settings.IKZ_METRICS_TOKEN) < SHORTEST_TOKEN:
        yield (
            "E012",
            f"IKZ_METRICS_TOKEN ist zu leicht zu erraten. Bitte nehmen Sie mindestens {SHORTEST_TOKEN} zufällige Zeichen.",
        )
    if _serves_others():
        yield from _errors_of_who_serves_others()


def _errors_of_the_store() -> Iterator[tuple[str, str]]:
    given = settings.IKZ_S3
    if given["bucket"] and not (given["key"] and given["secret"]):
        yield "E008", "IKZ_S3_BUCKET ist gesetzt, aber IKZ_S3_KEY oder IKZ_S3_SECRET fehlt. Bitte setzen Sie beide."
    if not given["bucket"] and (given["endpoint"] or given["key"] or given["secret"]):
        yield (
            "E011",
            "IKZ_S3_ENDPOINT, IKZ_S3_KEY oder IKZ_S3_SECRET ist gesetzt, aber IKZ_S3_BUCKET fehlt: Dokumente lägen im "
            "Ordner. Bitte nennen Sie den Bucket oder entfernen Sie die Zugangsdaten.",
        )


def _errors_of_the_network() -> Iterator[tuple[str, str]]:
    """What would go over a network in the clear, or to nobody knows whom."""
    if settings.EMAIL_HOST_PASSWORD and _mail_is_clear():
        yield (
            "E013",
            f"IKZ_SMTP_URL schickt ein Passwort unverschlüsselt an {settings.EMAIL_HOST}. Bitte nehmen Sie smtp+tls:// "
            "oder smtp+ssl://.",
        )
    options = settings.DATABASES["default"].get("OPTIONS", {})
    if options.get("sslmode", "").startswith("verify-") and not _is_certificate(options.get("sslrootcert", "")):
        yield (
            "E014",
            f"DATABASE_URL nennt PostgreSQL auf einem anderen Rechner ({host_of(settings.DATABASES['default'])}), aber "
            "keine lesbare Datei mit dem Zertifikat, das für ihn bürgt. Bitte ergänzen Sie "
            "„?sslrootcert=/etc/ikz/postgres-ca.pem“, in einem abgeschlossenen Netz „?sslmode=disable“.",
        )


def _mail_is_clear() -> bool:
    return not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL or is_this_machine(settings.EMAIL_HOST))


def _is_certificate(path: str) -> bool:
    return path == "system" or os.access(path, os.R_OK)


def _is_guessable(key: str) -> bool:
    """Too short, or the same again and again."""
    return len(key) < SHORTEST_KEY or len({key[start : start + 3] for start in range(len(key) - 2)}) < FEWEST_PARTS


def _errors_of_who_serves_others() -> Iterator[tuple[str, str]]:
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
    if _is_guessable(settings.SECRET_KEY):
        yield (
            "E006",
            f"IKZ_SECRET_KEY ist zu leicht zu erraten. Bitte nehmen Sie mindestens {SHORTEST_KEY} zufällige Zeichen.",
        )
    if any(_is_guessable(key) for key in settings.SECRET_KEY_FALLBACKS):
        yield (
            "E010",
            "IKZ_SECRET_KEY_FALLBACKS enthält einen Schlüssel, der zu leicht zu erraten ist; auch er öffnet alles. Bitte "
            "entfernen Sie ihn.",
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
            "IKZ_MAIL_AT_ONCE ist an: Jede Seite wartet auf den Mailserver, und wer ein Dokument erneut prüfen lässt, auf den "
            "Virenscanner. Bitte schalten Sie es aus, sobald manage.py worker läuft.",
        )
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield (
            "W006",
            "DATABASE_URL nennt kein PostgreSQL. SQLite trägt nur eine Installation auf einem einzigen Rechner.",
        )
    if is_in_the_clear(settings.IKZ_S3["endpoint"]):
        yield (
            "W008",
            "IKZ_S3_ENDPOINT beginnt mit http://: Dokumente gehen unverschlüsselt zur Ablage. Bitte nehmen Sie https:// "
            "oder ein abgeschlossenes Netz.",
        )
    yield from _warnings_of_the_network()
    if not settings.IKZ_COMMON_PASSWORDS:
        yield (
            "W011",
            "IKZ_COMMON_PASSWORDS fehlt: Django kennt kaum verbreitete Passwörter mit zwölf und mehr Zeichen. Bitte nennen "
            "Sie eine Liste (docs/settings.md).",
        )
    if settings.HTTPS and not settings.BEHIND_PROXY:
        yield (
            "W007",
            "IKZ_HTTPS ist an, IKZ_BEHIND_PROXY aus. Hinter einem Proxy endet das in einer endlosen Weiterleitung.",
        )


def _warnings_of_the_network() -> Iterator[tuple[str, str]]:
    if is_in_the_clear(settings.IKZ_OTLP_URL):
        yield (
            "W009",
            "IKZ_OTLP_URL beginnt mit http://: Laufzeiten gehen unverschlüsselt zum Sammler. Bitte nehmen Sie https:// "
            "oder ein abgeschlossenes Netz.",
        )
    sslmode = _ssl_mode_to_another_machine(settings.DATABASES["default"])
    if sslmode and not sslmode.startswith("verify-"):
        yield (
            "W010",
            f"DATABASE_URL verlangt mit sslmode={sslmode} keinen Nachweis, wer antwortet, oder keine Verschlüsselung. "
            "Bitte nehmen Sie sslmode=verify-full oder ein abgeschlossenes Netz.",
        )
    if settings.IKZ_MAIL_BACKEND.endswith("smtp.EmailBackend") and _mail_is_clear():
        yield (
            "W012",
            f"IKZ_SMTP_URL schickt E-Mails unverschlüsselt an {settings.EMAIL_HOST}, auch Links für neue Passwörter. Bitte "
            "nehmen Sie smtp+tls:// oder ein abgeschlossenes Netz.",
        )


def _ssl_mode_to_another_machine(database: dict) -> str:
    """How PostgreSQL elsewhere is spoken to; empty where nothing goes over a network."""
    is_elsewhere = database["ENGINE"].endswith("postgresql") and not is_this_machine(host_of(database))
    return database["OPTIONS"]["sslmode"] if is_elsewhere else ""
