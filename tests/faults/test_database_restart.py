"""The database is restarted while people work; on a real one a commit that was answered is on the disk."""

import os
import threading
import time

import pytest
from django.db import connection

from applications.models import Entry
from tests import postgresql
from tests.factories import case_in
from tests.faults.damage import Fault
from tests.faults.interruptions import outcome
from tests.web_client import Answer, Visitor, step_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
PEOPLE = 4
SECONDS_BEFORE, SECONDS_AFTER = 3, 5


class Clerk(threading.Thread):
    """Takes a step and takes it back, again and again; keeps what it was answered."""

    def __init__(self, case, port, stop):
        super().__init__()
        self.case, self.stop = case, stop
        self.visitor = Visitor(case.clerk, port)
        self.answers = []

    def run(self):
        while not self.stop.is_set():
            self.answers.append(outcome(self._step))

    def _step(self):
        """The check, or where it is done (its page leads away) the step back. None where the page failed."""
        name, filled = "check_application", {}
        page = self.visitor.get(step_page(self.case, name))
        if page.status == 302:
            name, filled = "undo", {"reason": "Probe"}
            page = self.visitor.get(step_page(self.case, name))
        if page.status == 200:
            return self.visitor.post(step_page(self.case, name), {**page.fields, **filled})
        time.sleep(0.1)
        return None

    @property
    def acknowledged(self):
        return sum(isinstance(each, Answer) and each.status == 302 for each in self.answers)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_database_restarted_under_load(server, mode):
    fault = Fault(f"database restarted under load ({mode})")
    with connection.cursor() as cursor:  # the test's server acknowledges before it has written; a real one does not
        cursor.execute(f"ALTER DATABASE {connection.settings_dict['NAME']} SET synchronous_commit = on")
    stop = threading.Event()
    clerks = [Clerk(case_in("agreement_signed"), server.port, stop) for _ in range(PEOPLE)]
    before = Entry.objects.count()
    connection.close()

    for each in clerks:
        each.start()
    time.sleep(SECONDS_BEFORE)
    postgresql.restart(os.environ["DATABASE_URL"], mode)
    time.sleep(SECONDS_AFTER)
    stop.set()
    for each in clerks:
        each.join()

    fault.tried = sum(len(each.answers) for each in clerks)
    fault.acknowledged = sum(each.acknowledged for each in clerks)
    fault.lost = max(0, before + fault.acknowledged - Entry.objects.count())
    assert fault.acknowledged > PEOPLE
    assert [isinstance(each.answers[-1], Answer) and each.answers[-1].status for each in clerks] == [302] * PEOPLE
    assert fault.look_around().damage == (0, 0, 0, 0)
