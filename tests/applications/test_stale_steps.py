"""A step from a page that is no longer true: nothing is done, the sentence names who was faster, and nothing typed is lost."""

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import workflow
from applications.models import Application
from ikz import clock
from tests.applications import letter_samples
from tests.factories import CorrectionRequestFactory, case_in, decider, taken
from tests.report_factories import UsageReportFactory
from tests.stationery import as_sent, stationery

pytestmark = pytest.mark.django_db


def take_url(case, step):
    return reverse("admin:applications_application_take", args=[case.pk, step])


def messages(response):
    return [str(message) for message in response.context["messages"]]


def test_stale_approval_keeps_what_was_typed_and_can_be_repeated(client):
    stationery()
    application = case_in("checked", cooperation=letter_samples.cooperation())
    client.force_login(decider())
    take, seen = take_url(application, "approve"), application.revision
    application.cooperation.title = "Umbenannt"
    application.cooperation.save()
    answers = as_sent(client.get(take).context["form"], amount="70000", reason="Teilweise.")

    response = client.post(take, {**answers, "seen": seen})
    assert response.context["form"].non_field_errors() == [
        "Der Vorgang wurde inzwischen vom System geändert (Umbenannt). Bitte prüfen Sie den neuen Stand."
    ]
    assert response.context["form"]["reason"].value() == "Teilweise."

    client.post(take, {**answers, "seen": response.context["seen"]})
    assert Application.objects.get(pk=application.pk).state == "approved"


def test_step_that_became_somebody_elses_names_who_was_faster_and_keeps_the_reason(client):
    case = case_in("checked")
    client.force_login(case.clerk)
    seen = case.revision
    case = taken(case, "approve")

    response = client.post(take_url(case, "undo"), {"seen": seen, "reason": "Getippt."})

    [sentence] = response.context["form"].non_field_errors()
    assert "inzwischen" in sentence
    assert str(case.decision.decided_by) in sentence
    assert response.context["form"]["reason"].value() == "Getippt."
    assert "Getippt." in response.content.decode()


def approved_by_form(client, **answers):
    """The case and what the browser sent when it was approved."""
    stationery()
    case = case_in("checked", cooperation=letter_samples.cooperation())
    client.force_login(decider())
    page = client.get(take_url(case, "approve")).context
    sent = as_sent(page["form"], seen=page["seen"], **answers)
    client.post(take_url(case, "approve"), sent)
    return Application.objects.get(pk=case.pk), sent


def done_twice(case):
    at = timezone.localtime(case.last_move.at)
    return [
        f"Der Schritt ist bereits ausgeführt. Ihre erste Eingabe kam am {at:%d.%m.%Y um %H:%M} Uhr an; der Fall steht auf "
        f"„{case.get_state_display()}“. Sie müssen nichts weiter tun."
    ]


def test_approval_that_is_sent_twice_is_done_once_and_alarms_nobody(client):
    case, sent = approved_by_form(client, purpose="Gemeinsamer Bauhof.")
    client.get(reverse("admin:index"))  # takes the message of the first sending along

    response = client.post(take_url(case, "approve"), sent, follow=True)

    assert messages(response)[-1:] == done_twice(case)
    assert (case.notices.count(), case.decisions.count(), case.state) == (1, 1, "approved")


@pytest.mark.parametrize("changed", [{"purpose": "Anders."}, {"text-grant-kosten": "Anders."}])
def test_approval_that_is_sent_again_with_other_answers_gives_them_back(client, changed):
    case, sent = approved_by_form(client)

    response = client.post(take_url(case, "approve"), {**sent, **changed}, follow=True)

    assert [each for each in messages(response) if each.startswith("Nicht gespeichert") and "Anders." in each]
    assert case.notices.count() == 1


def test_part_that_is_sent_twice_is_revoked_once_and_another_part_is_another_step(client):
    """The state stays, so that nothing but the page tells one from the other."""
    stationery()
    case = case_in("approved", cooperation=letter_samples.cooperation())
    client.force_login(decider())
    answers = {"amount": "10000", "reason": "Ein Partner trat aus.", "no_hearing_reason": "Nach Lage der Akten."}
    answers["known_on"] = f"{clock.today():%d.%m.%Y}"

    def send_from_a_new_page():
        page = client.get(take_url(case, "revoke_part")).context
        sent = as_sent(page["form"], seen=page["seen"], **answers)
        return sent, client.post(take_url(case, "revoke_part"), sent, follow=True)

    sent, _response = send_from_a_new_page()
    again = client.post(take_url(case, "revoke_part"), sent, follow=True)
    expected, after_two = done_twice(Application.objects.get(pk=case.pk)), case.decision.revocations.count()
    send_from_a_new_page()

    assert messages(again)[-1:] == expected
    assert (after_two, case.decision.revocations.count()) == (1, 2)


