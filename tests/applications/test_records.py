"""Records of a case by address: what their pages refuse, and what they show to whoever may only look."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.contrib import admin
from django.urls import reverse

from applications import owed_documents
from applications.admin.records import RecordAdmin
from applications.models import (
    Application,
    Cooperation,
    CorrectionRequest,
    FileNote,
    Opinion,
    Programme,
    Resolution,
    Signature,
    StoredFile,
    Variant,
)
from applications.rules import agreement_signed, resolutions_present
from tests.factories import (
    ApplicationFactory,
    CorrectionRequestFactory,
    MunicipalityFactory,
    UserFactory,
    case_in,
    clerk,
    decider,
)
from tests.programme_factories import VariantFactory

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"admin:applications_{name}", args=args)


@pytest.fixture
def case(client):
    application = ApplicationFactory()
    client.force_login(application.clerk)
    return application


def test_edit_form_of_a_closed_case_can_be_looked_at(client):
    application = case_in("checked")
    client.force_login(decider())

    assert client.get(url("application_edit", application.pk)).status_code == 200


@pytest.mark.parametrize("user", [clerk, decider])
def test_cooperation_is_not_added_on_its_own(client, user):
    client.force_login(user())

    assert client.get(url("cooperation_add")).status_code == 403


RECORDS = sorted(each.opts.model_name for each in admin.site._registry.values() if isinstance(each, RecordAdmin))
NEVER_ADDED = ("cooperation", "participant")  # they come with their case


@pytest.mark.parametrize("model", RECORDS)
def test_list_leads_to_no_form_without_its_case(client, model):
    client.force_login(UserFactory(is_superuser=True))
    new = url(f"{model}_add")

    page = client.get(url(f"{model}_changelist"))

    assert (page.status_code, f'href="{new}' in page.text) == (200, False)
    assert client.get(new).status_code == (403 if model in NEVER_ADDED else 404)


def test_list_of_what_stands_alone_keeps_its_button(client):
    client.force_login(UserFactory(is_superuser=True))

    assert f'href="{url("application_add")}' in client.get(url("application_changelist")).text


def test_record_lists_offer_no_deletion_of_many(client, case):
    opinion = Opinion.objects.create(application=case, authority="rp", name="RP")

    client.post(url("opinion_changelist"), {"action": "delete_selected", "_selected_action": opinion.pk, "post": "yes"})

    assert Opinion.objects.filter(pk=opinion.pk).exists()


def test_closed_correction_request_keeps_who_closed_it(client, case):
    correction = CorrectionRequestFactory(application=case)
    close = url("application_close_correction", case.pk, correction.pk)
    client.post(close)
    client.force_login(clerk())

    client.post(close)

    assert CorrectionRequest.objects.get().closed_by == case.clerk


def test_filter_by_a_year_before_all_calendars_shows_everything(client, case):
    response = client.get(url("application_changelist"), {"decided": "0001"})

    assert [each.pk for each in response.context["cl"].result_list] == [case.pk]


def test_timeline_says_money_and_goals_in_german(client, case):
    cooperation = Cooperation.objects.get(pk=case.cooperation.pk)
    cooperation.personnel_after, cooperation.ozg_goals = Decimal("1234567.5"), ["security", "online_services"]
    cooperation.save()

    events = client.get(url("application_change", case.pk)).context["events"]

    assert sorted(events[0].details) == [
        "OZG-Ziele: leer → Cyber- und IT-Sicherheit bewältigen und Online-Antragsverfahren entwickeln, einführen oder nachnutzen",
        "Personalausgaben nachher (€/Jahr): leer → 1.234.567,50 €",
    ]


def test_list_of_the_history_is_german(client, case):
    response = client.get(url("entry_changelist"))

    columns = re.findall(r'class="field-(?:step|target)_label">(.*?)</td>', response.content.decode())
    assert columns == ["Fall angelegt", "Entwurf"]


def test_receipt_under_another_version_is_warned_of_and_shown(client, case):
    edit = url("application_edit", case.pk)
    seen = client.get(edit).context["adminform"].form["seen"].value()

    response = client.post(
        edit,
        {"seen": seen, "received_on": "01.01.2015", "variant": case.variant_id, "clerk": case.clerk_id},
        follow=True,
    )

    assert [str(message) for message in response.context["messages"]] == [
        "Am 01.01.2015 gilt keine Fassung der Rahmenvereinbarung. Bitte prüfen Sie das Datum. Gewählt ist "
        "„Rahmenvereinbarung 2021“.",
        "Angaben zum Fall gespeichert.",
    ]
    assert "<dt>Fassung</dt><dd>Rahmenvereinbarung 2021</dd>" in response.content.decode()


@pytest.mark.parametrize("state", ["approved", "rejected"])
def test_version_with_a_decided_case_keeps_its_variants(client, state):
    programme = case_in(state).variant.programme
    unused = VariantFactory(programme=programme, code="gvv")
    client.force_login(UserFactory(roles=["Stammdaten"]))

    deleted = client.post(url("variant_delete", unused.pk), {"post": "yes"})
    changed = client.post(url("variant_change", unused.pk), {"label": "Anders"})
    added = client.post(url("variant_add"), {"programme": programme.pk, "code": "ozg", "label": "OZG"})

    assert (deleted.status_code, changed.status_code) == (403, 403)
    assert added.context["adminform"].form.errors["programme"] == [
        "Diese Fassung hat entschiedene Fälle. Ihre Parameter sind deshalb nur noch lesbar. Bitte legen Sie eine neue Fassung an."
    ]


def test_decider_can_look_at_what_the_case_page_sums_up(client):
    application = case_in("checked")
    client.force_login(decider())
    records = {
        "cooperation": application.cooperation,
        "resolution": application.participants[0].resolution,
        "agreement": application.agreement,
        "opinion": application.opinion_list[0],
    }

    page = client.get(url("application_change", application.pk)).content.decode()
    linked = {name for name, record in records.items() if url(f"{name}_change", record.pk) in page}
    forms = [client.get(url(f"{name}_change", record.pk)) for name, record in records.items()]

    assert linked == set(records)
    assert [form.status_code for form in forms] == [200] * 4
    assert not [form for form in forms if re.search("Seen:|Upload:|PDF:", form.content.decode())]


def test_form_of_a_case_that_was_closed_meanwhile_says_so(client):
    application = case_in("checked")
    client.force_login(application.clerk)

    response = client.post(url("resolution_change", application.participants[0].resolution.pk), {"number": "9"})

    form = response.context["adminform"].form
    assert form.non_field_errors() == [
        "Der Fall steht auf „Geprüft“ und kann nicht mehr geändert werden. Bitte nehmen Sie zuerst den letzten Schritt zurück."
    ]
    assert form["number"].value() == "9"
    assert Resolution.objects.filter(number="9").count() == 0


def test_record_of_a_closed_case_is_not_deleted(client):
    application = case_in("checked")
    client.force_login(application.clerk)
    opinion = application.opinions.last()  # nothing came in: the state of the case is why

    response = client.post(url("opinion_delete", opinion.pk), {"post": "yes"})

    assert (response.status_code, Opinion.objects.filter(pk=opinion.pk).exists()) == (403, True)


def test_settled_correction_request_is_only_read(client, case):
    correction = CorrectionRequestFactory(application=case)
    change = url("correctionrequest_change", correction.pk)
    seen = client.get(change).context["adminform"].form["seen"].value()
    correction.close(by=case.clerk)

    page = client.get(change)
    sent = client.post(
        change,
        {
            "seen": seen,
            "subject": "Anders",
            "due_on": "01.12.2026",
            "items-TOTAL_FORMS": 1,
            "items-INITIAL_FORMS": 0,
            "items-0-text": "Noch etwas",
        },
    )

    settled = (
        "Diese Nachforderung ist erledigt und bleibt, wie sie ist. Fehlt noch etwas, fordern Sie es bitte neu nach."
    )
    assert (page.context["has_change_permission"], page.context["closed"]) == (False, settled)
    assert sent.context["adminform"].form.non_field_errors() == [settled]
    assert (CorrectionRequest.objects.get().subject, correction.items.count()) == ("Beschluss mit Datum", 0)


def test_former_clerk_stays_selected_whatever_became_of_the_account(client, case):
    former = UserFactory(roles=["Sachbearbeitung"], is_active=False)
    Application.objects.update(clerk=former)

    page = client.get(url("application_edit", case.pk))

    form = page.context["adminform"].form
    assert set(form.fields["clerk"].queryset) == {former, case.clerk}
    seen = form["seen"].value()
    client.post(
        url("application_edit", case.pk),
        {
            "seen": seen,
            "received_on": "01.09.2026",
            "variant": case.variant_id,
            "clerk": former.pk,
            "note": "Akte gesichtet.",
        },
    )
    assert (Application.objects.get().clerk, Application.objects.get().note) == (former, "Akte gesichtet.")


def test_numbers_in_help_texts_come_from_where_they_are_set(client, settings):
    settings.IKZ_MAX_UPLOAD_BYTES = 7 * 1024 * 1024
    variant = VariantFactory(label="Standard", min_participants=6, min_participants_with_reason=4)
    Variant.objects.filter(pk=variant.pk).update(termination_terms_above_years=12)
    Programme.objects.update(valid_to=None)
    application = ApplicationFactory(variant=variant)
    client.force_login(application.clerk)

    agreement = client.get(url("agreement_add") + f"?parent={application.cooperation.pk}").context["adminform"].form
    new_case = client.get(url("application_add")).context["adminform"].form

    assert agreement.fields["upload"].help_text == (
        "PDF, höchstens 7 MB. Eine neue Datei ersetzt die bisherige; die bisherige bleibt erhalten."
    )
    assert agreement.fields["termination_terms_confirmed"].help_text == (
        "Nötig bei unbefristeten und bei Vereinbarungen von mehr als 12 Jahren (KGG § 24)."
    )
    assert new_case.fields["few_participants_reason"].help_text == (
        "In der Variante Standard sind 6 Beteiligte verlangt; weniger, mindestens 4, brauchen einen schriftlichen Grund."
    )
    Programme.objects.update(is_draft=True)
    new_case = client.get(url("application_add")).context["adminform"].form
    assert new_case.fields["few_participants_reason"].help_text == (
        "Nur, wo die Variante eine Ausnahme mit schriftlichem Grund zulässt."
    )


def test_words_of_a_note_are_its_authors(client):
    application = case_in("approved")
    note = FileNote.objects.create(application=application, text="Von der Sachbearbeitung.", by=application.clerk)
    client.force_login(decider())
    change = url("filenote_change", note.pk)
    seen = client.get(change).context["adminform"].form["seen"].value()

    client.post(change, {"seen": seen, "text": "Umgeschrieben.", "is_done": "on"})

    note.refresh_from_db()
    assert (note.text, note.is_done) == ("Von der Sachbearbeitung.", True)


@pytest.mark.parametrize(
    ("facts", "cell"),
    [
        ({"organ": "Magistrat"}, ("stop", "falsches Organ", "Magistrat")),
        ({"resolved_on": None}, ("wait", "Datum fehlt", "ohne Datum")),
        ({}, ("done", "liegt vor", "01.06.2026")),
    ],
)
def test_matrix_agrees_with_the_rule_on_resolutions(facts, cell):
    application = ApplicationFactory(complete=True)
    Resolution.objects.filter(participant=application.participants[0]).update(**facts)

    first = owed_documents.rows(Application.objects.get())[0].cells[0]

    assert (first.tone, first.text, first.detail) == cell


@pytest.mark.parametrize(
    ("accepted", "scan", "cell"),
    [
        (True, "unscanned", ("done", "liegt vor")),
        (False, "unscanned", ("stop", "nicht geprüft (kein Virenscanner eingerichtet)")),
        (True, "pending", ("stop", "noch nicht geprüft")),
        (False, "clean", ("done", "liegt vor")),
    ],
)
def test_matrix_agrees_with_the_rule_on_scans(settings, accepted, scan, cell):
    settings.IKZ_ACCEPT_UNSCANNED = accepted
    application = ApplicationFactory(complete=True)
    scanned_at = application.participants[0].resolution.file.scanned_at if scan == "clean" else None
    StoredFile.objects.filter(participant=application.participants[0]).update(scan=scan, scanned_at=scanned_at)

    first = owed_documents.rows(Application.objects.get())[0].cells[0]

    assert (first.tone, first.text) == cell
    finding = resolutions_present.finding(Application.objects.get())
    assert finding.met is (first.tone == "done")


@pytest.mark.parametrize(
    ("facts", "cell"),
    [
        ({"signed_on": date(2026, 5, 31)}, ("stop", "vor dem Beschluss", "31.05.2026")),
        ({"signatory_2": " "}, ("stop", "eine von zweien fehlt", "01.06.2026")),
        ({"signatory_1": " "}, ("stop", "eine von zweien fehlt", "01.06.2026")),
        ({}, ("done", "liegt vor", "01.06.2026")),
    ],
)
def test_matrix_agrees_with_the_rule_on_signatures(facts, cell):
    application = ApplicationFactory(complete=True)
    Signature.objects.filter(participant=application.participants[0]).update(**facts)

    first = owed_documents.rows(Application.objects.get())[0].cells[1]

    assert (first.tone, first.text, first.detail) == cell
    assert agreement_signed.finding(Application.objects.get()).met is (first.tone == "done")


def test_participant_with_documents_is_not_swapped_for_another(client, case):
    participant = case.participants[0]
    Resolution.objects.create(participant=participant)
    inline = cooperation_inline(case)

    response = client.post(
        url("cooperation_change", case.cooperation.pk),
        {**inline, "participants-0-municipality": MunicipalityFactory().pk},
    )

    errors = response.context["inline_admin_formsets"][0].formset.errors
    name = participant.municipality.display_name
    assert errors[0] == {
        "municipality": [f"{name} hat schon Unterlagen eingereicht und kann nur durch die Nachfolgerin ersetzt werden."]
    }


def cooperation_inline(case):
    """The form of the cooperation as the clerk finds it."""
    cooperation = case.cooperation
    form = {
        "title": cooperation.title,
        "task_field": cooperation.task_field_id,
        "lead": cooperation.lead_id,
        "participants-TOTAL_FORMS": len(case.participants),
        "participants-INITIAL_FORMS": len(case.participants),
    }
    for number, each in enumerate(case.participants):
        form |= {f"participants-{number}-id": each.pk, f"participants-{number}-municipality": each.municipality_id}
    return form
