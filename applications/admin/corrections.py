"""Correction requests: made and changed as a record, their items looked at and settled from the page of the case."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.urls import path

from applications import corrections, timeline
from applications.admin.records import RecordAdmin, RecordInline, SeenForm, back_to_case
from applications.models import Application, CorrectionItem, CorrectionRequest, StoredFile
from applications.models.correction import ItemState, Unlocks
from applications.models.stored_file import Purpose
from applications.open_case import open_for_writing, why_closed
from applications.permissions import PROCESS
from applications.unlocks import lead_participant
from ikz.typed_days import after_today

CLOSED = "Diese Nachforderung ist erledigt und bleibt, wie sie ist. Fehlt noch etwas, fordern Sie es bitte neu nach."


class CorrectionItemForm(forms.ModelForm):
    """What is settled or submitted stays as it was asked."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.state != ItemState.OPEN:
            for field in self.fields.values():
                field.disabled = True


class CorrectionItemInline(RecordInline):
    model = CorrectionItem
    form = CorrectionItemForm
    fields = ["text", "participant", "kind", "field", "state"]
    readonly_fields = ["state"]
    can_delete = False  # people were told: it is withdrawn on the page of the case
    min_num = 1

    def get_formset(self, request, obj=None, **kwargs):
        case = obj.case if obj else request.parent_of_new
        present = Q(left_on=None) | Q(correction_items__request=obj)
        own = (
            case.cooperation.participants.filter(present).distinct() if obj else case.cooperation.participants.active()
        )
        request.own_participants = own.select_related("municipality__district")
        return super().get_formset(request, obj, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "participant":
            kwargs["queryset"] = request.own_participants
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class CorrectionRequestForm(SeenForm):
    parts = ("items",)

    @classmethod
    def why_readonly(cls, record):
        return super().why_readonly(record) or (None if record.is_open else CLOSED)

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if "due_on" in self.changed_data:  # one that has passed meanwhile stays as it was asked
            after_today(due_on)
        return due_on


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(RecordAdmin):
    form = CorrectionRequestForm
    anchor = "nachforderungen"
    inlines = [CorrectionItemInline]
    fieldsets = [
        (None, {"fields": ["seen", "subject", "text", "due_on"]}),
        (
            "Abschluss",
            {"fields": ["closing_note"], "description": "Geschlossen wird die Nachforderung auf der Seite des Falls."},
        ),
    ]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.requested_by = request.user
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        moved = [] if not change else _moved(form.instance, [each for formset in formsets for each in formset.forms])
        super().save_related(request, form, formsets, change)
        corrections.tell(form.instance, by=request.user)
        corrections.tell_not_needed(form.instance, moved, by=request.user)


def _moved(correction, item_forms) -> list:
    """What is asked of somebody else than before: who was asked, and for what."""
    everybody = {each.pk: each for each in correction.application.everybody}
    lead = lead_participant(correction.application)
    moved = []
    for form in item_forms:
        former, present = form.initial.get("participant"), form.instance.participant_id
        if form.instance.pk and (former or lead) != (present or lead):
            moved.append((everybody.get(former), form.initial["text"]))
    return moved


# ── Looking at what came ──────────────────────────────────────────────────────────────────────────────────────────────

ACCEPT, REFUSE, WITHDRAW = "accept", "refuse", "withdraw"
OUTCOMES = {
    ItemState.SUBMITTED: [
        (ACCEPT, "Es genügt: der Punkt ist erledigt."),
        (REFUSE, "Es genügt nicht: der Punkt ist wieder offen."),
        (WITHDRAW, "Es wird nicht mehr gebraucht: zurücknehmen."),
    ],
    ItemState.OPEN: [(WITHDRAW, "Es wird nicht mehr gebraucht: zurücknehmen.")],
}
DOCUMENTS = {
    Unlocks.RESOLUTION: Purpose.RESOLUTION,
    Unlocks.AGREEMENT: Purpose.AGREEMENT,
    Unlocks.OTHER: Purpose.OTHER,
}


class ReviewForm(forms.Form):
    outcome = forms.ChoiceField(label="Ergebnis", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Warum es nicht genügt",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Die Kommune liest diese Begründung.",
    )

    def __init__(self, *args, item, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = OUTCOMES.get(item.state, [])
        if item.state == ItemState.OPEN:
            del self.fields["reason"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("outcome") == REFUSE and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Bitte schreiben Sie, was noch fehlt, damit die Kommune es nachreichen kann.")
        return cleaned


class CorrectionPages:
    """A mixin for the admin of applications."""

    def get_urls(self):
        def view(route, function, name):
            return path(route, self.admin_site.admin_view(function), name=f"applications_application_{name}")

        return [
            view("<int:pk>/nachforderung/<int:request_pk>/", self.close_correction_view, "close_correction"),
            view("<int:pk>/nachforderung/punkt/<int:item_pk>/", self.review_correction_view, "review_correction"),
            *super().get_urls(),
        ]

    def close_correction_view(self, request, pk, request_pk):
        application = self._case(request, pk, writing=True)
        if request.method != "POST":
            return self.to_case(application, "nachforderungen")
        try:
            with open_for_writing(application):
                correction = get_object_or_404(CorrectionRequest, pk=request_pk, application=application)
                if correction.is_open:
                    correction.close(by=request.user, note=correction.closing_note)
                    corrections.tell_closed(correction, by=request.user)
        except ValidationError as error:
            return back_to_case(request, application, " ".join(error.messages), "nachforderungen", messages.ERROR)
        return back_to_case(request, application, f"{correction} ist erledigt.", "nachforderungen")

    def review_correction_view(self, request, pk, item_pk):
        application = self._case(request, pk)
        if not request.user.has_perm(PROCESS):
            raise PermissionDenied("Nachforderungen prüft die Rolle Sachbearbeitung.")
        item = get_object_or_404(_items(), pk=item_pk, request__application=application)
        form = ReviewForm(request.POST or None, item=item)
        if form.is_valid() and self._settle(request, application, item, form):
            return back_to_case(request, application, f"„{item.text}“: Ergebnis gespeichert.", "nachforderungen")
        files, events = _what_changed(application, item)
        context = self._context(request, application, f"Nachforderung prüfen: {application.file_number}")
        context |= {"item": item, "form": form, "files": files, "events": events, "closed": why_closed(application)}
        context["seen"] = application.revision
        return render(request, "admin/applications/application/review_correction.html", context)

    def _settle(self, request, application, item, form) -> bool:
        """Write the outcome under the lock. What speaks against it becomes an error of the form."""
        with transaction.atomic():
            locked = Application.objects.locked(application.pk)
            item = _items().get(pk=item.pk)
            if closed := why_closed(locked):
                form.add_error(None, closed)
            elif request.POST.get("seen") != locked.revision:
                form.add_error(None, f"{locked.what_changed_last()} Bitte sehen Sie es an und speichern Sie erneut.")
            else:
                self._write(item, form, request.user)
        return form.is_valid()

    def _write(self, item, form, user):
        try:
            match form.cleaned_data["outcome"]:
                case "accept":
                    corrections.accept(item, by=user)
                case "refuse":
                    corrections.refuse(item, by=user, reason=form.cleaned_data["reason"].strip())
                case "withdraw":
                    corrections.take_back(item, by=user)
        except corrections.NotPossible as refusal:
            form.add_error(None, str(refusal))


def _items():
    return CorrectionItem.objects.select_related(
        "request__application", "participant__municipality", "submitted_by", "settled_by"
    )


def _what_changed(application, item):
    """The new documents and the changed fields that the item is about, since it was asked for."""
    asked = item.participant_id or lead_participant(application)
    participant = next((each for each in application.everybody if each.pk == asked), None)
    since = item.request.requested_at
    files = StoredFile.objects.filter(application=application, uploaded_at__gt=since, purpose=DOCUMENTS.get(item.kind))
    if item.kind in (Unlocks.RESOLUTION, Unlocks.OTHER):
        files = files.filter(participant=participant)
    return files.select_related("uploaded_by"), timeline.changes_of(
        application, _records(application, item, participant), since
    )


def _records(application, item, participant) -> list:
    match item.kind:
        case Unlocks.RESOLUTION:
            return [participant.resolution_or_none] if participant and participant.resolution_or_none else []
        case Unlocks.EXPENDITURE:
            return [participant] if participant else []
        case Unlocks.AGREEMENT:
            return [application.agreement, *application.agreement.signatures.all()] if application.agreement else []
        case Unlocks.COMMON_DATA | Unlocks.EXPENDITURE_AFTER:
            return [application.cooperation]
    return []
