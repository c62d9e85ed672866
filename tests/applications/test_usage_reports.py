"""The report of use: asked for, handed in, objected to, handed in again, accepted; then the case may be closed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse

from applications import usage_reports, workflow
from applications.models import Application, Message, UsageReport
from applications.turns import Turn
from ikz import clock
from tests.date_factories import DateFactsFactory
from tests.factories import case_in
from tests.municipal_people import member_of
from tests.report_factories import UsageReportFactory

pytestmark = pytest.mark.django_db

DUE = date(2029, 6, 30)
REPORTED = {"text": "Der Bauhof läuft.", "spent": "75.000,00", "personnel_after": "230.000", "material_after": "45.000"}


@pytest.fixture
def paid():
    return case_in("paid")


@pytest.fixture
def lead(paid):
    return member_of(paid.lead)


def page(application):
    return reverse("portal:usage_report", args=[application.uuid])


def hand_in(client, application, **changes):
    form = client.get(page(application)).context["form"]
    return client.post(page(application), {**REPORTED, "seen": form["seen"].value(), **changes})


def fresh(application):
    return Application.objects.with_case().get(pk=application.pk)


def test_lead_hands_in_and_the_clerk_is_told(client, paid, lead):
    client.force_login(lead)

    response = hand_in(client, paid)

    report = UsageReport.objects.get()
    assert response.url == reverse("portal:case", args=[paid.uuid])
    assert (report.spent, report.verdict, report.submitted_on) == (75000, "open", clock.today())
    assert Message.objects.get(event="report_received").recipient == paid.clerk
    assert fresh(paid).turn == Turn.CLERK
    assert Application.objects.with_turn().get().sql_turn == Turn.CLERK


def test_only_the_lead_reports(client, paid):
    client.force_login(member_of(paid.municipalities[1]))

    assert client.get(page(paid)).status_code == 404


@pytest.mark.parametrize("state", ["approved", "completed", "revoked"])
def test_report_belongs_between_payment_and_end(client, state):
    application = case_in(state)
    client.force_login(member_of(application.lead))

    assert client.get(page(application)).status_code == 403


def test_more_than_the_grant_was_not_spent(client, paid, lead):
    client.force_login(lead)

    response = hand_in(client, paid, spent="75.000,01")

    assert response.context["form"].errors["spent"] == [
        "Bewilligt sind 75.000 €; mehr kann davon nicht ausgegeben sein."
    ]
    assert not UsageReport.objects.exists()


def judge(client, report, **answers):
    url = reverse("admin:applications_usagereport_change", args=[report.pk])
    form = client.get(url).context["adminform"].form
    shown = {name: form[name].value() for name in form.fields if name != "upload"}
    day = report.submitted_on.strftime("%d.%m.%Y")
    return client.post(url, {**{name: value or "" for name, value in shown.items()}, "submitted_on": day, **answers})


def test_objection_reaches_the_lead_and_the_next_version_is_looked_at_again(client, paid, lead):
    report = UsageReportFactory(application=paid)
    client.force_login(paid.clerk)
    judge(client, report, verdict="objected", note="Die Belege fehlen.")

    told = Message.objects.get(event="report_objected")
    assert (told.recipient, "Die Belege fehlen." in told.text) == (lead, True)
    assert (fresh(paid).turn, UsageReport.objects.get().judged_by) == (Turn.LEAD, paid.clerk)
    client.force_login(lead)
    owed = client.get(reverse("portal:case", args=[paid.uuid])).context["owed"]
    assert [each.text for each in owed] == ["Das genügt noch nicht: Die Belege fehlen."]
    hand_in(client, paid, text="Mit Belegen.")

    report = UsageReport.objects.get()
    assert (report.text, report.verdict, report.judged_by) == ("Mit Belegen.", "open", None)


def test_objection_says_what_is_missing(client, paid):
    report = UsageReportFactory(application=paid)
    client.force_login(paid.clerk)

    response = judge(client, report, verdict="objected", note="")

    assert "Bitte schreiben Sie, was an dem Nachweis fehlt." in response.content.decode()
    assert UsageReport.objects.get().verdict == "open"


def test_accepted_report_is_closed_for_the_lead(client, paid, lead):
    UsageReportFactory(application=paid, accepted_by=paid.clerk)
    client.force_login(lead)

    assert client.get(page(paid)).status_code == 403
    assert client.get(reverse("portal:case", args=[paid.uuid])).context["owed"] == []


@pytest.mark.parametrize("report", [None, "open", "objected"])
def test_case_is_closed_only_with_an_accepted_report(paid, report):
    if report:
        UsageReportFactory(
            application=paid,
            verdict=report,
            note="Belege fehlen.",
            judged_by=paid.clerk if report == "objected" else None,
            judged_at=clock.now() if report == "objected" else None,
        )

    with pytest.raises(workflow.AnswerRefused, match="nehmen Sie ihn an"):
        workflow.take(paid, "complete", by=paid.clerk, reason="Geprüft.")

    assert fresh(paid).state == "paid"


def test_saving_in_truth_stands_beside_the_promise(client, paid):
    """360,000 € before; 285,000 € were promised, 275,000 € it became."""
    UsageReportFactory(application=paid)
    client.force_login(paid.clerk)

    shown = client.get(reverse("admin:applications_application_change", args=[paid.pk])).content.decode()

    assert round(UsageReport.objects.get().saving.percent, 2) == Decimal("23.61")
    assert "23,61 %" in shown
    assert "20,83 %" in shown


@pytest.mark.parametrize(
    ("today", "subject"),
    [
        (date(2029, 3, 29), None),
        (date(2029, 3, 30), "Verwendungsnachweis fällig"),
        (date(2029, 6, 30), "Verwendungsnachweis fällig"),
        (date(2029, 7, 1), "Verwendungsnachweis überfällig"),
        (date(2029, 7, 28), "Verwendungsnachweis überfällig"),
        (date(2029, 7, 29), "Zweite Erinnerung: Verwendungsnachweis überfällig"),
    ],
)
def test_lead_is_reminded_before_after_and_once_more(paid, lead, today, subject):
    DateFactsFactory(application=paid, report_on=DUE)
    before = Message.objects.count()

    told = usage_reports.remind(today), usage_reports.remind(today)

    new = Message.objects.filter(event="report_due")
    assert told == ((1, 0) if subject else (0, 0))
    assert Message.objects.count() - before == told[0]
    assert [each.recipient for each in new] == ([lead] if subject else [])
    assert all(subject in each.subject for each in new)


def test_nobody_is_reminded_of_what_is_there(paid, lead):
    DateFactsFactory(application=paid, report_on=DUE)
    UsageReportFactory(application=paid)

    assert usage_reports.remind(DUE + timedelta(days=1)) == 0
    assert mail.outbox == []
