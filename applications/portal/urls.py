from django.urls import path

from applications.portal import case, corrections, documents, inbox, start

app_name = "portal"

urlpatterns = [
    path("", start.start, name="start"),
    path("nachrichten/", inbox.inbox, name="inbox"),
    path("faelle/<uuid:uuid>/", case.case, name="case"),
    path("faelle/<uuid:uuid>/beschluss/<int:pk>/", documents.resolution, name="resolution"),
    path("faelle/<uuid:uuid>/ausgaben/<int:pk>/", documents.expenditure, name="expenditure"),
    path("faelle/<uuid:uuid>/ausgaben-nachher/", documents.expenditure_after, name="expenditure_after"),
    path("faelle/<uuid:uuid>/vereinbarung/", documents.agreement, name="agreement"),
    path("faelle/<uuid:uuid>/stellungnahme/<int:pk>/", documents.opinion, name="opinion"),
    path("faelle/<uuid:uuid>/unterlagen/<int:pk>/", documents.other_documents, name="other_documents"),
    path("faelle/<uuid:uuid>/nachforderung/<int:pk>/", corrections.correction, name="correction"),
    path("faelle/<uuid:uuid>/angaben/", corrections.common_data, name="common_data"),
]
