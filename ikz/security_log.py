"""Who signed in and out, who failed, who changed a password or a second factor: a line of the log each, by key alone.

What was refused afterwards stands in the line of the request (request_log.py): status 403 or 404, route, account.
"""

import logging

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

logger = logging.getLogger(__name__)
EVENTS = {
    "signed in": user_logged_in,
    "signed out": user_logged_out,
    "sign-in failed": user_login_failed,  # for whom stays unsaid: asking the database would take time for known accounts alone
    "password changed": password_changed,
    "password reset": password_reset,
    "second factor added": authenticator_added,
    "second factor removed": authenticator_removed,
    "second factor made anew": authenticator_reset,
}


def begin() -> None:
    for what, signal in EVENTS.items():
        signal.connect(_teller(what), weak=False, dispatch_uid=f"ikz.security_log.{what}")


def _teller(what):
    def tell(sender, user=None, **kwargs):
        logger.info(what, extra={"facts": {"user": user.pk} if user else {}})

    return tell
