from django.urls import path

from applications.portal import case, start

app_name = "portal"

urlpatterns = [
    path("", start.start, name="start"),
    path("faelle/<uuid:uuid>/", case.case, name="case"),
]
