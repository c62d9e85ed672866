"""What people read when the document store is away: nothing was saved, and what to do."""

from contextlib import suppress

from django.http import UnreadablePostError
from django.shortcuts import render

from ikz.storage import StoreAway


class StoreAwayMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """What came is read here, as the look at the CSRF token would, whose errors nobody is asked about."""
        if request.content_type != "multipart/form-data":
            return None
        try:
            with suppress(UnreadablePostError):  # somebody went away; the look at the token knows what to do
                request.POST  # noqa: B018
        except StoreAway as error:
            return self.process_exception(request, error)
        return None

    def process_exception(self, request, exception):
        """The error has left the view's transaction, which is undone: no row without its document."""
        return render(request, "503.html", status=503) if isinstance(exception, StoreAway) else None
