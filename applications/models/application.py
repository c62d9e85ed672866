"""The application: what moves through the states, and the steps that move it."""

import uuid
from datetime import datetime, time
from decimal import Decimal

import django_fsm as fsm
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from applications import rules
from applications.models.application_queries import ApplicationQuerySet
from applications.models.belongs_to_case import BelongsToCase
from applications.models.case_facts import CaseFacts
from applications.models.case_number import CaseNumber
from applications.models.cooperation import Cooperation
from applications.models.decision import Budget
from applications.models.history import Entry
from applications.models.programme import Variant
from applications.models.states import (
    GRANTED,
    MAIN_LINE,
    STAMPS,
    UNDECIDED,
    State,
    acted_at,
    acted_by,
    different_people,
    stamp_constraints,
)
from applications.permissions import PROCESS, TAKE_OVER, may_decide, may_pay, may_undo, needs
from applications.step_forms import ApprovalForm, PaymentForm, ReasonForm, TakeOverForm
from applications.workflow import AnswerRefused, step
from ikz import clock
from ikz.german import euros

NOON = time(12)  # a day known without its hour


class ApplicationManager(models.Manager.from_queryset(ApplicationQuerySet)):
    def open_case(self, *, cooperation, variant, by, received_on=None, **fields):
        """Create an application in its first state, with file number and first entry of its history."""
        with transaction.atomic():
            now = clock.now()
            application = self.create(
                cooperation=cooperation,
                variant=variant,
                received_on=received_on,
                file_number=CaseNumber.draw(timezone.localtime(now).year),
                state_since=now,
                **{"clerk": by, **fields},
            )
            Entry.objects.append(application, step="open_case", source="", target=application.state, by=by)
        return application


def _previous_state(application, **answers):
    """Where a step back leads: one step down the main line; from a side exit, to where the case left."""
    if application.state in MAIN_LINE:
        return MAIN_LINE[MAIN_LINE.index(application.state) - 1]
    return application.history.filter(target=application.state).order_by("-sequence").first().source


