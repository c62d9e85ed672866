"""The steps that move an application, in the order of their buttons. Called by workflow.take() alone."""

from datetime import datetime, time

import django_fsm as fsm
from django.db.models import F
from django.utils import timezone

from applications import grant_rules, grant_terms, rules
from applications.letter_forms import ASK_FOR_ONE, NO_LINE, ApprovalForm, RefusalForm, WithdrawalForm
from applications.letter_kinds import Intention
from applications.models.answers import require, require_amount, require_hearing
from applications.models.budget import Budget
from applications.models.programme import Programme, Variant
from applications.models.stamps import STAMPS
from applications.permissions import (
    PROCESS,
    TAKE_OVER,
    may_decide,
    may_hand_in,
    may_pay,
    may_undo,
    may_withdraw,
    needs,
)
from applications.states import ENDED_WITHOUT_GRANT, MAIN_LINE, UNDECIDED, State
from applications.step_forms import PaymentForm, ReasonForm, TakeOverForm
from applications.workflow import AnswerRefused, step
from ikz import clock
from ikz.german import day, euros

NOON = time(12)  # a day known without its hour


def _previous_state(application, **answers):
    """Where a step back leads: one step down the main line; from a side exit, to where the case left."""
    if application.state in MAIN_LINE:
        return MAIN_LINE[MAIN_LINE.index(application.state) - 1]
    # A letter is in the history, too, and moves nothing.
    moves = application.history.filter(target=application.state).exclude(source=F("target"))
    return moves.order_by("-sequence").first().source


