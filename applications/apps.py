from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "Förderung"

    def ready(self):
        # Both import models, which exist only now.
        from applications import database_checks, roles  # noqa: F401, PLC0415

        post_migrate.connect(roles.sync_roles, dispatch_uid="applications.sync_roles")
