"""Every address of the project × every role: one literal table, which tests/test_routes.py holds the project to."""

from django.urls import URLPattern, get_resolver

STAFF = {"S": "Sachbearbeitung", "B": "Bewilligung", "H": "Haushalt", "R": "Revision", "T": "Stammdaten"}
MUNICIPAL = {
    "L": "Person der Federführung, die deren Personen verwaltet",
    "P": "Person eines Beteiligten",
    "F": "Person einer fremden Kommune, die deren Personen verwaltet",
}
AUTHORITY = {"A": "Person der Stelle, deren Stellungnahme erbeten ist"}
STAFF_WITHOUT_A_ROLE, WITHOUT_AN_ACCOUNT = "-", "?"

# Who is let in by GET → the addresses. Letters as above, "-" for staff without a role, "?" for somebody without an account.
# Whoever is not named is refused (403, 404) or sent to the login or the front page.
GET = {
    # Everybody, with or without an account.
    "SBHRT-LPFA?": [
        "home",
        "barrierefreiheit",
        "datenschutz",
        "impressum",
        "invitation",
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    ],
    # Everybody with an account, about the own one.
    "SBHRT-LPFA": [
        "portal:inbox",
        "account_change_password",
        "account_logout",
        "account_reauthenticate",
        "account_sessions",
        "mfa_activate_totp",
        "mfa_authenticate",
        "mfa_generate_recovery_codes",
        "mfa_index",
        "mfa_reauthenticate",
    ],
    # Everybody outside the ministry who has an account.
    "LPFA": [
        "admin:login",  # it leads to the portal
        "portal:start",
    ],
    # Whoever manages the people of a municipality, for that one.
    "LF": [
        "portal:people",
        "portal:invite",
    ],
    # Every person of a municipality.
    "LPF": [
        "portal:new",
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
        "portal:correction",
    ],
    # The lead.
    "L": [
        "portal:agreement",
        "portal:usage_report",
        "portal:bank_account",
        "portal:expenditure_after",
        "portal:end_access",
        "portal:common_data",
        "portal:handed_in",
        "portal:withdraw",
        "portal:draft",
        "portal:draft_basics",
        "portal:draft_partners",
        "portal:draft_details",
        "portal:draft_expenditure",
        "portal:draft_template",
        "portal:draft_hand_in",
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
        "admin:applications_paymentorder_changelist",
        "admin:applications_paymentorder_history",
        "admin:applications_paymentorder_change",
        "admin:applications_paymentorder_file",
        "admin:applications_bankaccount_changelist",
        "admin:applications_bankaccount_history",
        "admin:applications_bankaccount_change",
        "admin:applications_payingaccount_changelist",
        "admin:applications_payingaccount_history",
        "admin:applications_payingaccount_change",
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
        "admin:applications_hearing_changelist",
        "admin:applications_usagereport_changelist",
        "admin:applications_hearing_history",
        "admin:applications_usagereport_history",
        "admin:applications_hearing_change",
        "admin:applications_usagereport_change",
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
        "admin:applications_budget_what_if",
        "admin:applications_budgettransfer_changelist",
        "admin:applications_budgettransfer_history",
        "admin:applications_budgettransfer_change",
        "admin:applications_commitmentauthorisation_changelist",
        "admin:applications_commitmentauthorisation_history",
        "admin:applications_commitmentauthorisation_change",
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
        "admin:applications_letterhead_changelist",
        "admin:applications_letterhead_history",
        "admin:applications_letterhead_change",
        "admin:applications_textblock_changelist",
        "admin:applications_textblock_history",
        "admin:applications_textblock_change",
        "admin:applications_notice_changelist",
        "admin:applications_notice_history",
        "admin:applications_notice_change",
        "admin:applications_archiveanswer_changelist",
        "admin:applications_archiveanswer_history",
        "admin:applications_archiveanswer_change",
        "admin:applications_deletion_changelist",
        "admin:applications_deletion_history",
        "admin:applications_deletion_change",
        "admin:applications_datefacts_changelist",
        "admin:applications_datefacts_history",
        "admin:applications_datefacts_change",
        "admin:applications_deliveryrule_changelist",
        "admin:applications_deliveryrule_history",
        "admin:applications_deliveryrule_change",
        "admin:applications_baserate_changelist",
        "admin:applications_baserate_history",
        "admin:applications_baserate_change",
        "admin:applications_message_changelist",
        "admin:applications_message_history",
        "admin:applications_message_change",
        "admin:municipalities_membership_changelist",
        "admin:municipalities_membership_history",
        "admin:municipalities_membership_change",
        "admin:applications_office_changelist",
        "admin:applications_office_history",
        "admin:applications_office_change",
        "admin:applications_officemember_changelist",
        "admin:applications_officemember_history",
        "admin:applications_officemember_change",
        "admin:applications_invitation_changelist",
        "admin:applications_invitation_history",
        "admin:applications_invitation_change",
        "admin:ikz_legalpage_changelist",
        "admin:ikz_legalpage_history",
        "admin:ikz_legalpage_change",
        "admin:app_list",
        "document_inline",
    ],
    # Every role, and whom the document concerns.
    "SBHRTLPA": [
        "document",
    ],
    # Sachbearbeitung and Bewilligung.
    "SB": [
        "admin:applications_filenote_add",
    ],
    # Sachbearbeitung.
    "S": [
        "admin:applications_application_judge",
        "admin:applications_application_letter",
        "admin:applications_application_propose_opinions",
        "admin:applications_application_close_correction",
        "admin:applications_application_review_correction",
        "admin:applications_application_add",
        "admin:applications_resolution_add",
        "admin:applications_agreement_add",
        "admin:applications_hearing_add",
        "admin:applications_usagereport_add",
        "admin:applications_notice_act",
        "admin:applications_opinion_add",
        "admin:applications_opinion_delete",
        "admin:applications_correctionrequest_add",
        "admin:applications_datefacts_add",
        "admin:applications_archiveanswer_add",
        "admin:applications_office_add",
        "admin:applications_invitation_add",
    ],
    # Bewilligung.
    "B": [
        "admin:applications_deletion_delete_file",
    ],
    # Haushalt.
    "H": [
        "admin:applications_budget_add",
        "admin:applications_paymentorder_add",
        "admin:applications_budgettransfer_add",
        "admin:applications_commitmentauthorisation_add",
    ],
    # Stammdaten.
    "T": [
        "admin:municipalities_municipality_import",
        "admin:municipalities_municipality_add",
        "admin:applications_programme_add",
        "admin:applications_variant_add",
        "admin:applications_taskfield_add",
        "admin:applications_letterhead_add",
        "admin:applications_textblock_add",
        "admin:applications_deliveryrule_add",
        "admin:applications_payingaccount_add",
        "admin:applications_baserate_add",
    ],
    "SH": [
        "admin:applications_bankaccount_add",
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
        "admin:applications_budgettransfer_delete",
        "admin:applications_commitmentauthorisation_delete",
        "admin:applications_decision_add",
        "admin:applications_decision_delete",
        "admin:applications_entry_add",
        "admin:applications_entry_delete",
        "admin:applications_storedfile_add",
        "admin:applications_storedfile_delete",
        "admin:applications_datefacts_delete",
        "admin:applications_archiveanswer_delete",
        "admin:applications_deletion_add",
        "admin:applications_deletion_delete",
        "admin:applications_deliveryrule_delete",
        "admin:applications_baserate_delete",
        "admin:applications_message_add",
        "admin:applications_message_delete",
        "admin:municipalities_membership_add",
        "admin:municipalities_membership_delete",
        "admin:applications_office_delete",
        "admin:applications_officemember_add",
        "admin:applications_officemember_delete",
        "admin:applications_invitation_delete",
        "admin:ikz_legalpage_add",
        "admin:ikz_legalpage_delete",
        # Only with a second factor.
        "mfa_deactivate_totp",
        "mfa_download_recovery_codes",
        "mfa_view_recovery_codes",
        "admin:applications_programme_delete",
        "admin:applications_variant_delete",
        "admin:applications_taskfield_delete",
        "admin:applications_letterhead_delete",
        "admin:applications_textblock_delete",
        "admin:applications_notice_add",
        "admin:applications_notice_delete",
        "admin:applications_hearing_delete",
        "admin:applications_usagereport_delete",
        "admin:applications_paymentorder_delete",
        "admin:applications_bankaccount_delete",
        "admin:applications_payingaccount_delete",
    ],
}

# Addresses that only take POST; what they do is tested where it is done.
POST_ONLY = {
    "admin:applications_paymentorder_release",
    "admin:applications_paymentorder_leave_out",
    "admin:logout",
    "admin:municipalities_municipality_process_import",
    "admin:applications_programme_copy",
    "admin:applications_storedfile_rescan",
    "portal:invite_again",
    "portal:take_back",
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


def routes_with_keys(number, patterns=None, prefix=""):
    """The names of the addresses with at least this many keys of records."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            kinds = [type(each).__name__ for each in pattern.pattern.converters.values()]
            keys = sum(kind in ("IntConverter", "UUIDConverter") for kind in kinds)
            if keys >= number:
                yield f"{prefix}{pattern.name}"
        else:
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from routes_with_keys(number, pattern.url_patterns, inner)
