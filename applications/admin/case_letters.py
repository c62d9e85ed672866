"""Letters that no step ends in: receipt, requests, reminders, and the confirmation of a withdrawal on the portal."""

import io

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse

from applications import notices
from applications.admin.records import back_to_case, give_back
from applications.letter_kinds import LetterKind
from applications.letters_by_hand import FORMS, possible_kinds
from applications.models import Application
from applications.permissions import PROCESS, needs
from applications.typesetting import LetterRefused


class CaseLetters:
    """A mixin for the admin of applications."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.letter_view)
        return [
            path("<int:pk>/schreiben/<slug:kind>/", view, name="applications_application_letter"),
            *super().get_urls(),
        ]

    @transaction.atomic
    def letter_view(self, request, pk, kind):
        if request.method == "POST":
            # Held until the letter is made, so that no step takes away its reason meanwhile.
            Application.objects.filter(pk=pk).lock_rows()
        application = self._case(request, pk)
        if kind not in FORMS:
            raise Http404
        if refusal := needs(PROCESS)(application, request.user):
            raise PermissionDenied(refusal)
        if kind not in possible_kinds(application):
            said = f"{LetterKind(kind).label}: Dafür gibt es in diesem Fall keinen Anlass."
            leads_back = back_to_case(request, application, said, "schreiben", messages.INFO)
            give_back(request, application, FORMS[kind])
            return leads_back
        form = FORMS[kind](request.POST or None, application=application)
        if form.is_valid() and (done := self._issue(request, application, kind, form)):
            return done
        label = LetterKind(kind).label
        context = {
            **self._context(request, application, f"{label}: {application.file_number}"),
            "label": label,
            "form": form,
        }
        return render(request, "admin/applications/application/letter.html", context)

    def _issue(self, request, application, kind, form):
        """The draft, or the way to the letter; None when it was refused, with the reason in the form."""
        facts = {"texts": form.cleaned_data["texts"], **form.facts()}
        try:
            if "preview" in request.POST:
                pdf = notices.preview(application, kind, by=request.user, **facts)
                return FileResponse(io.BytesIO(pdf), filename="ENTWURF.pdf", content_type="application/pdf")
            notice = notices.issue(application, kind, by=request.user, **facts)
        except LetterRefused as refusal:
            form.add_error(None, str(refusal))
            return None
        self.message_user(request, f"{notice.get_kind_display()} ausgefertigt.", messages.SUCCESS)
        return redirect(reverse("admin:applications_notice_change", args=[notice.pk]))
