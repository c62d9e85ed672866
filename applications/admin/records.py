"""The admin of everything that belongs to one case: opened from the case page, returning to it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from applications import seen_fields
from applications.models import Application
from applications.open_case import fingerprint, why_closed
from ikz.admin_a11y import ModelAdmin, NamedRowsFormSet, TabularInline
from ikz.bounded_count import BoundedList
from ikz.german import listing
from ikz.request_log import about

TAKEN = "Aus dem neuen Stand übernommen: {}."

# The parts of the page of a case that the work on a record comes from.
SECTIONS = {
    "aussonderung": "Aussonderung",
    "beteiligte": "Beteiligte und ihre Unterlagen",
    "fristen": "Fristen",
    "nachforderungen": "Nachforderungen",
    "nachweis": "Verwendungsnachweis",
    "pruefliste": "Prüfliste",
    "schreiben": "Schreiben und Anhörungen",
    "stellungnahmen": "Stellungnahmen",
    "vereinbarung": "Vereinbarung",
    "vermerke": "Vermerke und Wiedervorlagen",
}


def case_url(application, anchor: str = "") -> str:
    return reverse("admin:applications_application_change", args=[application.pk]) + (anchor and f"#{anchor}")


def back_to_case(request, application, said, anchor="", level=messages.SUCCESS):
    """To the top of the case, where the sentence stands over the next step; it leads on to where the work was."""
    if anchor:
        said = format_html('{} <a href="#{}">Weiter bei „{}“</a>', said, anchor, SECTIONS[anchor])
    messages.add_message(request, level, said)
    return redirect(case_url(application))


def give_back(request, application, form):
    """Show on the next page what was typed into a form of this class that is no longer there."""
    for label, typed in form.typed(application, request.POST) if form else []:
        messages.warning(request, f"Nicht gespeichert, zum Mitnehmen: {label}: „{typed}“")


class SeenForm(forms.ModelForm):
    """A form that remembers what its reader saw and does not write over somebody else's change.

    Refused for being old, it comes back with the new state where its reader changed nothing (seen_fields.join).
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    parts = ()  # names of the relations whose rows are edited on the same page
    rows = ()  # of these relations, as they are stored
    only_while_open = True
    parent_field = parent = None  # what a new record hangs on; set by RecordAdmin.get_form

    @classmethod
    def why_readonly(cls, record) -> str | None:
        """The sentence of why nobody may write this record now, or None."""
        return why_closed(record.case) if cls.only_while_open else None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.parent:
            setattr(self.instance, self.parent_field, self.parent)
        self.now = self._fingerprint()
        self.initial["seen"] = self._what_is_seen  # called when it is shown: forms take fields away until then
        self.taken, self.notes = [], {}

    def _fingerprint(self) -> str:
        if not self.instance.pk:
            return ""
        stored = type(self.instance)._default_manager.get(pk=self.instance.pk)
        self.rows = [row for part in self.parts for row in getattr(stored, part).order_by("pk")]
        return fingerprint(stored, *self.rows)

    def _what_is_seen(self) -> str:
        return f"{self.now} {seen_fields.written(self._digests())}" if self.now else ""

    def _digests(self) -> dict[str, str]:
        found = seen_fields.digests(self)
        for row in self.rows:
            found |= seen_fields.digests_of_row(row)
        return found

    @property
    def _is_old(self) -> bool:
        sent = self.data.get(self.add_prefix("seen"), "").split()
        return bool(self.instance.pk) and sent[:1] != [self.now]

    def full_clean(self):
        self.was_old = self.is_bound and self._is_old
        if self.was_old:
            self._join(seen_fields.read(self.data.get(self.add_prefix("seen"), "")))
            # The next attempt is made with knowledge of the new state.
            self.data[self.add_prefix("seen")] = self._what_is_seen()
        super().full_clean()

    def _join(self, seen):
        self.taken, self.notes = seen_fields.join(self, seen)

    def _get_validation_exclusions(self):
        """The parent is no field of the form, but it takes part in unique constraints."""
        return super()._get_validation_exclusions() - {self.parent_field}

    def clean(self):
        cleaned = super().clean()
        if readonly := self.why_readonly(self.instance):
            raise ValidationError(readonly)
        if self.was_old:
            for name, note in self.notes.items():
                self.add_error(name, note)
            raise ValidationError(self._sentence_of_old())
        return cleaned

    def _sentence_of_old(self) -> str:
        sentence = (
            f"{self.instance.case.what_changed_last()} Ihre Eingaben stehen noch im Formular: Bitte vergleichen Sie "
            f"und speichern Sie erneut."
        )
        if self.taken:
            sentence += f" Aus dem neuen Stand übernommen, weil Sie es nicht geändert hatten: {listing(self.taken)}."
        return sentence


