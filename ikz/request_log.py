"""One line of JSON for each request and each message, with who and which case by key, and nothing else about people.

The address of a request is told as the name of its route: paths may hold invitations, queries may hold names. Errors are
told by type and place, as their texts may quote what somebody typed. Of messages that are not ours (Django's, the
server's) only numbers are filled in, for the same reason.
"""

import json
import logging
import re
import sys
import threading
import time
import traceback
import warnings
from contextvars import ContextVar
from datetime import UTC, datetime
from uuid import uuid4

from django.core.exceptions import ImproperlyConfigured

OURS = ("applications", "ikz", "municipalities", "__main__")
SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
PLACEHOLDER = "…"

logger = logging.getLogger(__name__)
strays = logging.getLogger("ikz.strays")
_current = ContextVar("request", default=None)


class RequestLogMiddleware:
    """Gives each request an id, tells it in the response, and writes one line when the response is ready."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        start = time.monotonic()
        request.id = _id(request.headers.get("X-Request-ID", ""))
        token = _current.set(request)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request.id
            milliseconds = round((time.monotonic() - start) * 1000)
            facts = {"method": request.method, "status": response.status_code, "milliseconds": milliseconds}
            logger.info("request", extra={"facts": facts})
        finally:
            _current.reset(token)
        return response


class JsonFormatter(logging.Formatter):
    """A record as one line of ASCII, so that no character of a message can begin another line."""

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            **of_the_request(),
            **getattr(record, "facts", {}),
            **_of_the_error(record),
        }
        return json.dumps(line)


class TextFormatter(logging.Formatter):
    """For people at a laptop: whole messages, each on one line; only a traceback has several."""

    def formatMessage(self, record):
        record.message = CONTROL.sub(PLACEHOLDER, record.message)
        return super().formatMessage(record)


def tell_strays() -> None:
    """What Python itself would write past the log becomes lines of it: errors that nobody caught, in the process, in its
    threads and where objects go away, and warnings. By kind and place alone, as all errors.
    """
    sys.excepthook = _uncaught
    threading.excepthook = sys.unraisablehook = lambda stray: _uncaught(
        stray.exc_type, stray.exc_value, stray.exc_traceback
    )
    warnings.showwarning = _warned


def _uncaught(kind, error, trace):
    if issubclass(kind, SystemExit):
        return  # a thread that ends so ends as it wants to
    strays.critical("Niemand hat diesen Fehler abgefangen.", exc_info=(kind, error, trace))


def _warned(message, category, filename, lineno, file=None, line=None):
    strays.warning(
        "Python warnt.", extra={"facts": {"error": category.__name__, "traceback": [f"{filename}:{lineno}"]}}
    )


def _id(given: str) -> str:
    return given if SANE_ID.fullmatch(given) else uuid4().hex


def _message(record) -> str:
    if record.name.partition(".")[0] in OURS:
        return record.getMessage()
    if isinstance(record.args, tuple):
        return str(record.msg) % tuple(_harmless(each) for each in record.args) if record.args else str(record.msg)
    return str(record.msg)  # its placeholders have names, and stay


def _harmless(argument):
    return argument if isinstance(argument, int | float) else PLACEHOLDER


def of_the_request() -> dict:
    """Of the request that is being answered: its id, its route, and the keys of account and case, as far as known."""
    request = _current.get()
    if request is None:
        return {}
    user, match = getattr(request, "_cached_user", None), request.resolver_match
    known = {
        "request": request.id,
        "route": match and match.view_name,
        "user": user and user.pk,
        "case": getattr(request, "case_key", None) or (match and _case(match)),
    }
    return {name: value for name, value in known.items() if value is not None}


def about(request, record) -> None:
    """From here on the lines of this request name the case that the record belongs to, if it belongs to one.

    For every page of one case whose address does not say it, such as that of a document or a letter.
    """
    key = getattr(record, "application_id", None) or getattr(getattr(record, "case", None), "pk", None)
    if key:
        request.case_key = str(key)


def _case(match) -> str | None:
    """The key of a case that stands in the address: in the portal its UUID, in the admin its number."""
    if match.namespace == "portal" and "uuid" in match.kwargs:
        return str(match.kwargs["uuid"])
    if match.url_name and match.url_name.startswith("applications_application_"):
        key = match.kwargs.get("object_id", match.kwargs.get("pk"))
        return key and str(key)
    return None


def _of_the_error(record) -> dict:
    if not record.exc_info or record.exc_info[0] is None:
        return {}
    kind, error, trace = record.exc_info
    places = [f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(trace)]
    # What is wrong with a setting is a sentence for operators; it quotes neither people nor secrets (environment.py).
    sentence = {"sentence": str(error)} if issubclass(kind, ImproperlyConfigured) else {}
    return {"error": kind.__name__, **sentence, "traceback": places}
