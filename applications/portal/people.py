"""The people of a municipality, for those who manage them: who has access, who is invited."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import invitations
from applications.models import Invitation
from applications.portal.people_forms import EndAccessForm, InvitationForm
from municipalities.models import Membership, Municipality

VOID = "Diese Einladung ist schon angenommen oder zurückgezogen."


def managed(user):
    """The municipalities whose people the person manages. Raises Http404 where there are none."""
    own = [each.municipality_id for each in user.memberships_today if each.is_administrator]
    if not own:
        raise Http404
    return Municipality.objects.filter(pk__in=own).select_related("district")


@login_required
def people(request):
    own = managed(request.user)
    today = timezone.localdate()
    members = Membership.objects.valid_on(today).filter(municipality__in=own).select_related("user", "municipality")
    invited = (
        Invitation.objects.open()
        .filter(municipality__in=own)
        .select_related("invited_by", "municipality")
        .with_last_mail()
    )
    bodies = [
        {
            "name": municipality.display_name,
            "members": [each for each in members if each.municipality_id == municipality.pk],
            "invitations": [each for each in invited if each.municipality_id == municipality.pk],
        }
        for municipality in own
    ]
    return render(request, "applications/portal/people.html", {"bodies": bodies})


@login_required
def invite(request):
    form = InvitationForm(request.POST or None, municipalities=managed(request.user))
    if form.is_valid() and _is_sent(form, by=request.user):
        messages.success(request, f"Die Einladung an {form.instance.email} ist unterwegs.")
        return redirect("portal:people")
    return render(request, "applications/portal/invite.html", {"form": form})


def _is_sent(form, *, by) -> bool:
    """Whether the invitation could be sent; what the bounds say stands above the form."""
    try:
        invitations.send(form.instance, by=by)
    except invitations.TooManyInvitations as bound:
        form.add_error(None, str(bound))
        return False
    return True


@require_POST
@login_required
def invite_again(request, pk):
    return _with_invitation(
        request, pk, invitations.send, "Eine neue Einladung ist unterwegs. Der frühere Link gilt nicht mehr."
    )


@require_POST
@login_required
def take_back(request, pk):
    return _with_invitation(
        request, pk, invitations.take_back, "Die Einladung ist zurückgezogen. Ihr Link gilt nicht mehr."
    )


def _with_invitation(request, pk, change, said):
    invitation = get_object_or_404(Invitation, pk=pk, municipality__in=managed(request.user))
    try:
        change(invitation, by=request.user)
    except invitations.InvitationVoid:
        messages.error(request, VOID)
    except invitations.TooManyInvitations as bound:
        messages.error(request, str(bound))
    else:
        messages.success(request, said)
    return redirect("portal:people")


@login_required
@transaction.atomic
def end_access(request, pk):
    """Ask, then end the access at once. Two administrators cannot end each other's at the same time."""
    own = managed(request.user)
    list(Municipality.objects.select_for_update().filter(pk__in=own).order_by("pk").only("pk"))
    open_ones = Membership.objects.valid_on(timezone.localdate()).filter(municipality__in=own)
    membership = get_object_or_404(open_ones.select_related("user", "municipality"), pk=pk)
    form = EndAccessForm(request.POST if request.method == "POST" else None, membership=membership)
    if form.is_valid():
        membership.end(by=request.user)
        messages.success(
            request, f"Der Zugang von {membership.user} ist beendet. Alles, was die Person eingereicht hat, bleibt."
        )
        return redirect("portal:start" if membership.user == request.user else "portal:people")
    return render(request, "applications/portal/end_access.html", {"form": form, "membership": membership})
