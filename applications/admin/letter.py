"""Letterheads and text blocks, which the ministry edits, and the letters as they were issued."""

import tempfile

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import FileResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from applications import notices, text_blocks
from applications.admin.letter_actions import LetterActions
from applications.admin.records import EvidenceAdmin
from applications.models import Letterhead, Notice, TextBlock, TextBlockVersion
from ikz.admin_a11y import ModelAdmin, StackedInline
from ikz.bounded_count import PeriodFilter

HOW_TO_WRITE = (
    "Eine Leerzeile beginnt einen neuen Absatz, „- “ am Anfang der Zeile einen Listenpunkt, „> “ eine hervorgehobene Zeile. "
    "Platzhalter: "
) + ", ".join(f"{{{{{name}}}}} ({meaning})" for name, meaning in text_blocks.KNOWN.items())


@admin.register(Letterhead)
class LetterheadAdmin(ModelAdmin):
    list_display = ["authority", "department", "valid_from", "signatory"]
    fieldsets = [
        (None, {"fields": ["valid_from", "authority", "department"]}),
        ("Anschrift", {"fields": ["street", "postal_code", "city", "phone", "email", "web"]}),
        ("Unterschrift und Schluss", {"fields": ["signatory", "function", "bank", "note"]}),
    ]

    def has_delete_permission(self, request, obj=None):
        return False


class TextBlockForm(forms.ModelForm):
    text = forms.CharField(
        label="Text", widget=forms.Textarea(attrs={"rows": 14, "cols": 90}), strip=True, help_text=HOW_TO_WRITE
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        version = self.instance.version if self.instance.pk else None
        self.initial["text"] = version.text if version else ""

    def clean_text(self):
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        if complaint := text_blocks.complaint(text):
            raise ValidationError(complaint)
        return text


class VersionInline(StackedInline):
    """All words that the block ever had, below each other: a table of texts would not fit on a phone."""

    model = TextBlockVersion
    verbose_name_plural = "Fassungen"
    fields = readonly_fields = ["number", "text", "created_by", "created_at"]
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("created_by", "block")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(TextBlock)
class TextBlockAdmin(ModelAdmin):
    form = TextBlockForm
    list_display = ["title", "kind", "place", "position", "is_standard", "is_active", "newest"]
    list_filter = ["kind", "is_active"]
    search_fields = ["title", "key", "versions__text"]
    fields = ["kind", "key", "title", "heading", "place", "position", "is_standard", "is_active", "text"]
    inlines = [VersionInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("versions")

    def get_fields(self, request, obj=None):
        """Whoever may only look reads the words among the versions."""
        if obj is None or self.has_change_permission(request, obj):
            return self.fields
        return [name for name in self.fields if name != "text"]

    def get_readonly_fields(self, request, obj=None):
        return ["kind", "key"] if obj else []

    @admin.display(description="Fassung")
    def newest(self, block):
        return block.version.number if block.version else "–"

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        obj.write(form.cleaned_data["text"], by=request.user)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Notice)
class NoticeAdmin(LetterActions, EvidenceAdmin):
    list_display = ["kind", "application", "dated_on", "issued_by", "posted_on", "code", "is_voided_shown", "pdf"]
    list_select_related = ["application", "issued_by", "file"]
    list_filter = ["kind", "delivery", ("dated_on", PeriodFilter)]  # no date_hierarchy: it would ask every row
    search_fields = ["file_number", "code", "subject"]
    actions = ["as_zip", "as_print_pdf"]
    fields = [
        "kind",
        "application",
        "subject",
        "address",
        "dated_on",
        "code",
        "refers_to",
        "pdf",
        "checksum",
        "text_versions",
        "issued_by",
        "issued_at",
        "delivery",
        "posted_on",
        "retrieved_on",
        "waiver_on",
        "voided_by",
        "voided_at",
        "voided_reason",
    ]
    readonly_fields = ["address", "pdf", "checksum"]

    @admin.display(description="gültig", boolean=True)
    def is_voided_shown(self, notice):
        return not notice.is_voided

    @admin.display(description="PDF")
    def pdf(self, notice):
        url = reverse("document", args=[notice.file.uuid])
        return format_html('<a href="{}">{}, {} S.</a>', url, notice.get_kind_display(), notice.file.pages)

    @admin.display(description="Anschrift")
    def address(self, notice):
        return ", ".join(notice.recipient)

    @admin.display(description="SHA-256")
    def checksum(self, notice):
        return notice.file.sha256

    @admin.action(description="Als ZIP-Datei herunterladen")
    def as_zip(self, request, queryset):
        return self._download(request, queryset, notices.as_zip, "zip", "application/zip")

    @admin.action(description="Als eine PDF-Datei zum Drucken herunterladen")
    def as_print_pdf(self, request, queryset):
        return self._download(request, queryset, notices.as_print_pdf, "pdf", "application/pdf")

    def _download(self, request, queryset, write, ending, content_type):
        """Written to a file that is gone when it was sent: 500 letters need no more memory than one."""
        chosen = Notice.objects.visible_to(request.user).filter(pk__in=queryset.values("pk"))
        file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
        try:
            write(chosen.select_related("file").order_by("pk").iterator(), file)
        except notices.LetterRefused as refusal:
            file.close()
            self.message_user(request, str(refusal), messages.ERROR)
            return None
        file.seek(0)
        name = f"Schreiben {timezone.localdate():%Y-%m-%d}.{ending}"
        return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
