"""Where somebody is signed in, and how to end it elsewhere."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ikz import session_store


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def sessions(request):
    this = request.session.session_key
    if request.method == "POST":
        ended = session_store.end(request.user, but=this)
        messages.success(request, _said(ended))
        return redirect("account_sessions")
    return render(request, "account/sessions.html", {"sessions": session_store.listed(request.user, this)})


def _said(ended):
    if not ended:
        return "Es gab keine andere Sitzung."
    return "Die andere Sitzung ist beendet." if ended == 1 else f"{ended} andere Sitzungen sind beendet."
