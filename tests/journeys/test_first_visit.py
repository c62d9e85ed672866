"""What a first visit of the portal costs a municipality: little, and from no other host than ours."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from tests.journeys.browser import sign_in
from tests.journeys.portal_pages import furnish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_BYTES = 400 * 1024


@pytest.mark.parametrize("name", ["start", "case", "resolution"])
def test_first_visit_is_light_and_asks_nobody_else(browser, live_server, name):
    town = furnish()
    context = browser.new_context(locale="de-DE")  # with an empty cache
    page = context.new_page()
    sign_in(page, live_server, town.person(name))
    answers = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 (a method of a list is no function to it)

    page.goto(live_server.url + town.url(name), wait_until="networkidle")

    parts = {each.url: len(each.body()) for each in answers if each.request.resource_type != "font"}
    hosts = {urlsplit(each.url).netloc for each in answers}
    context.close()
    assert any(url.endswith(".css") for url in parts)
    assert sum(parts.values()) < MOST_BYTES, parts
    assert hosts == {urlsplit(live_server.url).netloc}


def test_legal_pages_are_there_without_an_account(browser, live_server):
    context = browser.new_context(locale="de-DE")
    page = context.new_page()

    titles = []
    for name in ("barrierefreiheit", "impressum", "datenschutz"):
        page.goto(live_server.url + reverse(name))
        titles.append(page.get_by_role("heading", level=1).inner_text())
    context.close()

    assert titles == ["Barrierefreiheit", "Impressum", "Datenschutz"]
