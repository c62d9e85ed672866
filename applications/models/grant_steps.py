"""The steps that change a grant after it was decided: a new amount, revocation in whole or in part, and its repayment.

Called by workflow.take() alone. Each but the last ends in a letter of its own (applications/steps_with_letters.py).
"""

from decimal import Decimal

from applications import interest, revocation_terms
from applications.letter_forms import AmendmentForm, PartRevocationForm, RevocationForm
from applications.letter_kinds import Intention
from applications.models.answers import require, require_amount, require_hearing
from applications.models.legal_figures import BaseRate
from applications.models.revocation import Revocation
from applications.permissions import may_decide, may_record_repayment
from applications.states import GRANTED, REVOCABLE, State
from applications.step_forms import RepaymentForm
from applications.workflow import AnswerRefused, step
from ikz import clock
from ikz.german import day, euros


class GrantSteps:
    """A mixin for Application."""

    @step("Betrag ändern", source=State.APPROVED, target=None, may=may_decide, form=AmendmentForm)
    def amend(self, *, by, amount, year, reason, title=None):
        """Another amount takes the place of the old one, before it is paid; the terms stay."""
        require(reason, "Bitte begründen Sie die Änderung.")
        require_amount(amount)
        old = self.decision
        if self.taken_over_at or old.revoked_amount:
            raise AnswerRefused(
                "amount", "Ein übernommener oder teilweise widerrufener Fall lässt sich so nicht ändern."
            )
        if amount == old.amount:
            raise AnswerRefused("amount", f"Bewilligt sind schon {euros(amount)}.")
        old.annul(by=by, reason=f"Geändert: {reason.strip()}")
        budget = self._budget_with_room_for(amount, year, title)
        self._stamp("approved", by)
        self.decisions.create(
            **old.terms(),
            budget=budget,
            amount=amount,
            reason=reason.strip(),
            decided_by=by,
            decided_at=self.approved_at,
        )
        if facts := self.date_facts_or_none:
            facts.forget_notice()  # the new notice has to become final, too

    @step(
        "Teilweise widerrufen",
        source=REVOCABLE,
        target=None,
        may=may_decide,
        form=PartRevocationForm,
        tone="serious",
    )
    def revoke_part(self, *, by, amount, **terms):
        require_amount(amount)
        if amount >= (standing := self.decision.standing):
            raise AnswerRefused(
                "amount", f"Ein Teil ist weniger als die {euros(standing)}, die noch gelten. Widerrufen Sie sonst ganz."
            )
        self._revoke(amount, by=by, **terms)

    @step("Widerrufen", source=REVOCABLE, target=State.REVOKED, may=may_decide, form=RevocationForm, tone="serious")
    def revoke(self, *, by, **terms):
        self._revoke(self.decision.standing, by=by, **terms)
        self._stamp("revoked", by)

    @step(
        "Erstattung festhalten",
        source=GRANTED,
        target=None,
        may=may_record_repayment,
        form=RepaymentForm,
        tone="rare",
    )
    def record_repayment(self, *, by, repaid_on, revocation):
        """The money of a revocation came back in full, with its interest."""
        owed = next((each for each in self.revocations_to_be_repaid if each.pk == revocation), None)
        if owed is None:
            raise AnswerRefused("revocation", "Diese Erstattung ist schon festgehalten. Bitte wählen Sie eine andere.")
        if not clock.day_of(owed.revoked_at) <= repaid_on <= clock.today():
            raise AnswerRefused(
                "repaid_on",
                f"Bitte nennen Sie einen Tag zwischen dem Bescheid vom {day(clock.day_of(owed.revoked_at))} und heute.",
            )
        owed.repaid_on, owed.repaid_by, owed.repaid_at = repaid_on, by, clock.now()
        owed.save()

    def _revoke(
        self, amount, *, by, reason, legal_basis=revocation_terms.BASES[0], no_hearing_reason="", known_on=None, **days
    ):
        require(reason, "Bitte begründen Sie den Widerruf (HVwVfG §§ 48, 49).")
        require_hearing(self, Intention.REVOKE, no_hearing_reason)
        known_on = self._grounds_known_on(known_on, revocation_terms.wording(legal_basis))
        comes_back = revocation_terms.brings_money_back(legal_basis, was_paid=self.was_paid)
        if self.was_paid and (complaint := self._complaint_of_days(comes_back, days)):
            raise AnswerRefused(*complaint)
        decision = self.decision
        revocation = Revocation(
            decision=decision,
            amount=amount,
            repayment=amount if comes_back else Decimal(0),
            reason=reason.strip(),
            legal_basis=legal_basis,
            known_on=known_on,
            revoked_by=by,
            revoked_at=clock.now(),
            **(days if comes_back else {}),
        )
        revocation.interest = _interest(revocation)
        revocation.save()
        decision.note_revocation(revocation, was_paid=self.was_paid)
        if facts := self.date_facts_or_none:
            facts.forget_grounds()  # they have been used; what comes up later has a year of its own

    def _complaint_of_days(self, comes_back, days):
        if not comes_back:
            return revocation_terms.needless(**days)
        return revocation_terms.complaint(today=clock.today(), paid_on=self.paid_on, **days)

    def _grounds_known_on(self, answer, wording):
        """The day on which the year began (HVwVfG § 48 Abs. 4, § 49 Abs. 2 Satz 2, Abs. 3 Satz 2): on file, or answered."""
        on_file = self.date_facts_or_none and self.date_facts.known_on
        known_on = answer or on_file
        if complaint := revocation_terms.complaint_of_grounds(known_on, on_file, clock.today(), wording):
            raise AnswerRefused("known_on", complaint)
        return known_on


def _interest(revocation) -> Decimal:
    try:
        return interest.total(revocation_terms.interest_lines(revocation, BaseRate.objects.all()))
    except interest.NoBaseRate as missing:
        raise AnswerRefused("interest_until", str(missing)) from missing
