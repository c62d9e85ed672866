"""A participant that leaves stays in the file with its documents, and counts no longer."""

from datetime import date

import pytest
from django.urls import reverse

from applications import owed_documents
from applications.models import Application, Participant
from applications.rules import CHECK
from tests.applications.situations import bodies
from tests.factories import (
    AgreementFactory,
    ApplicationFactory,
    CooperationFactory,
    CorrectionRequestFactory,
    MunicipalityFactory,
    case_in,
)
from tests.programme_factories import VariantFactory

pytestmark = pytest.mark.django_db
REASON = "Die Gemeindevertretung hat den Beschluss aufgehoben."


def leave(participant):
    participant.left_on, participant.left_reason = date(2026, 9, 15), REASON
    participant.save()


def fresh(application):
    return Application.objects.with_case().get(pk=application.pk)


def page(participant):
    return reverse("admin:applications_participant_change", args=[participant.pk])


@pytest.fixture
def case():
    """Adorf, Bdorf, Cdorf and Ddorf, of which Ddorf left with all its documents."""
    application = ApplicationFactory(complete=True, cooperation=CooperationFactory(participants=bodies(4)))
    leave(application.participants[3])
    return fresh(application)


def test_who_left_takes_part_in_no_rule_and_no_row_of_the_matrix(case):
    assert [finding.rule.name for finding in CHECK.findings(case) if "Ddorf" in finding.message] == []
    assert [row.participant.municipality.name for row in owed_documents.rows(case)] == ["Adorf", "Bdorf", "Cdorf"]
    assert [each.municipality.name for each in case.former_participants] == ["Ddorf"]


def test_grant_and_saving_are_computed_without_who_left(case):
    assert (case.units, case.proposal.total, case.saving.before) == (3, 75000, 360000)


@pytest.mark.parametrize("variant", [{}, {"accession": True}])
def test_numbers_are_the_same_in_sql(case, variant):
    Participant.objects.update(joins=True)
    Application.objects.update(variant=VariantFactory(**variant))

    found = Application.objects.with_units().with_participant_count().get()

    assert (found.sql_units, found.participant_count) == (3, 3)
    assert (fresh(case).units, len(fresh(case).participants)) == (3, 3)


@pytest.mark.parametrize("state", ["drafted", "resolutions_collected"])
def test_turn_is_the_same_in_sql(state):
    application = case_in(state)
    last = application.participants[2]
    last.signatures.all().delete()
    last.resolution.delete()
    waiting = Application.objects.with_turn().get().sql_turn
    assert waiting == fresh(application).turn != "clerk"

    leave(Participant.objects.get(pk=last.pk))

    assert Application.objects.with_turn().get().sql_turn == fresh(application).turn == "clerk"


def test_case_is_not_similar_by_who_left():
    shared = MunicipalityFactory.create_batch(2)
    other = ApplicationFactory(cooperation=CooperationFactory(participants=[*shared, MunicipalityFactory()]))
    ours = ApplicationFactory(cooperation=CooperationFactory(participants=[*shared, MunicipalityFactory()]))
    assert fresh(ours).similar_cases == [other]

    leave(other.participants[0])

    assert (fresh(ours).similar_cases, fresh(other).similar_cases) == ([], [])


def test_case_lies_where_its_participants_are():
    far = MunicipalityFactory(ags="06440001", ars="064400001001")
    application = ApplicationFactory(cooperation=CooperationFactory(participants=[MunicipalityFactory(), far]))
    assert list(Application.objects.located_in("06440")) == [application]

    leave(application.participants[1])

    assert list(Application.objects.located_in("06440")) == []
    assert list(Application.objects.searched_for([far.name])) == [application]  # it is still found by name


def test_clerk_takes_out_a_participant_with_documents_and_back_in(client):
    application = ApplicationFactory(complete=True)
    client.force_login(application.clerk)
    last = application.participants[2]
    seen = client.get(page(last)).context["adminform"].form["seen"].value()

    client.post(page(last), {"seen": seen, "left_on": "15.09.2026", "left_reason": REASON})

    last.refresh_from_db()
    assert (last.left_on, last.left_reason, last.resolution.number) == (date(2026, 9, 15), REASON, "12/2026")
    assert f"Ausgeschieden am 15.09.2026: {last.municipality.display_name} ({REASON})" in (
        client.get(reverse("admin:applications_application_change", args=[application.pk])).content.decode()
    )

    seen = client.get(page(last)).context["adminform"].form["seen"].value()
    client.post(page(last), {"seen": seen, "left_on": "", "left_reason": " "})

    last.refresh_from_db()
    assert (last.left_on, last.left_reason) == (None, "")


@pytest.mark.parametrize(("left_on", "reason"), [("15.09.2026", ""), ("", REASON), ("15.09.2026", "  ")])
def test_day_and_reason_belong_together(client, left_on, reason):
    application = ApplicationFactory()
    client.force_login(application.clerk)
    last = application.participants[2]
    seen = client.get(page(last)).context["adminform"].form["seen"].value()

    response = client.post(page(last), {"seen": seen, "left_on": left_on, "left_reason": reason})

    assert response.context["adminform"].form.non_field_errors() == [
        "Zum Ausscheiden gehören Tag und Grund; beide oder keins von beiden."
    ]


def test_who_left_is_asked_for_nothing_new(client, case):
    client.force_login(case.clerk)
    case.agreement.signatures.filter(participant=case.former_participants[0]).delete()

    agreement = client.get(reverse("admin:applications_agreement_change", args=[case.agreement.pk]))
    correction = client.get(reverse("admin:applications_correctionrequest_add") + f"?parent={case.pk}")

    for response in (agreement, correction):
        formset = response.context["inline_admin_formsets"][0].formset
        offered = [str(each.municipality.name) for each in formset.empty_form.fields["participant"].queryset]
        assert offered == ["Adorf", "Bdorf", "Cdorf"]
    assert len(agreement.context["inline_admin_formsets"][0].formset.forms) == 3


def test_who_was_asked_before_stays_in_the_request(client, case):
    client.force_login(case.clerk)
    former = case.former_participants[0]
    request = CorrectionRequestFactory(application=case)
    for participant in (former, former):
        request.items.create(participant=participant, text="Datum nachtragen")

    response = client.get(reverse("admin:applications_correctionrequest_change", args=[request.pk]))

    formset = response.context["inline_admin_formsets"][0].formset
    offered = [each.municipality.name for each in formset.empty_form.fields["participant"].queryset]
    assert offered == ["Adorf", "Bdorf", "Cdorf", "Ddorf"]


def test_new_agreement_asks_who_takes_part(client):
    application = ApplicationFactory(cooperation=CooperationFactory(participants=bodies(3)))
    client.force_login(application.clerk)
    leave(application.participants[2])

    response = client.get(reverse("admin:applications_agreement_add") + f"?parent={application.cooperation.pk}")

    assert len(response.context["inline_admin_formsets"][0].formset.forms) == 2


def test_agreement_is_complete_without_who_left():
    application = ApplicationFactory(cooperation=CooperationFactory(participants=bodies(3)))
    leave(application.participants[2])
    agreement = AgreementFactory(cooperation=application.cooperation, signed=False)
    assert fresh(application).agreement_incomplete is True

    for each in fresh(application).participants:
        agreement.signatures.create(participant=each, signatory_1="A", signatory_2="B", signed_on=date(2026, 6, 1))

    assert fresh(application).agreement_incomplete is False
