"""The main job, in a real browser: a clerk takes an application from draft to checked, a decider approves it."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from applications.models import Application, Notice
from ikz import clock
from tests.factories import PDF, BudgetFactory, MunicipalityFactory, clerk, decider
from tests.journeys.browser import screenshot, sign_in
from tests.journeys.deciding import judge, waive
from tests.programme_factories import TaskFieldFactory, VariantFactory
from tests.stationery import stationery

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def partners():
    kreis = MunicipalityFactory(ags="06533", name="Limburg-Weilburg", kind="district")
    stationery()
    names = ["Weilburg, Stadt", "Weilmünster, Marktflecken", "Villmar, Marktflecken"]
    return [MunicipalityFactory(name=name, district=kreis, postal_code="35781") for name in names]


def choose(page, field, text):
    """Type into a search field of the admin and take the first hit, as a person would."""
    page.locator(f"#id_{field} + .select2 .select2-selection").click()
    page.locator(".select2-container--open .select2-search__field").last.fill(text)
    page.get_by_role("option", name=re.compile(f"^{text}")).click()


def open_case(page, partners):
    page.goto(page.base + reverse("admin:applications_application_add"))
    page.get_by_label("Vorhaben").fill("Gemeinsamer Ordnungsbehördenbezirk Weiltal")
    page.get_by_label("Aufgabenfeld").select_option(label="Ordnung")
    page.get_by_label("Eingang am").fill("01.09.2026")
    page.get_by_label("Rechtsform").select_option("public_law_contract")
    for partner in partners:
        choose(page, "municipalities", partner.display_name)
    choose(page, "lead", partners[0].display_name)
    page.get_by_role("button", name="Sichern").click()
    return Application.objects.get()


def enter_resolutions(page, partners):
    for partner in partners:
        page.get_by_role("row", name=re.compile(f"^{partner.display_name}")).get_by_role(
            "link", name="Eintragen"
        ).click()
        page.get_by_label("beschlossen am").fill("01.06.2026")
        page.get_by_label("Beschlussnummer").fill("17/2026")
        page.get_by_label("PDF").set_input_files(
            [{"name": "beschluss.pdf", "mimeType": "application/pdf", "buffer": PDF}]
        )
        page.get_by_role("button", name="Sichern").click()


def enter_expenditure(page, partners):
    page.get_by_role("link", name="Kooperation, Beteiligte und Ausgaben bearbeiten").click()
    for row in range(len(partners)):
        page.locator(f"#id_participants-{row}-personnel_before").fill("100.000,00")
        page.locator(f"#id_participants-{row}-material_before").fill("20000")
    page.get_by_label("Personalausgaben nachher").fill("240000")
    page.get_by_label("Sachausgaben nachher").fill("45000,00")
    page.get_by_role("button", name="Sichern").click()


def enter_agreement(page, partners):
    page.get_by_role("link", name="Vereinbarung eintragen", exact=True).click()
    page.get_by_label("PDF").set_input_files([{"name": "vertrag.pdf", "mimeType": "application/pdf", "buffer": PDF}])
    page.get_by_role("textbox", name="Beginn").fill("01.01.2027")
    page.get_by_role("textbox", name="Ende").fill("31.12.2031")
    for row in range(len(partners)):
        page.locator(f"#id_signatures-{row}-signatory_1").fill("A. Erste, Bürgermeisterin")
        page.locator(f"#id_signatures-{row}-signatory_2").fill("B. Zweiter, Erster Stadtrat")
        page.locator(f"#id_signatures-{row}-signed_on").fill("01.06.2026")
    page.get_by_role("button", name="Sichern").click()


def settle_opinions(page):
    page.get_by_role("button", name="Vorgeschlagene Stellungnahmen anfordern").click()
    for name in ["Landrat/Landrätin (Landkreis Limburg-Weilburg)", "Regierungspräsidium Gießen"]:
        page.get_by_role("link", name=name, exact=True).click()
        page.get_by_label("eingegangen am").fill(f"{clock.today():%d.%m.%Y}")
        page.get_by_label("Empfehlung").select_option("positive")
        page.get_by_role("button", name="Sichern").click()
    for name in ["Kommunale Spitzenverbände", "Hessisches Ministerium der Finanzen"]:
        waive(page, name)


def test_clerk_and_decider_take_a_case_from_draft_to_approved(page, live_server, partners):
    TaskFieldFactory(code="ordnung", label="Ordnung")
    VariantFactory()
    BudgetFactory()
    case_worker, head = clerk(), decider()
    page.base = live_server.url

    sign_in(page, live_server, case_worker)
    application = open_case(page, partners)
    screenshot(page, "journey-1-draft")
    enter_resolutions(page, partners)
    page.get_by_role("button", name="Beschlüsse vollständig").click()
    enter_agreement(page, partners)
    page.get_by_role("button", name="Vereinbarung vollständig").click()
    enter_expenditure(page, partners)
    settle_opinions(page)
    judge(page)
    screenshot(page, "journey-2-ready-for-check")
    page.get_by_role("button", name="Prüfung abschließen").click()
    assert page.get_by_role("button", name="Bewilligen").is_disabled()

    page.context.clear_cookies()
    sign_in(page, live_server, head)
    page.goto(page.base + reverse("admin:applications_application_change", args=[application.pk]))
    page.get_by_role("link", name="Bewilligen …").click()
    screenshot(page, "journey-3-approval")
    with page.expect_popup() as draft:
        page.get_by_role("button", name="Entwurf des Bescheids ansehen").click()
    draft.value.close()
    assert not Notice.objects.exists()
    page.get_by_role("button", name="Bewilligen").click()
    screenshot(page, "journey-4-approved")

    application = Application.objects.get()
    assert application.state == "approved"
    assert application.decision.amount == Decimal(75000)
    assert [entry.by for entry in application.history.all()] == [case_worker] * 4 + [head] * 2
    assert application.notices.get().data["amount"] == "75.000 €"
