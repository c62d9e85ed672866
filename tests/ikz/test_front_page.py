import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import programme_end
from applications.admin.application import ApplicationAdmin
from applications.models import Application
from tests.factories import (
    ApplicationFactory,
    BudgetFactory,
    CooperationFactory,
    CorrectionRequestFactory,
    FileNoteFactory,
    UserFactory,
    case_in,
    clerk,
    decider,
)
from tests.programme_factories import ProgrammeFactory

pytestmark = pytest.mark.django_db

INDEX = reverse("admin:index")
LIST = reverse("admin:applications_application_changelist")


def front_page(client, user):
    client.force_login(user)
    response = client.get(INDEX)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_front_page_takes_the_same_number_of_queries(client, django_assert_num_queries, rows):
    me, today = clerk(), timezone.localdate()
    BudgetFactory(year=today.year + 1)
    for _ in range(rows):
        ready = ApplicationFactory(by=me, complete=True)
        CorrectionRequestFactory(application=ApplicationFactory(by=me), due_on=today)
        FileNoteFactory(application=ready, by=me, follow_up_on=today)
        case_in("checked", by=me)
        case_in("approved", by=me)
    client.force_login(me)

    with django_assert_num_queries(33):
        client.get(INDEX)


def test_clerk_sees_first_what_to_do(client):
    me = clerk()
    application = ApplicationFactory(by=me, complete=True)

    html = front_page(client, me)

    headings = ["Sie sind am Zug (1)", "Fällig und überfällig", "Haushalt", "Fälle nach Stand", "Stammdaten und Einst"]
    assert sorted(headings, key=html.index) == headings
    assert reverse("admin:applications_application_change", args=[application.pk]) in html
    assert "Bestätigen Sie, dass die Beschlüsse vollständig sind." in html


def test_full_worklist_leads_to_the_same_cases_in_the_same_order(client):
    me = clerk()
    for days in range(21):
        application = ApplicationFactory(by=me, cooperation=CooperationFactory(participants=0))
        Application.objects.filter(pk=application.pk).update(state_since=timezone.now() - timedelta(days=days))

    html = front_page(client, me)
    page = client.get(INDEX).context["page"]
    rows = client.get(f"{LIST}?turn=me&o=-6").context["cl"].result_list

    assert f'<a class="card__more" href="{LIST}?turn=me&amp;o=-6">Alle 21 anzeigen</a>' in html
    assert [task.application.pk for task in page.worklist.tasks] == [row.pk for row in rows][:20]


def test_municipality_on_the_phone_is_found_from_the_front_page(client):
    application = ApplicationFactory(cooperation=CooperationFactory(title="Gemeinsame Kasse"))
    ApplicationFactory()

    html = front_page(client, application.clerk)
    form = re.search(r'<form [^>]*action="([^"]*)" role="search">(.*?)</form>', html, re.DOTALL)
    found = client.get(form[1], {re.search('type="search".* name="(.*?)"', form[2])[1]: "kasse"})

    assert '<label for="searchbar">Fall suchen</label>' in form[2]
    assert f">{ApplicationAdmin.search_help_text}</div>" in form[2]
    assert list(found.context["cl"].result_list) == [application]


def test_worklist_says_the_state_of_each_case(client):
    application = case_in("agreement_signed")

    html = front_page(client, application.clerk)

    assert '<td data-label="Stand"><span class="badge badge--open">Vereinbarung unterschrieben</span></td>' in html


def test_menu_at_the_foot_leads_back_up(client):
    user = clerk()

    pages = [front_page(client, user), client.get(reverse("admin:municipalities_municipality_changelist")).text]

    back = '<a class="menu-link menu-link--back" href="#header">Nach oben</a>'
    assert [(page.count(back), page.count('id="header"')) for page in pages] == [(1, 1), (1, 1)]


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        (["Sachbearbeitung"], "Auf Sie wartet nichts."),
        (["Bewilligung"], "Auf Sie wartet nichts."),
        (["Revision"], "Sie können alle Fälle lesen"),
        (["Stammdaten"], "Sie pflegen"),
        ([], "Sie haben noch keine Rolle."),
    ],
)
def test_empty_worklist_says_what_now(client, role, sentence):
    assert sentence in front_page(client, UserFactory(roles=role))


