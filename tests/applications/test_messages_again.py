"""A mail sent again: to whoever may still read the message, at the address of today."""

import pytest
from django.urls import reverse
from post_office.models import STATUS, Email

from applications.admin.messages import NO_ACCESS
from applications.models import Message
from tests import mail_server
from tests.factories import ApplicationFactory, UserFactory, clerk
from tests.municipal_people import MessageFactory, member_of
from tests.ports import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return ApplicationFactory()


@pytest.fixture
def client(client, case):
    client.force_login(case.clerk)
    return client


def told(case, person):
    """What the person was told, by a mail that could not be delivered."""
    message = MessageFactory(application=case, recipient=person)
    message.email = message.enqueued()
    message.save()
    Email.objects.filter(pk=message.email_id).update(status=STATUS.failed, number_of_retries=7)
    return message


def press(client, message):
    response = client.post(reverse("admin:applications_message_resend", args=[message.pk]), follow=True)
    return [str(said) for said in response.context["messages"]]


def choose(client, *rows):
    chosen = {"action": "send_again", "_selected_action": [each.pk for each in rows]}
    response = client.post(reverse("admin:applications_message_changelist"), chosen, follow=True)
    return [str(said) for said in response.context["messages"]]


def mails():
    return sorted((*email.to, email.status) for email in Email.objects.all())


def test_mail_goes_to_the_present_address(client, case):
    person = member_of(case.participants[0].municipality)
    message = told(case, person)
    person.email = "neu@example.org"
    person.save()

    said = press(client, message)

    assert said == ["1 E-Mail wird erneut gesendet, an neu@example.org."]
    assert mails() == [("neu@example.org", STATUS.queued)]


@pytest.mark.parametrize("condition", ["disabled", "access ended"])
def test_people_who_are_out_get_nothing_and_the_page_says_so(client, case, condition):
    out, still = member_of(case.participants[0].municipality), member_of(case.participants[1].municipality)
    messages = [told(case, out), told(case, still)]
    if condition == "disabled":
        out.is_active = False
        out.save()
    else:
        out.memberships.update(valid_to="2026-09-01")

    said = choose(client, *messages)

    assert said == [f"1 E-Mail wird erneut gesendet, an {still.email}.", NO_ACCESS.format(person=out)]
    assert mails() == sorted([(out.email, STATUS.failed), (still.email, STATUS.queued)])


def test_mail_that_the_outbox_no_longer_has_is_written_anew(client, case):
    message = MessageFactory(application=case, recipient=clerk())

    press(client, message)

    message.refresh_from_db()
    assert (message.email.to, message.email.subject) == ([message.recipient.email], message.subject)


def test_mail_is_sent_where_no_worker_does_it(client, case, settings, django_capture_on_commit_callbacks):
    settings.IKZ_MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    message = told(case, clerk())

    with mail_server.serving(settings.EMAIL_PORT) as mailbox, django_capture_on_commit_callbacks(execute=True):
        press(client, message)

    assert [recipients for recipients, _content in mailbox.received] == [[message.recipient.email]]
    assert Email.objects.get().status == STATUS.sent


def test_more_than_twenty_are_left_for_another_time(client, case):
    person = clerk()

    said = choose(client, *(told(case, person) for _ in range(21)))

    assert said == [
        f"20 E-Mails werden erneut gesendet, an {person.email}.",
        "1 weitere E-Mail wird nicht gesendet: höchstens 20 auf einmal.",
    ]


def test_who_may_not_work_on_cases_sends_nothing(client, case):
    message = told(case, clerk())
    client.force_login(UserFactory(roles=["Revision"]))

    page = client.get(reverse("admin:applications_message_change", args=[message.pk]))
    refused = client.post(reverse("admin:applications_message_resend", args=[message.pk]))

    assert ("Erneut senden" in page.content.decode(), refused.status_code) == (False, 403)
    assert mails() == [(message.recipient.email, STATUS.failed)]


def test_message_of_a_case_that_one_may_not_see_does_not_exist(client, case):
    draft = ApplicationFactory(is_handed_in=False)
    message = told(draft, clerk())

    assert client.post(reverse("admin:applications_message_resend", args=[message.pk])).status_code == 404
    assert Message.objects.visible_to(message.recipient).count() == 0
