"""What the pages of accesses share: they come from invitations, may be limited, and are ended, never deleted."""

from django.contrib import admin, messages
from django.utils import timezone

from ikz.admin_a11y import ModelAdmin
from ikz.german import counted


class ValidityFilter(admin.SimpleListFilter):
    title = "Geltung"
    parameter_name = "geltung"

    def lookups(self, request, model_admin):
        return [("heute", "gilt heute"), ("nicht", "gilt heute nicht")]

    def queryset(self, request, queryset):
        valid = queryset.model.objects.valid_on(timezone.localdate()).values("pk")
        if self.value() == "heute":
            return queryset.filter(pk__in=valid)
        if self.value() == "nicht":
            return queryset.exclude(pk__in=valid)
        return queryset


class AccessAdmin(ModelAdmin):
    actions = ["end_now"]
    search_help_text = "Sucht in E-Mail-Adresse, Nachname und Bezeichnung."

    @admin.action(description="Zugang sofort beenden", permissions=["change"])
    def end_now(self, request, queryset):
        running = [access for access in queryset.select_related("user") if access.ended_at is None]
        for access in running:
            access.end(by=request.user)
        said = counted(len(running), "Zugang ist", "Zugänge sind")
        self.message_user(request, f"{said} beendet. Was die Personen eingereicht haben, bleibt.", messages.SUCCESS)

    def has_add_permission(self, request):
        """Access is given by an invitation, which proves the address."""
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.ended_at is None)

    def has_delete_permission(self, request, obj=None):
        return False
