"""The page that the link of an invitation leads to: with a new account, or with the one that is there."""

from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from applications import invitations
from applications.models import Invitation
from applications.portal.people_forms import NewAccountForm


@never_cache
@sensitive_post_parameters("password1", "password2")
def invitation(request, token):
    found = Invitation.objects.with_token(token).select_related("municipality", "office", "invited_by").first()
    if found is None or (found.account and not found.account.is_active):
        return _void(request)
    with_account = request.user.is_authenticated or found.account
    try:
        return (_with_account if with_account else _with_new_account)(request, found, token)
    except invitations.InvitationVoid:  # used up or withdrawn a moment ago
        return _void(request)


def _void(request):
    return render(request, "applications/portal/invitation_void.html", status=404)


def _with_account(request, found, token):
    is_addressed = request.user.is_authenticated and request.user.email == found.email
    if request.method == "POST" and is_addressed:
        return _welcome(request, found, token, request.user)
    facts = {"invitation": found, "is_addressed": is_addressed}
    return render(request, "applications/portal/invitation.html", facts)


def _with_new_account(request, found, token):
    form = NewAccountForm(request.POST if request.method == "POST" else None, email=found.email)
    if not form.is_valid():
        return render(request, "applications/portal/invitation_new_account.html", {"invitation": found, "form": form})
    with transaction.atomic():
        user = form.save()
        answer = _welcome(request, found, token, user)
    login(request, user)
    request.session.set_expiry(0)  # like every other login: it ends with the browser
    return answer


def _welcome(request, found, token, user):
    invitations.accept(token, by=user)
    messages.success(request, f"Willkommen. Sie arbeiten jetzt für {found.body_name}.")
    return redirect("portal:start")
