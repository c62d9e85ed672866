"""Deleting a file: only after the years of keeping, after the Landesarchiv's answer, and by a second person.

The duty to offer comes from the Hessisches Archivgesetz, the duty to delete from what the data were for (DSGVO Art. 5
Abs. 1 Buchst. e). What stays is the record (Deletion); it names nobody.
"""

from auditlog.context import disable_auditlog
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from post_office.models import Email

from applications import due_dates, tidying
from applications.models import (
    Agreement,
    Application,
    ArchiveAnswer,
    Cooperation,
    CorrectionItem,
    CorrectionRequest,
    DateFacts,
    Decision,
    Deletion,
    DocumentView,
    Entry,
    FieldChange,
    FileNote,
    Hearing,
    Judgement,
    Message,
    Notice,
    Opinion,
    Participant,
    Payment,
    PaymentOrder,
    Resolution,
    Revocation,
    Signature,
    StoredFile,
    UsageReport,
)
from applications.permissions import DECIDE, needs
from ikz import clock

# What belongs to a file → how its rows lead to the case; the children before what they hang on.
PARTS = (
    (Message, "application"),
    (DocumentView, "file__application"),
    (UsageReport, "application"),
    (Hearing, "application"),
    (Revocation, "decision__application"),
    (Decision, "application"),
    (Payment, "application"),
    (Judgement, "application"),
    (FileNote, "application"),
    (DateFacts, "application"),
    (CorrectionItem, "request__application"),
    (CorrectionRequest, "application"),
    (Opinion, "application"),
    (Signature, "agreement__cooperation__application"),
    (Agreement, "cooperation__application"),
    (Resolution, "participant__cooperation__application"),
    (Notice, "application"),
    (StoredFile, "application"),
    (ArchiveAnswer, "application"),
    (FieldChange, "application"),
    (Entry, "application"),
    (Application, "pk"),
)


class NotDeleted(Exception):
    """The file stays; the text is the German sentence of why."""


def kept_until(application):
    """The last day of keeping, or None while the case runs."""
    facts = application.facts_of_dates
    return facts.ended_on and due_dates.retention_ends(facts.ended_on, facts.retention_years)


def is_to_be_offered(application) -> bool:
    """Whether the years of keeping are over."""
    return (last := kept_until(application)) is not None and last < clock.today()


def why_not(application, by) -> str | None:
    """The sentence of why this person may not delete this file now, or None."""
    if refusal := needs(DECIDE)(application, by) or _why_kept(application) or _why_unanswered(application):
        return refusal
    if application.archive_answer.recorded_by == by:
        return (
            "Vier-Augen-Prinzip: Sie haben die Antwort des Landesarchivs eingetragen. Löschen muss eine andere Person."
        )
    if later := application.later_cases.order_by("file_number").first():
        return f"Der Fall {later.file_number} schließt an diesen an. Bitte löschen Sie zuerst dessen Akte."
    return None


def _why_kept(application) -> str | None:
    if not application.has_ended:
        return "Der Fall läuft noch. Gelöscht werden nur Akten, deren Aufbewahrung abgelaufen ist."
    if not is_to_be_offered(application):
        return f"Die Akte ist noch bis zum {kept_until(application):%d.%m.%Y} aufzubewahren."
    return None


def _why_unanswered(application) -> str | None:
    answer = application.archive_answer_or_none
    if answer is None:
        return (
            "Die Antwort des Landesarchivs fehlt. Bitte bieten Sie die Akte an; die Antwort trägt die Rolle "
            "Sachbearbeitung ein."
        )
    if answer.answered_on <= kept_until(application):
        return "Das Landesarchiv hat vor dem Ende der Aufbewahrung geantwortet. Bitte bieten Sie die Akte erneut an."
    if answer.awaits_handover:
        return "Das Landesarchiv übernimmt die Akte. Bitte übergeben Sie sie und tragen Sie den Tag ein."
    return None


def delete_file(application, *, by) -> Deletion:
    """Delete everything of the case, all or nothing. The documents leave the store after the commit.

    Raises NotDeleted. A document that another case holds, too, stays for that one. What a dying process leaves in the
    store is swept with the next day's work (tidying.py).
    """
    with transaction.atomic():
        application = _held(application)
        if refusal := why_not(application, by):
            raise NotDeleted(refusal)
        deletion = _record(application)
        names = set(StoredFile.objects.filter(application=application).values_list("file", flat=True))
        with disable_auditlog():  # it would write down what is just being forgotten
            _delete_rows(application)
        transaction.on_commit(lambda: _empty_the_store(names), robust=True)
    return deletion


def _empty_the_store(names):
    tidying.remove_unheld(names, older_than_seconds=settings.IKZ_TIDY_AFTER_SECONDS)


def _held(application):
    try:
        return Application.objects.locked(application.pk)
    except Application.DoesNotExist as gone:
        raise NotDeleted("Die Akte ist schon gelöscht.") from gone


def _record(application) -> Deletion:
    answer, decision = application.archive_answer, application.decision
    in_the_books = decision and decision.budget_id
    return Deletion.objects.create(
        application_key=application.pk,
        file_number=application.file_number,
        variant=application.variant,
        last_state=application.state,
        ended_on=clock.day_of(application.state_since),
        kept_until=kept_until(application),
        verdict=answer.verdict,
        answered_on=answer.answered_on,
        reference=answer.reference,
        documents=application.files.count(),
        seals=[[at.isoformat(), digest] for at, digest in _seals(application)],
        budget=decision.budget if in_the_books else None,
        bound=decision.bound if in_the_books else None,
        is_paid=application.paid_at is not None,
        decided_in=clock.day_of(decision.decided_at).year if decision else None,
        deleted_on=clock.today(),
    )


def _seals(application):
    return Entry.objects.filter(application=application).order_by("sequence").values_list("at", "hash")


def _delete_rows(application):
    mails = list(Message.objects.filter(application=application).values_list("email", flat=True))
    orders = list(Payment.objects.filter(application=application).values_list("order", flat=True))
    cooperation = application.cooperation_id
    for model, path in PARTS:
        _delete(model, **{path: application.pk})
    _delete(Participant, cooperation=cooperation)
    _delete(Cooperation, pk=cooperation)
    _delete(PaymentOrder, pk__in=orders, payments=None)
    Email.objects.filter(pk__in=mails).delete()


def _delete(model, **which):
    """Rows and what was noted about their fields. Newest first and one by one: a letter may refer to an earlier one."""
    keys = list(model._base_manager.filter(**which).order_by("-pk").values_list("pk", flat=True))
    _forget(model, keys)
    for key in keys:
        # What refuses to be deleted (Entry, Notice) refuses it in its own queryset; here the whole file goes.
        models.QuerySet(model).filter(pk=key).delete()


def _forget(model, keys):
    about = {"content_type": ContentType.objects.get_for_model(model)}
    FieldChange.objects.filter(**about, object_pk__in=[str(key) for key in keys]).delete()
    LogEntry.objects.filter(**about, object_id__in=[str(key) for key in keys]).delete()
