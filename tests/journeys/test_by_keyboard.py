"""A participant brings its resolution without ever touching a mouse, and always sees where it stands."""

import re

import pytest
from django.urls import reverse

from applications.models import Resolution
from tests.factories import PASSWORD, PDF, ApplicationFactory
from tests.municipal_people import member_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_TABS = 60
RESOLUTION = {"name": "beschluss.pdf", "mimeType": "application/pdf", "buffer": PDF}
# What the active control is called, and whether one sees that it is active.
ACTIVE = """() => {
  const control = document.activeElement, style = getComputedStyle(control);
  const name = control.getAttribute("aria-label") || control.labels?.[0]?.innerText || control.innerText || "";
  const box = control.getBoundingClientRect();
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const ringedByTheBrowser = control.type === "date" && !control.matches(":focus");  // its calendar button
  return [name.trim(), (outlined || ringedByTheBrowser || style.boxShadow !== "none") && box.width > 0];
}"""


def tab_to(page, name):
    """Press Tab until the control of this name is active. Fails where the focus cannot be seen on the way."""
    passed = []
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        found, is_visible = page.evaluate(ACTIVE)
        passed.append((found, is_visible))
        assert is_visible, passed
        if re.search(name, found):
            return
    pytest.fail(f"Nicht erreicht: {name}. Unterwegs: {passed}")


def press_enter_to(page, name):
    tab_to(page, name)
    page.keyboard.press("Enter")


def test_resolution_is_uploaded_by_keyboard_alone(page, live_server):
    case = ApplicationFactory()
    participant = case.participants[1]
    user = member_of(participant.municipality)
    # Asked for early: a slow browser would open its own dialog before it knows that we choose.
    page.on("filechooser", lambda chooser: chooser.set_files([RESOLUTION]))
    page.goto(live_server.url + reverse("account_login"))

    tab_to(page, "^E-Mail-Adresse")
    page.keyboard.type(user.email)
    tab_to(page, "^Passwort$")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/portal/"))
    press_enter_to(page, "Gemeinsamer Bauhof")
    page.wait_for_url(re.compile("/faelle/"))
    press_enter_to(page, "^Beschluss hochladen")
    page.wait_for_url(re.compile("/beschluss/"))
    tab_to(page, "^Beschlossen am")
    page.keyboard.type("06062026")  # the same day in every order
    tab_to(page, "^Beschlussnummer")
    page.keyboard.type("17/2026")
    tab_to(page, "^PDF-Datei")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('input[type=file]').files.length === 1", polling=100)
    press_enter_to(page, "^Speichern$")

    page.get_by_text("gespeichert. Danke.").wait_for()
    resolution = Resolution.objects.get()
    assert (resolution.participant, resolution.number, str(resolution.resolved_on)) == (
        participant,
        "17/2026",
        "2026-06-06",
    )
    assert resolution.file is not None
