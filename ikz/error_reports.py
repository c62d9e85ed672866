"""Errors of the program go to the house's own Sentry, where IKZ_SENTRY_DSN names one.

A report says what a line of the log says (request_log.py): kind and places of the error, the route, the keys of request,
account and case. Texts of errors, values of variables, addresses and forms stay here: only what is named in KEPT goes out.
"""

import sentry_sdk
from django.core.exceptions import ImproperlyConfigured
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.utils import BadDsn

from ikz import request_log
from ikz.hosts import is_in_the_clear

KEPT = ("event_id", "timestamp", "level", "platform", "logger", "release", "environment", "sdk")
KEPT_OF_A_FRAME = ("filename", "module", "function", "lineno", "in_app")


def begin(dsn: str) -> None:
    """From here on every error is reported. Raises ImproperlyConfigured for a DSN that cannot be read or is unsafe."""
    if is_in_the_clear(dsn):
        raise ImproperlyConfigured(
            "IKZ_SENTRY_DSN führt mit http:// zu einem anderen Rechner: Fehlerberichte gingen unverschlüsselt über das "
            "Netz. Bitte nehmen Sie eine Adresse mit https://."
        )
    try:
        sentry_sdk.init(
            dsn=dsn,
            before_send=without_people,
            integrations=[DjangoIntegration(middleware_spans=False), LoggingIntegration()],
            auto_enabling_integrations=False,
            include_local_variables=False,
            include_source_context=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            auto_session_tracking=False,
            send_client_reports=False,
        )
    except BadDsn:
        raise ImproperlyConfigured(
            "IKZ_SENTRY_DSN ist nicht lesbar. Erwartet wird die Adresse, die Sentry für das Projekt nennt, zum Beispiel "
            "„https://schluessel@sentry.ikz.example/1“."
        ) from None


def without_people(event: dict, hint: dict) -> dict:
    """The report as it may leave the house."""
    report = {name: event[name] for name in KEPT if name in event}
    if template := (event.get("logentry") or {}).get("message"):
        report["logentry"] = {"message": template}
    errors = (event.get("exception") or {}).get("values", [])
    report["exception"] = {"values": [_bare(error) for error in errors]}
    report["tags"] = {name: str(value) for name, value in request_log.of_the_request().items()}
    return report


def _bare(error: dict) -> dict:
    frames = (error.get("stacktrace") or {}).get("frames", [])
    places = [{name: frame[name] for name in KEPT_OF_A_FRAME if name in frame} for frame in frames]
    return {"type": error.get("type"), "module": error.get("module"), "stacktrace": {"frames": places}}
