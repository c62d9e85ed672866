"""The admin site: the case workers' house."""

from django.contrib import admin
from django.utils import timezone

from applications import figures


class IkzAdminSite(admin.AdminSite):
    site_header = "Förderung der Interkommunalen Zusammenarbeit"
    site_title = "IKZ-Förderung"
    index_title = "Arbeitsvorrat"
    site_url = None
    enable_nav_sidebar = True

    def index(self, request, extra_context=None):
        page = figures.front_page(request.user, today=timezone.localdate())
        return super().index(request, {**(extra_context or {}), "page": page})
