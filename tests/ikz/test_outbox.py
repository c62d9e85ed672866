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
    # Each attempt found the server away with one mail, and spared the others; the next one's turn came then.
    assert sorted(each.logs.count() for each in Email.objects.all()) == [1, 2, 2]


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

    outbox.again([email])
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


# ── What one mail cannot do to the others ─────────────────────────────────────────────────────────────────────────────


def last_reason(email):
    return email.logs.order_by("pk").last().message


@pytest.mark.parametrize("address", ["=?utf-8?q?=0a?=@example.org", "=?utf-8?q?a?=@example.org", f"a@{'ü' * 60}.de"])
def test_mail_to_an_address_that_cannot_be_sent_fails_for_good_with_the_reason(port, address):
    bad = Email.objects.create(from_email="ikz@example.org", to=[address], status=STATUS.queued, subject="x")
    outbox.enqueue(mail())

    with mail_server.serving(port) as mailbox:
        assert outbox.send_due() == 1

    bad.refresh_from_db()
    assert (bad.status, bad.number_of_retries) == (STATUS.failed, 1)
    assert last_reason(bad).startswith("Die E-Mail lässt sich nicht senden, weil ihre Adresse oder eine Kopfzeile")
    assert [recipients for recipients, _content in mailbox.received] == [["a@example.org"]]


def test_header_that_cannot_be_sent_fails_for_good(port):
    bad = outbox.enqueue(mail())
    Email.objects.update(headers={"Reply-To": "a@example.org\nBcc: b@example.org"})

    with mail_server.serving(port) as mailbox:
        assert outbox.send_due() == 0

    bad.refresh_from_db()
    assert (bad.status, mailbox.received) == (STATUS.failed, [])
    assert "Header values can't contain newlines" in last_reason(bad)


REFUSED_FOR_GOOD = "Der Mailserver hat die Adresse endgültig abgelehnt (550 5.1.1 User unknown). Bitte klären Sie"


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        ("550 5.1.1 User unknown", STATUS.failed, REFUSED_FOR_GOOD),
        ("550 User unknown", STATUS.failed, "Der Mailserver hat die Adresse endgültig abgelehnt (550 User unknown)."),
        ("450 4.2.0 Greylisted", STATUS.requeued, "{'a@example.org': (450"),
        ("550 5.7.1 Relaying denied", STATUS.requeued, "{'a@example.org': (550"),
        ("554 5.7.1 Relay access denied", STATUS.requeued, "{'a@example.org': (554"),
    ],
)
def test_recipient_refused_by_the_server(port, answer, status, reason):
    email = outbox.enqueue(mail())
    other = outbox.enqueue(EmailMessage(subject="x", body="y", to=["b@example.org"]))

    with mail_server.serving(port, mail_server.Choosy({"a@example.org": answer})):
        assert outbox.send_due() == 1

    email.refresh_from_db()
    other.refresh_from_db()
    assert (email.status, other.status) == (status, STATUS.sent)
    assert last_reason(email).startswith(reason)


def test_password_that_cannot_be_sent_postpones_every_mail(port, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "ikz", "Schlüssel"
    email = outbox.enqueue(mail())

    with mail_server.serving(port, asks_for_password=True):
        assert outbox.send_due() == 0

    email.refresh_from_db()
    assert (email.status, email.logs.get().exception_type) == (STATUS.requeued, "UnicodeEncodeError")


def test_senders_address_that_cannot_be_sent_postpones_every_mail(port):
    email = outbox.enqueue(mail())
    Email.objects.update(from_email="=?utf-8?q?=0a?=@example.org")

    with mail_server.serving(port) as mailbox:
        outbox.send_due()

    email.refresh_from_db()
    assert (email.status, mailbox.received) == (STATUS.requeued, [])


def test_server_that_is_away_is_asked_once_in_a_round(port):
    for number in range(3):
        outbox.enqueue(mail(f"Nr. {number}"))

    assert outbox.send_due() == 0

    assert sorted(each.number_of_retries or 0 for each in Email.objects.all()) == [0, 0, 1]


def test_mail_that_was_tried_often_comes_after_the_others(port):
    often, once = outbox.enqueue(mail("oft")), outbox.enqueue(mail("einmal"))
    Email.objects.filter(pk=often.pk).update(number_of_retries=7)

    with mail_server.serving(port) as mailbox:
        assert outbox.send_due(limit=1) == 1

    once.refresh_from_db()
    assert (once.status, len(mailbox.received)) == (STATUS.sent, 1)


def test_mail_whose_sender_dies_each_time_is_given_up(port):
    email = outbox.enqueue(mail())
    Email.objects.update(number_of_retries=outbox.MOST_TRIES)

    with mail_server.serving(port) as mailbox:
        assert outbox.send_due() == 0

    email.refresh_from_db()
    assert (email.status, last_reason(email), mailbox.received) == (STATUS.failed, outbox.TOO_OFTEN, [])


def test_mail_that_somebody_claims_in_between_is_left_to_them(port, monkeypatch):
    for number in range(2):
        outbox.enqueue(mail(f"Nr. {number}"))

    def claim_all():
        Email.objects.update(scheduled_time=timezone.now() + outbox.CLAIM)
        return False

    with mail_server.serving(port) as mailbox:
        assert outbox.send_due(is_stopping=claim_all) == 0

    assert mailbox.received == []
    assert set(Email.objects.values_list("status", "number_of_retries")) == {(STATUS.queued, None)}


def test_whoever_stops_sends_nothing_more(port):
    for number in range(3):
        outbox.enqueue(mail(f"Nr. {number}"))
    stops = iter([False, True])

    with mail_server.serving(port) as mailbox:
        assert outbox.send_due(is_stopping=lambda: next(stops)) == 1

    assert len(mailbox.received) == 1
    assert Email.objects.filter(status=STATUS.queued).count() == 2
