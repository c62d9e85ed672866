"""What an upload costs end to end, and fifty of them at once: two processes of the real server, real sessions."""

import hashlib
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import connection
from django.urls import reverse

from applications.models import StoredFile
from applications.tidying import tidy
from tests import web_server
from tests.applications import pdf_samples as samples
from tests.factories import ApplicationFactory, CooperationFactory, MunicipalityFactory
from tests.municipal_people import member_of
from tests.web_client import Upload, Visitor

PEOPLE, UPLOADS = 10, 50
MIB = 1024 * 1024
ROUNDS = 5


class Person:
    """Somebody of a municipality with a case of its own, signed in."""

    def __init__(self):
        towns = MunicipalityFactory.create_batch(2)
        self.case = ApplicationFactory(cooperation=CooperationFactory(participants=towns))
        self.user = member_of(towns[0])
        self.path = reverse("portal:other_documents", args=[self.case.uuid, self.case.participants[0].pk])

    def upload(self, port, content):
        """The form and the file, as a browser sends them; how long it took in milliseconds. Raises on any refusal."""
        start = time.perf_counter()
        answer = Visitor(self.user, port).submit(self.path, [("files", Upload("a.pdf", content))])
        if answer.status != 302:
            raise RuntimeError(f"The upload was answered with {answer.status}.")
        return (time.perf_counter() - start) * 1000


def main():
    """Print the figures; the number of lost or refused uploads is the exit code."""
    people = [Person() for _ in range(PEOPLE)]
    before = StoredFile.objects.count()
    environment = web_server.environment(settings.MEDIA_ROOT.parent)
    web_server.collect_static(environment)
    with web_server.running(environment) as server:
        times = [people[0].upload(server.port, samples.unlike_others(5 * MIB, number)) for number in range(ROUNDS + 1)][
            1:
        ]
        _line(
            "upload of 5 MB, end to end",
            f"{statistics.median(times):.1f} ms",
            f"peak {max(server.memory('VmHWM')):.0f} MiB",
        )
        contents = [samples.unlike_others(MIB, number) for number in range(UPLOADS)]
        start = time.perf_counter()
        with ThreadPoolExecutor(PEOPLE) as pool:
            times = list(pool.map(lambda n: people[n % PEOPLE].upload(server.port, contents[n]), range(UPLOADS)))
        took = time.perf_counter() - start
        _line(
            f"{UPLOADS} uploads of 1 MB by {PEOPLE} people",
            f"{UPLOADS / took:.1f} a second",
            f"slowest {max(times):.0f} ms, peak {max(server.memory('VmHWM')):.0f} MiB",
        )
    return _lost(contents, before)


def _lost(contents, before):
    """How many documents miss a row or their object."""
    kept = set(StoredFile.objects.values_list("sha256", flat=True))
    missing = sum(hashlib.sha256(content).hexdigest() not in kept for content in contents)
    stray = StoredFile.objects.count() - before - UPLOADS - ROUNDS - 1
    store = tidy(older_than_seconds=0, dry_run=True)
    lost = missing + abs(stray) + len(store.orphans) + store.parts + len(store.missing)
    _line("errors and documents lost", str(lost), f"on {connection.vendor}, 2 server processes")
    return lost


def _line(name, figure, note):
    print(f"{name:48}{figure:>16}   {note}", flush=True)
