"""What a revocation may say of days, money and interest: HVwVfG §§ 48, 49 and 49a, as tables."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from time_machine import travel

from applications import notices, payments, revocation_terms, steps_with_letters, workflow
from applications.letter_forms import ApprovalForm
from applications.letter_kinds import Intention, LetterKind
from applications.models import Application, DateFacts
from applications.typesetting import LetterRefused
from ikz import clock
from tests.applications import letter_samples, pdf_reading
from tests.date_factories import DateFactsFactory
from tests.factories import ApplicationFactory, BudgetFactory, UserFactory, case_in, decider, treasurer
from tests.payment_factories import order_of, payable_case, paying_account
from tests.stationery import as_sent, stationery

pytestmark = pytest.mark.django_db

RELEASED, EXECUTED = date(2027, 3, 1), date(2027, 3, 31)
REASON = {
    "reason": "Eine Kommune ist ausgeschieden.",
    "no_hearing_reason": "Sie haben selbst darum gebeten.",
    "known_on": date(2026, 11, 2),
}
PART = {"amount": Decimal(25000), **REASON}


# ── The day of payment ────────────────────────────────────────────────────────────────────────────────────────────────


def paid_by_list():
    """Ground to stand on: released on 1 March, carried out by the bank on 31 March."""
    with travel(f"{RELEASED} 10:00"):
        stationery()
        case = payable_case(cooperation=letter_samples.cooperation())
        paying_account()
        payments.release(order_of(case), execute_on=EXECUTED, by=treasurer())
        return case.pk


on_list = pytest.mark.parametrize("ground", [paid_by_list], indirect=True, ids=["list"])


@on_list
def test_money_leaves_on_the_day_on_which_the_bank_carries_out_the_list(case):
    assert case.paid_on == EXECUTED


def test_money_paid_by_other_ways_left_on_the_day_of_the_step(time_machine):
    time_machine.move_to(f"{RELEASED} 10:00")

    assert (case_in("paid").paid_on, case_in("approved").paid_on) == (RELEASED, None)


@on_list
@pytest.mark.parametrize(("today", "proposed"), [(date(2027, 3, 30), None), (EXECUTED, EXECUTED)])
def test_interest_is_proposed_from_the_payment_once_it_happened(case, today, proposed):
    assert revocation_terms.first_terms(case, today)["interest_since"] == proposed


@on_list
def test_no_interest_for_days_before_the_money_was_sent(case, time_machine):
    time_machine.move_to("2027-06-01 10:00")
    days = {"due_on": date(2027, 7, 1), "interest_until": date(2027, 6, 30)}

    answers = {**PART, **days, "known_on": date(2027, 5, 3), "interest_since": EXECUTED - timedelta(days=1)}

    with pytest.raises(workflow.AnswerRefused) as refusal:
        steps_with_letters.take(case, "revoke_part", by=decider(), **answers)

    assert (refusal.value.field, str(refusal.value)) == (
        "interest_since",
        "Zinsen laufen frühestens seit der Auszahlung am 31.03.2027 (HVwVfG § 49a Abs. 3).",
    )


# ── What comes back ───────────────────────────────────────────────────────────────────────────────────────────────────

DAYS = {"due_on": date(2099, 1, 4), "interest_since": date(2026, 12, 1)}


STANDS_ON = {"paid_case": letter_samples.Writable("paid", since="2026-12-01 09:00")}


@pytest.fixture
def paid_case(time_machine, case):
    """Paid and revoked on 1 December 2026."""
    time_machine.move_to("2026-12-01 10:00")
    return case


@pytest.mark.parametrize(
    ("legal_basis", "days", "repayment"),
    [
        ("§ 49 Abs. 3 Satz 1 Nr. 1 HVwVfG", DAYS, 25000),  # for the past, too
        ("§ 49 Abs. 3 Satz 1 Nr. 2 HVwVfG", DAYS, 25000),
        ("§ 49 Abs. 2 Satz 1 Nr. 1 HVwVfG", {}, 0),  # reserved in the grant: for the future
        ("§ 49 Abs. 2 Satz 1 Nr. 3 HVwVfG", {}, 0),
        ("§ 48 Abs. 1 HVwVfG", DAYS, 25000),
    ],
)
def test_what_comes_back_hangs_on_the_legal_basis(paid_case, legal_basis, days, repayment):
    done = steps_with_letters.take(paid_case, "revoke_part", by=decider(), **PART, legal_basis=legal_basis, **days)

    revocation, letter = done.decision.revocations.get(), done.notices.get(kind="revocation")
    assert (revocation.repayment, revocation.due_on) == (repayment, days.get("due_on"))
    assert (done.decision.standing, done.decision.bound) == (50000, 75000)  # what was paid is no budget again
    assert len(letter.data["repayment"]) == (1 if repayment else 0)
    assert any(each.get("heading") == "3. Zahlung" for each in letter.data["after"]) == bool(repayment)


@pytest.mark.parametrize("field", ["due_on", "interest_since", "interest_until"])
@pytest.mark.parametrize("legal_basis", revocation_terms.FOR_THE_FUTURE)
def test_what_works_for_the_future_has_no_days_of_repayment(paid_case, legal_basis, field):
    with pytest.raises(workflow.AnswerRefused) as refusal:
        workflow.take(
            paid_case, "revoke", by=decider(), **REASON, legal_basis=legal_basis, **{field: date(2026, 12, 1)}
        )

    assert refusal.value.field == field
    assert str(refusal.value) == (
        "Diese Rechtsgrundlage wirkt nur für die Zukunft; was ausgezahlt ist, kommt nicht zurück (HVwVfG § 49 Abs. 2, § 49a "
        "Abs. 1). Bitte leeren Sie die Tage der Erstattung und der Zinsen, oder wählen Sie eine andere Rechtsgrundlage."
    )
    assert Application.objects.get().state == "paid"


def test_what_works_for_the_future_before_the_payment_sets_the_budget_free():
    case = case_in("approved")
    answers = {**REASON, "known_on": clock.today()}

    done = workflow.take(case, "revoke", by=decider(), **answers, legal_basis=revocation_terms.FOR_THE_FUTURE[0])

    assert (done.decision.revocations.get().repayment, done.decision.bound) == (0, 0)


@pytest.mark.parametrize("legal_basis", revocation_terms.BASES)
def test_every_basis_says_what_it_is_for(legal_basis):
    assert revocation_terms.MEANING[legal_basis]


# ── From when it works ────────────────────────────────────────────────────────────────────────────────────────────────

PAID_ON, TODAY, DUE_ON = date(2026, 6, 30), date(2027, 7, 1), date(2027, 8, 2)
NO_DAY = "Bitte nennen Sie den Tag, seit dem der Bescheid unwirksam ist (HVwVfG § 49a Abs. 3)."


@pytest.mark.parametrize(
    ("due_on", "since", "until", "field", "sentence"),
    [
        (DUE_ON, PAID_ON, None, None, None),  # without interest
        (DUE_ON, PAID_ON, DUE_ON, None, None),
        (DUE_ON, TODAY, TODAY, None, None),
        (None, PAID_ON, None, "due_on", "Bitte nennen Sie den Tag, bis zu dem die Zuwendung zu erstatten ist."),
        (
            TODAY,
            PAID_ON,
            None,
            "due_on",
            "Bitte lassen Sie Zeit für die Zahlung: Der Tag muss in der Zukunft liegen.",
        ),
        (DUE_ON, None, None, "interest_since", NO_DAY),
        (DUE_ON, None, TODAY, "interest_since", NO_DAY),
        (
            DUE_ON,
            date(2027, 7, 2),
            None,
            "interest_since",
            "Für die Vergangenheit wirkt der Bescheid von einem Tag an, der gekommen ist. Bitte nennen Sie einen Tag bis heute.",
        ),
        (
            DUE_ON,
            date(2026, 6, 29),
            None,
            "interest_since",
            "Zinsen laufen frühestens seit der Auszahlung am 30.06.2026 (HVwVfG § 49a Abs. 3).",
        ),
        (
            DUE_ON,
            PAID_ON,
            date(2026, 6, 29),
            "interest_until",
            "Die Zinsen können nicht enden, bevor sie beginnen.",
        ),
        (
            DUE_ON,
            PAID_ON,
            date(2027, 8, 3),
            "interest_until",
            "Bitte berechnen Sie die Zinsen höchstens bis zum 02.08.2027, an dem zu zahlen ist; was danach anfällt, steht noch "
            "nicht fest.",
        ),
    ],
)
def test_days_of_money_that_comes_back(due_on, since, until, field, sentence):
    days = {"due_on": due_on, "interest_since": since, "interest_until": until}

    complaint = revocation_terms.complaint(today=TODAY, paid_on=PAID_ON, **days)

    assert complaint == (field and (field, sentence))


def test_day_before_this_procedure_is_taken_as_it_is_said():
    """Of a case taken over nobody knows here when it was paid."""
    days = {"due_on": DUE_ON, "interest_since": date(2013, 1, 1)}

    assert revocation_terms.complaint(today=TODAY, paid_on=None, **days) is None


@pytest.mark.parametrize(
    ("repayment", "since", "words"),
    [
        (25000, PAID_ON, "mit Wirkung für die Vergangenheit, vom 30.06.2026 an,"),
        (25000, None, None),
        (0, None, "mit Wirkung für die Zukunft"),
    ],
)
def test_notice_says_from_when_it_works(repayment, since, words):
    assert revocation_terms.effect(repayment=Decimal(repayment), since=since) == words


def test_notice_that_asks_money_back_without_its_day_is_not_made():
    """Also where somebody edited the words of the decision."""
    stationery()

    with pytest.raises(LetterRefused) as refusal:
        letter_samples.issue(LetterKind.REVOCATION, texts={"revocation-entscheidung": "Wir widerrufen {{betrag}}."})

    assert str(refusal.value) == (
        "Der Bescheid fordert Geld zurück, sagt aber nicht, seit wann er wirkt. Bitte nehmen Sie {{wirkung}} in den "
        "Textbaustein „Entscheidung“ auf."
    )


# ── The year ──────────────────────────────────────────────────────────────────────────────────────────────────────────

NOT_KNOWN = "Bitte nennen Sie den Tag, seit dem die Gründe bekannt sind; von ihm an läuft ein Jahr ({})."
PAST, FUTURE, TAKEN_BACK = (
    "§ 49 Abs. 3 Satz 2 in Verbindung mit § 48 Abs. 4 HVwVfG",
    "§ 49 Abs. 2 Satz 2 in Verbindung mit § 48 Abs. 4 HVwVfG",
    "§ 48 Abs. 4 HVwVfG",
)


@pytest.mark.parametrize(
    ("legal_basis", "known_on", "on_file", "sentence"),
    [
        # The year ends with the day that bears the number of the day of knowing (BGB § 188 Abs. 2).
        (revocation_terms.BASES[0], date(2026, 7, 1), None, None),
        (
            revocation_terms.BASES[0],
            date(2026, 6, 30),
            None,
            f"Der Widerruf ist nicht mehr möglich: Die Jahresfrist ist am 30.06.2027 abgelaufen ({PAST}). Bitte prüfen Sie, "
            "seit wann die Gründe bekannt sind.",
        ),
        (
            revocation_terms.BASES[4],
            date(2026, 6, 30),
            date(2026, 6, 30),
            f"Die Rücknahme ist nicht mehr möglich: Die Jahresfrist ist am 30.06.2027 abgelaufen ({TAKEN_BACK}). Bitte prüfen "
            "Sie, seit wann die Gründe bekannt sind.",
        ),
        (revocation_terms.BASES[0], None, None, NOT_KNOWN.format(PAST)),
        (revocation_terms.BASES[1], None, None, NOT_KNOWN.format(PAST)),
        (revocation_terms.BASES[2], None, None, NOT_KNOWN.format(FUTURE)),
        (revocation_terms.BASES[3], None, None, NOT_KNOWN.format(FUTURE)),
        (revocation_terms.BASES[4], None, None, NOT_KNOWN.format(TAKEN_BACK)),
        (
            revocation_terms.BASES[0],
            date(2027, 7, 2),
            None,
            "Dieser Tag liegt in der Zukunft. Bitte prüfen Sie das Datum.",
        ),
        (revocation_terms.BASES[0], TODAY, TODAY, None),
        (
            revocation_terms.BASES[0],
            TODAY,
            date(2026, 6, 30),
            "In den Fristangaben steht, dass die Gründe seit dem 30.06.2026 bekannt sind. Stimmt das nicht, berichtigt es die "
            "Sachbearbeitung dort.",
        ),
    ],
)
def test_a_year_from_knowing_the_grounds(legal_basis, known_on, on_file, sentence):
    words = revocation_terms.wording(legal_basis)

    assert revocation_terms.complaint_of_grounds(known_on, on_file, TODAY, words) == sentence


def test_without_the_day_of_knowing_nothing_is_revoked(paid_case):
    with pytest.raises(workflow.AnswerRefused) as refusal:
        workflow.take(paid_case, "revoke", by=decider(), **{**REASON, "known_on": None}, **DAYS)

    assert (refusal.value.field, str(refusal.value)) == ("known_on", NOT_KNOWN.format(PAST))


def test_day_of_knowing_is_taken_from_the_file_said_in_the_notice_and_used_up(paid_case):
    """What comes up after a partial revocation has a year of its own; nobody is reminded of the old one."""
    DateFactsFactory(application=paid_case, known_on=date(2026, 11, 2), report_on=date(2029, 12, 31))
    assert revocation_terms.first_terms(Application.objects.get(), date(2026, 12, 1))["known_on"] == date(2026, 11, 2)

    done = steps_with_letters.take(paid_case, "revoke_part", by=decider(), **{**PART, "known_on": None}, **DAYS)

    said = " ".join(pdf_reading.lines(notices.content(done.notices.get(kind="revocation"))))
    assert "haben wir seit dem 02.11.2026." in said
    assert done.decision.revocations.get().known_on == date(2026, 11, 2)
    facts = DateFacts.objects.get()
    assert (facts.known_on, facts.report_on) == (None, date(2029, 12, 31))


# ── Which notice, which amounts ───────────────────────────────────────────────────────────────────────────────────────


def decisions_of(case, *kinds):
    """The first sentence of each notice of these kinds, in their order."""
    letters = case.notices.filter(kind__in=kinds).order_by("pk")
    return [each.data["before"][0]["paragraphs"][0]["text"].split(" Es verbleibt")[0] for each in letters]


def test_each_notice_says_which_it_touches_what_was_granted_and_what_still_stood(time_machine):
    """Granted 75,000 €, amended twice, then revoked in two parts and the rest: no amount is said of the wrong notice."""
    time_machine.move_to("2026-12-01 10:00")
    stationery()
    case, by = case_in("checked", cooperation=letter_samples.cooperation()), decider()
    form = ApprovalForm(as_sent(ApprovalForm(application=case)), application=case)
    assert form.is_valid(), form.errors
    case = steps_with_letters.take(case, "approve", by=by, **form.cleaned_data)
    for day, amount in [("2027-01-04", 80000), ("2027-01-11", 90000)]:
        time_machine.move_to(f"{day} 10:00")
        BudgetFactory()
        answers = {"amount": Decimal(amount), "year": 2027, "reason": "Mehr Aufwand."}
        case = steps_with_letters.take(case, "amend", by=by, **answers)
    for day, step, amount in [
        ("2027-02-01", "revoke_part", {"amount": Decimal(25000)}),
        ("2027-03-01", "revoke_part", {"amount": Decimal(15000)}),
        ("2027-04-01", "revoke", {}),
    ]:
        time_machine.move_to(f"{day} 10:00")
        case = steps_with_letters.take(case, step, by=by, **{**REASON, "known_on": date(2027, 1, 15), **amount})

    grant = "Zuwendungsbescheid vom 01.12.2026"
    project = "für das Vorhaben „Gemeinsamer Bauhof“, mit dem Ihnen"
    assert decisions_of(case, "amendment") == [
        f"Den {grant} {project} 75.000 € bewilligt wurden, ändern wir. Die Zuwendung an Sie als federführende Kommune für "
        "alle Beteiligten beträgt nun",
        f"Den {grant} in der Fassung des Änderungsbescheids vom 04.01.2027 {project} 80.000 € bewilligt wurden, ändern wir. "
        "Die Zuwendung an Sie als federführende Kommune für alle Beteiligten beträgt nun",
    ]
    amended = f"Der {grant} in der Fassung des Änderungsbescheids vom 11.01.2027 {project} 90.000 € bewilligt wurden"
    assert decisions_of(case, "revocation") == [
        f"{amended}, wird in Höhe von 25.000 € mit Wirkung für die Zukunft widerrufen.",
        f"{amended}, von denen noch 65.000 € gelten, wird in Höhe von 15.000 € mit Wirkung für die Zukunft widerrufen.",
        f"{amended}, von denen noch 50.000 € gelten, wird in Höhe von 50.000 € mit Wirkung für die Zukunft widerrufen.",
    ]


def test_grant_of_a_case_taken_over_is_called_by_the_day_of_its_decision():
    """Its notice lies on paper."""
    stationery()
    case = ApplicationFactory(cooperation=letter_samples.cooperation())
    old = {"amount": Decimal(20000), "decided_on": date(2014, 5, 6), "reason": "Jahresbericht."}
    case = workflow.take(case, "take_over", by=UserFactory(is_superuser=True), **old)
    answers = {**REASON, "known_on": clock.today(), "due_on": date(2099, 1, 4), "interest_since": date(2014, 6, 2)}

    done = steps_with_letters.take(case, "revoke", by=decider(), **answers)

    assert decisions_of(done, "revocation") == [
        "Der Zuwendungsbescheid vom 06.05.2014 für das Vorhaben „Gemeinsamer Bauhof“, mit dem Ihnen 20.000 € bewilligt "
        "wurden, wird in Höhe von 20.000 € mit Wirkung für die Vergangenheit, vom 02.06.2014 an, widerrufen."
    ]


# ── Rücknahme ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_hearing_says_what_is_true_of_both():
    assert Intention.REVOKE.label == "den Zuwendungsbescheid ganz oder teilweise zurückzunehmen oder zu widerrufen"


@letter_samples.on("approved")
@pytest.mark.parametrize("legal_basis", revocation_terms.BASES)
def test_trust_is_weighed_where_an_unlawful_grant_is_taken_back(case, legal_basis):
    """HVwVfG § 48 Abs. 2; whoever relies on a lawful grant is not asked."""
    answers = {**REASON, "known_on": clock.today(), "legal_basis": legal_basis}

    done = steps_with_letters.take(case, "revoke", by=decider(), **answers)

    said = " ".join(pdf_reading.lines(notices.content(done.notices.get())))
    is_taken_back = legal_basis == "§ 48 Abs. 1 HVwVfG"
    assert ("Auf Vertrauen in den Bestand des Bescheids (§ 48 Abs. 2 HVwVfG)" in said) == is_taken_back
    assert ("Rücknahmebescheid: Förderung" in said) == is_taken_back