class RecordRowsFormSet(NamedRowsFormSet):
    """Rows that are joined with what is stored, like the form above them; whether they are old, that form says."""

    def full_clean(self):
        joined = []
        if self.is_bound and (seen := seen_fields.read(self.data.get("seen", ""))):
            joined = [(row, *seen_fields.join(row, seen, seen_fields.row_key(row.instance))) for row in self._present()]
        super().full_clean()
        for row, taken, notes in joined:
            for name, note in notes.items():
                row.add_error(name, note)
            for name in taken:
                row.add_error(None, TAKEN.format(name))

    def _present(self):
        return [row for row in self.initial_forms if row.instance.pk]


class RecordInline(TabularInline):
    extra = 0
    formset = RecordRowsFormSet


class RowsOfCases(BoundedList):
    """A mixin: rows only of cases that the person may see, on every page of the admin. There are ever more of them."""

    path_to_case = "application"  # how a query gets from the row to its case

    def get_queryset(self, request):
        cases = Application.objects.visible_to(request.user)
        return super().get_queryset(request).filter(**{f"{self.path_to_case}__in": cases})


class RecordAdmin(RowsOfCases, ModelAdmin):
    """A record of a case. New ones are opened with `?parent=<pk>` from the case page."""

    form = SeenForm
    parent_field = "application"
    anchor = ""
    actions = None  # deleting many at once would not hold the lock of their cases
    change_form_template = "admin/applications/record_form.html"

    def get_model_perms(self, request):
        """Not in the list of models: records are reached through their case."""
        return {}

    def changelist_view(self, request, extra_context=None):
        """Without a button to add: a new record hangs on something that only the page of its case knows."""
        return super().changelist_view(request, {**(extra_context or {}), "has_add_permission": False})

    def get_object(self, request, object_id, from_field=None):
        record = super().get_object(request, object_id, from_field)
        if record and request.method == "POST" and record.case:
            # Held until the change is written, so that no step is taken on facts that are just changing.
            Application.objects.filter(pk=record.case.pk).lock_rows()
            # Read again: a step may have closed the case while we waited for the lock.
            record = super().get_object(request, object_id, from_field)
        return record

    def get_parent(self, request):
        """The row that a new record hangs on, of a case that the person may see."""
        model = self.model._meta.get_field(self.parent_field).related_model
        key = request.GET.get("parent", "")
        way = self.path_to_case.removeprefix(self.parent_field).removeprefix("__") or "pk"
        visible = {f"{way}__in": Application.objects.visible_to(request.user)}
        parent = model.objects.filter(pk=key, **visible).first() if key.isdecimal() else None
        if parent is None:
            raise Http404("Bitte öffnen Sie das Formular von der Seite des Falls aus.")
        return parent

    def get_exclude(self, request, obj=None):
        return [*(super().get_exclude(request, obj) or ()), self.parent_field]

    def get_fieldsets(self, request, obj=None):
        """Whoever may only look has no use for what the form asks beside the record."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        beside = self.form.declared_fields.keys() - {field.name for field in self.opts.get_fields()}
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in beside]})
            for title, options in fieldsets
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if obj is None:
            return type(form.__name__, (form,), {"parent_field": self.parent_field, "parent": self.get_parent(request)})
        return form

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        with transaction.atomic():
            request.parent_of_new = parent = self.get_parent(request)
            about(request, parent)
            Application.objects.filter(pk=parent.case.pk).lock_rows()
            if existing := self.only_one(parent):
                return redirect(self.change_url(existing))
            return super().add_view(request, form_url, extra_context)

    def only_one(self, parent):
        """The record that is already there where a parent has at most one."""
        if self.model._meta.get_field(self.parent_field).one_to_one:
            return self.model.objects.filter(**{self.parent_field: parent}).first()
        return None

    def change_url(self, record):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])

    def _is_readonly(self, record) -> bool:
        return record is not None and self.form.why_readonly(record) is not None

    def has_change_permission(self, request, obj=None):
        """Whoever sends a form for what was closed meanwhile gets it back with the reason: the form refuses (SeenForm)."""
        is_sent = request.method == "POST"
        return super().has_change_permission(request, obj) and (is_sent or not self._is_readonly(obj))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not self._is_readonly(obj)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        record = obj or self.model(**{self.parent_field: self.get_parent(request)})
        case, readonly = record.case, self.form.why_readonly(record)
        # A form that was sent says it among its errors.
        context |= {
            "case": case,
            "case_url": case_url(case, self.anchor),
            "closed": None if request.method == "POST" else readonly,
        }
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        return self.response_change(request, obj)

    def response_change(self, request, obj):
        return back_to_case(request, obj.case, f"{obj._meta.verbose_name} gespeichert.", self.anchor)

    def delete_model(self, request, obj):
        request.case_of_deleted = obj.case
        super().delete_model(request, obj)

    def response_delete(self, request, obj_display, obj_id):
        return back_to_case(request, request.case_of_deleted, f"{obj_display} entfernt.", self.anchor)


class ReadOnlyAdmin(ModelAdmin):
    """Evidence: everybody with the right may look, nobody may write."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class EvidenceAdmin(RowsOfCases, ReadOnlyAdmin):
    """Evidence of cases: of those that the person may see."""
