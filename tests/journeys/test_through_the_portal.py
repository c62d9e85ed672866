"""Many hands on one case, in a real browser: three municipalities, the Landrat and the clerk, each with the own account."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications import workflow
from applications.models import Application, CorrectionItem, Opinion, StoredFile
from tests.factories import PASSWORD, PDF, ApplicationFactory, MunicipalityFactory, ResolutionFactory, clerk
from tests.journeys.applying import begin, press, take_in, type_expenditure
from tests.journeys.browser import screenshot
from tests.journeys.deciding import judge, waive
from tests.municipal_people import member_of, officer_of
from tests.programme_factories import ProgrammeFactory, TaskFieldFactory, VariantFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANDRAT = "Landrat/Landrätin (Landkreis Limburg-Weilburg)"


@pytest.fixture
def towns():
    kreis = MunicipalityFactory(ags="06533", name="Limburg-Weilburg", kind="district")
    names = ["Weilburg, Stadt", "Weilmünster, Marktflecken", "Villmar, Marktflecken"]
    return [MunicipalityFactory(name=name, district=kreis) for name in names]


def log_in(page, live_server, user):
    """Through the form, as people do."""
    page.context.clear_cookies()
    page.goto(live_server.url + reverse("account_login"))
    page.get_by_label("E-Mail-Adresse").fill(user.email)
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url(re.compile("/(portal|verwaltung)/"))


def document(name, content=PDF):
    return [{"name": name, "mimeType": "application/pdf", "buffer": content}]


def upload_resolution(page):
    page.get_by_role("link", name=re.compile("Gemeinsamer")).first.click()
    page.get_by_role("link", name="Beschluss hochladen").click()
    page.get_by_label("Beschlossen am").fill("2026-06-01")
    page.get_by_label("Beschlussnummer").fill("17/2026")
    page.get_by_label("PDF-Datei").set_input_files(document("beschluss.pdf"))
    press(page, "Speichern")
    page.get_by_text("gespeichert. Danke.").wait_for()


def upload_agreement(page, live_server, case):
    page.goto(live_server.url + reverse("portal:agreement", args=[case.uuid]))
    page.get_by_label("Beginn", exact=False).first.fill("2027-01-01")
    page.get_by_label("Ende", exact=False).first.fill("2032-12-31")
    page.get_by_label("PDF-Datei").set_input_files(document("vertrag.pdf"))
    for group in page.get_by_role("group", name=re.compile("Unterschriften für")).all():
        group.get_by_label("erste Unterschrift").fill("A. Erste, Bürgermeisterin")
        group.get_by_label("zweite Unterschrift").fill("B. Zweiter, Erster Stadtrat")
        group.get_by_label("unterschrieben am").fill("2026-06-02")
    press(page, "Speichern")
    page.get_by_text("gespeichert. Danke.").wait_for()


def apply(page, live_server):
    page.goto(live_server.url + reverse("portal:start"))
    begin(page)
    take_in(page, "Weilmünster", "Weilmünster")
    take_in(page, "Villmar", "Villmar")
    press(page, "Speichern und weiter")
    page.get_by_label("Zweck").fill("Ein Bauhof für drei Kommunen.")
    page.get_by_label("Rechtsform").select_option("public_law_contract")
    press(page, "Speichern und weiter")
    type_expenditure(page)
    press(page, "Speichern und weiter")
    press(page, "Antrag einreichen")
    return Application.objects.get()


def step(page, live_server, case, name):
    page.goto(live_server.url + reverse("admin:applications_application_change", args=[case.pk]))
    page.get_by_role("button", name=name).click()


def test_three_municipalities_the_landrat_and_the_clerk(page, live_server, towns):
    VariantFactory(programme=ProgrammeFactory(valid_to=None))
    TaskFieldFactory()
    case_worker, people = clerk(), [member_of(each) for each in towns]
    page.set_viewport_size({"width": 1440, "height": 900})

    log_in(page, live_server, people[0])
    case = apply(page, live_server)
    for person in people:
        log_in(page, live_server, person)
        page.goto(live_server.url + reverse("portal:start"))
        upload_resolution(page)
    screenshot(page, "portal-journey-1-resolutions")

    log_in(page, live_server, case_worker)
    step(page, live_server, case, "Beschlüsse vollständig")
    log_in(page, live_server, people[0])
    upload_agreement(page, live_server, case)
    log_in(page, live_server, case_worker)
    step(page, live_server, case, "Vereinbarung vollständig")
    page.get_by_role("button", name="Vorgeschlagene Stellungnahmen anfordern").click()
    for name in ["Regierungspräsidium Gießen", "Kommunale Spitzenverbände", "Hessisches Ministerium der Finanzen"]:
        waive(page, name)

    log_in(page, live_server, officer_of(Opinion.objects.get(name=LANDRAT)))
    page.get_by_role("link", name=re.compile("Gemeinsamer")).first.click()
    page.get_by_role("link", name="Stellung nehmen").click()
    page.get_by_label("zustimmend", exact=True).check()
    page.get_by_role("textbox", name="Stellungnahme").fill("Keine Bedenken.")
    screenshot(page, "portal-journey-2-opinion")
    press(page, "Speichern")

    log_in(page, live_server, case_worker)
    page.goto(live_server.url + reverse("admin:applications_application_change", args=[case.pk]))
    judge(page)
    step(page, live_server, case, "Prüfung abschließen")
    screenshot(page, "portal-journey-3-checked")
    assert Application.objects.get().state == "checked"


BROKEN = [
    (b"Das ist kein PDF.", "Die Datei ist kein PDF"),
    (PDF[: len(PDF) // 2], "unvollständig"),
    (b"", "leer"),
]


def test_broken_files_keep_what_was_typed(page, live_server, towns):
    case = ApplicationFactory()
    participant = case.participants[0]
    log_in(page, live_server, member_of(participant.municipality))

    for content, sentence in BROKEN:
        page.goto(live_server.url + reverse("portal:resolution", args=[case.uuid, participant.pk]))
        page.get_by_label("Beschlossen am").fill("2026-06-01")
        page.get_by_label("Beschlussnummer").fill("17/2026")
        page.get_by_label("PDF-Datei").set_input_files(document("beschluss.pdf", content))
        press(page, "Speichern")
        page.locator("#fehler").wait_for()
        assert sentence in page.locator("#fehler").inner_text()
        assert page.get_by_label("Beschlussnummer").input_value() == "17/2026"
    screenshot(page, "portal-journey-4-broken-file")

    assert StoredFile.objects.count() == 0


def ask_for_correction(page, live_server, case, municipality):
    page.goto(live_server.url + reverse("admin:applications_correctionrequest_add") + f"?parent={case.pk}")
    page.get_by_label("Betreff").fill("Beschluss mit Datum")
    page.get_by_label("fällig am").fill("24.12.2099")
    page.locator("#id_items-0-text").fill("Bitte mit Siegel.")
    page.locator("#id_items-0-participant").select_option(label=str(municipality))
    page.locator("#id_items-0-kind").select_option("resolution")
    page.get_by_role("button", name="Sichern").click()


def test_correction_request_to_and_fro_on_a_phone(page, live_server):
    case = ApplicationFactory()
    for each in case.participants:
        ResolutionFactory(participant=each)
    workflow.take(case, "collect_resolutions", by=case.clerk)
    partner = case.participants[1]
    person = member_of(partner.municipality)
    page.set_viewport_size({"width": 390, "height": 844})

    log_in(page, live_server, case.clerk)
    ask_for_correction(page, live_server, case, partner.municipality)
    for number, outcome in [("2", "Es genügt nicht"), ("3", "Es genügt:")]:
        log_in(page, live_server, person)
        page.get_by_role("link", name=re.compile("Gemeinsamer")).first.click()
        page.get_by_role("link", name="Jetzt erledigen").click()
        screenshot(page, f"portal-journey-5-correction-{number}-phone")
        page.get_by_role("link", name="Beschluss öffnen").click()
        page.get_by_label("Beschlussnummer").fill(number)
        press(page, "Speichern")

        log_in(page, live_server, case.clerk)
        page.goto(live_server.url + reverse("admin:applications_application_change", args=[case.pk]))
        page.get_by_role("link", name="Antwort prüfen").click()
        expect(page.get_by_text(f"→ {number}")).to_have_count(1)
        page.get_by_label(outcome).check()
        page.get_by_label("Warum es nicht genügt").fill("Das Siegel fehlt.")
        screenshot(page, f"portal-journey-6-review-{number}-phone")
        page.get_by_role("button", name="Ergebnis speichern").click()

    assert (CorrectionItem.objects.get().state, case.correctionrequests.get().is_open) == ("accepted", False)
