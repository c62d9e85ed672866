from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from applications import corrections, deadlines, figures, rules
from applications.models import Application, Hearing
from applications.states import State
from tests.applications.situations import judged
from tests.budget_factories import transfer
from tests.factories import (
    AgreementFactory,
    ApplicationFactory,
    BudgetFactory,
    CooperationFactory,
    CorrectionRequestFactory,
    FileNoteFactory,
    OpinionFactory,
    UserFactory,
    case_in,
    clerk,
    decider,
    taken,
    treasurer,
)
from tests.programme_factories import VariantFactory
from tests.report_factories import UsageReportFactory
from tests.stationery import HearingFactory, stationery

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def in_days(number):
    return TODAY + timedelta(days=number)


def _waited(application, days):
    Application.objects.filter(pk=application.pk).update(state_since=timezone.now() - timedelta(days=days))


def _sentences(user):
    return [task.what_to_do for task in figures.worklist(user, TODAY).tasks]


def test_worklist_is_the_oldest_first_and_leaves_out_what_waits_for_others():
    me = clerk()
    new, old = ApplicationFactory(by=me, complete=True), ApplicationFactory(by=me, complete=True)
    _waited(old, 9)
    ApplicationFactory(by=me)  # resolutions are missing: the participants' turn
    ApplicationFactory(complete=True)  # a colleague's case

    worklist = figures.worklist(me, TODAY)

    assert [(task.application, task.waiting) for task in worklist.tasks] == [(old, "seit 9 Tagen"), (new, "seit heute")]
    assert (worklist.total, worklist.is_cut, worklist.has_turns) == (2, False, True)


def test_worklist_counts_what_it_does_not_show():
    me = clerk()
    for _ in range(figures.FIRST_ROWS + 1):
        ApplicationFactory(by=me, cooperation=CooperationFactory(participants=0))

    worklist = figures.worklist(me, TODAY)

    assert (len(worklist.tasks), worklist.total, worklist.is_cut) == (20, 21, True)


@pytest.mark.parametrize("role", [[], ["Revision"], ["Stammdaten"]])
def test_worklist_of_whoever_never_acts_is_empty(role):
    ApplicationFactory(complete=True)

    assert figures.worklist(UserFactory(roles=role), TODAY) == figures.Worklist([], 0, has_turns=False)


def test_clerk_hears_what_to_do_in_each_state():
    me = clerk()
    ApplicationFactory(by=me, cooperation=CooperationFactory(participants=0))
    ApplicationFactory(by=me, complete=True)
    case_in("resolutions_collected", by=me)
    case_in("agreement_signed", by=me)
    case_in("agreement_signed", by=me).opinions.all().delete()

    assert _sentences(me) == [
        "Tragen Sie die beteiligten Kommunen ein.",
        "Bestätigen Sie, dass die Beschlüsse vollständig sind.",
        "Bestätigen Sie, dass die Vereinbarung vollständig ist.",
        "Schließen Sie die Prüfung ab.",
        "Es ist noch keine Stellungnahme angefordert. Bitte fordern Sie sie an bei: Regierungspräsidium Gießen, "
        "Kommunale Spitzenverbände und Hessisches Ministerium der Finanzen.",
    ]


def test_clerk_hears_the_first_obstacle_of_the_next_step():
    me = clerk()
    application = case_in("agreement_signed", by=me)
    application.cooperation.personnel_after = Decimal(300000)
    application.cooperation.save()

    assert _sentences(me) == [
        "Eingespart werden 4,16 % (15.000 € im Jahr), verlangt sind mindestens 15,00 % der bisherigen Ausgaben. "
        f"Bitte klären Sie das mit {application.lead.display_name}."
    ]


def test_clerk_hears_what_follows_a_negative_judgement():
    me = clerk()
    application = case_in("agreement_signed", by=me)
    judged(rules.no_pure_it_investment, (False, "Nur ein Ratsinformationssystem."))(application)

    assert _sentences(me) == [
        "Nicht erfüllt: „Keine reine IT-Investition“. Hören Sie die federführende Kommune zur beabsichtigten Ablehnung an."
    ]


def test_decider_hears_that_a_refusal_waits():
    application = case_in("agreement_signed")
    stationery()
    HearingFactory(application=application, due_on=TODAY - timedelta(days=1))

    assert _sentences(decider()) == ["Entscheiden Sie über die Ablehnung; die federführende Kommune ist angehört."]


@pytest.mark.parametrize(
    ("sent_on", "sentence"),
    [
        (None, "Versenden Sie die Anhörung und halten Sie den Versand fest; bis dahin läuft die Frist nicht."),
        (TODAY, "Hören Sie erneut an; die Anhörung ging erst hinaus, als keine Zeit zur Äußerung mehr war."),
    ],
)
@pytest.mark.parametrize("state", ["agreement_signed", "checked"])
def test_clerk_hears_that_a_hearing_has_to_go_out(state, sent_on, sentence):
    me, today = clerk(), TODAY
    stationery()
    hearing = HearingFactory(application=case_in(state, by=me), due_on=today, sent_on=sent_on)

    assert _sentences(me) == [sentence]
    listed = [(each.what, each.due_on) for each in figures.deadlines(me, today)]
    assert listed == ([] if sent_on else [("Anhörung: Versand festhalten", hearing.notice.dated_on)])


def test_hearing_that_nobody_sent_is_not_due_once_the_case_is_decided():
    me = clerk()
    stationery()
    hearing = HearingFactory(application=case_in("checked", by=me), sent_on=None)
    assert list(Hearing.objects.awaiting_dispatch()) == [hearing]
    assert list(deadlines.with_a_day_between(Application.objects.all(), date.min, TODAY)) == [hearing.application]

    taken(hearing.application, "reject")

    assert list(Hearing.objects.awaiting_dispatch()) == []
    assert list(deadlines.with_a_day_between(Application.objects.all(), date.min, TODAY)) == []


