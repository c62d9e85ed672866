"""Work that nobody watches, and that must not stop other work."""

import logging

from django.db import InterfaceError, OperationalError

logger = logging.getLogger(__name__)


class Apart:
    """`with Apart("Fall 7"):` — what goes wrong within is logged as an error with these words, and what follows is done.

    The only place that catches what nobody expected: at night nobody is there to whom an error could be shown, and one
    case must not cost all others their reminders. A database that is away stops everything; the worker waits for it.
    """

    def __init__(self, what):
        self.what = what

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if not isinstance(error, Exception) or isinstance(error, InterfaceError | OperationalError):
            return False
        logger.error("%s: nicht erledigt, alles andere geht weiter.", self.what, exc_info=error)
        return True
