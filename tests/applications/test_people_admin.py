"""The ministry's pages of accesses, offices and invitations: it can do always what municipal administrators do."""

import pytest
from django.urls import reverse
from post_office.models import STATUS, Email

from applications import invitations
from applications.admin.people import NO_LONGER_OPEN
from applications.models import Invitation, OfficeMember
from municipalities.models import Membership
from tests.applications.test_invitations import TO_ONE_PERSON
from tests.factories import MunicipalityFactory, UserFactory, clerk
from tests.municipal_people import InvitationFactory, MembershipFactory, OfficeFactory, OfficeMemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client):
    client.user = clerk()
    client.force_login(client.user)
    return client


def act(client, model, action, *rows):
    url = reverse(f"admin:{model}_changelist")
    response = client.post(url, {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)
    return [str(message) for message in response.context["messages"]]


def invite(client, **answers):
    return client.post(reverse("admin:applications_invitation_add"), {"role": "clerk", **answers})


def test_ministry_invites_the_first_person_of_a_municipality(client):
    town = MunicipalityFactory()

    invite(client, email="Neu@example.org", municipality=town.pk, is_administrator="on")

    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.municipality) == ("neu@example.org", town)
    assert (invitation.is_administrator, invitation.invited_by) == (True, client.user)
    assert Email.objects.get().to == ["neu@example.org"]


def test_ministry_invites_for_an_office(client):
    office = OfficeFactory()

    invite(client, email="neu@example.org", office=office.pk)

    assert Invitation.objects.get().office == office


def test_form_says_beforehand_that_an_invitation_is_for_one_body(client):
    new = client.get(reverse("admin:applications_invitation_add")).context["adminform"]
    sent = client.get(reverse("admin:applications_invitation_change", args=[InvitationFactory().pk])).context[
        "adminform"
    ]

    assert {each.description: list(each.fields) for each in new if each.description} == {
        "Wählen Sie entweder eine Kommune oder eine Stelle; das andere Feld bleibt leer.": ["municipality", "office"],
        "Für Personen einer Stelle gilt beides nicht.": ["role", "is_administrator"],
    }
    assert [each.description for each in sent] == [None]


@pytest.mark.parametrize("both", [True, False])
def test_invitation_is_for_one_body(client, both):
    bodies = {"municipality": MunicipalityFactory().pk, "office": OfficeFactory().pk} if both else {}

    response = invite(client, email="neu@example.org", **bodies)

    assert response.context["adminform"].form.non_field_errors() == [
        "Bitte wählen Sie entweder eine Kommune oder eine Stelle."
    ]
    assert Email.objects.count() == 0


def test_open_invitations_are_sent_again_and_others_left_alone(client):
    waiting = InvitationFactory()
    done = InvitationFactory(token="anderes", accepted_by=client.user, accepted_at=waiting.invited_at)

    said = act(client, "applications_invitation", "send_again", waiting, done)

    assert said == ["1 Einladung ist erneut gesendet."]
    assert [mail.to for mail in Email.objects.all()] == [[waiting.email]]
    assert not Invitation.objects.with_token("ein-token").exists()


def test_invitation_is_taken_back(client):
    invitation = InvitationFactory()

    said = act(client, "applications_invitation", "take_back", invitation)

    assert said == ["1 Einladung ist zurückgezogen."]
    assert Invitation.objects.get().revoked_by == client.user


@pytest.mark.parametrize(
    ("factory", "model"),
    [(MembershipFactory, "municipalities_membership"), (OfficeMemberFactory, "applications_officemember")],
)
def test_access_is_ended_at_once(client, factory, model):
    access = factory()

    said = act(client, model, "end_now", access)

    access.refresh_from_db()
    assert said == ["1 Zugang ist beendet. Was die Personen eingereicht haben, bleibt."]
    assert access.ended_by == client.user
    assert act(client, model, "end_now", access) == [
        "0 Zugänge sind beendet. Was die Personen eingereicht haben, bleibt."
    ]


def test_ministry_changes_the_role_of_a_person(client):
    access = MembershipFactory()
    url = reverse("admin:municipalities_membership_change", args=[access.pk])

    client.post(url, {"role": "signatory", "is_administrator": "on", "valid_to": ""})

    access.refresh_from_db()
    assert (access.role, access.is_administrator) == ("signatory", True)


def test_ended_access_is_not_changed_any_more(client):
    access = MembershipFactory()
    access.end(by=client.user)

    response = client.post(reverse("admin:municipalities_membership_change", args=[access.pk]), {"role": "signatory"})

    assert response.status_code == 403
    assert Membership.objects.get().role == "clerk"


