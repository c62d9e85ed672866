"""Deleting a file after its time: who may, what goes, what stays."""

from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from applications import disposal, notices
from applications.evidence import anchor
from applications.letter_kinds import LetterKind
from applications.models import (
    Application,
    ArchiveAnswer,
    Budget,
    Cooperation,
    Deletion,
    DocumentView,
    Entry,
    FieldChange,
    Message,
    Participant,
)
from tests.disposal_factories import DeletionFactory, answer, answered_case, documents_of, ended_long_ago
from tests.factories import (
    CorrectionRequestFactory,
    FileNoteFactory,
    case_in,
    clerk,
    decider,
    treasurer,
)
from tests.municipal_people import MembershipFactory
from tests.stationery import HearingFactory, stationery

pytestmark = pytest.mark.django_db
SECRET = "Bauhof Geheimtal"  # stands wherever a person can type


def _full_file():
    """A case with a row of nearly every kind, most of which name people or tell secrets."""
    case = answered_case()
    Cooperation.objects.filter(pk=case.cooperation_id).update(title=SECRET, purpose=SECRET)
    MembershipFactory(municipality=case.lead)
    FileNoteFactory(application=case, text=SECRET)
    case.opinions.update(text=SECRET)
    request = CorrectionRequestFactory(application=case, requested_by=case.clerk)
    request.items.create(text=SECRET)
    stationery()
    first = notices.issue(case, LetterKind.RECEIPT, by=case.clerk, recipient=[SECRET, "64625 Bensheim"])
    HearingFactory(application=case, by=case.clerk)
    DocumentView.objects.create(file=first.file, by=case.clerk, way="shown")
    case.cooperation.title = f"{SECRET} am Berg"
    case.cooperation.save()  # noted by auditlog
    Message.objects.announce(case, "hand_in", key="test", by=None)
    LogEntry.objects.create(
        user=case.clerk,
        content_type_id=_content_type(Application),
        object_id=str(case.pk),
        object_repr=SECRET,
        action_flag=2,
    )
    return Application.objects.with_case().get(pk=case.pk)


def _content_type(model):
    return apps.get_model("contenttypes.ContentType").objects.get_for_model(model).pk


def _everything():
    """All that the database holds: model → its rows as text."""
    return {model.__name__: str(list(model._base_manager.order_by("pk").values())) for model in apps.get_models()}


def _where(text):
    return {name for name, rows in _everything().items() if text in rows}


# ── What goes, what stays ─────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_of_the_file_is_left(executed):
    case = _full_file()
    other = case_in("paid")
    names = set(documents_of(case)) - set(other.files.values_list("file", flat=True))
    documents = case.files.count()
    assert _where(SECRET) >= {
        "Cooperation",
        "FileNote",
        "Opinion",
        "CorrectionItem",
        "Notice",
        "LogEntry",
        "FieldChange",
        "Email",
    }
    assert names
    assert all(default_storage.exists(name) for name in names)
    mails = Email.objects.count()

    deletion = executed(case, decider())

    assert _where(SECRET) == set()
    assert _where(str(case.uuid)) == set()
    assert [name for name in names if default_storage.exists(name)] == []
    assert Email.objects.count() < mails
    assert (deletion.file_number, deletion.documents, deletion.last_state) == (
        case.file_number,
        documents,
        "completed",
    )
    assert Application.objects.get() == other
    assert Participant.objects.exclude(cooperation=other.cooperation).count() == 0
    connection.check_constraints()


def test_record_names_nobody():
    """No field of it can hold a person, a municipality or free text of a case."""
    related = {each.related_model._meta.label for each in Deletion._meta.fields if each.is_relation}
    texts = {each.name for each in Deletion._meta.fields if isinstance(each, models.CharField | models.TextField)}

    assert related == {"applications.Variant", "applications.Budget"}
    assert texts == {"file_number", "last_state", "verdict", "reference"}


