"""Who hears what after which event: one message and one mail each, never to whoever caused it."""

import pytest
from django.template.loader import get_template
from post_office.models import Email

from applications import corrections, workflow
from applications.models import Application, CorrectionRequest, Message
from applications.notifications import EVENTS
from tests.factories import (
    ApplicationFactory,
    BudgetFactory,
    CorrectionRequestFactory,
    MunicipalityFactory,
    OpinionFactory,
    answers_for,
    case_in,
    clerk,
    decider,
)
from tests.municipal_people import MembershipFactory, draft_of, member_of, officer_of
from tests.programme_factories import VariantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """A case handed in and complete, with a person for everybody concerned, and some who are not."""
    case = ApplicationFactory(complete=True)
    participants = list(case.cooperation.participants.all())
    officer_of(case.opinions.first())
    MembershipFactory()  # a stranger
    return {
        "case": case,
        "clerk": case.clerk,
        "lead": member_of(participants[0].municipality),
        "partner": member_of(participants[1].municipality),
        "third": member_of(participants[2].municipality),
    }


def told(case, event):
    return {each.recipient for each in Message.objects.filter(application=case, event=event)}


def test_step_tells_the_people_it_concerns_except_the_actor(people):
    workflow.take(people["case"], "collect_resolutions", by=people["clerk"])

    assert told(people["case"], "collect_resolutions") == {people["lead"], people["partner"], people["third"]}
    assert Email.objects.count() == 3


def test_ministry_reads_of_a_case_and_municipalities_of_an_application(people):
    workflow.take(people["case"], "withdraw", by=people["lead"], reason="Wir verzichten.")

    title = people["case"].cooperation.title
    texts = {each.recipient: each.text for each in Message.objects.filter(event="withdraw")}
    assert (f"Der Fall: {title}" in texts[people["clerk"]], f"Der Antrag: {title}" in texts[people["partner"]]) == (
        True,
        True,
    )


def test_who_left_is_told_nothing_more(people):
    """Neither as a partner nor as the one who was asked."""
    case = people["case"]
    request = CorrectionRequestFactory(application=case)
    request.items.create(participant=case.participants[1], text="Siegel")
    case.cooperation.participants.filter(pk=case.participants[1].pk).update(left_on="2026-09-15", left_reason="x")
    case = Application.objects.get(pk=case.pk)

    corrections.tell(CorrectionRequest.objects.get(), by=people["clerk"])
    workflow.take(case, "withdraw", by=people["clerk"], reason="Schreiben der Stadt.")

    assert told(case, "withdraw") == {people["lead"], people["third"]}
    assert told(case, "correction_requested") == set()


def test_case_whose_clerk_is_gone_is_told_to_every_clerk(people):
    others = clerk()
    people["case"].clerk.is_active = False
    people["case"].clerk.save()

    workflow.take(people["case"], "withdraw", by=people["lead"], reason="Wir verzichten.")

    assert told(people["case"], "withdraw") == {others, people["partner"], people["third"]}


def test_withdrawal_by_the_lead_tells_the_clerk_and_not_the_lead(people):
    workflow.take(people["case"], "withdraw", by=people["lead"], reason="Wir verzichten.")

    assert told(people["case"], "withdraw") == {people["clerk"], people["partner"], people["third"]}


def test_draft_given_up_is_told_to_the_lead_alone():
    bodies = MunicipalityFactory.create_batch(2)
    draft = draft_of(bodies, variant=VariantFactory())
    person, colleague, _partner = member_of(bodies[0]), member_of(bodies[0]), member_of(bodies[1])
    clerk()

    workflow.take(draft, "withdraw", by=person, reason="Wir verzichten.")

    assert told(draft, "withdraw") == {colleague, draft.history.first().by}


def test_refused_step_tells_nobody(people):
    with pytest.raises(workflow.StepRefused):
        workflow.take(people["case"], "approve", by=people["clerk"], amount=1, year=2026)

    assert Message.objects.count() == 0


def test_person_of_two_participants_hears_once(people):
    participants = people["case"].cooperation.participants.all()
    MembershipFactory(user=people["lead"], municipality=participants[1].municipality)

    workflow.take(people["case"], "collect_resolutions", by=people["clerk"])

    assert Message.objects.filter(recipient=people["lead"]).count() == 1


def test_same_event_announced_again_tells_nobody_twice(people):
    case = people["case"]
    for _run in range(2):
        Message.objects.announce(case, "document_received", key="document:1", what="Beschluss", names=["a.pdf"])

    assert Message.objects.filter(event="document_received").count() == 1


def test_case_without_a_clerk_tells_every_clerk(people):
    case = people["case"]
    other = clerk()
    Application.objects.filter(pk=case.pk).update(clerk=None)
    case.refresh_from_db(fields=["clerk"])

    Message.objects.announce(case, "document_received", key="document:1", what="Beschluss", names=["a.pdf"])

    assert told(case, "document_received") == {people["clerk"], other}


def test_office_hears_of_its_request_alone():
    asked, other = ApplicationFactory(), ApplicationFactory()
    opinion = OpinionFactory(application=asked)
    officer = officer_of(opinion)
    OpinionFactory(application=other, name="Regierungspräsidium Kassel")

    Message.objects.announce(asked, "opinion_requested", key="o:1", office=opinion.office, due_on=opinion.due_on)

    assert told(asked, "opinion_requested") == {officer}


def test_message_says_what_it_means_and_where(people):
    workflow.take(people["case"], "collect_resolutions", by=people["clerk"])

    message = Message.objects.get(recipient=people["lead"])
    title, number = people["case"].cooperation.title, people["case"].file_number
    assert message.subject == f"Alle Beschlüsse liegen vor ({number})"
    assert message.text == (
        f"Guten Tag {people['lead']},\n\n"
        "die Beschlüsse aller Beteiligten sind vollständig.\n\n"
        "Als Nächstes lädt die federführende Kommune die unterschriebene Vereinbarung hoch. Ist sie schon da, müssen Sie "
        "nichts tun.\n\n"
        f"Der Antrag: {title}, Aktenzeichen {number}\n"
        f"http://127.0.0.1:8000/portal/faelle/{people['case'].uuid}/\n\n"
        "Mit freundlichen Grüßen\nIhr IKZ-Förderportal\n\n"
        "Diese Nachricht wurde automatisch erstellt. Bitte antworten Sie im Portal und nicht auf diese E-Mail.\n"
    )


def test_names_reach_the_mail_as_they_are(people):
    people["case"].cooperation.title = "Müll & „Wasser“ <b>{{ x }}</b>\nBcc: a@example.org"
    people["case"].cooperation.save()

    workflow.take(people["case"], "collect_resolutions", by=people["clerk"])

    assert "Müll & „Wasser“ <b>{{ x }}</b>" in Email.objects.first().message
    assert Email.objects.first().bcc == []


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_its_text(event):
    assert get_template(f"applications/mails/{event}.txt")


def test_all_steps_can_be_told():
    """Every text is rendered once with what its step gives; unknown variables would fail."""
    case = case_in("checked")
    member_of(case.cooperation.lead)
    BudgetFactory()
    case = workflow.take(case, "approve", by=decider(), **answers_for(case, "approve"))

    case = workflow.take(case, "undo", by=decider(), reason="Versehen.")
    workflow.take(case, "reject", by=decider(), reason="Haushalt.", no_hearing_reason="Nach Aktenlage.")

    assert [each.event for each in Message.objects.order_by("pk")] == ["approve", "undo", "reject"]
