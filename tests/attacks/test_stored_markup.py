"""Every text of every model is hostile; every page, mail, letter and table that reads it shows it as text."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from post_office.models import Email

from applications import notices, workflow
from applications.letter_kinds import LetterKind
from applications.models import Application, TextBlockVersion
from ikz import clock
from municipalities.models import RegisterImport
from tests.applications import pdf_reading
from tests.attacks.hostile_records import Page, make_hostile
from tests.factories import (
    CorrectionRequestFactory,
    OpinionFactory,
    ParticipantFactory,
    UserFactory,
    answers_for,
    case_in,
    decider,
)
from tests.municipal_people import member_of
from tests.route_examples import example, examples
from tests.route_rights import GET
from tests.stationery import HearingFactory, stationery
from tests.test_routes import PEOPLE

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_every_database]

# What no page of the examples shows, and why.
SHOWN_NOWHERE = {
    "applications.FieldChange.changes_text",  # of the library; not read
    "applications.FieldChange.additional_data",
    "applications.Notice.data",  # in the letter alone
    "applications.Revocation.reason",
    "applications.Revocation.legal_basis",
    "applications.Entry.findings",  # evidence, for whoever reads the database
    "applications.Entry.data",
    "applications.Letterhead.postal_code",  # too short for a number
    "municipalities.Municipality.postal_code",
}


def happenings(case):
    """What happens seldom and leaves a text."""
    person = case.clerk
    ParticipantFactory(cooperation=case.cooperation, left_on=date(2026, 8, 1), left_reason="Kein Bedarf.")
    OpinionFactory(application=case, name="Landrat", received_on=None, waived_reason="Eilt.")
    HearingFactory(application=case, by=person, answer="Nein.", answered_on=date(2026, 8, 1))
    closed = {"closed_at": clock.now(), "closed_by": person, "closing_note": "Erledigt."}
    CorrectionRequestFactory(application=case, **closed)
    case.judgements.create(rule="substantial_part_of_task", answer=True, reason="Ja.", by=person)
    letter = notices.issue(case, LetterKind.RECEIPT, by=person, recipient=["Magistrat", "64625 A"])
    voided = notices.void(letter, by=person, reason="Irrtum.")
    RegisterImport.objects.update(findings=[{"messages": ["Zeile 2: kein Schlüssel."]}])
    return {"a letter that does not hold": reverse("admin:applications_notice_change", args=[voided.pk])}


def readers():
    """letter → the pages that this person reads: each page for somebody in the ministry, and somebody outside."""
    of = {}
    for letters, names in GET.items():
        inside = next((each for each in "SBHT" if each in letters), "")
        outside = next((each for each in "LPA" if each in letters), "")
        for who in {inside, outside} - {""} or {"superuser"}:
            of.setdefault(who, []).extend(names)
    return of


def page_of(client, address):
    response = client.get(address)
    if response.streaming:
        b"".join(response.streaming_content)
    is_page = response.status_code == 200 and "html" in response.headers["Content-Type"]
    return Page(response.content.decode() if is_page else "")


def test_every_page_shows_every_text_as_text():
    ended = {"revoked": case_in("revoked"), "amended": case_in("approved")}
    workflow.take(ended["amended"], "amend", by=decider(), **answers_for(ended["amended"], "amend"))
    arguments = examples()
    case = arguments[0]["application"]
    people = {who: UserFactory(is_superuser=True) if who == "superuser" else PEOPLE[who](case) for who in readers()}
    addresses = {name: example(name, arguments) for names in GET.values() for name in names}
    more = happenings(case) | {
        name: reverse("admin:applications_application_change", args=[each.pk]) for name, each in ended.items()
    }
    numbers, refused = make_hostile()
    raw, seen = {}, set()

    for who, names in readers().items():
        client = Client()
        client.force_login(people[who])
        for name in [*names, *more] if who == "S" else names:
            page = page_of(client, (addresses | more)[name])
            raw |= {(who, name): page.raw} if page.raw else {}
            seen |= page.numbers

    assert raw == {}
    assert refused == set()
    assert {name for number, name in numbers.items() if number not in seen} == SHOWN_NOWHERE


# ── what leaves the program ───────────────────────────────────────────────────────────────────────────────────────────

IN_A_BLOCK = '=\'><xss onxss="1"> #panic("x") $x$ \\ <c> {{vorhaben}}'  # a block with another placeholder is refused


@pytest.fixture
def hostile_case():
    """A case that waits for its decision, with everything that is typed about it hostile."""
    stationery()
    case = case_in("checked")
    person = member_of(case.lead)
    make_hostile()
    type(person).objects.filter(pk=person.pk).update(email="person@example.org")
    TextBlockVersion._base_manager.update(text=IN_A_BLOCK)
    return Application.objects.with_case().get(pk=case.pk)


def test_letters_print_every_text(hostile_case):
    kinds = (LetterKind.RECEIPT, LetterKind.WITHDRAWAL)

    letters = [
        notices.issue(hostile_case, kind, by=hostile_case.clerk, recipient=[f"{kind} #panic(<xss>)", "64625 A"])
        for kind in kinds
    ]

    for letter in letters:
        text = " ".join(pdf_reading.lines(notices.content(letter)))
        assert '#panic("x") $x$ \\ <c>' in text.replace("“", '"').replace("„", '"')
        assert f"{letter.kind} #panic(<xss>)" in text
        assert "{{7*7}}{%x%}" in text


def test_mails_have_no_markup_and_headers_of_ours(hostile_case, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        workflow.take(hostile_case, "reject", by=decider(), **answers_for(hostile_case, "reject"))
    mails = [mail.prepare_email_message().message() for mail in Email.objects.all()]

    assert len(mails) > 0
    assert {(mail["Bcc"], mail.get_content_type()) for mail in mails} == {(None, "text/plain")}
    assert [mail for mail in mails if "{{7*7}}{%x%}" not in mail.get_payload(decode=True).decode()] == []


@pytest.mark.parametrize("name", ["applications_application", "municipalities_municipality"])
@pytest.mark.parametrize("file_format", ["0", "1"])
def test_tables_hold_cells_and_no_formula(client, hostile_case, name, file_format):
    client.force_login(UserFactory(is_superuser=True))

    content = client.post(reverse(f"admin:{name}_export"), {"format": file_format, "resource": "0"}).content
    cells = [cell for row in rows_of(content) for cell in row if isinstance(cell, str)]

    assert len([cell for cell in cells if "<xss" in cell]) > 0
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def rows_of(content):
    if content.startswith(b"PK"):
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
        return list(sheet.iter_rows(values_only=True))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
