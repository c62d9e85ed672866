"""How the work of a page grows with the number of cases: it may grow as the rows that it shows, and no faster.

The rows of a page are those that it lists on all its pages, says the number of, or adds up: a front page that says how many
cases wait, and how much money they ask for, has to look at each that waits.

Measured is processor time, of this process and of the database behind it, so that others on the machine do not count.
"""

import itertools
import os
import time
from datetime import date, timedelta
from pathlib import Path

from django.core.cache import cache
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications import deadlines
from applications.generated.cases import fill_up_to
from applications.generated.people import DOMAIN
from applications.models import Application, Decision
from applications.states import UNDECIDED, State
from ikz.bounded_count import AT_MOST
from ikz.models import User
from municipalities.search import search
from tests.bench.report import Figure
from tests.stack_depth import at_depth, spread

ROUNDS = 9
LIST = reverse("admin:applications_application_changelist")
FASTER_THAN_ITS_ROWS = 1.5  # time may grow as the page's rows, and by half, whatever the number of cases
TWO_WORDS = ("Aufgabe", "bach")


def main(given, _folder):
    """Print the table; the number of pages that grow too fast is the exit code."""
    figures, rows = {}, {}
    for size in given.cases:
        start = time.monotonic()
        fill_up_to(size, today=timezone.localdate())
        print(
            f"\n{size:,} cases, {connection.vendor}, {_bytes()}, filled in {time.monotonic() - start:.0f} s", flush=True
        )
        cache.clear()
        found = _rows()
        for name, figure in _measured(_actions()).items():
            figures[name, size], rows[name, size] = figure, found[name]
            shown = f"{figure.milliseconds:>10.1f} ms {figure.queries:>5} queries {figure.kibibytes:>9.1f} KiB"
            print(f"{name:44}{shown} {found[name]:>7} rows")
    return _print_growth(figures, rows, given.cases)


def _measured(actions):
    """name → processor time of a run on average, after one that warms up and counts the queries."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")  # helpers would work uncounted
    return {name: _figure(action, rounds) for name, (action, rounds) in actions.items()}


def _figure(action, rounds):
    reset_queries()  # a full log would count nothing
    with CaptureQueriesContext(connection) as queries:
        size = len(action())
    number = len(queries)  # the next request empties the log
    start = _processor_seconds()
    for depth in spread(rounds):
        at_depth(depth, action)
    return Figure((_processor_seconds() - start) * 1000 / rounds, number, size / 1024)


def _processor_seconds() -> float:
    seconds = time.process_time()
    if connection.vendor != "postgresql":
        return seconds
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        fields = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return seconds + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _bytes():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
            return cursor.fetchone()[0]
        cursor.execute("SELECT page_count * page_size / 1000000 FROM pragma_page_count(), pragma_page_size()")
        return f"{cursor.fetchone()[0]} MB"


def _actions():
    """name → (action, number of runs)."""
    clerk, decider, outside = (_signed_in(role) for role in ("sachbearbeitung", "bewilligung", "kommune"))
    case = Application.objects.filter(state=State.COMPLETED).order_by("pk").last()
    pages = {
        "Fallliste": (clerk, f"{LIST}?fresh=1"),
        "Fallliste, letzte Seite": (
            clerk,
            f"{LIST}?fresh=1&p={max(1, min(Application.objects.count(), AT_MOST) // 50)}",
        ),
        "Fallliste, nach Betrag sortiert": (clerk, f"{LIST}?o=-8"),
        "Fallliste, Stand": (clerk, f"{LIST}?state=checked"),
        "Fallliste, Kreis und Jahr": (clerk, f"{LIST}?district=06431&year=2025"),
        "Fallliste, am Zug: ich": (clerk, f"{LIST}?turn=me"),
        "Fallliste, Fristen überfällig": (clerk, f"{LIST}?due=overdue"),
        "Suche: Aktenzeichen": (clerk, f"{LIST}?q={case.file_number}"),
        "Suche: zwei Wörter": (clerk, f"{LIST}?q={'+'.join(TWO_WORDS)}"),
        "Startseite, Sachbearbeitung": (clerk, reverse("admin:index")),
        "Startseite, Bewilligung": (decider, reverse("admin:index")),
        "Fallseite": (clerk, reverse("admin:applications_application_change", args=[case.pk])),
        "Bewilligen: Seite": (decider, reverse("admin:applications_application_take", args=[_checked(), "approve"])),
        "Portal: Startseite": (outside, reverse("portal:start")),
    }
    actions = {name: (_page(*given), ROUNDS) for name, given in pages.items()}
    actions["Suche im Register"] = (lambda: str(search("bad hom", date(2026, 1, 1))), ROUNDS)
    return actions | {"Ausfuhr aller Fälle als CSV": (lambda: _export(clerk), 1)}


def _rows() -> dict[str, int]:
    """name → the rows that the page lists, says the number of, or adds up."""
    today = timezone.localdate()
    yesterday, clerk = today - timedelta(days=1), _person("sachbearbeitung")
    every = Application.objects.visible_to(clerk)
    listed = {
        "Fallliste": every,
        "Fallliste, letzte Seite": every,
        "Fallliste, nach Betrag sortiert": every,
        "Fallliste, Stand": every.filter(state=State.CHECKED),
        "Fallliste, Kreis und Jahr": every.located_in("06431").filter(received_on__year=2025),
        "Fallliste, am Zug: ich": every.worklist_of(clerk),
        "Fallliste, Fristen überfällig": deadlines.with_a_day_between(every, date.min, yesterday),
        "Suche: Aktenzeichen": every.none(),
        "Suche: zwei Wörter": every.searched_for(TWO_WORDS),
    }
    waiting = every.filter(state__in=UNDECIDED).count()
    return {name: max(1, min(AT_MOST, cases.count())) for name, cases in listed.items()} | {
        "Startseite, Sachbearbeitung": waiting,
        "Startseite, Bewilligung": waiting,
        "Fallseite": 1,
        "Bewilligen: Seite": Decision.objects.binding().filter(budget__year=today.year).count(),
        "Portal: Startseite": Application.objects.visible_to(_person("kommune")).count(),
        "Suche im Register": 1,
        "Ausfuhr aller Fälle als CSV": every.count(),
    }


def _person(role):
    return User.objects.get(email=f"{role}0@{DOMAIN}")


def _signed_in(role):
    client = Client()
    client.force_login(_person(role))
    return client


def _checked():
    return Application.objects.filter(state=State.CHECKED).order_by("pk").last().pk


def _page(client, url):
    def get():
        response = client.get(url)
        if response.status_code != 200:
            raise RuntimeError(f"{url}: {response.status_code}")
        return response.content

    return get


def _export(client):
    fields = {"format": "1", "resource": "0"}
    return client.post(reverse("admin:applications_application_export") + "?fresh=1", fields).content


def _print_growth(figures, rows, sizes):
    failed = 0
    for name in dict.fromkeys(name for name, _size in figures):
        grown = []
        for small, large in itertools.pairwise(sizes):
            before, after = figures[name, small], figures[name, large]
            page = after.kibibytes / before.kibibytes
            more = max(1, page, rows[name, large] / rows[name, small])
            grown.append((after.milliseconds / before.milliseconds, more))
        holds = all(took <= FASTER_THAN_ITS_ROWS * more for took, more in grown)
        failed += not holds
        said = "  ".join(f"time ×{took:.2f} rows ×{more:.2f}" for took, more in grown)
        print(f"{name:44}{said:>48}   {'holds' if holds else 'DOES NOT HOLD'}")
    return failed
