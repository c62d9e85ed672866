"""No filter of a list that grows with the cases looks at every row: PostgreSQL says so of 20,000, of which each shows a few.

Nor does anybody who asks every few seconds what waits look at every document.
"""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import factory
import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications import deadlines, notices
from applications.admin.case_filters import CASE_FILTERS
from applications.letter_kinds import LetterKind
from applications.models import Application, Cooperation, Entry, Message, Notice, Participant, StoredFile
from applications.models.notice import Delivery
from applications.models.stored_file import Purpose, Scan
from municipalities.models import Kind, Municipality
from tests.factories import (
    ApplicationFactory,
    CooperationFactory,
    CorrectionRequestFactory,
    FileNoteFactory,
    MunicipalityFactory,
    OpinionFactory,
    StoredFileFactory,
    case_in,
    clerk,
    decider,
)
from tests.municipal_people import MessageFactory, member_of, officer_of
from tests.programme_factories import TaskFieldFactory
from tests.stationery import stationery

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="Nur PostgreSQL sagt, wie es sucht."),
]
COPIES = 20_000
LOOKS_AT_ALL = "Seq Scan on applications_application"
# Choices of the case list that read every case, because nearly every case of the crowd is one of them.
FIND_THE_CROWD = {
    "state=withdrawn": "the crowd is withdrawn",
    "turn=nobody": "of a withdrawn case nobody owes a move",
    "variant=standard": "the crowd has the usual variant",
    "region=065": "the crowd is of one Regierungsbezirk of three",
    "year=2019": "the crowd was received in this year",
}


def copy(model, **changed):
    """Copy the newest row; `changed`: column → SQL of what differs, where `n` counts the copies."""
    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields]
    values = [changed.get(each, f"t.{each}") for each in columns]
    command = (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} t, "  # noqa: S608
        f"generate_series(1, {COPIES}) n WHERE t.id = (SELECT max(id) FROM {table})"
    )
    with connection.cursor() as cursor:
        cursor.execute(command)


def crowd(make=ApplicationFactory):
    """So many cases of other people, of a Kreis that nobody asks for, with as many fields as there are.

    The bodies are more than there are: PostgreSQL expects the cases to be spread over them, and so many of the one that
    is asked for. With 400 its two ways cost nearly the same, and what other tests left in the tables decided.
    """
    Municipality.objects.bulk_create(
        MunicipalityFactory.build(ags=f"06{534 + number // 1000}{number % 1000:03d}") for number in range(2000)
    )
    TaskFieldFactory.create_batch(27, code=factory.Sequence("feld-{}".format))
    bodies = MunicipalityFactory.create_batch(2)
    make(
        by=clerk(),
        received_on=date(2019, 3, 1),
        cooperation=CooperationFactory(participants=bodies, task_field=TaskFieldFactory(code="vieles")),
    )
    copy(Cooperation, id="t.id + n")
    copy(Participant, id="t.id + n", cooperation_id="t.cooperation_id + n")
    file_number, key = "'IKZ-2019-' || (10000 + n)", "gen_random_uuid()"
    copy(Application, id="t.id + n", cooperation_id="t.cooperation_id + n", file_number=file_number, uuid=key)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_no_filter_looks_at_every_case():
    today = timezone.localdate()
    me, other = clerk(), decider()
    far = MunicipalityFactory(ags="06999001")
    mine = ApplicationFactory(by=me, cooperation=CooperationFactory(participants=[far, MunicipalityFactory()]))
    CorrectionRequestFactory(application=mine, due_on=today - timedelta(days=1))
    officer = officer_of(OpinionFactory(application=mine))
    case_in("checked", by=me)
    done = case_in("completed", by=me)
    member = member_of(far)
    crowd()

    seen = Application.objects.visible_to(me)
    plans = {
        "state": seen.filter(state="checked"),
        "clerk": seen.filter(clerk=me),
        "worklist of a clerk": seen.worklist_of(me),
        "worklist of a decider": seen.worklist_of(other),
        "open correction": seen.with_open_correction(),
        "overdue correction": seen.overdue(today),
        "something is due": deadlines.with_a_day_between(seen, date.min, today - timedelta(days=1)),
        "task field": seen.filter(cooperation__task_field__code=mine.cooperation.task_field.code),
        "Kreis": seen.located_in("06999"),
        "received in a year": seen.filter(received_on__year=2018),
        "decided in a year": seen.decided_in(timezone.localtime(done.approved_at).year),
        "file number": seen.searched_for([mine.file_number]),
        "of the same kind": seen.of_the_same_kind(mine),
        "a municipality": Application.objects.visible_to(member),
        "an office": Application.objects.visible_to(officer),
    }

    assert Application.objects.count() > COPIES
    assert LOOKS_AT_ALL in seen.filter(note="x").explain()  # a search that has no index looks so
    assert [name for name, found in plans.items() if LOOKS_AT_ALL in found.order_by().values("pk").explain()] == []


def test_no_choice_of_the_case_list_looks_at_every_case(rf):
    """Every value that every filter offers, among years of cases that are over."""
    request = rf.get("/")
    request.user = clerk()
    kreis = MunicipalityFactory(ags="06999000", kind=Kind.DISTRICT)
    ApplicationFactory(by=request.user, cooperation=CooperationFactory(participants=[kreis, MunicipalityFactory()]))
    case_in("completed", by=request.user)
    crowd(partial(case_in, "withdrawn"))
    cases, seen = admin.site.get_model_admin(Application), Application.objects.visible_to(request.user)

    offered = {each: each(request, {}, Application, cases).lookup_choices for each in CASE_FILTERS}
    plans = {
        f"{each.parameter_name}={value}": each(request, {each.parameter_name: [value]}, Application, cases)
        .queryset(request, seen)
        .order_by()
        .values("pk")
        .explain()
        for each, choices in offered.items()
        for value, _label in choices
    }

    assert Application.objects.count() > COPIES
    assert [each for each, choices in offered.items() if not choices] == []
    assert {name for name, plan in plans.items() if LOOKS_AT_ALL in plan} == set(FIND_THE_CROWD)