def test_every_model_of_a_case_is_deleted_with_it():
    """A new model that hangs on a case must be named in PARTS."""
    case_models = {Application, Cooperation, Participant}
    grown = True
    while grown:
        hang_on_them = {
            model
            for model in apps.get_models()
            for each in model._meta.fields
            if each.is_relation and each.related_model in case_models and model not in case_models
        }
        grown = bool(hang_on_them)
        case_models |= hang_on_them

    assert case_models - {Cooperation, Participant} == {model for model, _path in disposal.PARTS}


def test_parts_are_deleted_before_what_they_hang_on():
    order = [model for model, _path in disposal.PARTS]
    wrong = [
        (model.__name__, each.related_model.__name__)
        for model in order
        for each in model._meta.fields
        if each.is_relation and each.related_model in order[: order.index(model)]
    ]

    assert wrong == []


def test_anchors_of_every_day_stay_the_same(executed):
    case, today = _full_file(), timezone.localdate()
    case_in("approved")
    days = [today - timedelta(days=1), today]
    before = [anchor(day) for day in days]

    executed(case, decider())

    out = StringIO()
    call_command("verify_history", stdout=out)
    assert [anchor(day) for day in days] == before
    assert f"Anker: {before[1]}" in out.getvalue()


def test_changed_record_changes_the_anchor(executed):
    today = timezone.localdate()
    executed(answered_case(), decider())
    before = anchor(today)

    Deletion.objects.update(seals=[])

    assert anchor(today) != before


@pytest.mark.parametrize("state", ["completed", "rejected", "revoked"])
def test_books_still_add_up(executed, state):
    case = answered_case(state)
    case_in("approved")
    before = [(each.committed(), each.paid(), each.left()) for each in Budget.objects.with_books()]
    promised = [each.promised(timezone.localdate().year) for each in Budget.objects.with_books()]

    executed(case, decider())

    assert [(each.committed(), each.paid(), each.left()) for each in Budget.objects.with_books()] == before
    assert [each.promised(timezone.localdate().year) for each in Budget.objects.with_books()] == promised
    assert before[0][0] > 0


def test_record_cannot_be_changed_nor_deleted():
    record = DeletionFactory()

    for act in (record.save, record.delete):
        with pytest.raises(ValidationError):
            act()


def test_history_lets_go_of_deleted_cases_alone():
    kept, deleted = case_in("drafted"), case_in("drafted")
    DeletionFactory(application_key=deleted.pk)

    with pytest.raises(DatabaseError), transaction.atomic():
        models.QuerySet(Entry).filter(application=kept).delete()
    models.QuerySet(Entry).filter(application=deleted).delete()

    assert set(Entry.objects.values_list("application", flat=True)) == {kept.pk}


def test_failure_leaves_the_file_whole(monkeypatch, django_capture_on_commit_callbacks):
    case, by = _full_file(), decider()
    before, names = _everything(), documents_of(case)
    monkeypatch.setattr(disposal, "_forget", _failing_at(Entry))

    with pytest.raises(RuntimeError), django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        disposal.delete_file(case, by=by)

    assert _everything() == before
    assert all(default_storage.exists(name) for name in names)


def _failing_at(which):
    def forget(model, keys):
        if model is which:
            raise RuntimeError

    return forget


# ── Who may, and when ─────────────────────────────────────────────────────────────────────────────────────────────────


def _kept():
    return case_in("completed")


def _taken():
    return answered_case(verdict="taken")


def _handed_over():
    case = _taken()
    given = case.archive_answer
    given.handed_over_on = given.answered_on
    given.save()
    return case


def _answered_early():
    case = ended_long_ago()
    early = disposal.kept_until(case) - timedelta(days=1)
    answer(case, offered_on=early, answered_on=early)
    return Application.objects.with_case().get(pk=case.pk)


def _followed():
    case = answered_case()
    case_in("drafted", earlier_case=case)
    return case


