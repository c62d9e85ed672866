"""The admin site: the case workers' house."""

from django.contrib import admin


class IkzAdminSite(admin.AdminSite):
    site_header = "Förderung der Interkommunalen Zusammenarbeit"
    site_title = "IKZ-Förderung"
    index_title = "Arbeitsvorrat"
    site_url = None
    enable_nav_sidebar = True
