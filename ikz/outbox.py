"""The outbox: a mail is a row of the transaction that caused it, and is sent after that has been committed.

A mail server that is down for hours loses nothing: rows wait and are tried again, ever more rarely. What can never be
sent is failed at once, with the reason. Whoever sends claims a row first, so that several senders never send the same
one; a claim of a sender that was killed ends by itself.
"""

import logging
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from enum import Enum
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import make_msgid, sanitize_address
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.utils import timezone
from post_office.models import STATUS, Email

from ikz.mail_addresses import UNWRITABLE, sendable

logger = logging.getLogger(__name__)

WAITING = (STATUS.queued, STATUS.requeued)
CLAIM = timedelta(minutes=10)
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]  # then hourly
GIVE_UP_AFTER = timedelta(days=5)
MOST_TRIES = 300  # twice as many as five days hold: of a mail whose sender dies of it, which never gets further

NO_SUCH_MAILBOX = (501, 550, 551, 553, 556)  # RFC 5321 and 7504
OF_A_POLICY = b"5.7."  # RFC 3463: such as a relay denied, which the house mends at its own server
ABOUT_THIS_MAIL = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError)  # the server is there and takes others

UNWRITTEN = (
    "Die E-Mail lässt sich nicht senden, weil ihre Adresse oder eine Kopfzeile nicht zulässig ist ({why}). Bitte klären "
    "Sie die richtige Adresse; ändern Sie sie am Konto oder laden Sie die Person noch einmal ein."
)
REFUSED = (
    "Der Mailserver hat die Adresse endgültig abgelehnt ({why}). Bitte klären Sie die richtige Adresse; ändern "
    "Sie sie am Konto oder laden Sie die Person noch einmal ein."
)
TOO_OFTEN = (
    "Die E-Mail ließ sich nicht senden, ohne dass ein Grund bekannt wurde. Bitte verständigen Sie die Administration."
)

STATES = {
    STATUS.sent: "gesendet",
    STATUS.failed: "nicht zustellbar",
    STATUS.queued: "wird gesendet",
    STATUS.requeued: "wird erneut versucht",
}


class Undeliverable(Exception):
    """The mail can never be sent; the text is the sentence of why."""


class Outcome(Enum):
    SENT = "sent"
    FAILED = "failed"  # for good
    POSTPONED = "postponed"
    SERVER_AWAY = "server away"  # postponed, and so would be the others
    LEFT = "left"  # somebody else has it


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
    _send_after_commit([email.pk])
    return email


def subject_and_body(template: str, facts: dict) -> tuple[str, str]:
    """A mail as its template says it: the first line, and the rest. Plain text, so nothing is escaped."""
    subject, _, body = render_to_string(template, facts).strip().partition("\n")
    return " ".join(subject.split())[:200], body.strip() + "\n"


