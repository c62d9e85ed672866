"""The start page of a municipality or an office: all that is owed by us, then what is at others' turn, page by page."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse

from applications.models import Application, Message
from applications.portal.todo import Todo, next_sentence, todos
from applications.standing import Standing, standing
from applications.states import PLAIN_LABELS, State

CASES_ON_A_PAGE = 20
NEWS = 5


@dataclass(frozen=True)
class CaseCard:
    """One case on the start page."""

    application: Application
    standing: Standing
    owed: list[Todo]
    sentence: str

    @property
    def is_draft(self) -> bool:
        return self.application.state == State.DRAFTED and not self.application.is_handed_in

    @property
    def url(self) -> str:
        """A draft is taken up where it was left."""
        return reverse("portal:draft" if self.is_draft else "portal:case", args=[self.application.uuid])

    @property
    def state_label(self) -> str:
        return "Entwurf, noch nicht eingereicht" if self.is_draft else PLAIN_LABELS[self.application.state]


@login_required
def start(request):
    if request.user.is_staff and not request.user.memberships_today and not request.user.offices_today:
        return redirect("admin:index")
    visible = Application.objects.visible_to(request.user)
    owed = list(visible.owed_by(request.user).values_list("pk", flat=True))
    others = visible.exclude(pk__in=owed).order_by("-state_since", "-pk").values_list("pk", flat=True)
    page = Paginator(others, CASES_ON_A_PAGE).get_page(request.GET.get("seite"))
    cases = Application.objects.with_group().with_lead_account().with_turn()
    shown = cases.in_order_of([*(owed if page.number == 1 else []), *page])
    cards = [card(each, request.user) for each in shown]
    return render(
        request,
        "applications/portal/start.html",
        {
            "page": page,
            "has_cases": bool(owed) or bool(page.paginator.count),
            "may_apply": bool(request.user.memberships_today),
            "ours": sorted((each for each in cards if each.owed), key=_due),
            "others": [each for each in cards if not each.owed],
            "news": Message.objects.visible_to(request.user).select_related("application")[:NEWS],
        },
    )


def card(application, user) -> CaseCard:
    found = standing(application, user)
    owed = todos(application, found)
    return CaseCard(application, found, owed, next_sentence(application, found, owed))


def _due(each):
    dates = [todo.due_on for todo in each.owed if todo.due_on]
    return (min(dates, default=date.max), each.application.file_number)
