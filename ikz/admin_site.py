"""The admin site: the case workers' house."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from applications import figures

OURS = {"ikz", "municipalities", "applications"}  # the apps of this project


class IkzAdminSite(admin.AdminSite):
    site_header = "Förderung der Interkommunalen Zusammenarbeit"
    site_title = "IKZ-Förderung"
    index_title = "Arbeitsvorrat"
    site_url = None
    enable_nav_sidebar = True

    def login(self, request, extra_context=None):
        """Everybody signs in at the same page. Whoever is signed in and does not work here belongs in the portal."""
        if request.user.is_authenticated:
            return redirect("admin:index" if self.has_permission(request) else "portal:start")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def password_change(self, request, extra_context=None):
        """One page changes passwords: it leaves a line in the log and tells the person by mail."""
        return redirect("account_change_password")

    password_change_done = password_change

    def register(self, model_or_iterable, admin_class=None, **options):
        """Only our own records have pages; what the libraries keep is looked at through these."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        ours = [model for model in models if model._meta.app_label in OURS]
        super().register(ours, admin_class, **options)

    def get_app_list(self, request, app_label=None):
        """Put together when a page shows it; the list of cases, which has no sidebar, need not wait for it."""
        return SimpleLazyObject(lambda: super(IkzAdminSite, self).get_app_list(request, app_label))

    def index(self, request, extra_context=None):
        page = figures.front_page(request.user, today=timezone.localdate())
        return super().index(request, {**(extra_context or {}), "page": page})
