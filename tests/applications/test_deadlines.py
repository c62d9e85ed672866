"""By which day a report of use is owed, over many cases: not while it lies at the ministry."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import deadlines
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
