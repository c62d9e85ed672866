"""A draft in the portal: who may open it, its pages in order, and the first that still lacks something."""

from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect

from applications import records, rules
from applications.models import Application, Participant, Programme, Variant
from applications.models.application_queries import OPEN_STATES
from ikz.german import counted

BASICS, PARTNERS, DETAILS, EXPENDITURE, HAND_IN = "vorhaben", "beteiligte", "angaben", "ausgaben", "einreichen"
LABELS = {
    BASICS: "Vorhaben",
    PARTNERS: "Beteiligte",
    DETAILS: "Angaben",
    EXPENDITURE: "Ausgaben",
    HAND_IN: "Prüfen und einreichen",
}
# The page on which what a rule of the hand-in finds is mended.
MENDED_ON = {
    "lead_takes_part": PARTNERS,
    "enough_participants": PARTNERS,
    "earlier_case_named": DETAILS,
    "ozg_goal_chosen": DETAILS,
}
RUNNING = (*OPEN_STATES, "approved", "paid")


# ── Who may open it ───────────────────────────────────────────────────────────────────────────────────────────────────


def own_municipalities(user):
    """The municipalities that the person acts for today, each once."""
    return list({each.municipality_id: each.municipality for each in user.memberships_today}.values())


def led_case(request, uuid):
    """A case in the lead of a municipality of this person. Raises Http404 for every other.

    Loads what a draft consists of; the documents of a running case are not asked for here.
    """
    group = Participant.objects.select_related("municipality__district", "municipality__successor").order_by("pk")
    led = Application.objects.visible_to(request.user).filter(cooperation__lead__in=own_municipalities(request.user))
    return get_object_or_404(
        led.select_related(
            "variant__programme", "cooperation__task_field", "cooperation__lead__district"
        ).prefetch_related(Prefetch("cooperation__participants", group)),
        uuid=uuid,
    )


def draft_view(view):
    """For `view(request, application, …)`: only the lead's people, only while it is a draft; writes hold its lock."""

    @login_required
    @wraps(view)
    def guarded(request, uuid, **arguments):
        application = led_case(request, uuid)
        if request.method != "POST" or _why_no_draft(application):
            return _answer(view, request, application, arguments)
        with records.open_for_writing(application):
            # Read again: a colleague may have written while we waited for the lock.
            return _answer(view, request, led_case(request, uuid), arguments)

    return guarded


def _answer(view, request, application, arguments):
    if sentence := _why_no_draft(application):
        messages.info(request, sentence)
        return redirect("portal:case", application.uuid)
    return view(request, application, **arguments)


def _why_no_draft(application) -> str | None:
    if application.is_handed_in:
        return "Der Antrag ist schon eingereicht. Den Entwurf können Sie nicht mehr ändern."
    if not application.is_open_for_changes:
        return f"Der Entwurf steht auf „{application.get_state_display()}“ und kann nicht mehr geändert werden."
    return None


# ── Its pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Page:
    slug: str
    label: str
    is_done: bool


def slugs(application) -> list[str]:
    """The pages in order; no table of expenditure where the variant measures no saving."""
    return [slug for slug in LABELS if slug != EXPENDITURE or application.variant.min_saving_percent is not None]


def pages(application) -> list[Page]:
    unfinished = _unfinished(application)
    return [Page(slug, LABELS[slug], slug not in unfinished) for slug in slugs(application)]


def first_unfinished(application) -> str:
    unfinished = _unfinished(application)
    return next(slug for slug in slugs(application) if slug in unfinished)


def _unfinished(application) -> set[str]:
    """Pages that lack something; the last one is never done before the hand-in."""
    found = {where_mended(each, application) for each in rules.HAND_IN.findings(application) if not each.met}
    if not application.cooperation.purpose.strip():
        found.add(DETAILS)
    if application.saving is None:
        found.add(EXPENDITURE)
    return found | {HAND_IN}


def where_mended(finding, application) -> str:
    """Where enough have come, only their number needs a word: a reason, who joins, how many brigades."""
    if finding.rule is rules.enough_participants and len(application.participants) >= least(application.variant):
        return DETAILS
    return MENDED_ON[finding.rule.name]


def following(application, slug: str) -> str:
    """The page after this one."""
    order = slugs(application)
    return order[min(order.index(slug) + 1, len(order) - 1)] if slug in order else HAND_IN


def page_or_404(application, slug: str) -> str:
    if slug not in slugs(application):
        raise Http404
    return slug


# ── What a variant asks ───────────────────────────────────────────────────────────────────────────────────────────────


def variants_on(day, application=None):
    """The variants of the version in force on the day; between two versions those that the draft began with."""
    in_force = Variant.objects.filter(programme__in=Programme.objects.in_force_on(day)).select_related("programme")
    if application is not None and not in_force:
        return Variant.objects.filter(programme=application.variant.programme_id).select_related("programme")
    return in_force.order_by("pk")


def least(variant) -> int:
    """With how many participants one can apply at all."""
    return variant.min_participants_with_reason or variant.min_participants


def how_many(variant) -> str:
    """How many must take part, in the variant's numbers."""
    needed = counted(variant.min_participants, "Beteiligte", "Beteiligte")
    exception = variant.min_participants_with_reason
    if exception is None or exception >= variant.min_participants:
        return f"Nötig {_are(variant.min_participants)} mindestens {needed}."
    begin = {1: "Eine", 2: "Zwei"}.get(exception, str(exception))
    verb = "braucht" if exception == 1 else "brauchen"
    return f"Nötig sind mindestens {needed}. {begin} Beteiligte {verb} eine schriftliche Begründung."


def _are(number):
    return "ist" if number == 1 else "sind"


# ── Cases that are much the same ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Similar:
    """Running cases of the same task field with two of the same participants; of hidden ones only that they exist."""

    visible: list
    is_hidden: bool


def similar(application, user) -> Similar:
    if len(application.participants) < 2:
        return Similar([], False)
    running = Application.objects.similar_to(application).filter(state__in=RUNNING)
    visible = list(running.visible_to(user).select_related("cooperation"))
    others = running.exclude(pk__in=[each.pk for each in visible]).exclude(handed_in_at=None)
    return Similar(visible, others.exists())
