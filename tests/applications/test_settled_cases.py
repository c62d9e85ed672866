"""The page of a case in which nobody has to do anything any more calls nobody to anything."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from applications import workflow
from tests.factories import ApplicationFactory, answers_for, clerk

pytestmark = pytest.mark.django_db


def page_of(client, application, user):
    client.force_login(user)
    return client.get(reverse("admin:applications_application_change", args=[application.pk]))


def card(page, anchor):
    """The words of one card of the page."""
    text = re.sub(r"<[^>]+>", " ", page.text.partition(f'aria-labelledby="{anchor}"')[2].partition("</section>")[0])
    return " ".join(text.split()).removeprefix("> ")


def messages(page):
    return {each.rule.name: each.message for each in page.context["findings"]}


def test_withdrawn_case_shows_how_it_stood_and_asks_for_nothing(client):
    application = ApplicationFactory()
    application = workflow.take(application, "withdraw", by=application.clerk, **answers_for(application, "withdraw"))

    page = page_of(client, application, application.clerk)

    assert "Stand der Kriterien beim Ende des Falls: 5 Kriterien nicht erfüllt, 2 nicht beurteilt." in card(
        page, "pruefliste-titel"
    )
    assert "Bitte" not in card(page, "pruefliste-titel")
    assert messages(page)["agreement_signed"] == "Es fehlt die Vereinbarung."


def test_running_case_still_says_what_to_do(client):
    application = ApplicationFactory()

    page = page_of(client, application, application.clerk)

    lead = application.lead.display_name
    assert "5 Kriterien nicht erfüllt, 2 zu beurteilen." in card(page, "pruefliste-titel")
    assert messages(page)["agreement_signed"] == f"Es fehlt die Vereinbarung. Bitte fordern Sie sie bei {lead} an."


def test_case_that_was_taken_over_is_as_its_sources_tell(client):
    administrator = clerk(is_superuser=True)
    application = workflow.take(
        ApplicationFactory(),
        "take_over",
        by=administrator,
        amount=Decimal(50000),
        decided_on=date(2020, 1, 1),
        reason="Förderliste.",
    )

    page = page_of(client, application, administrator)

    steps, criteria = card(page, "naechster-schritt"), card(page, "pruefliste-titel")
    assert steps.startswith(
        "Nächster Schritt Der Altfall wurde vor diesem Verfahren entschieden und ausgezahlt. Es steht kein weiterer Schritt an."
    )
    assert ("Auszahlen" in steps, "Es fehlt noch" in steps, "Widerrufen" in steps) == (False, False, True)
    assert criteria.startswith(
        "Prüfliste Über den Fall wurde vor diesem Verfahren entschieden. Die Kriterien stehen hier so, wie die Quellen sie "
        "belegen; nachzuholen ist nichts."
    )
    assert "Bitte" not in criteria
