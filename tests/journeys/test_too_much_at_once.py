"""More files than a form takes, dropped or chosen: the page says so before anything is sent."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import StoredFile
from tests.factories import PDF, ApplicationFactory
from tests.journeys.barriers import barriers
from tests.journeys.browser import screenshot, sign_in
from tests.municipal_people import member_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DROP = """(box, names) => {
    const dataTransfer = new DataTransfer();
    for (const name of names) dataTransfer.items.add(new File(["%PDF-"], name, {type: "application/pdf"}));
    box.dispatchEvent(new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def case(page, live_server, settings):
    settings.IKZ_MAX_UPLOAD_BYTES = 1024 * 1024
    case = ApplicationFactory()
    sign_in(page, live_server, member_of(case.participants[1].municipality))
    return case


def open_form(page, live_server, case, name):
    page.goto(live_server.url + reverse(f"portal:{name}", args=[case.uuid, case.participants[1].pk]))


def chosen(page):
    return page.locator("input[type=file]").evaluate("(input) => [...input.files].map((file) => file.name)")


def file(name, size=0):
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF.ljust(size, b"\n")}


def test_two_files_dropped_where_one_goes_are_both_left(page, live_server, case):
    open_form(page, live_server, case, "resolution")
    box = page.locator("[data-drop]")

    box.evaluate(DROP, ["a.pdf", "b.pdf"])
    expect(page.get_by_role("alert")).to_have_text(
        "Hier ist nur eine Datei möglich, abgelegt haben Sie 2. Es wurde keine übernommen. Bitte legen Sie die eine ab."
    )
    left = chosen(page)
    screenshot(page, "journey-two-files-dropped")
    assert barriers(page) == []
    box.evaluate(DROP, ["a.pdf"])

    expect(page.get_by_role("alert")).to_have_count(0)
    assert (left, chosen(page)) == ([], ["a.pdf"])


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        (
            [file(f"{number}.pdf") for number in range(21)],
            "Sie haben 21 Dateien ausgewählt, auf einmal sind 20 möglich. Bitte senden Sie sie in mehreren Teilen.",
        ),
        (
            [file("a.pdf", 600_000), file("b.pdf", 600_000)],
            "Die Dateien sind zusammen 1,2 MB groß, auf einmal sind 1 MB möglich. Bitte senden Sie sie einzeln oder in "
            "mehreren Teilen.",
        ),
        (
            [file("a.pdf", 2_000_000)],
            "Die Datei „a.pdf“ ist 2 MB groß, möglich sind 1 MB. Bitte verkleinern Sie sie, zum Beispiel durch Scannen "
            "mit 200 dpi.",
        ),
    ],
    ids=["too many", "together too large", "too large"],
)
def test_too_much_is_said_before_it_is_sent(page, live_server, case, files, sentence):
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    open_form(page, live_server, case, "other_documents")

    page.locator("input[type=file]").set_input_files(files)
    page.get_by_role("button", name="Speichern").click()

    expect(page.get_by_role("alert")).to_have_text(sentence)
    expect(page.locator("input[type=file]")).to_be_focused()
    assert sent == []


def test_several_files_dropped_where_several_go_are_taken(page, live_server, case):
    open_form(page, live_server, case, "other_documents")
    page.locator("[data-drop]").evaluate(DROP, ["a.pdf", "b.pdf"])
    dropped = chosen(page)

    page.locator("input[type=file]").set_input_files([file("a.pdf"), file("b.pdf")])
    page.get_by_role("button", name="Speichern").click()
    page.wait_for_url(live_server.url + reverse("portal:case", args=[case.uuid]))

    assert dropped == ["a.pdf", "b.pdf"]
    assert sorted(StoredFile.objects.values_list("original_name", flat=True)) == ["a.pdf", "b.pdf"]
