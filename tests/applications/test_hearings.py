"""What a hearing does to the decision after it, and the decision to the hearing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import notices, steps_with_letters, workflow
from applications.letter_forms import RefusalForm
from applications.models import Application, Judgement
from ikz import clock
from ikz.german import day
from tests.applications import letter_samples, pdf_reading
from tests.applications.letter_samples import Writable
from tests.date_factories import repaid
from tests.factories import BudgetFactory, answers_for, decider
from tests.stationery import HearingFactory

pytestmark = pytest.mark.django_db

TOMORROW = clock.today() + timedelta(days=1)
EARLY = "Sie haben am Telefon auf eine Äußerung verzichtet."


STANDS_ON = {"application": Writable("checked")}


@pytest.fixture
def application(case):
    return case


def fresh(application):
    return Application.objects.with_case().get(pk=application.pk)


def refuse(application):
    return steps_with_letters.take(
        application, "reject", by=decider(), reason="Die Einsparung fehlt.", legal_basis="LHO", no_hearing_reason=EARLY
    )


def test_form_says_that_a_hearing_still_runs(client, application):
    hearing = HearingFactory(application=application, due_on=TOMORROW)
    client.force_login(decider())

    page = client.get(reverse("admin:applications_application_take", args=[application.pk, "reject"]))

    form = page.context["form"]
    assert form.warning == (
        f"Die Frist zur Äußerung läuft noch bis {day(TOMORROW)} (Anhörung vom {day(clock.today())}). Bitte warten Sie sie ab, "
        "oder begründen Sie unten, warum Sie vorher entscheiden (HVwVfG § 28)."
    )
    assert form["no_hearing_reason"].label == "Warum Sie vor Ablauf der Frist entscheiden"
    assert form.warning in page.content.decode()
    assert f"{hearing}: läuft noch" in page.content.decode()


@pytest.mark.parametrize("hearing", [None, {"due_on": clock.today() - timedelta(days=1)}])
def test_form_says_nothing_where_no_hearing_runs(application, hearing):
    if hearing:
        HearingFactory(application=application, **hearing)

    form = RefusalForm(application=fresh(application))

    assert (form.warning, form["no_hearing_reason"].label) == ("", "Warum keine Anhörung nötig ist")


def test_notice_tells_of_the_hearing_that_still_ran(application):
    HearingFactory(application=application, due_on=TOMORROW)

    done = refuse(application)

    said = " ".join(pdf_reading.lines(notices.content(done.notices.get(kind="refusal"))))
    assert (
        f"Mit Schreiben vom {day(clock.today())} haben wir Ihnen Gelegenheit gegeben, sich bis zum {day(TOMORROW)} zu äußern "
        f"(§ 28 Abs. 1 HVwVfG). Wir entscheiden vor Ablauf dieser Frist: {EARLY}"
    ) in said
    assert "Einer Anhörung bedurfte es nicht" not in said


UNSENT = (
    f"Die Anhörung vom {day(clock.today())} ist noch nicht als versandt festgehalten; bis dahin läuft die Frist zur Äußerung "
    "nicht. Die Sachbearbeitung versendet sie und hält den Versand beim Schreiben fest."
)
LATE = (
    f"Die Anhörung vom {day(clock.today())} ging erst am {day(clock.today())} hinaus und ließ keine Zeit zur Äußerung bis zum "
    f"{day(clock.today())}. Die Sachbearbeitung hört die federführende Kommune erneut an."
)


@pytest.mark.parametrize(
    ("sent_on", "said", "standing"),
    [
        (None, UNSENT, ("wait", "Versand noch nicht festgehalten; bis dahin läuft die Frist nicht")),
        (
            clock.today(),
            LATE,
            ("stop", f"erst am {day(clock.today())} versandt, ohne Zeit zur Äußerung; bitte erneut anhören"),
        ),
    ],
)
def test_time_of_a_hearing_does_not_run_before_it_was_sent(client, application, sent_on, said, standing):
    hearing = HearingFactory(application=application, due_on=clock.today(), sent_on=sent_on)
    client.force_login(decider())
    case = client.get(reverse("admin:applications_application_change", args=[application.pk]))

    form = RefusalForm(application=fresh(application))

    assert not hearing.is_over
    assert hearing.tone_and_standing == standing
    assert case.context["hearing_says"] == said
    assert said in case.content.decode()
    assert form.warning == (
        f"{said} Bitte warten Sie das ab, oder begründen Sie unten, warum keine Anhörung nötig ist (HVwVfG § 28)."
    )
    assert form["no_hearing_reason"].label == "Warum keine Anhörung nötig ist"


ANSWERED = {"answered_on": clock.today(), "answer": "Wir rechnen neu."}
YESTERDAY = clock.today() - timedelta(days=1)
NO_ANSWER = f"Die federführende Kommune hat sich bis zum {day(YESTERDAY)} nicht geäußert."
HAS_ANSWERED = f"Die federführende Kommune hat sich am {day(clock.today())} geäußert."
BEFORE_THE_CHECK = (
    "Bewilligung: Sie entscheiden jetzt über die Ablehnung. Sachbearbeitung: Ist der Grund für sie entfallen, etwa weil die "
    "Äußerung überzeugt, beurteilen Sie neu und schließen Sie die Prüfung ab; dann wird über den Antrag entschieden."
)
AFTER_THE_CHECK = "Bewilligung: Sie können jetzt ablehnen oder, wenn der Grund dafür entfallen ist, bewilligen."
AFTER_THE_GRANT = "Bewilligung: Sie können jetzt widerrufen. Ist der Grund dafür entfallen, bleibt es beim Bescheid."
RUNS = (
    f"Die federführende Kommune ist angehört und kann sich bis zum {day(TOMORROW)} äußern. Was sie vorträgt, hält die "
    "Sachbearbeitung bei der Anhörung fest."
)


@pytest.mark.parametrize(
    ("ground", "intention", "hearings", "said"),
    [
        (Writable("agreement_signed"), "refuse", [], ""),
        (Writable("agreement_signed"), "refuse", [{"due_on": TOMORROW}], RUNS),
        (Writable("agreement_signed"), "refuse", [{"due_on": YESTERDAY}], f"{NO_ANSWER} {BEFORE_THE_CHECK}"),
        (
            Writable("agreement_signed"),
            "refuse",
            [{"due_on": TOMORROW, **ANSWERED}],
            f"{HAS_ANSWERED} {BEFORE_THE_CHECK}",
        ),
        (
            Writable("agreement_signed"),
            "refuse",
            [{"due_on": TOMORROW, **ANSWERED}, {"due_on": YESTERDAY}],
            f"{HAS_ANSWERED} {BEFORE_THE_CHECK}",
        ),
        (Writable("agreement_signed"), "revoke", [{"due_on": YESTERDAY}], ""),
        (Writable("checked"), "refuse", [{"due_on": YESTERDAY}], f"{NO_ANSWER} {AFTER_THE_CHECK}"),
        (Writable("paid"), "revoke", [{"due_on": YESTERDAY}], f"{NO_ANSWER} {AFTER_THE_GRANT}"),
        (Writable("paid"), "revoke", [{"due_on": TOMORROW}], RUNS),
        (Writable("paid"), "refuse", [{"due_on": YESTERDAY}], ""),
    ],
    indirect=["ground"],
    scope="module",
)
def test_case_says_to_both_what_each_may_do_after_a_hearing(client, application, intention, hearings, said):
    for hearing in hearings:
        HearingFactory(application=application, intention=intention, **hearing)

    for person in (application.clerk, decider()):
        client.force_login(person)
        page = client.get(reverse("admin:applications_application_change", args=[application.pk]))
        assert page.context["hearing_says"] == said
        assert said in page.content.decode()


@letter_samples.on("agreement_signed")
def test_clerk_may_still_finish_the_check_of_whom_the_answer_convinces(application):
    """Then the decider decides on the application, and may still refuse it after this hearing."""
    HearingFactory(application=application, due_on=TOMORROW, **ANSWERED)

    BudgetFactory()
    checked = workflow.take(application, "check_application", by=application.clerk)

    assert (fresh(checked).turn, fresh(checked).is_heard_on("refuse")) == ("decider", True)
    assert workflow.take(checked, "approve", by=decider(), **answers_for(checked, "approve")).state == "approved"


def test_hearing_that_nobody_sent_is_none(application):
    """The time passed in the house, where the lead could not know of it."""
    HearingFactory(application=application, due_on=clock.today() - timedelta(days=1), sent_on=None)

    with pytest.raises(workflow.AnswerRefused) as refusal:
        steps_with_letters.take(application, "reject", by=decider(), reason="Die Einsparung fehlt.", legal_basis="LHO")
    done = refuse(application)

    said = " ".join(pdf_reading.lines(notices.content(done.notices.get(kind="refusal"))))
    assert refusal.value.field == "no_hearing_reason"
    assert f"Einer Anhörung bedurfte es nicht: {EARLY}" in said


RUNNING, OVER, UNSENT, LATE_SENT, REPLIED = (
    {"due_on": TOMORROW},
    {"due_on": YESTERDAY},
    {"due_on": TOMORROW, "sent_on": None},
    {"due_on": YESTERDAY, "sent_on": YESTERDAY},
    {"due_on": TOMORROW, "answered_on": clock.today(), "answer": "Wir sparen doch."},
)


@pytest.mark.parametrize(
    ("first", "second", "is_heard", "running", "work"),
    [
        (OVER, RUNNING, False, 1, ""),
        (RUNNING, OVER, False, 0, ""),
        (REPLIED, RUNNING, False, 1, ""),
        (RUNNING, REPLIED, False, 0, ""),
        (RUNNING, UNSENT, False, 0, ""),
        (OVER, UNSENT, False, None, "send"),
        (OVER, LATE_SENT, False, None, "repeat"),
        (UNSENT, LATE_SENT, False, None, "repeat"),
        (LATE_SENT, UNSENT, False, None, "send"),
        (LATE_SENT, RUNNING, False, 1, ""),
        (OVER, OVER, True, None, ""),
        (OVER, REPLIED, True, None, ""),
        (UNSENT, OVER, True, None, ""),
        (LATE_SENT, OVER, True, None, ""),
    ],
)
def test_hearing_covers_only_what_it_put_to_the_lead(application, first, second, is_heard, running, work):
    """Each has reasons of its own (HVwVfG § 28): whether the lead was heard, which still runs, what the clerk does."""
    both = [HearingFactory(application=application, **each) for each in (first, second)]

    case = fresh(application)

    assert case.is_heard_on("refuse") is is_heard
    assert case.running_hearing("refuse") == (None if running is None else both[running])
    assert Application.objects.with_hearing_work().get(pk=case.pk).hearing_work == work
    assert bool(RefusalForm(application=case).warning) is not is_heard


TAKEN_UP = "Was Sie vorgetragen haben, haben wir berücksichtigt."
NOTHING_SAID = "Sie haben sich innerhalb der Frist nicht geäußert."


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ([ANSWERED], TAKEN_UP),
        ([OVER], NOTHING_SAID),
        ([OVER, ANSWERED], TAKEN_UP),
        ([ANSWERED, OVER], TAKEN_UP),
        ([OVER, OVER], NOTHING_SAID),
    ],
)
@pytest.mark.parametrize(
    ("ground", "step", "intention", "kind"),
    [
        (Writable("checked"), "reject", "refuse", "refusal"),
        (Writable("approved"), "revoke", "revoke", "revocation"),
    ],
    indirect=["ground"],
    scope="module",
)
def test_notice_says_whether_the_lead_answered(application, step, intention, kind, held, said):
    for each in held:
        HearingFactory(application=application, intention=intention, **each)

    done = steps_with_letters.take(
        fresh(application),
        step,
        by=decider(),
        reason="Die Einsparung fehlt.",
        legal_basis="§ 49 Abs. 3 Satz 1 Nr. 2 HVwVfG",
        **({"known_on": clock.today()} if step == "revoke" else {}),
    )

    words = " ".join(pdf_reading.lines(notices.content(done.notices.get(kind=kind))))
    assert [sentence for sentence in (TAKEN_UP, NOTHING_SAID) if sentence in words] == [said]


def test_decider_waits_for_a_second_hearing_or_says_why_not(application):
    HearingFactory(application=application, reasons="Es fehlt ein Beschluss.", **OVER)
    HearingFactory(application=application, reasons="Die Einsparung ist zu klein.", **RUNNING)

    with pytest.raises(workflow.AnswerRefused) as refusal:
        steps_with_letters.take(application, "reject", by=decider(), reason="Zu wenig gespart.", legal_basis="LHO")
    done = refuse(application)

    said = " ".join(pdf_reading.lines(notices.content(done.notices.get(kind="refusal"))))
    assert refusal.value.field == "no_hearing_reason"
    assert f"sich bis zum {day(TOMORROW)} zu äußern (§ 28 Abs. 1 HVwVfG). Wir entscheiden vor Ablauf" in said


def test_hearing_whose_letter_was_voided_says_so(application):
    hearing = HearingFactory(application=application, sent_on=None)
    notices.void(hearing.notice, by=application.clerk, reason="Falsche Anschrift.")

    [hearing] = fresh(application).hearing_list
    assert hearing.tone_and_standing == ("info", "gilt nicht, das Schreiben ist ungültig")


def test_hearing_does_not_run_on_after_the_decision(client, application):
    HearingFactory(application=application, due_on=TOMORROW)
    page = reverse("admin:applications_application_change", args=[application.pk])
    client.force_login(application.clerk)
    assert "läuft noch" in client.get(page).content.decode()

    refuse(application)

    html = client.get(page).content.decode()
    assert "durch die Entscheidung überholt" in html
    assert "läuft noch" not in html


def part_revoked(application):
    return steps_with_letters.take(
        application, "revoke_part", by=decider(), amount=Decimal(25000), reason="Ein Partner trat aus.", **repaid()
    )


@letter_samples.on("paid")
@pytest.mark.parametrize("sent_on", [clock.today(), None])
def test_hearing_does_not_run_on_after_a_part_was_revoked(client, application, sent_on):
    """The state stays, and yet it is decided what the hearing was about."""
    HearingFactory(application=application, intention="revoke", due_on=TOMORROW, sent_on=sent_on)

    part_revoked(application)

    [hearing] = fresh(application).hearing_list
    assert hearing.tone_and_standing == ("info", "durch die Entscheidung überholt")
    client.force_login(decider())
    page = client.get(reverse("admin:applications_application_change", args=[application.pk]))
    assert "durch die Entscheidung überholt" in page.content.decode()
    assert page.context["hearing_says"] == ""


@letter_samples.on("paid")
def test_hearing_that_was_over_before_a_part_was_revoked_stays_over(application):
    HearingFactory(application=application, intention="revoke", due_on=clock.today() - timedelta(days=1))

    part_revoked(application)
    new = HearingFactory(application=application, intention="revoke", due_on=TOMORROW)

    standings = [each.tone_and_standing for each in fresh(application).hearing_list]
    assert standings == [("info", "ohne Antwort abgelaufen"), ("wait", "läuft noch")]
    assert fresh(application).hearings_on("revoke") == [new]


def test_overtaken_hearing_stays_so_when_its_day_has_passed(application, time_machine):
    HearingFactory(application=application, due_on=TOMORROW)
    refuse(application)

    time_machine.move_to(timezone.now() + timedelta(days=3))

    [hearing] = fresh(application).hearing_list
    assert hearing.tone_and_standing == ("info", "durch die Entscheidung überholt")


def test_refusal_starts_with_the_reasons_of_the_hearing(application):
    HearingFactory(application=application, reasons="Die Einsparung ist zu klein.")

    assert RefusalForm(application=fresh(application)).initial["reason"] == "Die Einsparung ist zu klein."


def test_refusal_starts_with_the_reasons_of_negative_judgements(application):
    assert RefusalForm(application=fresh(application)).initial["reason"] == ""

    for rule, reason in [("no_pure_it_investment", "Nur Software."), ("substantial_part_of_task", "Nur die Post.")]:
        Judgement.objects.create(application=application, rule=rule, answer=False, reason=reason, by=application.clerk)

    assert RefusalForm(application=fresh(application)).initial["reason"] == "Nur Software.\n\nNur die Post."
