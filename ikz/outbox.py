"""The outbox: a mail is a row of the transaction that caused it, and is sent after that has been committed.

A mail server that is down for hours loses nothing: rows wait and are tried again, ever more rarely. Whoever sends claims
a row first, so that several senders never send the same one; a claim of a sender that was killed ends by itself.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import make_msgid
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.utils import timezone
from post_office.models import STATUS, Email

logger = logging.getLogger(__name__)

WAITING = (STATUS.queued, STATUS.requeued)
CLAIM = timedelta(minutes=10)
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]  # then hourly
GIVE_UP_AFTER = timedelta(days=5)


class OutboxBackend(BaseEmailBackend):
    """Django's mail functions write into the outbox."""

    def send_messages(self, email_messages):
        for message in email_messages:
            enqueue(message)
        return len(email_messages)


def enqueue(message) -> Email:
    """Write a mail as a row. Raises BadHeaderError for a line break in a header; nothing is written then."""
    message.message()
    email = Email.objects.create(
        from_email=message.from_email or settings.DEFAULT_FROM_EMAIL,
        to=message.to,
        cc=message.cc,
        bcc=message.bcc,
        subject=message.subject,
        message=message.body,
        headers=message.extra_headers or None,
        message_id=make_msgid(domain="ikz.invalid"),  # the same at every attempt, so that servers know a repeated one
        status=STATUS.queued,
    )
    if settings.IKZ_MAIL_AT_ONCE:
        transaction.on_commit(lambda: _send(email.pk))
    return email


def subject_and_body(template: str, facts: dict) -> tuple[str, str]:
    """A mail as its template says it: the first line, and the rest. Plain text, so nothing is escaped."""
    subject, _, body = render_to_string(template, facts).strip().partition("\n")
    return " ".join(subject.split())[:200], body.strip() + "\n"


def send_due(limit: int = 200) -> int:
    """Send what is due, the oldest first, and return how many went out. Never raises for a mail that fails."""
    due = _due().order_by("created", "pk").values_list("pk", flat=True)[:limit]
    return sum(_send(pk) for pk in list(due))


def again(email) -> None:
    """Put a mail back into the outbox, whatever became of it."""
    Email.objects.filter(pk=email.pk).update(status=STATUS.queued, scheduled_time=None, number_of_retries=0)


def _due():
    return Email.objects.filter(Q(scheduled_time=None) | Q(scheduled_time__lte=timezone.now()), status__in=WAITING)


def _send(pk) -> bool:
    if not _due().filter(pk=pk).update(scheduled_time=timezone.now() + CLAIM):
        return False  # somebody else has it
    email = Email.objects.get(pk=pk)
    try:
        email.dispatch(commit=False, disconnect_after_delivery=False, connection=_connection())
    except OSError as error:  # the network, or what smtplib raises: the mail waits
        _postpone(email, error)
        return False
    Email.objects.filter(pk=pk).update(status=STATUS.sent)
    return True


def _connection():
    return get_connection(settings.IKZ_MAIL_BACKEND)


def _postpone(email, error):
    tries = (email.number_of_retries or 0) + 1
    pause = PAUSES[min(tries, len(PAUSES)) - 1]
    too_old = email.created < timezone.now() - GIVE_UP_AFTER
    Email.objects.filter(pk=email.pk).update(
        status=STATUS.failed if too_old else STATUS.requeued,
        scheduled_time=timezone.now() + pause,
        number_of_retries=Coalesce(F("number_of_retries"), 0) + 1,
    )
    email.logs.create(status=STATUS.failed, message=str(error)[:500], exception_type=type(error).__name__)
    logger.warning("Mail %s could not be sent (%s); next attempt in %s.", email.pk, type(error).__name__, pause)
