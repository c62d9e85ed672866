"""A session ends when nothing was asked for a while (IKZ_SESSION_MINUTES), and after LONGEST in any case."""

from datetime import timedelta

from django.contrib.auth import logout
from django.utils import timezone

STEP = 60  # seconds: so much earlier may a session end, so that not every request writes into the database

LONGEST = timedelta(hours=12)  # more than a day at the desk; a stolen session does not live on


class IdleSessionMiddleware:
    """Moves the end of a session on with each request. Saving a session gives it its full age again."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            _end_or_renew(request)
        return self.get_response(request)


def remember_the_beginning(sender, request, **kwargs):
    """To be told of every sign-in."""
    request.session["begun"] = timezone.now().timestamp()


def _end_or_renew(request):
    now = timezone.now().timestamp()
    if now - request.session.get("begun", 0) > LONGEST.total_seconds():
        logout(request)
        return
    renewed = request.session.get("renewed", request.session["begun"])
    if now - renewed >= STEP:
        request.session["renewed"] = now
