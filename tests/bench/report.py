"""What is measured, and whether the bars hold."""

import statistics
import time
from dataclasses import dataclass
from functools import partial
from io import StringIO

from django.core.management import call_command
from django.db import connection, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications import rules, workflow
from applications.generated.cases import fill_up_to
from applications.models import Application
from applications.states import State
from municipalities.register_import import RegisterFile, import_register
from tests.bench import bare
from tests.stack_depth import at_depth, spread

SIZES = (1_000, 10_000)
ROUNDS = 15
LONG_ROUNDS = 3  # of what takes seconds
REGISTER_ROWS = 10_751
LIST_AGAINST_BARE = 1.5
GROWTH = 1.5


@dataclass(frozen=True)
class Figure:
    milliseconds: float
    queries: int
    kibibytes: float


def measured(actions) -> dict[str, Figure]:
    """name → median of its runs after one that warms up and counts queries.

    The runs take turns, so that a machine that is busy for a while slows all of them and not one.
    """
    first = {name: _counted(action) for name, (action, _rounds) in actions.items()}
    times = {name: [] for name in actions}
    for number, depth in enumerate(spread(ROUNDS)):
        for name, (action, rounds) in actions.items():
            if number % (ROUNDS // rounds) == 0:
                times[name].append(at_depth(depth, partial(_timed, action))[0])
    return {
        name: Figure(statistics.median(times[name]), queries, len(made) / 1024)
        for name, (queries, made) in first.items()
    }


def _counted(action):
    reset_queries()  # a full log would count nothing
    with CaptureQueriesContext(connection) as queries:
        made = action()
    return len(queries), made


def _timed(action):
    start = time.perf_counter()
    made = action()
    return (time.perf_counter() - start) * 1000, made


def main():
    bare.create_table()
    call_command("load_register", stdout=StringIO())
    call_command("load_programmes", stdout=StringIO())
    client = Client()
    figures = {}
    for size in SIZES:
        fill_up_to(size, today=timezone.localdate())
        bare.copy_new_cases()
        candidate = _ready_for_the_check()
        client.force_login(candidate.clerk)
        for name, figure in measured(actions(client, candidate)).items():
            figures[name, size] = figure
            _print_figure(name, size, figure)
    read_register()
    unchanged = {f"register import, {REGISTER_ROWS:,} unchanged rows": (read_register, LONG_ROUNDS)}
    for name, figure in measured(unchanged).items():
        _print_figure(name, size, figure)
    return _print_bars(figures)


def _ready_for_the_check():
    cases = Application.objects.with_case().filter(state=State.AGREEMENT_SIGNED).order_by("pk")
    return next(case for case in cases if rules.CHECK.met(case))


def actions(client, candidate):
    """What is measured: name → (action, how often)."""
    listed = reverse("admin:applications_application_changelist")

    def page(url, by=client):
        def get():
            response = by.get(url)
            if response.status_code != 200:
                raise RuntimeError(f"{url}: {response.status_code}")
            return response.content

        return get

    member = Client()
    member.force_login(candidate.lead.memberships.first().user)

    def as_municipality(url):
        return page(url, member)

    def export():
        return client.post(reverse("admin:applications_application_export"), {"format": "1", "resource": "0"}).content

    def read_new_rows():
        with transaction.atomic():
            read_register()
            transaction.set_rollback(True)  # so that they are new the next time too
        return b""

    def step():
        workflow.take(candidate, "check_application", by=candidate.clerk)
        workflow.take(candidate, "undo", by=candidate.clerk, reason="Messung")
        return b""

    return {
        "stock list of a bare model": (page(reverse("admin:applications_bare_changelist")), ROUNDS),
        "case list": (page(f"{listed}?fresh=1"), ROUNDS),
        "case list, filtered and searched": (page(f"{listed}?state=open&district=06431&q=Aufgabe+bach"), ROUNDS),
        "case list, sorted by days": (page(f"{listed}?o=-6"), ROUNDS),
        "front page": (page(reverse("admin:index")), ROUNDS),
        "case page": (page(reverse("admin:applications_application_change", args=[candidate.pk])), ROUNDS),
        "portal start page": (as_municipality(reverse("portal:start")), ROUNDS),
        "portal case page": (as_municipality(reverse("portal:case", args=[candidate.uuid])), ROUNDS),
        "step (check and undo)": (step, ROUNDS),
        "export as CSV": (export, LONG_ROUNDS),
        f"register import, {REGISTER_ROWS:,} new rows": (read_new_rows, LONG_ROUNDS),
    }


def read_register() -> bytes:
    """Import as many rows as Germany has municipalities."""
    import_register(RegisterFile(all_states_file(), "deutschland.csv", all_states=True), by=None)
    return b""


def all_states_file() -> bytes:
    """As many municipalities as Germany has, outside Hessen, with what a register file says of each."""
    rows = [
        f"09{number:06d};Musterort {number};Gemeinde;{1000 + number};31.12.2024;12,34"
        for number in range(REGISTER_ROWS)
    ]
    return "\n".join(["AGS;Gemeinde;Art;Einwohner;Stand;Fläche (km²)", *rows]).encode()


def _print_figure(name, size, figure):
    print(
        f"{name:42}{size:>8,} cases {figure.milliseconds:>10.1f} ms {figure.queries:>5} queries"
        f" {figure.kibibytes:>9.1f} KiB",
        flush=True,
    )


def _print_bars(figures):
    """Print the ratios; the number of bars that do not hold is the exit code."""
    small, large = SIZES
    listed = {size: figures["case list", size].milliseconds for size in SIZES}
    stock = {size: figures["stock list of a bare model", size].milliseconds for size in SIZES}
    bars = [
        *((f"case list / bare list, {size:,} cases", listed[size] / stock[size], LIST_AGAINST_BARE) for size in SIZES),
        (f"case list, growth {small:,} → {large:,}", listed[large] / listed[small], GROWTH),
    ]
    for name, ratio, limit in bars:
        print(f"{name:48}{ratio:>6.2f}   bar {limit:.1f}   {'holds' if ratio <= limit else 'DOES NOT HOLD'}")
    return sum(ratio > limit for _name, ratio, limit in bars)
