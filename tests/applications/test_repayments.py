"""Money that has to come back after a revocation: its days, whom they remind, and that somebody writes down that it came."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from applications import case_dates, deadlines, due_dates, figures, notices, payments, steps_with_letters, workflow
from applications.case_dates import CaseDate, Facts, Sent, Tone, What
from applications.due_dates import DeliveryDays
from applications.models import Application, DateFacts, FieldChange
from ikz import clock
from tests.applications import letter_samples
from tests.date_factories import DateFactsFactory, DeliveryRuleFactory
from tests.factories import UserFactory, case_in, clerk, decider, treasurer
from tests.stationery import stationery

pytestmark = pytest.mark.django_db

LIST = reverse("admin:applications_application_changelist")
DUE_ON = date(2027, 8, 1)  # a Sunday: due on Monday, 2 August
LAW = [DeliveryDays(date(2025, 1, 1), 4)]
GRANT = Facts(
    is_granted=True, starts_on=date(2027, 1, 1), binding_years=5, reminder_months=3, retention_years=10, is_revoked=True
)


@pytest.fixture
def revoked_in_part(time_machine):
    """Paid on 30 June 2026; 25,000 € revoked and the letter posted on 1 July 2027, due on 1 August."""
    time_machine.move_to("2026-06-30 10:00")
    stationery()
    case = case_in("paid", cooperation=letter_samples.cooperation())
    time_machine.move_to("2027-07-01 10:00")
    done = revoke_part(case)
    notices.record_dispatch(done.notices.get(kind="revocation"), delivery="post", posted_on=clock.today())
    return done


def revoke_part(case, due_on=DUE_ON):
    return steps_with_letters.take(
        case,
        "revoke_part",
        by=decider(),
        amount=Decimal(25000),
        reason="Eine Kommune ist ausgeschieden.",
        no_hearing_reason="Sie haben selbst darum gebeten.",
        known_on=date(2027, 6, 1),
        due_on=due_on,
        interest_since=date(2026, 6, 30),
    )


def repaid(case, day, by=None):
    revocation = case.decision.revocations.to_be_repaid().first()
    answers = {"repaid_on": day, "revocation": revocation.pk if revocation else 0}
    return workflow.take(case, "record_repayment", by=by or treasurer(), **answers)


# ── The dates ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("stated_on", "due_on"),
    [
        (date(2027, 7, 30), date(2027, 7, 30)),
        (date(2027, 7, 31), date(2027, 8, 2)),  # Saturday
        (date(2027, 8, 1), date(2027, 8, 2)),  # Sunday
        (date(2027, 12, 25), date(2027, 12, 27)),
    ],
)
def test_money_is_due_on_a_working_day(stated_on, due_on):
    assert due_dates.repayment_due(stated_on) == due_on


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"repay_by": (DUE_ON,)}, [(What.REPAYMENT, date(2027, 8, 2))]),
        (
            {"revoking": (Sent(posted_on=date(2027, 7, 1)),), "repay_by": (DUE_ON,)},
            [
                (What.REVOCATION_NOTIFIED, date(2027, 7, 5)),
                (What.REPAYMENT, date(2027, 8, 2)),
                (What.REVOCATION_OBJECTION_END, date(2027, 8, 5)),
                (What.REVOCATION_FINALITY, date(2027, 8, 6)),
            ],
        ),
        (
            {"revoking": (Sent(retrieved_on=date(2027, 7, 1), waived_on=date(2027, 7, 9)),)},
            [
                (What.REVOCATION_NOTIFIED, date(2027, 7, 2)),
                (What.REVOCATION_FINALITY, date(2027, 7, 9)),
                (What.REVOCATION_OBJECTION_END, date(2027, 8, 2)),
            ],
        ),
        (
            {"revoking": (Sent(retrieved_on=date(2027, 7, 1)),), "action_pending": True},
            [(What.REVOCATION_NOTIFIED, date(2027, 7, 2)), (What.REVOCATION_OBJECTION_END, date(2027, 8, 2))],
        ),
        ({"revoking": (Sent(),)}, []),  # not sent yet
        (
            {"repay_by": (DUE_ON, date(2027, 9, 1))},
            [(What.REPAYMENT, date(2027, 8, 2)), (What.REPAYMENT, date(2027, 9, 1))],
        ),
    ],
)
def test_dates_of_revocations(facts, expected):
    assert case_dates.dates(GRANT._replace(**facts), LAW) == [CaseDate(*each) for each in expected]


@pytest.mark.parametrize(
    ("today", "action_pending", "tone"),
    [
        (date(2027, 7, 1), False, Tone.LATER),
        (date(2027, 8, 2), False, Tone.SOON),
        (date(2027, 8, 3), False, Tone.OVERDUE),
        (date(2027, 8, 3), True, Tone.PAST),  # VwGO § 80 Abs. 1
    ],
)
@pytest.mark.parametrize("state", ["approved", "paid", "completed", "revoked"])
def test_how_a_repayment_looks_from_today(state, today, action_pending, tone):
    facts, owed = GRANT._replace(action_pending=action_pending), CaseDate(What.REPAYMENT, date(2027, 8, 2))

    assert case_dates.line_of_time([owed], facts, state, today) == [(owed, tone)]


def test_page_of_the_case_shows_the_days_of_the_revocation(client, revoked_in_part):
    DeliveryRuleFactory()
    client.force_login(clerk())

    dates = client.get(reverse("admin:applications_application_change", args=[revoked_in_part.pk])).context["dates"]

    assert [
        (each.what, each.day) for each, _tone in dates if "REVO" in each.what.name or each.what == What.REPAYMENT
    ] == [
        (What.REVOCATION_NOTIFIED, date(2027, 7, 5)),
        (What.REPAYMENT, date(2027, 8, 2)),
        (What.REVOCATION_OBJECTION_END, date(2027, 8, 5)),
        (What.REVOCATION_FINALITY, date(2027, 8, 6)),
    ]


# ── Whom they remind ──────────────────────────────────────────────────────────────────────────────────────────────────


def lists(client):
    client.force_login(clerk())  # who stays away for days is signed out
    return {
        due: list(client.get(f"{LIST}?due={due}").context["cl"].result_list) for due in ("overdue", "soon", "repayment")
    }


def test_passed_day_comes_up_until_the_money_is_there(client, time_machine, revoked_in_part):
    other = case_in("paid")
    by, watching = treasurer(), UserFactory(roles=["Revision"])
    case = Application.objects.get(pk=revoked_in_part.pk)

    time_machine.move_to("2027-08-02 10:00")
    on_the_day = lists(client)
    reminded_on_the_day = payments.reminders(by)
    time_machine.move_to("2027-08-04 10:00")
    after = lists(client)
    said = [(each.application, each.what, each.when) for each in figures.deadlines(watching, clock.today())]
    reminded = payments.reminders(by)
    repaid(case, date(2027, 8, 3), by=by)

    assert on_the_day == {"overdue": [], "soon": [case], "repayment": [case]}
    assert after == {"overdue": [case], "soon": [], "repayment": [case]}
    assert (case, "Erstattung fällig", "seit 2 Tagen überfällig") in said
    assert reminded_on_the_day == []
    assert reminded == [
        ("1 Erstattung ist überfällig. Ist das Geld da, halten Sie es am Fall fest.", f"{LIST}?due=repayment")
    ]
    assert lists(client) == {"overdue": [], "soon": [], "repayment": []}
    assert payments.reminders(by) == payments.reminders(clerk()) == []
    assert other not in after["overdue"]


def test_nothing_is_due_while_an_action_is_pending(time_machine, revoked_in_part):
    """VwGO § 80 Abs. 1."""
    every, day = Application.objects.all(), date(2027, 8, 10)
    before = [each.what for _case, each in deadlines.owed_dates(every, day, at_most=20)]

    DateFactsFactory(application=revoked_in_part, action_pending=True)

    assert before == [What.REPAYMENT]
    assert deadlines.owed_dates(every, day, at_most=20) == []
    assert DateFacts.objects.count() == 1


# ── It came back ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_treasurer_writes_down_that_the_money_came_back(client, time_machine, revoked_in_part):
    time_machine.move_to("2027-08-04 10:00")
    by = treasurer()
    client.force_login(by)
    take = reverse("admin:applications_application_take", args=[revoked_in_part.pk, "record_repayment"])
    page = client.get(take)
    ((key, label),) = page.context["form"].fields["revocation"].choices

    client.post(take, {"seen": page.context["seen"], "revocation": key, "repaid_on": "2027-08-03"})

    revocation = Application.objects.get(pk=revoked_in_part.pk).decision.revocations.get()
    assert label == "25.000 €, zu zahlen bis 01.08.2027"
    assert (revocation.repaid_on, revocation.repaid_by, clock.day_of(revocation.repaid_at)) == (
        date(2027, 8, 3),
        by,
        date(2027, 8, 4),
    )
    entry = revoked_in_part.history.last()
    assert (entry.step, entry.source, entry.target) == ("record_repayment", "paid", "paid")
    assert FieldChange.objects.filter(changes__has_key="repaid_on", application=revoked_in_part).count() >= 1
    html = client.get(reverse("admin:applications_application_change", args=[revoked_in_part.pk])).content.decode()
    assert "erstattet am 03.08.2027" in html
    assert "Erstattung festhalten: Ausgezahlt" in html


@pytest.mark.parametrize(
    ("role", "refusal"),
    [
        ("Sachbearbeitung", "Diesen Schritt nimmt die Rolle Haushalt vor."),
        ("Bewilligung", "Diesen Schritt nimmt die Rolle Haushalt vor."),
        ("Haushalt", None),
        ("Revision", "Diesen Schritt nimmt die Rolle Haushalt vor."),
        ("Stammdaten", "Diesen Schritt nimmt die Rolle Haushalt vor."),
    ],
)
def test_who_may_write_down_a_repayment(revoked_in_part, role, refusal):
    person = UserFactory(roles=[role])

    said = {each.name: each.refusal for each in workflow.steps(revoked_in_part, person)}

    assert said["record_repayment"] == refusal


def test_there_is_nothing_to_write_down_where_nothing_comes_back(time_machine, revoked_in_part):
    done = repaid(revoked_in_part, date(2027, 7, 1))

    with pytest.raises(workflow.NotPermitted, match="Es ist nichts zu erstatten"):
        repaid(done, date(2027, 7, 1))


@pytest.mark.parametrize("day", [date(2027, 6, 30), date(2027, 7, 2)])
def test_money_came_between_the_notice_and_today(revoked_in_part, day):
    with pytest.raises(workflow.AnswerRefused) as refusal:
        repaid(revoked_in_part, day)

    assert (refusal.value.field, str(refusal.value)) == (
        "repaid_on",
        "Bitte nennen Sie einen Tag zwischen dem Bescheid vom 01.07.2027 und heute.",
    )


def test_each_repayment_is_written_down_once(revoked_in_part):
    first = revoked_in_part.decision.revocations.get()
    both = revoke_part(revoked_in_part, due_on=date(2027, 9, 1))
    by, day = treasurer(), date(2027, 7, 1)

    done = workflow.take(both, "record_repayment", by=by, repaid_on=day, revocation=first.pk)
    with pytest.raises(workflow.AnswerRefused, match="Diese Erstattung ist schon festgehalten"):
        workflow.take(done, "record_repayment", by=by, repaid_on=day, revocation=first.pk)

    assert [each.due_on for each in done.revocations_to_be_repaid] == [date(2027, 9, 1)]
