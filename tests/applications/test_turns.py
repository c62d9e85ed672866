from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from auditlog.context import disable_auditlog
from django.utils import timezone
from hypothesis import given as given_random
from hypothesis import settings
from hypothesis import strategies as st

from applications import notices, workflow
from applications.models import Application
from applications.states import UNDECIDED
from applications.turns import Turn
from tests.applications import letter_samples
from tests.applications.situations import (
    WAITING,
    added,
    agreement,
    asked_about,
    correction,
    corrections_closed,
    given,
    no_agreement,
    no_participants,
    no_resolution,
    no_signature,
    opinions,
    replaced_by,
    waived,
)
from tests.date_factories import DeliveryRuleFactory
from tests.factories import BudgetFactory, answers_for, case_in, clerk, decider
from tests.stationery import HearingFactory, stationery

pytestmark = pytest.mark.django_db

FORWARD = {
    "drafted": [],
    "resolutions_collected": ["collect_resolutions"],
    "agreement_signed": ["collect_resolutions", "sign_agreement"],
    "checked": ["collect_resolutions", "sign_agreement", "check_application"],
}
OPEN_REQUEST = correction("Beschluss mit Datum", "2026-10-01")
RP_WAITS = opinions(("RP Gießen", WAITING))


def hearing(**facts):
    """A letter that asks the lead before the case is refused; without more its time still runs."""

    def ask(application):
        stationery()
        HearingFactory(application=application, **{"due_on": timezone.localdate() + timedelta(days=1), **facts})

    return ask


ANSWERED = {"answered_on": timezone.localdate(), "answer": "Wir rechnen neu."}
YESTERDAY = timezone.localdate() - timedelta(days=1)
OVER = {"due_on": YESTERDAY}
UNSENT = {"sent_on": None}


def hearing_voided(application):
    notices.void(application.hearings.last().notice, by=application.clerk, reason="Falsche Anschrift.")


def refused_and_undone(application):
    by = decider()
    workflow.take(application, "reject", by=by, **answers_for(application, "reject"))
    workflow.take(application, "undo", by=by, reason="Der Landrat hat neu Stellung genommen.")


def turns_of(application):
    """Python's answer and the database's, by which the filter of the case list finds the case as well."""
    application = Application.objects.with_turn().get(pk=application.pk)
    assert Application.objects.at_turn(application.sql_turn).filter(pk=application.pk).exists()
    return application.turn, application.sql_turn


def in_state(state, **facts):
    """A complete case taken to the state."""
    application = given(**facts).application()
    for step in FORWARD[state]:
        application = workflow.take(application, step, by=application.clerk)
    return application


def changed(application, changes):
    """What the changes take away is taken away there."""
    for change in changes:
        change(application)
    return application


@dataclass(frozen=True)
class Taken:
    """Ground to stand on: such a case, and what the letters of hearings need."""

    state: str

    def __call__(self):
        stationery()
        return in_state(self.state).pk


def in_states(names, rows):
    rows = [(Taken(state), *others) for state, *others in rows]
    return pytest.mark.parametrize(("ground", *names), rows, indirect=["ground"], scope="module")


