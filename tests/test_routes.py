"""Every address of the project × every role: one literal table. An address without a row fails."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from ikz.models import User
from municipalities.models import RegisterImport
from tests.factories import StoredFileFactory, UserFactory, case_in
from tests.ikz.pages import furnish
from tests.municipal_people import MembershipFactory, MessageFactory, member_of, officer_of

pytestmark = pytest.mark.django_db

STAFF = {"S": "Sachbearbeitung", "B": "Bewilligung", "H": "Haushalt", "R": "Revision", "T": "Stammdaten"}
MUNICIPAL = {"L": "Person der Federführung", "P": "Person eines Beteiligten", "F": "Person einer fremden Kommune"}
AUTHORITY = {"A": "Person der Stelle, deren Stellungnahme erbeten ist"}
STAFF_WITHOUT_A_ROLE, WITHOUT_AN_ACCOUNT = "-", "?"

# Who is let in by GET → the addresses. Letters as above, "-" for staff without a role, "?" for somebody without an account.
# Whoever is not named is refused (403, 404) or sent to the login or the front page.
GET = {
    # Who is not signed in; everybody else goes to the front page.
    "?": [
        "admin:login",
    ],
    # Everybody, with or without an account.
    "SBHRT-LPFA?": [
        "home",
    ],
    # Everybody outside the ministry who has an account.
    "LPFA": [
        "portal:start",
        "portal:inbox",
    ],
    # Whom the case concerns.
    "LPA": [
        "portal:case",
    ],
    # The participant that the page is about.
    "P": [
        "portal:resolution",
        "portal:expenditure",
        "portal:other_documents",
    ],
    # The lead.
    "L": [
        "portal:agreement",
        "portal:expenditure_after",
    ],
    # The office that was asked.
    "A": [
        "portal:opinion",
    ],
    # Every member of staff.
    "SBHRT-": [
        "admin:index",
        "admin:password_change",
        "admin:password_change_done",
        "admin:jsi18n",
    ],
    # Every role.
    "SBHRT": [
        "admin:autocomplete",
        "admin:municipalities_municipality_about",
        "admin:municipalities_municipality_export",
        "admin:municipalities_municipality_changelist",
        "admin:municipalities_municipality_history",
        "admin:municipalities_municipality_change",
        "admin:municipalities_registerimport_changelist",
        "admin:municipalities_registerimport_history",
        "admin:municipalities_registerimport_change",
        "admin:applications_application_edit",
        "admin:applications_application_take",
        "admin:applications_application_timeline",
        "admin:applications_application_export",
        "admin:applications_application_changelist",
        "admin:applications_application_history",
        "admin:applications_application_change",
        "admin:applications_cooperation_changelist",
        "admin:applications_cooperation_history",
        "admin:applications_cooperation_change",
        "admin:applications_resolution_changelist",
        "admin:applications_resolution_history",
        "admin:applications_resolution_change",
        "admin:applications_participant_changelist",
        "admin:applications_participant_history",
        "admin:applications_participant_change",
        "admin:applications_agreement_changelist",
        "admin:applications_agreement_history",
        "admin:applications_agreement_change",
        "admin:applications_opinion_changelist",
        "admin:applications_opinion_history",
        "admin:applications_opinion_change",
        "admin:applications_correctionrequest_changelist",
        "admin:applications_correctionrequest_history",
        "admin:applications_correctionrequest_change",
        "admin:applications_filenote_changelist",
        "admin:applications_filenote_history",
        "admin:applications_filenote_change",
        "admin:applications_budget_changelist",
        "admin:applications_budget_history",
        "admin:applications_budget_change",
        "admin:applications_decision_changelist",
        "admin:applications_decision_history",
        "admin:applications_decision_change",
        "admin:applications_entry_changelist",
        "admin:applications_entry_history",
        "admin:applications_entry_change",
        "admin:applications_storedfile_changelist",
        "admin:applications_storedfile_history",
        "admin:applications_storedfile_change",
        "admin:applications_programme_changelist",
        "admin:applications_programme_history",
        "admin:applications_programme_change",
        "admin:applications_variant_changelist",
        "admin:applications_variant_history",
        "admin:applications_variant_change",
        "admin:applications_taskfield_changelist",
        "admin:applications_taskfield_history",
        "admin:applications_taskfield_change",
        "admin:applications_message_changelist",
        "admin:applications_message_history",
        "admin:applications_message_change",
        "admin:app_list",
        "document_inline",
    ],
    # Every role, and whom the document concerns.
    "SBHRTLP": [
        "document",
    ],
    # Sachbearbeitung and Bewilligung.
    "SB": [
        "admin:applications_filenote_add",
    ],
    # Sachbearbeitung.
    "S": [
        "admin:applications_application_judge",
        "admin:applications_application_propose_opinions",
        "admin:applications_application_close_correction",
        "admin:applications_application_add",
        "admin:applications_resolution_add",
        "admin:applications_agreement_add",
        "admin:applications_opinion_add",
        "admin:applications_opinion_delete",
        "admin:applications_correctionrequest_add",
    ],
    # Haushalt.
    "H": [
        "admin:applications_budget_add",
    ],
    # Stammdaten.
    "T": [
        "admin:municipalities_municipality_import",
        "admin:municipalities_municipality_add",
        "admin:applications_programme_add",
        "admin:applications_variant_add",
        "admin:applications_taskfield_add",
    ],
    # No role: only the superuser, or nobody at all.
    "": [
        "admin:view_on_site",
        "admin:auth_user_password_change",
        "admin:ikz_user_changelist",
        "admin:ikz_user_add",
        "admin:ikz_user_history",
        "admin:ikz_user_delete",
        "admin:ikz_user_change",
        "admin:municipalities_municipality_delete",
        "admin:municipalities_registerimport_add",
        "admin:municipalities_registerimport_delete",
        "admin:applications_application_delete",
        "admin:applications_cooperation_add",
        "admin:applications_cooperation_delete",
        "admin:applications_participant_add",
        "admin:applications_participant_delete",
        "admin:applications_resolution_delete",
        "admin:applications_agreement_delete",
        "admin:applications_correctionrequest_delete",
        "admin:applications_filenote_delete",
        "admin:applications_budget_delete",
        "admin:applications_decision_add",
        "admin:applications_decision_delete",
        "admin:applications_entry_add",
        "admin:applications_entry_delete",
        "admin:applications_storedfile_add",
        "admin:applications_storedfile_delete",
        "admin:applications_message_add",
        "admin:applications_message_delete",
        "admin:applications_programme_delete",
        "admin:applications_variant_delete",
        "admin:applications_taskfield_delete",
    ],
}

# Addresses that only take POST; what they do is tested where it is done.
POST_ONLY = {
    "admin:logout",
    "admin:municipalities_municipality_process_import",
    "admin:applications_programme_copy",
    "admin:applications_storedfile_rescan",
}
# Catch-alls of the admin without a name: they lead to the pages above or to 404.
NAMELESS = {"admin:<path:object_id>/", "admin:(?P<url>.*)$"}


def routes(patterns=None, prefix=""):
    """The names of all addresses, namespaces in front."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or pattern.pattern}"
        else:
            yield from routes(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)


