from django.urls import path

from applications.portal import case, documents, inbox, people, start

app_name = "portal"

urlpatterns = [
    path("", start.start, name="start"),
    path("nachrichten/", inbox.inbox, name="inbox"),
    path("personen/", people.people, name="people"),
    path("personen/einladen/", people.invite, name="invite"),
    path("personen/einladungen/<int:pk>/erneut/", people.invite_again, name="invite_again"),
    path("personen/einladungen/<int:pk>/zurueckziehen/", people.revoke, name="revoke"),
    path("personen/<int:pk>/beenden/", people.end_access, name="end_access"),
    path("faelle/<uuid:uuid>/", case.case, name="case"),
    path("faelle/<uuid:uuid>/beschluss/<int:pk>/", documents.resolution, name="resolution"),
    path("faelle/<uuid:uuid>/ausgaben/<int:pk>/", documents.expenditure, name="expenditure"),
    path("faelle/<uuid:uuid>/ausgaben-nachher/", documents.expenditure_after, name="expenditure_after"),
    path("faelle/<uuid:uuid>/vereinbarung/", documents.agreement, name="agreement"),
    path("faelle/<uuid:uuid>/stellungnahme/<int:pk>/", documents.opinion, name="opinion"),
    path("faelle/<uuid:uuid>/unterlagen/<int:pk>/", documents.other_documents, name="other_documents"),
]
