from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.core import checks

from ikz import antivirus


class IkzConfig(AppConfig):
    name = "ikz"
    verbose_name = "Konten"

    def ready(self):
        checks.register(antivirus.check_setting)


class AdminConfig(DjangoAdminConfig):
    default_site = "ikz.admin_site.IkzAdminSite"
