"""A session ends when nothing was asked for a while (IKZ_SESSION_MINUTES)."""

from django.utils import timezone

STEP = 60  # seconds: so much earlier may a session end, so that not every request writes into the database


class IdleSessionMiddleware:
    """Moves the end of a session on with each request. Saving a session gives it its full age again."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            _renew(request)
        return self.get_response(request)


def _renew(request):
    now = timezone.now().timestamp()
    renewed = request.session.get("renewed") or request.user.last_login.timestamp()
    if now - renewed >= STEP:
        request.session["renewed"] = now
