"""Who writes where: beside who is let in (tests/route_rights.py), the other literal table of tests/test_routes.py."""

# Letters as there → the addresses where sending the changed form of the page writes something.
POST = {
    "S": [
        "admin:applications_agreement_add",
        "admin:applications_application_edit",
        "admin:applications_application_judge",
        "admin:applications_application_propose_opinions",
        "admin:applications_application_review_correction",
        "admin:applications_application_take",
        "admin:applications_archiveanswer_change",
        "admin:applications_cooperation_change",
        "admin:applications_correctionrequest_change",
        "admin:applications_datefacts_add",
        "admin:applications_invitation_changelist",
        "admin:applications_message_changelist",
        "admin:applications_message_resend",
        "admin:applications_office_change",
        "admin:applications_officemember_change",
        "admin:applications_officemember_changelist",
        "admin:applications_opinion_add",
        "admin:applications_opinion_change",
        "admin:applications_opinion_delete",
        "admin:applications_resolution_add",
        "admin:applications_resolution_change",
        "admin:applications_storedfile_changelist",
        "admin:applications_storedfile_rescan",
        "admin:applications_usagereport_add",
        "admin:applications_usagereport_change",
        "admin:municipalities_membership_change",
        "admin:municipalities_membership_changelist",
    ],
    "SH": [
        "admin:applications_bankaccount_changelist",
    ],
    "T": [
        "admin:applications_baserate_change",
        "admin:applications_deliveryrule_change",
        "admin:applications_letterhead_change",
        "admin:applications_payingaccount_change",
        "admin:applications_programme_change",
        "admin:applications_programme_copy",
        "admin:applications_textblock_change",
        "admin:ikz_legalpage_change",
        "admin:municipalities_municipality_change",
    ],
    "H": [
        "admin:applications_budget_change",
        "admin:applications_commitmentauthorisation_change",
        "admin:applications_paymentorder_leave_out",
    ],
    "SB": [
        "admin:applications_filenote_add",
        "admin:applications_filenote_change",
    ],
    "L": [
        "portal:agreement",
        "portal:common_data",
        "portal:draft_basics",
        "portal:draft_details",
        "portal:draft_expenditure",
        "portal:draft_partners",
        "portal:end_access",
        "portal:expenditure_after",
        "portal:invite_again",
        "portal:take_back",
        "portal:usage_report",
        "portal:withdraw",
    ],
    # Each for the own municipality.
    "LF": [
        "portal:invite",
    ],
    "A": [
        "portal:opinion",
    ],
    "P": [
        "portal:correction",
        "portal:expenditure",
        "portal:other_documents",
        "portal:resolution",
    ],
}

# address → what a person types into fields that the page leaves empty, where nothing can be written without.
TYPED = {
    "admin:applications_opinion_add": {"authority": "landrat", "name": "Landrat"},
    "admin:applications_usagereport_add": {
        "submitted_on": "2026-11-20",
        "spent": "70000",
        "personnel_after": "100000",
        "material_after": "50000",
    },
    "portal:resolution": {"resolved_on": "2026-11-20"},
}