@pytest.mark.parametrize("model", ["municipalities_membership", "applications_invitation"])
def test_auditors_only_look(client, model):
    row = MembershipFactory() if model == "municipalities_membership" else InvitationFactory()
    client.force_login(UserFactory(roles=["Revision"]))

    act(client, model, "end_now" if model == "municipalities_membership" else "take_back", row)

    assert Membership.objects.filter(ended_at__isnull=False).count() == 0
    assert Invitation.objects.filter(revoked_at__isnull=False).count() == 0


@pytest.mark.parametrize(("value", "found"), [("heute", 1), ("nicht", 1), (None, 2)])
def test_accesses_are_filtered_by_validity(client, value, found):
    OfficeMemberFactory(office__name="Landrat")
    OfficeMemberFactory().end(by=client.user)

    response = client.get(reverse("admin:applications_officemember_changelist"), {"geltung": value} if value else {})

    assert response.context["cl"].result_count == found
    assert OfficeMember.objects.count() == 2


def test_ministry_reads_that_there_were_too_many_invitations(client):
    town = MunicipalityFactory()
    for _ in range(3):
        invite(client, email="neu@example.org", municipality=town.pk)
        act(client, "applications_invitation", "take_back", Invitation.objects.open().get())

    response = client.post(
        reverse("admin:applications_invitation_add"),
        {"role": "clerk", "email": "neu@example.org", "municipality": town.pk},
        follow=True,
    )

    assert [str(message) for message in response.context["messages"]] == [TO_ONE_PERSON]
    assert Email.objects.count() == 3


def test_action_tells_of_each_invitation_that_went_out_too_often(client):
    often, once = InvitationFactory(), InvitationFactory(token="anderes")
    for _ in range(3):
        invitations.send(often, by=client.user)

    said = act(client, "applications_invitation", "send_again", often, once)

    assert said == ["1 Einladung ist erneut gesendet.", f"{often.email}: {TO_ONE_PERSON}"]


@pytest.mark.parametrize("action", ["send_again", "take_back"])
def test_invitation_accepted_at_that_moment_is_left_and_said(client, monkeypatch, action):
    """The list was read before the person accepted; the others are done."""
    late, open_still = InvitationFactory(), InvitationFactory(token="anderes")
    read = type(Invitation.objects.all()).open

    def read_and_accepted_meanwhile(queryset):
        found = list(read(queryset))
        Invitation.objects.filter(pk=late.pk).update(accepted_by=client.user, accepted_at=late.invited_at)
        monkeypatch.undo()
        return found

    monkeypatch.setattr(type(Invitation.objects.all()), "open", read_and_accepted_meanwhile)
    said = act(client, "applications_invitation", action, late, open_still)

    done = {"send_again": "erneut gesendet", "take_back": "zurückgezogen"}[action]
    assert said == [f"1 Einladung ist {done}.", f"{late.email}: {NO_LONGER_OPEN}"]


def test_page_of_an_invitation_says_what_became_of_its_mail(client):
    invite(client, email="neu@example.org", municipality=MunicipalityFactory().pk)
    email = Email.objects.get()
    email.logs.create(status=STATUS.failed, message="Der Mailserver hat die Adresse endgültig abgelehnt (550).")
    Email.objects.update(status=STATUS.failed)

    page = client.get(reverse("admin:applications_invitation_change", args=[Invitation.objects.get().pk]))

    html = page.content.decode()
    assert "nicht zustellbar" in html
    assert "Der Mailserver hat die Adresse endgültig abgelehnt (550)." in html
    assert "nicht zustellbar" in client.get(reverse("admin:applications_invitation_changelist")).content.decode()


@pytest.mark.parametrize(("value", "found"), [("offen", 1), ("angenommen", 1), ("zurueckgezogen", 0), (None, 2)])
def test_invitations_are_filtered_by_state(client, value, found):
    waiting = InvitationFactory()
    InvitationFactory(token="anderes", accepted_by=client.user, accepted_at=waiting.invited_at)

    response = client.get(reverse("admin:applications_invitation_changelist"), {"stand": value} if value else {})

    assert response.context["cl"].result_count == found


LISTS = {
    "municipalities_membership": (lambda number: MembershipFactory(), 7),
    "applications_officemember": (lambda number: OfficeMemberFactory(office__name=f"Landrat {number}"), 8),
    "applications_office": (lambda number: OfficeFactory(name=f"Landrat {number}"), 7),
    "applications_invitation": (lambda number: InvitationFactory(token=f"token{number}"), 8),
}


@pytest.mark.parametrize("model", LISTS)
def test_list_takes_the_same_queries_for_one_row_and_for_three(client, django_assert_num_queries, model):
    make, queries = LISTS[model]
    url = reverse(f"admin:{model}_changelist")
    make(1)
    client.get(url)

    with django_assert_num_queries(queries):
        client.get(url)
    make(2)
    make(3)
    with django_assert_num_queries(queries):
        client.get(url)
