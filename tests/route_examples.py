"""An example for every address: the keys of records that exist."""

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from applications.models import (
    BankAccount,
    BaseRate,
    DateFacts,
    DeliveryRule,
    Invitation,
    Letterhead,
    OfficeMember,
    PayingAccount,
    PaymentOrder,
    TextBlock,
    UsageReport,
)
from ikz.models import LegalPage, User
from municipalities.models import RegisterImport
from tests.budget_factories import authorisation, transfer
from tests.disposal_factories import DeletionFactory, answered_case, ended_long_ago
from tests.factories import (
    AgreementFactory,
    ApplicationFactory,
    CooperationFactory,
    OpinionFactory,
    StoredFileFactory,
    case_in,
    clerk,
)
from tests.ikz.pages import furnish
from tests.municipal_people import MessageFactory, draft_of


def examples():
    """address → the arguments of an example."""
    office = furnish()
    office_member = OfficeMember.objects.get()
    case, decided, paid = office.case, case_in("approved"), case_in("paid")
    item = case.correctionrequests.get().items.create(participant=case.participants[1], text="Haushaltsplan")
    case.correctionrequests.get().items.create(kind="common_data", text="Zweck genauer")
    answered = answered_case("rejected")
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
        "budgettransfer": transfer(),
        "commitmentauthorisation": authorisation(),
        "cooperation": case.cooperation,
        "correctionrequest": case.correctionrequests.get(),
        "decision": decided.decision,
        "entry": case.history.first(),
        "archiveanswer": answered.archive_answer,
        "to be offered": ended_long_ago("rejected"),
        "to be reported on": paid,
        "deletion": DeletionFactory(),
        "datefacts": DateFacts.objects.get(application__state="paid"),
        "deliveryrule": DeliveryRule.objects.get(),
        "baserate": BaseRate.objects.get(),
        "filenote": case.filenotes.get(),
        "letterhead": Letterhead.objects.get(),
        "hearing": case.hearings.get(),
        "usagereport": UsageReport.objects.get(),
        "notice": case.notices.get(kind="receipt"),
        "textblock": TextBlock.objects.first(),
        "bankaccount": BankAccount.objects.first(),
        "payingaccount": PayingAccount.objects.get(),
        "paymentorder": PaymentOrder.objects.get(),
        "opinion": case.opinions.get(),
        "participant": case.participants[0],
        "programme": case.variant.programme,
        "resolution": case.participants[0].resolution,
        "message": MessageFactory(application=case, recipient=clerk()),
        "storedfile": StoredFileFactory(application=case, participant=case.participants[1]),
        "taskfield": case.cooperation.task_field,
        "variant": case.variant,
        "municipality": office.municipality,
        "membership": office.municipality.memberships.get(),
        "office": office_member.office,
        "officemember": office_member,
        "invitation": Invitation.objects.get(),
        "legalpage": LegalPage.objects.get(key="impressum"),
        "user": office.account,
    }
    released = _released(office)
    payment = records["paymentorder"].payments.get()
    draft = draft_of(case.municipalities[:2], variant=case.variant)
    signed = ApplicationFactory(cooperation=CooperationFactory(participants=case.municipalities[:2]))
    AgreementFactory(cooperation=signed.cooperation)
    OpinionFactory(application=signed)
    return records, {
        "admin:applications_application_take": [case.pk, "withdraw"],
        "admin:applications_application_judge": [case.pk, "substantial_part_of_task"],
        "admin:applications_application_close_correction": [case.pk, records["correctionrequest"].pk],
        "admin:applications_deletion_delete_file": [answered.pk],
        "admin:applications_notice_act": [records["notice"].pk, "versand"],
        "admin:applications_paymentorder_leave_out": [payment.order_id, payment.application_id],
        "admin:applications_paymentorder_file": [released.pk, "xml"],
        "portal:bank_account": [case.uuid],
        "portal:case": [case.uuid],
        "portal:resolution": [case.uuid, case.participants[1].pk],
        "portal:expenditure": [case.uuid, case.participants[1].pk],
        "portal:other_documents": [case.uuid, case.participants[1].pk],
        "portal:agreement": [signed.uuid],
        "admin:applications_application_letter": [case.pk, "reminder"],
        "portal:usage_report": [records["usagereport"].application.uuid],
        "portal:expenditure_after": [case.uuid],
        "portal:opinion": [case.uuid, records["opinion"].pk],
        "portal:end_access": [records["membership"].pk],
        "portal:invite_again": [records["invitation"].pk],
        "portal:take_back": [records["invitation"].pk],
        "invitation": ["ein-token"],
        "account_reset_password_from_key": ["1", "key"],
        "portal:common_data": [case.uuid],
        "portal:correction": [case.uuid, item.pk],
        "admin:applications_application_review_correction": [case.pk, item.pk],
        "portal:handed_in": [case.uuid],
        "portal:withdraw": [draft.uuid],
        "portal:draft": [draft.uuid],
        "portal:draft_basics": [draft.uuid],
        "portal:draft_partners": [draft.uuid],
        "portal:draft_details": [draft.uuid],
        "portal:draft_expenditure": [draft.uuid],
        "portal:draft_template": [draft.uuid, "csv"],
        "portal:draft_hand_in": [draft.uuid],
        "admin:app_list": ["applications"],
        "admin:view_on_site": [ContentType.objects.get_for_model(User).pk, office.account.pk],
        "document": [records["storedfile"].uuid],
        "document_inline": [records["storedfile"].uuid],
        "admin:auth_user_password_change": [office.account.pk],
    }


def _released(office):
    """A list as it stands after its release, without what happened to its cases."""
    by, now = {"prepared_by": office.account, "released_by": office.admin}, timezone.now()
    return PaymentOrder.objects.create(
        **by, prepared_at=now, released_at=now, execute_on=now.date(), file="<Document/>"
    )


NEW_RECORDS_OF = {
    "resolution": lambda records: records["application"].participants[1],
    "agreement": lambda records: records["cooperation"],
    "hearing": lambda records: records["application"],
    "usagereport": lambda records: records["to be reported on"],
    "opinion": lambda records: records["application"],
    "correctionrequest": lambda records: records["application"],
    "filenote": lambda records: records["application"],
    "datefacts": lambda records: records["decision"].application,
    "archiveanswer": lambda records: records["to be offered"],
}
OF_ONE_RECORD = ("change", "delete", "history", "edit", "timeline", "copy", "opinions", "rescan", "resend", "release")


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
