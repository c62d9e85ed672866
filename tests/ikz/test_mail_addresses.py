"""An address is taken where people type it if, and only if, a mail can be sent to it."""

import pytest
from django.core.exceptions import ValidationError

from applications.models import Invitation
from ikz.mail_addresses import UNSENDABLE, sendable
from ikz.models import User
from tests.factories import MunicipalityFactory
from tests.municipal_people import InvitationFactory

UNHEARD_OF = [
    "=?utf-8?q?=0a?=@example.org",  # becomes a line break
    "=?utf-8?q?a?=@example.org",  # becomes a@example.org, which is somebody else
    "=?utf-8?q?a=20b?=@example.org",
    f"a@{'ü' * 60}.de",  # longer among servers than a name may be
    "bürgermeister@example.org",
]


@pytest.mark.parametrize(
    "address", ["a@example.org", "a@münchen.de", "o'neil+x=y@a.b.example.org", "a?b=c@example.org"]
)
def test_usual_address_is_sendable(address):
    assert sendable(address) is None


@pytest.mark.parametrize("address", UNHEARD_OF)
def test_address_that_becomes_another_one_or_none_is_refused(address):
    with pytest.raises(ValidationError) as refusal:
        sendable(address)

    assert refusal.value.messages == [UNSENDABLE]


@pytest.mark.django_db
@pytest.mark.parametrize("address", UNHEARD_OF[:4])
def test_accounts_and_invitations_refuse_it(address):
    account = User(email=address, password="x")
    invitation = Invitation(
        email=address, municipality=MunicipalityFactory(), invited_by=InvitationFactory().invited_by
    )

    for each in (account, invitation):
        with pytest.raises(ValidationError) as refusal:
            each.full_clean(exclude=["token_hash", "expires_at", "invited_at"])
        assert refusal.value.message_dict == {"email": [UNSENDABLE]}
