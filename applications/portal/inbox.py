"""The messages of a person: what happened in its cases."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone

from applications.models import Message

MESSAGES_ON_A_PAGE = 25


@login_required
def inbox(request):
    """Newest first; what is shown counts as read from the next visit on."""
    own = Message.objects.visible_to(request.user).select_related("application__cooperation")
    page = Paginator(own, MESSAGES_ON_A_PAGE).get_page(request.GET.get("seite"))
    shown = list(page)
    unread = [each.pk for each in shown if each.read_at is None]
    if unread:
        Message.objects.filter(pk__in=unread).update(read_at=timezone.now())
    return render(request, "applications/portal/inbox.html", {"page": page, "messages_shown": shown})