@pytest.fixture
def arguments():
    """address → the arguments of an example."""
    office = furnish()
    case, decided = office.case, case_in("approved")
    records = {
        "registerimport": RegisterImport.objects.create(
            file_name="r.csv",
            sha256="0" * 64,
            at=timezone.now(),
            imported=1,
            repaired=0,
            refused=0,
            skipped=0,
            unchanged=0,
        ),
        "agreement": decided.agreement,
        "application": case,
        "budget": decided.decision.budget,
        "cooperation": case.cooperation,
        "correctionrequest": case.correctionrequests.get(),
        "decision": decided.decision,
        "entry": case.history.get(),
        "filenote": case.filenotes.get(),
        "opinion": case.opinions.get(),
        "participant": case.participants[0],
        "programme": case.variant.programme,
        "resolution": case.participants[0].resolution,
        "message": MessageFactory(application=case),
        "storedfile": StoredFileFactory(application=case, participant=case.participants[1]),
        "taskfield": case.cooperation.task_field,
        "variant": case.variant,
        "municipality": office.municipality,
        "user": office.account,
    }
    return records, {
        "admin:applications_application_take": [case.pk, "withdraw"],
        "admin:applications_application_judge": [case.pk, "substantial_part_of_task"],
        "admin:applications_application_close_correction": [case.pk, records["correctionrequest"].pk],
        "portal:case": [case.uuid],
        "portal:resolution": [case.uuid, case.participants[1].pk],
        "portal:expenditure": [case.uuid, case.participants[1].pk],
        "portal:other_documents": [case.uuid, case.participants[1].pk],
        "portal:agreement": [case.uuid],
        "portal:expenditure_after": [case.uuid],
        "portal:opinion": [case.uuid, records["opinion"].pk],
        "admin:app_list": ["applications"],
        "admin:view_on_site": [ContentType.objects.get_for_model(User).pk, office.account.pk],
        "document": [records["storedfile"].uuid],
        "document_inline": [records["storedfile"].uuid],
        "admin:auth_user_password_change": [office.account.pk],
    }


