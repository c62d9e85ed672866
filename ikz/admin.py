"""Accounts: who may sign in and which roles they have. Passwords are chosen by the persons alone, through a link by mail."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import PermissionDenied
from django.forms import CheckboxSelectMultiple, ModelForm
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from applications import timeline
from ikz.accounts import send_link_for_a_password
from ikz.admin_a11y import ModelAdmin, NamedControls
from ikz.admin_addresses import SoundAddresses
from ikz.models import LegalPage, User


class AccountCreationForm(ModelForm):
    class Meta:
        model = User
        fields = ["email", "first_name", "last_name"]


class AccountChangeForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"
        field_classes = {}
        widgets = {"groups": CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "password" in self.fields:
            self.fields[
                "password"
            ].help_text = "Jede Person wählt ihr Passwort selbst. Es ist hier weder zu sehen noch zu setzen."


@admin.register(User)
class AccountAdmin(SoundAddresses, NamedControls, UserAdmin):
    form = AccountChangeForm
    add_form = AccountCreationForm
    add_form_template = None
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
    # Whoever only reads is not shown when somebody works, nor asked for a password.
    fieldsets_to_read = [(None, {"fields": ["email"]}), *fieldsets[1:3]]
    add_fieldsets = [(None, {"fields": ["email", "first_name", "last_name"]})]

    @admin.display(description="Rollen")
    def roles(self, account):
        return ", ".join(group.name for group in account.groups.all())

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_list_display(self, request):
        shown = super().get_list_display(request)
        return shown if self.has_change_permission(request) else [name for name in shown if name != "last_login"]

    def get_fieldsets(self, request, obj=None):
        only_reads = obj and not self.has_change_permission(request, obj)
        return self.fieldsets_to_read if only_reads else super().get_fieldsets(request, obj)

    def history_view(self, request, object_id, extra_context=None):
        """What was kept of the account, its roles and accesses, beside what was done on these pages."""
        account = self.get_object(request, unquote(object_id))
        events = timeline.events_of_account(account) if account else []
        return super().history_view(request, object_id, {"events": events, **(extra_context or {})})

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            send_link_for_a_password(obj)

    def user_change_password(self, request, id, form_url=""):
        """In place of the stock page, which sets a password that two people know, and tells nobody."""
        account = self.get_object(request, unquote(id))
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        if account is None:
            raise Http404
        if request.method == "POST":
            return self._send_link(request, account)
        context = {
            **self.admin_site.each_context(request),
            "title": "Link für ein neues Passwort senden",
            "opts": self.opts,
            "original": account,
        }
        return render(request, "admin/ikz/user/send_link.html", context)

    def _send_link(self, request, account):
        if account.is_active:
            send_link_for_a_password(account)
            self.log_change(request, account, "Link für ein neues Passwort gesendet.")
            self.message_user(request, f"Der Link ist an {account.email} gesendet.", messages.SUCCESS)
        else:
            refusal = f"Das Konto von {account} ist nicht freigeschaltet. Bitte schalten Sie es zuerst frei."
            self.message_user(request, refusal, messages.ERROR)
        return redirect("admin:ikz_user_change", account.pk)

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
