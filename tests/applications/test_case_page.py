"""The page of a case and the forms that open from it, as a clerk uses them."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from applications.models import Application, CorrectionRequest, FileNote, Judgement, Opinion, Resolution
from tests.factories import (
    PDF,
    ApplicationFactory,
    BudgetFactory,
    CooperationFactory,
    CorrectionRequestFactory,
    FileNoteFactory,
    MunicipalityFactory,
    UserFactory,
    case_in,
    clerk,
    decider,
    treasurer,
)
from tests.programme_factories import TaskFieldFactory, VariantFactory
from tests.stationery import as_sent

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"admin:applications_{name}", args=args)


def messages(response):
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def case(client):
    application = ApplicationFactory()
    client.force_login(application.clerk)
    return application


def test_new_case_is_opened_with_number_history_and_participants(client):
    user = clerk()
    client.force_login(user)
    VariantFactory()
    bodies = MunicipalityFactory.create_batch(3)

    response = client.post(
        url("application_add"),
        {
            "title": "Gemeinsame Kasse",
            "task_field": TaskFieldFactory().pk,
            "received_on": "01.09.2026",
            "variant_code": "standard",
            "municipalities": [body.pk for body in bodies],
            "lead": bodies[1].pk,
        },
    )

    application = Application.objects.get()
    assert response.url == url("application_change", application.pk)
    assert application.file_number == f"IKZ-{timezone.localdate().year}-0001"
    assert set(application.municipalities) == set(bodies)
    assert application.lead == bodies[1]
    assert application.clerk == user
    assert [entry.step for entry in application.history.all()] == ["open_case"]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        (
            {"received_on": "06.12.2021"},
            "Am 06.12.2021 gilt keine Fassung der Rahmenvereinbarung. Bitte prüfen Sie das Datum.",
        ),
        ({"variant_code": "gvv"}, "Die Fassung „Rahmenvereinbarung 2021“ kennt diese Variante nicht."),
        ({"lead": "stranger"}, "Die federführende Kommune muss unter den Beteiligten sein."),
    ],
)
def test_new_case_says_what_is_wrong(client, answers, sentence):
    client.force_login(clerk())
    VariantFactory()
    VariantFactory(gvv=True, programme__valid_from=date(2016, 12, 2), programme__valid_to=date(2021, 12, 1))
    body, stranger = MunicipalityFactory.create_batch(2)
    given = {
        "title": "Gemeinsame Kasse",
        "task_field": TaskFieldFactory().pk,
        "received_on": "01.09.2026",
        "variant_code": "standard",
        "municipalities": [body.pk],
        **answers,
    }
    if given.get("lead") == "stranger":
        given["lead"] = stranger.pk

    response = client.post(url("application_add"), given)

    errors = response.context["adminform"].form.errors
    assert [error for each in errors.values() for error in each] == [sentence]
    assert Application.objects.count() == 0


def test_case_page_shows_every_finding_and_step(client, case):
    response = client.get(url("application_change", case.pk))

    assert [finding.rule.name for finding in response.context["findings"] if not finding.met] == [
        "resolutions_present",
        "agreement_signed",
        "term_long_enough",
        "saving_reached",
        "opinions_received",
        "no_pure_it_investment",
        "substantial_part_of_task",
    ]
    assert [step.name for step in response.context["steps"]] == ["collect_resolutions", "reject", "withdraw"]


def test_closed_step_leads_to_where_each_thing_is_mended(client, case):
    judged = case_in("agreement_signed")
    Judgement.objects.create(
        application=judged, rule="no_pure_it_investment", answer=False, reason="Nur Software.", by=judged.clerk
    )

    assert ways_from_the_closed_step(client, case) == ["#beteiligte"]
    assert ways_from_the_closed_step(client, judged) == [url("application_judge", judged.pk, "no_pure_it_investment")]


def ways_from_the_closed_step(client, case):
    client.force_login(case.clerk)
    page = client.get(url("application_change", case.pk)).content.decode()
    reasons = page.partition('<ul class="step-blocked__reasons">')[2].partition("</ul>")[0]
    return re.findall('href="([^"]*)"', reasons)


@pytest.mark.parametrize("participants", [3, 26])
def test_case_page_takes_few_queries_for_any_number_of_participants(client, django_assert_num_queries, participants):
    application = ApplicationFactory(cooperation=CooperationFactory(participants=participants), complete=True)
    FileNoteFactory(application=application)  # a record whose fields the timeline tells
    client.force_login(application.clerk)
    client.get(url("application_change", application.pk))

    with django_assert_num_queries(24):
        client.get(url("application_change", application.pk))


def test_stranger_gets_404(client, case):
    client.force_login(UserFactory())

    assert client.get(url("application_change", case.pk)).status_code == 404


def test_step_without_answers_is_one_click(client):
    application = ApplicationFactory(complete=True)
    client.force_login(application.clerk)

    response = client.post(
        url("application_take", application.pk, "collect_resolutions"), {"seen": application.revision}, follow=True
    )

    assert messages(response) == [f"{application.file_number} steht jetzt auf „Beschlüsse liegen vor“."]
    assert Application.objects.get(pk=application.pk).state == "resolutions_collected"


def test_double_submit_does_the_step_once(client):
    application = ApplicationFactory(complete=True)
    client.force_login(application.clerk)
    take, seen = url("application_take", application.pk, "collect_resolutions"), {"seen": application.revision}
    client.post(take, seen)

    response = client.post(take, seen, follow=True)

    at = timezone.localtime(application.last_entry.at)
    assert messages(response)[-1] == (
        f"Der Schritt ist bereits ausgeführt. Ihre erste Eingabe kam am {at:%d.%m.%Y um %H:%M} Uhr an; der Fall steht auf "
        "„Beschlüsse liegen vor“. Sie müssen nichts weiter tun."
    )
    assert application.history.count() == 2


def test_second_person_with_the_same_step_hears_who_took_it(client):
    application = ApplicationFactory(complete=True)
    take, seen = url("application_take", application.pk, "collect_resolutions"), {"seen": application.revision}
    for person in (application.clerk, clerk()):
        client.force_login(person)
        response = client.post(take, seen, follow=True)

    assert messages(response)[-1].startswith(f"Dieser Schritt ist schon getan: {application.clerk} am ")
    assert application.history.count() == 2


def test_step_that_is_not_ready_says_what_is_missing(client, case):
    response = client.post(
        url("application_take", case.pk, "collect_resolutions"), {"seen": case.revision}, follow=True
    )

    names = [each.display_name for each in case.municipalities]
    assert messages(response) == [f"Es fehlen die Beschlüsse von {names[0]}, {names[1]} und {names[2]}."]


def test_step_of_another_role_is_refused(client, case):
    response = client.post(url("application_take", case.pk, "reject"), {"reason": "x", "seen": case.revision})

    assert response.status_code == 403
    assert Application.objects.get(pk=case.pk).state == "drafted"


def test_approval_form_proposes_the_amount_and_keeps_what_was_typed(client):
    application = case_in("checked")
    BudgetFactory._meta.model.objects.update(allocated=Decimal(1000))
    client.force_login(decider())
    take = url("application_take", application.pk, "approve")

    form = client.get(take).context["form"]
    response = client.post(
        take,
        as_sent(form, amount="75.000,00", reason="Getippt.", seen=application.revision),
    )

    assert form.initial["amount"] == Decimal(75000)
    assert response.context["form"].errors == {
        "amount": [
            f"Der Haushalt {timezone.localdate().year} reicht nicht: Verfügbar sind noch 1.000 €, "
            "bewilligt werden sollen 75.000 €."
        ]
    }
    assert response.context["form"]["reason"].value() == "Getippt."


def test_judgement_is_kept_with_its_reason(client, case):
    judge = url("application_judge", case.pk, "no_pure_it_investment")

    seen = client.get(judge).context["seen"]
    client.post(judge, {"seen": seen, "answer": "nein", "reason": ""})
    assert Judgement.objects.count() == 0

    client.post(judge, {"seen": seen, "answer": "nein", "reason": "Nur Software."})
    judgement = Judgement.objects.get()
    assert (judgement.rule, judgement.answer, judgement.reason, judgement.by) == (
        "no_pure_it_investment",
        False,
        "Nur Software.",
        case.clerk,
    )


def test_proposed_opinions_are_asked_for_once(client, case):
    for _ in range(2):
        client.post(url("application_propose_opinions", case.pk))

    page = client.get(url("application_change", case.pk))
    due_on = timezone.localdate() + timedelta(weeks=4)
    assert [str(message).partition(" <a ")[0] for message in page.context["messages"]] == [
        f"Bis zum {due_on:%d.%m.%Y} erbeten: Regierungspräsidium Gießen, Kommunale Spitzenverbände und Hessisches "
        "Ministerium der Finanzen. Wer das Portal nicht benutzt, erfährt davon erst durch Ihr Schreiben „Bitte um "
        "Stellungnahme“.",
        "Alle vorgeschlagenen Stellungnahmen sind schon angefordert.",
    ]
    assert "Vorgeschlagene Stellungnahmen anfordern" not in page.content.decode()
    assert [opinion.name for opinion in Opinion.objects.all()] == [
        "Regierungspräsidium Gießen",
        "Kommunale Spitzenverbände",
        "Hessisches Ministerium der Finanzen",
    ]


def test_resolution_is_entered_with_its_pdf(client, case):
    participant = case.participants[0]
    upload = SimpleUploadedFile("beschluss.pdf", PDF, "application/pdf")

    response = client.post(
        url("resolution_add") + f"?parent={participant.pk}",
        {
            "resolved_on": "01.06.2026",
            "is_positive": "on",
            "number": "7",
            "organ": "Gemeindevertretung",
            "upload": upload,
        },
    )

    resolution = Resolution.objects.get()
    assert response.url == url("application_change", case.pk)
    assert (resolution.participant, resolution.file.original_name, resolution.file.uploaded_by) == (
        participant,
        "beschluss.pdf",
        case.clerk,
    )


def test_second_resolution_leads_to_the_first(client, case):
    participant = case.participants[0]
    resolution = Resolution.objects.create(participant=participant)

    response = client.get(url("resolution_add") + f"?parent={participant.pk}")

    assert response.url == url("resolution_change", resolution.pk)


def test_stale_record_form_names_who_changed_it_and_keeps_the_input(client, case):
    resolution = Resolution.objects.create(participant=case.participants[0], number="1")
    change = url("resolution_change", resolution.pk)
    seen = client.get(change).context["adminform"].form["seen"].value()
    colleague = clerk(first_name="Ina", last_name="Kollegin")
    client.force_login(colleague)
    client.post(change, {"seen": seen, "number": "2", "is_positive": "on", "organ": "Gemeindevertretung"})
    client.force_login(case.clerk)
    typed = {"number": "3", "is_positive": "on", "organ": "Gemeindevertretung"}

    response = client.post(change, {"seen": seen, **typed})

    form = response.context["adminform"].form
    assert form.non_field_errors() == [
        f"Der Vorgang wurde inzwischen von Ina Kollegin geändert ({resolution}). Bitte prüfen Sie den neuen Stand. "
        "Ihre Eingaben stehen noch im Formular: Bitte vergleichen Sie und speichern Sie erneut."
    ]
    assert form["number"].value() == "3"
    client.post(change, {"seen": form["seen"].value(), **typed})
    assert Resolution.objects.get().number == "3"


def test_facts_of_a_checked_case_cannot_be_changed(client):
    application = case_in("checked")
    client.force_login(application.clerk)
    resolution = application.participants[0].resolution

    response = client.post(url("resolution_change", resolution.pk), {"number": "9"})

    assert response.status_code == 200
    assert response.context["adminform"].form.non_field_errors() == [
        "Der Fall steht auf „Geprüft“ und kann nicht mehr geändert werden. Bitte nehmen Sie zuerst den letzten Schritt zurück."
    ]
    assert Resolution.objects.get(pk=resolution.pk).number == "12/2026"


def test_note_may_be_written_to_a_decided_case(client):
    application = case_in("approved")
    client.force_login(application.clerk)

    client.post(url("filenote_add") + f"?parent={application.pk}", {"text": "Bescheid übergeben."})

    assert FileNote.objects.get().by == application.clerk


def test_agreement_offers_a_row_for_each_missing_signature(client, case):
    response = client.get(url("agreement_add") + f"?parent={case.cooperation.pk}")

    formset = response.context["inline_admin_formsets"][0].formset
    assert [form["participant"].value() for form in formset.forms] == [each.pk for each in case.participants]


def test_correction_request_with_open_items_is_not_closed(client, case):
    correction = CorrectionRequestFactory(application=case)
    correction.items.create(text="Datum nachtragen")

    response = client.post(url("application_close_correction", case.pk, correction.pk), follow=True)

    assert messages(response) == [
        "Noch sind nicht alle Punkte erledigt. Bitte prüfen Sie sie oder begründen Sie den Abschluss. "
        '<a href="#nachforderungen">Weiter bei „Nachforderungen“</a>'
    ]
    assert CorrectionRequest.objects.get().is_open


def test_timeline_tells_changes_as_sentences(client, case):
    resolution = Resolution.objects.create(participant=case.participants[0], number="1")
    resolution.is_positive = False
    resolution.number = "2"
    resolution.save()

    events = client.get(url("application_change", case.pk)).context["events"]

    assert (events[0].text, sorted(events[0].details)) == (
        f"{resolution} geändert",
        ["Beschlussnummer: 1 → 2", "zustimmend: ja → nein"],
    )


def test_budget_is_not_lowered_below_what_is_granted(client):
    case_in("approved")
    budget = BudgetFactory()
    client.force_login(treasurer())

    response = client.post(url("budget_change", budget.pk), {"year": budget.year, "allocated": "74.999,99"})

    assert response.context["adminform"].form.errors == {
        "allocated": ["Gebunden sind schon 75.000 €; der Ansatz kann nicht darunter liegen."]
    }
