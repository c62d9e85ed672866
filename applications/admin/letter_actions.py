"""What may still be done with a letter that was issued: say when it was sent, correct it, say that it does not hold."""

import io

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse

from applications import notices
from applications.admin.records import back_to_case, case_url, give_back
from applications.letter_kinds import CORRECTED, NOTICES, LetterKind
from applications.models import Application, Notice
from applications.models.notice import SENT_STAYS, Delivery
from applications.permissions import DECIDE, PROCESS, needs
from applications.step_forms import TypedForm, day_field, text_field
from applications.typesetting import LetterRefused
from ikz import clock
from ikz.request_log import about

DONE_BEFORE = "Das ist bereits ausgeführt, genau so, wie Sie es eingegeben haben. Sie müssen nichts weiter tun."
SENT_ON = "Zur Post gegeben oder elektronisch abgerufen am"


class ActForm(TypedForm):
    """What is asked before something is done with a letter, and the sentence when it is done.

    `label` names it; `act(notice, by)` does it; `is_done(notice, by)` tells whether these very answers were taken before,
    because the form was sent twice; `preview` shows the letter that comes of it.
    """

    preview = None

    def __init__(self, *args, notice):
        super().__init__(*args, initial=self.first_values(notice))

    def first_values(self, notice):
        return {}


class DispatchForm(ActForm):
    label = "Versand festhalten"
    done = "Versand festgehalten."
    delivery = forms.ChoiceField(label="Versandweg", choices=Delivery.choices)
    sent_on = day_field(SENT_ON)

    def first_values(self, notice):
        return {"sent_on": clock.today()}

    def is_done(self, notice, by):
        return _says(notice, _dispatch(self.cleaned_data))

    def act(self, notice, by):
        return notices.record_dispatch(notice, **_dispatch(self.cleaned_data))


def _says(notice, values) -> bool:
    return all(getattr(notice, name) == value for name, value in values.items())


def _dispatch(answers):
    sent_by, sent_on = answers["delivery"], answers["sent_on"]
    return {
        "delivery": sent_by,
        "posted_on": sent_on if sent_by == Delivery.POST else None,
        "retrieved_on": sent_on if sent_by == Delivery.ELECTRONIC else None,
    }


class DispatchCorrectionForm(ActForm):
    label = "Versand berichtigen"
    done = "Versand berichtigt."
    delivery = forms.ChoiceField(
        label="Versandweg", choices=[("", "nicht versandt"), *Delivery.choices], required=False
    )
    sent_on = day_field(SENT_ON, required=False)
    waiver_on = day_field("Verzicht eingegangen am", required=False)
    reason = text_field("Was falsch festgehalten war", help_text="Steht in der Verfahrensgeschichte.")

    def first_values(self, notice):
        return {"delivery": notice.delivery, "sent_on": notice.sent_on, "waiver_on": notice.waiver_on}

    def clean(self):
        answers = super().clean()
        if bool(answers.get("delivery")) != bool(answers.get("sent_on")) and not self.errors:
            self.add_error("sent_on", "Bitte nennen Sie Versandweg und Tag, oder keines von beiden.")
        return answers

    def is_done(self, notice, by):
        last = notice.application.last_entry
        return (last.step, last.by, last.reason) == (CORRECTED, by, self.cleaned_data["reason"]) and _says(
            notice, self._days()
        )

    def act(self, notice, by):
        return notices.correct_dispatch(notice, by=by, reason=self.cleaned_data["reason"], **self._days())

    def _days(self):
        return {**_dispatch(self.cleaned_data), "waiver_on": self.cleaned_data["waiver_on"]}


class WaiverForm(ActForm):
    label = "Rechtsbehelfsverzicht festhalten"
    done = "Rechtsbehelfsverzicht festgehalten."
    waiver_on = day_field("Verzicht eingegangen am")

    def is_done(self, notice, by):
        return _says(notice, self.cleaned_data)

    def act(self, notice, by):
        return notices.record_dispatch(notice, waiver_on=self.cleaned_data["waiver_on"])


class CorrectionForm(ActForm):
    label = "Berichtigung ausfertigen"
    done = "Berichtigung ausgefertigt."
    wrong = text_field("Im Schreiben steht", rows=3)
    right = text_field("Richtig ist", rows=3)

    def is_done(self, notice, by):
        last = notice.application.notices.order_by("-pk").first()
        words = [{"wrong": self.cleaned_data["wrong"], "right": self.cleaned_data["right"]}]
        return (last.refers_to_id, last.issued_by, last.data.get("corrections")) == (notice.pk, by, words)

    def _facts(self, notice):
        corrections = [(self.cleaned_data["wrong"], self.cleaned_data["right"])]
        return {"refers_to": notice, "recipient": notice.recipient, "corrections": corrections}

    def preview(self, notice, by):
        return notices.preview(notice.application, LetterKind.CORRECTING, by=by, **self._facts(notice))

    def act(self, notice, by):
        return notices.issue(notice.application, LetterKind.CORRECTING, by=by, **self._facts(notice))


