"""Who signed in and out, who failed, whose password, second factor, roles or access changed: a line each, by key alone.

`user` is who acts or signs in, `account` whose account is changed. A change is told when it has been committed. What was refused afterwards stands in the line of the request (request_log.py): status 403 or 404, route, account.
"""

import logging
from functools import partial

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from auditlog.models import LogEntry
from auditlog.signals import post_log
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.db.models.signals import m2m_changed

logger = logging.getLogger(__name__)
EVENTS = {
    "signed in": user_logged_in,
    "signed out": user_logged_out,
    "sign-in failed": user_login_failed,  # for whom stays unsaid: asking the database would take time for known accounts alone
    "second factor failed": authentication_failed,
    "password changed": password_changed,
    "password reset": password_reset,
    "second factor added": authenticator_added,
    "second factor removed": authenticator_removed,
    "second factor made anew": authenticator_reset,
}
# What the lines call the records that auditlog watches (applications/audited_fields.py), and which field is whose account.
RECORDS = {
    "ikz.User": ("account", "pk"),
    "municipalities.Membership": ("access", "user_id"),
    "applications.OfficeMember": ("access", "user_id"),
}
# A change of one field that has a word of its own: (record, field, new value or None for any) → word.
WORDS = {
    ("account", "is_active", "False"): "switched off",
    ("account", "is_active", "True"): "switched on",
    ("access", "ended_at", None): "ended",
}
ROLES = {"post_add": "roles given", "post_remove": "roles taken", "post_clear": "all roles taken"}


def begin() -> None:
    for what, signal in EVENTS.items():
        signal.connect(_teller(what), weak=False, dispatch_uid=f"ikz.security_log.{what}")
    post_log.connect(_tell_of_a_record, dispatch_uid="ikz.security_log.records")
    m2m_changed.connect(_tell_of_roles, sender=get_user_model().groups.through, dispatch_uid="ikz.security_log.roles")


def tell(what: str, **facts) -> None:
    """A line about a change, once that has been committed; `facts` are keys, never names or addresses."""
    transaction.on_commit(partial(logger.info, what, extra={"facts": facts}))


def _tell_of_a_record(sender, instance, action, changes, log_created, **kwargs):
    if not log_created or sender._meta.label not in RECORDS:
        return
    record, owner = RECORDS[sender._meta.label]
    facts = {"account": getattr(instance, owner), "fields": sorted(changes)}
    if record != "account":
        facts[record] = instance.pk
    tell(f"{record} {_word(record, action, changes)}", **facts)


def _word(record, action, changes) -> str:
    if action != LogEntry.Action.UPDATE:
        return "made" if action == LogEntry.Action.CREATE else "deleted"
    for (of, field, value), word in WORDS.items():
        if of == record and field in changes and value in (None, changes[field][1]):
            return word
    return "changed"


def _tell_of_roles(sender, instance, action, reverse, pk_set, **kwargs):
    """Of roles by their keys; `reverse` is a role that is given people."""
    if action in ROLES:
        others = sorted(pk_set or [])
        facts = {"role": instance.pk, "accounts": others} if reverse else {"account": instance.pk, "roles": others}
        tell(ROLES[action], **facts)


def _teller(what):
    def tell(sender, user=None, **kwargs):
        logger.info(what, extra={"facts": {"user": user.pk} if user else {}})

    return tell
