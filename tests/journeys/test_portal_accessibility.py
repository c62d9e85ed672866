"""No page of the portal holds a barrier that a machine can find: at every width, light and dark."""

import pytest

from tests.journeys.barriers import barriers, findings, shares
from tests.journeys.browser import matrix_scrolls_on_a_phone, sign_in, wait_for_focus
from tests.journeys.portal_pages import PAGES, furnish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("names", shares(name for name in PAGES if name != "opinion"), ids=lambda names: names[0])
def test_no_page_of_a_municipality_has_a_barrier(page, live_server, names):
    town = furnish()
    sign_in(page, live_server, town.lead)

    assert findings(page, {name: live_server.url + town.url(name) for name in names}) == {}


def test_no_page_of_an_authority_has_a_barrier(page, live_server):
    town = furnish()
    sign_in(page, live_server, town.officer)

    assert findings(page, {name: live_server.url + town.url(name) for name in ("opinion", "case")}) == {}


def test_who_owes_what_does_not_scroll_on_a_phone(page, live_server):
    town = furnish()
    sign_in(page, live_server, town.lead)

    assert matrix_scrolls_on_a_phone(page, live_server.url + town.url("case")) == 0


@pytest.mark.parametrize("name", ["resolution", "agreement", "opinion"])
def test_form_with_errors_has_no_barrier_and_leads_to_its_fields(page, live_server, name):
    town = furnish()
    sign_in(page, live_server, town.person(name))
    page.goto(live_server.url + town.url(name))

    page.get_by_role("main").get_by_role("textbox").first.fill("")
    page.get_by_role("button", name="Speichern").click()

    wait_for_focus(page, "fehler")
    assert barriers(page) == []
