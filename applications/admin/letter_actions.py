"""What may still be done with a letter that was issued: say when it was sent, correct it, say that it does not hold."""

import io

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse

from applications import notices
from applications.letter_kinds import NOTICES, LetterKind
from applications.letters import LetterRefused
from applications.models import Notice
from applications.models.notice import Delivery
from applications.permissions import DECIDE, PROCESS, needs
from applications.step_forms import day_field, text_field
from ikz.request_log import about


class DispatchForm(forms.Form):
    label = "Versand festhalten"
    delivery = forms.ChoiceField(label="Versandweg", choices=Delivery.choices)
    sent_on = day_field("zur Post gegeben oder elektronisch abgerufen am")
    preview = None

    def act(self, notice, by):
        sent_on = "posted_on" if self.cleaned_data["delivery"] == Delivery.POST else "retrieved_on"
        days = {"delivery": self.cleaned_data["delivery"], sent_on: self.cleaned_data["sent_on"]}
        return notices.record_dispatch(notice, **days)


class WaiverForm(forms.Form):
    label = "Rechtsbehelfsverzicht festhalten"
    waiver_on = day_field("Verzicht eingegangen am")
    preview = None

    def act(self, notice, by):
        return notices.record_dispatch(notice, waiver_on=self.cleaned_data["waiver_on"])


class CorrectionForm(forms.Form):
    label = "Berichtigung ausfertigen"
    wrong = text_field("Im Schreiben steht", rows=3)
    right = text_field("Richtig ist", rows=3)

    def _facts(self, notice):
        corrections = [(self.cleaned_data["wrong"], self.cleaned_data["right"])]
        return {"refers_to": notice, "recipient": notice.recipient, "corrections": corrections}

    def preview(self, notice, by):
        return notices.preview(notice.application, LetterKind.CORRECTING, by=by, **self._facts(notice))

    def act(self, notice, by):
        return notices.issue(notice.application, LetterKind.CORRECTING, by=by, **self._facts(notice))


class VoidForm(forms.Form):
    label = "Für ungültig erklären"
    reason = text_field("Warum das Schreiben nicht gilt", help_text="Nur, wenn es das Haus nie verlassen hat.")
    preview = None

    def act(self, notice, by):
        return notices.void(notice, by=by, reason=self.cleaned_data["reason"])


FORMS = {"versand": DispatchForm, "verzicht": WaiverForm, "berichtigung": CorrectionForm, "ungueltig": VoidForm}


def why_not(notice, name, user) -> str | None:
    """The sentence of why this person may not do this with the letter, or None."""
    if notice.is_voided:
        return "Das Schreiben ist für ungültig erklärt."
    if name == "versand" and notice.sent_on:
        return "Der Versand steht schon fest."
    if name == "verzicht" and (notice.kind not in NOTICES or not notice.sent_on or notice.waiver_on):
        return "Ein Verzicht gehört zu einem versandten Bescheid und wird einmal festgehalten."
    if name == "ungueltig" and notice.sent_on:
        return "Ein versandtes Schreiben bleibt gültig. Bitte berichtigen Sie es."
    decides = notice.kind in NOTICES and name in ("berichtigung", "ungueltig")
    return needs(DECIDE if decides else PROCESS)(notice.application, user)


class LetterActions:
    """A mixin for the admin of letters."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.act_view)
        return [path("<int:pk>/schritt/<slug:name>/", view, name="applications_notice_act"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        notice = self.get_object(request, object_id)
        possible = [name for name in FORMS if notice and why_not(notice, name, request.user) is None]
        context = {**(extra_context or {}), "acts": [(name, FORMS[name].label) for name in possible]}
        return super().change_view(request, object_id, form_url, context)

    def act_view(self, request, pk, name):
        notice = get_object_or_404(Notice.objects.visible_to(request.user).select_related("application"), pk=pk)
        about(request, notice)
        if name not in FORMS:
            raise Http404
        if refusal := why_not(notice, name, request.user):
            raise PermissionDenied(refusal)
        form = FORMS[name](request.POST or None)
        if form.is_valid() and (done := self._done(request, notice, form)):
            return done
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{form.label}: {notice}",
            "notice": notice,
            "form": form,
            "has_preview": form.preview is not None,
            "letter_url": self._letter_url(notice),
        }
        return render(request, "admin/applications/notice/act.html", context)

    def _done(self, request, notice, form):
        """The draft, or the way back when it is done; None when it was refused, with the reason in the form."""
        try:
            if "preview" in request.POST and form.preview:
                pdf = form.preview(notice, request.user)
                return FileResponse(io.BytesIO(pdf), filename="ENTWURF.pdf", content_type="application/pdf")
            shown = form.act(notice, request.user)
        except LetterRefused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            self.message_user(request, f"{form.label}: gespeichert.", messages.SUCCESS)
            return redirect(self._letter_url(shown))
        return None

    def _letter_url(self, notice):
        return reverse("admin:applications_notice_change", args=[notice.pk])
