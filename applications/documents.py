"""The guarded door to documents: /dokumente/<uuid>/."""

import hashlib
import logging

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from applications.models import StoredFile

logger = logging.getLogger(__name__)
DAMAGED = "Das Dokument stimmt nicht mehr mit seiner Prüfsumme überein und wird nicht ausgegeben. Bitte verständigen Sie die Administration."


@login_required
@require_safe
def document(request, uuid):
    """Hand out one document to whoever may see it; a changed one is an alarm, not a download."""
    stored = get_object_or_404(StoredFile.objects.visible_to(request.user), uuid=uuid)
    content = stored.file.open("rb")
    if hashlib.file_digest(content, "sha256").hexdigest() != stored.sha256:
        content.close()
        logger.error("Stored document %s differs from its checksum.", stored.uuid)
        return HttpResponse(DAMAGED, status=409, content_type="text/plain; charset=utf-8")
    content.seek(0)
    response = FileResponse(content, filename=stored.original_name, content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    return response
