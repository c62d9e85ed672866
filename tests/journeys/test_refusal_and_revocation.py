"""What burdens a municipality, in a real browser: the lead is heard, another person decides, and the letter says it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from applications import interest
from ikz import clock
from tests.applications import letter_samples
from tests.date_factories import BaseRateFactory
from tests.factories import UserFactory, case_in, decider
from tests.journeys.browser import screenshot
from tests.journeys.deciding import letter_on, open_as
from tests.stationery import HearingFactory, stationery

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cooperation():
    stationery()
    return letter_samples.cooperation()


def hear(page, reasons):
    page.get_by_role("link", name="Anhören").click()
    page.get_by_label("Beabsichtigt").select_option(label="den Antrag abzulehnen")
    page.get_by_label("Gründe").fill(reasons)
    page.get_by_label("Äußerung bis").fill(f"{clock.today() + timedelta(days=21):%d.%m.%Y}")
    page.get_by_role("button", name="Sichern").click()


def write_down_the_answer(page, answer):
    page.get_by_role("link", name="Anhörung, Äußerung bis").click()
    page.get_by_label("Äußerung eingegangen am").fill(f"{clock.today():%d.%m.%Y}")
    page.get_by_label("Äußerung:", exact=True).fill(answer)
    page.get_by_role("button", name="Sichern").click()


def test_refusal_after_a_hearing(page, live_server, cooperation):
    both = UserFactory(roles=["Sachbearbeitung", "Bewilligung"])
    application = case_in("checked", cooperation=cooperation, by=both)

    open_as(page, live_server, application.clerk, application)
    hear(page, "Die erwartete Einsparung fehlt.")
    assert "Die erwartete Einsparung fehlt." in letter_on(page, "Anhörung")
    write_down_the_answer(page, "Die Stelle wird doch besetzt.")
    expect(page.get_by_text(f"beantwortet am {clock.today():%d.%m.%Y}")).to_have_count(1)
    expect(page.get_by_text("Ablehnen: Vier-Augen-Prinzip: Sie haben den Fall geprüft.")).to_have_count(1)

    head = decider()
    open_as(page, live_server, head, application)
    page.get_by_role("link", name="Ablehnen …").click()
    expect(page.get_by_text("Die Stelle wird doch besetzt.")).to_have_count(1)
    page.get_by_role("textbox", name="Begründung:").fill("Die Einsparung erreicht die verlangten 15 % nicht.")
    page.get_by_role("button", name="Ablehnen").click()
    screenshot(page, "journey-refused")

    said = letter_on(page, "Ablehnungsbescheid")
    assert "Die Einsparung erreicht die verlangten 15 % nicht." in said
    assert "Sie hatten Gelegenheit, sich zu den für die Entscheidung erheblichen Tatsachen zu äußern" in said
    application.refresh_from_db()
    assert (application.state, application.rejected_by) == ("rejected", head)


def test_revocation_of_a_part_with_interest(page, live_server, cooperation, time_machine):
    """25,000 € from 01.07.2026 to 30.06.2027: 184 days at 6.27 % and 181 days at 7 %, by hand 790.19 € and 867.81 €."""
    time_machine.move_to("2026-06-30 10:00")
    application = case_in("paid", cooperation=cooperation)
    rates = [
        BaseRateFactory(valid_from=date(2026, 7, 1), percent=Decimal("1.27")),
        BaseRateFactory(valid_from=date(2027, 1, 1), percent=Decimal("2.00")),
    ]
    time_machine.move_to("2027-07-01 10:00")
    HearingFactory(application=application, intention="revoke", answered_on=date(2027, 6, 30), answer="Keine Einwände.")

    open_as(page, live_server, decider(), application)
    page.get_by_role("link", name="Teilweise widerrufen …").click()
    page.get_by_label("Zu widerrufender Teil (€)").fill("25.000,00")
    page.get_by_role("textbox", name="Begründung:").fill("Zwingenberg ist ausgeschieden.")
    page.get_by_label("Gründe bekannt seit").fill("2027-06-01")
    page.get_by_label("Zu erstatten bis").fill("2027-08-02")
    assert page.get_by_label("Bescheid unwirksam seit").input_value() == "2026-06-30"
    page.get_by_label("Zinsen berechnen bis").fill("2027-06-30")
    page.get_by_role("button", name="Teilweise widerrufen").click()
    screenshot(page, "journey-revoked")

    said = letter_on(page, "Widerrufsbescheid")
    assert "01.07.2026 31.12.2026 184 6,27 % 790,19 € 01.01.2027 30.06.2027 181 7,00 % 867,81 € Summe 1.658 €" in said
    assert "Zu erstattender Betrag 25.000 € Zinsen 1.658 € Summe 26.658 €" in said
    lines = interest.interest(Decimal(25000), since=date(2026, 6, 30), until=date(2027, 6, 30), rates=rates)
    application.refresh_from_db()
    decision = application.decisions.get()
    assert decision.revocations.get().interest == interest.total(lines) == Decimal("1658.00")
    assert (application.state, decision.standing) == ("paid", Decimal(50000))
    taken = "25.000 €, Gründe bekannt seit 01.06.2027, zu erstatten bis 02.08.2027 mit 1.658 € Zinsen"
    expect(page.get_by_text(taken)).to_have_count(1)
