"""Hearings: made with their letter, then waiting for the answer."""

from django.contrib import admin
from django.core.exceptions import ValidationError

from applications import notices
from applications.admin.records import RecordAdmin, SeenForm
from applications.letter_kinds import Intention, LetterKind
from applications.models import Hearing
from applications.models.hearing import MAY_STILL_HAPPEN
from applications.typesetting import LetterRefused
from ikz.typed_days import after_today

TOO_LATE = {Intention.REFUSE: "Der Fall ist schon entschieden.", Intention.REVOKE: "Der Fall ist nicht bewilligt."}


class HearingForm(SeenForm):
    only_while_open = False  # before a decision the case is checked and closed
    by = None  # set by HearingAdmin.get_form

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        after_today(due_on)
        return due_on

    def clean(self):
        cleaned = super().clean()
        if not self.instance.pk and not self.errors:
            intention = cleaned["intention"]
            if self.instance.application.state not in MAY_STILL_HAPPEN[intention]:
                raise ValidationError({"intention": TOO_LATE[intention]})
            try:
                notices.preview(self.instance.application, LetterKind.HEARING, by=self.by, **_facts(cleaned))
            except LetterRefused as refusal:
                raise ValidationError(str(refusal)) from refusal
        return cleaned


def _facts(answers) -> dict:
    intended = Intention(answers["intention"]).label
    return {"intended": intended, "reasons": answers["reasons"], "due_on": answers["due_on"]}


@admin.register(Hearing)
class HearingAdmin(RecordAdmin):
    """Its letter says intention, reasons and due date; so they stay as they are."""

    form = HearingForm
    anchor = "schreiben"

    def get_fields(self, request, obj=None):
        asked = ["seen", "intention", "reasons", "due_on"]
        return [*asked, "answered_on", "answer"] if obj else asked

    def get_fieldsets(self, request, obj=None):
        may_write = obj is None or self.has_change_permission(request, obj)
        return [(None, {"fields": [name for name in self.get_fields(request, obj) if may_write or name != "seen"]})]

    def get_readonly_fields(self, request, obj=None):
        return ["intention", "reasons", "due_on"] if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"by": request.user})

    def save_model(self, request, obj, form, change):
        if not change:
            obj.notice = notices.issue(
                obj.application, LetterKind.HEARING, by=request.user, **_facts(form.cleaned_data)
            )
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request, obj=None):
        return False