class CaseSteps:
    """A mixin for Application: each step sets its own fields and creates its own related rows."""

    @step(
        "Antrag einreichen",
        source=State.DRAFTED,
        target=State.DRAFTED,
        may=may_hand_in,
        rules=rules.HAND_IN,
        tone="rare",
    )
    def hand_in(self, *, by):
        """The lead hands its draft over to the ministry; the day decides the version of the programme."""
        self.received_on = clock.today()
        variant = Variant.objects.of_version_on(self.received_on, self.variant)
        if variant is None:
            raise AnswerRefused("variant", self._why_no_variant(self.received_on))
        self.variant = variant
        self._stamp("handed_in", by)

    def _why_no_variant(self, today):
        """To the lead: what it waits for, or what it can choose instead."""
        if in_force := Programme.objects.in_force_on(today).first():
            return (
                f"Die Rahmenvereinbarung, die heute gilt („{in_force}“), kennt die Variante {self.variant.label} nicht. Bitte "
                f"wählen Sie auf der Seite „Vorhaben“ eine andere. Ihr Entwurf bleibt gespeichert."
            )
        return f"{Programme.objects.why_nobody_applies_on(today)} Ihr Entwurf bleibt gespeichert."

    @step(
        "Beschlüsse vollständig",
        source=State.DRAFTED,
        target=State.RESOLUTIONS_COLLECTED,
        may=needs(PROCESS),
        rules=rules.RESOLUTIONS,
        tone="main",
    )
    def collect_resolutions(self, *, by):
        pass

    @step(
        "Vereinbarung vollständig",
        source=State.RESOLUTIONS_COLLECTED,
        target=State.AGREEMENT_SIGNED,
        may=needs(PROCESS),
        rules=rules.AGREEMENT,
        tone="main",
    )
    def sign_agreement(self, *, by):
        pass

    @step(
        "Prüfung abschließen",
        source=State.AGREEMENT_SIGNED,
        target=State.CHECKED,
        may=needs(PROCESS),
        rules=rules.CHECK,
        tone="main",
    )
    def check_application(self, *, by):
        self._stamp("checked", by)

    @step(
        "Bewilligen",
        source=State.CHECKED,
        target=State.APPROVED,
        may=may_decide,
        rules=rules.APPROVAL,
        form=ApprovalForm,
        tone="main",
    )
    def approve(self, *, by, amount, year, title=None, reason="", **terms):
        """`terms` are what the grant says beside its amount (grant_terms)."""
        require_amount(amount)
        if complaint := grant_terms.complaint(today=clock.today(), **terms):
            raise AnswerRefused(*complaint)
        proposed = self.proposal.total if self.proposal else None
        if amount != proposed and not reason.strip():
            raise AnswerRefused(
                "reason", "Bitte begründen Sie, warum Sie einen anderen Betrag als den Vorschlag festsetzen."
            )
        budget = self._budget_with_room_for(amount, year, title)
        self._stamp("approved", by)
        self.decisions.create(
            budget=budget,
            amount=amount,
            proposed_amount=proposed,
            reason=reason.strip(),
            decided_by=by,
            decided_at=self.approved_at,
            **terms,
        )

    def _budget_with_room_for(self, amount, year, title):
        """The line of the budget, its row locked until the decision is written.

        A title is only needed beside others; None says nothing about it, while "" is that of the line without one.
        """
        lines = Budget.objects.filter(year=year, **({} if title is None else {"title": title})).held()
        if not lines:
            raise AnswerRefused("budget", f"{NO_LINE.format(year=year)} {ASK_FOR_ONE}")
        if len(lines) > 1:
            raise AnswerRefused("budget", f"Für {year} gibt es mehrere Haushaltsstellen. Bitte wählen Sie eine aus.")
        if refusal := lines[0].why_not(amount, clock.today().year):
            raise AnswerRefused("amount", refusal)
        return lines[0]

    @step(
        "Auszahlen",
        source=State.APPROVED,
        target=State.PAID,
        may=may_pay,
        rules=grant_rules.PAYMENT,
        form=PaymentForm,
        tone="main",
    )
    def pay(self, *, by, final_on, payment_order=None):
        """Only a final notice is paid; the objection period is checked where the notice is known.

        A case that stands in a list is paid by its release alone, which names the list (`payment_order`, its key).
        """
        if final_on is None or final_on > clock.today():
            raise AnswerRefused(
                "final_on", "Der Bescheid ist noch nicht bestandskräftig. Bitte zahlen Sie erst danach aus."
            )
        if self.final_on and final_on < self.final_on:
            raise AnswerRefused(
                "final_on", f"Nach den Fristangaben wird der Bescheid erst am {day(self.final_on)} bestandskräftig."
            )
        if final_on < timezone.localdate(self.approved_at):
            raise AnswerRefused("final_on", "Die Bestandskraft kann nicht vor der Bewilligung eingetreten sein.")
        self._require_list(payment_order)
        self._stamp("paid", by)

    def _require_list(self, payment_order):
        listed = list(self.payments.standing())
        if any(each.order_id != payment_order for each in listed):
            raise AnswerRefused(
                "final_on",
                f"Der Fall steht in der Zahlungsliste {listed[0].order_id}. Bitte geben Sie die Liste frei, oder nehmen Sie "
                "den Fall aus ihr heraus.",
            )
        if payment_order and (total := sum(each.amount for each in listed)) != self.decision.standing:
            raise AnswerRefused(
                "final_on",
                f"In der Zahlungsliste stehen {euros(total)}, bewilligt sind jetzt {euros(self.decision.standing)}.",
            )

    @step(
        "Abschließen",
        source=State.PAID,
        target=State.COMPLETED,
        may=needs(PROCESS),
        rules=grant_rules.COMPLETION,
        form=ReasonForm,
        tone="main",
    )
    def complete(self, *, by, reason):
        require(reason, "Bitte halten Sie das Ergebnis der Verwendungsprüfung fest.")
        self._stamp("completed", by)

    @step(
        "Schritt zurücknehmen",
        source=[*MAIN_LINE[1:], *ENDED_WITHOUT_GRANT],
        target=fsm.GET_STATE(_previous_state, states=UNDECIDED),
        may=may_undo,
        form=ReasonForm,
    )
    def undo(self, *, by, reason):
        require(reason, "Bitte begründen Sie, warum der Schritt zurückgenommen wird.")
        if self.taken_over_at:
            raise AnswerRefused("reason", "Ein übernommener Altfall kann nicht zurückgenommen, nur widerrufen werden.")
        if listed := self.payments.standing().first():
            raise AnswerRefused("reason", listed.why_not_undone)
        if self.decision:
            if self.decision.revoked_amount:
                raise AnswerRefused("reason", "Eine teilweise widerrufene Bewilligung lässt sich nicht zurücknehmen.")
            self.decision.annul(by=by, reason=reason)
        if self.date_facts_or_none:
            self.date_facts.delete()  # they tell of the decision that is taken back
        kept = {"checked"} if _previous_state(self) == State.CHECKED else set()
        for name in STAMPS.keys() - kept:
            self._clear(name)

    @step("Ablehnen", source=UNDECIDED, target=State.REJECTED, may=may_decide, form=RefusalForm, tone="serious")
    def reject(self, *, by, reason, no_hearing_reason="", legal_basis=grant_terms.LEGAL_BASIS):
        require(reason, "Bitte begründen Sie die Ablehnung.")
        require_hearing(self, Intention.REFUSE, no_hearing_reason)
        self._stamp("rejected", by)

    @step(
        "Antrag zurückziehen",
        source=UNDECIDED,
        target=State.WITHDRAWN,
        may=may_withdraw,
        form=WithdrawalForm,
        tone="serious",
    )
    def withdraw(self, *, by, reason):
        require(reason, "Bitte halten Sie fest, wer den Antrag wann zurückgezogen hat.")
        self._stamp("withdrawn", by)

    @step(
        "Altfall übernehmen",
        source=State.DRAFTED,
        target=State.APPROVED,
        may=needs(TAKE_OVER),
        form=TakeOverForm,
        tone="rare",
    )
    def take_over(self, *, by, amount, decided_on, reason):
        """A case that was decided before this procedure: no budget is touched, and the history says where it comes from."""
        require(reason, "Bitte nennen Sie die Quelle des Altfalls.")
        require_amount(amount)
        if decided_on >= timezone.localdate(self.state_since):
            raise AnswerRefused("decided_on", "Ein Altfall wurde entschieden, bevor er hier angelegt wurde.")
        proposed = self.proposal.total if self.proposal else None
        self._stamp("taken_over", by)
        self._stamp("approved", by)
        self.decisions.create(
            amount=amount,
            proposed_amount=proposed,
            reason=reason.strip() if amount != proposed else "",  # the history keeps the source in any case
            decided_by=by,
            decided_at=timezone.make_aware(datetime.combine(decided_on, NOON)),
        )

    def _stamp(self, name, by):
        setattr(self, f"{name}_by", by)
        setattr(self, f"{name}_at", clock.now())

    def _clear(self, name):
        setattr(self, f"{name}_by", None)
        setattr(self, f"{name}_at", None)
