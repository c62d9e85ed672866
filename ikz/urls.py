from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from applications.documents import document, document_inline

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="portal:start"), name="home"),
    path("verwaltung/", admin.site.urls),
    path("portal/", include("applications.portal.urls")),
    path("konto/", include("allauth.account.urls")),
    path("konto/", include("allauth.mfa.urls")),
    path("dokumente/<uuid:uuid>/", document, name="document"),
    path("dokumente/<uuid:uuid>/ansehen/", document_inline, name="document_inline"),
]
