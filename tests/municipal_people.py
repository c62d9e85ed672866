"""People outside the ministry: who acts for a municipality or answers for a supervisory office."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from applications.models import Application, Invitation, Message, Office, OfficeMember
from applications.models.invitation import hash_of
from applications.supervision import Authority
from municipalities.models import Membership
from tests.factories import ApplicationFactory, CooperationFactory, MunicipalityFactory, UserFactory


class OfficeFactory(DjangoModelFactory):
    class Meta:
        model = Office
        django_get_or_create = ["authority", "name"]

    authority = Authority.REGIERUNGSPRAESIDIUM
    name = "Regierungspräsidium Gießen"


class OfficeMemberFactory(DjangoModelFactory):
    class Meta:
        model = OfficeMember

    user = factory.LazyFunction(lambda: UserFactory(is_staff=False))
    office = factory.SubFactory(OfficeFactory)
    valid_from = date(2026, 1, 1)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.LazyFunction(lambda: UserFactory(is_staff=False))
    municipality = factory.SubFactory(MunicipalityFactory)
    valid_from = date(2026, 1, 1)


class InvitationFactory(DjangoModelFactory):
    """Open; its link holds „ein-token“ and counts until the year 2100."""

    class Meta:
        model = Invitation

    class Params:
        token = "ein-token"

    email = factory.Sequence("eingeladen{}@ikz.example".format)
    municipality = factory.SubFactory(MunicipalityFactory)
    token_hash = factory.LazyAttribute(lambda invitation: hash_of(invitation.token))
    expires_at = datetime(2100, 1, 1, tzinfo=UTC)
    invited_by = factory.SubFactory(UserFactory)
    invited_at = datetime(2026, 1, 1, tzinfo=UTC)


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    application = factory.SubFactory(ApplicationFactory)
    recipient = factory.SubFactory(UserFactory)
    event = "document_received"
    key = factory.Sequence("document:{}".format)
    subject = "Ein Dokument ist eingegangen"
    text = "Der Beschluss liegt vor."


def administrator_of(municipality, **fields):
    """A person who invites and dismisses people of this municipality."""
    return member_of(municipality, is_administrator=True, **fields)


def member_of(municipality, role=Membership.Role.SIGNATORY, **fields):
    """A person of this municipality, who may sign unless told otherwise."""
    return MembershipFactory(municipality=municipality, role=role, **fields).user


def officer_of(opinion):
    """A person who answers for the office that this opinion is asked of."""
    return OfficeMemberFactory(office=opinion.office).user


def draft_of(bodies, *, variant, **fields):
    """What the first of these bodies drafts in the portal, for all of them."""
    cooperation = CooperationFactory(participants=bodies, **fields)
    return Application.objects.open_case(
        cooperation=cooperation, variant=variant, by=member_of(bodies[0]), is_handed_in=False
    )
