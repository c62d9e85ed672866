from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from applications.demo import moments
from applications.evidence import prove
from applications.models import Application, CorrectionRequest, Entry, FieldChange, Judgement, Opinion


def moment(*parts):
    return timezone.make_aware(datetime(*parts))  # noqa: DTZ001 (German time is meant)


@pytest.mark.parametrize(
    ("day", "morning"),
    [
        (date(2026, 10, 16), moment(2026, 10, 16, 9, 20)),
        (date(2026, 10, 17), moment(2026, 10, 19, 9, 20)),
        (date(2026, 10, 18), moment(2026, 10, 19, 9, 20)),
        (date(2026, 11, 24), moment(2026, 11, 23, 12)),
    ],
)
def test_morning_is_on_a_weekday_and_never_to_come(day, morning):
    with time_machine.travel(moment(2026, 11, 23, 12), tick=False):
        assert moments.morning_of(day) == morning


@pytest.mark.parametrize(
    ("step", "facts", "taken"),
    [
        ("collect_resolutions", [], moment(2026, 9, 2, 9, 20)),
        ("collect_resolutions", [date(2026, 9, 7), None], moment(2026, 9, 8, 9, 20)),
        ("approve", [], moment(2026, 9, 15, 9, 20)),
    ],
)
def test_step_is_taken_after_what_it_waits_for(step, facts, taken):
    with time_machine.travel(moment(2026, 11, 23, 12), tick=False):
        assert moments.of_step(step, moment(2026, 9, 1, 9, 20), facts) == taken


@pytest.mark.same_on_every_database
@pytest.mark.django_db
def test_demonstration_happened_in_its_own_time(demo):
    running = Application.objects.filter(taken_over_at=None)

    for application in running:
        moments = [entry.at for entry in application.history.all()]
        assert moments == sorted(moments)
        assert timezone.localdate(moments[0]) >= application.received_on
        assert application.state_since == moments[-1]
        assert prove(application).broken is None
    opened = [case.received_on for case in running.order_by("file_number")]
    assert opened == sorted(opened)
    now = timezone.now()
    for at in (
        *Entry.objects.values_list("at", flat=True),
        *FieldChange.objects.values_list("timestamp", flat=True),
        *Judgement.objects.values_list("at", flat=True),
        *CorrectionRequest.objects.values_list("requested_at", flat=True),
    ):
        assert at <= now


@pytest.mark.same_on_every_database
@pytest.mark.django_db
def test_demonstration_shows_what_is_overdue(demo):
    today = date(2026, 11, 23)

    late = Opinion.objects.filter(received_on=None, due_on__lt=today).values_list("application__cooperation__title")

    assert late.count() == 2
    assert Application.objects.overdue(today).count() == 1
    with time_machine.travel(moment(2026, 11, 23, 12), tick=False):
        waiting = [each.days_in_state for each in Application.objects.filter(taken_over_at=None)]
    assert min(waiting) > timedelta(weeks=4).days
