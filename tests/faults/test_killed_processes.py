"""kill -9 in the middle: what was acknowledged is there, what was not leaves nothing behind and can be done again."""

import contextlib
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as project_settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone
from post_office.models import STATUS, Email

from applications.models import Application, StoredFile
from applications.tidying import tidy
from municipalities.models import Municipality, RegisterImport
from tests import mail_server
from tests.applications import pdf_samples
from tests.factories import ApplicationFactory, CooperationFactory, MunicipalityFactory, UserFactory, case_in, decider
from tests.faults.damage import Fault
from tests.faults.interruptions import kill, killed_at, nobody_is_at_work, outcome, until
from tests.municipal_people import member_of
from tests.municipalities.register_samples import HEADER, REGISTER, csv_bytes
from tests.ports import free_port
from tests.web_client import Answer, Upload, Visitor, step_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]


def test_web_process_in_the_middle_of_a_step(server):
    fault = Fault("kill -9 of a web process in the middle of a step")
    case = case_in("agreement_signed")
    clerk = Visitor(case.clerk, server.port)

    for table in ("applications_application", "applications_entry", "applications_message", "post_office_email"):
        fault.tried += 1
        member_of(case.lead)  # somebody is told, so that there are mails
        seen = killed_at(table, lambda: clerk.submit(step_page(case, "check_application")), server)
        assert not isinstance(seen, Answer)
        assert Application.objects.get().state == "agreement_signed"
    answer = clerk.submit(step_page(case, "check_application"))
    fault.tried, fault.acknowledged = fault.tried + 1, 1

    fault.lost += Application.objects.get().state != "checked"
    assert answer.status == 302
    assert fault.look_around().damage == (0, 0, 0, 0)


def test_web_process_in_the_middle_of_a_letter(server, letters):
    fault = Fault("kill -9 of a web process in the middle of a letter")
    case = case_in("checked")
    Municipality.objects.update(postal_code="64625")
    boss = Visitor(decider(), server.port)

    for table in ("applications_decision", "applications_storedfile", "applications_notice"):
        fault.tried += 1
        assert not isinstance(killed_at(table, lambda: boss.submit(step_page(case, "approve")), server), Answer)
        assert (Application.objects.get().state, case.notices.count()) == ("checked", 0)
    answer = boss.submit(step_page(case, "approve"))
    fault.tried, fault.acknowledged = fault.tried + 1, 1

    assert answer.status == 302
    fault.lost += (Application.objects.get().state, case.notices.count()) != ("approved", 1)
    assert fault.look_around().damage == (0, 0, 0, 0)


def test_web_process_in_the_middle_of_an_upload(server):
    fault = Fault("kill -9 of a web process in the middle of an upload")
    case = ApplicationFactory(cooperation=CooperationFactory(participants=MunicipalityFactory.create_batch(2)))
    person = Visitor(member_of(case.lead), server.port)
    path = reverse("portal:other_documents", args=[case.uuid, case.participants[0].pk])

    def upload(number):
        content = pdf_samples.unlike_others(size=200_000, number=number)
        return person.submit(path, [("files", Upload("unterlage.pdf", content))])

    for number, table in enumerate(["applications_application", "applications_storedfile", "applications_fieldchange"]):
        fault.tried += 1
        assert not isinstance(killed_at(table, lambda n=number: upload(n), server), Answer)
    fault.tried += 1
    assert not isinstance(killed_in_mid_transfer(person, path, server), Answer)
    assert StoredFile.objects.count() == 0
    tidy(older_than_seconds=0)
    fault.tried, fault.acknowledged = fault.tried + 1, int(upload(9).status == 302)

    fault.lost += StoredFile.objects.count() != fault.acknowledged
    fault.half_done += len(tidy(older_than_seconds=0).orphans)
    assert fault.acknowledged == 1
    assert fault.look_around().damage == (0, 0, 0, 0)