class Application(BelongsToCase, CaseFacts, fsm.ConcurrentTransitionMixin, models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_number = models.CharField("Aktenzeichen", max_length=20, unique=True, editable=False)
    cooperation = models.OneToOneField(
        Cooperation,
        models.PROTECT,  # a case is nothing without its group
        related_name="application",
        verbose_name="Kooperation",
    )
    variant = models.ForeignKey(
        Variant,
        models.PROTECT,  # the parameters of the case must stay readable
        related_name="applications",
        verbose_name="Variante",
    )
    received_on = models.DateField(
        "Eingang am",
        null=True,
        blank=True,
        help_text="Der Tag des Eingangs bestimmt die Fassung der Rahmenvereinbarung.",
    )
    clerk = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who was in charge stays known
        null=True,
        blank=True,
        related_name="cases",
        verbose_name="zuständig",
    )
    few_participants_reason = models.TextField("Begründung für weniger Beteiligte", blank=True)
    earlier_case = models.ForeignKey(
        "self",
        models.PROTECT,  # the link between cases must stay
        null=True,
        blank=True,
        related_name="later_cases",
        verbose_name="früherer Fall",
    )
    earlier_case_reference = models.CharField(
        "früherer Fall (frei)", max_length=200, blank=True, help_text="Wenn der frühere Fall hier nicht geführt wird."
    )
    note = models.TextField("Notiz", blank=True)
    state = fsm.FSMField(
        "Stand", max_length=40, choices=State.choices, default=State.DRAFTED, protected=True, editable=False
    )
    state_since = models.DateTimeField("Stand seit", editable=False)
    checked_by, checked_at = acted_by("geprüft"), acted_at("geprüft")
    approved_by, approved_at = acted_by("bewilligt"), acted_at("bewilligt")
    rejected_by, rejected_at = acted_by("abgelehnt"), acted_at("abgelehnt")
    withdrawn_by, withdrawn_at = acted_by("zurückgezogen"), acted_at("zurückgezogen")
    paid_by, paid_at = acted_by("ausgezahlt"), acted_at("ausgezahlt")
    completed_by, completed_at = acted_by("abgeschlossen"), acted_at("abgeschlossen")
    revoked_by, revoked_at = acted_by("widerrufen"), acted_at("widerrufen")
    taken_over_by, taken_over_at = acted_by("übernommen"), acted_at("übernommen")

    objects = ApplicationManager()

    class Meta:
        verbose_name = "Fall"
        verbose_name_plural = "Fälle"
        ordering = ["-file_number"]
        indexes = [models.Index(fields=["state", "state_since"]), models.Index(fields=["received_on"])]
        permissions = [
            ("process_application", "Kann Fälle bearbeiten und prüfen"),
            ("decide_application", "Kann Fälle entscheiden"),
            ("pay_application", "Kann Zuwendungen auszahlen"),
            ("take_over_application", "Kann Altfälle übernehmen"),
        ]
        constraints = [
            *stamp_constraints(),
            different_people("approved", "checked"),
            different_people("rejected", "checked"),
            different_people("paid", "approved"),
            models.CheckConstraint(
                name="application_grant_was_checked",
                condition=~Q(state__in=GRANTED) | Q(checked_at__isnull=False) | Q(taken_over_at__isnull=False),
                violation_error_message="Bewilligt werden kann nur, was geprüft ist.",
            ),
            models.CheckConstraint(
                name="application_state_is_known",
                condition=Q(state__in=State.values),
                violation_error_message="Diesen Stand gibt es nicht.",
            ),
            models.CheckConstraint(
                name="application_not_its_own_predecessor",
                condition=Q(earlier_case=None) | ~Q(earlier_case=F("pk")),
                violation_error_message="Ein Fall kann nicht sein eigener früherer Fall sein.",
            ),
        ]

    def __str__(self):
        return self.file_number

    def clean_fields(self, exclude=None):
        # A protected state refuses the re-assignment that Django does here.
        super().clean_fields(exclude={*(exclude or ()), "state"})

    def delete(self, *args, **kwargs):
        raise ValidationError("Ein Fall mit Verfahrensgeschichte wird nicht gelöscht. Bitte ziehen Sie ihn zurück.")

    @property
    def case(self):
        return self

    @property
    def is_open_for_changes(self):
        """Facts may change until the check; afterwards a step back comes first."""
        return self.state in MAIN_LINE[:3]

    @property
    def revision(self):
        """Changes with every step and every field change of the case: what a person looked at."""
        entry = self.history.order_by("-sequence").values_list("sequence", flat=True).first()
        change = self.field_changes.order_by("-pk").values_list("pk", flat=True).first()
        return f"{entry or 0}-{change or 0}"

    def what_changed_last(self):
        """The sentence for whoever acted on an old page."""
        entry = self.last_entry
        change = self.field_changes.select_related("actor").order_by("-pk").first()
        if change and change.timestamp > entry.at:
            who, what = f"von {change.actor}" if change.actor else "vom System", change.object_repr
        else:
            who, what = f"von {entry.by_name}", f"Stand jetzt „{self.get_state_display()}“"
        return f"Der Vorgang wurde inzwischen {who} geändert ({what}). Bitte prüfen Sie den neuen Stand."

    def why_not_from_here(self, name):
        last = self.last_entry
        if last.step == name:
            return f"Dieser Schritt ist schon getan: {last.by_name} am {timezone.localtime(last.at):%d.%m.%Y um %H:%M} Uhr."
        return f"Dieser Schritt ist im Stand „{self.get_state_display()}“ nicht vorgesehen."

    def record(self, name, *, source, by, findings, answers):
        """Save the new state and write the history entry. Called by workflow.take() alone."""
        self.state_since = clock.now()
        self.save()
        documents = [{"name": each.original_name, "sha256": each.sha256} for each in self._documents()]
        Entry.objects.append(
            self,
            step=name,
            source=source,
            target=self.state,
            by=by,
            reason=answers.get("reason", ""),
            findings=[{"rule": each.rule.name, "status": each.status, "message": each.message} for each in findings],
            data={"answers": answers, "documents": documents},
        )

    def _documents(self):
        """The versions of the documents that this step looked at."""
        resolutions = (each.resolution_or_none for each in self.participants)
        files = [each.file for each in resolutions if each] + [self.agreement.file if self.agreement else None]
        return [file for file in [*files, *(each.file for each in self.opinion_list)] if file]

    # ── Steps, in the order of their buttons ──────────────────────────────────────────────────────────────────────────

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
    def approve(self, *, by, amount, year, reason=""):
        _require_amount(amount)
        proposed = self.proposal.total if self.proposal else None
        if amount != proposed and not reason.strip():
            raise AnswerRefused(
                "reason", "Bitte begründen Sie, warum Sie einen anderen Betrag als den Vorschlag festsetzen."
            )
        budget = self._budget_with_room_for(amount, year)
        self._stamp("approved", by)
        self.decisions.create(
            budget=budget,
            amount=amount,
            proposed_amount=proposed,
            reason=reason.strip(),
            decided_by=by,
            decided_at=self.approved_at,
        )

    def _budget_with_room_for(self, amount, year):
        """The year's budget, its row locked until the decision is written."""
        budget = Budget.objects.select_for_update().filter(year=year).first()
        if budget is None:
            raise AnswerRefused(
                "year", f"Für {year} ist kein Haushaltsansatz angelegt. Bitte wenden Sie sich an die Rolle Haushalt."
            )
        if amount > (left := budget.left()):
            raise AnswerRefused(
                "amount",
                f"Der Haushalt {year} reicht nicht: Verfügbar sind noch {euros(max(left, Decimal(0)))}, "
                f"bewilligt werden sollen {euros(amount)}.",
            )
        return budget

    @step("Auszahlen", source=State.APPROVED, target=State.PAID, may=may_pay, form=PaymentForm, tone="main")
    def pay(self, *, by, final_on):
        """Only a final notice is paid; the objection period is checked where the notice is known."""
        if self.taken_over_at:
            raise AnswerRefused("final_on", "Ein übernommener Altfall wurde schon vor diesem Verfahren ausgezahlt.")
        if final_on is None or final_on > clock.today():
            raise AnswerRefused(
                "final_on", "Der Bescheid ist noch nicht bestandskräftig. Bitte zahlen Sie erst danach aus."
            )
        if final_on < timezone.localdate(self.approved_at):
            raise AnswerRefused("final_on", "Die Bestandskraft kann nicht vor der Bewilligung eingetreten sein.")
        self._stamp("paid", by)

    @step("Abschließen", source=State.PAID, target=State.COMPLETED, may=needs(PROCESS), form=ReasonForm, tone="main")
    def complete(self, *, by, reason):
        _require(reason, "Bitte halten Sie das Ergebnis der Verwendungsprüfung fest.")
        self._stamp("completed", by)

    @step(
        "Schritt zurücknehmen",
        source=[*MAIN_LINE[1:], State.REJECTED, State.WITHDRAWN],
        target=fsm.GET_STATE(_previous_state, states=UNDECIDED),
        may=may_undo,
        form=ReasonForm,
    )
    def undo(self, *, by, reason):
        _require(reason, "Bitte begründen Sie, warum der Schritt zurückgenommen wird.")
        if self.taken_over_at:
            raise AnswerRefused("reason", "Ein übernommener Altfall kann nicht zurückgenommen, nur widerrufen werden.")
        self.decisions.binding().update(annulled_by=by, annulled_at=clock.now(), annulled_reason=reason)
        kept = {"checked"} if _previous_state(self) == State.CHECKED else set()
        for name in STAMPS.keys() - kept:
            self._clear(name)

    @step("Ablehnen", source=UNDECIDED, target=State.REJECTED, may=may_decide, form=ReasonForm, tone="serious")
    def reject(self, *, by, reason):
        _require(reason, "Bitte begründen Sie die Ablehnung.")
        self._stamp("rejected", by)

    @step(
        "Antrag zurückziehen",
        source=UNDECIDED,
        target=State.WITHDRAWN,
        may=needs(PROCESS),
        form=ReasonForm,
        tone="serious",
    )
    def withdraw(self, *, by, reason):
        _require(reason, "Bitte halten Sie fest, wer den Antrag wann zurückgezogen hat.")
        self._stamp("withdrawn", by)

    @step("Widerrufen", source=GRANTED[:3], target=State.REVOKED, may=may_decide, form=ReasonForm, tone="serious")
    def revoke(self, *, by, reason):
        _require(reason, "Bitte begründen Sie den Widerruf (HVwVfG §§ 48, 49).")
        self._stamp("revoked", by)

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
        _require(reason, "Bitte nennen Sie die Quelle des Altfalls.")
        _require_amount(amount)
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


def _require_amount(amount):
    if amount is None or not amount.is_finite() or amount <= 0:
        raise AnswerRefused("amount", "Bitte geben Sie einen Betrag über 0 € an oder lehnen Sie den Antrag ab.")
    if amount != round(amount, 2):
        raise AnswerRefused("amount", "Bitte geben Sie den Betrag mit höchstens zwei Nachkommastellen an.")


def _require(reason, sentence):
    if not reason.strip():
        raise AnswerRefused("reason", sentence)
