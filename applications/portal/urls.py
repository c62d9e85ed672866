from django.urls import path

from applications.portal import case, inbox, start

app_name = "portal"

urlpatterns = [
    path("", start.start, name="start"),
    path("nachrichten/", inbox.inbox, name="inbox"),
    path("faelle/<uuid:uuid>/", case.case, name="case"),
]
