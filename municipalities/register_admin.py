"""The import of the register in the admin: choose a file, see what it would do, confirm."""

from pathlib import Path

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import XLSX
from import_export.forms import ExportForm
from import_export.tmp_storages import CacheStorage

from ikz.admin_addresses import SoundExport
from ikz.tables import GermanCSV
from municipalities.models import Kind, Municipality, RegisterImport
from municipalities.register_columns import LABELS
from municipalities.register_files import MAX_BYTES, UnreadableFile
from municipalities.register_findings import as_csv, changes_of
from municipalities.register_import import PreviewOutdated, RegisterFile, fingerprint, import_register, preview
from municipalities.register_rows import OUTCOME_LABELS, Outcome
from municipalities.resources import MunicipalityResource

SHOWN_PER_OUTCOME = 200
CONFIRM_WITHIN = 24 * 60 * 60
UPLOAD_AGAIN = "Die hochgeladene Datei ist nicht mehr da. Bitte laden Sie sie erneut hoch."


class RegisterImportForm(forms.Form):
    import_file = forms.FileField(
        label="Datei",
        help_text="CSV oder XLSX, höchstens 20 MB. Zuerst wird nur geprüft; geschrieben wird nach Ihrer Bestätigung.",
        error_messages={
            "empty": "Die Datei ist leer. Bitte wählen Sie eine Datei mit einer Überschriftenzeile und Daten.",
            "required": "Bitte wählen Sie eine Datei.",
        },
    )
    new_keys = forms.BooleanField(
        label="Neue Schlüssel aufnehmen",
        required=False,
        help_text="Nur ankreuzen, wenn die Datei Kommunen enthält, die im Register noch fehlen.",
    )

    def clean_import_file(self):
        uploaded = self.cleaned_data["import_file"]
        if uploaded.size > MAX_BYTES:
            raise forms.ValidationError("Die Datei ist größer als 20 MB. Bitte teilen Sie sie auf.")
        return uploaded


class ConfirmForm(forms.Form):
    """What was previewed, signed: file, choice and the fingerprint of the findings."""

    token = forms.CharField(widget=forms.HiddenInput)


