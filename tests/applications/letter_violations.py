"""What must never be true of letters and text blocks, done past all forms (see test_constraints.py)."""

from datetime import UTC, date, datetime

from django.db import models

from applications.models import Hearing, Notice, TextBlock, TextBlockVersion
from tests.factories import StoredFileFactory
from tests.report_factories import UsageReportFactory

NOW = datetime(2026, 10, 1, tzinfo=UTC)


def _letter(case, code="A", kind="grant", **fields):
    """A row as the database takes it, without the typesetting."""
    notice = Notice(
        application=case,
        kind=kind,
        subject="Zuwendung",
        file_number=case.file_number,
        code=code,
        dated_on=date(2026, 10, 1),
        file=StoredFileFactory(application=case),
        issued_by=case.clerk,
        issued_at=NOW,
        **fields,
    )
    models.Model.save(notice, force_insert=True)
    return notice


def _letter_with(**fields):
    return lambda case: _letter(case, **fields)


def _two_of_a_kind(case):
    _letter(case)
    _letter(case, code="B")


def _revoked(**fields):
    """A revocation of an approved case, written past its step."""

    def violate(case):
        whole = {"amount": 1000, "repayment": 0, "reason": "x", "legal_basis": "x", "revoked_by": case.clerk}
        case.decision.revocations.create(**{**whole, "revoked_at": NOW, **fields})

    return violate


def _replaced_twice(case):
    first = _letter(case)
    _letter(case, code="B", refers_to=first)
    _letter(case, code="C", refers_to=first)


def _about_itself(case):
    notice = _letter(case)
    models.QuerySet(Notice).filter(pk=notice.pk).update(refers_to=notice.pk)


def _version(**fields):
    def insert(case):
        block, _created = TextBlock.objects.get_or_create(key="kuerzel", kind="grant", title="Anrede")
        TextBlockVersion.objects.create(block=block, number=1, text="Guten Tag")
        TextBlockVersion.objects.create(block=block, **{"number": 2, "text": "Guten Morgen"} | fields)

    return insert


def _answered_without_words(case):
    Hearing.objects.create(
        application=case,
        intention="refuse",
        reasons="Zu spät.",
        due_on=date(2026, 11, 1),
        notice=_letter(case, kind="hearing"),
        answered_on=date(2026, 10, 20),
    )


LETTER_VIOLATIONS = {
    "usage_report_judged_by_and_at": ("paid", lambda case: UsageReportFactory(application=case, verdict="accepted")),
    "usage_report_objection_says_why": (
        "paid",
        lambda case: UsageReportFactory(application=case, accepted_by=case.clerk, verdict="objected"),
    ),
    "revocation_of_some_amount": ("approved", _revoked(amount=0)),
    "revocation_repays_no_more_than_it_revokes": ("approved", _revoked(repayment=1001, due_on=date(2026, 12, 1))),
    "revocation_repayment_has_a_due_date": ("approved", _revoked(repayment=1)),
    "revocation_interest_has_its_days": ("approved", _revoked(interest=1)),
    "revocation_repaid_by_and_at": ("approved", _revoked(repaid_on=date(2026, 12, 1))),
    "hearing_answer_and_its_day": ("drafted", _answered_without_words),
    "notice_correction_names_what_it_corrects": ("drafted", _letter_with(kind="correcting")),
    "notice_not_about_itself": ("drafted", _about_itself),
    "notice_one_per_case": ("drafted", _two_of_a_kind),
    "notice_replaced_once": ("drafted", _replaced_twice),
    "notice_sent_says_how": ("drafted", _letter_with(posted_on=date(2026, 10, 1))),
    "notice_voided_by_and_at": ("drafted", _letter_with(voided_at=NOW)),
    "text_block_version_not_empty": ("drafted", _version(text="")),
    "text_block_version_once": ("drafted", _version(number=1)),
}
