"""How the tests send the forms of the portal and read its pages."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import PDF


def pdf(name="beschluss.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def url(name, case, *keys):
    return reverse(f"portal:{name}", args=[case.uuid, *keys])


def seen(client, address):
    """The form as its reader sees it."""
    form = client.get(address).context["form"]
    return form["seen"].value() if "seen" in form.fields else ""


def post(client, address, data):
    return client.post(address, data | {"seen": seen(client, address)})


def shown(client, address):
    """What the page of something locked says: why, and the facts."""
    context = client.get(address).context
    return context["locked"], dict(context["facts"])


def links(client, case):
    """The pages of documents that the page of the case offers, with the words of the links."""
    text = client.get(url("case", case)).text
    found = [each.partition("</a>")[0] for each in text.split('<a class="kern-link" href="/portal/faelle/')[1:]]
    return [each.partition(">")[2].partition("<span")[0] for each in found]
