"""The guarded doors to documents: /dokumente/<uuid>/ to keep one, /dokumente/<uuid>/ansehen/ to look at it."""

import hashlib
import logging

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from applications.models import DocumentView, StoredFile
from ikz.request_log import about

logger = logging.getLogger(__name__)
DAMAGED = "Das Dokument stimmt nicht mehr mit seiner Prüfsumme überein und wird nicht ausgegeben. Bitte verständigen Sie die technische Betreuung."
# Nothing in the document may run, load or send anything; the browser's own viewer shows it all the same.
RUNS_NOTHING = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@login_required
@require_safe
def document(request, uuid):
    """Hand out one document, as a file, to whoever may see it."""
    return _handed_out(request, uuid, DocumentView.Way.DOWNLOADED)


@login_required
@require_safe
def document_inline(request, uuid):
    """Show one document in the browser of whoever works in the ministry."""
    if not request.user.is_staff:
        raise Http404
    response = _handed_out(request, uuid, DocumentView.Way.SHOWN)
    response["Content-Security-Policy"] = RUNS_NOTHING
    return response


def _handed_out(request, uuid, way):
    """The document, if it was found clean and is what was brought; a changed one is an alarm. Staff leave a trace."""
    stored = get_object_or_404(StoredFile.objects.visible_to(request.user), uuid=uuid)
    about(request, stored)
    if withheld := stored.why_withheld:
        raise PermissionDenied(withheld)
    content = _intact(stored)
    if content is None:
        return HttpResponse(DAMAGED, status=409, content_type="text/plain; charset=utf-8")
    if request.user.is_staff:
        DocumentView.objects.create(file=stored, by=request.user, way=way)
    response = FileResponse(
        content,
        as_attachment=way == DocumentView.Way.DOWNLOADED,
        filename=stored.original_name,
        content_type="application/pdf",
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _intact(stored):
    """The document, opened at its beginning; None and an alarm if it is gone or not what was brought."""
    try:
        content = stored.file.open("rb")
    except FileNotFoundError:
        logger.error("Stored document %s is gone.", stored.uuid)
        return None
    if hashlib.file_digest(content, "sha256").hexdigest() != stored.sha256:
        content.close()
        logger.error("Stored document %s differs from its checksum.", stored.uuid)
        return None
    content.seek(0)
    return content
