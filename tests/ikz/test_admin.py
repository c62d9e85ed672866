"""Accounts in the admin: known by e-mail, given roles, switched off instead of deleted."""

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from ikz.models import User
from tests.ikz.pages import PASSWORD, furnish

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return furnish()


@pytest.fixture
def client(office):
    client = Client()
    client.force_login(office.admin)
    return client


def manager():
    """Somebody who manages accounts without being a superuser."""
    user = User.objects.create_user("konten@example.org", PASSWORD, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__model="user"))
    return user


def test_new_account_is_made_from_email_name_and_password(client):
    answers = {
        "email": "Clara.Cohn@Example.org",
        "first_name": "Clara",
        "last_name": "Cohn",
        "password1": "ein langes Kennwort 1",
        "password2": "ein langes Kennwort 1",
    }

    response = client.post(reverse("admin:ikz_user_add"), answers)

    account = User.objects.get(email="clara.cohn@example.org")
    assert response.url == reverse("admin:ikz_user_change", args=[account.pk])
    assert account.get_full_name() == "Clara Cohn"
    assert account.check_password("ein langes Kennwort 1")
    assert (account.is_staff, account.is_superuser) == (False, False)


def test_second_account_of_the_same_address_is_refused(client):
    answers = {
        "email": "A.ARNDT@example.org",
        "password1": "ein langes Kennwort 1",
        "password2": "ein langes Kennwort 1",
    }

    response = client.post(reverse("admin:ikz_user_add"), answers)

    assert response.context["adminform"].form.errors == {
        "__all__": ["Zu dieser E-Mail-Adresse gibt es schon ein Konto."]
    }


@pytest.mark.parametrize("query", ["a.arndt@", "Arndt", "anna"])
def test_search_finds_by_address_and_name(client, office, query):
    response = client.get(reverse("admin:ikz_user_changelist"), {"q": query})

    assert list(response.context["cl"].queryset) == [office.account]


@pytest.mark.parametrize("more", [0, 2])
def test_list_takes_the_same_queries_for_any_number_of_accounts(client, office, django_assert_num_queries, more):
    for number in range(more):
        User.objects.create_user(f"{number}@example.org").groups.set(office.account.groups.all())

    with django_assert_num_queries(7):
        client.get(reverse("admin:ikz_user_changelist"))


def test_roles_can_be_given(client, office):
    role = Group.objects.get(name="Bewilligung")
    answers = {"email": office.account.email, "is_active": "on", "is_staff": "on", "groups": [role.pk]}

    client.post(reverse("admin:ikz_user_change", args=[office.account.pk]), answers)

    assert list(office.account.groups.all()) == [role]


def test_account_is_never_deleted(client, office):
    response = client.get(reverse("admin:ikz_user_delete", args=[office.account.pk]))

    assert response.status_code == 403


@pytest.mark.parametrize(
    ("second", "password"),
    [("", PASSWORD), ("anders getippt 1", PASSWORD), ("ein langes Kennwort 1", "ein langes Kennwort 1")],
)
def test_new_password_must_be_given_twice(client, office, second, password):
    answers = {"password1": "ein langes Kennwort 1", "password2": second, "set-password": ""}

    client.post(reverse("admin:auth_user_password_change", args=[office.account.pk]), answers)

    office.account.refresh_from_db()
    assert office.account.check_password(password)


def test_manager_of_accounts_cannot_take_over_a_superuser(office):
    client = Client()
    client.force_login(manager())

    response = client.post(
        reverse("admin:auth_user_password_change", args=[office.admin.pk]),
        {"password1": "uebernommen-12345", "password2": "uebernommen-12345"},
    )

    office.admin.refresh_from_db()
    assert response.status_code == 403
    assert office.admin.check_password(PASSWORD)


def test_manager_of_accounts_cannot_make_a_superuser(office):
    client = Client()
    client.force_login(manager())
    answers = {"email": office.account.email, "is_active": "on", "is_superuser": "on"}

    client.post(reverse("admin:ikz_user_change", args=[office.account.pk]), answers)

    office.account.refresh_from_db()
    assert (office.account.is_active, office.account.is_superuser) == (True, False)


@pytest.mark.parametrize(
    ("page", "path"),
    [
        ("case list", "Arbeitsvorrat › Fälle"),
        ("case add", "Arbeitsvorrat › Fälle › Hinzufügen"),
        ("budget list", "Arbeitsvorrat › Stammdaten und Einstellungen › Haushaltsansätze"),
        ("account change", "Arbeitsvorrat › Stammdaten und Einstellungen › Konten › Anna Arndt"),
        (
            "municipality history",
            "Arbeitsvorrat › Stammdaten und Einstellungen › Kommunen › Bensheim (Landkreis Bergstraße) › Geschichte",
        ),
        ("own password", "Arbeitsvorrat › Passwort ändern"),
    ],
)
def test_breadcrumbs_say_where_the_page_lies(client, office, page, path):
    html = client.get(office.url(page)).content.decode()

    [crumbs] = re.findall(r'<div class="breadcrumbs">(.*?)</div>', html, re.DOTALL)
    words = re.sub(r"<[^>]+>", " ", crumbs).replace("&rsaquo;", "›")
    assert " ".join(words.split()) == path
