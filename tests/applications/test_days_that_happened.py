"""What happened on a day lies behind us: a day still to come satisfies no rule. Letters have tests of their own."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone

from applications.models import Agreement, Application, Notice, Opinion
from applications.models.cooperation import not_in_the_future
from tests.factories import ApplicationFactory, MunicipalityFactory, clerk
from tests.programme_factories import TaskFieldFactory, VariantFactory

STILL_TO_COME = {  # what is agreed, due, planned or in force from a day on; all other days have happened
    ("Agreement", "ends_on"),
    ("Agreement", "starts_on"),
    ("BaseRate", "valid_from"),
    ("Cooperation", "starts_on"),
    ("CorrectionRequest", "due_on"),
    ("DateFacts", "report_on"),
    ("Decision", "ends_on"),
    ("Decision", "report_due_on"),
    ("Decision", "starts_on"),
    ("DeliveryRule", "valid_from"),
    ("FileNote", "follow_up_on"),
    ("Hearing", "due_on"),
    ("Letterhead", "valid_from"),
    ("OfficeMember", "valid_from"),
    ("OfficeMember", "valid_to"),
    ("Opinion", "due_on"),
    ("PayingAccount", "valid_from"),
    ("PaymentOrder", "execute_on"),
    ("Programme", "valid_from"),
    ("Programme", "valid_to"),
    ("Revocation", "due_on"),
    ("Revocation", "interest_since"),
    ("Revocation", "interest_until"),
}
WRITTEN_BY_US = {  # no form asks for them
    ("DailyRun", "day"),
    ("Deletion", "answered_on"),
    ("Deletion", "deleted_on"),
    ("Deletion", "ended_on"),
    ("Deletion", "kept_until"),
}


def test_day_on_which_something_happened_is_never_ahead():
    unguarded = {
        (model.__name__, field.name)
        for model in apps.get_app_config("applications").get_models()
        for field in model._meta.local_fields
        if model is not Notice and type(field) is models.DateField and not_in_the_future not in field.validators
    }

    assert unguarded == STILL_TO_COME | WRITTEN_BY_US


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (Agreement, "approved_on"),
        (Agreement, "published_on"),
        (Agreement, "notified_on"),
        (Opinion, "requested_on"),
        (Opinion, "received_on"),
        (Application, "received_on"),
    ],
)
def test_tomorrow_is_refused_and_today_is_not(model, name):
    field = model._meta.get_field(name)

    assert field.clean(timezone.localdate(), None) == timezone.localdate()
    with pytest.raises(ValidationError, match="Dieser Tag liegt in der Zukunft"):
        field.clean(timezone.localdate() + timedelta(days=1), None)


@pytest.mark.django_db
def test_receipt_tomorrow_opens_no_case_and_chooses_no_version(client):
    tomorrow = timezone.localdate() + timedelta(days=1)
    body = MunicipalityFactory()
    VariantFactory(programme__valid_from=tomorrow, programme__valid_to=None)
    client.force_login(clerk())
    sent = {
        "title": "Bauhof",
        "task_field": TaskFieldFactory().pk,
        "variant_code": "standard",
        "municipalities": [body.pk],
    }

    response = client.post(
        reverse("admin:applications_application_add"), sent | {"received_on": f"{tomorrow:%d.%m.%Y}", "lead": body.pk}
    )

    assert response.context["adminform"].form.errors == {
        "received_on": ["Dieser Tag liegt in der Zukunft. Bitte prüfen Sie das Datum."]
    }


@pytest.mark.django_db
def test_receipt_does_not_move_ahead(client):
    application = ApplicationFactory()
    client.force_login(application.clerk)
    edit = reverse("admin:applications_application_edit", args=[application.pk])
    seen = client.get(edit).context["adminform"].form["seen"].value()
    tomorrow = timezone.localdate() + timedelta(days=1)

    response = client.post(
        edit, {"seen": seen, "received_on": f"{tomorrow:%d.%m.%Y}", "variant": application.variant_id}
    )

    assert list(response.context["adminform"].form.errors) == ["received_on"]
