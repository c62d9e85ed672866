"""What people were told, and what became of the mails: read-only, with a button to send again."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST

from applications.admin.records import EvidenceAdmin
from applications.models import Message
from applications.permissions import PROCESS
from ikz import outbox
from ikz.german import counted
from ikz.request_log import about

AT_ONCE = 20  # without a worker the page waits for the mail server
NO_ACCESS = (
    "An {person} geht keine E-Mail: Das Konto ist nicht mehr aktiv, oder die Person hat keinen Zugang mehr zu diesem Fall. "
    "Bitte wenden Sie sich an eine andere Person."
)


@admin.register(Message)
class MessageAdmin(EvidenceAdmin):
    list_display = ["subject", "application", "recipient", "created_at", "read_at", "mail"]
    list_select_related = ["application", "recipient", "email"]
    list_filter = ["event", "email__status"]
    search_fields = ["application__file_number", "recipient__email", "subject"]
    fields = ["application", "recipient", "event", "subject", "text", "created_at", "read_at", "mail", "last_error"]
    readonly_fields = ["mail", "last_error"]
    actions = ["send_again"]

    @admin.display(description="E-Mail", ordering="email__status")
    def mail(self, message):
        return message.mail_state

    @admin.display(description="letzter Fehler")
    def last_error(self, message):
        return outbox.last_error_of(message.email)

    def get_urls(self):
        again = self.admin_site.admin_view(require_POST(self.send_again_view))
        return [path("<int:pk>/erneut-senden/", again, name="applications_message_resend"), *super().get_urls()]

    def send_again_view(self, request, pk):
        if not self.has_send_permission(request):
            raise PermissionDenied("E-Mails sendet die Rolle Sachbearbeitung erneut.")
        message = get_object_or_404(self.get_queryset(request), pk=pk)
        about(request, message)
        self._send_again(request, [pk])
        return redirect("admin:applications_message_change", pk)

    @admin.action(description="E-Mail erneut senden", permissions=["send"])
    def send_again(self, request, queryset):
        self._send_again(request, list(queryset.values_list("pk", flat=True)[:AT_ONCE]))
        if (left := queryset.count() - AT_ONCE) > 0:
            said = counted(left, "weitere E-Mail wird", "weitere E-Mails werden")
            self.message_user(request, f"{said} nicht gesendet: höchstens {AT_ONCE} auf einmal.", messages.WARNING)

    def _send_again(self, request, keys):
        mailed, left = Message.objects.filter(pk__in=keys).send_again()
        if mailed:
            said = counted(len(mailed), "E-Mail wird", "E-Mails werden")
            addresses = ", ".join(sorted({message.recipient.email for message in mailed}))
            self.message_user(request, f"{said} erneut gesendet, an {addresses}.", messages.SUCCESS)
        for person in {message.recipient: None for message in left}:
            self.message_user(request, NO_ACCESS.format(person=person), messages.WARNING)

    def has_send_permission(self, request):
        return request.user.has_perm(PROCESS)

    def render_change_form(self, request, context, *args, **kwargs):
        context["may_send"] = self.has_send_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)
