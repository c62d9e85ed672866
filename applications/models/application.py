"""The application: what moves through the states, and the steps that move it."""

import uuid

import django_fsm as fsm
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from applications.models.application_queries import ApplicationQuerySet
from applications.models.belongs_to_case import BelongsToCase
from applications.models.case_facts import CaseFacts
from applications.models.case_number import CaseNumber
from applications.models.case_steps import CaseSteps
from applications.models.cooperation import Cooperation, not_in_the_future
from applications.models.grant_steps import GrantSteps
from applications.models.history import Entry
from applications.models.message import Message
from applications.models.programme import Variant
from applications.models.stamps import acted_at, acted_by, different_people, stamp_constraints
from applications.notifications import EVENTS
from applications.states import GRANTED, MAY_BE_PRIVATE, PLAIN_LABELS, UNDER_PREPARATION, State
from ikz import clock


class ApplicationManager(models.Manager.from_queryset(ApplicationQuerySet)):
    def open_case(self, *, cooperation, variant, by, received_on=None, is_handed_in=True, **fields):
        """Create an application in its first state, with file number and first entry of its history.

        What a municipality drafts in the portal is not handed in: until then only the lead sees it.
        """
        with transaction.atomic():
            now = clock.now()
            application = self.create(
                cooperation=cooperation,
                variant=variant,
                received_on=received_on,
                file_number=CaseNumber.draw(timezone.localtime(now).year),
                state_since=now,
                handed_in_by=by if is_handed_in else None,
                handed_in_at=now if is_handed_in else None,
                **{"clerk": by if is_handed_in else None, **fields},
            )
            Entry.objects.append(application, step="open_case", source="", target=application.state, by=by)
        return application


class Application(BelongsToCase, CaseFacts, CaseSteps, GrantSteps, fsm.ConcurrentTransitionMixin, models.Model):
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
        validators=[not_in_the_future],
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
    handed_in_by, handed_in_at = acted_by("eingereicht"), acted_at("eingereicht")
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
        indexes = [
            models.Index(fields=["state", "state_since"]),
            models.Index(fields=["received_on"]),
            models.Index(fields=["completed_at"]),
        ]
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
                name="application_handed_in_by_and_at",
                condition=Q(handed_in_by=None, handed_in_at=None)
                | Q(handed_in_by__isnull=False, handed_in_at__isnull=False),
                violation_error_message="Wer den Antrag eingereicht hat und wann, gehört zusammen.",
            ),
            models.CheckConstraint(
                name="application_handed_in_before_it_moves",
                condition=Q(state__in=MAY_BE_PRIVATE) | Q(handed_in_at__isnull=False),
                violation_error_message="Der Antrag ist noch nicht eingereicht.",
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
    def is_handed_in(self):
        return self.handed_in_at is not None

    @property
    def is_open_for_changes(self):
        """Facts may change until the check; afterwards a step back comes first."""
        return self.state in UNDER_PREPARATION

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

    def when_it_was_taken(self):
        """To whoever sent the last step twice: it is done, and nothing more is to do."""
        at = timezone.localtime(self.last_move.at)
        return (
            f"Der Schritt ist bereits ausgeführt. Ihre erste Eingabe kam am {at:%d.%m.%Y um %H:%M} "
            f"Uhr an; der Fall steht auf „{self.get_state_display()}“. Sie müssen nichts weiter tun."
        )

    def record(self, name, *, source, by, findings, answers, sent=""):
        """Save the new state and write the history entry. Called by workflow.take() alone."""
        self.state_since = clock.now()
        self.save()
        documents = [
            {"name": each.original_name, "sha256": each.sha256, "file": str(each.uuid)} for each in self._documents()
        ]
        entry = Entry.objects.append(
            self,
            step=name,
            source=source,
            target=self.state,
            by=by,
            reason=answers.get("reason", ""),
            findings=[{"rule": each.rule.name, "status": each.status, "message": each.message} for each in findings],
            data={"answers": answers, "documents": documents} | ({"sent": sent} if sent else {}),
        )
        if name in EVENTS:
            state_label = PLAIN_LABELS[self.state]
            Message.objects.announce(self, name, key=f"{name}:{entry.pk}", by=by, state_label=state_label)

    def _documents(self):
        """The versions of the documents that this step looked at."""
        resolutions = (each.resolution_or_none for each in self.participants)
        files = [each.file for each in resolutions if each] + [self.agreement.file if self.agreement else None]
        return [file for file in [*files, *(each.file for each in self.opinion_list)] if file]
