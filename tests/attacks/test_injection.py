"""What people type is text wherever it comes out: on pages, in mails, letters, tables and questions to the database."""

import csv
import io
from html.parser import HTMLParser

import openpyxl
import pytest
from django.urls import reverse
from post_office.models import Email

from applications import notices, workflow
from applications.letter_kinds import LetterKind
from applications.models import Application
from tests.applications import pdf_reading
from tests.factories import (
    CooperationFactory,
    CorrectionRequestFactory,
    FileNoteFactory,
    MunicipalityFactory,
    ResolutionFactory,
    UserFactory,
    case_in,
)
from tests.municipal_people import member_of
from tests.stationery import HearingFactory, stationery

pytestmark = pytest.mark.django_db

MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>"
TEMPLATE = "{{ 7*7 }}{% debug %}"
TYPST = '#panic("x") #import "a.typ": * $x$ \\ @b <c>'
HEADER = "Zeile\r\nBcc: fremd@example.org"
HOSTILE = f"{MARKUP} {TEMPLATE} {TYPST} ' OR 1=1 --"


class Tags(HTMLParser):
    """Tags and handlers that our own pages never have."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        own = dict(attributes)
        if (tag == "img" and own.get("src") == "x") or (tag == "script" and not own.get("src") and "type" not in own):
            self.found.append(tag)
        self.found += [name for name in own if name.startswith("on")]


@pytest.fixture
def case():
    """Whatever can be typed about a case is hostile."""
    stationery()
    bodies = [MunicipalityFactory(name=f"Ort {MARKUP}"), *MunicipalityFactory.create_batch(2)]
    cooperation = CooperationFactory(title=HOSTILE[:200], purpose=HOSTILE, participants=bodies)
    case = case_in("drafted", cooperation=cooperation, note=HOSTILE, few_participants_reason=HOSTILE)
    case.participants[0].resolution.delete()
    ResolutionFactory(participant=case.participants[0], number=HOSTILE[:60], wording=HOSTILE)
    CorrectionRequestFactory(application=case).items.create(text=HOSTILE)
    FileNoteFactory(application=case, text=HOSTILE)
    HearingFactory(application=case, by=case.clerk, reasons=HOSTILE)
    return Application.objects.get(pk=case.pk)


def test_pages_show_it_and_run_nothing(client, case):
    person = member_of(case.lead, user__first_name=MARKUP, user__last_name=TEMPLATE)
    answers = {}
    client.force_login(UserFactory(is_superuser=True, last_name=MARKUP))
    for name in ("change", "timeline", "edit"):
        answers[name] = client.get(reverse(f"admin:applications_application_{name}", args=[case.pk]))
    answers["list"] = client.get(reverse("admin:applications_application_changelist"), {"q": "script"})
    client.force_login(case.clerk)
    answers["front page"] = client.get(reverse("admin:index"))
    client.force_login(person)
    answers["portal"] = client.get(reverse("portal:start"))
    answers["portal case"] = client.get(reverse("portal:case", args=[case.uuid]))

    pages = {name: response.content.decode() for name, response in answers.items()}
    assert {name: Tags(page).found for name, page in pages.items()} == {name: [] for name in pages}
    assert [name for name, page in pages.items() if "&lt;script&gt;" not in page] == []
    assert [name for name, page in pages.items() if "49{" in page or ("$x$ \\" not in page and name == "change")] == []


def test_search_asks_for_the_words_and_nothing_else(client, case):
    case_in("drafted", cooperation__title="Anderes Vorhaben")
    client.force_login(UserFactory(is_superuser=True))
    address = reverse("admin:applications_application_changelist")

    numbers = {
        text: client.get(address, {"q": text}).context["cl"].result_count
        for text in ("1=1 --", "%", "_", "'; DROP TABLE applications_application; --", "Anderes")
    }

    assert numbers == {
        "1=1 --": 1,
        "%": 1,
        "_": 0,
        "'; DROP TABLE applications_application; --": 0,
        "Anderes": 1,
    }


@pytest.mark.parametrize("title", [HEADER, f"{MARKUP} {TEMPLATE}"])
def test_mail_has_one_subject_and_no_markup_of_others(title, django_capture_on_commit_callbacks):
    case = case_in("drafted", cooperation__title=title)
    member_of(case.lead)

    with django_capture_on_commit_callbacks(execute=True):
        workflow.take(case, "collect_resolutions", by=case.clerk)
    (mail,) = Email.objects.all()
    sent = mail.prepare_email_message().message()

    assert sent.keys().count("Subject") == 1
    assert "Bcc" not in sent
    assert "\n" not in mail.subject
    assert mail.html_message == ""
    assert (TEMPLATE in mail.message) == (TEMPLATE in title)


def test_letter_prints_what_was_typed(case):
    letter = notices.issue(
        case, LetterKind.RECEIPT, by=case.clerk, recipient=[f"Magistrat {MARKUP}", '#panic("y")', "64625 A"]
    )
    text = " ".join(pdf_reading.lines(notices.content(letter)))

    assert '#panic("x")' in text.replace("“", '"').replace("„", '"')
    assert "<script>alert(2)</script>" in text
    assert "{{ 7*7 }}" in text


@pytest.mark.parametrize("title", ["=1+1", "@SUM(A1)", "+49", "-1", "\t=1", '"; =1', "a\r\n=1"])
@pytest.mark.parametrize("number", ["0", "1"])
def test_no_cell_of_an_export_is_a_formula(client, title, number):
    body = MunicipalityFactory(name=title.strip() or "x")
    case_in("drafted", cooperation__title=title, cooperation__participants=[body, *MunicipalityFactory.create_batch(2)])
    client.force_login(UserFactory(is_superuser=True))
    address = reverse("admin:applications_application_export")

    content = client.post(address, {"format": number, "resource": "0", "export_items": ["1"]}).content
    cells = [cell for row in _rows(content) for cell in row if isinstance(cell, str)]

    assert len(cells) > 20
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def _rows(content):
    if content.startswith(b"PK"):
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
        return list(sheet.iter_rows(values_only=True))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
