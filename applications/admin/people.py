"""Who acts from outside the ministry: offices, their people, and the invitations by which people come in."""

from django.contrib import admin, messages
from django.shortcuts import redirect

from applications import invitations
from applications.models import Invitation, Office, OfficeMember
from ikz import outbox
from ikz.admin_a11y import ModelAdmin
from ikz.german import counted
from municipalities.access_admin import AccessAdmin, ValidityFilter

NO_LONGER_OPEN = "Diese Einladung ist gerade angenommen oder zurückgezogen worden. Es ist nichts geschehen; die Liste zeigt den Stand."


@admin.register(Office)
class OfficeAdmin(ModelAdmin):
    list_display = ["name", "authority", "email"]
    list_filter = ["authority"]
    search_fields = ["name", "email"]
    search_help_text = "Sucht in Bezeichnung und E-Mail-Adresse."
    actions = None


@admin.register(OfficeMember)
class OfficeMemberAdmin(AccessAdmin):
    list_display = ["user", "office", "valid_from", "valid_to", "ended_at"]
    list_select_related = ["user", "office"]
    list_filter = [ValidityFilter, "office"]
    search_fields = ["user__email", "user__last_name", "office__name"]
    fields = ["user", "office", "valid_from", "valid_to", "ended_by", "ended_at"]
    readonly_fields = ["user", "office", "valid_from", "ended_by", "ended_at"]


class StateFilter(admin.SimpleListFilter):
    title = "Stand"
    parameter_name = "stand"

    def lookups(self, request, model_admin):
        return [("offen", "offen"), ("angenommen", "angenommen"), ("zurueckgezogen", "zurückgezogen")]

    def queryset(self, request, queryset):
        wanted = {
            "offen": {"accepted_at": None, "revoked_at": None},
            "angenommen": {"accepted_at__isnull": False},
            "zurueckgezogen": {"revoked_at__isnull": False},
        }
        return queryset.filter(**wanted.get(self.value(), {}))


@admin.register(Invitation)
class InvitationAdmin(ModelAdmin):
    list_display = ["email", "body", "role", "is_administrator", "invited_by", "invited_at", "state"]
    list_select_related = ["municipality__district", "office", "invited_by"]
    list_filter = [StateFilter]
    search_fields = ["email", "municipality__name", "office__name"]
    search_help_text = "Sucht in E-Mail-Adresse, Kommune und Stelle."
    autocomplete_fields = ["municipality"]
    fields = ["email", "municipality", "office", "role", "is_administrator"]
    fieldsets_of_new = [
        (None, {"fields": ["email"]}),
        (
            "Wofür die Person Zugang erhält",
            {
                "fields": ["municipality", "office"],
                "description": "Wählen Sie entweder eine Kommune oder eine Stelle; das andere Feld bleibt leer.",
            },
        ),
        (
            "Rechte in der Kommune",
            {"fields": ["role", "is_administrator"], "description": "Für Personen einer Stelle gilt beides nicht."},
        ),
    ]
    readonly_fields = ["mail", "last_error"]
    actions = ["send_again", "take_back"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_last_mail()

    @admin.display(description="für")
    def body(self, invitation):
        return invitation.body_name

    @admin.display(description="Stand")
    def state(self, invitation):
        if invitation.accepted_at:
            return "angenommen"
        if invitation.revoked_at:
            return "zurückgezogen"
        if invitation.is_undeliverable:
            return "nicht zustellbar"
        return "abgelaufen" if invitation.is_expired else "offen"

    def save_model(self, request, obj, form, change):
        """The mail leaves with the row."""
        invitations.send(obj, by=request.user)

    def add_view(self, request, form_url="", extra_context=None):
        try:
            return super().add_view(request, form_url, extra_context)
        except invitations.TooManyInvitations as bound:
            self.message_user(request, str(bound), messages.ERROR)
            return redirect("admin:applications_invitation_changelist")

    def get_fields(self, request, obj=None):
        return [*self.fields, *self.readonly_fields] if obj else self.fields

    def get_fieldsets(self, request, obj=None):
        """Only who still chooses has to be told what belongs together."""
        return super().get_fieldsets(request, obj) if obj else self.fieldsets_of_new

    @admin.display(description="letzte E-Mail")
    def mail(self, invitation):
        return outbox.state_of(invitation.last_mail)

    @admin.display(description="letzter Fehler")
    def last_error(self, invitation):
        return outbox.last_error_of(invitation.last_mail)

    @admin.action(description="Erneut senden; der frühere Link gilt dann nicht mehr", permissions=["add"])
    def send_again(self, request, queryset):
        self._each_open(request, queryset, invitations.send, "erneut gesendet")

    @admin.action(description="Zurückziehen", permissions=["add"])
    def take_back(self, request, queryset):
        self._each_open(request, queryset, invitations.take_back, "zurückgezogen")

    def _each_open(self, request, queryset, change, done):
        changed, refusals = 0, []
        for invitation in queryset.open():
            try:
                change(invitation, by=request.user)
                changed += 1
            except invitations.TooManyInvitations as bound:
                refusals.append(f"{invitation.email}: {bound}")
            except invitations.InvitationVoid:
                refusals.append(f"{invitation.email}: {NO_LONGER_OPEN}")
        said = counted(changed, "Einladung ist", "Einladungen sind")
        self.message_user(request, f"{said} {done}.", messages.SUCCESS)
        for refusal in refusals:
            self.message_user(request, refusal, messages.ERROR)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