class VoidForm(ActForm):
    label = "Für ungültig erklären"
    done = "Schreiben für ungültig erklärt."
    reason = text_field("Warum das Schreiben nicht gilt", help_text="Nur, wenn es das Haus nie verlassen hat.")

    def is_done(self, notice, by):
        return _says(notice, {"voided_by": by, "voided_reason": self.cleaned_data["reason"]})

    def act(self, notice, by):
        return notices.void(notice, by=by, reason=self.cleaned_data["reason"])


FORMS = {
    "versand": DispatchForm,
    "verzicht": WaiverForm,
    "versand-berichtigen": DispatchCorrectionForm,
    "berichtigung": CorrectionForm,
    "ungueltig": VoidForm,
}
# What a decision hangs on is mended by whoever decides.
DECIDERS = ("versand-berichtigen", "berichtigung", "ungueltig")


def why_not(notice, name, user) -> str | None:
    """The sentence of why this person may not do this with the letter, or None."""
    decides = notice.kind in NOTICES and name in DECIDERS
    return needs(DECIDE if decides else PROCESS)(notice.application, user)


def why_no_more(notice, name) -> str | None:
    """The sentence of why nobody can do this with the letter as it stands, or None."""
    if notice.is_voided:
        return "Das Schreiben ist für ungültig erklärt. Bitte fertigen Sie ein neues aus, wenn es eines braucht."
    if name == "versand" and notice.sent_on:
        return "Der Versand steht schon fest. Ist er falsch festgehalten, hilft „Versand berichtigen“."
    if name == "verzicht" and (notice.kind not in NOTICES or not notice.sent_on or notice.waiver_on):
        return "Ein Verzicht gehört zu einem versandten Bescheid und wird einmal festgehalten."
    if name == "versand-berichtigen" and (stays := _why_dispatch_stays(notice)):
        return stays
    if name == "ungueltig" and notice.sent_on:
        return SENT_STAYS
    return None


def _why_dispatch_stays(notice) -> str | None:
    return notices.why_days_stay(notice) if notice.sent_on else "Der Versand ist noch nicht festgehalten."


class LetterActions:
    """A mixin for the admin of letters."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.act_view)
        return [path("<int:pk>/schritt/<slug:name>/", view, name="applications_notice_act"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        notice = self.get_object(request, object_id)
        possible = [
            name for name in FORMS if notice and not (why_not(notice, name, request.user) or why_no_more(notice, name))
        ]
        context = {**(extra_context or {}), "acts": [(name, FORMS[name].label) for name in possible]}
        if notice:
            context["case_url"] = case_url(notice.application, "schreiben")
        return super().change_view(request, object_id, form_url, context)

    @transaction.atomic
    def act_view(self, request, pk, name):
        found = Notice.objects.visible_to(request.user).select_related("application")
        notice = get_object_or_404(found, pk=pk)
        about(request, notice)
        if request.method == "POST":
            # Held until it is done, and read again: a colleague may have done something with the letter meanwhile.
            Application.objects.filter(pk=notice.application_id).lock_rows()
            notice = found.get(pk=pk)
        if name not in FORMS:
            raise Http404
        if refusal := why_not(notice, name, request.user):
            raise PermissionDenied(refusal)
        form = FORMS[name](request.POST or None, notice=notice)
        if form.is_valid() and form.is_done(notice, request.user):
            return back_to_case(request, notice.application, DONE_BEFORE, "schreiben", messages.INFO)
        if refusal := why_no_more(notice, name):
            leads_back = back_to_case(request, notice.application, refusal, "schreiben", messages.ERROR)
            give_back(request, notice.application, FORMS[name])
            return leads_back
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
            "case_url": case_url(notice.application, "schreiben"),
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
            return self._back(request, notice, shown, form.done)
        return None

    def _back(self, request, notice, shown, done):
        """To the case; where another letter came of it, to that one."""
        if shown == notice:
            return back_to_case(request, notice.application, done, "schreiben")
        self.message_user(request, done, messages.SUCCESS)
        return redirect(self._letter_url(shown))

    def _letter_url(self, notice):
        return reverse("admin:applications_notice_change", args=[notice.pk])
