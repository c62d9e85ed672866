from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class IkzConfig(AppConfig):
    name = "ikz"
    verbose_name = "Konten"


class AdminConfig(DjangoAdminConfig):
    default_site = "ikz.admin_site.IkzAdminSite"
