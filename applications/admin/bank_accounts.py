"""Bank details of municipalities, which a second person confirms, and the account that the Land pays from."""

from django.contrib import admin, messages
from django.utils.html import format_html

from applications.models import BankAccount, PayingAccount
from applications.models.bank_account import AccountRefused
from applications.permissions import PAY, PROCESS
from ikz.admin_a11y import ModelAdmin


class StateFilter(admin.SimpleListFilter):
    title = "Stand"
    parameter_name = "stand"

    def lookups(self, request, model_admin):
        return [("wartet", "wartet auf Bestätigung"), ("gilt", "bestätigt"), ("beendet", "beendet")]

    def queryset(self, request, queryset):
        wanted = {
            "wartet": {"ended_at": None, "confirmed_at": None},
            "gilt": {"ended_at": None, "confirmed_at__isnull": False},
            "beendet": {"ended_at__isnull": False},
        }
        return queryset.filter(**wanted.get(self.value(), {}))


@admin.register(BankAccount)
class BankAccountAdmin(ModelAdmin):
    list_display = ["municipality", "holder", "iban_shown", "state", "entered_by"]
    list_select_related = ["municipality__district", "entered_by"]
    list_filter = [StateFilter]
    search_fields = ["municipality__name", "holder", "iban"]
    search_help_text = "Sucht in Kommune, Kontoinhaber und IBAN (ohne Leerzeichen)."
    autocomplete_fields = ["municipality"]
    actions = ["confirm", "end"]

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["municipality", "holder", "iban"]
        kept = ["entered_by", "entered_at", "confirmed_by", "confirmed_at", "ended_by", "ended_at"]
        return ["municipality", "holder", "iban_shown", "bank", "state", *kept]

    readonly_fields = ["iban_shown", "bank", "state"]

    @admin.display(description="IBAN", ordering="iban")
    def iban_shown(self, account):
        return format_html('<span class="nowrap">{}</span>', account.in_groups)

    @admin.display(description="Bank")
    def bank(self, account):
        return account.bank or "–"

    @admin.display(description="Stand")
    def state(self, account):
        if account.ended_at:
            return "beendet"
        return "bestätigt" if account.is_confirmed else "wartet auf Bestätigung"

    def save_model(self, request, obj, form, change):
        BankAccount.objects.enter(obj, by=request.user)

    @admin.action(description="Bestätigen; ausgezahlt wird danach nur noch dorthin", permissions=["confirm"])
    def confirm(self, request, queryset):
        self._each(request, queryset, lambda account: account.confirm(by=request.user), "bestätigt")

    @admin.action(description="Beenden; dorthin wird nicht mehr ausgezahlt", permissions=["end"])
    def end(self, request, queryset):
        self._each(request, queryset, lambda account: account.end(by=request.user), "beendet")

    def _each(self, request, queryset, change, done):
        for account in queryset.order_by("municipality", "pk"):
            try:
                change(account)
            except AccountRefused as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
            else:
                self.message_user(request, f"{account}: {done}.", messages.SUCCESS)

    def has_confirm_permission(self, request):
        return request.user.has_perm(PAY)

    def has_end_permission(self, request):
        return request.user.has_perm(PAY) or request.user.has_perm(PROCESS)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(PayingAccount)
class PayingAccountAdmin(ModelAdmin):
    list_display = ["holder", "iban_shown", "valid_from"]
    fields = ["valid_from", "holder", "iban"]

    @admin.display(description="IBAN")
    def iban_shown(self, account):
        return account.masked

    def has_delete_permission(self, request, obj=None):
        return False