def send_due(limit: int = 200, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Send what is due, the least tried and oldest first, and return how many went out.

    Never raises for a mail that fails. Ends early before the next mail when the sender is stopping, and after one that
    found the server away: the others would only wait for it in vain.
    """
    due = _due().order_by(Coalesce("number_of_retries", 0), "created", "pk")
    return _send_each(list(due.values_list("pk", flat=True)[:limit]), is_stopping)


def again(emails) -> None:
    """Put mails back into the outbox, whatever became of them, addressed as they are now."""
    for email in emails:
        Email.objects.filter(pk=email.pk).update(
            to=email.to, status=STATUS.queued, scheduled_time=None, number_of_retries=0
        )
    _send_after_commit([email.pk for email in emails])


def state_of(email) -> str:
    """What became of a mail, in a few words; None is a mail that the outbox no longer has."""
    return STATES[email.status] if email else "keine E-Mail"


def has_failed(email) -> bool:
    """Whether a mail will never arrive."""
    return bool(email) and email.status == STATUS.failed


def last_error_of(email) -> str:
    """When and why a mail was last not sent."""
    log = email.logs.order_by("-pk").first() if email else None
    return f"{timezone.localtime(log.date):%d.%m.%Y %H:%M}: {log.message}" if log else "keiner"


def _due():
    return Email.objects.filter(Q(scheduled_time=None) | Q(scheduled_time__lte=timezone.now()), status__in=WAITING)


def _send_after_commit(keys) -> None:
    """Where no worker does it."""
    if settings.IKZ_MAIL_AT_ONCE:
        transaction.on_commit(lambda: _send_each(keys))


def _send_each(keys, is_stopping: Callable[[], bool] = lambda: False) -> int:
    sent = 0
    for pk in keys:
        if is_stopping():
            break
        outcome = _send(pk)
        sent += outcome is Outcome.SENT
        if outcome is Outcome.SERVER_AWAY:
            break
    return sent


def _send(pk) -> Outcome:
    if not _claim(pk):
        return Outcome.LEFT
    email = Email.objects.get(pk=pk)
    try:
        _hand_over(email)
    except Undeliverable as refusal:
        return _fail(email, refusal)
    except ABOUT_THIS_MAIL as error:
        return _postpone(email, error, Outcome.POSTPONED)
    except (
        OSError,
        ValueError,
    ) as error:  # the network, the server, or settings that cannot be sent, such as passwords
        return _postpone(email, error, Outcome.SERVER_AWAY)
    Email.objects.filter(pk=pk).update(status=STATUS.sent)
    return Outcome.SENT


def _claim(pk) -> bool:
    """Whether the mail is ours. A try is counted before it is made, so that one that ends the process counts too."""
    tries = Coalesce(F("number_of_retries"), 0) + 1
    return bool(_due().filter(pk=pk).update(scheduled_time=timezone.now() + CLAIM, number_of_retries=tries))


def _hand_over(email) -> None:
    """Raises Undeliverable, or what smtplib raises. ValueError for settings: the sender's address, the password."""
    if email.number_of_retries > MOST_TRIES:
        raise Undeliverable(TOO_OFTEN)
    sanitize_address(email.from_email, settings.DEFAULT_CHARSET)
    _write(email)
    with closing(get_connection(settings.IKZ_MAIL_BACKEND)) as connection:
        try:
            email.dispatch(commit=False, disconnect_after_delivery=False, connection=connection)
        except SMTPRecipientsRefused as refusal:
            if all(_is_for_good(*answer) for answer in refusal.recipients.values()):
                raise Undeliverable(REFUSED.format(why=_in_words(refusal))) from refusal
            raise


def _write(email) -> None:
    """Write the mail as the server would get it. Raises Undeliverable."""
    try:
        message = email.email_message()
        for address in message.recipients():
            sendable(address)
        message.message().as_bytes()
    except ValidationError as error:
        raise Undeliverable(UNWRITTEN.format(why=", ".join(message.recipients()))) from error
    except UNWRITABLE as error:
        raise Undeliverable(UNWRITTEN.format(why=error)) from error


def _is_for_good(code: int, said: bytes) -> bool:
    return code in NO_SUCH_MAILBOX and not said.startswith(OF_A_POLICY)


def _in_words(refusal: SMTPRecipientsRefused) -> str:
    return ", ".join(f"{code} {said.decode(errors='replace')}" for code, said in refusal.recipients.values())


def _fail(email, error) -> Outcome:
    Email.objects.filter(pk=email.pk).update(status=STATUS.failed)
    _note(email, error)
    logger.warning("Mail %s can never be sent (%s).", email.pk, type(error.__cause__ or error).__name__)
    return Outcome.FAILED


def _postpone(email, error, outcome) -> Outcome:
    pause = PAUSES[min(email.number_of_retries, len(PAUSES)) - 1]
    too_old = email.created < timezone.now() - GIVE_UP_AFTER
    Email.objects.filter(pk=email.pk).update(
        status=STATUS.failed if too_old else STATUS.requeued, scheduled_time=timezone.now() + pause
    )
    _note(email, error)
    logger.warning("Mail %s could not be sent (%s); next attempt in %s.", email.pk, type(error).__name__, pause)
    return outcome


def _note(email, error) -> None:
    """What the admin shows of the last attempt."""
    email.logs.create(status=STATUS.failed, message=str(error)[:500], exception_type=type(error).__name__)
