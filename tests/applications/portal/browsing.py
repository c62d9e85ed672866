"""How the tests send the forms of the portal."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import PDF


def pdf(name="beschluss.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def url(name, case, *keys):
    return reverse(f"portal:{name}", args=[case.uuid, *keys])


def seen(client, address):
    """The form as its reader sees it."""
    return client.get(address).context["form"].initial.get("seen", "")


def post(client, address, data):
    return client.post(address, data | {"seen": seen(client, address)})
