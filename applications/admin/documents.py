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
AT_ONCE = 20  # a scan may take half a minute; more is for manage.py rescan_uploads
BUSY = "Dieses Dokument wird gerade geprüft oder ist gesperrt."


@admin.register(StoredFile)
class StoredFileAdmin(EvidenceAdmin):
    list_display = ["original_name", "application", "purpose", "scan", "uploaded_by", "uploaded_at"]
    list_select_related = ["application", "uploaded_by"]
    list_filter = ["purpose", "scan"]
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
        result = scans.rescan(stored)
        level = messages.SUCCESS if result and result.status == antivirus.CLEAN else messages.WARNING
        self.message_user(request, result.detail if result else BUSY, level)
        return redirect("admin:applications_storedfile_change", pk)

    @admin.action(description="Erneut auf Viren prüfen", permissions=["rescan"])
    def rescan(self, request, queryset):
        done = scans.rescan_all(queryset, limit=AT_ONCE)
        self.message_user(request, str(done), messages.WARNING if done.outcomes[antivirus.INFECTED] else messages.INFO)
        if done.is_away:
            self.message_user(request, scans.AWAY, messages.WARNING)
        if (left := queryset.count() - AT_ONCE) > 0:
            said = counted(left, "weiteres Dokument wurde", "weitere Dokumente wurden")
            self.message_user(request, f"{said} nicht geprüft: höchstens {AT_ONCE} auf einmal.", messages.WARNING)

    def has_rescan_permission(self, request):
        return request.user.has_perm(PROCESS)

    def render_change_form(self, request, context, *args, **kwargs):
        context["may_rescan"] = self.has_rescan_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)
