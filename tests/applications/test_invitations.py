"""Invitations: the link counts once, for seven days, for one address; only its hash is kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from post_office.models import Email

from applications import invitations
from applications.invitations import InvitationVoid, TooManyInvitations
from applications.models import Invitation, InvitationMail, OfficeMember
from municipalities.models import Membership
from tests.factories import MunicipalityFactory, UserFactory
from tests.municipal_people import MembershipFactory, OfficeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def host():
    return UserFactory(first_name="Erika", last_name="Ernst")


@pytest.fixture
def town():
    return MunicipalityFactory(name="Weilburg, Stadt")


def invite(host, town=None, email="neu@example.org", **facts):
    """The invitation and the token of its mail."""
    invitation = invitations.send(Invitation(email=email, municipality=town, **facts), by=host)
    return invitation, token_of_mail()


def token_of_mail():
    return Email.objects.order_by("pk").last().message.partition("/einladung/")[2].partition("/")[0]


def guest(email="neu@example.org", **fields):
    return UserFactory(email=email, is_staff=False, **fields)


def test_mail_says_who_invites_for_what_and_for_how_long(host, town):
    _invitation, token = invite(host, town)

    mail = Email.objects.get()
    assert (mail.to, mail.subject) == (["neu@example.org"], "Einladung ins IKZ-Förderportal")
    assert "Erika Ernst lädt Sie ein, im IKZ-Förderportal für Weilburg zu arbeiten." in mail.message
    assert f"http://127.0.0.1:8000/einladung/{token}/" in mail.message
    assert "gilt 7 Tage und nur einmal" in mail.message


def test_token_stands_in_no_field(host, town):
    invitation, token = invite(host, town)

    stored = Invitation.objects.values_list().get(pk=invitation.pk)
    assert len(token) == 43
    assert [value for value in stored if token in str(value)] == []


def test_accepting_gives_what_was_promised(host, town):
    _invitation, token = invite(host, town, role=Membership.Role.SIGNATORY, is_administrator=True)
    person = guest()

    invitations.accept(token, by=person)

    [access] = person.memberships_today
    assert (access.municipality, access.role, access.is_administrator) == (town, "signatory", True)
    used = Invitation.objects.get()
    assert (used.accepted_by, used.is_open) == (person, False)


def test_accepting_for_an_office_makes_its_member(host):
    office = OfficeFactory()
    _invitation, token = invite(host, office=office)
    person = guest()

    invitations.accept(token, by=person)

    assert person.offices_today == [office]
    assert OfficeMember.objects.get().valid_from == timezone.localdate()


def test_link_counts_once(host, town):
    _invitation, token = invite(host, town)
    invitations.accept(token, by=guest())

    with pytest.raises(InvitationVoid):
        invitations.accept(token, by=guest("anders@example.org"))

    assert Membership.objects.count() == 1


@pytest.mark.parametrize(("days", "works"), [(6.99, True), (7.01, False)])
def test_link_counts_for_seven_days(host, town, days, works):
    _invitation, token = invite(host, town)

    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        assert Invitation.objects.with_token(token).exists() is works
        assert Invitation.objects.get().is_expired is not works


def test_sending_again_kills_the_former_link(host, town):
    invitation, former = invite(host, town)
    invitations.send(invitation, by=host)

    with pytest.raises(InvitationVoid):
        invitations.accept(former, by=guest())
    assert Invitation.objects.with_token(token_of_mail()).count() == 1
    assert Email.objects.count() == 2


def test_expired_invitation_lives_again_when_sent_again(host, town):
    invitation, _former = invite(host, town)

    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        invitations.send(invitation, by=host)
        invitations.accept(token_of_mail(), by=guest())

    assert Membership.objects.count() == 1


def test_withdrawn_link_opens_nothing(host, town):
    invitation, token = invite(host, town)
    invitations.take_back(invitation, by=host)

    with pytest.raises(InvitationVoid):
        invitations.accept(token, by=guest())
    assert Invitation.objects.get().revoked_by == host


@pytest.mark.parametrize("change", [invitations.send, invitations.take_back])
def test_accepted_invitation_is_neither_sent_nor_withdrawn(host, town, change):
    invitation, token = invite(host, town)
    invitations.accept(token, by=guest())

    with pytest.raises(InvitationVoid):
        change(invitation, by=host)


def test_link_is_of_no_use_to_somebody_else(host, town):
    _invitation, token = invite(host, town)

    with pytest.raises(InvitationVoid):
        invitations.accept(token, by=guest("fremd@example.org"))

    assert Invitation.objects.get().is_open


def test_access_that_is_there_already_is_left_alone(host, town):
    _invitation, token = invite(host, town, role=Membership.Role.SIGNATORY)
    access = MembershipFactory(municipality=town, user=guest())

    assert invitations.accept(token, by=access.user) == access

    assert Membership.objects.get().role == "clerk"


def test_second_invitation_of_the_same_person_is_refused(host, town):
    invite(host, town)

    with pytest.raises(ValidationError) as refusal:
        Invitation(email="NEU@example.org", municipality=town).full_clean(exclude=["token_hash", "invited_by"])

    assert refusal.value.messages == ["Diese Person ist schon eingeladen. Bitte senden Sie die Einladung erneut."]


def test_invitation_of_somebody_who_is_there_is_refused(host, town):
    MembershipFactory(municipality=town, user=guest())

    with pytest.raises(ValidationError) as refusal:
        Invitation(email="neu@example.org", municipality=town).clean()

    assert refusal.value.messages == ["Diese Person hat schon einen Zugang."]


@pytest.mark.parametrize("both", [True, False])
def test_database_wants_exactly_one_body(host, town, both):
    bodies = {"municipality": town, "office": OfficeFactory()} if both else {}

    with pytest.raises(IntegrityError), transaction.atomic():
        invitations.send(Invitation(email="neu@example.org", **bodies), by=host)


def test_ended_access_is_over_at_once_and_may_begin_again(host, town):
    access = MembershipFactory(municipality=town, user=guest())
    today = timezone.localdate()

    access.end(by=host)

    fresh = type(access.user).objects.get(pk=access.user.pk)
    assert fresh.memberships_today == []
    assert list(Membership.objects.valid_on(today)) == []
    assert list(Membership.objects.valid_on(today - timedelta(days=1))) == [access]
    _invitation, token = invite(host, town)
    assert invitations.accept(token, by=fresh) != access


def test_access_that_has_not_begun_can_be_ended(host):
    tomorrow = timezone.localdate() + timedelta(days=1)
    access = MembershipFactory(valid_from=tomorrow)

    access.end(by=host)

    assert list(Membership.objects.valid_on(tomorrow)) == []


# ── Not too many ──────────────────────────────────────────────────────────────────────────────────────────────────────


TO_ONE_PERSON = (
    "An diese Person gingen in der letzten Stunde schon 3 Einladungen. Bitte warten Sie eine Stunde, und bitten Sie die "
    "Person, auch bei den unerwünschten E-Mails nachzusehen."
)


def test_one_person_gets_three_mails_an_hour(host, town):
    invitation, _token = invite(host, town)
    for _ in range(2):
        invitations.send(invitation, by=host)
    last = token_of_mail()

    with pytest.raises(TooManyInvitations) as bound:
        invitations.send(invitation, by=UserFactory())

    assert str(bound.value) == TO_ONE_PERSON
    assert Email.objects.count() == 3
    assert Invitation.objects.with_token(last).count() == 1  # the link that went out still counts


def test_withdrawing_and_inviting_anew_does_not_begin_to_count_anew(host, town):
    for _ in range(3):
        invitation, _token = invite(host, town)
        invitations.take_back(invitation, by=host)

    with pytest.raises(TooManyInvitations):
        invite(host, town)

    assert (Email.objects.count(), Invitation.objects.open().count()) == (3, 0)


def test_invitations_of_others_to_the_same_person_do_not_count(host, town):
    invitation, _token = invite(host, MunicipalityFactory())
    for _ in range(2):
        invitations.send(invitation, by=host)

    invite(host, town)

    assert Email.objects.count() == 4


def test_after_an_hour_there_may_be_another(host, town):
    invitation, _token = invite(host, town)
    for _ in range(2):
        invitations.send(invitation, by=host)

    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        invitations.send(invitation, by=host)

    assert Email.objects.count() == 4


@pytest.mark.parametrize(("is_staff", "most"), [(False, invitations.A_DAY), (True, invitations.A_DAY_OF_THE_MINISTRY)])
def test_one_person_sends_so_many_a_day(town, is_staff, most):
    host = UserFactory(is_staff=is_staff)
    invitation, _token = invite(host, town)
    InvitationMail.objects.bulk_create(
        InvitationMail(invitation=invitation, sent_by=host, sent_at=timezone.now() - timedelta(hours=23))
        for _ in range(most - 2)
    )
    invite(host, town, "letzte@example.org")

    with pytest.raises(TooManyInvitations) as bound:
        invite(host, town, "zuviel@example.org")
    invite(UserFactory(), town, "von-anderen@example.org")

    assert str(bound.value) == (
        f"Sie haben in den letzten 24 Stunden schon {most} Einladungen gesendet. Bitte senden Sie diese morgen."
    )
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        invite(host, town, "zuviel@example.org")


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_counted_one_by_one(host, town):
    invitation, _token = invite(host, town)
    barrier = Barrier(6, timeout=60)

    def again(_number):
        try:
            barrier.wait()
            return bool(invitations.send(invitation, by=host))
        except TooManyInvitations:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        sent = list(pool.map(again, range(6)))

    assert (sent.count(True), Email.objects.count()) == (2, 3)
