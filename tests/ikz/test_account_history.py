"""What became of an account, its roles and its accesses is kept; whoever answers for that reads it as sentences."""

from datetime import date

import pytest
from auditlog.context import set_actor
from django.apps import apps
from django.contrib.admin import site
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import timeline
from applications.models import OfficeMember
from ikz.models import User
from municipalities.models import Membership
from tests.factories import MunicipalityFactory, UserFactory
from tests.municipal_people import MembershipFactory, OfficeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return UserFactory(is_superuser=True, first_name="Ada", last_name="Leitung")


@pytest.fixture
def account(admin):
    """Of somebody who acts for a town, answers for an office, and works in the ministry now."""
    with set_actor(admin):
        account = User.objects.create_user("anna@ikz.example", first_name="Anna", last_name="Arndt")
    other = MembershipFactory()
    with set_actor(admin):
        town = MunicipalityFactory(name="Bensheim", kind="town")
        membership = MembershipFactory(user=account, municipality=town, role=Membership.Role.CLERK)
        membership.role = Membership.Role.SIGNATORY
        membership.save()
        other.role = Membership.Role.CLERK
        other.save()
        OfficeMember.objects.create(user=account, office=OfficeFactory(), valid_from=date(2026, 1, 1))
        account.is_staff, account.last_name = True, "Berg"
        account.save()
        account.groups.set(Group.objects.filter(name__in=["Haushalt", "Revision"]))
        account.groups.set(Group.objects.filter(name="Haushalt"))
    return account


def page_of(account, name="history"):
    return reverse(f"admin:ikz_user_{name}", args=[account.pk])


def test_changes_are_told_newest_first(account):
    told = [(each.who, each.text, sorted(each.details)) for each in timeline.events_of_account(account)]

    assert told == [
        ("Ada Leitung", "Konto Anna Berg geändert", ["Rollen: Revision entfernt"]),
        ("Ada Leitung", "Konto Anna Berg geändert", ["Rollen: Haushalt und Revision hinzugefügt"]),
        ("Ada Leitung", "Konto Anna Berg geändert", ["Nachname: Arndt → Berg", "Zugang zur Verwaltung: nein → ja"]),
        (
            "Ada Leitung",
            "Zugang einer Stelle Anna Arndt für Regierungspräsidium Gießen angelegt",
            ["gültig ab 01.01.2026"],
        ),
        (
            "Ada Leitung",
            "Zugang einer Kommune Anna Arndt für Bensheim geändert",
            ["Rolle: Bearbeitung → Zeichnungsbefugt"],
        ),
        (
            "Ada Leitung",
            "Zugang einer Kommune Anna Arndt für Bensheim angelegt",
            ["Rolle Bearbeitung; gültig ab 01.01.2026"],
        ),
        ("Ada Leitung", "Konto Anna Arndt angelegt", ["E-Mail-Adresse anna@ikz.example"]),
    ]


def test_single_right_that_came_by_another_way_than_a_page_is_kept(account):
    """No form gives one; whoever has the database itself may."""
    right = Permission.objects.get(codename="take_over_application")

    account.user_permissions.add(right)
    account.user_permissions.remove(right)

    told = [(each.who, each.details) for each in timeline.events_of_account(account)[:2]]
    assert told == [
        ("System", [f"Berechtigungen: {right} entfernt"]),
        ("System", [f"Berechtigungen: {right} hinzugefügt"]),
    ]


def test_account_page_neither_offers_nor_takes_single_rights(client, admin, account):
    client.force_login(admin)
    right = Permission.objects.get(codename="take_over_application")
    form = client.get(page_of(account, "change")).context["adminform"].form
    role = account.groups.get()
    answers = {"email": account.email, "is_active": "on", "is_staff": "on", "groups": [role.pk]}

    response = client.post(page_of(account, "change"), {**answers, "user_permissions": [right.pk]})

    assert "user_permissions" not in form.fields
    assert response.status_code == 302
    assert (list(account.user_permissions.all()), list(account.groups.all())) == ([], [role])


def test_no_other_page_gives_rights():
    """They hang on accounts and roles alone, and no page of the admin changes what a role may do."""
    holders = {
        field.model
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.related_model is Permission and field.many_to_many and not field.auto_created
    }

    assert holders == {User, Group}
    assert [model for model in site._registry if model in (Group, Permission)] == []


def test_end_of_an_access_is_told_with_who_ended_it(account, admin):
    with set_actor(admin):
        account.memberships.get().end(by=admin)

    newest = timeline.events_of_account(account)[0]

    assert "beendet durch: leer → Ada Leitung" in newest.details


@pytest.mark.parametrize("role", ["Revision", "Stammdaten"])
def test_role_reads_the_account_and_its_history_and_changes_nothing(client, account, role):
    client.force_login(UserFactory(roles=[role]))

    history = client.get(page_of(account))
    page = client.get(page_of(account, "change"))
    answers = [client.post(page_of(account, "change"), {"email": "b@ikz.example"}).status_code]
    answers += [client.get(reverse("admin:ikz_user_add")).status_code]
    answers += [client.post(reverse("admin:auth_user_password_change", args=[account.pk])).status_code]

    assert "Rollen: Revision entfernt" in history.text
    assert answers == [403, 403, 403]
    assert ('name="email"' in page.text, page_of(account) in page.text) == (False, True)


@pytest.mark.parametrize("role", ["Sachbearbeitung", "Bewilligung", "Haushalt"])
def test_no_other_role_reads_accounts(client, account, role):
    client.force_login(UserFactory(roles=[role]))

    answers = [client.get(page_of(account, name)).status_code for name in ("history", "change")]

    assert [*answers, client.get(reverse("admin:ikz_user_changelist")).status_code] == [403, 403, 403]


def test_whoever_only_reads_sees_neither_password_nor_when_somebody_works(client, account, admin):
    User.objects.filter(pk=account.pk).update(last_login="2026-03-04T05:06:00Z")
    addresses = [page_of(account, "change"), reverse("admin:ikz_user_changelist")]
    words = ["04.03.2026", "Passwort:"]

    def seen_by(person):
        client.force_login(person)
        text = "".join(client.get(address).content.decode() for address in addresses)
        return [word for word in words if word in text]

    assert seen_by(UserFactory(roles=["Revision"])) == []
    assert seen_by(admin) == words


def test_account_without_changes_says_so(client, admin, account):
    client.force_login(admin)
    timeline.FieldChange.objects.all().delete()

    assert "Zu diesem Konto ist keine Änderung verzeichnet." in client.get(page_of(account)).text


@pytest.mark.parametrize("more", [0, 2])
def test_history_takes_the_same_queries_for_any_number_of_changes(client, admin, account, more):
    client.force_login(admin)
    client.get(page_of(account))
    for number in range(more):
        with set_actor(admin):
            MembershipFactory(user=account)
            User.objects.get(pk=account.pk).groups.add(Group.objects.create(name=f"Rolle {number}"))

    with CaptureQueriesContext(connection) as queries:
        assert client.get(page_of(account)).status_code == 200

    assert len(queries) == 12