def test_step_that_was_taken_back_since_is_not_said_to_be_done(client):
    case, sent = approved_by_form(client)
    colleague = decider()
    workflow.take(case, "undo", by=colleague, reason="Noch einmal ansehen.")

    response = client.post(take_url(case, "approve"), sent)

    [sentence] = response.context["form"].non_field_errors()
    assert sentence.startswith(f"Der Vorgang wurde inzwischen von {colleague} geändert")


def test_step_whose_rule_broke_meanwhile_keeps_what_was_typed(client):
    case = case_in("paid")
    report = UsageReportFactory(application=case, accepted_by=case.clerk)
    client.force_login(case.clerk)
    seen = client.get(take_url(case, "complete")).context["seen"]
    report.verdict, report.note = "objected", "Belege fehlen."
    report.save()

    response = client.post(take_url(case, "complete"), {"seen": seen, "reason": "Geprüft und in Ordnung."})

    page = response.content.decode()
    assert "Der Verwendungsnachweis ist beanstandet. Bitte fordern Sie ihn bei" in page
    assert "Geprüft und in Ordnung." in page
    assert workflow.steps(type(case).objects.get(pk=case.pk), case.clerk)[0].is_ready is False


def test_stale_step_from_another_state_names_who_was_faster(client):
    application = case_in("checked")
    client.force_login(decider())
    seen = application.revision
    workflow.take(application, "withdraw", by=application.clerk, reason="Schreiben vom 1.10.")

    answers = {"seen": seen, "amount": "70000", "reason": "Getippt.", "purpose": "Gemeinsamer Bauhof."}
    response = client.post(take_url(application, "approve"), answers, follow=True)

    assert messages(response) == [
        f"Der Vorgang wurde inzwischen von {application.clerk} geändert (Stand jetzt „Zurückgezogen“). "
        "Bitte prüfen Sie den neuen Stand.",
        "Nicht gespeichert, zum Mitnehmen: Zuwendung (€): „70000“",
        "Nicht gespeichert, zum Mitnehmen: Begründung der Abweichung: „Getippt.“",
        "Nicht gespeichert, zum Mitnehmen: Zuwendungszweck: „Gemeinsamer Bauhof.“",
    ]


def test_letter_of_a_step_that_has_gone_gives_back_what_was_edited_in_it(client):
    """What is as it is stored is not lost, and a key of a choice says nothing."""
    stationery()
    application = case_in("checked", cooperation=letter_samples.cooperation())
    client.force_login(decider())
    page = client.get(take_url(application, "approve")).context
    first = as_sent(page["form"], seen=page["seen"])
    typed = {
        "text-grant-kosten": "Wir tragen nichts.\r\n\r\nAuch nicht <b>später</b>.",
        "take-grant-beitritt": "on",
        **dict.fromkeys(page["form"].own, ""),
        "purpose": "Bauhof",
        "budget": first["budget"],
    }
    workflow.take(application, "withdraw", by=application.clerk, reason="Schreiben vom 1.10.")

    response = client.post(take_url(application, "approve"), {**first, **typed}, follow=True)

    assert messages(response)[1:] == [
        "Nicht gespeichert, zum Mitnehmen: Zuwendungszweck: „Bauhof“",
        "Nicht gespeichert, zum Mitnehmen: „Beitritt weiterer Kommunen“ aufnehmen: „ja“",
        "Nicht gespeichert, zum Mitnehmen: Textbaustein „Kosten“: „Wir tragen nichts.\n\nAuch nicht <b>später</b>.“",
    ]
    assert "Wir tragen nichts.\n\nAuch nicht &lt;b&gt;später&lt;/b&gt;.“</li>" in response.content.decode()


def test_letter_whose_reason_has_gone_gives_back_what_was_edited_in_it(client):
    stationery()
    case = letter_samples.case()
    request = CorrectionRequestFactory(application=case)
    client.force_login(case.clerk)
    url = reverse("admin:applications_application_letter", args=[case.pk, "correction_request"])
    form = client.get(url).context["form"]
    block = form.blocks[0]
    request.close(by=case.clerk)

    response = client.post(url, as_sent(form, **{f"text-{block.key}": "Wie besprochen."}), follow=True)

    assert messages(response) == [
        "Nachforderung: Dafür gibt es in diesem Fall keinen Anlass. "
        '<a href="#schreiben">Weiter bei „Schreiben und Anhörungen“</a>',
        f"Nicht gespeichert, zum Mitnehmen: Textbaustein „{block.title}“: „Wie besprochen.“",
    ]
