"""By which day a report of use is owed, over many cases: not while it lies at the ministry."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import deadlines, due_dates
from applications.case_dates import Tone, What
from applications.models import Application
from tests.date_factories import DateFactsFactory
from tests.factories import case_in, clerk
from tests.municipal_people import member_of
from tests.report_factories import UsageReportFactory

pytestmark = pytest.mark.django_db

LIST = reverse("admin:applications_application_changelist")


@pytest.fixture
def today():
    return timezone.localdate()


def _report_in(days):
    """A paid case whose report is due on that day; days off in between are left aside."""
    return DateFactsFactory(
        application=case_in("paid"), report_on=timezone.localdate() + timedelta(days=days)
    ).application


@pytest.mark.parametrize(("verdict", "is_owed"), [("open", False), ("accepted", False), ("objected", True)])
def test_report_that_is_here_is_owed_only_after_an_objection(client, today, verdict, is_owed):
    """In the list, on the front page and in the portal, where what is overdue stands in bold."""
    late, judge = _report_in(-40), clerk()
    judged = {"judged_by": judge, "judged_at": timezone.now()} if verdict != "open" else {}
    UsageReportFactory(application=late, verdict=verdict, note="Belege.", **judged)
    client.force_login(judge)
    every = Application.objects.all()

    assert [case for case, _each in deadlines.owed_dates(every, today, at_most=20)] == ([late] if is_owed else [])
    assert set(client.get(f"{LIST}?due=overdue").context["cl"].result_list) == ({late} if is_owed else set())
    client.force_login(member_of(late.lead))
    dates = client.get(reverse("portal:case", args=[late.uuid])).context["dates"]
    assert [tone for each, tone in dates if each.what == What.REPORT] == [Tone.OVERDUE if is_owed else Tone.PAST]


def test_reports_that_are_here_take_nobody_elses_place(today):
    for days in (-60, -50):
        UsageReportFactory(application=_report_in(days))
    late = _report_in(-40)

    found = deadlines.owed_dates(Application.objects.all(), today, at_most=2)

    assert [case for case, _each in found] == [late]


@pytest.mark.parametrize(
    ("ground", "stored", "counted"),
    [("paid", "report_on", due_dates.report_due), ("approved", "known_on", due_dates.revocation_ends)],
    indirect=["ground"],
    scope="module",
)
@pytest.mark.parametrize("around", [date(2028, 2, 28), date(2028, 12, 24), date(2027, 5, 15)])
def test_list_finds_exactly_the_days_that_are_counted(case, stored, counted, around):
    """Over leap days, weekends and holidays: the list asks for stored days, the case counts from them."""
    facts = DateFactsFactory(application=case)
    every = Application.objects.all()

    for shift in range(-4, 8):
        setattr(facts, stored, around + timedelta(days=shift))
        facts.save()
        due = counted(getattr(facts, stored))
        days = [due + timedelta(days=away) for away in (-1, 0, 1)]
        found = [deadlines.with_a_day_between(every, day, day).exists() for day in days]
        until = [deadlines.with_a_day_between(every, date.min, day).exists() for day in days]
        assert (found, until) == ([False, True, False], [False, True, True])
