"""The documents of all cases: to look at, to scan anew, and who looked at them."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from applications import scans
from applications.admin.records import EvidenceAdmin
from applications.models import StoredFile
from applications.permissions import PROCESS
from ikz import antivirus
from ikz.german import counted
from ikz.request_log import about

VIEWS_SHOWN = 50
AT_ONCE = 20  # a scan may take half a minute, and uploads wait behind it; more is for manage.py rescan_uploads
BUSY = "Dieses Dokument wird gerade geprüft oder ist gesperrt."
NEVER_AGAIN = "Was der Virenscanner beanstandet hat, prüft er nicht noch einmal. Bitte fordern Sie es neu an."
ASKED = (
    "Das Dokument wird erneut geprüft, meist innerhalb einer Minute. Bis dahin gilt das bisherige Ergebnis. Bitte laden "
    "Sie diese Seite dann neu; wird etwas gefunden, erhält die Sachbearbeitung des Falls eine Nachricht."
)
ALL_ASKED = (
    "{documents} erneut geprüft, meist innerhalb weniger Minuten. Bis dahin gilt das bisherige Ergebnis. Das neue steht "
    "dann auf der Seite des Dokuments; wird etwas gefunden, erhält die Sachbearbeitung des Falls eine Nachricht."
)


class RequestedScanFilter(admin.SimpleListFilter):
    title = "erneuter Virenprüfung"
    parameter_name = "requested"

    def lookups(self, request, model_admin):
        return [("yes", "angefordert, noch nicht erledigt")]

    def queryset(self, request, queryset):
        return queryset.awaiting_requested_scan() if self.value() == "yes" else queryset


@admin.register(StoredFile)
class StoredFileAdmin(EvidenceAdmin):
    list_display = ["original_name", "application", "purpose", "scan_and_request", "uploaded_by", "uploaded_at"]
    list_select_related = ["application", "uploaded_by"]
    list_filter = ["purpose", "scan", RequestedScanFilter]
    search_fields = ["application__file_number", "original_name", "sha256"]
    actions = ["rescan"]
    readonly_fields = ["seen_by"]
    facts = [
        "original_name",
        "application",
        "participant",
        "purpose",
        "sha256",
        "size",
        "pages",
        "pdfa",
        "scan",
        "scan_detail",
        "scanned_at",
        "uploaded_by",
        "uploaded_at",
    ]

    def get_fields(self, request, obj=None):
        """Who looked at a document is for the audit, not for colleagues."""
        return [*self.facts, "seen_by"] if request.user.has_perm("applications.view_documentview") else self.facts

    @admin.display(description="Virenprüfung", ordering="scan")
    def scan_and_request(self, stored):
        if not stored.awaits_another_scan:
            return stored.get_scan_display()
        return format_html("{}<br>erneute Prüfung angefordert", stored.get_scan_display())

    @admin.display(description="Einsichten")
    def seen_by(self, stored):
        """The latest of them, and how many there are."""
        views = stored.views.select_related("by")[:VIEWS_SHOWN]
        rows = [(localtime(each.at).strftime("%d.%m.%Y, %H:%M"), each.by, each.get_way_display()) for each in views]
        if not rows:
            return "Noch niemand im Ministerium hat dieses Dokument geöffnet."
        total = f"{counted(stored.views.count(), 'Einsicht', 'Einsichten')}, die neuesten zuerst:"
        return format_html("{}<ul>{}</ul>", total, format_html_join("", "<li>{} Uhr: {}, {}</li>", rows))

    def get_urls(self):
        rescan = self.admin_site.admin_view(require_POST(self.rescan_view))
        return [path("<int:pk>/pruefen/", rescan, name="applications_storedfile_rescan"), *super().get_urls()]

    def rescan_view(self, request, pk):
        if not self.has_rescan_permission(request):
            raise PermissionDenied("Dokumente prüft die Rolle Sachbearbeitung erneut.")
        stored = get_object_or_404(StoredFile.objects.visible_to(request.user), pk=pk)
        about(request, stored)
        self.message_user(
            request, *(_asked_for(stored, request.user) if scans.are_left_to_a_worker() else _scanned(stored))
        )
        return redirect("admin:applications_storedfile_change", pk)

    @admin.action(description="Erneut auf Viren prüfen", permissions=["rescan"])
    def rescan(self, request, queryset):
        waits = scans.are_left_to_a_worker()
        for said, level in _all_asked_for(queryset, request.user) if waits else _all_scanned(queryset):
            self.message_user(request, said, level)
        if (left := queryset.count() - AT_ONCE) > 0:
            said = counted(left, "weiteres Dokument wird", "weitere Dokumente werden")
            self.message_user(request, f"{said} nicht geprüft: höchstens {AT_ONCE} auf einmal.", messages.WARNING)

    def has_rescan_permission(self, request):
        return request.user.has_perm(PROCESS)

    def render_change_form(self, request, context, *args, **kwargs):
        context["may_rescan"] = self.has_rescan_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)


def _asked_for(stored, person):
    """What to say, and how seriously; so do the next three."""
    asked = StoredFile.objects.filter(pk=stored.pk).ask_for_scan(by=person)
    return (ASKED, messages.SUCCESS) if asked else (f"Das Dokument bleibt gesperrt. {NEVER_AGAIN}", messages.WARNING)


def _scanned(stored):
    result = scans.rescan(stored)
    level = messages.SUCCESS if result and result.status == antivirus.CLEAN else messages.WARNING
    return result.detail if result else BUSY, level


def _all_asked_for(documents, person):
    chosen = list(documents.values_list("pk", flat=True)[:AT_ONCE])
    asked = StoredFile.objects.filter(pk__in=chosen).ask_for_scan(by=person)
    if asked:
        yield ALL_ASKED.format(documents=counted(asked, "Dokument wird", "Dokumente werden")), messages.SUCCESS
    if locked := len(chosen) - asked:
        said = counted(locked, "Dokument bleibt", "Dokumente bleiben")
        yield f"{said} gesperrt. {NEVER_AGAIN}", messages.WARNING


def _all_scanned(documents):
    done = scans.rescan_all(documents, limit=AT_ONCE)
    yield str(done), messages.WARNING if done.outcomes[antivirus.INFECTED] else messages.INFO
    if done.is_away:
        yield scans.AWAY, messages.WARNING
