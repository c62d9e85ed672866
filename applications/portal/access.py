"""The first line of every view of the portal: only cases that the person may see, all others do not exist."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from applications.models import Application
from applications.standing import standing


def case_and_standing(request, uuid):
    """The case and as whom the person looks at it. Raises Http404 for whatever the person may not see.

    Staff of the ministry works in the admin and has no standing here.
    """
    if not request.user.memberships_today and not request.user.offices_today:
        raise Http404
    application = get_object_or_404(_cases(request.user), uuid=uuid)
    found = standing(application, request.user)
    if not found.is_municipal and not found.opinions:
        raise Http404
    return application, found


def _cases(user):
    return Application.objects.visible_to(user).with_group().with_lead_account().with_turn()


def own_participant(found, pk):
    """The participant of that key, if the person acts for it. Raises Http404."""
    for participant in found.own:
        if participant.pk == pk:
            return participant
    raise Http404


def led_case(request, uuid):
    """A case that the person leads. Raises Http404 for everybody else."""
    application, standing = case_and_standing(request, uuid)
    if not standing.leads:
        raise Http404
    return application
