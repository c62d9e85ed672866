"""Inviting people and letting them in: by a link that counts once, for seven days."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from applications.models import Invitation
from applications.models.invitation import VALID_DAYS
from ikz import outbox, security_log


class InvitationVoid(Exception):
    """The link was used, withdrawn or replaced, or it expired."""


@transaction.atomic
def send(invitation, *, by):
    """Invite, or invite again: a new link goes out, and the former one opens nothing any more. Raises InvitationVoid."""
    if invitation.pk:
        invitation = _locked(Invitation.objects.open().filter(pk=invitation.pk))
    token = invitation.renew(by=by)
    invitation.save()
    outbox.enqueue(_mail(invitation, token))
    security_log.tell("invitation sent", invitation=invitation.pk)
    return invitation


@transaction.atomic
def take_back(invitation, *, by):
    """Raises InvitationVoid."""
    invitation = _locked(Invitation.objects.open().filter(pk=invitation.pk))
    invitation.revoked_by, invitation.revoked_at = by, timezone.now()
    invitation.save()
    security_log.tell("invitation taken back", invitation=invitation.pk)


@transaction.atomic
def accept(token, *, by):
    """Give the person access, and use the link up. Returns the access. Raises InvitationVoid, also for somebody else."""
    invitation = _locked(Invitation.objects.with_token(token).filter(email=by.email))
    invitation.accepted_by, invitation.accepted_at = by, timezone.now()
    invitation.save()
    security_log.tell("invitation accepted", invitation=invitation.pk, account=by.pk)
    return invitation.grant(by)


def _locked(found):
    invitation = found.select_for_update().first()
    if invitation is None:
        raise InvitationVoid
    return invitation


def _mail(invitation, token):
    link = settings.IKZ_PUBLIC_URL + reverse("invitation", args=[token])
    facts = {"invitation": invitation, "link": link, "days": VALID_DAYS}
    subject, body = outbox.subject_and_body("applications/mails/invitation.txt", facts)
    return EmailMessage(subject=subject, body=body, to=[invitation.email])
