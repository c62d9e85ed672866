"""Every text of every model is hostile; every page, mail, letter and table that reads it shows it as text."""

import csv
import io
from datetime import date
from email import message_from_bytes
from itertools import product

import openpyxl
import pytest
from django.db.models import CharField, Value
from django.db.models.functions import Concat
from django.test import Client
from django.urls import reverse
from post_office.models import Email

from applications import invitations, notices, workflow
from applications.admin.payments import TABLES
from applications.letter_kinds import LetterKind
from applications.models import Application, Budget, Cooperation, Invitation, Message, PaymentOrder, TextBlockVersion
from applications.notifications import EVENTS
from applications.payment_table import table
from applications.portal.draft_pages import DOWNLOADS
from applications.portal.expenditure_form import ExpenditureTableForm
from ikz import clock
from ikz.models import User
from municipalities import register_findings
from municipalities.models import Municipality, RegisterImport
from municipalities.register_import import RegisterFile, preview
from tests.applications import letter_samples, pdf_reading
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
from tests.municipal_people import InvitationFactory, OfficeMemberFactory, member_of
from tests.municipalities.register_samples import csv_bytes
from tests.payment_factories import order_of, payable_case, paying_account
from tests.route_examples import example, examples
from tests.route_rights import GET
from tests.stationery import HearingFactory, stationery
from tests.test_routes import PEOPLE

pytestmark = pytest.mark.django_db

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
    "ikz.User.case_list_selection",  # an address: it leads to the list
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


TYPED = "#panic(<typed>)"  # about one letter or mail
PLACES = {"reasons": "{{begruendung}}", "about": "{{anlass}}"}  # where a block prints it
HEADER = "\r\nBcc: opfer@example.org"


def waiting_case():
    """Ground to stand on: a case that waits for its decision, with everything that is typed about it hostile."""
    stationery()
    case = case_in("checked")
    person = member_of(case.lead)
    make_hostile()
    type(person).objects.filter(pk=person.pk).update(email="person@example.org")
    TextBlockVersion._base_manager.update(text=IN_A_BLOCK)
    return case.pk


on_hostile_case = pytest.mark.parametrize("ground", [waiting_case], indirect=True, ids=["hostile"])


@pytest.fixture
def hostile_case(built):
    return Application.objects.with_case().get(pk=built)


@on_hostile_case
def test_letters_print_every_text(hostile_case):
    """One of every kind; what whoever writes the letter types about it is hostile as well."""
    missing = []
    for kind in sorted(LetterKind, key=lambda kind: kind == LetterKind.CORRECTING):  # it refers to one of the others
        facts = hostile_facts(kind, hostile_case)
        place = next((place for name, place in PLACES.items() if name in facts), "")
        compulsory = "{{wirkung}}" if kind == LetterKind.REVOCATION else ""
        TextBlockVersion._base_manager.update(text=f"{IN_A_BLOCK} {place} {compulsory}".rstrip())
        recipient = [f"{kind} #panic(<xss>)", "64625 A"]
        letter = notices.issue(hostile_case, kind, by=hostile_case.clerk, recipient=recipient, **facts)
        text = " ".join(pdf_reading.lines(notices.content(letter))).replace("“", '"').replace("„", '"')
        is_typed = "request" in facts or TYPED in str(facts)
        texts = ['#panic("x") $x$ \\ <c>', recipient[0], "{{7*7}}{%x%}", *([TYPED] if is_typed else [])]
        missing += [(kind, each) for each in texts if each not in text]

    assert missing == []


def hostile_facts(kind, case):
    """What the letter says besides the case, with every text of it hostile."""
    facts = letter_samples.facts(kind, case)
    if kind == LetterKind.CORRECTION_REQUEST:
        facts["request"].items.update(text=TYPED)
    if kind == LetterKind.CORRECTING:
        grant = case.notices.get(kind=LetterKind.GRANT)
        return {"refers_to": grant, "corrections": [(TYPED, TYPED)]}
    return {name: TYPED if isinstance(fact, str) else fact for name, fact in facts.items()}


