"""The dates of one case: which of them there are, how they look from today, and who is shown them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from applications import case_dates, deadlines, due_dates, workflow
from applications.case_dates import CaseDate, Facts, Tone, What
from applications.due_dates import DeliveryDays
from applications.models import Application, DateFacts, Programme
from tests.date_factories import DateFactsFactory, DeliveryRuleFactory
from tests.factories import (
    ApplicationFactory,
    CorrectionRequestFactory,
    FileNoteFactory,
    OpinionFactory,
    UserFactory,
    answers_for,
    case_in,
    clerk,
    decider,
    treasurer,
)
from tests.municipal_people import member_of, officer_of

pytestmark = pytest.mark.django_db

LIST = reverse("admin:applications_application_changelist")
LAW = [DeliveryDays(date(2025, 1, 1), 4)]
GRANT = {
    "is_granted": True,
    "starts_on": date(2027, 1, 1),
    "binding_years": 5,
    "reminder_months": 3,
    "retention_years": 10,
}
NOTICE = ["NOTIFICATION", "OBJECTION_END", "FINALITY"]


@pytest.mark.parametrize(
    ("facts", "names"),
    [
        ({}, ["BINDING_END"]),
        ({"starts_on": None}, []),
        ({"posted_on": date(2026, 6, 8)}, [*NOTICE, "PAYMENT", "BINDING_END"]),
        ({"posted_on": date(2024, 6, 8)}, ["BINDING_END"]),  # no rule for that day
        ({"posted_on": date(2024, 6, 8), "waived_on": date(2024, 6, 20)}, ["FINALITY", "PAYMENT", "BINDING_END"]),
        ({"posted_on": date(2026, 6, 8), "action_pending": True}, [*NOTICE[:2], "BINDING_END"]),
        ({"report_on": date(2029, 6, 29)}, ["REMINDER", "REPORT", "BINDING_END"]),
        ({"known_on": date(2028, 1, 3)}, ["REVOCATION_END", "BINDING_END"]),
        ({"ended_on": date(2030, 1, 3)}, ["BINDING_END", "RETENTION_END"]),
        ({"ended_on": date(2030, 1, 3), "known_on": date(2028, 1, 3), "is_revoked": True}, ["RETENTION_END"]),
        ({"is_granted": False, "posted_on": date(2026, 6, 8), "report_on": date(2029, 6, 29)}, NOTICE),  # a refusal
        (
            {"is_granted": False, "posted_on": date(2026, 6, 8), "ended_on": date(2026, 6, 1)},
            [*NOTICE, "RETENTION_END"],
        ),
        ({"is_granted": False, "ended_on": date(2026, 6, 1)}, ["RETENTION_END"]),  # withdrawn
    ],
)
def test_dates_that_can_be_told_in_the_order_of_time(facts, names):
    assert [each.what.name for each in case_dates.dates(Facts(**{**GRANT, **facts}), LAW)] == names


def test_a_whole_case():
    facts = Facts(**GRANT, posted_on=date(2026, 12, 21), report_on=date(2029, 6, 30), ended_on=date(2032, 3, 1))

    assert case_dates.dates(facts, LAW) == [
        CaseDate(What.NOTIFICATION, date(2026, 12, 28)),  # Christmas Day, so Monday
        CaseDate(What.OBJECTION_END, date(2027, 1, 28)),
        CaseDate(What.FINALITY, date(2027, 1, 29)),
        CaseDate(What.PAYMENT, date(2027, 1, 29)),
        CaseDate(What.REMINDER, date(2029, 3, 29)),
        CaseDate(What.REPORT, date(2029, 7, 2)),
        CaseDate(What.BINDING_END, date(2031, 12, 31)),
        CaseDate(What.RETENTION_END, date(2042, 12, 31)),
    ]


@pytest.mark.parametrize("what", What)
def test_every_date_says_what_it_rests_on(what):
    assert (bool(what.label), bool(what.source), what.concerns_municipality in (True, False)) == (True, True, True)


@pytest.mark.parametrize(
    ("days", "state", "is_here", "tone"),
    [
        (-1, "paid", False, Tone.OVERDUE),
        (-1, "paid", True, Tone.PAST),
        (-1, "completed", False, Tone.PAST),
        (0, "paid", False, Tone.SOON),
        (14, "paid", False, Tone.SOON),
        (15, "paid", False, Tone.LATER),
        (0, "completed", False, Tone.SOON),
    ],
)
def test_how_the_report_looks_from_today(days, state, is_here, tone):
    today = date(2029, 7, 2)
    report, facts = CaseDate(What.REPORT, today + timedelta(days=days)), Facts(**GRANT, is_report_here=is_here)

    assert case_dates.line_of_time([report], facts, state, today) == [(report, tone)]


# ── Of a stored case ──────────────────────────────────────────────────────────────────────────────────────────────────


STANDS_ON = {"case": "approved"}


@pytest.fixture
def today():
    return timezone.localdate()


def _report_in(days, state="paid", **fields):
    """A case whose report is due on that day; days off in between are left aside."""
    return DateFactsFactory(
        application=case_in(state, **fields), report_on=timezone.localdate() + timedelta(days=days)
    ).application


def test_undecided_case_has_no_dates():
    assert case_in("checked").dates == []


def test_programme_says_when_to_remind_and_how_long_to_keep():
    case = case_in("completed")
    DateFactsFactory(application=case, report_on=date(2029, 6, 29))
    Programme.objects.update(reminder_months=6, retention_years=30)

    found = {each.what: each.day for each in Application.objects.get(pk=case.pk).dates}

    assert found == {
        What.REMINDER: date(2028, 12, 29),
        What.REPORT: date(2029, 6, 29),
        What.BINDING_END: date(2031, 12, 31),  # five years from the first day of the agreement
        What.RETENTION_END: date(timezone.localdate().year + 30, 12, 31),
    }


def test_step_back_forgets_the_facts_of_the_decision_that_is_taken_back(today, case):
    DeliveryRuleFactory()
    DateFactsFactory(application=case, known_on=today)

    workflow.take(Application.objects.get(pk=case.pk), "undo", by=decider(), reason="Versehentlich.")

    assert not DateFacts.objects.exists()
    assert case.field_changes.filter(object_repr=f"Fristangaben {case}").count() == 2


def test_nothing_is_paid_before_the_notice_is_final(client, today, case):
    """The page of the case says so beside the closed button."""
    DeliveryRuleFactory()
    DateFactsFactory(application=case, posted_on=today)
    case = Application.objects.get(pk=case.pk)

    with pytest.raises(workflow.StepRefused) as refused:
        workflow.take(case, "pay", by=treasurer(), final_on=case.final_on)

    sentence = f"Nach den Fristangaben wird der Bescheid erst am {case.final_on:%d.%m.%Y} bestandskräftig."
    assert str(refused.value) == sentence
    client.force_login(treasurer())
    assertContains(client.get(reverse("admin:applications_application_change", args=[case.pk])), sentence)
    DateFacts.objects.update(waived_on=today)
    assert workflow.take(case, "pay", by=treasurer(), final_on=today).state == "paid"


@pytest.mark.parametrize(
    ("ground", "fields", "sentence"),
    [
        ("checked", {}, "Über den Antrag ist noch nicht entschieden. Fristen gibt es erst danach."),
        ("approved", {"posted_on": -1}, "Entschieden wurde erst am {today:%d.%m.%Y}."),
        ("rejected", {"waived_on": -1}, "Entschieden wurde erst am {today:%d.%m.%Y}."),
        ("approved", {"waived_on": 1}, "Dieser Tag liegt in der Zukunft. Bitte prüfen Sie das Datum."),
        (
            "approved",
            {"posted_on": 0},
            "Für Schreiben, die am {today:%d.%m.%Y} zur Post gegeben wurden, ist keine Zustellungsregel eingetragen. Bitte "
            "lassen Sie sie durch die Rolle Stammdaten ergänzen.",
        ),
    ],
    indirect=["ground"],
    scope="module",
)
def test_facts_that_cannot_be(today, built, fields, sentence):
    days = {name: today + timedelta(days=number) for name, number in fields.items()}

    with pytest.raises(ValidationError) as refused:
        DateFacts(application_id=built, **days).full_clean()

    assert refused.value.messages == [sentence.format(today=today)]


# ── By which day somebody has to act ──────────────────────────────────────────────────────────────────────────────────


def test_what_is_owed_over_many_cases(today):
    late = _report_in(-40)
    _report_in(-40, state="completed")
    _report_in(40)
    known = case_in("approved")
    DateFactsFactory(application=known, known_on=today - timedelta(days=360))
    DateFactsFactory(application=case_in("revoked"), known_on=today - timedelta(days=360))

    found = deadlines.owed_dates(Application.objects.all(), today + timedelta(days=14), at_most=20)

    assert [(case, each.what) for case, each in found] == [(late, What.REPORT), (known, What.REVOCATION_END)]


@pytest.mark.parametrize("state", ["completed", "rejected", "withdrawn", "revoked"])
def test_file_of_an_ended_case_is_kept_for_the_years_of_its_programme(state):
    """The filter asks the database, which counts as due_dates.retention_ends() does."""
    case = case_in(state)
    years = case.variant.programme.retention_years
    ends = due_dates.retention_ends(timezone.localdate(case.state_since), years)
    days = [ends - timedelta(days=1), ends, ends + timedelta(days=1)]
    every = Application.objects.all()

    found = {day: list(deadlines.with_a_day_between(every, day, day)) for day in days}
    owed = {day: deadlines.owed_dates(every, day, at_most=20) for day in days}

    assert case.dates[-1] == CaseDate(What.RETENTION_END, ends)
    assert found == {days[0]: [], days[1]: [case], days[2]: []}
    assert [[each.day for _case, each in owed[day]] for day in days] == [[], [ends], [ends]]
    assert list(deadlines.with_a_day_between(every, date.min, days[2])) == [case]
    assert [list(deadlines.kept_long_enough(every, day)) for day in days] == [[], [], [case]]


def test_part_revoked_after_the_completion_begins_the_years_anew(time_machine):
    case = case_in("completed")
    time_machine.move_to("2028-03-01 10:00")

    done = workflow.take(case, "revoke_part", by=decider(), **answers_for(case, "revoke_part"))

    assert CaseDate(What.RETENTION_END, date(2038, 12, 31)) in done.dates


@pytest.mark.parametrize(
    ("year_of_the_end", "found"),
    [(2009, True), (2010, False)],
)
def test_list_of_what_to_offer_to_the_archive(client, year_of_the_end, found):
    """Whatever ended ten full years ago, and nothing that still runs."""
    today = date(2020, 12, 31)
    ended, running = case_in("rejected"), case_in("paid")
    last_hour = datetime(year_of_the_end, 12, 31, 22, 59, tzinfo=UTC)  # 23:59 in Hessen
    Application.objects.update(state_since=last_hour)

    assert list(deadlines.kept_long_enough(Application.objects.all(), today)) == ([ended] if found else [])
    client.force_login(clerk())
    assert list(client.get(f"{LIST}?due=archive").context["cl"].result_list) == [ended]
    assert What.RETENTION_END not in {each.what for each in running.dates}


def test_withdrawn_case_shows_how_long_it_is_kept_and_asks_for_no_notice(client):
    case = case_in("withdrawn")
    client.force_login(clerk())

    page = client.get(reverse("admin:applications_application_change", args=[case.pk])).content.decode()

    assert "Ende der Aufbewahrung" in page
    assert "wann der Bescheid bekannt gegeben wurde" not in page
    assert "Fristangaben eintragen" not in page


def test_of_each_kind_the_first_are_told(today):
    for days in (-40, -60, -50):
        _report_in(days)

    found = deadlines.owed_dates(Application.objects.all(), today, at_most=2)

    assert [case.date_facts.report_on for case, _each in found] == [
        today - timedelta(days=60),
        today - timedelta(days=50),
    ]


def test_filter_of_the_list(client, today):
    me = clerk()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    cases = [ApplicationFactory(by=me) for _ in range(4)]
    CorrectionRequestFactory(application=cases[0], due_on=yesterday)
    OpinionFactory(application=cases[1], received_on=None, recommendation="", due_on=tomorrow)
    FileNoteFactory(application=cases[2], follow_up_on=yesterday)
    FileNoteFactory(application=cases[2], follow_up_on=tomorrow)
    FileNoteFactory(application=cases[3], follow_up_on=yesterday, is_done=True)
    CorrectionRequestFactory(application=case_in("withdrawn"), due_on=yesterday)
    late, soon = _report_in(-40), _report_in(7)
    client.force_login(me)

    found = {each: _rows(client, each) for each in ("overdue", "soon")}

    assert found == {"overdue": {cases[0], cases[2], late}, "soon": {cases[1], cases[2], soon}}


def _rows(client, due):
    return set(client.get(f"{LIST}?due={due}").context["cl"].result_list)


@pytest.mark.parametrize("rows", [1, 3])
def test_filtered_list_takes_the_same_queries_for_any_number_of_cases(client, django_assert_num_queries, rows):
    for _ in range(rows):
        _report_in(-40)
    client.force_login(clerk())
    client.get(f"{LIST}?due=overdue")

    with django_assert_num_queries(11):
        response = client.get(f"{LIST}?due=overdue")

    assert response.context["cl"].result_count == rows


def test_front_page_lists_what_is_owed(client):
    me = clerk()
    late = _report_in(-40, by=me)
    client.force_login(me)

    (deadline,) = client.get(reverse("admin:index")).context["page"].deadlines

    assert (deadline.application, deadline.what, deadline.is_overdue) == (late, "Verwendungsnachweis fällig", True)


# ── On the pages ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_clerk_enters_the_facts_and_sees_the_dates(client, today, case):
    DeliveryRuleFactory()
    me = clerk()
    client.force_login(me)
    page = reverse("admin:applications_application_change", args=[case.pk])
    add = reverse("admin:applications_datefacts_add") + f"?parent={case.pk}"
    assert f'<a class="card__more" href="{add}">Fristangaben eintragen</a>' in client.get(page).content.decode()

    response = client.post(add, {"seen": "", "posted_on": f"{today:%d.%m.%Y}", "is_instructed": "on"})

    assert response.url == page
    assert [each.what.name for each, _tone in client.get(page).context["dates"]] == [*NOTICE, "PAYMENT", "BINDING_END"]


def test_undecided_case_asks_for_no_facts(client):
    case = case_in("checked")
    client.force_login(clerk())

    page = client.get(reverse("admin:applications_application_change", args=[case.pk])).content.decode()
    form = client.get(reverse("admin:applications_datefacts_add") + f"?parent={case.pk}").content.decode()

    assert 'id="fristen"' not in page
    assert "Über den Antrag ist noch nicht entschieden." in form


def test_form_of_a_decided_case_does_not_call_it_closed(client, case):
    client.force_login(clerk())

    form = client.get(reverse("admin:applications_datefacts_add") + f"?parent={case.pk}").content.decode()

    assert "kann nicht mehr geändert werden" not in form


def test_case_page_takes_the_same_queries_for_a_grant_and_for_its_posted_notice(
    client, django_assert_num_queries, today, case
):
    DeliveryRuleFactory()
    client.force_login(UserFactory(is_superuser=True))
    page = reverse("admin:applications_application_change", args=[case.pk])
    client.get(page)

    with django_assert_num_queries(24):
        client.get(page)
    DateFactsFactory(application=case, posted_on=today)
    client.get(page)
    with django_assert_num_queries(24):
        client.get(page)


def test_municipality_sees_what_concerns_it(client, today):
    DeliveryRuleFactory()
    case = _report_in(-40)
    DateFacts.objects.update(posted_on=today, known_on=today)
    url = reverse("portal:case", args=[case.uuid])

    client.force_login(member_of(case.municipalities[1]))
    shown = [each.what.name for each, _tone in client.get(url).context["dates"]]
    client.force_login(officer_of(case.opinions.first()))

    assert shown == ["REPORT", *NOTICE, "PAYMENT", "BINDING_END"]
    assert client.get(url).context["dates"] == []
