"""Who sees which cases: rows that must not appear stand beside those that must."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from applications.models import Application, Message
from applications.standing import standing
from ikz.models import User
from municipalities.models import Membership
from tests.factories import (
    ApplicationFactory,
    OpinionFactory,
    UserFactory,
    clerk,
)
from tests.municipal_people import MembershipFactory, MessageFactory, member_of, officer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases():
    """A handed-in case, a draft of the same lead, and a case of strangers; opinions asked and only planned."""
    mine = ApplicationFactory()
    lead = mine.cooperation.lead
    draft = ApplicationFactory(is_handed_in=False, cooperation__lead=lead)
    others = ApplicationFactory()
    OpinionFactory(application=mine, received_on=None, recommendation="")
    OpinionFactory(application=others, requested_on=None, received_on=None, recommendation="")
    return {"mine": mine, "draft": draft, "others": others}


def seen_by(user, cases):
    fresh = User.objects.get(pk=user.pk) if user.pk else user
    visible = set(Application.objects.visible_to(fresh))
    return {name for name, case in cases.items() if case in visible}


def test_ministry_sees_what_is_handed_in(cases):
    assert seen_by(clerk(), cases) == {"mine", "others"}


def test_lead_sees_its_cases_and_drafts(cases):
    assert seen_by(member_of(cases["mine"].cooperation.lead), cases) == {"mine", "draft"}


def test_participant_sees_its_case_once_it_is_handed_in(cases):
    partner = cases["mine"].cooperation.participants.last().municipality
    partner_of_draft = cases["draft"].cooperation.participants.last().municipality

    assert seen_by(member_of(partner), cases) == {"mine"}
    assert seen_by(member_of(partner_of_draft), cases) == set()


def test_participant_that_left_sees_its_former_case_no_more(cases):
    participant = cases["mine"].cooperation.participants.last()
    person = member_of(participant.municipality)
    participant.left_on, participant.left_reason = timezone.localdate(), "Der Kreistag hat abgelehnt."
    participant.save()

    assert seen_by(person, cases) == set()


def test_office_sees_the_cases_it_was_asked_in(cases):
    officer = officer_of(cases["mine"].opinions.get())

    assert seen_by(officer, cases) == {"mine"}


def test_stranger_former_and_future_people_and_switched_off_accounts_see_nothing(cases):
    lead, today = cases["mine"].cooperation.lead, timezone.localdate()
    left = MembershipFactory(municipality=lead, valid_to=today - timedelta(days=1)).user
    comes = MembershipFactory(municipality=lead, valid_from=today + timedelta(days=1)).user
    switched_off = member_of(lead, user=UserFactory(is_staff=False, is_active=False))

    people = [MembershipFactory().user, left, comes, switched_off, AnonymousUser()]

    assert [seen_by(each, cases) for each in people] == [set()] * 5


def test_person_of_several_municipalities_sees_the_cases_of_all_once(cases):
    person = member_of(cases["mine"].cooperation.lead)
    for participant in cases["others"].cooperation.participants.all():
        MembershipFactory(user=person, municipality=participant.municipality)

    assert sorted(
        each.file_number for each in Application.objects.visible_to(User.objects.get(pk=person.pk))
    ) == sorted(each.file_number for each in cases.values())


def test_standing_says_for_whom_a_person_looks(cases):
    case = Application.objects.with_case().get(pk=cases["mine"].pk)
    lead, partner = case.participants[0], case.participants[1]
    asked = case.opinion_list[0]

    as_lead = standing(case, member_of(lead.municipality))
    as_partner = standing(case, member_of(partner.municipality, role=Membership.Role.CLERK))
    as_officer = standing(case, officer_of(asked))

    assert (as_lead.own, as_lead.leads, as_lead.may_sign, as_lead.opinions) == ((lead,), True, True, ())
    assert (as_partner.own, as_partner.leads, as_partner.may_sign) == ((partner,), False, False)
    assert (as_officer.own, as_officer.is_municipal, as_officer.opinions) == ((), False, (asked,))
    assert [as_lead.sees(each) for each in case.participants] == [True, True, True]
    assert [as_partner.sees(each) for each in case.participants] == [False, True, False]


def test_messages_are_seen_by_their_recipient_while_the_case_is(cases):
    partner = cases["mine"].cooperation.participants.last()
    me, colleague = member_of(partner.municipality), member_of(partner.municipality)
    mine = MessageFactory(application=cases["mine"], recipient=me)
    MessageFactory(application=cases["mine"], recipient=colleague)
    MessageFactory(application=cases["others"], recipient=me)

    assert list(Message.objects.visible_to(User.objects.get(pk=me.pk))) == [mine]
    assert list(Message.objects.visible_to(clerk())) == []

    partner.left_on, partner.left_reason = timezone.localdate(), "Der Kreistag hat abgelehnt."
    partner.save()
    assert list(Message.objects.visible_to(User.objects.get(pk=me.pk))) == []
