"""Money, in a real browser: a grant until its file is closed, and two people who want the same euros."""

from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import Application, Budget
from ikz import clock
from tests.applications import letter_samples
from tests.date_factories import DeliveryRuleFactory
from tests.factories import CooperationFactory, case_in, decider, treasurer
from tests.journeys.browser import screenshot, sign_in
from tests.journeys.deciding import letter_on, open_as
from tests.municipal_people import member_of
from tests.programme_factories import TaskFieldFactory
from tests.stationery import stationery

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def application():
    stationery()
    return case_in("checked", cooperation=letter_samples.cooperation())


def send(page):
    """Posted today; and the lead waives its remedies on the same day, so that the notice is final."""
    page.get_by_role("link", name="Zuwendungsbescheid vom").click()
    letter = page.url
    page.get_by_role("link", name="Versand festhalten").click()
    page.get_by_label("Versandweg").select_option("post")
    page.get_by_label("zur Post gegeben oder elektronisch abgerufen am").fill(f"{clock.today():%Y-%m-%d}")
    page.get_by_role("button", name="Versand festhalten").click()
    page.goto(letter)
    page.get_by_role("link", name="Rechtsbehelfsverzicht festhalten").click()
    page.get_by_label("Verzicht eingegangen am").fill(f"{clock.today():%Y-%m-%d}")
    page.get_by_role("button", name="Rechtsbehelfsverzicht festhalten").click()


def report(page, live_server, application):
    page.context.clear_cookies()
    sign_in(page, live_server, member_of(application.lead))
    page.goto(live_server.url + reverse("portal:case", args=[application.uuid]))
    page.get_by_role("link", name="Verwendungsnachweis einreichen").first.click()
    page.get_by_label("Sachbericht").fill("Der gemeinsame Bauhof arbeitet.")
    page.get_by_label("Verwendete Zuwendung (€)").fill("75.000,00")
    page.get_by_label("Personalausgaben im Jahr jetzt (€)").fill("230.000,00")
    page.get_by_label("Sachausgaben im Jahr jetzt (€)").fill("45.000,00")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("gespeichert. Danke.").wait_for()


def accept_report(page):
    page.get_by_role("link", name="Nachweis prüfen").click()
    page.get_by_label("Prüfung:", exact=True).select_option(label="angenommen")
    page.get_by_label("Ergebnis der Prüfung").fill("Zweck erfüllt.")
    page.get_by_role("button", name="Sichern").click()


def test_grant_until_its_file_is_closed(page, live_server, application):
    DeliveryRuleFactory()
    head, cashier, case_worker = decider(), treasurer(), application.clerk

    open_as(page, live_server, head, application)
    page.get_by_role("link", name="Bewilligen …").click()
    page.get_by_role("button", name="Bewilligen", exact=True).click()
    assert "75.000 €" in letter_on(page, "Zuwendungsbescheid")

    open_as(page, live_server, case_worker, application)
    send(page)

    open_as(page, live_server, cashier, application)
    page.get_by_role("link", name="Auszahlen …").click()
    assert page.get_by_label("Bestandskräftig seit").input_value() == f"{clock.today():%Y-%m-%d}"
    page.get_by_role("button", name="Auszahlen").click()

    report(page, live_server, application)

    open_as(page, live_server, case_worker, application)
    accept_report(page)
    page.get_by_role("link", name="Abschließen …").click()
    page.get_by_label("Begründung").fill("Verwendung geprüft, Zweck erfüllt.")
    page.get_by_role("button", name="Abschließen").click()
    screenshot(page, "journey-completed")

    done = Application.objects.get()
    assert [entry.step for entry in done.history.all()][4:] == ["approve", "issue_letter", "pay", "complete"]
    assert (done.state, done.approved_by, done.paid_by, done.completed_by) == ("completed", head, cashier, case_worker)
    expect(page.locator("#fristen").get_by_text("Ende der Aufbewahrung")).to_have_count(1)


@pytest.fixture
def two_desks(browser):
    """Two browsers that know nothing of each other, with a page each."""
    contexts = [browser.new_context(locale="de-DE", timezone_id="Europe/Berlin") for _ in range(2)]
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def test_two_deciders_want_the_same_money(two_desks, live_server, application):
    """There are 100,000 € and two cases of 75,000 €. Both forms stand open, then both buttons are pressed."""
    others = CooperationFactory(participants=application.municipalities, task_field=TaskFieldFactory(code="kasse"))
    cases = [application, case_in("checked", by=application.clerk, cooperation=others)]
    Budget.objects.update(allocated=Decimal(100000))
    for desk, each in zip(two_desks, cases, strict=True):
        open_as(desk, live_server, decider(), each)
        desk.get_by_role("link", name="Bewilligen …").click()

    one, other = two_desks
    with one.expect_navigation(), other.expect_navigation():
        for desk in two_desks:
            desk.get_by_role("button", name="Bewilligen", exact=True).click(no_wait_after=True)

    (winner,), (loser,) = (Application.objects.filter(state=state) for state in ("approved", "checked"))
    refused = two_desks[cases.index(loser)]
    assert refused.locator(".errorlist").inner_text() == (
        f"Der Haushalt {clock.today().year} reicht nicht: Verfügbar sind noch 25.000 €, bewilligt werden sollen 75.000 €."
    )
    assert refused.get_by_label("Zuwendung (€)").input_value() == "75.000,00"
    assert [winner.notices.count(), winner.decision.amount] == [1, Decimal(75000)]
    assert [loser.notices.count(), loser.decisions.count(), hasattr(loser, "date_facts")] == [0, 0, False]
    assert loser.last_entry.step == "check_application"
    assert Budget.objects.get().left() == Decimal(25000)
