"""What people read when the document store is away: nothing was saved, and what to do."""

from django.shortcuts import render

from ikz.storage import StoreAway


class StoreAwayMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """The error has left the view's transaction, which is undone: no row without its document."""
        return render(request, "503.html", status=503) if isinstance(exception, StoreAway) else None
