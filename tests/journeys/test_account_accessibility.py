"""No page around the account holds a barrier that a machine can find: at every width, light and dark."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from tests.factories import PASSWORD, UserFactory
from tests.journeys.barriers import barriers, findings
from tests.journeys.browser import sign_in
from tests.municipal_people import InvitationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOR_ALL = ["account_reset_password", "account_reset_password_done", "barrierefreiheit", "impressum", "datenschutz"]
OWN = ["mfa_index", "account_change_password", "account_logout", "account_reauthenticate", "account_sessions"]
WITH_SECOND_FACTOR = ["mfa_index", "mfa_view_recovery_codes", "mfa_reauthenticate"]


def named(live_server, names):
    return {name: live_server.url + reverse(name) for name in names}


def test_pages_without_an_account(page, live_server):
    assert findings(page, named(live_server, FOR_ALL)) == {}


def test_invitation(page, live_server):
    InvitationFactory()

    page.goto(live_server.url + reverse("invitation", args=["ein-token"]))

    assert barriers(page) == []


def test_pages_of_the_own_account(page, live_server):
    person = UserFactory(is_staff=False)
    sign_in(page, live_server, person)

    assert findings(page, named(live_server, OWN)) == {}


def test_pages_with_a_second_factor(page, live_server):
    person = UserFactory(is_staff=False)
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    sign_in(page, live_server, person)

    assert findings(page, named(live_server, WITH_SECOND_FACTOR)) == {}


def test_second_factor_is_set_up_without_a_barrier(page, live_server):
    person = UserFactory(is_staff=False)
    sign_in(page, live_server, person)

    page.goto(live_server.url + reverse("mfa_activate_totp"))
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Bestätigen").click()
    page.get_by_label("Bestätigungscode").wait_for()

    assert barriers(page) == []
