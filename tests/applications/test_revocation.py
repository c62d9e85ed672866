"""What becomes of a grant: revoked in whole or in part, with interest, or given another amount. Each with its letter."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from applications import notices, steps_with_letters, workflow
from applications.letter_kinds import Intention
from applications.models import Application, DateFacts, Notice
from ikz import clock
from tests.applications import letter_samples, pdf_reading
from tests.date_factories import BaseRateFactory, DateFactsFactory
from tests.factories import BudgetFactory, case_in, decider
from tests.stationery import HearingFactory, stationery

pytestmark = pytest.mark.django_db

REASON = {
    "reason": "Eine Kommune ist ausgeschieden.",
    "no_hearing_reason": "Sie haben selbst darum gebeten.",
    "known_on": clock.today(),
}
PART = {"amount": Decimal(25000), **REASON}


@pytest.fixture
def today():
    return clock.today()


def case(state):
    stationery()
    return case_in(state, cooperation=letter_samples.cooperation())


def days(today):
    return {"due_on": today + timedelta(days=30), "interest_since": today, "interest_until": today + timedelta(days=10)}


def repaid(today):
    """Money comes back without interest."""
    return {"due_on": today + timedelta(days=30), "interest_since": today}


def words(notice):
    return " ".join(pdf_reading.lines(notices.content(notice)))


@pytest.mark.parametrize(
    ("state", "step", "answers", "after", "standing", "bound", "repayment"),
    [
        ("approved", "revoke", REASON, "revoked", 0, 0, 0),
        ("approved", "revoke_part", PART, "approved", 50000, 50000, 0),
        ("paid", "revoke", REASON, "revoked", 0, 75000, 75000),
        ("paid", "revoke_part", PART, "paid", 50000, 75000, 25000),
        ("completed", "revoke_part", PART, "completed", 50000, 75000, 25000),
    ],
)
def test_what_stands_what_is_bound_and_what_comes_back(state, step, answers, after, standing, bound, repayment):
    application = case(state)
    more = repaid(clock.today()) if state != "approved" else {}

    done = steps_with_letters.take(application, step, by=decider(), **answers, **more)

    revocation, budget = done.decision.revocations.get(), done.decision.budget
    assert (done.state, done.decision.standing, revocation.repayment) == (after, standing, repayment)
    assert (done.decision.bound, budget.left()) == (bound, budget.allocated - bound)
    letter = done.notices.get(kind="revocation")
    assert (letter.data["remedy"] != "", bool(letter.data["repayment"])) == (True, bool(repayment))


def test_repayment_bears_interest_line_by_line(time_machine):
    """25,000 € from 01.07.2026 to 30.06.2027: 184 days at 6.27 % and 181 days at 7 %."""
    application = _paid_on(time_machine, "2026-06-30")
    BaseRateFactory(valid_from=date(2026, 7, 1), percent=Decimal("1.27"))
    BaseRateFactory(valid_from=date(2027, 1, 1), percent=Decimal("2.00"))
    time_machine.move_to("2027-07-01 10:00")
    terms = {"due_on": date(2027, 8, 2), "interest_since": date(2026, 6, 30), "interest_until": date(2027, 6, 30)}

    done = steps_with_letters.take(
        application, "revoke_part", by=decider(), **{**PART, "known_on": date(2027, 6, 1)}, **terms
    )

    letter = done.notices.get(kind="revocation")
    assert [(row["start"], row["end"], row["days"], row["rate"], row["amount"]) for row in letter.data["interest"]] == [
        ("01.07.2026", "31.12.2026", "184", "6,27 %", "790,19 €"),
        ("01.01.2027", "30.06.2027", "181", "7,00 %", "867,81 €"),
    ]
    assert done.decision.revocations.get().interest == Decimal("1658.00")
    assert "Bitte überweisen Sie den zu erstattenden Betrag bis zum 02.08.2027" in words(letter)


def _paid_on(time_machine, day):
    time_machine.move_to(f"{day} 10:00")
    return case("paid")


@pytest.mark.parametrize(
    ("state", "step", "answers", "field"),
    [
        ("approved", "revoke_part", {**PART, "amount": Decimal(75000)}, "amount"),
        ("approved", "revoke_part", {**PART, "amount": Decimal(0)}, "amount"),
        ("approved", "revoke", {**REASON, "no_hearing_reason": " "}, "no_hearing_reason"),
        ("paid", "revoke", REASON, "due_on"),
        ("paid", "revoke", {**REASON, "due_on": date(2020, 1, 1)}, "due_on"),
    ],
)
def test_what_cannot_be_revoked_like_this(state, step, answers, field):
    application = case(state)

    with pytest.raises(workflow.AnswerRefused) as refusal:
        steps_with_letters.take(application, step, by=decider(), **answers)

    assert refusal.value.field == field
    stored = Application.objects.get(pk=application.pk)
    assert (stored.state, stored.decision.standing) == (state, 75000)


def test_interest_needs_the_rate_of_each_half_year(today):
    application = case("paid")

    with pytest.raises(workflow.AnswerRefused) as refusal:
        steps_with_letters.take(application, "revoke", by=decider(), **REASON, **days(today))

    assert refusal.value.field == "interest_until"
    assert "ist kein Basiszinssatz eingetragen" in str(refusal.value)


def test_answered_hearing_on_the_revocation_counts_and_one_on_a_refusal_does_not(today):
    application = case("approved")
    hearing = HearingFactory(
        application=application, intention="refuse", due_on=today, answered_on=today, answer="Wir bitten um Nachsicht."
    )
    answers = {"reason": "Die Zusammenarbeit endete.", "known_on": today}
    with pytest.raises(workflow.AnswerRefused):
        steps_with_letters.take(application, "revoke", by=decider(), **answers)
    hearing.intention = "revoke"
    hearing.save()

    done = steps_with_letters.take(application, "revoke", by=decider(), **answers)

    assert "Was Sie vorgetragen haben, haben wir berücksichtigt." in words(done.notices.get(kind="revocation"))


def test_several_parts_and_then_the_rest():
    application = case("approved")
    for _time in range(2):
        application = steps_with_letters.take(application, "revoke_part", by=decider(), **PART)

    done = steps_with_letters.take(application, "revoke", by=decider(), **REASON)

    assert [each.amount for each in done.decision.revocations.all()] == [25000, 25000, 25000]
    said = [words(each) for each in done.notices.filter(kind="revocation").order_by("pk")]
    left = ["50.000 €", "25.000 €", "0 €"]
    assert [f"Es verbleibt eine Zuwendung von {amount}." in each for amount, each in zip(left, said, strict=True)] == [
        True,
        True,
        True,
    ]


def test_preview_of_a_revocation_writes_nothing():
    application = case("approved")

    pdf = steps_with_letters.preview(application, "revoke_part", by=decider(), **PART)

    said = " ".join(pdf_reading.lines(pdf))
    assert (
        "in Höhe von 25.000 € mit Wirkung für die Zukunft widerrufen. Es verbleibt eine Zuwendung von 50.000 €." in said
    )
    stored = Application.objects.get(pk=application.pk)
    assert (stored.decision.revoked_amount, stored.decision.revocations.count(), Notice.objects.count()) == (0, 0, 0)
    assert stored.last_entry.step == "approve"


# ── Another amount ────────────────────────────────────────────────────────────────────────────────────────────────────


def amendment(**answers):
    return {"amount": Decimal(80000), "year": clock.today().year, "reason": "Eine weitere Stelle fällt weg.", **answers}


def test_amendment_takes_the_place_of_the_decision(today):
    application = case("approved")
    DateFactsFactory(application=application, posted_on=today, waived_on=today, report_on=date(2029, 12, 31))
    by = decider()

    done = steps_with_letters.take(application, "amend", by=by, **amendment())

    old, new = done.decisions.order_by("pk")
    assert (old.annulled_by, old.annulled_reason) == (by, "Geändert: Eine weitere Stelle fällt weg.")
    assert (new.amount, new.proposed_amount, new.decided_by, done.approved_by) == (80000, old.proposed_amount, by, by)
    assert new.budget.left() == new.budget.allocated - 80000
    facts = DateFacts.objects.get()
    assert (facts.posted_on, facts.waived_on, facts.report_on) == (None, None, date(2029, 12, 31))
    said = words(done.notices.get(kind="amendment"))
    assert "mit dem Ihnen 75.000 € bewilligt wurden, ändern wir." in said
    assert "Erhöhung 5.000 €" in said


@pytest.mark.parametrize(
    ("answers", "field", "sentence"),
    [
        ({"amount": Decimal(75000)}, "amount", "Bewilligt sind schon 75.000 €."),
        ({"reason": " "}, "reason", "Bitte begründen Sie die Änderung."),
        ({"amount": Decimal(2000001)}, "amount", "reicht nicht"),
    ],
)
def test_amendment_that_cannot_be(answers, field, sentence):
    application = case("approved")

    with pytest.raises(workflow.AnswerRefused) as refusal:
        steps_with_letters.take(application, "amend", by=decider(), **amendment(**answers))

    assert refusal.value.field == field
    assert sentence in str(refusal.value)
    assert Application.objects.get(pk=application.pk).decision.amount == 75000


def test_amendment_may_use_what_the_old_amount_sets_free():
    application = case("approved")
    budget = application.decision.budget
    budget.allocated = Decimal(80000)
    budget.save()

    done = steps_with_letters.take(application, "amend", by=decider(), **amendment())

    assert done.decision.budget.left() == 0


def test_partly_revoked_grant_is_neither_amended_nor_taken_back():
    application = steps_with_letters.take(case("approved"), "revoke_part", by=decider(), **PART)

    for step, answers in {"amend": amendment(), "undo": {"reason": "Versehen."}}.items():
        with pytest.raises(workflow.AnswerRefused):
            steps_with_letters.take(application, step, by=decider(), **answers)


def test_withdrawal_is_confirmed_by_letter():
    application = case("drafted")

    done = steps_with_letters.take(application, "withdraw", by=application.clerk, reason="Schreiben vom 20.11.2026.")

    assert "Wir bestätigen das und haben das Verfahren eingestellt." in words(done.notices.get())
    assert BudgetFactory().left() == 2000000


ANSWERED = {"answered_on": date(2026, 11, 20), "answer": "Wir bitten um Nachsicht."}


def test_hearing_before_a_part_was_revoked_does_not_cover_the_rest(today):
    """What was said of the part was said of the part (HVwVfG § 28)."""
    application, by = case("approved"), decider()
    HearingFactory(application=application, intention="revoke", due_on=today, **ANSWERED)
    answers = {"reason": "Die Zusammenarbeit endete.", "known_on": today}
    part = steps_with_letters.take(application, "revoke_part", by=by, amount=Decimal(25000), **answers)

    with pytest.raises(workflow.AnswerRefused) as refusal:
        steps_with_letters.take(part, "revoke", by=by, **answers)
    HearingFactory(application=part, intention="revoke", due_on=today, **ANSWERED)
    done = steps_with_letters.take(part, "revoke", by=by, **answers)

    assert refusal.value.field == "no_hearing_reason"
    assert ["Sie hatten Gelegenheit" in words(each) for each in done.notices.filter(kind="revocation")] == [True, True]


def test_hearing_before_a_refusal_that_was_taken_back_does_not_cover_the_next(today):
    stationery()
    application, by = case_in("checked", cooperation=letter_samples.cooperation()), decider()
    HearingFactory(application=application, due_on=today, **ANSWERED)
    reason = {"reason": "Die Einsparung fehlt.", "legal_basis": "§§ 23 und 44 LHO"}
    refused = steps_with_letters.take(application, "reject", by=by, **reason)
    back = steps_with_letters.take(refused, "undo", by=by, reason="Neue Zahlen.")

    with pytest.raises(workflow.AnswerRefused) as refusal:
        steps_with_letters.take(back, "reject", by=by, **reason)

    assert refusal.value.field == "no_hearing_reason"


def test_hearing_whose_letter_never_went_out_does_not_count(today):
    application = case("approved")
    hearing = HearingFactory(application=application, intention="revoke", due_on=today, sent_on=None, **ANSWERED)
    notices.void(hearing.notice, by=decider(), reason="Nie versandt.")

    assert not Application.objects.get().is_heard_on(Intention.REVOKE)
