"""Personen: a municipality's administrators invite and end access to their own municipality, and to no other."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from post_office.models import STATUS, Email

from applications import invitations
from applications.models import Application, Invitation
from ikz.mail_addresses import UNSENDABLE
from ikz.models import User
from municipalities.models import Membership
from tests.applications.test_invitations import TO_ONE_PERSON
from tests.factories import ApplicationFactory, MunicipalityFactory, UserFactory
from tests.municipal_people import MembershipFactory, administrator_of, member_of

pytestmark = pytest.mark.django_db

PASSWORD = "ein langes Kennwort 1"
NEW = {"first_name": "Nina", "last_name": "Neu", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def town():
    return MunicipalityFactory(name="Weilburg, Stadt")


@pytest.fixture
def administrator(town):
    return administrator_of(town)


@pytest.fixture
def client(administrator):
    client = Client()
    client.force_login(administrator)
    return client


def invite(client, email="neu@example.org", **more):
    return client.post(reverse("portal:invite"), {"email": email, "role": "clerk", **more})


def link():
    text = Email.objects.order_by("pk").last().message
    return "/einladung/" + text.partition("/einladung/")[2].partition("/")[0] + "/"


def test_page_says_which_invitation_could_not_be_delivered(client):
    invite(client, email="tippfehler@example.org")
    invite(client, email="neu@example.org")
    Email.objects.filter(to="tippfehler@example.org").update(status=STATUS.failed)

    html = client.get(reverse("portal:people")).content.decode()

    assert html.count("Die E-Mail war nicht zustellbar.") == 1
    assert html.index("tippfehler@example.org") < html.index("Die E-Mail war nicht zustellbar.")


@pytest.mark.parametrize("name", ["people", "invite", "end_access"])
def test_pages_exist_for_administrators_alone(town, administrator, name):
    own = Membership.objects.get(user=administrator)
    url = reverse(f"portal:{name}", args=[own.pk] if name == "end_access" else [])
    ended = administrator_of(town, valid_to=timezone.localdate() - timezone.timedelta(days=1))
    people = [member_of(town), ended, UserFactory(), administrator]

    answers = []
    for person in people:
        visitor = Client()
        visitor.force_login(person)
        answers.append(visitor.get(url).status_code)

    assert answers == [404, 404, 404, 200]


def test_foreign_administrator_finds_nothing(town, administrator):
    other = Client()
    other.force_login(administrator_of(MunicipalityFactory()))
    invitation = invitations.send(Invitation(email="neu@example.org", municipality=town), by=administrator)
    access = Membership.objects.get(user=administrator)

    answers = [
        other.post(reverse("portal:invite_again", args=[invitation.pk])).status_code,
        other.post(reverse("portal:take_back", args=[invitation.pk])).status_code,
        other.post(reverse("portal:end_access", args=[access.pk]), {"sure": "on"}).status_code,
        other.post(
            reverse("portal:invite"), {"email": "x@example.org", "role": "clerk", "municipality": town.pk}
        ).status_code,
    ]

    assert answers == [404, 404, 404, 302]
    assert not Invitation.objects.filter(municipality=town, email="x@example.org").exists()
    assert Invitation.objects.get(pk=invitation.pk).is_open
    assert Membership.objects.get(pk=access.pk).ended_at is None


@pytest.mark.parametrize("number", [1, 3])
def test_page_shows_people_and_invitations_with_the_same_queries(
    client, town, administrator, django_assert_num_queries, number
):
    for each in range(number):
        member_of(town)
        invitations.send(Invitation(email=f"neu{each}@example.org", municipality=town), by=administrator)
    MembershipFactory(user=UserFactory(last_name="Fremd"))

    with django_assert_num_queries(7):
        html = client.get(reverse("portal:people")).content.decode()

    assert html.count("Zugang beenden") == number + 1
    assert html.count("Erneut senden") == number
    assert "Fremd" not in html


def test_stranger_becomes_a_person_of_the_municipality(client, town):
    invite(client, role="signatory", is_administrator="on")
    visitor = Client()

    assert visitor.post(link(), NEW).url == reverse("portal:start")

    [access] = User.objects.get(email="neu@example.org").memberships_today
    assert (access.municipality, access.role, access.is_administrator) == (town, "signatory", True)
    assert visitor.get(reverse("portal:people")).status_code == 200
    assert Client().post(link(), NEW).status_code == 404
    assert Client().login(email="neu@example.org", password=PASSWORD) is True


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"password1": "kurz", "password2": "kurz"}, "password1"),
        ({"password1": "neu@example.org", "password2": "neu@example.org"}, "password1"),
        ({"password2": "etwas ganz anderes"}, "password2"),
        ({"first_name": ""}, "first_name"),
    ],
)
def test_weak_password_makes_no_account_and_the_link_still_counts(client, given, field):
    invite(client)

    response = Client().post(link(), {**NEW, **given})

    assert list(response.context["form"].errors) == [field]
    assert not User.objects.filter(email="neu@example.org").exists()
    assert Client().get(link()).status_code == 200


def test_somebody_with_an_account_signs_in_and_accepts(client, town):
    person = User.objects.create_user("neu@example.org", PASSWORD)
    invite(client)
    visitor = Client()

    page = visitor.get(link()).content.decode()
    assert f"{reverse('account_login')}?next={link()}" in page
    assert visitor.post(link(), NEW).status_code == 200
    assert person.memberships.count() == 0
    answer = visitor.post(
        f"{reverse('account_login')}?next={link()}", {"login": "neu@example.org", "password": PASSWORD}
    )
    assert answer.url == link()
    assert visitor.post(link()).url == reverse("portal:start")

    assert person.memberships.get().municipality == town


def test_somebody_else_who_is_signed_in_is_asked_to_sign_out(client):
    invite(client)
    visitor = Client()
    visitor.force_login(UserFactory(email="fremd@example.org"))

    response = visitor.post(link())

    assert "Bitte melden Sie sich zuerst ab." in response.content.decode()
    assert Invitation.objects.get().is_open


def test_void_link_says_the_same_whatever_the_reason(client, town, administrator):
    User.objects.create_user("aus@example.org", PASSWORD, is_active=False)
    invite(client, "aus@example.org")
    of_disabled = link()
    invite(client)
    withdrawn = link()
    client.post(reverse("portal:take_back", args=[Invitation.objects.get(email="neu@example.org").pk]))

    answers = [Client().get(each) for each in ("/einladung/erfunden/", of_disabled, withdrawn)]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({answer.content for answer in answers}) == 1


def test_invitation_is_sent_again_and_withdrawn(client):
    invite(client)
    former, invitation = link(), Invitation.objects.get()

    client.post(reverse("portal:invite_again", args=[invitation.pk]))
    assert Client().get(former).status_code == 404
    assert Client().get(link()).status_code == 200

    client.post(reverse("portal:take_back", args=[invitation.pk]))
    page = client.post(reverse("portal:take_back", args=[invitation.pk]), follow=True).content.decode()
    assert "Diese Einladung ist schon angenommen oder zurückgezogen." in page


def test_person_with_access_is_not_invited_again(client, town):
    member_of(town, user=UserFactory(email="da@example.org"))

    response = invite(client, "DA@example.org")

    assert response.context["form"].errors == {"email": ["Diese Person hat schon einen Zugang."]}


def test_administrator_of_two_chooses_between_them_alone(client, administrator, town):
    second = administrator_of(MunicipalityFactory(name="Villmar"), user=administrator).memberships.last().municipality
    foreign = MunicipalityFactory()

    refused = invite(client, municipality=foreign.pk)
    invite(client, municipality=second.pk)

    assert list(refused.context["form"].errors) == ["municipality"]
    assert Invitation.objects.get().municipality == second


def test_ended_access_is_gone_at_once_and_nothing_is_lost(client, administrator):
    case = ApplicationFactory()
    town = case.cooperation.lead
    boss = Client()
    boss.force_login(administrator_of(town))
    access = MembershipFactory(municipality=town)
    leaver = Client()
    leaver.force_login(access.user)
    page = reverse("portal:case", args=[case.uuid])
    assert leaver.get(page).status_code == 200

    boss.post(reverse("portal:end_access", args=[access.pk]))

    assert leaver.get(page).status_code == 404
    assert Membership.objects.get(pk=access.pk).ended_at is not None
    assert Application.objects.count() == 1


def test_last_administrator_goes_only_after_a_warning(client, administrator, town):
    access = administrator.memberships.get()
    url = reverse("portal:end_access", args=[access.pk])

    refused = client.post(url)
    assert refused.context["form"].errors == {
        "sure": ["Bitte bestätigen Sie das, oder bestimmen Sie zuerst jemand anderen."]
    }
    assert Membership.objects.get(pk=access.pk).ended_at is None

    assert client.post(url, {"sure": "on"}).url == reverse("portal:start")
    assert client.get(reverse("portal:people")).status_code == 404


def test_one_of_two_administrators_goes_without_a_warning(client, administrator, town):
    administrator_of(town)

    assert client.post(reverse("portal:end_access", args=[administrator.memberships.get().pk])).status_code == 302


def test_whoever_clicks_again_and_again_writes_three_mails(client):
    invite(client)
    invitation = Invitation.objects.get()

    for _ in range(20):
        page = client.post(reverse("portal:invite_again", args=[invitation.pk]), follow=True)

    assert [str(each) for each in page.context["messages"]] == [TO_ONE_PERSON]
    assert Email.objects.count() == 3


def test_form_says_that_there_were_too_many_invitations(client):
    for _ in range(3):
        invite(client)
        client.post(reverse("portal:take_back", args=[Invitation.objects.open().get().pk]))

    response = invite(client)

    assert response.context["form"].non_field_errors() == [TO_ONE_PERSON]
    assert (response.status_code, Invitation.objects.open().count()) == (200, 0)


def test_form_refuses_an_address_that_no_mail_can_be_sent_to(client):
    response = invite(client, "=?utf-8?q?=0a?=@example.org")

    assert response.context["form"].errors == {"email": [UNSENDABLE]}
    assert Email.objects.count() == 0
