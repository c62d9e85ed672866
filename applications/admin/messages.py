"""What people were told, and what became of the mails: read-only, with a button to send again."""

from django.contrib import admin, messages

from applications.admin.records import EvidenceAdmin
from applications.models import Message
from ikz import outbox
from ikz.german import counted


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

    @admin.action(description="E-Mail erneut senden", permissions=["send"])
    def send_again(self, request, queryset):
        mails = [each.email for each in queryset.select_related("email") if each.email]
        for mail in mails:
            outbox.again(mail)
        said = counted(len(mails), "E-Mail wird", "E-Mails werden")
        self.message_user(request, f"{said} erneut gesendet.", messages.SUCCESS)

    def has_send_permission(self, request):
        return request.user.has_perm("applications.process_application")
