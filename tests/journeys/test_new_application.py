"""A municipality applies on a phone: from an empty page to the hand-in, with a break and a mistake in between."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.expenditure_table import read_euros
from applications.models import Application
from applications.savings import saving
from ikz.german import percent
from tests.factories import MunicipalityFactory
from tests.journeys.applying import begin, heading, press, take_in, type_expenditure
from tests.journeys.browser import screenshot, sign_in, wait_for_focus
from tests.municipal_people import member_of
from tests.programme_factories import ProgrammeFactory, TaskFieldFactory, VariantFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def towns():
    kreis = MunicipalityFactory(ags="06533", name="Limburg-Weilburg", kind="district")
    names = ["Weilburg, Stadt", "Weilmünster, Marktflecken", "Villmar, Marktflecken"]
    return [MunicipalityFactory(name=name, district=kreis) for name in names]


@pytest.fixture
def phone(page, live_server, towns):
    VariantFactory(programme=ProgrammeFactory(valid_to=None))
    TaskFieldFactory()
    sign_in(page, live_server, member_of(towns[0]))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + reverse("portal:start"))
    return page


def test_from_an_empty_page_to_the_hand_in(phone):
    begin(phone)
    assert heading(phone) == "Beteiligte"
    take_in(phone, "weilmuenster", "Weilmünster")
    phone.get_by_label("Begründung für weniger Beteiligte").fill("Nur wir grenzen aneinander.")
    take_in(phone, "Villmar", "Villmar")
    screenshot(phone, "new-application-partners-phone")
    press(phone, "Speichern und später weitermachen")

    phone.get_by_role("link", name="Gemeinsamer Bauhof Weiltal").click()
    assert heading(phone) == "Angaben"
    phone.get_by_label("Zweck").fill("Ein Bauhof für drei Kommunen.")
    phone.get_by_label("Beginn der Zusammenarbeit").fill("2027-01-01")
    press(phone, "Speichern und weiter")

    type_expenditure(phone)
    assert phone.locator("[data-percent]").inner_text() == "15,00 %"
    phone.get_by_label("Sachausgaben nachher").fill("viel")
    press(phone, "Speichern und weiter")
    wait_for_focus(phone, "fehler")
    screenshot(phone, "new-application-expenditure-phone")
    phone.get_by_role("link", name=re.compile("ist kein Betrag")).click()
    wait_for_focus(phone, "id_material_after")
    phone.get_by_label("Sachausgaben nachher").fill("260000")
    press(phone, "Speichern und weiter")

    assert heading(phone) == "Prüfen und einreichen"
    expect(phone.get_by_role("definition").filter(has_text="15,00 %")).to_have_count(1)
    screenshot(phone, "new-application-summary-phone")
    press(phone, "Antrag einreichen")
    assert heading(phone) == "Ihr Antrag ist eingereicht"
    screenshot(phone, "new-application-handed-in-phone")

    case = Application.objects.get()
    assert (case.is_handed_in, case.saving.percent, len(case.participants)) == (True, 15, 3)
    assert case.few_participants_reason == "Nur wir grenzen aneinander."


FIGURES = [
    ("100.000,00", "85.000,01"),  # 14,999…: cut off, not rounded up
    ("100000", "85000"),
    ("3", "1"),
    ("1", "2.000,5"),
    ("0", "5"),
    ("9.999.999.999,99", "0,01"),
]


def test_the_browser_computes_as_the_server_does(phone, live_server):
    begin(phone)
    draft = Application.objects.get()
    phone.goto(live_server.url + reverse("portal:draft_expenditure", args=[draft.uuid]))
    shown, computed = [], []

    for before, after in FIGURES:
        for when, text in (("before", before), ("after", after)):
            for cell in phone.locator(f"[data-when={when}]").all():
                cell.fill(text)
        shown.append(phone.locator("[data-percent]").inner_text())
        computed.append(percent(saving([2 * read_euros(before)], 2 * read_euros(after)).percent))

    assert shown == computed


def test_the_keyboard_alone_suffices_for_the_partners(phone):
    begin(phone)

    phone.get_by_label("Kommune suchen").focus()
    phone.keyboard.type("villmar")
    phone.keyboard.press("Enter")
    phone.get_by_role("heading", name="Treffer für").wait_for()
    phone.get_by_role("button", name=re.compile("^Aufnehmen: Villmar")).focus()
    phone.keyboard.press("Enter")

    phone.get_by_role("heading", name="Beteiligt sind 2 Kommunen").wait_for()
    expect(phone.get_by_role("button", name=re.compile("^Entfernen: Villmar"))).to_have_count(1)
