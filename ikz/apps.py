from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.core import checks
from django.db.models.signals import post_migrate

from ikz import antivirus, checks_of_settings, error_reports


class IkzConfig(AppConfig):
    name = "ikz"
    verbose_name = "Konten"

    def ready(self):
        from ikz import legal_pages  # noqa: PLC0415 (imports models, which exist only now)

        if settings.IKZ_SENTRY_DSN:
            error_reports.begin(settings.IKZ_SENTRY_DSN)
        checks.register(antivirus.check_setting)
        checks.register(checks_of_settings.errors, checks.Tags.security)
        checks.register(checks_of_settings.warnings, checks.Tags.security, deploy=True)
        post_migrate.connect(legal_pages.load, sender=self, dispatch_uid="ikz.legal_pages")


class AdminConfig(DjangoAdminConfig):
    default_site = "ikz.admin_site.IkzAdminSite"