@in_states(
    ["changes", "expected"],
    [
        ("drafted", [], Turn.CLERK),
        ("drafted", [no_resolution("Adorf")], Turn.PARTICIPANTS),
        ("drafted", [added("Ddorf")], Turn.PARTICIPANTS),
        ("drafted", [OPEN_REQUEST], Turn.PARTICIPANTS),
        ("drafted", [OPEN_REQUEST, corrections_closed], Turn.CLERK),
        ("drafted", [no_agreement], Turn.CLERK),
        ("drafted", [RP_WAITS], Turn.CLERK),
        ("resolutions_collected", [], Turn.CLERK),
        ("resolutions_collected", [no_resolution("Adorf")], Turn.CLERK),
        ("resolutions_collected", [no_agreement], Turn.LEAD),
        ("resolutions_collected", [agreement(file=None)], Turn.LEAD),
        ("resolutions_collected", [no_signature("Bdorf")], Turn.LEAD),
        ("resolutions_collected", [no_agreement, OPEN_REQUEST], Turn.PARTICIPANTS),
        ("agreement_signed", [], Turn.CLERK),
        ("agreement_signed", [no_agreement], Turn.CLERK),
        ("agreement_signed", [RP_WAITS], Turn.AUTHORITY),
        ("agreement_signed", [opinions(("RP Gießen", waived("Nicht nötig.")))], Turn.CLERK),
        ("agreement_signed", [opinions(("RP Gießen", waived("  ")))], Turn.AUTHORITY),
        ("agreement_signed", [opinions(("RP Gießen", waived("\n\N{NO-BREAK SPACE}")))], Turn.AUTHORITY),
        ("agreement_signed", [opinions()], Turn.CLERK),
        ("agreement_signed", [RP_WAITS, OPEN_REQUEST], Turn.PARTICIPANTS),
        ("drafted", [no_resolution("Adorf"), replaced_by("Adorf", "Neudorf")], Turn.CLERK),
        (
            "drafted",
            [no_resolution("Adorf"), no_resolution("Bdorf"), replaced_by("Adorf", "Neudorf")],
            Turn.PARTICIPANTS,
        ),
        ("drafted", [no_resolution("Adorf"), hearing(**OVER)], Turn.DECIDER),
        ("agreement_signed", [hearing()], Turn.LEAD),
        ("agreement_signed", [hearing(due_on=timezone.localdate())], Turn.LEAD),
        ("agreement_signed", [hearing(**OVER)], Turn.DECIDER),
        ("agreement_signed", [hearing(**ANSWERED)], Turn.DECIDER),
        # With two, one that is over does not cover one that still runs or never began, whichever came first.
        ("agreement_signed", [hearing(**OVER), hearing()], Turn.LEAD),
        ("agreement_signed", [hearing(), hearing(**OVER)], Turn.LEAD),
        ("agreement_signed", [hearing(), hearing(**ANSWERED)], Turn.LEAD),
        ("agreement_signed", [hearing(), hearing(**UNSENT)], Turn.LEAD),
        ("agreement_signed", [hearing(**OVER), hearing(**ANSWERED)], Turn.DECIDER),
        ("agreement_signed", [hearing(**OVER), hearing(**UNSENT)], Turn.CLERK),
        ("agreement_signed", [hearing(**OVER), hearing(**OVER, sent_on=YESTERDAY)], Turn.CLERK),
        ("agreement_signed", [hearing(**UNSENT), hearing(**OVER)], Turn.DECIDER),
        ("agreement_signed", [hearing(**OVER), hearing(**UNSENT), hearing_voided], Turn.DECIDER),
        ("agreement_signed", [hearing(**OVER), OPEN_REQUEST], Turn.PARTICIPANTS),
        ("agreement_signed", [hearing(**UNSENT), hearing_voided], Turn.CLERK),
        ("agreement_signed", [hearing(**UNSENT)], Turn.CLERK),
        ("agreement_signed", [hearing(**OVER, **UNSENT)], Turn.CLERK),
        ("agreement_signed", [hearing(**OVER, sent_on=YESTERDAY)], Turn.CLERK),
        ("agreement_signed", [hearing(**ANSWERED, **UNSENT)], Turn.DECIDER),
        ("agreement_signed", [hearing(**OVER, sent_on=YESTERDAY), hearing()], Turn.LEAD),
        ("agreement_signed", [hearing(**UNSENT), RP_WAITS], Turn.CLERK),
        ("agreement_signed", [RP_WAITS, hearing(**UNSENT), hearing_voided], Turn.AUTHORITY),
        ("drafted", [no_resolution("Adorf"), hearing(**UNSENT)], Turn.CLERK),
        ("checked", [], Turn.DECIDER),
        ("checked", [hearing(**UNSENT)], Turn.CLERK),
        ("checked", [hearing()], Turn.LEAD),
        ("checked", [hearing(**OVER)], Turn.DECIDER),
        ("agreement_signed", [hearing(**OVER, intention="revoke")], Turn.CLERK),
        ("agreement_signed", [hearing(**OVER), refused_and_undone], Turn.CLERK),
    ],
)
def test_whose_turn_it_is_before_the_decision(case, changes, expected):
    application = changed(case, changes)

    assert turns_of(application) == (expected, expected)


def test_nobody_takes_part_yet():
    application = given(no_participants, complete=False).application()

    assert turns_of(application) == (Turn.CLERK, Turn.CLERK)


