"""Mass assignment: fields that no form offers, sent along with every form, change nothing."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.models import (
    Application,
    BankAccount,
    Budget,
    Decision,
    Invitation,
    Participant,
    PaymentOrder,
    StoredFile,
)
from ikz.models import User
from municipalities.models import Membership, Municipality
from tests import unrendered
from tests.attacks.guesses import Page
from tests.factories import UserFactory
from tests.route_examples import example
from tests.route_rights import GET, POST_ONLY
from tests.test_routes import PEOPLE, on_examples, records_of

pytestmark = pytest.mark.django_db

# What is decided by steps, rights and other people, never by a field.
PROTECTED = {
    Application: [
        "uuid",
        "file_number",
        "state",
        "checked_by",
        "approved_by",
        "paid_by",
        "rejected_by",
        "taken_over_at",
    ],
    User: ["is_staff", "is_superuser", "is_active", "email", "password"],
    Membership: ["user", "municipality", "role", "is_administrator"],
    Decision: ["amount", "decided_by", "annulled_by", "revoked_amount"],
    Budget: ["year", "allocated"],
    StoredFile: ["sha256", "scan", "uploaded_by", "application"],
    Participant: ["municipality", "cooperation", "left_on"],
    BankAccount: ["confirmed_by", "confirmed_at", "entered_by"],
    PaymentOrder: ["released_by", "file"],
    Invitation: ["token_hash", "accepted_by", "invited_by"],
    Municipality: ["ags", "kind", "successor"],
}
EVIL = {
    "state": "approved",
    "uuid": "00000000-0000-0000-0000-000000000000",
    "file_number": "IKZ-1999-0001",
    "amount": "999999",
    "allocated": "999999",
    "role": "zeichnung",
    "sha256": "0" * 64,
    "scan": "clean",
    "kind": "gemeinde",
    "ags": "06999999",
    "email": "fremd@example.org",
    "password": "geheim",  # (no account has it)
    "token_hash": "0" * 64,
    "file": "<Document/>",
    **dict.fromkeys(("is_staff", "is_superuser", "is_active", "is_administrator"), "on"),
    **{name: timezone.now().isoformat() for name in ("taken_over_at", "confirmed_at", "left_on")},
}
# The business of the page itself.
BUSINESS = {
    "portal:withdraw": {"state"},
    "portal:draft_hand_in": {"state"},
    "portal:invite": {"token_hash"},
    "admin:applications_invitation_add": {"token_hash"},
    "account_change_password": {"password"},
    "admin:applications_application_take": {"state"},
    "admin:municipalities_membership_change": {"role", "is_administrator"},
    "admin:applications_participant_change": {"left_on"},
}


def protected_values():
    """(model, key, field) → what the database holds."""
    return {
        (model.__name__, row["pk"], name): row[name]
        for model, names in PROTECTED.items()
        for row in model._base_manager.values("pk", *names)
        for name in names
    }


def everything_evil(person):
    by_key = {name: str(person.pk) for names in PROTECTED.values() for name in names if name.endswith("_by")}
    return {**by_key, "user": str(person.pk), **EVIL}


@on_examples
@pytest.mark.parametrize("letter", ["L", "S"])
def test_fields_of_no_form_change_nothing(built, letter):
    arguments = records_of(built)
    person = PEOPLE[letter](arguments[0]["application"])
    client = Client()
    client.force_login(person)
    names = {name for letters, group in GET.items() if letter in letters for name in group} - POST_ONLY
    evil = everything_evil(person)
    before, changed, accepted = protected_values(), {}, set()

    for name in sorted(names - {"account_logout"}):
        address = example(name, arguments)
        page = _page(client, address)
        with transaction.atomic(), unrendered.pages():
            response = client.post(
                address, {**page.fields, **{key: value for key, value in evil.items() if key not in page.names}}
            )
            after = protected_values()
            accepted |= {name} if response.status_code == 302 else set()
            transaction.set_rollback(True)
        found = {
            key for key, value in before.items() if after.get(key) != value and key[2] not in BUSINESS.get(name, ())
        }
        if found:
            changed[name] = sorted(found, key=str)

    assert changed == {}
    assert len(accepted) > 10  # forms that were saved with what did not belong to them


def _page(client, address):
    response = client.get(address)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    is_page = response.status_code == 200 and "html" in response.headers["Content-Type"]
    return Page(content.decode() if is_page else "")


def test_superuser_is_made_by_a_superuser_alone(client):
    """Who keeps accounts elsewhere in the admin gives nobody a right that the form does not offer."""
    account = UserFactory(roles=["Sachbearbeitung"])
    client.force_login(UserFactory(roles=["Stammdaten"]))

    response = client.post(reverse("admin:ikz_user_change", args=[account.pk]), {"is_superuser": "on"})

    assert response.status_code == 403
    assert not User.objects.get(pk=account.pk).is_superuser
