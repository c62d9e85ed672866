"""What an upload costs end to end, and fifty of them at once: two processes of the real server, real sessions."""

import contextlib
import hashlib
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from applications.models import StoredFile
from applications.tidying import tidy
from tests.applications import pdf_samples as samples
from tests.factories import ApplicationFactory, CooperationFactory, MunicipalityFactory
from tests.municipal_people import member_of

PEOPLE, UPLOADS = 10, 50
MIB = 1024 * 1024
ROUNDS = 5
PROCESSES = 2
BOUNDARY = "ikz-bench-boundary"


def document(size, number):
    """A sound PDF of about this size, unlike every other one."""
    pdf = samples.document()
    pdf.Root.PieceInfo = pdf.make_stream(os.urandom(size), Number=number)
    return samples.saved(pdf)


class Person:
    """Somebody of a municipality with a case of its own, signed in."""

    def __init__(self):
        towns = MunicipalityFactory.create_batch(2)
        self.case = ApplicationFactory(cooperation=CooperationFactory(participants=towns))
        client = Client()
        client.force_login(member_of(towns[0]))
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        self.path = reverse("portal:other_documents", args=[self.case.uuid, self.case.participants[0].pk])

    def upload(self, port, content):
        """The form and the file, as a browser sends them; how long it took in milliseconds. Raises on any refusal."""
        start = time.perf_counter()
        connected = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        with contextlib.closing(connected):
            token, cookie = self._form(connected)
            connected.request("POST", self.path, _body(token, content), self._headers(cookie))
            answer = connected.getresponse()
            answer.read()
        if answer.status != 302:
            raise RuntimeError(f"The upload was answered with {answer.status}.")
        return (time.perf_counter() - start) * 1000

    def _form(self, connected):
        connected.request("GET", self.path, headers={"Cookie": self.cookie})
        answer = connected.getresponse()
        page = answer.read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        return token, answer.getheader("Set-Cookie").partition(";")[0]

    def _headers(self, cookie):
        return {
            "Cookie": f"{self.cookie}; {cookie}",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        }


def _body(token, content):
    fields = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
    file = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    return (fields + file).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


@contextlib.contextmanager
def server():
    """The real server with its processes; yields its port and its process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--workers", str(PROCESSES), "--bind", f"127.0.0.1:{port}", "--timeout", "120", "--log-level", "error"]
    # The process of the measurement serves no pages, so that the manifest of static files is missing so far.
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"], check=True)
    command = [sys.executable, "-m", "gunicorn", *options, "ikz.wsgi"]
    with subprocess.Popen(command, cwd=settings.BASE_DIR) as process:
        try:
            _wait_for(port)
            yield port, process
        finally:
            process.terminate()


def _wait_for(port):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError("The server does not start.")


def peak_mib(parent):
    """The highest memory of any process of the server so far, without the short-lived children that look into PDFs."""
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text(encoding="ascii").split()
    peaks = [
        re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))[1] for pid in children
    ]
    return max(map(int, peaks)) / 1024


def main():
    """Print the figures; the number of lost or refused uploads is the exit code."""
    people = [Person() for _ in range(PEOPLE)]
    before = StoredFile.objects.count()
    with server() as (port, process):
        times = [people[0].upload(port, document(5 * MIB, number)) for number in range(ROUNDS + 1)][1:]
        _line("upload of 5 MB, end to end", f"{statistics.median(times):.1f} ms", f"peak {peak_mib(process):.0f} MiB")
        contents = [document(MIB, number) for number in range(UPLOADS)]
        start = time.perf_counter()
        with ThreadPoolExecutor(PEOPLE) as pool:
            times = list(pool.map(lambda n: people[n % PEOPLE].upload(port, contents[n]), range(UPLOADS)))
        took = time.perf_counter() - start
        _line(
            f"{UPLOADS} uploads of 1 MB by {PEOPLE} people",
            f"{UPLOADS / took:.1f} a second",
            f"slowest {max(times):.0f} ms, peak {peak_mib(process):.0f} MiB",
        )
    return _lost(contents, before)


def _lost(contents, before):
    """How many documents miss a row or their object."""
    kept = set(StoredFile.objects.values_list("sha256", flat=True))
    missing = sum(hashlib.sha256(content).hexdigest() not in kept for content in contents)
    stray = StoredFile.objects.count() - before - UPLOADS - ROUNDS - 1
    store = tidy(older_than_seconds=0, dry_run=True)
    lost = missing + abs(stray) + len(store.orphans) + store.parts + len(store.missing)
    _line("errors and documents lost", str(lost), f"on {connection.vendor}, {PROCESSES} server processes")
    return lost


def _line(name, figure, note):
    sys.stdout.write(f"{name:48}{figure:>16}   {note}\n")
    sys.stdout.flush()
