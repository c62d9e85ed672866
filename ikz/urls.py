from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from applications.documents import document

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("verwaltung/", admin.site.urls),
    path("dokumente/<uuid:uuid>/", document, name="document"),
]
