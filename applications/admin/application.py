from django.contrib import admin

from applications.admin.case_list import CaseList
from applications.models import Application


@admin.register(Application)
class ApplicationAdmin(CaseList, admin.ModelAdmin):
    pass
