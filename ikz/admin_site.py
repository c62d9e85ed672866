"""The admin site: the case workers' house."""

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.utils import timezone

from applications import figures


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

    def index(self, request, extra_context=None):
        page = figures.front_page(request.user, today=timezone.localdate())
        return super().index(request, {**(extra_context or {}), "page": page})
