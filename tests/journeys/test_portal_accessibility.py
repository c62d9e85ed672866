"""No page of the portal holds a barrier that a machine can find: at every width, light and dark."""

import pytest

from tests.journeys.browser import barriers, screenshot, sign_in, sticks_out, wait_for_focus
from tests.journeys.portal_pages import PAGES, furnish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("name", PAGES)
def test_portal_page_has_no_barrier(page, live_server, name):
    town = furnish()
    sign_in(page, live_server, town.person(name))

    page.goto(live_server.url + town.url(name))
    screenshot(page, f"portal-{name}")

    assert barriers(page) == []
    assert sticks_out(page) == 0
    screenshot(page, f"portal-{name}-phone")


@pytest.mark.parametrize("name", ["resolution", "agreement", "opinion"])
def test_form_with_errors_has_no_barrier_and_leads_to_its_fields(page, live_server, name):
    town = furnish()
    sign_in(page, live_server, town.person(name))
    page.goto(live_server.url + town.url(name))

    page.get_by_role("main").get_by_role("textbox").first.fill("")
    page.get_by_role("button", name="Speichern").click()

    wait_for_focus(page, "fehler")
    assert barriers(page) == []
    screenshot(page, f"portal-{name}-errors")
