"""Each link of the checklist leads to the form that mends the finding."""

import pytest
from django.urls import reverse

from applications.admin.remedies import remedies
from applications.rules import AGREEMENT, CHECK, RESOLUTIONS
from tests.applications.situations import (
    RP,
    WAITING,
    agreement,
    case,
    cooperation,
    given,
    no_agreement,
    no_participants,
    no_resolution,
    opinions,
    resolution,
)

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_every_database]


def link(name, record, query=""):
    """The admin's page of the record, or of a new one that hangs on it."""
    return reverse(f"admin:applications_{name}", args=[] if query else [record.pk]) + (query and f"?parent={record.pk}")


def group(application):
    return link("cooperation_change", application.cooperation)


def edit(application):
    return link("application_edit", application)


def agreed(application):
    return link("agreement_change", application.agreement)


def of_adorf(application):
    return application.participants[0]


TABLE = [
    ("participants_exist", given(case(received_on=None)), [edit]),
    ("participants_exist", given(), [group]),
    ("enough_participants", given(participants=1), [group]),
    ("enough_participants", given(participants=2), [group, edit]),
    ("enough_participants", given(variant="fire_brigade"), [group]),
    ("resolutions_present", given(no_participants, complete=False), [group]),
    ("resolutions_present", given(no_resolution("Adorf"), no_resolution("Bdorf")), ["#beteiligte"]),
    (
        "resolutions_present",
        given(no_resolution("Adorf")),
        [lambda application: link("resolution_add", of_adorf(application), "parent")],
    ),
    (
        "resolutions_present",
        given(resolution("Adorf", resolved_on=None)),
        [lambda application: link("resolution_change", of_adorf(application).resolution)],
    ),
    ("agreement_signed", given(), [agreed]),
    ("agreement_signed", given(cooperation(legal_form="")), [group, agreed]),
    (
        "agreement_signed",
        given(no_agreement),
        [lambda application: link("agreement_add", application.cooperation, "parent")],
    ),
    ("term_long_enough", given(agreement(is_unlimited=True, ends_on=None)), [agreed]),
    ("supervisory_acts_done", given(cooperation(legal_form="")), [group]),
    ("supervisory_acts_done", given(cooperation(legal_form="delegating_agreement")), [agreed]),
    ("saving_reached", given(), [group]),
    ("opinions_received", given(opinions()), ["#stellungnahmen"]),
    ("opinions_received", given(opinions((RP, WAITING))), ["#stellungnahmen"]),
]


@pytest.mark.parametrize(("rule", "situation", "expected"), TABLE)
def test_remedy_leads_to_the_form(rule, situation, expected):
    application = situation.application()

    urls = [each.url for each in remedies(application)[rule]]

    assert urls == [each if isinstance(each, str) else each(application) for each in expected]


def test_remedy_leads_to_the_only_opinion_that_is_awaited():
    application = given().application()
    awaited = application.opinion_list[0]
    awaited.received_on, awaited.recommendation = None, ""
    awaited.save()

    [remedy] = remedies(application)["opinions_received"]

    assert (remedy.url, remedy.words) == (
        link("opinion_change", awaited),
        f"Stellungnahme eintragen: {awaited.name}",
    )


def test_every_computed_rule_has_its_remedy():
    computed = {each.name for each in (*RESOLUTIONS, *AGREEMENT, *CHECK) if not each.is_judged}

    assert set(remedies(given().application())) == computed - {"grant_proportionate"}  # a hint, never missing


@pytest.mark.parametrize("situation", [given(complete=False), given(), given(no_participants, complete=False)])
def test_every_remedy_opens(client, situation):
    application = situation.application()
    client.force_login(application.clerk)
    page = reverse("admin:applications_application_change", args=[application.pk])
    html = client.get(page).content.decode()

    for remedy in (each for found in remedies(application).values() for each in found):
        if remedy.url.startswith("#"):
            assert f'id="{remedy.url[1:]}"' in html
        else:
            assert client.get(remedy.url).status_code == 200
