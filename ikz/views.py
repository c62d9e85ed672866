from django.shortcuts import render


def csrf_failure(request, reason=""):
    """The form was too old or came from elsewhere; say so in words that help."""
    return render(request, "403_csrf.html", status=403)
