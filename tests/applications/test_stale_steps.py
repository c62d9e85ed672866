"""A step from a page that is no longer true: nothing is done, the sentence names who was faster, and nothing typed is lost."""

import pytest
from django.urls import reverse

from applications import workflow
from applications.models import Application
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


def test_step_whose_rule_broke_meanwhile_keeps_what_was_typed(client):
    case = case_in("paid")
    report = UsageReportFactory(application=case, accepted_by=case.clerk)
    client.force_login(case.clerk)
    seen = client.get(take_url(case, "complete")).context["seen"]
    report.verdict, report.note = "objected", "Belege fehlen."
    report.save()

    response = client.post(take_url(case, "complete"), {"seen": seen, "reason": "Geprüft und in Ordnung."})

    page = response.content.decode()
    assert "Die federführende Kommune muss ihn neu einreichen." in page
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
