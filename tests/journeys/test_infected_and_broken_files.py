"""Infected and broken files, in a real browser and with a real virus scanner; and a sound one, looked at in its viewer."""

import time

import pytest
from django.core.management import call_command
from django.urls import reverse

from applications.models import DocumentView, Message, Resolution, StoredFile
from tests.applications import pdf_samples as samples
from tests.factories import PDF, ApplicationFactory
from tests.journeys.barriers import barriers
from tests.journeys.browser import screenshot, sign_in
from tests.municipal_people import member_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REFUSALS = {
    "befallen.pdf": (samples.infected(), "Der Virenscanner hat Schadsoftware gefunden"),
    "geschuetzt.pdf": (samples.encrypted(user="u"), "Bitte speichern Sie das Dokument ohne Kennwortschutz"),
    "abgebrochen.pdf": (PDF[: len(PDF) // 2], "Die Datei ist unvollständig"),
    "brief.pdf": (samples.word_document(), "Die Datei ist kein PDF"),
    "leer.pdf": (b"", "Die Datei ist leer."),
}


def upload(page, name, content):
    page.get_by_label("PDF-Datei").set_input_files([{"name": name, "mimeType": "application/pdf", "buffer": content}])
    page.get_by_role("button", name="Speichern").click()


def is_shown_by_the_viewer(page):
    """The viewer is the browser's own, no part of the page, and says not when it is done."""
    end = time.monotonic() + 20
    while not (found := any(frame.url.startswith("chrome-extension://") for frame in page.frames)):
        if time.monotonic() > end:
            break
        page.wait_for_timeout(100)
    return found


def test_infected_and_broken_files_are_refused_and_a_sound_one_is_read(
    page, browser_with_viewer, live_server, scanner, settings
):
    case = ApplicationFactory()
    participant = case.participants[1]
    address = reverse("portal:resolution", args=[case.uuid, participant.pk])
    sign_in(page, live_server, member_of(participant.municipality))
    page.goto(live_server.url + address)
    page.get_by_label("beschlossen am").fill("2026-06-01")
    page.get_by_label("Beschlussnummer").fill("17/2026")

    for name, (content, sentence) in REFUSALS.items():
        upload(page, name, content)
        page.locator("#fehler").get_by_text(sentence).wait_for()
        screenshot(page, f"journey-files-{name.partition('.')[0]}")
        assert page.get_by_label("Beschlussnummer").input_value() == "17/2026"
    assert barriers(page) == []
    assert (StoredFile.objects.count(), Resolution.objects.count(), settings.MEDIA_ROOT.exists()) == (0, 0, False)
    assert [(each.recipient, each.event) for each in Message.objects.all()] == [(case.clerk, "document_infected")]

    socket, settings.IKZ_CLAMD = settings.IKZ_CLAMD, "unix:/nirgends/clamd.sock"
    upload(page, "beschluss.pdf", PDF)
    page.wait_for_url(live_server.url + reverse("portal:case", args=[case.uuid]))
    page.get_by_role("cell", name="noch nicht geprüft").wait_for()
    page.goto(live_server.url + address)
    page.get_by_text("Dieses Dokument ist noch nicht auf Viren geprüft.").wait_for()
    screenshot(page, "journey-files-pending")

    settings.IKZ_CLAMD = socket
    call_command("rescan_uploads")
    page.context.clear_cookies()
    sign_in(page, live_server, case.clerk)
    page.goto(live_server.url + reverse("admin:applications_application_change", args=[case.pk]))
    screenshot(page, "journey-files-case")
    link = page.get_by_role("link", name="beschluss.pdf", exact=True).get_attribute("href")
    viewer = browser_with_viewer.new_page()  # asks for an icon that is not ours, which the other would complain of
    sign_in(viewer, live_server, case.clerk)
    viewer.goto(live_server.url + link)
    assert is_shown_by_the_viewer(viewer)
    viewer.close()
    assert [(each.by, each.way) for each in DocumentView.objects.all()] == [(case.clerk, "shown")]
