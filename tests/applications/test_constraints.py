"""What must never be false is refused by the database itself: each constraint, violated past all forms and steps."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from applications.models import (
    Agreement,
    Application,
    BaseRate,
    Budget,
    CorrectionItem,
    CorrectionRequest,
    DailyRun,
    Decision,
    DeliveryRule,
    DocumentView,
    Invitation,
    Judgement,
    Message,
    Office,
    OfficeMember,
    Opinion,
    Participant,
    Programme,
    Resolution,
    Signature,
    StoredFile,
    Variant,
)
from applications.models.stamps import STAMPS
from applications.states import State
from tests.applications.disposal_violations import DISPOSAL_VIOLATIONS
from tests.applications.letter_violations import LETTER_VIOLATIONS
from tests.applications.payment_violations import PAYMENT_VIOLATIONS
from tests.budget_factories import authorisation, transfer
from tests.date_factories import BaseRateFactory, DeliveryRuleFactory
from tests.factories import BudgetFactory, CorrectionRequestFactory, clerk
from tests.municipal_people import InvitationFactory, MessageFactory, OfficeMemberFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 1, tzinfo=UTC)


def _again(model):
    """The same row once more."""

    def insert(case):
        row = model.objects.first()
        row.pk, row._state.adding = None, True
        models.Model.save(row, force_insert=True)

    return insert


def _set(model, **fields):
    return lambda case: model.objects.filter(pk=model.objects.order_by("pk").first().pk).update(**fields)


def _looked_somehow(case):
    DocumentView.objects.create(file=StoredFile.objects.first(), by=case.clerk, way="Gerücht")


def _accepted_and_revoked(case):
    by = clerk()
    Invitation.objects.update(accepted_by=by, accepted_at=NOW, revoked_by=by, revoked_at=NOW)


def _run_that_ended_before(case):
    DailyRun.objects.create(day=date(2026, 10, 2), started_at=NOW, finished_at=NOW - timedelta(minutes=1))


def _invited_again(case):
    """The same person, invited by another link while the first still counts."""
    invitation = Invitation.objects.first()
    invitation.pk, invitation.token_hash, invitation._state.adding = None, "another", True
    models.Model.save(invitation, force_insert=True)


def _invited_again_for_the_office(case):
    Invitation.objects.update(municipality=None, office=Office.objects.first())
    _invited_again(case)


def _entry_again(case):
    entry = case.history.first()
    entry.pk, entry._state.adding = None, True
    entry.save(force_insert=True)


def _own_predecessor(case):
    Application.objects.filter(pk=case.pk).update(earlier_case=case.pk)


def _checked_without_a_check(case):
    """Granted, but neither checked nor taken over."""
    Application.objects.filter(pk=case.pk).update(checked_by=None, checked_at=None)


def _same_person(one, other):
    def change(case):
        row = Application.objects.filter(pk=case.pk)
        row.update(**{f"{one}_by": getattr(case, f"{other}_by")})

    return change


def _transfer_of_nothing(case):
    transfer(amount=0)


def _transfer_within_a_line(case):
    transfer(target=BudgetFactory(title="Rücklage"))


def _authorisation_below_nothing(case):
    authorisation(amount=-1)


def _authorisation_again(case):
    authorisation()
    authorisation()


def _unknown_state(case):
    Application.objects.filter(pk=case.pk).update(**{"state": "lost"})


# constraint: (state of the case at hand, what violates it)
VIOLATIONS = (
    {
        "agreement_term_in_order": ("drafted", _set(Agreement, ends_on=date(2026, 12, 31))),
        "agreement_unlimited_or_ends": ("drafted", _set(Agreement, is_unlimited=True)),
        "application_approved_not_checked": ("approved", _same_person("approved", "checked")),
        "application_grant_was_checked": ("approved", _checked_without_a_check),
        "application_handed_in_before_it_moves": (
            "resolutions_collected",
            _set(Application, handed_in_by=None, handed_in_at=None),
        ),
        "application_handed_in_by_and_at": ("drafted", _set(Application, handed_in_by=None)),
        "application_not_its_own_predecessor": ("drafted", _own_predecessor),
        "application_paid_not_approved": ("paid", _same_person("paid", "approved")),
        "application_state_is_known": ("drafted", _unknown_state),
        "base_rate_plausible": ("drafted", _set(BaseRate, percent=Decimal("25.01"))),
        "budget_once_per_year_and_title": ("approved", _again(Budget)),
        "budget_transfer_between_two_lines": ("drafted", _transfer_within_a_line),
        "budget_transfer_moves_something": ("drafted", _transfer_of_nothing),
        "commitment_authorisation_not_negative": ("drafted", _authorisation_below_nothing),
        "commitment_authorisation_once": ("drafted", _authorisation_again),
        "budget_not_negative": ("approved", _set(Budget, allocated=Decimal("-0.01"))),
        "correction_item_field_of_common_data": ("drafted", _set(CorrectionItem, field="title")),
        "correction_item_settled_by_and_at": ("drafted", _set(CorrectionItem, state="accepted")),
        "correction_item_submitted_by_and_at": (
            "drafted",
            _set(CorrectionItem, submitted_at=NOW),
        ),
        "correction_item_submitted_has_a_time": ("drafted", _set(CorrectionItem, state="submitted")),
        "correction_closed_by_and_at": ("drafted", _set(CorrectionRequest, closed_at=NOW)),
        "daily_run_ends_after_it_began": ("drafted", _run_that_ended_before),
        "decision_amount_positive": ("approved", _set(Decision, amount=Decimal(0), reason="x")),
        "decision_annulled_by_and_at": ("approved", _set(Decision, annulled_reason="x")),
        "decision_period_in_order": ("approved", _set(Decision, starts_on=date(2027, 1, 1))),
        "decision_report_after_the_start": (
            "approved",
            _set(Decision, starts_on=date(2027, 1, 1), ends_on=date(2031, 12, 31), report_due_on=date(2026, 12, 31)),
        ),
        "decision_revokes_no_more_than_it_grants": ("approved", _set(Decision, released_amount=1)),
        "decision_deviation_has_a_reason": ("approved", _set(Decision, amount=Decimal("74999.99"))),
        "decision_one_binding_per_case": ("approved", _again(Decision)),
        "document_view_shown_or_downloaded": ("drafted", _looked_somehow),
        "delivery_rule_some_days": ("drafted", _set(DeliveryRule, days=0)),
        "entry_sequence_once_per_case": ("drafted", _entry_again),
        "judgement_has_a_reason": ("drafted", _set(Judgement, reason="")),
        "invitation_accepted_by_and_at": ("drafted", _set(Invitation, accepted_at=NOW)),
        "invitation_accepted_or_revoked": ("drafted", _accepted_and_revoked),
        "invitation_for_one_body": ("drafted", _set(Invitation, municipality=None)),
        "invitation_one_open_for_municipality": ("drafted", _invited_again),
        "invitation_one_open_for_office": ("drafted", _invited_again_for_the_office),
        "invitation_revoked_by_and_at": ("drafted", _set(Invitation, revoked_at=NOW)),
        "message_once_per_person_and_event": ("drafted", _again(Message)),
        "office_member_ended_by_and_at": ("drafted", _set(OfficeMember, ended_at=NOW)),
        "office_member_one_open_per_person": ("drafted", _again(OfficeMember)),
        "office_member_validity_in_order": ("drafted", _set(OfficeMember, valid_to=date(2020, 12, 31))),
        "office_once_by_name": ("drafted", _again(Office)),
        "opinion_once_per_authority": ("drafted", _again(Opinion)),
        "opinion_received_says_what": ("drafted", _set(Opinion, recommendation="")),
        "participant_left_on_and_why": ("drafted", _set(Participant, left_on=date(2026, 9, 1))),
        "participant_once_per_cooperation": ("drafted", _again(Participant)),
        "programme_one_start": ("drafted", _again(Programme)),
        "programme_validity_in_order": ("drafted", _set(Programme, valid_to=date(2021, 12, 6))),
        "resolution_positive_has_majority": ("drafted", _set(Resolution, votes_for=7, votes_against=7)),
        "signature_once_per_participant": ("drafted", _again(Signature)),
        "stored_file_scan_requested_by_and_at": ("drafted", _set(StoredFile, scan_requested_at=timezone.now())),
        "stored_file_verdict_has_a_time": ("drafted", _set(StoredFile, scanned_at=None)),
        "variant_once_per_programme": ("drafted", _again(Variant)),
        "variant_saving_has_basis": ("drafted", _set(Variant, min_saving_percent=None)),
    }
    | LETTER_VIOLATIONS
    | PAYMENT_VIOLATIONS
    | DISPOSAL_VIOLATIONS
)


def our_constraints():
    return [each for model in apps.get_app_config("applications").get_models() for each in model._meta.constraints]


@pytest.mark.parametrize(
    ("ground", "violate", "name"),
    [(state, violate, name) for name, (state, violate) in VIOLATIONS.items()],
    indirect=["ground"],
    scope="module",
    ids=VIOLATIONS,
)
def test_database_refuses(case, violate, name):
    CorrectionRequestFactory(application=case).items.create(text="Datum")
    OfficeMemberFactory(office=Office.objects.first())
    MessageFactory(application=case)
    InvitationFactory()
    DeliveryRuleFactory()
    BaseRateFactory()

    # On SQLite our own trigger sees a second entry of the same number before the constraint does.
    with pytest.raises(IntegrityError, match=r"append-only|UNIQUE|" + name), transaction.atomic():
        violate(case)


def _stamp(name, *, by, at):
    return {f"{name}_by": clerk() if by else None, f"{name}_at": timezone.now() if at else None}


@pytest.mark.parametrize("name", STAMPS)
@pytest.mark.parametrize(("by", "at"), [(True, False), (False, True)])
@pytest.mark.parametrize("ground", ["drafted"], indirect=True)
def test_who_and_when_come_in_pairs(case, name, by, at):
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=case.pk).update(**_stamp(name, by=by, at=at))


# Stamps that each state must have (●) and may have (○); a stamp not named must not be there.
STAMPS_OF = {
    "drafted": "",
    "resolutions_collected": "",
    "agreement_signed": "",
    "checked": "●checked",
    "approved": "○checked ●approved ○taken_over",
    "rejected": "○checked ●rejected",
    "withdrawn": "○checked ●withdrawn",
    "paid": "○checked ●approved ●paid ○taken_over",
    "completed": "○checked ●approved ●paid ●completed ○taken_over",
    "revoked": "○checked ●approved ○paid ○completed ●revoked ○taken_over",
}


@pytest.mark.parametrize("ground", State.values, indirect=True)
def test_state_and_stamps_fit_together(case):
    state = case.state
    allowed = {each[1:]: each[0] for each in STAMPS_OF[state].split()}
    row = Application.objects.filter(pk=case.pk)
    held_by_another_rule = {"checked"} if "○taken_over" in STAMPS_OF[state] else set()

    verdicts = {}
    for name in STAMPS:
        without, having = (_accepts(row, _stamp(name, by=kept, at=kept)) for kept in (False, True))
        verdicts[name] = {(False, True): "●", (True, True): "○", (True, False): None}[without, having]

    expected = {name: allowed.get(name) for name in STAMPS}
    # A grant that nobody took over was checked: application_grant_was_checked.
    assert verdicts == expected | dict.fromkeys(held_by_another_rule, "●")


def _accepts(row, fields):
    """Whether the database takes it; in any case nothing stays changed."""
    try:
        with transaction.atomic():
            row.update(**fields)
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    return True


@pytest.mark.parametrize("ground", ["checked"], indirect=True)
def test_rejected_by_whoever_checked_is_refused_by_the_database(case):
    stamps = {"rejected_by": case.checked_by, "rejected_at": timezone.now()}

    with pytest.raises(IntegrityError, match="application_rejected_not_checked"), transaction.atomic():
        Application.objects.filter(pk=case.pk).update(**stamps, **{"state": "rejected"})


def test_every_constraint_is_tried_and_says_what_is_wrong():
    by_table = {f"application_{name}_{what}" for name in STAMPS for what in ("by_and_at", "fits_state")}
    tried = VIOLATIONS.keys() | by_table | {"application_rejected_not_checked"}

    assert {each.name for each in our_constraints()} == tried
    default = models.CheckConstraint.default_violation_error_message
    # The history is written by the one door alone; no form shows its constraint.
    silent = {each.name for each in our_constraints() if each.violation_error_message in (None, "", default)}
    assert silent == {"entry_sequence_once_per_case"}
