"""What is said of a letter after it was made: sent, waived, and what of it was written down wrong."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from applications import deadlines, evidence, figures, notices, steps_with_letters, timeline, workflow
from applications.letter_kinds import LetterKind
from applications.models import Application, DateFacts, DeliveryRule, Notice
from applications.models.notice import SENT_STAYS, UNCHANGED
from tests.factories import decider, taken, treasurer

pytestmark = pytest.mark.django_db

YESTERDAY, TODAY, TOMORROW = (date(2026, 11, day) for day in (23, 24, 25))


def test_decision_that_nobody_sent_is_due_on_its_day(grant, time_machine):
    """Until then no period runs, and the grant is never paid out."""
    case, clerk = grant.application, grant.application.clerk
    assert _what_is_due(clerk) == [("Zuwendungsbescheid: Versand festhalten", "heute")]

    time_machine.move_to("2026-11-25 12:00")
    assert _what_is_due(clerk) == [("Zuwendungsbescheid: Versand festhalten", "seit 1 Tag überfällig")]
    assert list(deadlines.with_a_day_between(Application.objects.all(), date.min, TODAY)) == [case]

    notices.record_dispatch(grant, delivery="post", posted_on=TODAY)
    assert "Zuwendungsbescheid: Versand festhalten" not in dict(_what_is_due(clerk))


def test_nothing_is_paid_before_the_letter_went_out(grant):
    with pytest.raises(workflow.NotReady) as refused:
        workflow.take(grant.application, "pay", by=treasurer(), final_on=TODAY)

    assert str(refused.value) == (
        "Der Versand des Bescheids ist noch nicht festgehalten. Die Sachbearbeitung hält ihn beim Schreiben fest."
    )


def test_grant_that_was_revoked_before_it_went_out_is_not_due(grant):
    taken(grant.application, "revoke")

    assert "Zuwendungsbescheid: Versand festhalten" not in dict(_what_is_due(grant.application.clerk))


def _what_is_due(user):
    return [(each.what, each.when) for each in figures.deadlines(user, timezone.localdate())]


def test_dispatch_is_written_down_once(grant):
    notices.record_dispatch(grant, delivery="post", posted_on=TODAY)
    notices.record_dispatch(grant, waiver_on=TODAY)
    with pytest.raises(ValidationError) as refusal:
        notices.record_dispatch(grant, waiver_on=None)

    stored = Notice.objects.get(pk=grant.pk)
    assert refusal.value.messages == [UNCHANGED]
    assert (stored.delivery, stored.posted_on, stored.waiver_on) == ("post", TODAY, TODAY)


@pytest.mark.parametrize(
    "days",
    [
        {"posted_on": TODAY},
        {"delivery": "electronic", "posted_on": TODAY},
        {"delivery": "post", "retrieved_on": TODAY},
        {"delivery": "post", "posted_on": TODAY, "retrieved_on": TODAY},
    ],
)
def test_dispatch_and_its_way_belong_together(grant, days):
    with pytest.raises(ValidationError) as refusal:
        notices.record_dispatch(grant, **days)

    assert refusal.value.messages == ["Zum Tag der Aufgabe zur Post oder des Abrufs gehört der Versandweg."]


FUTURE = "Dieser Tag liegt in der Zukunft. Bitte prüfen Sie das Datum."
TOO_EARLY = "Das Schreiben trägt das Datum 24.11.2026."
WAIVER_FOLLOWS = "Ein Verzicht gehört zu einem Bescheid und folgt auf dessen Versand."
POST, NET = {"delivery": "post"}, {"delivery": "electronic"}


@pytest.mark.parametrize(
    ("days", "errors"),
    [
        ({**POST, "posted_on": TOMORROW}, {"posted_on": [FUTURE]}),
        ({**POST, "posted_on": date(2062, 11, 24)}, {"posted_on": [FUTURE]}),
        ({**NET, "retrieved_on": TOMORROW}, {"retrieved_on": [FUTURE]}),
        ({**POST, "posted_on": TODAY, "waiver_on": TOMORROW}, {"waiver_on": [FUTURE]}),
        ({**POST, "posted_on": YESTERDAY}, {"posted_on": [TOO_EARLY]}),
        ({**NET, "retrieved_on": YESTERDAY}, {"retrieved_on": [TOO_EARLY]}),
        ({**POST, "posted_on": TODAY, "waiver_on": YESTERDAY}, {"waiver_on": [TOO_EARLY]}),
        ({"waiver_on": TODAY}, {"waiver_on": [WAIVER_FOLLOWS]}),
    ],
)
def test_days_that_cannot_be_are_refused(grant, days, errors):
    with pytest.raises(ValidationError) as refusal:
        notices.record_dispatch(grant, **days)

    stored = Notice.objects.get()
    assert refusal.value.message_dict == errors
    assert (stored.sent_on, stored.waiver_on, DateFacts.objects.exists()) == (None, None, False)


def test_waiver_of_what_is_no_notice_is_refused(grant):
    application = grant.application
    receipt = notices.issue(application, LetterKind.RECEIPT, by=application.clerk)

    with pytest.raises(ValidationError) as refusal:
        notices.record_dispatch(receipt, **POST, posted_on=TODAY, waiver_on=TODAY)

    assert refusal.value.messages == [WAIVER_FOLLOWS]


def test_posting_that_no_rule_covers_is_refused(grant):
    DeliveryRule.objects.all().delete()

    with pytest.raises(ValidationError, match="ist keine Zustellungsregel eingetragen"):
        notices.record_dispatch(grant, **POST, posted_on=TODAY)

    assert Notice.objects.get().posted_on is None


def test_voided_letter_was_never_sent(grant):
    notices.void(grant, by=grant.application.clerk, reason="Falsche Anschrift.")

    with pytest.raises(ValidationError) as refusal:
        notices.record_dispatch(grant, **POST, posted_on=TODAY)

    assert refusal.value.messages == [SENT_STAYS]


def facts_of(application):
    return DateFacts.objects.values_list("posted_on", "retrieved_on", "waived_on").get(application=application)


def test_dates_are_counted_from_the_amendment_and_not_from_the_letter_that_it_amends(grant):
    """Otherwise the grant would be paid before its amendment is final."""
    by, application = decider(), grant.application
    notices.record_dispatch(grant, **POST, posted_on=TODAY)
    year = TODAY.year
    changed = steps_with_letters.take(
        application, "amend", by=by, amount=Decimal(80000), year=year, reason="Mehr Kosten."
    )

    notices.record_dispatch(grant, waiver_on=TODAY)

    assert facts_of(application) == (None, None, None)
    assert type(application).objects.get().final_on is None
    notices.record_dispatch(changed.deciding_notice, **NET, retrieved_on=TODAY)
    assert facts_of(application) == (None, TODAY, None)


# ── Mended ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_dispatch_that_was_written_down_wrong_is_corrected_with_a_reason(grant, time_machine):
    time_machine.move_to("2026-11-27 12:00")
    late = date(2026, 11, 27)
    application, by = grant.application, decider()
    notices.record_dispatch(grant, **POST, posted_on=late, waiver_on=late)

    days = {**NET, "posted_on": None, "retrieved_on": TODAY, "waiver_on": None}
    notices.correct_dispatch(grant, by=by, reason="Falsches Schreiben.", **days)

    entry = application.history.last()
    assert facts_of(application) == (None, TODAY, None)
    assert (entry.by, entry.reason, entry.source, entry.target) == (by, "Falsches Schreiben.", "approved", "approved")
    assert entry.data == {
        "letter": "grant",
        "code": grant.code,
        "sha256": grant.file.sha256,
        "days": {
            "delivery": ["post", "electronic"],
            "posted_on": ["2026-11-27", None],
            "retrieved_on": [None, "2026-11-24"],
            "waiver_on": ["2026-11-27", None],
        },
    }
    application = type(application).objects.get()
    assert evidence.prove(application).broken is None
    assert "Versand berichtigt: Zuwendungsbescheid" in [each.text for each in timeline.events(application)]


NEVER = {"delivery": "", "posted_on": None, "retrieved_on": None, "waiver_on": None}


def test_letter_that_was_not_sent_after_all_may_be_voided(grant):
    notices.record_dispatch(grant, **POST, posted_on=TODAY)

    notices.correct_dispatch(grant, by=decider(), reason="Liegt noch hier.", **NEVER)
    notices.void(grant, by=decider(), reason="Falsche Anschrift.")

    assert Notice.objects.get().is_voided


def test_correction_holds_to_the_same_rules(grant):
    notices.record_dispatch(grant, **POST, posted_on=TODAY)

    with pytest.raises(ValidationError) as refusal:
        notices.correct_dispatch(grant, by=decider(), reason="Falsch.", **{**NEVER, **POST, "posted_on": TOMORROW})

    assert refusal.value.messages == [FUTURE]
    assert facts_of(grant.application) == (TODAY, None, None)


def test_what_was_paid_on_stays(grant):
    notices.record_dispatch(grant, **POST, posted_on=TODAY, waiver_on=TODAY)
    workflow.take(grant.application, "pay", by=treasurer(), final_on=TODAY)

    with pytest.raises(ValidationError) as refusal:
        notices.correct_dispatch(grant, by=decider(), reason="Falsch.", **NEVER)

    assert refusal.value.messages == [
        "Auf diesen Bescheid ist schon ausgezahlt. Sein Versand bleibt, wie er festgehalten ist."
    ]
    assert facts_of(grant.application) == (TODAY, None, TODAY)