class RegisterAdminMixin(SoundExport, ImportExportMixin):
    resource_classes = [MunicipalityResource]
    import_form_class = RegisterImportForm
    confirm_form_class = ConfirmForm
    export_form_class = ExportForm
    formats = [GermanCSV, XLSX]
    to_encoding = "utf-8"
    import_template_name = "admin/municipalities/municipality/import.html"
    export_template_name = "admin/municipalities/municipality/export.html"
    import_export_change_list_template = "admin/municipalities/municipality/change_list.html"

    def has_import_permission(self, request):
        return self.has_change_permission(request) and self.has_add_permission(request)

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def get_urls(self):
        own = [
            path("about/", self.admin_site.admin_view(self.about), name="municipalities_municipality_about"),
            path(
                "import/vorschau/",
                self.admin_site.admin_view(self.import_findings),
                name="municipalities_municipality_import_findings",
            ),
        ]
        return [*own, *super().get_urls()]

    def get_export_filename(self, request, queryset, file_format):
        return f"kommunen-{timezone.localdate():%Y-%m-%d}.{file_format.get_extension()}"

    def get_export_queryset(self, request):
        return super().get_export_queryset(request).select_related("district", "successor")

    # --- import

    def import_action(self, request, **kwargs):
        self._check_may_import(request)
        form = RegisterImportForm(request.POST or None, request.FILES or None)
        if not form.is_valid():
            return self._import_page(request, form=form)
        uploaded = form.cleaned_data["import_file"]
        file = RegisterFile(uploaded.read(), Path(uploaded.name).name, new_keys=form.cleaned_data["new_keys"])
        try:
            reading = preview(file)
        except UnreadableFile as problem:
            form.add_error("import_file", str(problem))
            return self._import_page(request, form=form)
        return self._preview_page(request, file, reading, self._stored(file))

    @method_decorator(require_POST)
    def process_import(self, request, **kwargs):
        self._check_may_import(request)
        file, told = self._previewed(request)
        if file is None:
            return self._upload_again(request)
        try:
            reading = import_register(file, by=request.user, expected=told["fingerprint"])
        except PreviewOutdated as outdated:
            messages.warning(
                request, "Das Register wurde seit der Vorschau geändert. Bitte prüfen Sie die neue Vorschau."
            )
            return self._preview_page(request, file, outdated.reading, told["stored"])
        CacheStorage(name=told["stored"]).remove()
        self._say_what_happened(request, reading)
        return redirect("admin:municipalities_municipality_changelist")

    @method_decorator(require_POST)
    def import_findings(self, request):
        """The rest of the preview: another page of an outcome, or every row as a file."""
        self._check_may_import(request)
        file, told = self._previewed(request)
        if file is None:
            return self._upload_again(request)
        reading = preview(file)
        if "download" not in request.POST:
            return self._preview_page(request, file, reading, told["stored"], request.POST.get("page", ""))
        response = HttpResponse(as_csv(reading), content_type=GermanCSV.CONTENT_TYPE)
        response["Content-Disposition"] = f'attachment; filename="befunde-{timezone.localdate():%Y-%m-%d}.csv"'
        return response

    def _previewed(self, request):
        """The file whose preview this person saw, and what was signed with it; (None, {}) if it is not there any more."""
        try:
            told = signing.loads(request.POST.get("token", ""), salt=self._salt(request), max_age=CONFIRM_WITHIN)
        except signing.BadSignature:
            return None, {}
        data = CacheStorage(name=told["stored"]).read()
        return (None, {}) if data is None else (RegisterFile(data, told["name"], new_keys=told["new_keys"]), told)

    def _check_may_import(self, request):
        if not self.has_import_permission(request):
            raise PermissionDenied

    def _salt(self, request):
        return f"register-import-{request.user.pk}"

    def _stored(self, file):
        """Where every web process finds the file again, on whichever host; forgotten after a day."""
        stored = CacheStorage()
        stored.save(file.data)
        return stored.name

    def _upload_again(self, request):
        messages.error(request, UPLOAD_AGAIN)
        return redirect("admin:municipalities_municipality_import")

    def _say_what_happened(self, request, reading):
        counts = ", ".join(f"{reading.counts[outcome]} {label}" for outcome, label in OUTCOME_LABELS.items())
        messages.success(request, f"Die Datei „{reading.file_name}“ ist eingelesen: {counts}.")

    def _import_page(self, request, **context):
        context = {
            **self.admin_site.each_context(request),
            "title": "Register einlesen",
            "opts": self.opts,
            "labels": LABELS.values(),
            **context,
        }
        return TemplateResponse(request, self.import_template_name, context)

    def _preview_page(self, request, file, reading, stored, page=""):
        told = {"stored": stored, "name": file.name, "new_keys": file.new_keys, "fingerprint": fingerprint(reading)}
        return self._import_page(
            request,
            reading=reading,
            counts=[(label, reading.counts[outcome]) for outcome, label in OUTCOME_LABELS.items()],
            groups=_groups(reading, page),
            confirm_form=ConfirmForm(auto_id=False, initial={"token": signing.dumps(told, salt=self._salt(request))}),
            title=f"Vorschau: {file.name}",
        )

    # --- about the data

    def about(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        kinds = dict(Municipality.objects.filter(valid_to=None).values_list("kind").annotate(Count("pk")).order_by())
        context = {
            **self.admin_site.each_context(request),
            "title": "Über die Daten",
            "opts": self.opts,
            "kinds": [(label, kinds[kind]) for kind, label in Kind.choices if kind in kinds],
            "former": Municipality.objects.exclude(valid_to=None).count(),
            "population_date": Municipality.objects.aggregate(Max("population_date"))["population_date__max"],
            "imports": RegisterImport.objects.select_related("by")[:5],
        }
        return TemplateResponse(request, "admin/municipalities/municipality/about.html", context)


def _groups(reading, asked):
    """Rows worth reading by outcome, in the order of their urgency; unchanged ones are only counted.

    `asked` names one outcome and its page: „refused-2“.
    """
    outcome_asked, _, number = asked.partition("-")
    groups = []
    for outcome in (Outcome.REFUSED, Outcome.REPAIRED, Outcome.IMPORTED, Outcome.SKIPPED):
        rows = [row for row in reading.rows if row.outcome == outcome]
        page = Paginator(rows, SHOWN_PER_OUTCOME).get_page(number if outcome == outcome_asked else 1)
        if rows:
            groups.append((outcome, page, [(row, changes_of(row)) for row in page.object_list]))
    return groups
