"""Mails against a real mail server: nothing lost while it is down, nothing sent twice."""

from datetime import timedelta

import pytest
from django.core.mail import BadHeaderError, EmailMessage, send_mail
from django.db import transaction
from django.utils import timezone
from post_office.models import STATUS, Email

from ikz import outbox
from tests import mail_server
from tests.ports import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def port(settings):
    """Where the mail server will be, once it is up."""
    settings.EMAIL_BACKEND = "ikz.outbox.OutboxBackend"
    settings.IKZ_MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.IKZ_MAIL_AT_ONCE = False
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    return settings.EMAIL_PORT


def mail(subject="Betreff", **fields):
    return EmailMessage(subject=subject, body="Guten Tag, {{ 7 }} & „Größe“", to=["a@example.org"], **fields)


def due_again():
    Email.objects.update(scheduled_time=timezone.now() - timedelta(seconds=1))


def test_djangos_mail_functions_write_rows(port):
    send_mail("Betreff", "Text", None, ["a@example.org"])

    email = Email.objects.get()
    assert (email.subject, email.message, email.to, email.status) == (
        "Betreff",
        "Text",
        ["a@example.org"],
        STATUS.queued,
    )


def test_mail_arrives_as_it_was_written(port):
    outbox.enqueue(mail())

    with mail_server.serving(port) as mailbox:
        assert outbox.send_due() == 1

    (recipients, content) = mailbox.received[0]
    assert recipients == ["a@example.org"]
    assert Email.objects.get().status == STATUS.sent
    assert content.count("Subject: Betreff") == 1
    assert "{{ 7 }} &" in content or "e3sgNyB9fSAm" in content  # as text or in base64


def test_server_down_for_hours_loses_nothing_and_sends_nothing_twice(port):
    for number in range(3):
        outbox.enqueue(mail(f"Nr. {number}"))

    for _attempt in range(5):
        assert outbox.send_due() == 0
        due_again()
    with mail_server.serving(port) as mailbox:
        assert outbox.send_due() == 3
        assert outbox.send_due() == 0

    assert len(mailbox.received) == 3
    assert set(Email.objects.values_list("status", flat=True)) == {STATUS.sent}
    assert Email.objects.first().logs.count() == 5


def test_failed_mail_waits_longer_each_time(port):
    outbox.enqueue(mail())

    pauses = []
    for _attempt in range(5):
        before = timezone.now()
        outbox.send_due()
        pauses.append(round((Email.objects.get().scheduled_time - before).total_seconds() / 60))
        due_again()

    assert pauses == [1, 5, 15, 60, 60]


def test_mail_refused_for_days_is_given_up_and_can_be_sent_again(port):
    email = outbox.enqueue(mail())
    Email.objects.update(created=timezone.now() - timedelta(days=6))
    outbox.send_due()
    assert Email.objects.get().status == STATUS.failed

    outbox.again(email)
    with mail_server.serving(port) as mailbox:
        outbox.send_due()

    assert len(mailbox.received) == 1


def test_claimed_mail_is_left_to_its_sender_until_the_claim_ends(port):
    email = outbox.enqueue(mail())
    Email.objects.update(scheduled_time=timezone.now() + outbox.CLAIM)

    with mail_server.serving(port) as mailbox:
        assert outbox.send_due() == 0
        due_again()  # the sender was killed, and ten minutes have passed
        assert outbox.send_due() == 1

    assert len(mailbox.received) == 1
    assert email.message_id in mailbox.received[0][1]


@pytest.mark.django_db(transaction=True)
def test_rolled_back_transaction_leaves_no_mail_and_a_committed_one_sends_it(port, settings):
    settings.IKZ_MAIL_AT_ONCE = True
    with mail_server.serving(port) as mailbox:
        with transaction.atomic():
            outbox.enqueue(mail("bleibt nicht"))
            transaction.set_rollback(True)
        with transaction.atomic():
            outbox.enqueue(mail("bleibt"))
            assert mailbox.received == []

        assert len(mailbox.received) == 1

    assert [each.subject for each in Email.objects.all()] == ["bleibt"]


def test_line_break_in_a_header_is_refused(port):
    with pytest.raises(BadHeaderError):
        outbox.enqueue(mail("Betreff\nBcc: b@example.org"))

    assert Email.objects.count() == 0
