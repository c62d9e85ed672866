"""turns.turn() in SQL, and what the clerk does about a hearing: for lists, which load no case in full."""

from functools import cache

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from applications.letter_kinds import Intention
from applications.models.cooperation import Participant, Resolution
from applications.models.correction import CorrectionRequest
from applications.models.correspondence import Opinion
from applications.models.hearing import IS_TO_BE_SENT, Hearing, HearingWork, is_over, is_running
from applications.models.notice import Notice
from applications.models.owed import lacks_agreement
from applications.models.usage_report import UsageReport, Verdict
from applications.states import UNDER_PREPARATION, State
from applications.turns import Turn
from ikz import clock
from ikz.written_once import WrittenOnce
from municipalities.models import Municipality


class _Today(models.Func):
    """The day on which the database is asked, not that on which the expression was built."""

    output_field = models.DateField()

    def as_sql(self, compiler, connection, **_context):
        return "%s", [connection.ops.adapt_datefield_value(clock.today())]


@cache
def turn_expression():
    """turns.turn() in SQL, state by state."""
    return WrittenOnce(_turn(), models.CharField())


def _turn():
    unsent = Exists(Notice.objects.unsent_decisions().filter(application=OuterRef("pk")))
    reports = Exists(UsageReport.objects.filter(application=OuterRef("pk")).exclude(verdict=Verdict.OBJECTED))
    return models.Case(
        models.When(state__in=UNDER_PREPARATION, then=_turn_before_the_check()),
        models.When(state=State.CHECKED, then=Coalesce(_turn_of_hearings(), models.Value(Turn.DECIDER))),
        models.When(state=State.APPROVED, taken_over_at=None, then=_whether(unsent, Turn.CLERK, Turn.TREASURER)),
        models.When(state=State.PAID, then=_whether(reports, Turn.CLERK, Turn.LEAD)),
        default=models.Value(Turn.NOBODY),
    )


def _turn_before_the_check():
    corrections = CorrectionRequest.objects.filter(application=OuterRef("pk"))
    participant = Participant.objects.active().filter(cooperation=OuterRef("cooperation"))
    body = participant.filter(municipality__in=Municipality.objects.existing_on(_Today()))
    lacks_resolution = Exists(body.filter(~Exists(Resolution.objects.filter(participant=OuterRef("pk")))))
    unsettled = Exists(Opinion.objects.unsettled().filter(application=OuterRef("pk")))
    asked = models.Case(
        models.When(Exists(corrections.unanswered()), then=models.Value(Turn.PARTICIPANTS)),
        models.When(Exists(corrections.filter(closed_at=None)), then=models.Value(Turn.CLERK)),
        default=_turn_of_hearings(),
    )
    owed = models.Case(
        models.When(Q(state=State.DRAFTED) & lacks_resolution, then=models.Value(Turn.PARTICIPANTS)),
        models.When(Q(state=State.RESOLUTIONS_COLLECTED) & lacks_agreement(), then=models.Value(Turn.LEAD)),
        models.When(Q(state=State.AGREEMENT_SIGNED) & unsettled, then=models.Value(Turn.AUTHORITY)),
        default=models.Value(Turn.CLERK),
    )
    return models.Case(models.When(handed_in_at=None, then=models.Value(Turn.LEAD)), default=Coalesce(asked, owed))


def _turn_of_hearings():
    today = _Today()
    return _said_by_hearings(
        models.When(is_running(today), then=models.Value(Turn.LEAD)),
        models.When(is_over(today), then=models.Value(Turn.DECIDER)),
        default=models.Value(Turn.CLERK),
    )


@cache
def hearing_work_expression():
    today = _Today()
    work = _said_by_hearings(
        models.When(is_running(today) | is_over(today), then=models.Value("")),
        models.When(IS_TO_BE_SENT, then=models.Value(HearingWork.SEND)),
        default=models.Value(HearingWork.REPEAT),
    )
    return WrittenOnce(Coalesce(work, models.Value("")), models.CharField())


def _said_by_hearings(*whens, default):
    """What the hearing on the refusal says whose time runs, else the last one; NULL where the lead was not heard."""
    hearings = Hearing.objects.that_count().filter(application=OuterRef("pk"), intention=Intention.REFUSE)
    said = hearings.annotate(said=models.Case(*whens, default=default))
    return Subquery(said.running_first(_Today()).values("said")[:1])


def _whether(condition, then, otherwise):
    return models.Case(models.When(condition, then=models.Value(then)), default=models.Value(otherwise))
