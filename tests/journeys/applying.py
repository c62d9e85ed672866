"""How a municipality fills in its application in the browser."""

import re

from tests.journeys.browser import screenshot


def heading(page):
    return page.get_by_role("heading", level=1).inner_text()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def begin(page):
    page.get_by_role("link", name="Neuer Antrag").click()
    page.get_by_label("Vorhaben").fill("Gemeinsamer Bauhof Weiltal")
    page.get_by_label("Aufgabenfeld").select_option(label="Bauhof")
    page.get_by_label("Standard", exact=True).check()
    screenshot(page, "new-application-begin-phone")
    press(page, "Entwurf anlegen und weiter")


def take_in(page, typed, name):
    page.get_by_label("Kommune suchen").fill(typed)
    page.get_by_label("Kommune suchen").press("Enter")
    page.get_by_role("button", name=re.compile(f"^Aufnehmen: {name}")).click()
    page.get_by_text(re.compile(f"{name} .* ist aufgenommen")).wait_for()


def type_expenditure(page):
    page.locator("[data-when=before]").last.wait_for()
    for cell in page.locator("[data-when=before]").all():
        cell.fill("100.000")
    page.get_by_label("Personalausgaben nachher").fill("250.000,00")
    assert page.locator("[data-percent]").inner_text() == "–"
    page.get_by_label("Sachausgaben nachher").fill("260000")
