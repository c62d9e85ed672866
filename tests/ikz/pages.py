"""The pages of the admin, each with what it needs to show something, for every test that walks over all pages."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from applications import corrections, notices
from applications.letter_kinds import LetterKind
from applications.models import (
    Application,
    BankAccount,
    Budget,
    DateFacts,
    Invitation,
    Letterhead,
    OfficeMember,
    PaymentOrder,
    TextBlock,
    UsageReport,
)
from ikz.models import LegalPage, User
from municipalities.models import Kind, Municipality
from tests.date_factories import BaseRateFactory, DateFactsFactory, DeliveryRuleFactory
from tests.disposal_factories import DeletionFactory, answered_case, ended_long_ago
from tests.factories import (
    ApplicationFactory,
    BudgetFactory,
    CooperationFactory,
    CorrectionRequestFactory,
    FileNoteFactory,
    MunicipalityFactory,
    OpinionFactory,
    ResolutionFactory,
    case_in,
)
from tests.municipal_people import InvitationFactory, MembershipFactory, MessageFactory, OfficeMemberFactory
from tests.payment_factories import order_of, payable_case, paying_account
from tests.report_factories import UsageReportFactory
from tests.stationery import HearingFactory, stationery

PASSWORD = "correct horse battery"


def _of_case(name, *more):
    return lambda office: reverse(f"admin:applications_application_{name}", args=[office.case.pk, *more])


def _record(name, record):
    return lambda office: reverse(f"admin:applications_{name}_change", args=[record(office).pk])


def _new_record(name, parent):
    return lambda office: reverse(f"admin:applications_{name}_add") + f"?parent={parent(office).pk}"


def _plain(name):
    return lambda office: reverse(f"admin:{name}")


# name in the test report → its address in a furnished office
def _act(office, name):
    letter = office.case.notices.get(kind="receipt")
    return reverse("admin:applications_notice_act", args=[letter.pk, name])


PAGES = {
    "index": _plain("index"),
    "app index": lambda office: reverse("admin:app_list", args=["municipalities"]),
    "account list": _plain("ikz_user_changelist"),
    "account add": _plain("ikz_user_add"),
    "account change": lambda office: reverse("admin:ikz_user_change", args=[office.account.pk]),
    "account history": lambda office: reverse("admin:ikz_user_history", args=[office.account.pk]),
    "account password": lambda office: reverse("admin:auth_user_password_change", args=[office.account.pk]),
    "municipality list": _plain("municipalities_municipality_changelist"),
    "municipality add": _plain("municipalities_municipality_add"),
    "municipality change": lambda o: reverse("admin:municipalities_municipality_change", args=[o.municipality.pk]),
    "municipality history": lambda o: reverse("admin:municipalities_municipality_history", args=[o.municipality.pk]),
    "case list": _plain("applications_application_changelist"),
    "case add": _plain("applications_application_add"),
    "case": _of_case("change"),
    "case facts": _of_case("edit"),
    "case timeline": _of_case("timeline"),
    "case step": _of_case("take", "withdraw"),
    "case step not ready": _of_case("take", "collect_resolutions"),
    "case judgement": _of_case("judge", "substantial_part_of_task"),
    "cooperation": _record("cooperation", lambda office: office.case.cooperation),
    "departure": _record("participant", lambda office: office.case.participants[1]),
    "resolution": _record("resolution", lambda office: office.case.participants[0].resolution),
    "new resolution": _new_record("resolution", lambda office: office.case.participants[1]),
    "new agreement": _new_record("agreement", lambda office: office.case.cooperation),
    "opinion": _record("opinion", lambda office: office.case.opinions.get()),
    "correction request": _record("correctionrequest", lambda office: office.case.correctionrequests.get()),
    "review of a correction": lambda office: reverse(
        "admin:applications_application_review_correction",
        args=[office.case.pk, office.case.correctionrequests.get().items.first().pk],
    ),
    "new correction request": _new_record("correctionrequest", lambda office: office.case),
    "new note": _new_record("filenote", lambda office: office.case),
    "decided case": lambda office: reverse(
        "admin:applications_application_change", args=[DateFacts.objects.get(application__state="paid").application_id]
    ),
    "facts of dates": _record("datefacts", lambda office: DateFacts.objects.get(application__state="paid")),
    "case to be offered": lambda o: reverse(
        "admin:applications_application_change", args=[ended_long_ago("rejected").pk]
    ),
    "archive answer add": _new_record("archiveanswer", lambda o: ended_long_ago("rejected")),
    "archive answer": _record("archiveanswer", lambda o: answered_case("rejected").archive_answer),
    "deletion of a file": lambda o: reverse(
        "admin:applications_deletion_delete_file", args=[answered_case("rejected").pk]
    ),
    "deletion list": lambda o: DeletionFactory() and reverse("admin:applications_deletion_changelist"),
    "deletion": _record("deletion", lambda o: DeletionFactory()),
    "delivery rule list": _plain("applications_deliveryrule_changelist"),
    "delivery rule add": _plain("applications_deliveryrule_add"),
    "base rate list": _plain("applications_baserate_changelist"),
    "base rate add": _plain("applications_baserate_add"),
    "programme list": _plain("applications_programme_changelist"),
    "programme": _record("programme", lambda office: office.case.variant.programme),
    "variant list": _plain("applications_variant_changelist"),
    "variant": _record("variant", lambda office: office.case.variant),
    "task field list": _plain("applications_taskfield_changelist"),
    "budget list": _plain("applications_budget_changelist"),
    "budget": lambda office: reverse("admin:applications_budget_change", args=[Budget.objects.get().pk]),
    "what if": _plain("applications_budget_what_if"),
    "transfer list": _plain("applications_budgettransfer_changelist"),
    "transfer add": _plain("applications_budgettransfer_add"),
    "authorisation list": _plain("applications_commitmentauthorisation_changelist"),
    "authorisation add": _plain("applications_commitmentauthorisation_add"),
    "payment list": _plain("applications_paymentorder_changelist"),
    "choice of payments": _plain("applications_paymentorder_add"),
    "payment order": lambda office: reverse(
        "admin:applications_paymentorder_change", args=[PaymentOrder.objects.get().pk]
    ),
    "bank account list": _plain("applications_bankaccount_changelist"),
    "bank account add": _plain("applications_bankaccount_add"),
    "bank account": lambda office: reverse(
        "admin:applications_bankaccount_change", args=[BankAccount.objects.first().pk]
    ),
    "paying account list": _plain("applications_payingaccount_changelist"),
    "paying account add": _plain("applications_payingaccount_add"),
    "decision list": _plain("applications_decision_changelist"),
    "entry list": _plain("applications_entry_changelist"),
    "letterhead list": _plain("applications_letterhead_changelist"),
    "letterhead": lambda office: reverse("admin:applications_letterhead_change", args=[Letterhead.objects.get().pk]),
    "text block list": _plain("applications_textblock_changelist"),
    "text block": lambda office: reverse("admin:applications_textblock_change", args=[TextBlock.objects.first().pk]),
    "text block add": _plain("applications_textblock_add"),
    "letter list": _plain("applications_notice_changelist"),
    "letter": _record("notice", lambda office: office.case.notices.get(kind="receipt")),
    "dispatch of a letter": lambda o: _act(o, "versand"),
    "correction of a letter": lambda o: _act(o, "berichtigung"),
    "hearing": _record("hearing", lambda office: office.case.hearings.get()),
    "usage report": lambda o: reverse("admin:applications_usagereport_change", args=[UsageReport.objects.get().pk]),
    "usage report add": lambda o: f"{reverse('admin:applications_usagereport_add')}?parent={o.case.pk}",
    "revocation": lambda o: reverse(
        "admin:applications_application_take", args=[UsageReport.objects.get().application_id, "revoke_part"]
    ),
    "letter by hand": _of_case("letter", "reminder"),
    "hearing add": lambda o: f"{reverse('admin:applications_hearing_add')}?parent={o.case.pk}",
    "refusal": lambda o: reverse("admin:applications_application_take", args=[o.case.pk, "reject"]),
    "document list": _plain("applications_storedfile_changelist"),
    "document": _record("storedfile", lambda office: office.case.participants[0].resolution.file),
    "message list": _plain("applications_message_changelist"),
    "message": _record("message", lambda office: office.case.messages.first()),
    "membership list": _plain("municipalities_membership_changelist"),
    "membership": lambda o: reverse(
        "admin:municipalities_membership_change", args=[o.municipality.memberships.get().pk]
    ),
    "office list": _plain("applications_office_changelist"),
    "office add": _plain("applications_office_add"),
    "office member list": _plain("applications_officemember_changelist"),
    "office member": _record("officemember", lambda office: OfficeMember.objects.get()),
    "invitation list": _plain("applications_invitation_changelist"),
    "invitation add": _plain("applications_invitation_add"),
    "invitation": _record("invitation", lambda office: Invitation.objects.get()),
    "legal page list": _plain("ikz_legalpage_changelist"),
    "legal page": lambda office: reverse(
        "admin:ikz_legalpage_change", args=[LegalPage.objects.get(key="impressum").pk]
    ),
}

# What else the staff may open, by the name of the address; tests/route_examples.py knows an example of each.
OTHER_PAGES = [
    "admin:applications_agreement_change",
    "admin:applications_agreement_changelist",
    "admin:applications_application_close_correction",
    "admin:applications_application_export",
    "admin:applications_application_propose_opinions",
    "admin:applications_archiveanswer_changelist",
    "admin:applications_baserate_change",
    "admin:applications_budget_add",
    "admin:applications_budgettransfer_change",
    "admin:applications_commitmentauthorisation_change",
    "admin:applications_cooperation_changelist",
    "admin:applications_correctionrequest_changelist",
    "admin:applications_datefacts_add",
    "admin:applications_datefacts_changelist",
    "admin:applications_decision_change",
    "admin:applications_deliveryrule_change",
    "admin:applications_entry_change",
    "admin:applications_filenote_change",
    "admin:applications_filenote_changelist",
    "admin:applications_hearing_changelist",
    "admin:applications_letterhead_add",
    "admin:applications_office_change",
    "admin:applications_opinion_add",
    "admin:applications_opinion_changelist",
    "admin:applications_opinion_delete",
    "admin:applications_participant_changelist",
    "admin:applications_payingaccount_change",
    "admin:applications_programme_add",
    "admin:applications_resolution_changelist",
    "admin:applications_taskfield_add",
    "admin:applications_taskfield_change",
    "admin:applications_usagereport_changelist",
    "admin:applications_variant_add",
    "admin:municipalities_municipality_about",
    "admin:municipalities_municipality_export",
    "admin:municipalities_municipality_import",
    "admin:municipalities_registerimport_change",
    "admin:municipalities_registerimport_changelist",
    "admin:password_change",
    "admin:password_change_done",
]


@dataclass
class Office:
    """Two accounts, a few municipalities, and a case that has a bit of everything."""

    admin: User
    account: User
    municipality: Municipality
    case: Application

    def url(self, page: str) -> str:
        return PAGES[page](self)

    def read_anew(self):
        """For one of several tests that stand on it (tests/ground.py): what it changes, the next does not see."""
        return Office(*[type(each)._base_manager.get(pk=each.pk) for each in vars(self).values()])


def furnish() -> Office:
    account = User.objects.create_user("a.arndt@example.org", PASSWORD, first_name="Anna", last_name="Arndt")
    account.groups.add(Group.objects.get_or_create(name="Sachbearbeitung")[0])
    kreis = Municipality.objects.create(ags="06431", name="Bergstraße", kind=Kind.DISTRICT)
    municipality = Municipality.objects.create(
        ags="06431002", name="Bensheim", kind=Kind.TOWN, district=kreis, population=41_500
    )
    darmstadt = Municipality.objects.create(
        ags="06411000", name="Darmstadt", kind=Kind.INDEPENDENT_CITY, population=165_482
    )
    admin = User.objects.create_superuser("leitung@example.org", PASSWORD, first_name="Britta", last_name="Berg")
    cooperation = CooperationFactory(title="Gemeinsame Vergabestelle", participants=[municipality, darmstadt])
    case = ApplicationFactory(cooperation=cooperation, by=account)
    ResolutionFactory(participant=case.participants[0])
    OpinionFactory(application=case, received_on=None, recommendation="")
    item = CorrectionRequestFactory(application=case, requested_by=account).items.create(text="Datum nachtragen")
    corrections.submit(item, by=account, answer="Das Datum steht auf Seite 2.")
    FileNoteFactory(application=case, by=account)
    MessageFactory(application=case, recipient=admin)
    BudgetFactory()
    DeliveryRuleFactory()
    BaseRateFactory()
    today = timezone.localdate()
    paid = case_in("paid", by=account, cooperation__participants=[case.lead, *MunicipalityFactory.create_batch(2)])
    DateFactsFactory(application=paid, posted_on=today, report_on=today - timedelta(days=7))
    UsageReportFactory(application=paid)
    paying_account()
    order_of(payable_case(by=account))
    MembershipFactory(municipality=municipality)
    OfficeMemberFactory()
    InvitationFactory(municipality=municipality, invited_by=account)
    stationery()
    notices.issue(case, LetterKind.RECEIPT, by=account, recipient=["Magistrat der Stadt Bensheim", "64625 Bensheim"])
    HearingFactory(application=case, by=account)
    return Office(admin=admin, account=account, municipality=municipality, case=case)
