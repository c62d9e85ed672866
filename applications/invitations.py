"""Inviting people and letting them in: by a link that counts once, for seven days.

Whoever may invite writes mails to strangers in the name of the ministry, so there are bounds. They are counted in the
database, for all server processes together.
"""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from applications.models import Invitation, InvitationMail
from applications.models.invitation import VALID_DAYS
from ikz import outbox, security_log
from ikz.models import User

AN_HOUR_TO_ONE_PERSON = 3  # for one body, however often the invitation is withdrawn and made anew
A_DAY = 50
A_DAY_OF_THE_MINISTRY = 500  # it invites the administrators of all municipalities
TOO_MANY_TO_ONE_PERSON = (
    "An diese Person gingen in der letzten Stunde schon {most} Einladungen. Bitte warten Sie eine Stunde, und bitten Sie "
    "die Person, auch bei den unerwünschten E-Mails nachzusehen."
)
TOO_MANY_A_DAY = "Sie haben in den letzten 24 Stunden schon {most} Einladungen gesendet. Bitte senden Sie diese morgen."


class InvitationVoid(Exception):
    """The link was used, withdrawn or replaced, or it expired."""


class TooManyInvitations(Exception):
    """A bound is reached, and nothing was sent; the text is the sentence for whoever invites."""


@transaction.atomic
def send(invitation, *, by):
    """Invite, or invite again: a new link goes out, and the former one opens nothing any more.

    Raises InvitationVoid and TooManyInvitations.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # whoever invites twice at once is counted one by one
    if invitation.pk:
        invitation = _locked(Invitation.objects.open().filter(pk=invitation.pk))
    _refuse_too_many(invitation, by)
    token = invitation.renew(by=by)
    invitation.save()
    email = outbox.enqueue(_mail(invitation, token))
    invitation.mails.create(sent_by=by, sent_at=invitation.invited_at, email=email)
    security_log.tell("invitation sent", invitation=invitation.pk)
    return invitation


def _refuse_too_many(invitation, by):
    now = timezone.now()
    to_them = InvitationMail.objects.filter(
        invitation__email=invitation.email,
        invitation__municipality=invitation.municipality,
        invitation__office=invitation.office,
        sent_at__gt=now - timedelta(hours=1),
    )
    if to_them.count() >= AN_HOUR_TO_ONE_PERSON:
        raise TooManyInvitations(TOO_MANY_TO_ONE_PERSON.format(most=AN_HOUR_TO_ONE_PERSON))
    most = A_DAY_OF_THE_MINISTRY if by.is_staff else A_DAY
    if InvitationMail.objects.filter(sent_by=by, sent_at__gt=now - timedelta(days=1)).count() >= most:
        raise TooManyInvitations(TOO_MANY_A_DAY.format(most=most))


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
