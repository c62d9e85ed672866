"""How the ministry works on a case in the browser."""

from urllib.parse import urljoin

from django.urls import reverse

from tests.applications import pdf_reading
from tests.journeys.browser import sign_in


def waive(page, office):
    """Do without the opinion of this office."""
    page.get_by_role("link", name=office, exact=True).click()
    page.get_by_label("Verzichtet, weil").fill("Allgemein zugestimmt am 01.03.2026.")
    page.get_by_role("button", name="Sichern").click()


def judge(page):
    while page.get_by_role("link", name="Jetzt beurteilen").count():
        page.get_by_role("link", name="Jetzt beurteilen").first.click()
        page.get_by_label("Ja, erfüllt").check()
        page.get_by_label("Begründung").fill("Nach Aktenlage gegeben.")
        page.get_by_role("button", name="Beurteilung speichern").click()
        page.wait_for_load_state()  # the click comes back when the answer begins


def open_as(page, live_server, user, application):
    """Another person sits down and opens the case."""
    page.context.clear_cookies()
    sign_in(page, live_server, user)
    page.goto(live_server.url + reverse("admin:applications_application_change", args=[application.pk]))


def letter_on(page, name):
    """The words of the letter that the case page links, as the browser gets it."""
    link = page.locator("#schreiben li", has_text=f"{name} vom").get_by_role("link", name="PDF")
    answer = page.request.get(urljoin(page.url, link.get_attribute("href")))
    assert answer.headers["content-type"] == "application/pdf"
    return " ".join(pdf_reading.lines(answer.body()))
