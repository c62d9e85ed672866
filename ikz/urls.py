from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from applications.documents import document
from applications.portal.invitation import invitation

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="portal:start"), name="home"),
    path("verwaltung/", admin.site.urls),
    path("portal/", include("applications.portal.urls")),
    path("einladung/<str:token>/", invitation, name="invitation"),
    path("konto/", include("ikz.account_urls")),
    path("dokumente/<uuid:uuid>/", document, name="document"),
]