def test_page_shows_no_case_to_whoever_may_not_see_cases(client):
    case_in("checked")
    application = ApplicationFactory(cooperation=CooperationFactory(title="Geheimes Vorhaben"))
    CorrectionRequestFactory(application=application, due_on=timezone.localdate())

    html = front_page(client, UserFactory())

    assert [
        word for word in ("Geheimes", "Haushalt 2", "IKZ-2", "Fälle nach Stand", "Fall suchen") if word in html
    ] == []


def test_budget_shows_what_is_left(client):
    case_in("checked")
    case_in("approved")

    html = front_page(client, decider())

    assert [amount for amount in ("75.000 €", "1.850.000 €") if f"<dd>{amount}</dd>" not in html] == []
    assert "<dt>Ansatz mit Umbuchungen</dt><dd>2.000.000 €</dd>" in html


def test_budget_that_is_missing_is_asked_for(client):
    assert "ist kein Haushaltsansatz angelegt" in front_page(client, decider())


def test_counts_lead_to_the_filtered_list(client):
    case_in("checked")

    html = front_page(client, decider())

    assert f'<a href="{LIST}?state=checked">Geprüft</a></dt><dd>1</dd>' in html
    assert f'<a href="{LIST}?state=open">Offen</a></dt><dd>1</dd>' in html


# ── The end of the Rahmenvereinbarung ─────────────────────────────────────────────────────────────────────────────────

DO = "Bitte legen Sie die neue Fassung an und geben Sie sie frei: Ohne sie lässt sich kein Fall anlegen."
WAIT = "Danach lassen sich Fälle erst wieder anlegen, wenn die Rolle Stammdaten eine neue Fassung freigibt."


def told(role, valid_to, today):
    ProgrammeFactory(valid_to=valid_to)
    reminder = programme_end.reminder(UserFactory(roles=[role]), today)
    return reminder and reminder[0]


@pytest.mark.parametrize(
    ("role", "valid_to", "today", "sentence"),
    [
        ("Stammdaten", date(2026, 12, 6), date(2026, 6, 5), None),
        ("Stammdaten", date(2026, 12, 6), date(2026, 6, 6), f"„Rahmenvereinbarung 2021“ gilt nur bis 06.12.2026. {DO}"),
        (
            "Stammdaten",
            date(2026, 12, 6),
            date(2026, 12, 6),
            f"„Rahmenvereinbarung 2021“ gilt nur bis 06.12.2026. {DO}",
        ),
        ("Stammdaten", date(2026, 12, 6), date(2026, 12, 7), f"„Rahmenvereinbarung 2021“ galt bis 06.12.2026. {DO}"),
        (
            "Sachbearbeitung",
            date(2026, 12, 6),
            date(2026, 11, 28),
            f"„Rahmenvereinbarung 2021“ gilt nur bis 06.12.2026. {WAIT}",
        ),
        ("Stammdaten", None, date(2026, 11, 28), None),
        ("Bewilligung", date(2026, 12, 6), date(2026, 11, 28), None),
        ("Revision", date(2026, 12, 6), date(2026, 11, 28), None),
    ],
)
def test_end_of_the_last_version_is_told_half_a_year_before(role, valid_to, today, sentence):
    assert told(role, valid_to, today) == sentence


def test_new_version_ends_the_reminder_once_it_is_released():
    keeper, today = UserFactory(roles=["Stammdaten"]), date(2026, 11, 28)
    assert programme_end.reminder(keeper, today)[0].startswith(
        "Es ist keine Fassung der Rahmenvereinbarung freigegeben."
    )
    new = ProgrammeFactory().copy()
    assert programme_end.reminder(keeper, today)[0].startswith("„Rahmenvereinbarung 2021“ gilt nur bis 06.12.2026.")

    new.is_draft = False
    new.save()

    assert programme_end.reminder(keeper, today) is None


def test_reminder_leads_to_the_version_that_can_be_copied(client):
    programme = ProgrammeFactory(valid_to=timezone.localdate())

    html = front_page(client, UserFactory(roles=["Stammdaten"]))

    address = reverse("admin:applications_programme_change", args=[programme.pk])
    assert f'<a href="{address}">„Rahmenvereinbarung 2021“ gilt nur bis' in html