def test_variant_without_agreement_does_not_wait_for_the_lead():
    application = in_state("resolutions_collected", variant="preparation")

    assert turns_of(application) == (Turn.CLERK, Turn.CLERK)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("checked", Turn.DECIDER),
        ("approved", Turn.TREASURER),
        ("paid", Turn.LEAD),
        ("completed", Turn.NOBODY),
        ("rejected", Turn.NOBODY),
        ("withdrawn", Turn.NOBODY),
        ("revoked", Turn.NOBODY),
    ],
)
def test_whose_turn_it_is_after_the_check(state, expected):
    assert turns_of(case_in(state)) == (expected, expected)


def test_a_grant_waits_for_whoever_sends_its_notice():
    stationery()
    DeliveryRuleFactory()
    notice = letter_samples.granted()
    assert turns_of(notice.application) == (Turn.CLERK, Turn.CLERK)

    notices.record_dispatch(notice, delivery="post", posted_on=timezone.localdate())

    assert turns_of(notice.application) == (Turn.TREASURER, Turn.TREASURER)


def test_a_case_taken_over_waits_for_nobody():
    application = given(complete=False).application()
    application = workflow.take(
        application,
        "take_over",
        by=clerk(is_superuser=True),
        amount=Decimal(75000),
        decided_on=timezone.localdate().replace(year=2020, day=1),
        reason="Jahresbericht 2020.",
    )

    assert turns_of(application) == (Turn.NOBODY, Turn.NOBODY)


@in_states(
    ["changes", "label"],
    [
        ("drafted", [no_resolution("Adorf")], "Adorf"),
        ("drafted", [no_resolution("Adorf"), no_resolution("Cdorf")], "Adorf, Cdorf"),
        ("drafted", [no_resolution("Adorf"), no_resolution("Bdorf"), added("Ddorf")], "Adorf und 2 weitere"),
        ("drafted", [OPEN_REQUEST], "Adorf"),
        ("drafted", [no_resolution("Adorf"), asked_about("other", of="Bdorf")], "Bdorf"),
        ("agreement_signed", [asked_about("other", of="Cdorf"), asked_about("other", of="Bdorf")], "Cdorf, Bdorf"),
        ("resolutions_collected", [no_agreement], "Adorf"),
        ("agreement_signed", [RP_WAITS], "RP Gießen"),
        ("agreement_signed", [hearing()], "Adorf"),
    ],
)
def test_the_turn_is_said_by_name_where_that_says_more(case, changes, label):
    application = changed(case, changes)

    assert Application.objects.with_case().get(pk=application.pk).turn_label == label


CHANGES = {
    "no resolution": no_resolution("Adorf"),
    "another participant": added("Ddorf"),
    "open request": OPEN_REQUEST,
    "request closed": corrections_closed,
    "no file": agreement(file=None),
    "no signature": no_signature("Bdorf"),
    "opinion waits": RP_WAITS,
    "merged body": replaced_by("Adorf", "Neudorf"),
    "hearing runs": hearing(),
    "hearing is over": hearing(**OVER),
    "hearing nobody sent": hearing(**UNSENT),
    "hearing sent too late": hearing(**OVER, sent_on=YESTERDAY),
    "opinion waived": opinions(("RP Gießen", waived("Nicht nötig."))),
}


@given_random(
    state=st.sampled_from(UNDECIDED),
    names=st.lists(st.sampled_from(sorted(CHANGES)), unique=True, max_size=5),
    variant=st.sampled_from(["standard", "preparation"]),
)
@settings(max_examples=15, derandomize=True)
def test_sql_and_python_agree_in_any_situation(state, names, variant):
    changes = [CHANGES[name] for name in names if variant == "standard" or name not in ("no file", "no signature")]
    with disable_auditlog():
        application = changed(in_state(state, variant=variant), changes)

    python, sql = turns_of(application)

    assert sql == python


def test_worklist_leaves_out_what_four_eyes_bar():
    both = clerk()
    both.groups.add(*decider().groups.all())
    case_in("checked", by=both)
    foreign = case_in("checked")
    BudgetFactory()
    workflow.take(case_in("checked"), "approve", by=both, **answers_for(None, "approve"))

    waiting = Application.objects.at_turn_of(both)

    assert [each.file_number for each in waiting] == [foreign.file_number]


def test_whoever_approved_may_send_the_notice():
    stationery()
    application = letter_samples.granted().application
    both = application.approved_by
    both.groups.add(*clerk().groups.all())

    assert list(Application.objects.at_turn_of(both)) == [application]
