"""The admin site: the case workers' house."""

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.utils import timezone

from applications import figures

OURS = {"ikz", "municipalities", "applications"}  # the apps of this project


class SignInForm(AdminAuthenticationForm):
    """One sentence for every refusal: it does not tell which accounts there are."""

    error_messages = dict.fromkeys(
        AdminAuthenticationForm.error_messages,
        "Die Anmeldung ist nicht gelungen. Bitte prüfen Sie E-Mail-Adresse und Passwort. Hilft das nicht, wenden Sie sich "
        "an die Leitung des Referats.",
    )


class IkzAdminSite(admin.AdminSite):
    site_header = "Förderung der Interkommunalen Zusammenarbeit"
    site_title = "IKZ-Förderung"
    index_title = "Arbeitsvorrat"
    site_url = None
    login_form = SignInForm
    enable_nav_sidebar = True

    def register(self, model_or_iterable, admin_class=None, **options):
        """Only our own records have pages; what the libraries keep is looked at through these."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        ours = [model for model in models if model._meta.app_label in OURS]
        super().register(ours, admin_class, **options)

    def index(self, request, extra_context=None):
        page = figures.front_page(request.user, today=timezone.localdate())
        return super().index(request, {**(extra_context or {}), "page": page})