@on_hostile_case
def test_mails_have_no_markup_and_headers_of_ours(hostile_case):
    """The mail of every event, and the invitation; what they name holds a line break and a header behind it."""
    office = hostile_case.opinions.first().office
    member_of(hostile_case.participants[1].municipality)
    OfficeMemberFactory(office=office)
    invitation = InvitationFactory(municipality=hostile_case.lead)
    User.objects.update(
        first_name="Anna" + HEADER, email=Concat(Value("p"), "pk", Value("@example.org"), output_field=CharField())
    )
    Cooperation.objects.update(title="{{7*7}}{%x%}" + HEADER)
    Municipality.objects.update(name="{{7*7}}{%x%}" + HEADER)
    Application.objects.filter(pk=hostile_case.pk).update(file_number="IKZ\r\nBcc: a@b.de")
    case = Application.objects.with_case().get(pk=hostile_case.pk)
    whom = {"participant": case.participants[1], "office": office, "uploader": case.clerk}
    typed = dict.fromkeys(("what", "note", "reason", "finding", "state_label"), TYPED + HEADER)
    typed["names"] = [TYPED + HEADER]
    days = dict.fromkeys(("due_on", "objected_on"), date(2026, 12, 1))

    told = {event: Message.objects.announce(case, event, key=event, **whom, **typed, **days) for event in EVENTS}
    invitations.send(Invitation.objects.get(pk=invitation.pk), by=decider())
    mails = [message_from_bytes(each.email_message().message().as_bytes()) for each in Email.objects.all()]

    assert [event for event, messages in told.items() if not messages] == []
    assert len(mails) == sum(map(len, told.values())) + 1
    assert {(mail["Bcc"], mail.get_content_type(), len(mail.get_all("Subject"))) for mail in mails} == {
        (None, "text/plain", 1)
    }
    bodies = [mail.get_payload(decode=True).decode() for mail in mails]
    assert [body for body in bodies if "{{7*7}}{%x%}" not in body or "Bcc: opfer@example.org" not in body] == []
    subjects = Email.objects.values_list("subject", flat=True)
    assert [each for each in subjects if len(each.splitlines()) != 1] == []


def exported(name, file_format):
    """As the list of the admin writes it."""
    client = Client()
    client.force_login(UserFactory(is_superuser=True))
    number = {"csv": "0", "xlsx": "1"}[file_format]
    return client.post(reverse(f"admin:{name}_export"), {"format": number, "resource": "0"}).content


def payment_list(_case, file_format):
    Budget.objects.all().delete()  # that of the other case; a second one would have to be chosen
    paying_account()
    order = order_of(payable_case())
    make_hostile()
    content = table(PaymentOrder.objects.get(pk=order.pk), TABLES[file_format]())
    return content if isinstance(content, bytes) else content.encode()


def expenditure(case, file_format):
    write, _content_type = DOWNLOADS[file_format]
    person = member_of(case.lead)
    return write(list(ExpenditureTableForm(application=case, user=person).stored_rows().values()))


def findings(_case, _file_format):
    rows = [
        ["AGS", "Name", "Art", "Sitz"],
        ["06431099", "=<xss>", "+<xss>", "@<xss>"],
        ["=<xss>", "-<xss>", "Stadt", ""],
    ]
    return register_findings.as_csv(preview(RegisterFile(csv_bytes(rows), "=<xss>.csv")))


WRITERS = {
    "cases": lambda _case, file_format: exported("applications_application", file_format),
    "register": lambda _case, file_format: exported("municipalities_municipality", file_format),
    "payments": payment_list,
    "expenditure": expenditure,
}


@on_hostile_case
@pytest.mark.parametrize(
    ("write", "file_format"),
    [*product(WRITERS.values(), ("csv", "xlsx")), (findings, "csv")],
    ids=[*map("-".join, product(WRITERS, ("csv", "xlsx"))), "findings-csv"],
)
def test_tables_hold_cells_and_no_formula(hostile_case, write, file_format):
    cells = [cell for row in rows_of(write(hostile_case, file_format)) for cell in row if isinstance(cell, str)]

    assert len([cell for cell in cells if "<xss" in cell]) > 0
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def rows_of(content):
    if content.startswith(b"PK"):
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
        return list(sheet.iter_rows(values_only=True))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
