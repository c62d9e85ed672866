"""What the role Stammdaten keeps up to date: rules of delivery and the Basiszinssatz."""

from django.contrib import admin

from applications.models import BaseRate, DeliveryRule
from ikz.admin_a11y import ModelAdmin


class LegalFigureAdmin(ModelAdmin):
    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(DeliveryRule)
class DeliveryRuleAdmin(LegalFigureAdmin):
    list_display = ["valid_from", "days", "source"]
    fields = ["valid_from", "days", "source"]


@admin.register(BaseRate)
class BaseRateAdmin(LegalFigureAdmin):
    list_display = ["valid_from", "percent", "source"]
    fields = ["valid_from", "percent", "source"]
