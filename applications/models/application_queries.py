"""Questions to all applications at once."""

from decimal import Decimal
from functools import cache

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from applications import grants
from applications.letter_kinds import Intention
from applications.models import case_search
from applications.models.bank_account import BankAccount
from applications.models.cooperation import Participant
from applications.models.correction import CorrectionRequest
from applications.models.decision import Decision
from applications.models.hearing import Hearing
from applications.models.owed import owed_by
from applications.models.programme import Unit, Variant
from applications.models.turn_expressions import hearing_work_expression, turn_expression
from applications.states import ENDED, ENDED_WITHOUT_GRANT, UNDECIDED, UNDER_GRANT, UNDER_PREPARATION, State
from applications.turns import Turn
from municipalities.models import Municipality, present_day

ROLE_TURNS = {
    "applications.process_application": Turn.CLERK,
    "applications.decide_application": Turn.DECIDER,
    "applications.pay_application": Turn.TREASURER,
}
# The only states in which it can be somebody's turn: they spare the database the question whose turn it is elsewhere.
STATES_OF_TURNS = {
    Turn.PARTICIPANTS: UNDER_PREPARATION,
    Turn.LEAD: (*UNDECIDED, State.PAID),
    Turn.AUTHORITY: (State.AGREEMENT_SIGNED,),
    Turn.CLERK: (*UNDECIDED, *UNDER_GRANT),
    # And before, where the lead was heard: ApplicationQuerySet.where_it_can_be_the_turn_of().
    Turn.DECIDER: (State.CHECKED,),
    Turn.TREASURER: (State.APPROVED,),
    Turn.NOBODY: (State.APPROVED, *ENDED),
}


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The only gate to rows.

        Ministry staff with the right to view see all that is handed in; a municipality the cases it takes part in (no
        more once it has left), and its own drafts where it leads; a supervisory office the cases in which its opinion was requested.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff and user.has_perm("applications.view_application"):
            return self.handed_in()
        municipalities = [each.municipality_id for each in user.memberships_today]
        handed_in = self.model.objects.handed_in()
        return self.found_in_any_of(
            self.model.objects.filter(cooperation__lead__in=municipalities),
            handed_in.filter(
                cooperation__participants__municipality__in=municipalities, cooperation__participants__left_on=None
            ),
            handed_in.filter(opinions__office__in=user.offices_today, opinions__requested_on__isnull=False),
        )

    def owed_by(self, user):
        """The cases in which the person's municipalities or offices owe something now: where portal/todo.py finds a todo."""
        municipalities = [each.municipality_id for each in user.memberships_today]
        return self.filter(owed_by(municipalities, user.offices_today))

    def handed_in(self):
        """What the ministry knows of: all but the drafts that a lead still keeps to itself."""
        return self.exclude(handed_in_at=None)

    def found_in_any_of(self, *ways):
        """The cases that are found in one of these ways.

        As a union each way uses its own index; joined by OR the database would look at every case.
        """
        first, *others = (way.order_by().values("pk") for way in ways)
        return self.filter(pk__in=first.union(*others))

    def with_case(self):
        """Everything that the rules ask for, in a number of queries that does not depend on the case."""
        whom = "correctionrequests__items__participant__municipality"
        return self.with_group().prefetch_related("judgements__by", "decisions", whom)

    def with_group(self):
        """The group, its documents, what is asked and answered: what the portal shows."""
        participants = Participant.objects.select_related(
            "municipality__district", "municipality__successor", "resolution__file"
        ).order_by("pk")
        return self.select_related(
            "variant__programme",
            "cooperation__task_field",
            "cooperation__lead__district",
            "cooperation__agreement__file",
            "date_facts",
            "report_of_use",
        ).prefetch_related(
            Prefetch("cooperation__participants", participants),
            "cooperation__agreement__signatures",
            "opinions__file",
            "correctionrequests__items",
        )

    def with_lead_account(self):
        """Whether the lead has said where it wants to be paid (`lead_has_account`)."""
        accounts = BankAccount.objects.open().filter(municipality=OuterRef("cooperation__lead"))
        return self.annotate(lead_has_account=Exists(accounts))

    def in_order_of(self, keys) -> list:
        """The cases with these keys in this order; who found the keys first reads in full only what is shown."""
        found = self.in_bulk(keys)
        return [found[key] for key in keys if key in found]

    def lock_rows(self):
        """Lock the rows of these cases until the transaction ends. As values, because each object would ask for its state."""
        list(self.select_for_update().order_by("pk").values_list("pk"))

    def locked(self, pk):
        """One application with its row locked until the transaction ends, and everything that the rules ask for."""
        self.filter(pk=pk).lock_rows()
        return self.with_case().get(pk=pk)

    def similar_to(self, application):
        """What speaks of double funding. A draft speaks of nothing: nobody applies with it yet."""
        return self.handed_in().of_the_same_kind(application)

    def of_the_same_kind(self, application):
        """Others of the same task field with two or more of the same participants, whatever these were called before.

        With drafts: for a lead, which may know its own. Asks for the bodies at once: of values PostgreSQL knows that they
        are few, of a subquery it expects so many that it reads all cases.
        """
        municipalities = [each.municipality_id for each in application.participants]
        same = Municipality.objects.same_today_as(municipalities).values_list("pk", flat=True)
        return (
            self.exclude(pk=application.pk)
            .exclude(state__in=ENDED_WITHOUT_GRANT)
            .filter(
                cooperation__task_field=application.cooperation.task_field_id,
                cooperation__participants__municipality__in=list(same),
                cooperation__participants__left_on=None,
            )
            .annotate(common=Count(present_day("cooperation__participants__municipality__"), distinct=True))
            .filter(common__gte=2)
            .select_related("cooperation")
            .order_by("file_number")
        )

    def of_same_participants(self, application):
        """Other cases with at least one of the same participants, newest first; whatever became of them."""
        municipalities = [each.municipality_id for each in application.participants]
        groups = Participant.objects.active().filter(municipality__in=municipalities).values("cooperation")
        others = self.exclude(pk=application.pk).handed_in().filter(cooperation__in=groups)
        return others.order_by("-file_number")

    def with_turn(self):
        """Annotate `sql_turn`: the same answer as turns.turn(), in SQL."""
        return self.annotate(sql_turn=turn_expression())

    def with_hearing_work(self):
        """Annotate `hearing_work`: what the clerk does about a hearing before a refusal: a HearingWork, or nothing."""
        return self.annotate(hearing_work=hearing_work_expression())

    def at_turn(self, turn):
        return self.where_it_can_be_the_turn_of([turn]).with_turn().filter(sql_turn=turn)

    def where_it_can_be_the_turn_of(self, turns):
        """The cases in the states of these turns; of the decider also those that are to be refused before the check."""
        states = {state for turn in turns for state in STATES_OF_TURNS[turn]}
        if Turn.DECIDER not in turns or states.issuperset(UNDER_PREPARATION):
            return self.filter(state__in=states)
        cases = self.model.objects.all()
        heard = Hearing.objects.filter(intention=Intention.REFUSE).values("application")
        return self.found_in_any_of(
            cases.filter(state__in=states), cases.filter(state__in=UNDER_PREPARATION, pk__in=heard)
        )

    def at_turn_of(self, user):
        """What waits for this person: the turns of the person's roles; nobody decides or pays what is barred by four eyes."""
        turns = [turn for permission, turn in ROLE_TURNS.items() if user.has_perm(permission)]
        mine = self.where_it_can_be_the_turn_of(turns).with_turn().filter(sql_turn__in=turns)
        decides_own_check = Q(sql_turn=Turn.DECIDER, checked_by=user)
        pays_own_decision = Q(sql_turn=Turn.TREASURER, approved_by=user)
        return mine.exclude(decides_own_check).exclude(pays_own_decision)

    def worklist_of(self, user):
        """What this person should do next: like at_turn_of(), but without the cases that a colleague is in charge of."""
        by_no_colleague = Q(clerk=user) | Q(clerk=None)
        if any(user.has_perm(permission) for permission, turn in ROLE_TURNS.items() if turn != Turn.CLERK):
            by_no_colleague |= ~Q(sql_turn=Turn.CLERK)
        return self.at_turn_of(user).filter(by_no_colleague)

    def searched_for(self, words):
        """Cases in which every word stands somewhere: file number, title, note, lead or a participant's name."""
        cases = self
        for condition in case_search.conditions(words):
            cases = cases.filter(condition)
        return cases

    def located_in(self, key):
        """Cases with a participant or a lead in the Regierungsbezirk (3 digits) or Kreis (5 digits) of this key."""
        bodies = Municipality.objects.filter(
            Q(ags__startswith=key) | Q(ags=None, district__ags__startswith=key),
        )
        participants = {"cooperation__participants__municipality__in": bodies}
        return self.found_in_any_of(
            self.model.objects.filter(cooperation__lead__in=bodies),
            self.model.objects.filter(**participants, cooperation__participants__left_on=None),
        )

    def decided_in(self, year):
        """Cases whose binding decision was taken in the year; those taken over count in the year of their real decision."""
        decisions = Decision.objects.binding().filter(application=OuterRef("pk"), decided_at__year=year)
        return self.filter(Exists(decisions))

    def with_open_correction(self):
        return self.filter(Exists(CorrectionRequest.objects.filter(application=OuterRef("pk"), closed_at=None)))

    def proposed_total(self) -> Decimal:
        """What is proposed for the cases that wait for a decision, in euros. Those without a formula are left out."""
        alike = self.filter(state=State.CHECKED).with_units().order_by().values_list("variant", "sql_units")
        numbers = alike.annotate(number=Count("pk"))
        with_units = [each for each in numbers if each[1]]
        variants = Variant.objects.in_bulk({variant for variant, _units, _number in with_units})
        totals = [(grants.propose(variants[key], units).total, number) for key, units, number in with_units]
        return sum((total * number for total, number in totals if total is not None), Decimal(0))

    def with_amount(self):
        """Annotate `granted`: the amount of the decision that binds, or NULL."""
        return self.annotate(granted=granted_expression())

    def with_participant_count(self):
        return self.annotate(participant_count=participant_count_expression())

    def with_units(self):
        """Annotate `sql_units`: the same answer as CaseFacts.units, in SQL."""
        return self.annotate(sql_units=units_expression())

    def overdue(self, today):
        """Open cases with a correction request past its due date."""
        late = CorrectionRequest.objects.unanswered().filter(application=OuterRef("pk"), due_on__lt=today)
        return self.filter(Exists(late), state__in=UNDECIDED)

    def oldest_first(self):
        return self.order_by(F("state_since").asc(), "pk")


# The expressions below do not change, and to build them takes longer than the database needs for a page of cases.


@cache
def granted_expression():
    binding = Decision.objects.binding().filter(application=OuterRef("pk")).order_by("pk")
    return Subquery(binding.values("amount")[:1])


@cache
def participant_count_expression():
    return _number_of(Participant.objects.active())


@cache
def units_expression():
    return models.Case(
        models.When(variant__unit=Unit.BRIGADE, then=Coalesce("cooperation__brigades", 0)),
        models.When(
            variant__unit=Unit.JOINING_MUNICIPALITY, then=_number_of(Participant.objects.active().filter(joins=True))
        ),
        default=participant_count_expression(),
    )


def _number_of(participants):
    """How many of these participants the application's cooperation has."""
    counted = participants.filter(cooperation=OuterRef("cooperation")).order_by().values("cooperation")
    return Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number")), 0)