@pytest.mark.parametrize(
    ("make", "by", "sentence"),
    [
        (answered_case, decider, None),
        (_handed_over, decider, None),
        (answered_case, clerk, "Diesen Schritt nimmt die Rolle Bewilligung vor."),
        (answered_case, treasurer, "Diesen Schritt nimmt die Rolle Bewilligung vor."),
        (lambda: case_in("paid"), decider, "Der Fall läuft noch."),
        (_kept, decider, "Die Akte ist noch bis zum 31.12."),
        (ended_long_ago, decider, "Die Antwort des Landesarchivs fehlt."),
        (_taken, decider, "Das Landesarchiv übernimmt die Akte. Bitte übergeben Sie sie"),
        (_answered_early, decider, "Das Landesarchiv hat vor dem Ende der Aufbewahrung geantwortet."),
        (_followed, decider, "schließt an diesen an."),
    ],
)
def test_who_may_delete_when(make, by, sentence):
    case, person = make(), by()

    refusal = disposal.why_not(case, person)

    assert refusal is None if sentence is None else sentence in refusal
    if sentence:
        with pytest.raises(disposal.NotDeleted, match="^" + refusal[:20]):
            disposal.delete_file(case, by=person)
        assert Application.objects.filter(pk=case.pk).exists()


def test_who_recorded_the_answer_does_not_delete():
    person = decider()
    case = answered_case(recorded_by=person)

    assert "Vier-Augen-Prinzip" in disposal.why_not(case, person)
    assert disposal.why_not(case, decider()) is None


def test_deleting_twice_is_refused_with_a_sentence(executed):
    case = answered_case()
    executed(case, decider())

    with pytest.raises(disposal.NotDeleted, match=r"^Die Akte ist schon gelöscht\.$"):
        disposal.delete_file(case, by=decider())


# ── In the admin ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _page(case):
    return reverse("admin:applications_application_change", args=[case.pk])


def test_from_the_answer_to_the_record(client):
    case, day = ended_long_ago(), f"{timezone.localdate():%d.%m.%Y}"
    client.force_login(clerk())
    add = reverse("admin:applications_archiveanswer_add") + f"?parent={case.pk}"
    assert add in client.get(_page(case)).content.decode()
    given = {"offered_on": day, "answered_on": day, "verdict": "worthless", "reference": "HLA 12/26", "seen": ""}
    assert client.post(add, given).status_code == 302
    delete = reverse("admin:applications_deletion_delete_file", args=[case.pk])
    assert delete not in client.get(_page(case)).content.decode()
    assert client.post(delete, {"file_number": case.file_number}).status_code == 403

    client.force_login(decider())
    assert delete in client.get(_page(case)).content.decode()
    wrong = client.post(delete, {"file_number": "IKZ-1999-0001"})
    assert f"Bitte geben Sie das Aktenzeichen dieser Akte ein: {case.file_number}." in wrong.content.decode()
    done = client.post(delete, {"file_number": f" {case.file_number.lower()} "}, follow=True)

    assert f"Die Akte {case.file_number} ist gelöscht." in done.content.decode()
    assert "HLA 12/26" in done.content.decode()
    assert client.get(_page(case)).status_code == 404
    assert client.get(delete).status_code == 404


def test_answer_is_entered_only_after_the_years_of_keeping(client):
    case, day = case_in("completed"), f"{timezone.localdate():%d.%m.%Y}"
    client.force_login(clerk())

    page = client.post(
        reverse("admin:applications_archiveanswer_add") + f"?parent={case.pk}",
        {"offered_on": day, "answered_on": day, "verdict": "worthless", "seen": ""},
    )

    assert "Die Aufbewahrung der Akte läuft noch." in page.content.decode()
    assert not ArchiveAnswer.objects.exists()
    assert "Aussonderung" not in client.get(_page(case)).content.decode()


def test_changes_of_the_answer_are_noted_while_the_file_is_there(client):
    case = answered_case()
    client.force_login(person := clerk())
    given = case.archive_answer
    day = f"{given.answered_on:%d.%m.%Y}"
    form = client.get(reverse("admin:applications_archiveanswer_change", args=[given.pk])).context["adminform"].form

    client.post(
        reverse("admin:applications_archiveanswer_change", args=[given.pk]),
        {"offered_on": day, "answered_on": day, "verdict": "taken", "reference": "", "seen": form["seen"].value()},
    )

    given.refresh_from_db()
    assert (given.verdict, given.recorded_by) == ("taken", person)
    assert FieldChange.objects.filter(application=case, actor=person, changes__has_key="verdict").count() == 1
