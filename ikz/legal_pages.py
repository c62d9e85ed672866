"""The texts that the law asks for: delivered with the product, and the ministry's own from then on."""

from django.conf import settings
from django.shortcuts import get_object_or_404, render

from ikz.models import LegalPage

FOLDER = settings.BASE_DIR / "fixtures" / "legal"


def legal_page(request, key):
    page = get_object_or_404(LegalPage, key=key)
    return render(request, "portal/legal_page.html", {"page": page})


def load(**_signal):
    """Create the pages that are missing, with the delivered text. Runs after every migration."""
    for key in LegalPage.Key.values:
        title, _, text = (FOLDER / f"{key}.txt").read_text(encoding="utf-8").partition("\n")
        LegalPage.objects.get_or_create(key=key, defaults={"title": title, "text": text.strip()})
