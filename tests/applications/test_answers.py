"""Answers that a step refuses, with the field that each refusal belongs to."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from applications import workflow
from applications.models import Application, Decision
from tests.factories import UserFactory, case_in, treasurer
from tests.report_factories import UsageReportFactory

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
LONG_AGO = TODAY - timedelta(days=900)
TAKEN_OVER = {"amount": Decimal(20000), "decided_on": LONG_AGO, "reason": "Jahresbericht."}
NOT_FINAL = "Der Bescheid ist noch nicht bestandskräftig. Bitte zahlen Sie erst danach aus."
NOT_HEARD = (
    "Bitte hören Sie die federführende Kommune vor {} an und warten Sie ihre Antwort oder das Ende der Frist ab, oder "
    "begründen Sie, warum keine Anhörung nötig ist (HVwVfG § 28)."
)
NO_AMOUNT = "Bitte geben Sie einen Betrag über 0 € an oder lehnen Sie den Antrag ab."


@pytest.mark.parametrize(
    ("state", "step", "answers", "field", "sentence"),
    [
        ("approved", "pay", {"final_on": None}, "final_on", NOT_FINAL),
        ("approved", "pay", {"final_on": TODAY + timedelta(days=1)}, "final_on", NOT_FINAL),
        (
            "approved",
            "pay",
            {"final_on": TODAY - timedelta(days=1)},
            "final_on",
            "Die Bestandskraft kann nicht vor der Bewilligung eingetreten sein.",
        ),
        ("paid", "complete", {"reason": " "}, "reason", "Bitte halten Sie das Ergebnis der Verwendungsprüfung fest."),
        ("paid", "revoke", {"reason": ""}, "reason", "Bitte begründen Sie den Widerruf (HVwVfG §§ 48, 49)."),
        ("checked", "reject", {"reason": "Zu spät."}, "no_hearing_reason", NOT_HEARD.format("der Ablehnung")),
        ("approved", "revoke", {"reason": "Ende."}, "no_hearing_reason", NOT_HEARD.format("Rücknahme oder Widerruf")),
        ("checked", "approve", {"amount": None, "year": TODAY.year}, "amount", NO_AMOUNT),
        ("checked", "approve", {"amount": Decimal("NaN"), "year": TODAY.year}, "amount", NO_AMOUNT),
        (
            "checked",
            "approve",
            {"amount": Decimal("74999.999"), "year": TODAY.year, "reason": "Genau."},
            "amount",
            "Bitte geben Sie den Betrag mit höchstens zwei Nachkommastellen an.",
        ),
        ("drafted", "take_over", {**TAKEN_OVER, "amount": Decimal(-1)}, "amount", NO_AMOUNT),
        ("drafted", "take_over", {**TAKEN_OVER, "reason": ""}, "reason", "Bitte nennen Sie die Quelle des Altfalls."),
        (
            "drafted",
            "take_over",
            {**TAKEN_OVER, "decided_on": TODAY},
            "decided_on",
            "Ein Altfall wurde entschieden, bevor er hier angelegt wurde.",
        ),
    ],
)
def test_answer_is_refused_and_nothing_is_changed(state, step, answers, field, sentence):
    application = case_in(state)
    if step == "complete":
        UsageReportFactory(application=application, accepted_by=application.clerk)
    before = (application.history.count(), Decision.objects.count())

    with pytest.raises(workflow.AnswerRefused) as refusal:
        workflow.take(application, step, by=UserFactory(is_superuser=True), **answers)

    assert (refusal.value.field, str(refusal.value)) == (field, sentence)
    assert Application.objects.get(pk=application.pk).state == state
    assert (application.history.count(), Decision.objects.count()) == before


def test_a_case_taken_over_keeps_day_and_amount_and_touches_no_budget():
    application, by = case_in("drafted"), UserFactory(is_superuser=True)

    application = workflow.take(application, "take_over", by=by, **TAKEN_OVER)

    decision = Decision.objects.get()
    assert (application.state, application.approved_by, application.taken_over_by) == ("approved", by, by)
    assert (decision.amount, timezone.localdate(decision.decided_at), decision.budget) == (20000, LONG_AGO, None)


@pytest.mark.parametrize(
    ("step", "answers", "sentence"),
    [
        ("pay", {"final_on": TODAY}, "Ein übernommener Altfall wurde schon vor diesem Verfahren ausgezahlt."),
        (
            "undo",
            {"reason": "Versehen."},
            "Ein übernommener Altfall kann nicht zurückgenommen, nur widerrufen werden.",
        ),
    ],
)
def test_a_case_taken_over_is_neither_paid_nor_undone(step, answers, sentence):
    application = case_in("drafted")
    application = workflow.take(application, "take_over", by=UserFactory(is_superuser=True), **TAKEN_OVER)
    by = treasurer() if step == "pay" else UserFactory(is_superuser=True)

    with pytest.raises(workflow.StepRefused) as refusal:
        workflow.take(application, step, by=by, **answers)

    assert str(refusal.value) == sentence
