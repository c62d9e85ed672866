"""Accounts in the admin: known by e-mail, given roles, switched off instead of deleted."""

import logging
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client
from django.urls import reverse

from ikz.models import User
from tests.ikz.pages import PASSWORD, furnish
from tests.ikz.test_sign_in import reset

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("ground", [furnish], indirect=True, ids=["office"])]


@pytest.fixture
def office(built):
    return built.read_anew()


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


def _sent():
    """Addresses and the link of the mails sent so far."""
    return [(each.to, re.search(r"/konto/passwort/neu/\S+", each.body)[0]) for each in mail.outbox]


def test_new_account_is_made_from_email_and_name_and_the_person_chooses_the_password(client):
    answers = {"email": "Clara.Cohn@Example.org", "first_name": "Clara", "last_name": "Cohn"}

    response = client.post(reverse("admin:ikz_user_add"), answers)

    account = User.objects.get(email="clara.cohn@example.org")
    assert response.url == reverse("admin:ikz_user_change", args=[account.pk])
    assert account.get_full_name() == "Clara Cohn"
    assert (account.is_staff, account.is_superuser, account.has_usable_password()) == (False, False, False)
    [(addresses, link)] = _sent()
    assert addresses == ["clara.cohn@example.org"]
    reset(link, "ein langes Kennwort 1")
    account.refresh_from_db()
    assert account.check_password("ein langes Kennwort 1")


def test_second_account_of_the_same_address_is_refused(client):
    answers = {"email": "A.ARNDT@example.org"}

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


def _link_page(account):
    return reverse("admin:auth_user_password_change", args=[account.pk])


def test_password_of_somebody_else_is_chosen_by_the_person(client, office, caplog):
    caplog.set_level(logging.INFO, "ikz.security_log")
    theirs = Client()
    theirs.force_login(office.account)
    told = {"password1": "ein langes Kennwort 1", "password2": "ein langes Kennwort 1"}  # what the stock page took

    page = client.get(_link_page(office.account))
    response = client.post(_link_page(office.account), told, follow=True)

    assert "a.arndt@example.org einen Link" in page.text
    assert f"Der Link ist an {office.account.email} gesendet." in response.text
    office.account.refresh_from_db()
    assert office.account.check_password(PASSWORD)
    [(addresses, link)] = _sent()
    assert addresses == [office.account.email]
    assert ("link for a password sent", {"account": office.account.pk}) in [
        (each.getMessage(), each.facts) for each in caplog.records
    ]
    assert LogEntry.objects.get().change_message == "Link für ein neues Passwort gesendet."
    reset(link, "ein langes Kennwort 2")
    office.account.refresh_from_db()
    assert office.account.check_password("ein langes Kennwort 2")
    assert "_auth_user_id" not in theirs.get(reverse("account_login")).wsgi_request.session
    assert "password reset" in caplog.messages


def test_account_that_is_switched_off_gets_no_link(client, office):
    User.objects.filter(pk=office.account.pk).update(is_active=False)

    response = client.post(_link_page(office.account), follow=True)

    assert "Das Konto von Anna Arndt ist nicht freigeschaltet. Bitte schalten Sie es zuerst frei." in response.text
    assert _sent() == []


def test_account_that_does_not_exist_gets_no_link(client):
    assert client.post(reverse("admin:auth_user_password_change", args=[0])).status_code == 404


@pytest.mark.parametrize("name", ["password_change", "password_change_done"])
def test_own_password_is_changed_where_everybody_changes_it(client, name):
    answers = {
        "old_password": PASSWORD,
        "new_password1": "ein langes Kennwort 1",
        "new_password2": "ein langes Kennwort 1",
    }

    response = client.post(reverse(f"admin:{name}"), answers)

    assert response.url == reverse("account_change_password")
    assert User.objects.get(email="leitung@example.org").check_password(PASSWORD)


def test_manager_of_accounts_cannot_take_over_a_superuser(office):
    client = Client()
    client.force_login(manager())

    response = client.post(_link_page(office.admin))

    assert response.status_code == 403
    assert _sent() == []


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
        (
            "account password",
            "Arbeitsvorrat › Stammdaten und Einstellungen › Konten › Anna Arndt › Link für ein neues Passwort senden",
        ),
    ],
)
def test_breadcrumbs_say_where_the_page_lies(client, office, page, path):
    html = client.get(office.url(page)).content.decode()

    [crumbs] = re.findall(r'<div class="breadcrumbs">(.*?)</div>', html, re.DOTALL)
    words = re.sub(r"<[^>]+>", " ", crumbs).replace("&rsaquo;", "›")
    assert " ".join(words.split()) == path
