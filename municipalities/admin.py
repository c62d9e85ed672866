from django.contrib import admin

from municipalities.models import Municipality


@admin.register(Municipality)
class MunicipalityAdmin(admin.ModelAdmin):
    list_display = ["name", "ags", "kind", "district_name", "regierungsbezirk", "population", "valid_to"]
    list_filter = ["kind", ("district", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["district"]
    search_fields = ["name", "ags"]
    autocomplete_fields = ["district", "successor"]

    @admin.display(description="Landkreis", ordering="district__name")
    def district_name(self, municipality):
        return municipality.district.display_name if municipality.district_id else ""

    @admin.display(description="Regierungsbezirk")
    def regierungsbezirk(self, municipality):
        return municipality.regierungsbezirk

    def has_delete_permission(self, request, obj=None):
        return False
