"""One way to change a record in the portal: under the lock of its case, never over somebody else's change."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render

from applications import corrections, uploads
from applications.models import Application, Message
from applications.portal.submitted import facts
from applications.unlocks import why_locked


def edit(request, application, form_of, *, kind, template, what, participant=None, **context):
    """Show the form, or save what was sent and return to the case. What is locked can still be looked at.

    `form_of(case, data, files)` makes the form on a record of the case, which was read after the lock. `kind` is what unlocks.why_locked() is asked
    for; `what` names the thing in messages. Raises PermissionDenied when it was locked before anything was brought.
    """
    if request.method != "POST":
        locked = why_locked(application, kind, participant)  # before the form, which may give the case a new record
        form = form_of(application, None, None)
        if locked:
            return look(request, application, form, locked, what, **context)
        return _page(request, application, form, template, what, participant, context)
    uploads.look_at(request.FILES)
    uploads.tell_of_infected(request.FILES, application=application, participant=participant, by=request.user)
    with transaction.atomic():
        locked_case = Application.objects.locked(application.pk)
        locked = why_locked(locked_case, kind, participant)
        form = form_of(locked_case, request.POST, request.FILES)
        if locked:
            form.add_error(None, f"{locked} Ihre Eingaben wurden nicht gespeichert.")
        if form.is_valid():
            form.save()
            corrections.submit_saved(locked_case, kind, participant, by=request.user)
            _tell(locked_case, form, kind, request.user, what)
            messages.success(request, f"{what} gespeichert. Danke.")
            return redirect("portal:case", application.uuid)
    return _page(request, application, form, template, what, participant, context)


def _page(request, application, form, template, what, participant, context):
    shown = {"application": application, "form": form, "what": what, "participant": participant, "organ": "", **context}
    return render(request, template, shown)


def look(request, application, form, locked, what, **context):
    """The page that only shows what was brought. Raises PermissionDenied when nothing was."""
    told, record = facts(form), getattr(form, "instance", None)
    if not (told or context.get("present") or getattr(record, "file_id", None)):
        raise PermissionDenied(locked)
    shown = {"application": application, "form": form, "what": what, "locked": locked, "facts": told, **context}
    return render(request, "applications/portal/submitted.html", shown)


def _tell(application, form, kind, user, what):
    if kind == "opinion":
        key = f"opinion:{form.instance.pk}:{form.now}"  # each change is told, each once
        Message.objects.announce(application, "opinion_received", key=key, by=user, what=form.instance.name)
        return
    if kind == "report":
        key = f"report:{form.instance.pk}:{form.now}"  # each version is told, each once
        Message.objects.announce(application, "report_received", key=key, by=user, what=what)
        return
    if stored := getattr(form, "stored", ()):
        names = [each.original_name for each in stored]
        key = f"document:{stored[0].uuid}"  # one message for all that came in one form
        Message.objects.announce(application, "document_received", key=key, by=user, what=what, names=names)
