"""The report of use: asked for, handed in, objected to, handed in again, accepted; then the case may be closed."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from applications import usage_reports, workflow
from applications.models import Application, Message, UsageReport
from applications.turns import Turn
from ikz import clock
from tests.date_factories import DateFactsFactory
from tests.factories import answers_for, case_in, decider
from tests.municipal_people import member_of
from tests.report_factories import UsageReportFactory

pytestmark = pytest.mark.django_db

DUE = date(2029, 6, 30)
REPORTED = {"text": "Der Bauhof läuft.", "spent": "75.000,00", "personnel_after": "230.000", "material_after": "45.000"}


STANDS_ON = {"paid": "paid"}


@pytest.fixture
def paid(case):
    return case


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


@pytest.mark.parametrize("state", ["approved", "revoked"])
def test_report_belongs_between_payment_and_end(client, state):
    application = case_in(state)
    client.force_login(member_of(application.lead))

    response = client.get(page(application))

    assert response.status_code == 403
    assert ("reichen Sie nach der Auszahlung ein" in response.text) is (state == "approved")


def test_more_than_the_grant_was_not_spent(client, paid, lead):
    client.force_login(lead)

    response = hand_in(client, paid, spent="75.000,01")

    assert response.context["form"].errors["spent"] == [
        "Bewilligt sind 75.000 €; mehr kann davon nicht ausgegeben sein."
    ]
    assert not UsageReport.objects.exists()


def test_ministry_enters_no_more_than_the_grant_either(client, paid):
    client.force_login(paid.clerk)
    page = f"{reverse('admin:applications_usagereport_add')}?parent={paid.pk}"
    answers = {**REPORTED, "submitted_on": f"{clock.today():%d.%m.%Y}", "verdict": "open", "spent": "9.999.999"}

    response = client.post(page, answers)

    assert response.context["adminform"].form.errors == {
        "spent": ["Bewilligt sind 75.000 €; mehr kann davon nicht ausgegeben sein."]
    }
    assert not UsageReport.objects.exists()


def test_what_was_revoked_after_the_report_may_have_been_spent(client, paid, time_machine):
    report = UsageReportFactory(application=paid)
    workflow.take(paid, "revoke_part", by=decider(), **answers_for(paid, "revoke_part"))
    client.force_login(paid.clerk)

    judge(client, report, verdict="objected", note="Ein Teil ist widerrufen.")
    time_machine.move_to(timezone.now() + timedelta(days=1))
    client.force_login(member_of(paid.lead))
    again = hand_in(client, paid)

    assert UsageReport.objects.get().verdict == "objected"
    assert again.context["form"].errors == {
        "spent": ["Bewilligt sind 74.000 €; mehr kann davon nicht ausgegeben sein."]
    }


def judge(client, report, **answers):
    url = reverse("admin:applications_usagereport_change", args=[report.pk])
    form = client.get(url).context["adminform"].form
    shown = {name: form[name].value() for name in form.fields if name != "upload"}
    shown |= {name: str(value).replace(".", ",") for name, value in shown.items() if isinstance(value, Decimal)}
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

    assert client.get(page(paid)).templates[0].name == "applications/portal/submitted.html"
    assert client.get(reverse("portal:case", args=[paid.uuid])).context["owed"] == []


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (
            None,
            "Der Verwendungsnachweis von {lead} liegt noch nicht vor. Kam er auf Papier, tragen Sie ihn bitte ein; bleibt er aus, kann "
            "die Zuwendung widerrufen werden.",
        ),
        ("open", "Der Verwendungsnachweis ist noch nicht geprüft. Die Sachbearbeitung prüft ihn und nimmt ihn an."),
        ("objected", "Der Verwendungsnachweis ist beanstandet. Bitte fordern Sie ihn bei {lead} neu an."),
    ],
)
def test_case_is_closed_only_with_an_accepted_report(client, paid, report, sentence):
    """The page says so beside the closed button; nobody writes a reason first."""
    sentence = sentence.format(lead=paid.lead.display_name)
    if report:
        UsageReportFactory(
            application=paid,
            verdict=report,
            note="Belege fehlen.",
            judged_by=paid.clerk if report == "objected" else None,
            judged_at=clock.now() if report == "objected" else None,
        )

    with pytest.raises(workflow.NotReady) as refusal:
        workflow.take(fresh(paid), "complete", by=paid.clerk, reason="Geprüft.")

    client.force_login(paid.clerk)
    page = client.get(reverse("admin:applications_application_change", args=[paid.pk]))
    assert str(refusal.value) == sentence
    assertContains(page, sentence)
    assertNotContains(page, "Abschließen …")
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
        (date(2029, 3, 28), None),
        (date(2029, 3, 29), "Verwendungsnachweis fällig"),  # three months before is Easter Monday
        (date(2029, 7, 2), "Verwendungsnachweis fällig"),  # due on a Saturday, so on Monday
        (date(2029, 7, 3), "Verwendungsnachweis überfällig"),
        (date(2029, 7, 30), "Verwendungsnachweis überfällig"),
        (date(2029, 7, 31), "Zweite Erinnerung: Verwendungsnachweis überfällig"),
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
    assert all(each.subject == f"{subject} ({paid.file_number})" for each in new)
    assert all("am 02.07.2029 fällig" in each.text for each in new)


def test_nobody_is_reminded_of_what_is_there(paid, lead):
    DateFactsFactory(application=paid, report_on=DUE)
    UsageReportFactory(application=paid)

    assert usage_reports.remind(DUE + timedelta(days=1)) == 0
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("today", "subject"),
    [
        (date(2029, 7, 20), None),
        (date(2029, 7, 21), "Verwendungsnachweis noch zu ergänzen"),
        (date(2029, 8, 17), "Verwendungsnachweis noch zu ergänzen"),
        (date(2029, 8, 18), "Zweite Erinnerung: Verwendungsnachweis noch zu ergänzen"),
    ],
)
def test_after_an_objection_the_reminders_begin_anew(paid, lead, today, subject):
    """The report came in time, and was objected to on 22 June."""
    DateFactsFactory(application=paid, report_on=DUE - timedelta(days=30))
    _objected(paid, datetime(2029, 6, 22, 12, tzinfo=UTC))

    told = usage_reports.remind(today), usage_reports.remind(today)

    new = Message.objects.filter(event="report_due")
    assert told == ((1, 0) if subject else (0, 0))
    assert [each.subject for each in new] == ([f"{subject} ({paid.file_number})"] if subject else [])
    assert all("am 22.06.2029 beanstandet. Der ergänzte Nachweis liegt noch nicht vor." in each.text for each in new)


def test_objection_before_the_day_leaves_the_time_until_the_day(paid, lead):
    DateFactsFactory(application=paid, report_on=DUE)
    _objected(paid, datetime(2029, 2, 1, 12, tzinfo=UTC))

    assert [usage_reports.remind(each) for each in (date(2029, 7, 2), date(2029, 7, 3))] == [0, 1]


def _objected(application, at):
    return UsageReportFactory(
        application=application, verdict="objected", note="Belege.", judged_by=application.clerk, judged_at=at
    )


def test_day_at_the_end_of_the_calendar_reminds_of_nothing(paid, lead):
    DateFactsFactory(application=paid, report_on=date.max)

    assert usage_reports.remind(DUE) == 0


def test_case_that_fails_stops_no_other(paid, lead, caplog):
    broken = case_in("paid")  # the newest comes first
    for case in (paid, broken):
        DateFactsFactory(application=case, report_on=DUE)
    member_of(broken.lead)
    _objected(broken, datetime(9999, 12, 31, 12, tzinfo=UTC))

    told = usage_reports.remind(DUE + timedelta(days=10))

    assert told == 1
    assert [(each.levelname, each.getMessage()) for each in caplog.records] == [
        (
            "ERROR",
            f"Erinnerung an den Verwendungsnachweis, Fall {broken.pk}: nicht erledigt, alles andere geht weiter.",
        )
    ]


def test_todo_names_the_working_day_on_which_it_is_due(client, paid, lead):
    DateFactsFactory(application=paid, report_on=DUE)
    client.force_login(lead)

    (owed,) = client.get(reverse("portal:case", args=[paid.uuid])).context["owed"]

    assert owed.due_on == date(2029, 7, 2)
