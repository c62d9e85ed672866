"""Clerks, deciders and people of municipalities at work at once: how fast each page is, and what it costs."""

import itertools
import math
import statistics
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from django.utils import timezone

from applications.generated.cases import fill_up_to
from applications.models import Application, Cooperation
from applications.models.cooperation import OzgGoal
from tests import web_server
from tests.load.people import Clerk, Decider, Municipality
from tests.stationery import stationery

CASE_LIST = "Fallliste"
SINGLE_ROUNDS = 40
CALM_REQUESTS = 2_000
LIST_UNDER_LOAD = 3
MEMORY_GROWTH = 1.1
KINDS = [Clerk, Municipality, Clerk, Decider]  # eight people are four clerks, two deciders and two outside


class Figures:
    """What was measured; written by all threads."""

    def __init__(self, requests):
        self.left, self.lock = itertools.count(requests, -1), threading.Lock()
        self.seconds, self.errors = defaultdict(list), defaultdict(list)

    def take(self) -> int:
        with self.lock:
            return next(self.left)

    def note(self, name, answer, went_well):
        with self.lock:
            self.seconds[name].append(answer.seconds)
            if not went_well(answer):
                self.errors[name].append(answer.status)


def main(given, folder):
    """Print the figures; the number of bars that do not hold is the exit code."""
    start = time.monotonic()
    fill_up_to(given.cases[0], today=timezone.localdate())
    complete_what_deciders_need()
    _line(f"{Application.objects.count():,} cases in {time.monotonic() - start:.0f} s, {connection.vendor}")
    with web_server.running(web_server.environment(folder), "--max-requests", "0") as server:
        alone = _alone(server.port)
        _line(f"\n{given.users} people who look at each page for a second")
        calm, _memory = _together(given, server, min(CALM_REQUESTS, given.requests), seconds_to_read=1)
        _line(f"\n{given.users} people who never pause: the most that the processes can do")
        busy, memory = _together(given, server, given.requests, seconds_to_read=0)
        errors = len(server.errors()) + sum(len(each) for run in (calm, busy) for each in run.errors.values())
    return _print_bars(calm, alone, memory, errors)


def complete_what_deciders_need():
    """A letterhead, and goals: generated cases have none, so that no grant of theirs could be drawn."""
    stationery()
    Cooperation.objects.update(ozg_goals=[OzgGoal.values[0]], goals_description="Gemeinsam erreicht.")


def _alone(port):
    """The median of the case list with nobody else around, in seconds."""
    clerk = Clerk(0, port)
    times = [clerk.visitor.get(clerk.case_list).seconds for _ in range(SINGLE_ROUNDS + 5)]
    return statistics.median(times[5:])


def _together(given, server, requests, seconds_to_read):
    people = [KINDS[number % len(KINDS)](number, server.port) for number in range(given.users)]
    figures, memory = Figures(requests), [server.memory()]
    marks = {requests * quarter // 4 for quarter in (1, 2, 3)}

    def work(person):
        for name, act, went_well in person.day():
            left = figures.take()
            if left <= 0:
                return
            if left in marks:
                memory.append(server.memory())
            figures.note(name, act(), went_well)
            time.sleep(seconds_to_read)

    start = time.perf_counter()
    with ThreadPoolExecutor(given.users) as pool:
        list(pool.map(work, people))
    memory.append(server.memory())
    _print_pages(figures, time.perf_counter() - start)
    return figures, memory


def _print_pages(figures, took):
    total = sum(map(len, figures.seconds.values()))
    _line(f"{total:,} requests in {took:.0f} s: {total / took:.1f} a second")
    _line(f"{'page':44}{'requests':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'errors':>8}")
    for name, times in sorted(figures.seconds.items()):
        shares = "".join(f"{percentile(times, share) * 1000:>9.0f}" for share in (50, 95, 99))
        _line(f"{name:44}{len(times):>9,}{shares}{len(figures.errors[name]):>8}")


def _print_bars(figures, alone, memory, errors):
    slow = percentile(figures.seconds[CASE_LIST], 95)
    for name, each in zip(("before", "1/4", "1/2", "3/4", "after"), memory, strict=False):
        _line(f"memory of each web process, {name:8}{'  '.join(f'{size:.0f} MiB' for size in each)}")
    warm, end = max(memory[1]), max(memory[-1])
    bars = [
        ("errors", errors, 0),
        (f"p95 of the case list / {alone * 1000:.0f} ms alone", slow / alone, LIST_UNDER_LOAD),
        ("memory at the end / after a quarter", end / warm, MEMORY_GROWTH),
    ]
    for name, ratio, limit in bars:
        _line(f"{name:48}{ratio:>6.2f}   bar {limit}   {'holds' if ratio <= limit else 'DOES NOT HOLD'}")
    return sum(ratio > limit for _name, ratio, limit in bars)


def percentile(times, share):
    return sorted(times)[max(0, math.ceil(len(times) * share / 100) - 1)]


def _line(text):
    print(text, flush=True)
