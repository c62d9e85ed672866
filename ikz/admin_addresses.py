"""What stands in an address of the admin makes a page or a sentence, never an error of the server."""

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.http import QueryDict
from django.shortcuts import redirect

UNREADABLE = "Die Auswahl in der Adresse ist nicht lesbar. Bitte wählen Sie mit Suche und Filtern neu aus."
NUL = "\0"  # no text of PostgreSQL holds it


class SoundChangeList(ChangeList):
    def get_queryset(self, request, exclude_parameters=None):
        if any(NUL in value for values in self.filter_params.values() for value in values):
            raise IncorrectLookupParameters(f"{self.opts.label}: NUL")
        try:
            return super().get_queryset(request, exclude_parameters)
        except OverflowError as problem:  # a year or a key that no database can hold
            raise IncorrectLookupParameters(problem) from problem


class SoundAddresses:
    """For every ModelAdmin."""

    def get_object(self, request, object_id, from_field=None):
        return super().get_object(request, object_id, from_field or None)

    def get_changeform_initial_data(self, request):
        return {}  # a form is filled by a person, not by an address

    def get_changelist(self, request, **kwargs):
        return SoundChangeList

    def changelist_view(self, request, extra_context=None):
        if ERROR_FLAG in request.GET:  # where Django leads after it could not read a selection
            request.GET = QueryDict(f"{ERROR_FLAG}=1")
            self.message_user(request, UNREADABLE, messages.WARNING)
        return super().changelist_view(request, extra_context)


class SoundExport:
    """Left of an export mixin."""

    def export_action(self, request):
        if "export_items" in request.POST:  # what an action of the list would send; ours has none
            request.POST = request.POST.copy()
            del request.POST["export_items"]
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:
            self.message_user(request, UNREADABLE, messages.WARNING)
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
