"""The restart of docs/operations.md, with the command of the unit: the link moves, gunicorn ends and starts anew.

In place of systemd the test holds the socket of ikz-web.socket and hands it over. The releases are small ones.
"""

import contextlib
import re
import socket
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException

import pytest
from django.conf import settings

from tests.ports import end

UNIT = settings.BASE_DIR / "docs" / "deploy" / "ikz-web.service"
# By sd_listen_fds(3): the sockets begin at 3, for the process of this number, which `exec` keeps.
HAND_OVER = 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@" 3<&0 </dev/null'
APPLICATION = """
import time

time.sleep(1)  # what there is to load


def application(environ, start_response):
    time.sleep(0.05)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"{name}"]
"""


@pytest.fixture
def queue():
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listening:
        yield listening


def release(folder, name):
    """A release with the delivered configuration of gunicorn and an application that says its name."""
    made = folder / name
    (made / "ikz").mkdir(parents=True)
    (made / ".venv").symlink_to(sys.prefix)
    (made / "docs").symlink_to(settings.BASE_DIR / "docs")
    (made / "ikz" / "request_log.py").symlink_to(settings.BASE_DIR / "ikz" / "request_log.py")
    (made / "ikz" / "wsgi.py").write_text(APPLICATION.format(name=name), encoding="utf-8")
    return made


def move(link, target):
    subprocess.run(["ln", "-sfn", target, link], check=True)


@contextlib.contextmanager
def service(queue, link):
    """As systemd starts and stops it."""
    (command,) = re.findall("(?m)^ExecStart=(.+)$", UNIT.read_text(encoding="utf-8"))
    words = command.replace("/opt/ikz/current", str(link)).split()
    given = {"PATH": "/usr/bin:/bin", "WEB_CONCURRENCY": "2"}
    with (
        (link.parent / "gunicorn.log").open("ab") as log,
        subprocess.Popen(
            ["sh", "-c", HAND_OVER, "sh", *words], cwd=link, env=given, stdin=queue, stdout=log, stderr=log
        ) as process,
    ):
        try:
            yield
        finally:
            end(process)


def browse(port, answers, stop):
    while not stop.is_set():
        with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            try:
                connection.request("GET", "/")
                answers.append(connection.getresponse().read().decode())
            except (OSError, HTTPException) as error:
                answers.append(repr(error))


def wait_for(answers, name, number=20):
    until = time.monotonic() + 60
    while answers.count(name) < number and time.monotonic() < until:
        time.sleep(0.05)


def test_restart_after_the_link_was_moved_loses_no_request(tmp_path, queue):
    current, answers, stop = tmp_path / "current", [], threading.Event()
    old, new = release(tmp_path, "old"), release(tmp_path, "new")
    given = (queue.getsockname()[1], answers, stop)
    browsers = [threading.Thread(target=browse, args=given, daemon=True) for _ in range(6)]
    move(current, old)
    with service(queue, current):
        for browser in browsers:
            browser.start()
        wait_for(answers, "old")
        move(current, new)
    with service(queue, current):
        wait_for(answers, "new")
        stop.set()
        for browser in browsers:
            browser.join()

    assert answers == ["old"] * answers.count("old") + ["new"] * answers.count("new")
    assert min(answers.count("old"), answers.count("new")) >= 20
