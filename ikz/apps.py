from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.contrib.auth.signals import user_logged_in
from django.core import checks
from django.db.models import CharField
from django.db.models.signals import post_migrate

from ikz import antivirus, checks_of_settings, error_reports, idle_sessions, request_log
from ikz.beginnings import IndexedStartsWith


class IkzConfig(AppConfig):
    name = "ikz"
    verbose_name = "Konten"

    def ready(self):
        # These import models, which exist only now.
        from allauth.mfa import signals  # noqa: PLC0415

        from ikz import legal_pages, second_factor, security_log  # noqa: PLC0415

        if settings.IKZ_LOG == "json":
            request_log.tell_strays()
        if settings.IKZ_SENTRY_DSN:
            error_reports.begin(settings.IKZ_SENTRY_DSN)
        if settings.IKZ_OTLP_URL:
            # Only who wants traces pays for the library: 20 MB of memory a process.
            from ikz import traces  # noqa: PLC0415

            traces.begin(settings.IKZ_OTLP_URL)
        CharField.register_lookup(IndexedStartsWith)
        security_log.begin()
        user_logged_in.connect(idle_sessions.remember_the_beginning, dispatch_uid="ikz.idle_sessions")
        for changed in (signals.authenticator_added, signals.authenticator_removed, signals.authenticator_reset):
            changed.connect(second_factor.end_other_sessions, dispatch_uid="ikz.second_factor")
        checks.register(antivirus.check_setting)
        checks.register(checks_of_settings.errors, checks.Tags.security)
        checks.register(checks_of_settings.errors_of_servers, checks.Tags.security, deploy=True)
        checks.register(checks_of_settings.warnings, checks.Tags.security, deploy=True)
        post_migrate.connect(legal_pages.load, sender=self, dispatch_uid="ikz.legal_pages")


class AdminConfig(DjangoAdminConfig):
    default_site = "ikz.admin_site.IkzAdminSite"
