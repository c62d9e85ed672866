"""A person at a browser without a screen: a session that is signed in, pages, forms as they are filled in, uploads."""

import contextlib
import http.client
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from django.urls import reverse

BOUNDARY = "ikz-boundary"
SECONDS = 120


@dataclass
class Answer:
    status: int
    body: bytes
    location: str
    seconds: float

    @property
    def fields(self) -> dict:
        """The fields of the page's form, with what they hold."""
        return form_fields(self.body.decode())


@dataclass
class Upload:
    name: str
    content: bytes


@dataclass
class Form:
    fields: dict = field(default_factory=dict)


def step_page(case, name) -> str:
    return reverse("admin:applications_application_take", args=[case.pk, name])


class Visitor:
    """Signed in without a password, because what is measured is not the login. One thread at a time."""

    def __init__(self, user, port):
        client = Client()
        client.force_login(user)
        self.user, self.port = user, port
        self.cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}

    def get(self, path) -> Answer:
        return self._ask("GET", path)

    def form(self, path) -> dict:
        """The fields of the form of a page that posts to itself, with what they hold."""
        answer = self.get(path)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return answer.fields

    def post(self, path, fields, uploads=()) -> Answer:
        if uploads:
            kind, body = f"multipart/form-data; boundary={BOUNDARY}", _multipart(fields, uploads)
        else:
            kind, body = "application/x-www-form-urlencoded", urlencode(fields, doseq=True).encode()
        return self._ask("POST", path, body, {"Content-Type": kind})

    def submit(self, path, uploads=(), **filled) -> Answer:
        """Open the page, fill in its form and send it."""
        return self.post(path, {**self.form(path), **filled}, uploads)

    def begin_upload(self, path, fields, uploads):
        """Send the first half of a form, and return the connection that waits to send the rest."""
        body = _multipart(fields, uploads)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        connection.putrequest("POST", path)
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Content-Length": str(len(body))}
        for name, value in {**headers, "Cookie": self._cookie()}.items():
            connection.putheader(name, value)
        connection.endheaders(body[: len(body) // 2])
        return connection

    def _cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _ask(self, method, path, body=None, headers=None) -> Answer:
        start = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        with contextlib.closing(connection):
            connection.request(method, path, body, {"Cookie": self._cookie(), **(headers or {})})
            response = connection.getresponse()
            content = response.read()
        for each in response.headers.get_all("Set-Cookie", []):
            name, _, value = each.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, content, response.getheader("Location", ""), time.perf_counter() - start)


def form_fields(page: str) -> dict:
    """name → value of the page's last form that holds a token: those before it are in the frame around the page."""
    reader = _Forms()
    reader.feed(page)
    return [form.fields for form in reader.forms if "csrfmiddlewaretoken" in form.fields][-1]


class _Forms(HTMLParser):
    """Reads what a browser would send: hidden and text fields, checked boxes, chosen options, textareas."""

    def __init__(self):
        super().__init__()
        self.forms, self.area, self.choice = [], None, None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.forms.append(Form())
        elif not self.forms:
            return
        elif tag == "input" and given.get("name"):
            self._input(given)
        elif tag == "textarea":
            self.area = given["name"]
            self.forms[-1].fields[self.area] = ""
        elif tag == "select":
            self.choice = given.get("name")
        elif tag == "option" and self.choice and "selected" in given:
            self.forms[-1].fields[self.choice] = given["value"]

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = None
        elif tag == "select":
            self.choice = None

    def handle_data(self, data):
        if self.area:
            self.forms[-1].fields[self.area] += data

    def _input(self, given):
        kind = given.get("type", "text")
        if kind in ("submit", "file", "button") or (kind in ("checkbox", "radio") and "checked" not in given):
            return
        self.forms[-1].fields[given["name"]] = given.get("value", "")


def _multipart(fields, uploads) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, upload in uploads:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{upload.name}"\r\n'
        parts.append(f"{head}Content-Type: application/pdf\r\n\r\n".encode() + upload.content + b"\r\n")
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])
