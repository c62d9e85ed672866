"""Real S3 stores on loopback, in processes of their own, and a server that does what stores do on bad days."""

import contextlib
import socket
import struct
import subprocess
import sys
import threading

import boto3
import pytest

from tests import swift
from tests.ports import free_port, wait_until_open

BUCKET, KEY, SECRET = "dokumente", "ikz:ikz", "geheim"


def options(endpoint, **changed):
    """Of DocumentBucket."""
    given = {"bucket": BUCKET, "endpoint": endpoint, "region": "us-east-1", "path_style": True}
    return given | {"key": KEY, "secret": SECRET} | changed


def client(endpoint):
    """To look at the bucket past our own storage."""
    keys = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET, "region_name": "us-east-1"}
    return boto3.client("s3", endpoint_url=endpoint, **keys)


def empty(endpoint):
    s3 = client(endpoint)
    for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        s3.delete_object(Bucket=BUCKET, Key=each["Key"])


@contextlib.contextmanager
def running(kind, folder):
    """Yield the address of a store of this kind; it holds an empty bucket."""
    with KINDS[kind](folder) as (port, process):
        wait_until_open(port, process)
        client(f"http://127.0.0.1:{port}").create_bucket(Bucket=BUCKET)
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def _moto(_folder):
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield port, process
        finally:
            process.kill()


@contextlib.contextmanager
def _swift(folder):
    if not swift.is_installed():
        pytest.skip(f"swift FEHLT: Die zweite Ablage wird nicht geprüft. Abhilfe: apt-get install {swift.PACKAGES}.")
    with swift.running(folder, key=KEY, secret=SECRET) as started:
        yield started


KINDS = {"moto": _moto, "swift": _swift}


@contextlib.contextmanager
def faulty(answer):
    """Yield the address of a server that does `answer(connection)` with each connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        stopped = threading.Event()
        thread = threading.Thread(target=_serve, args=[server, answer, stopped], daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        stopped.set()
        with contextlib.suppress(OSError):
            socket.create_connection(server.getsockname(), timeout=1).close()
        thread.join(timeout=5)  # before the socket is closed under it


def _serve(server, answer, stopped):
    while not stopped.is_set():
        connection, _peer = server.accept()
        threading.Thread(target=_answer, args=[connection, answer], daemon=True).start()


def _answer(connection, answer):
    with connection, contextlib.suppress(OSError):
        answer(connection)


def silent(connection):
    """Takes everything and never answers."""
    while connection.recv(1 << 16):
        pass


def gone_in_mid_upload(connection):
    """Takes the beginning and hangs up hard."""
    connection.recv(1 << 16)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def refusing(status):
    """Answers with an error, as a full or closed store does."""

    def answer(connection):
        connection.settimeout(0.05)
        with contextlib.suppress(TimeoutError):
            while connection.recv(1 << 16):
                pass
        connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())

    return answer
