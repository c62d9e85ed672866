"""Accounts: who may sign in and which roles they have."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm, UserChangeForm
from django.forms import CheckboxSelectMultiple
from django.urls import reverse

from ikz.admin_a11y import ModelAdmin, NamedControls
from ikz.admin_addresses import SoundAddresses
from ikz.models import LegalPage, User


class AccountCreationForm(BaseUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "first_name", "last_name"]


class AccountChangeForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"
        field_classes = {}
        widgets = {"groups": CheckboxSelectMultiple}
        labels = {
            "is_active": "Das Konto ist freigeschaltet",
            "is_staff": "Zugang zur Verwaltung",
            "is_superuser": "Alle Rechte",
            "groups": "Rollen",
        }
        help_texts = {
            "is_active": "Nehmen Sie den Haken heraus, wenn jemand ausscheidet. Konten werden nicht gelöscht.",
            "is_staff": "Nur mit diesem Haken ist die Anmeldung hier möglich.",
            "is_superuser": "Nur für die technische Betreuung. Das Vier-Augen-Prinzip gilt trotzdem.",
            "groups": "Was jemand tun darf, folgt aus den Rollen.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "password" in self.fields:
            self.fields[
                "password"
            ].help_text = "Das Passwort selbst ist nicht gespeichert und kann nicht gezeigt werden."


class AccountPasswordForm(AdminPasswordChangeForm):
    """Without the stock choice of an account that has no password: there is no other way to sign in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        for field in self.fields.values():
            field.required = True


@admin.register(User)
class AccountAdmin(SoundAddresses, NamedControls, UserAdmin):
    form = AccountChangeForm
    add_form = AccountCreationForm
    add_form_template = None
    change_password_form = AccountPasswordForm
    change_user_password_template = "admin/ikz/user/change_password.html"  # noqa: S105 (the name of a file)
    list_display = ["email", "last_name", "first_name", "roles", "is_active", "last_login"]
    list_filter = ["is_active", "groups", "is_superuser"]
    search_fields = ["email", "last_name", "first_name"]
    search_help_text = "Sucht in E-Mail-Adresse, Nachname und Vorname."
    ordering = ["last_name", "first_name", "email"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    # Single permissions are missing on purpose: what somebody may do follows from the roles.
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        ("Person", {"fields": ["first_name", "last_name"]}),
        ("Rechte", {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        ("Zeiten", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "first_name", "last_name", "password1", "password2"]})]

    @admin.display(description="Rollen")
    def roles(self, account):
        return ", ".join(group.name for group in account.groups.all())

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request, obj=None):
        own = super().get_readonly_fields(request, obj)
        return own if request.user.is_superuser else [*own, "is_superuser"]

    def has_change_permission(self, request, obj=None):
        """Whoever manages accounts must not take over one that may do everything."""
        if obj and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Decisions name the account they were taken with; a former colleague's account is switched off instead."""
        return False


@admin.register(LegalPage)
class LegalPageAdmin(ModelAdmin):
    list_display = ["key", "title", "changed_at"]
    fields = ["title", "text", "changed_at"]
    readonly_fields = ["changed_at"]
    actions = None

    def view_on_site(self, page):
        return reverse(page.key)

    def has_add_permission(self, request):
        """The pages are given; only their texts are the ministry's."""
        return False

    def has_delete_permission(self, request, obj=None):
        return False
