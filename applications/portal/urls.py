from django.urls import path

from applications.portal import bank_account, case, corrections, documents, draft_pages, inbox, people, start

app_name = "portal"

urlpatterns = [
    path("", start.start, name="start"),
    path("nachrichten/", inbox.inbox, name="inbox"),
    path("personen/", people.people, name="people"),
    path("personen/einladen/", people.invite, name="invite"),
    path("personen/einladungen/<int:pk>/erneut/", people.invite_again, name="invite_again"),
    path("personen/einladungen/<int:pk>/zurueckziehen/", people.take_back, name="take_back"),
    path("personen/<int:pk>/beenden/", people.end_access, name="end_access"),
    path("neuer-antrag/", draft_pages.new, name="new"),
    path("entwuerfe/<uuid:uuid>/", draft_pages.draft, name="draft"),
    path("entwuerfe/<uuid:uuid>/vorhaben/", draft_pages.basics, name="draft_basics"),
    path("entwuerfe/<uuid:uuid>/beteiligte/", draft_pages.partners, name="draft_partners"),
    path("entwuerfe/<uuid:uuid>/angaben/", draft_pages.details, name="draft_details"),
    path("entwuerfe/<uuid:uuid>/ausgaben/", draft_pages.expenditure, name="draft_expenditure"),
    path("entwuerfe/<uuid:uuid>/ausgaben/vorlage.<slug:kind>", draft_pages.template_file, name="draft_template"),
    path("entwuerfe/<uuid:uuid>/einreichen/", draft_pages.hand_in, name="draft_hand_in"),
    path("faelle/<uuid:uuid>/eingereicht/", draft_pages.handed_in, name="handed_in"),
    path("faelle/<uuid:uuid>/zurueckziehen/", draft_pages.withdraw, name="withdraw"),
    path("faelle/<uuid:uuid>/", case.case, name="case"),
    path("faelle/<uuid:uuid>/beschluss/<int:pk>/", documents.resolution, name="resolution"),
    path("faelle/<uuid:uuid>/ausgaben/<int:pk>/", documents.expenditure, name="expenditure"),
    path("faelle/<uuid:uuid>/ausgaben-nachher/", documents.expenditure_after, name="expenditure_after"),
    path("faelle/<uuid:uuid>/vereinbarung/", documents.agreement, name="agreement"),
    path("faelle/<uuid:uuid>/stellungnahme/<int:pk>/", documents.opinion, name="opinion"),
    path("faelle/<uuid:uuid>/verwendungsnachweis/", documents.usage_report, name="usage_report"),
    path("faelle/<uuid:uuid>/bankverbindung/", bank_account.bank_account, name="bank_account"),
    path("faelle/<uuid:uuid>/unterlagen/<int:pk>/", documents.other_documents, name="other_documents"),
    path("faelle/<uuid:uuid>/nachforderung/<int:pk>/", corrections.correction, name="correction"),
    path("faelle/<uuid:uuid>/angaben/", corrections.common_data, name="common_data"),
]
