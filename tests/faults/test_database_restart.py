"""The database is restarted while people work; on a real one a commit that was answered is on the disk."""

import os
import threading
import time
from collections import Counter

import pytest
from django.db import connection

from tests import postgresql
from tests.factories import case_in
from tests.faults.damage import Fault
from tests.faults.interruptions import outcome
from tests.web_client import Answer, Visitor, step_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
PEOPLE = 4
SECONDS_BEFORE, SECONDS_AFTER = 3, 5


class Clerk(threading.Thread):
    """Takes a step and takes it back, again and again; keeps what it was answered, and each entry of the history it was told of."""

    def __init__(self, case, port, stop):
        super().__init__()
        self.case, self.stop = case, stop
        self.visitor = Visitor(case.clerk, port)
        self.answers, self.told = [], Counter()

    def run(self):
        while not self.stop.is_set():
            self.answers.append(outcome(self._step))

    def _step(self):
        """The check, or where it is done (its page leads away) the step back. None where the page failed."""
        name, filled = "check_application", {}
        page = self.visitor.get(step_page(self.case, name))
        if page.status == 302:
            name, filled = "undo", {"reason": f"Probe {len(self.answers)}"}
            page = self.visitor.get(step_page(self.case, name))
        if page.status != 200:
            time.sleep(0.1)
            return None
        answer = self.visitor.post(step_page(self.case, name), {**page.fields, **filled})
        if answer.status == 302:
            last = int(page.fields["seen"].partition("-")[0])
            self.told[last + 1, name, filled.get("reason", "")] += 1
        return answer

    @property
    def lost(self):
        """What was told and is not there; one that is there without having been told does not make up for it."""
        return (self.told - Counter(self.case.history.values_list("sequence", "step", "reason"))).total()


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_database_restarted_under_load(server, mode):
    fault = Fault(f"database restarted under load ({mode})")
    with connection.cursor() as cursor:  # the test's server acknowledges before it has written; a real one does not
        cursor.execute(f"ALTER DATABASE {connection.settings_dict['NAME']} SET synchronous_commit = on")
    stop = threading.Event()
    clerks = [Clerk(case_in("agreement_signed"), server.port, stop) for _ in range(PEOPLE)]
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
    fault.acknowledged = sum(each.told.total() for each in clerks)
    fault.lost = sum(each.lost for each in clerks)
    assert fault.acknowledged > PEOPLE
    assert [isinstance(each.answers[-1], Answer) and each.answers[-1].status for each in clerks] == [302] * PEOPLE
    assert fault.look_around().damage == (0, 0, 0, 0)
