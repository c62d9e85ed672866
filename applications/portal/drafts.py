"""A draft in the portal: who may open it, its pages in order, and the first that still lacks something."""

from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from applications import expenditure_table, open_case, rules
from applications.models import Application, Participant
from applications.models.programme import Unit
from applications.states import RUNNING

# The pages, named as their addresses are (portal:draft_…). The first asks for the variant, because all others follow
# from it: how many must take part, which legal forms and goals there are, whether expenditure is compared.
BASICS, PARTNERS, DETAILS, EXPENDITURE, HAND_IN = "basics", "partners", "details", "expenditure", "hand_in"
LABELS = {
    BASICS: "Vorhaben",
    PARTNERS: "Beteiligte",
    DETAILS: "Angaben",
    EXPENDITURE: "Ausgaben",
    HAND_IN: "Prüfen und einreichen",
}
# The page on which what a rule of the hand-in misses is mended.
MENDED_ON = {
    rules.lead_takes_part: PARTNERS,
    rules.enough_participants: PARTNERS,
    rules.earlier_case_named: DETAILS,
    rules.ozg_goal_chosen: DETAILS,
}


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
            "variant__programme", "earlier_case", "cooperation__task_field", "cooperation__lead__district"
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
        look_at_tables(request)
        with open_case.open_for_writing(application):
            # Read again: a colleague may have written while we waited for the lock.
            return _answer(view, request, led_case(request, uuid), arguments)

    return guarded


def look_at_tables(request):
    """Leave the tables, or why there are none, with each uploaded file before anything is locked."""
    for upload in request.FILES.values():
        # One byte more than allowed is enough to refuse it.
        data = upload.read(expenditure_table.MAX_BYTES + 1)
        try:
            upload.tables = expenditure_table.unpacked(data)
        except expenditure_table.TableRefused as refusal:
            upload.tables = refusal


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
    url: str
    is_done: bool

    @property
    def label(self):
        return LABELS[self.slug]


def url_of(application, slug: str) -> str:
    return reverse(f"portal:draft_{slug}", args=[application.uuid])


def asks_for_expenditure(application) -> bool:
    """No table where the variant measures no saving."""
    return application.variant.min_saving_percent is not None


def slugs(application) -> list[str]:
    return [slug for slug in LABELS if slug != EXPENDITURE or asks_for_expenditure(application)]


def pages(application) -> list[Page]:
    unfinished = _unfinished(application)
    return [Page(slug, url_of(application, slug), slug not in unfinished) for slug in slugs(application)]


def first_unfinished(application) -> str:
    unfinished = _unfinished(application)
    return next(slug for slug in slugs(application) if slug in unfinished)


def following(application, slug: str) -> str:
    order = slugs(application)
    return order[min(order.index(slug) + 1, len(order) - 1)]


def missing(application) -> list[tuple[str, str]]:
    """What the hand-in still lacks, as (sentence, slug of the page where it is mended)."""
    return [
        (each.message, _mended_on(each, application)) for each in rules.HAND_IN.findings(application) if not each.met
    ]


def _mended_on(finding, application) -> str:
    """Brigades and who joins are counted on another page than the participants."""
    counts_others = application.variant.unit != Unit.MUNICIPALITY
    if (
        finding.rule is rules.enough_participants
        and counts_others
        and application.units < application.variant.min_units
    ):
        return DETAILS
    return MENDED_ON[finding.rule]


def _unfinished(application) -> set[str]:
    """Pages that lack something, though the hand-in may not need it; the last is never done before the hand-in."""
    found = {slug for _sentence, slug in missing(application)} | {HAND_IN}
    if not application.cooperation.purpose.strip():
        found.add(DETAILS)
    if application.saving is None:
        found.add(EXPENDITURE)
    return found


# ── Cases that are much the same ──────────────────────────────────────────────────────────────────────────────────────


def similar(application, user) -> list:
    """Running cases of the same task field with two of the same participants, as far as the person sees them.

    Of the others not even that they exist: a draft may name any bodies, so it could ask for each of them.
    """
    if len(application.participants) < 2:
        return []
    return list(Application.objects.of_the_same_kind(application).filter(state__in=RUNNING).visible_to(user))