def killed_in_mid_transfer(person, path, server):
    """Half of the document has arrived when all web processes are killed. What the client saw of its upload."""
    content = pdf_samples.unlike_others(size=8_000_000, number=99)
    waiting = person.begin_upload(path, person.form(path), [("files", Upload("unterlage.pdf", content))])
    with contextlib.closing(waiting):
        until(lambda: is_receiving(server.web_processes()), "a web process that is receiving")
        kill(server.web_processes())
        seen = outcome(waiting.getresponse)
    until(nobody_is_at_work, "an end of the killed transaction")
    return seen


def is_receiving(pids) -> bool:
    """Django has begun to write the document beside the form's other fields into a file of its own."""
    links = [link for pid in pids for link in Path(f"/proc/{pid}/fd").iterdir()]
    return any(".upload" in target_of(link) for link in links)


def target_of(link) -> str:
    try:
        return str(link.readlink())
    except FileNotFoundError:  # closed meanwhile
        return ""


def test_web_process_in_the_middle_of_an_import(server):
    fault = Fault("kill -9 of a web process in the middle of an import")
    clerk = Visitor(UserFactory(is_superuser=True), server.port)
    content = csv_bytes([HEADER, *REGISTER])

    def read_in():
        page = reverse("admin:municipalities_municipality_import")
        fields = clerk.form(page)
        shown = clerk.post(page, fields, [("import_file", Upload("register.csv", content))])
        return clerk.post(reverse("admin:municipalities_municipality_process_import"), shown.fields)

    for table in ("municipalities_municipality", "municipalities_registerimport"):
        fault.tried += 1
        assert not isinstance(killed_at(table, read_in, server), Answer)
        fault.half_done += Municipality.objects.count() + RegisterImport.objects.count()
    fault.tried, fault.acknowledged = fault.tried + 1, int(read_in().status == 302)

    fault.lost += (Municipality.objects.count(), RegisterImport.objects.count()) != (len(REGISTER), 1)
    assert fault.acknowledged == 1
    assert fault.look_around().damage == (0, 0, 0, 0)


def test_worker_in_the_middle_of_a_mail(settings, environment):
    """The mail server has the mail and has not said so yet: nobody can know, so it is sent once more, under the same id."""
    fault = Fault("kill -9 of the worker in the middle of a mail")
    settings.EMAIL_BACKEND = "ikz.outbox.OutboxBackend"
    port = free_port()
    given = environment | {"IKZ_SMTP_URL": f"smtp://127.0.0.1:{port}"}
    for number in range(5):
        send_mail(f"Nachricht {number}", "Text", None, [f"person{number}@example.org"])

    with mail_server.serving(port, mail_server.SlowMailbox()) as mailbox:
        for _ in range(2):
            fault.tried += 1
            mailbox.answers_are_held()
            killed_with(given, lambda: mailbox.is_holding)
            mailbox.let_go()
            Email.objects.filter(scheduled_time__isnull=False).update(scheduled_time=timezone.now() - timedelta(1))
        subprocess.run(worker("--once"), env=given, cwd=project_settings.BASE_DIR, check=True)

    arrived = [content.partition("Subject: ")[2].partition("\n")[0].strip() for _to, content in mailbox.received]
    fault.acknowledged = Email.objects.filter(status=STATUS.sent).count()
    fault.lost = len({f"Nachricht {number}" for number in range(5)} - set(arrived))
    assert (fault.acknowledged, len(arrived) - len(set(arrived)) <= fault.tried) == (5, True)
    assert fault.look_around().damage == (0, 0, 0, 0)


def worker(*options):
    return [sys.executable, "manage.py", "worker", *options]


def killed_with(given, is_at_it):
    options = {"env": given, "cwd": project_settings.BASE_DIR, "stdout": subprocess.DEVNULL}
    with subprocess.Popen(worker(), **options) as process:
        until(is_at_it, "a worker in the middle of a mail")
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