def test_what_is_awaited_is_found_without_what_is_over():
    """Answered opinions, closed requests, notes that are done and sent letters stay by the thousand; what falls due is read by its day."""
    stationery()
    today = timezone.localdate()
    late = {"due_on": today - timedelta(days=1)}
    case = ApplicationFactory()
    waiting = [
        CorrectionRequestFactory(application=ApplicationFactory(), **late),
        OpinionFactory(application=ApplicationFactory(), received_on=None, recommendation="", **late),
        FileNoteFactory(application=ApplicationFactory(), follow_up_on=late["due_on"]),
    ]
    over = [
        CorrectionRequestFactory(application=case, closed_by=case.clerk, closed_at=timezone.now(), **late),
        OpinionFactory(application=case, **late),
        FileNoteFactory(application=case, follow_up_on=late["due_on"], is_done=True),
        _sent_letter(case),
    ]
    copy(StoredFile, id="t.id + n", uuid="gen_random_uuid()")
    granted = {"kind": "'amendment'", "code": "'K' || n", "file_id": "t.file_id + n", "dated_on": "date '2019-01-01'"}
    for row, changed in zip(over, ({}, {"name": "'Amt ' || n"}, {}, granted), strict=True):
        copy(type(row), id="t.id + n", **changed)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    due = deadlines.with_a_day_between(Application.objects.visible_to(case.clerk), date.min, today)
    plan = due.explain()

    assert set(due) == {row.application for row in waiting}
    assert [row._meta.db_table for row in over if f"Seq Scan on {row._meta.db_table}" in plan] == []


def _sent_letter(case):
    letter = notices.issue(case, LetterKind.RECEIPT, by=case.clerk, recipient=["Stadt A", "64625 A"])
    notices.record_dispatch(letter, delivery=Delivery.POST, posted_on=timezone.localdate())
    return letter


def _letters(case):
    _sent_letter(case)
    others = {"kind": "'reminder'", "delivery": "''", "posted_on": "NULL", "dated_on": "date '2019-01-01'"}
    copy(StoredFile, id="t.id + n", uuid="gen_random_uuid()")
    copy(Notice, id="t.id + n", code="'K' || n", file_id="t.file_id + n", **others)


def _messages(case):
    MessageFactory(application=case, event="step")
    MessageFactory(application=case)
    copy(Message, id="t.id + n", key="'k' || n")


def _documents(case):
    StoredFileFactory(application=case, purpose=Purpose.OPINION)
    StoredFileFactory(application=case, scan=Scan.INFECTED, scan_detail="Eicar")
    StoredFileFactory(application=case)
    copy(StoredFile, id="t.id + n", uuid="gen_random_uuid()")


def _entries(case):
    copy(Entry, id="t.id + n", sequence="t.sequence + n", at="timestamptz '2019-01-01'")


# list → how it grows, and what its filters ask for: a few rows of very many.
GROWING = {
    "notice": (_letters, [{"kind": "receipt"}, {"delivery": "post"}, {"dated_on__gte": "2026-01-01"}]),
    "message": (_messages, [{"event": "step"}]),
    "storedfile": (_documents, [{"purpose": "opinion"}, {"scan": "infected"}]),
    "entry": (_entries, [{"at__gte": datetime(2026, 1, 1, tzinfo=UTC)}]),
}


@pytest.mark.parametrize("name", GROWING)
def test_no_filter_of_a_growing_list_looks_at_every_row(rf, name):
    """The rows of the page, the newest first, as the list of the admin asks for them."""
    grow, filters = GROWING[name]
    stationery()
    grow(ApplicationFactory())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    model = apps.get_model("applications", name)
    looks_at_all = f"Seq Scan on {model._meta.db_table}"
    request = rf.get("/")
    request.user = clerk()

    rows = admin.site.get_model_admin(model).get_queryset(request).order_by("-pk")

    assert model.objects.count() > COPIES
    assert looks_at_all in model.objects.filter(pk__gt=0).order_by().explain()  # without a limit it looks so
    assert [each for each in filters if looks_at_all in rows.filter(**each)[:100].explain()] == []


def explained(sql):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize("clamd", ["", "127.0.0.1:3310"])
def test_whoever_asks_what_waits_for_the_scanner_looks_at_no_other_document(settings, clamd):
    settings.IKZ_CLAMD = clamd
    case = ApplicationFactory()
    waiting = [StoredFileFactory(application=case, scan=Scan.PENDING) for _ in range(3)]
    asked_for = StoredFileFactory(application=case, scan=Scan.CLEAN)
    StoredFile.objects.filter(pk=asked_for.pk).ask_for_scan(by=case.clerk)
    StoredFileFactory(application=case, scan=Scan.CLEAN, scanned_at=timezone.now())
    copy(StoredFile, id="t.id + n", uuid="gen_random_uuid()")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    due = StoredFile.objects.due_for_scan(timezone.now())
    with CaptureQueriesContext(connection) as queries:
        StoredFile.objects.scan_awaited_since()
    requested = StoredFile.objects.awaiting_requested_scan().order_by("-pk")[:100]
    plans = [due[:20].explain(), explained(queries[0]["sql"]), requested.explain()]

    assert StoredFile.objects.count() > COPIES
    assert list(due) == [*waiting, asked_for][: 4 if clamd else 3]
    assert ["stored_file_awaits_scan" in plan for plan in plans] == [True] * 3