NEW_RECORDS_OF = {
    "resolution": lambda records: records["application"].participants[1],
    "agreement": lambda records: records["cooperation"],
    "opinion": lambda records: records["application"],
    "correctionrequest": lambda records: records["application"],
    "filenote": lambda records: records["application"],
}
OF_ONE_RECORD = ("change", "delete", "history", "edit", "timeline", "copy", "opinions", "rescan")


def example(name, arguments):
    """The address with the key of a record that exists."""
    records, special = arguments
    if name in special:
        return reverse(name, args=special[name])
    if name == "admin:autocomplete":
        return reverse(name) + "?app_label=applications&model_name=cooperation&field_name=lead"
    model = name.partition("_")[2].partition("_")[0]
    if name.endswith("_add") and model in NEW_RECORDS_OF:
        return f"{reverse(name)}?parent={NEW_RECORDS_OF[model](records).pk}"
    if name.rpartition("_")[2] in OF_ONE_RECORD and model in records:
        return reverse(name, args=[records[model].pk])
    return reverse(name)


def is_let_in(client, name, url):
    response = client.get(url)
    if response.streaming:
        b"".join(response.streaming_content)  # read to its end, so that the document is closed
    if response.status_code in (301, 302):
        leads_away = response.url.startswith(reverse("admin:login")) or response.url == reverse("admin:index")
        return name == "home" or not leads_away
    assert response.status_code in (200, 403, 404), f"{name}: {response.status_code}"
    return response.status_code == 200


def test_every_address_has_a_row_and_no_row_is_left_over():
    listed = [name for names in GET.values() for name in names]

    assert sorted([*listed, *POST_ONLY]) == sorted(set(routes()) - NAMELESS)


@pytest.mark.parametrize("name", sorted(POST_ONLY))
def test_address_that_takes_only_post_refuses_get(client, arguments, name):
    client.force_login(UserFactory(is_superuser=True))

    assert client.get(example(name, arguments)).status_code == 405


def people_of(case) -> dict:
    """letter → somebody of that kind."""
    lead, partner = (each.municipality for each in case.participants[:2])
    staff = {letter: UserFactory(roles=[role]) for letter, role in STAFF.items()}
    outside = {
        "L": member_of(lead),
        "P": member_of(partner),
        "F": MembershipFactory().user,
        "A": officer_of(case.opinions.get()),
    }
    return {**staff, STAFF_WITHOUT_A_ROLE: UserFactory(), **outside, WITHOUT_AN_ACCOUNT: None}


def test_who_is_let_in_where(client, arguments):
    people = people_of(arguments[0]["application"])
    urls = {name: example(name, arguments) for name in sorted(set(routes()) - NAMELESS - POST_ONLY)}
    let_in = dict.fromkeys(urls, "")
    for letter, person in people.items():
        client.logout()
        if person:
            client.force_login(person)
        for name, url in urls.items():
            let_in[name] += letter if is_let_in(client, name, url) else ""

    assert let_in == {name: who for who, names in GET.items() for name in names}
