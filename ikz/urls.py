from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from applications.document_views import document, document_inline
from applications.portal.invitation import invitation
from ikz.legal_pages import legal_page
from ikz.models import LegalPage

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="portal:start"), name="home"),
    path("verwaltung/", admin.site.urls),
    path("portal/", include("applications.portal.urls")),
    path("einladung/<str:token>/", invitation, name="invitation"),
    *(path(f"{key}/", legal_page, {"key": key}, name=key) for key in LegalPage.Key.values),
    path("konto/", include("ikz.account_urls")),
    path("dokumente/<uuid:uuid>/", document, name="document"),
    path("dokumente/<uuid:uuid>/ansehen/", document_inline, name="document_inline"),
]
