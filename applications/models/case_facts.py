"""What the rules, the proposal and the turn ask of an application, read from its related rows.

Cached: one instance answers from what it loaded; the one door loads a fresh instance under lock.
"""

import hashlib

from django.conf import settings
from django.utils.functional import cached_property

from applications import case_dates, grants, letter_wordings, savings
from applications.letter_kinds import CALLED_FOR, DECIDING, GRANTING, OF_LETTERS, Intention, LetterKind
from applications.models.budget import Budget
from applications.models.legal_figures import DeliveryRule
from applications.models.letterhead import TextBlock
from applications.models.programme import Unit
from applications.rules import JUDGED
from applications.states import DECISIONS, ENDED, GRANTED, State
from applications.turns import Turn, turn
from applications.who_owes import who_has_to_answer
from ikz import clock


class CaseFacts:
    """A mixin for Application: reads, never writes."""

    @property
    def days_in_state(self):
        return (clock.today() - clock.day_of(self.state_since)).days

    @property
    def last_entry(self):
        return self.history.order_by("-sequence").first()

    @property
    def last_move(self):
        """The entry of the last step; what was done with a letter since is none."""
        return self.history.exclude(step__in=OF_LETTERS).order_by("-sequence").first()

    @property
    def title(self):
        return self.cooperation.title

    @property
    def lead(self):
        return self.cooperation.lead

    @cached_property
    def everybody(self):
        """All participants, also those who left."""
        return list(self.cooperation.participants.all())

    @cached_property
    def participants(self):
        """Those who count. ParticipantQuerySet.active() says the same in SQL."""
        return [each for each in self.everybody if each.left_on is None]

    @property
    def former_participants(self):
        return [each for each in self.everybody if each.left_on is not None]

    @property
    def municipalities(self):
        return [each.municipality for each in self.participants]

    @property
    def has_earlier_case(self):
        """Whether it extends or joins an older case, kept here or elsewhere."""
        return self.earlier_case_id is not None or bool(self.earlier_case_reference.strip())

    def is_signed_for_lead_by(self, user):
        """Whether the person may sign for the lead today."""
        return self.lead is not None and any(
            each.municipality_id == self.lead.pk and each.may_sign for each in user.memberships_today
        )

    @cached_property
    def agreement(self):
        return getattr(self.cooperation, "agreement", None)

    @property
    def starts_on(self):
        """The day on which the cooperation begins, as far as the file tells."""
        return (self.agreement.starts_on if self.agreement else None) or self.cooperation.starts_on

    @cached_property
    def opinion_list(self):
        return list(self.opinions.all())

    @cached_property
    def hearing_list(self):
        return list(self.hearings.select_related("notice__file"))

    @cached_property
    def decision_entries(self):
        """The steps that decided, in their order; those that were taken back, too."""
        return list(self.history.filter(step__in=DECISIONS).order_by("sequence"))

    @cached_property
    def correction_list(self):
        return list(self.correctionrequests.all())

    @cached_property
    def participants_without_resolution(self):
        return [each for each in self.participants if each.resolution_or_none is None]

    @property
    def bodies_without_resolution(self):
        """Those of them that can still resolve; for what was merged the clerk puts its successor."""
        today = clock.today()
        return [each for each in self.participants_without_resolution if each.municipality.exists_on(today)]

    @property
    def agreement_incomplete(self):
        """No agreement, no document, or a participant's signature missing: the lead's turn."""
        if not self.variant.requires_agreement:
            return False
        if self.agreement is None or self.agreement.file_id is None:
            return True
        return any(self.agreement.signature_of(each) is None for each in self.participants)

    def judgement_on(self, rule_name):
        """The latest answer to a judged rule, or None."""
        return next((each for each in reversed(list(self.judgements.all())) if each.rule == rule_name), None)

    @property
    def facts_to_judge(self):
        """What a judgement rests on, in words for people and in values that tell whether it changed since."""
        cooperation = self.cooperation
        return {
            "Zweck": hashlib.sha256(cooperation.purpose.encode()).hexdigest(),
            "Aufgabenfeld": cooperation.task_field_id,
            "Variante": self.variant.code,
            "Beteiligten": sorted(each.municipality_id for each in self.participants),
            "Zahl der Ortsteilfeuerwehren": cooperation.brigades,
        }

    def changed_since(self, judgement) -> list[str]:
        """The names of what was another when it was judged; none for judgements that did not note it yet."""
        return [name for name, value in self.facts_to_judge.items() if judgement.facts.get(name, value) != value]

    @cached_property
    def similar_cases(self):
        """Other cases at the ministry, running or granted, of the same task field with two of the same participants."""
        return list(type(self).objects.similar_to(self))

    @property
    def similar_cases_nobody_judged(self):
        """Those that came up after the latest judgement on double funding; none while there is no judgement."""
        judgement = self.judgement_on("no_double_funding")
        known = judgement.seen_cases if judgement else [each.file_number for each in self.similar_cases]
        return [each for each in self.similar_cases if each.file_number not in known]

    @property
    def accepts_unscanned_files(self):
        return settings.IKZ_ACCEPT_UNSCANNED

    @property
    def units(self):
        """What the grant is multiplied with: municipalities, brigades or joining municipalities."""
        match self.variant.unit:
            case Unit.BRIGADE:
                return self.cooperation.brigades or 0
            case Unit.JOINING_MUNICIPALITY:
                return sum(each.joins for each in self.participants)
        return len(self.participants)

    @cached_property
    def saving(self):
        variant = self.variant
        return savings.saving((each.before(variant) for each in self.participants), self.cooperation.after(variant))

    @property
    def proposal(self):
        """The computed grant, line by line, or None while there is nothing to multiply."""
        return grants.propose(self.variant, self.units) if self.units else None

    @cached_property
    def decision(self):
        """The decision that binds, or None."""
        return next((each for each in self.decisions.all() if each.is_binding), None)

    @property
    def decided_on(self):
        """The day of the grant that binds, or of the refusal; None while nothing is decided."""
        moment = self.decision.decided_at if self.decision else self.rejected_at
        return moment and clock.day_of(moment)

    @property
    def first_decided_on(self):
        """The day of the first grant, whatever became of it, or of the refusal."""
        moments = [each.decided_at for each in self.decisions.all()]
        return min(map(clock.day_of, moments), default=self.decided_on)

    @property
    def is_decided(self):
        return self.state in (*GRANTED, State.REJECTED)

    @property
    def has_ended(self):
        """Whether no step of the procedure lies ahead, for whatever reason."""
        return self.state in ENDED

    @property
    def archive_answer_or_none(self):
        return getattr(self, "archive_answer", None)

    @cached_property
    def date_facts_or_none(self):
        return getattr(self, "date_facts", None)

    @property
    def is_action_pending(self):
        return bool(self.date_facts_or_none and self.date_facts.action_pending)

    @property
    def facts_of_dates(self):
        """What the dates are counted from."""
        programme = self.variant.programme
        known = self.date_facts_or_none
        names = set(case_dates.Facts._fields) & {field.name for field in known._meta.fields} if known else set()
        return case_dates.Facts(
            is_granted=self.state in GRANTED,
            is_revoked=self.state == State.REVOKED,
            is_report_here=self.state == State.PAID and bool(self.usage_report) and self.usage_report.is_at_ministry,
            starts_on=self.starts_on,
            binding_years=self.variant.binding_years,
            reminder_months=programme.reminder_months,
            retention_years=programme.retention_years,
            ended_on=clock.day_of(self.state_since) if self.has_ended else None,
            **{name: getattr(known, name) for name in names},
        )

    @property
    def usage_report(self):
        """The report of use, or None while there is none."""
        return getattr(self, "report_of_use", None)

    @property
    def report_due_on(self):
        """The day by which the report of use has to be here, or None while the file does not tell."""
        return case_dates.report_due(self.facts_of_dates)

    @property
    def has_notice(self):
        """Whether the decision went into a letter here; that of a case taken over lies on paper."""
        return self.notices.filter(kind__in=DECIDING).holding().exists()

    @property
    def deciding_notice(self):
        """The letter from which the dates are counted: the newest that holds; None where there is none or no decision."""
        return self.notices.filter(kind__in=DECIDING).holding().last() if self.is_decided else None

    @property
    def grant_sent_on(self):
        """The day on which a notice of the grant left the house, as far as the file tells; None where none did."""
        sent = self.notices.filter(kind__in=GRANTING).holding().sent().last()
        known = sent or self.date_facts_or_none  # that of a letter on paper stands there alone
        return known and (known.posted_on or known.retrieved_on)

    @cached_property
    def dates(self):
        """The dates of a case that is decided or withdrawn, the earliest first.

        One question to the rules of delivery, where a letter was posted.
        """
        if not (self.is_decided or self.has_ended):
            return []
        facts = self.facts_of_dates._replace(**self._facts_of_revocations)
        posted = facts.posted_on or any(each.posted_on for each in facts.revoking)
        return case_dates.dates(facts, list(DeliveryRule.objects.all()) if posted else [])

    @property
    def _facts_of_revocations(self):
        """What the dates of revocations are counted from; a case without any is not asked for them."""
        if not (self.decision and self.decision.revoked_amount):
            return {}
        letters = self.notices.filter(kind=LetterKind.REVOCATION).holding()
        days = letters.values_list("posted_on", "retrieved_on", "waiver_on")
        return {
            "revoking": tuple(case_dates.Sent(*each) for each in days),
            "repay_by": tuple(each.due_on for each in self.revocations_to_be_repaid),
        }

    @cached_property
    def revocations_to_be_repaid(self):
        """Those whose money has not come back, the earliest first."""
        if not (self.decision and self.decision.revoked_amount):
            return []
        return list(self.decision.revocations.to_be_repaid().order_by("due_on", "pk"))

    @property
    def final_on(self):
        """The day from which the notice can no longer be challenged, or None while nobody can tell."""
        return next((each.day for each in self.dates if each.what == case_dates.What.FINALITY), None)

    @property
    def amount_or_proposal(self):
        if self.decision:
            return self.decision.amount
        return self.proposal.total if self.proposal else None

    @property
    def open_budgets(self):
        """The budgets out of which may be granted now: of this year and the years to come."""
        return Budget.objects.filter(year__gte=clock.today().year).order_by("year", "title").with_books()

    def passages_to_choose(self, kind):
        """The text blocks of a letter that a person chooses and edits; what the answers call for is left out."""
        blocks = letter_wordings.fitting(TextBlock.objects.usable(kind), self)
        return [each for each in blocks if each.key not in CALLED_FOR]

    def hearings_on(self, intention: Intention, *, before=None) -> list:
        """The hearings on this since the case was last decided on, without those whose letter was voided.

        What was said before an earlier decision was said of that one (HVwVfG § 28). `before` is the entry of the step
        that was just taken: what was so when it was taken.
        """
        hearings = [each for each in self.hearing_list if each.intention == intention and not each.notice.is_voided]
        if not hearings:
            return []
        decided_at = [each.at for each in self.decision_entries if before is None or each.sequence < before.sequence]
        return [each for each in hearings if not decided_at or each.asked_at > decided_at[-1]]

    def is_heard_on(self, intention: Intention, *, before=None) -> bool:
        """Whether the lead answered the latest hearing on this or let its time pass, and may no longer answer another.

        Each hearing has reasons of its own: one that is over says nothing of what another one puts to the lead.
        """
        hearings = self.hearings_on(intention, before=before)
        return bool(hearings) and hearings[-1].is_over and not any(each.is_running for each in hearings)

    def running_hearing(self, intention: Intention, *, before=None):
        """The latest hearing on this that the lead may still answer in time, or None."""
        return next((each for each in reversed(self.hearings_on(intention, before=before)) if each.is_running), None)

    @property
    def reasons_to_refuse(self) -> str:
        """What the lead was told before a refusal, else why criteria were judged as not met."""
        if hearings := self.hearings_on(Intention.REFUSE):
            return hearings[-1].reasons
        judged = [self.judgement_on(name) for name in JUDGED]
        return "\n\n".join(each.reason for each in judged if each and not each.answer)

    @property
    def has_unsent_decision(self):
        return self.notices.unsent_decisions().exists()

    @property
    def was_paid(self):
        """Money of a case taken over was paid before this procedure."""
        return bool(self.paid_at or self.taken_over_at)

    @property
    def paid_on(self):
        """The day on which the money leaves, or None where it lies before this procedure or nothing was paid.

        A released list is carried out by the bank on its own day, which may lie up to a month after the release.
        """
        if not self.paid_at:
            return None
        payment = self.payments.standing().exclude(order__execute_on=None).select_related("order").first()
        return payment.order.execute_on if payment else clock.day_of(self.paid_at)

    @cached_property
    def turn(self):
        return turn(self)

    @property
    def turn_label(self):
        """Who owes the next move, by name where that says more than the role."""
        match self.turn:
            case Turn.PARTICIPANTS:
                names = self._participants_at_turn
            case Turn.LEAD if self.lead:
                names = [self.lead.display_name]
            case Turn.AUTHORITY:
                names = [each.name for each in self.opinion_list if not each.is_settled]
            case _:
                names = []
        if not names:
            return self.turn.label
        return ", ".join(names) if len(names) <= 2 else f"{names[0]} und {len(names) - 1} weitere"

    @property
    def _participants_at_turn(self) -> list[str]:
        """Those who have to answer a correction request, else those without a resolution."""
        owing = who_has_to_answer(self.correction_list, self)
        return owing or [each.municipality.display_name for each in self.bodies_without_resolution]
