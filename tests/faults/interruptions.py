"""How a process is caught in the middle of its work, and killed there."""

import contextlib
import http.client
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

SECONDS = 30


def until(condition, what, seconds=SECONDS):
    """Wait until it holds, and return what it said."""
    end = time.monotonic() + seconds
    while not (said := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"Nobody saw in {seconds} seconds: {what}")
        time.sleep(0.02)
    return said


@contextlib.contextmanager
def nobody_writes(table):
    """Whoever writes into the table waits; what was written before lies in the open transaction."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield
    finally:
        other.rollback()
        other.close()


def is_waited_for(table) -> bool:
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = to_regclass(%s)"
    with connection.cursor() as cursor:
        cursor.execute(query, [table])
        return cursor.fetchone()[0] > 0


def nobody_is_at_work() -> bool:
    """No other connection is in a transaction: the database has noticed that whoever was there is gone."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND state <> 'idle'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0] == 0


def outcome(action):
    """What the action returned, or how its connection ended."""
    try:
        return action()
    except (OSError, http.client.HTTPException) as broken:
        return broken


def killed_at(table, action, server):
    """Start the request, wait until it gets stuck at the table, and kill -9 all web processes. What the client saw."""
    with nobody_writes(table), ThreadPoolExecutor(1) as pool:
        future = pool.submit(outcome, action)
        until(lambda: is_waited_for(table), f"a request that waits for {table}")
        kill(server.web_processes())
        seen = future.result()
    until(nobody_is_at_work, "an end of the killed transaction")
    return seen


def kill(pids):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def all_at_once(actions):
    """What each action returned, or how its connection ended; all start at the same moment."""
    barrier = threading.Barrier(len(actions), timeout=60)

    def run(action):
        barrier.wait()
        return outcome(action)

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))