def test_clerk_hears_of_answers_and_reports():
    me = clerk()
    item = CorrectionRequestFactory(application=ApplicationFactory(by=me, complete=True)).items.create(text="Datum")
    corrections.submit(item, by=me, answer="Seite 2.")
    UsageReportFactory(application=case_in("paid", by=me))
    UsageReportFactory(application=case_in("paid", by=me), accepted_by=me)

    assert sorted(_sentences(me)) == [
        "Prüfen Sie den Verwendungsnachweis.",
        "Prüfen Sie die Antwort auf die Nachforderung.",
        "Schließen Sie den Fall ab; der Verwendungsnachweis ist angenommen.",
    ]


def test_decider_and_treasurer_hear_the_amount():
    case_in("checked")
    case_in("approved")
    individual = case_in("checked")
    Application.objects.filter(pk=individual.pk).update(
        variant=VariantFactory(code="preparation", amount_per_unit=None, cap=None)
    )

    assert _sentences(decider()) == [
        "Entscheiden Sie über den Antrag (Vorschlag 75.000 €).",
        "Entscheiden Sie über den Antrag (Höhe im Einzelfall).",
    ]
    assert _sentences(treasurer()) == ["Zahlen Sie 75.000 € aus, sobald der Bescheid bestandskräftig ist."]


def test_variant_without_agreement_is_the_clerks_turn():
    me = clerk()
    application = ApplicationFactory(by=me)
    AgreementFactory(cooperation=application.cooperation)

    assert _sentences(me) == []


def test_deadlines_are_those_of_the_own_and_of_nobodys_cases():
    me = clerk()
    mine, nobodys, other = ApplicationFactory(by=me), ApplicationFactory(clerk=None), ApplicationFactory()
    CorrectionRequestFactory(application=mine, subject="Beschluss", due_on=in_days(-1))
    CorrectionRequestFactory(application=mine, due_on=in_days(15))
    CorrectionRequestFactory(application=other, due_on=in_days(-5))
    OpinionFactory(application=nobodys, name="RP Kassel", received_on=None, recommendation="", due_on=in_days(0))
    OpinionFactory(application=mine, name="Landrat", due_on=in_days(0))
    FileNoteFactory(application=other, by=me, text="Rückruf", follow_up_on=in_days(14))
    FileNoteFactory(application=other, text="fremd", follow_up_on=in_days(0))
    FileNoteFactory(application=mine, text="erledigt", follow_up_on=in_days(0), is_done=True)

    found = figures.deadlines(me, TODAY)

    assert [(each.application, each.what, each.when, each.is_overdue) for each in found] == [
        (mine, "Nachforderung „Beschluss“", "seit 1 Tag überfällig", True),
        (nobodys, "Stellungnahme: RP Kassel", "heute", False),
        (other, "Wiedervorlage: Rückruf", "in 14 Tagen", False),
    ]


def test_deadlines_of_decided_cases_are_over():
    me = clerk()
    CorrectionRequestFactory(application=case_in("withdrawn", by=me), due_on=in_days(-1))

    assert figures.deadlines(me, TODAY) == []


@pytest.mark.parametrize(("role", "number"), [([], 0), (["Revision"], 1), (["Bewilligung"], 0), (["Haushalt"], 0)])
def test_deadlines_of_all_cases_are_for_the_audit(role, number):
    CorrectionRequestFactory(application=ApplicationFactory(), due_on=in_days(-1))

    assert len(figures.deadlines(UserFactory(roles=role), TODAY)) == number


def test_state_counts_name_every_state_in_order():
    case_in("checked")
    ApplicationFactory()
    ApplicationFactory()

    counts = figures.state_counts(clerk())

    assert [each.state for each in counts] == list(State)
    assert {each.state: each.number for each in counts if each.number} == {State.DRAFTED: 2, State.CHECKED: 1}
    assert {each.number for each in figures.state_counts(UserFactory())} == {0}


def test_budget_bar_tells_committed_reserved_and_free():
    BudgetFactory(allocated=Decimal(200000))
    case_in("approved")
    case_in("checked")

    (bar,) = figures.budget_bars(treasurer(), years=(TODAY.year, TODAY.year + 1))

    assert (bar.committed, bar.reserved, bar.left, bar.free) == (75000, 75000, 125000, 50000)
    assert (bar.percent_committed, bar.percent_reserved) == (37, 37)
    assert figures.budget_bars(UserFactory(), years=(TODAY.year,)) == []


def test_budget_bar_is_as_long_as_what_is_available_after_transfers():
    line = BudgetFactory(allocated=Decimal(200000))
    transfer(source=BudgetFactory(year=TODAY.year + 5), target=line, amount=Decimal(50000))

    (bar,) = figures.budget_bars(treasurer(), years=(TODAY.year,))

    assert (bar.available, bar.left) == (250000, 250000)


@pytest.mark.parametrize(
    ("committed", "reserved", "percents"),
    [(0, 0, (0, 0)), (50, 100, (50, 50)), (120, 10, (100, 0))],
)
def test_budget_bar_never_leaves_its_frame(committed, reserved, percents):
    bar = figures.BudgetBar(2026, Decimal(100), Decimal(reserved), Decimal(committed))

    assert (bar.percent_committed, bar.percent_reserved) == percents


def test_budget_of_nothing_has_an_empty_bar():
    assert figures.BudgetBar(2026, Decimal(0), Decimal(0), Decimal(5)).percent_committed == 0
