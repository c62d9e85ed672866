from applications.models.application import Application
from applications.models.bank_account import BankAccount, PayingAccount
from applications.models.budget import Budget, BudgetTransfer, CommitmentAuthorisation
from applications.models.case_number import CaseNumber
from applications.models.cooperation import Agreement, Cooperation, Participant, Resolution, Signature
from applications.models.correction import CorrectionItem, CorrectionRequest
from applications.models.correspondence import FileNote, Judgement, Opinion
from applications.models.daily_run import DailyRun
from applications.models.date_facts import DateFacts
from applications.models.decision import Decision
from applications.models.disposal import ArchiveAnswer, Deletion
from applications.models.document_view import DocumentView
from applications.models.hearing import Hearing
from applications.models.history import Entry, FieldChange
from applications.models.invitation import Invitation, InvitationMail
from applications.models.legal_figures import BaseRate, DeliveryRule
from applications.models.letterhead import Letterhead, TextBlock, TextBlockVersion
from applications.models.message import Message
from applications.models.notice import Notice
from applications.models.office import Office, OfficeMember
from applications.models.payment import Payment, PaymentOrder
from applications.models.programme import Programme, TaskField, Variant
from applications.models.revocation import Revocation
from applications.models.stored_file import StoredFile
from applications.models.usage_report import UsageReport

__all__ = [
    "Agreement",
    "Application",
    "ArchiveAnswer",
    "BankAccount",
    "BaseRate",
    "Budget",
    "BudgetTransfer",
    "CaseNumber",
    "CommitmentAuthorisation",
    "Cooperation",
    "CorrectionItem",
    "CorrectionRequest",
    "DailyRun",
    "DateFacts",
    "Decision",
    "Deletion",
    "DeliveryRule",
    "DocumentView",
    "Entry",
    "FieldChange",
    "FileNote",
    "Hearing",
    "Invitation",
    "InvitationMail",
    "Judgement",
    "Letterhead",
    "Message",
    "Notice",
    "Office",
    "OfficeMember",
    "Opinion",
    "Participant",
    "PayingAccount",
    "Payment",
    "PaymentOrder",
    "Programme",
    "Resolution",
    "Revocation",
    "Signature",
    "StoredFile",
    "TaskField",
    "TextBlock",
    "TextBlockVersion",
    "UsageReport",
    "Variant",
]
