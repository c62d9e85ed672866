"""The installation of docs/deploy on loopback: nginx in front of gunicorn, each with its delivered configuration.

Only what belongs to a machine is rewritten: ports, paths, the certificate, and the settings' database and folders.
"""

import contextlib
import datetime
import getpass
import ipaddress
import os
import shutil
import ssl
import subprocess
import sys
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from tests.ports import end, free_port, wait_until_open

DEPLOY = settings.BASE_DIR / "docs" / "deploy"
HOST = "ikz.example"
# What Debian's nginx.conf says around the files of conf.d. Its processes read this checkout, wherever that lies.
AROUND = """
user {user};
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/ikz.conf;
}}
"""


def program() -> str | None:
    return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


@dataclass
class Installation:
    """Where it listens, and what its web processes have logged so far."""

    http: int
    https: int
    upstream: int
    folder: Path
    gunicorn: subprocess.Popen | None

    def request(self, method, path, *, body=None, headers=None, is_secure=True, source="127.0.0.1"):
        """The response, read to its end as `response.body`. `source` is the address it is asked from."""
        with contextlib.closing(self._connection(is_secure, (source, 0))) as connection:
            connection.request(method, path, body=body, headers={"Host": HOST, **(headers or {})})
            response = connection.getresponse()
            response.body = response.read()
        return response

    def get(self, path, **given):
        return self.request("GET", path, **given)

    def log(self):
        return (self.folder / "gunicorn.log").read_text(encoding="utf-8").splitlines()

    def log_of_nginx(self):
        return "".join((self.folder / name).read_text(encoding="utf-8") for name in ("nginx.log", "nginx-ikz.log"))

    def _connection(self, is_secure, source):
        if not is_secure:
            return HTTPConnection("127.0.0.1", self.http, timeout=30, source_address=source)
        trusted = ssl.create_default_context(cafile=self.folder / "certificate.pem")
        return HTTPSConnection("127.0.0.1", self.https, timeout=30, context=trusted, source_address=source)


@contextlib.contextmanager
def running(folder: Path, environment: dict):
    """Yield an installation that is gone afterwards; the database of its environment has its tables already."""
    http, https, upstream = free_port(), free_port(), free_port()
    _certificate(folder)
    _rewrite_nginx(folder, http, https, upstream)
    _manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
    with (folder / "gunicorn.log").open("wb") as log, contextlib.ExitStack() as stack:
        gunicorn = stack.enter_context(_gunicorn(environment, upstream, log))
        wait_until_open(upstream, gunicorn, folder / "gunicorn.log")
        stack.enter_context(_nginx(folder, https, log))
        yield Installation(http, https, upstream, folder, gunicorn)


@contextlib.contextmanager
def nginx_alone(folder: Path, changes: dict):
    """Yield an installation without application, with these changes to nginx.conf: what is let through gets 502."""
    http, https, upstream = free_port(), free_port(), free_port()
    _certificate(folder)
    _rewrite_nginx(folder, http, https, upstream, changes)
    with (folder / "nginx.stderr").open("wb") as log, _nginx(folder, https, log):
        yield Installation(http, https, upstream, folder, None)


@contextlib.contextmanager
def _nginx(folder, port, log):
    with _started([program(), "-c", str(folder / "nginx.conf")], stderr=log) as process:
        wait_until_open(port, process, folder / "nginx.log")
        yield


def _gunicorn(environment, port, log):
    command = [sys.executable, "-m", "gunicorn", "--config", DEPLOY / "gunicorn.conf.py"]
    command += ["--bind", f"127.0.0.1:{port}", "ikz.wsgi"]
    return _started(command, env={**environment, "WEB_CONCURRENCY": "2"}, cwd=settings.BASE_DIR, stdout=log, stderr=log)


@contextlib.contextmanager
def _started(command, **options):
    with subprocess.Popen(command, **options) as process:
        try:
            yield process
        finally:
            end(process)


def _manage(environment, *arguments):
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=settings.BASE_DIR, env=environment, check=True)


def _rewrite_nginx(folder, http, https, upstream, changes=()):
    moved = {
        **dict(changes),
        "listen 80;": f"listen 127.0.0.1:{http};",
        "listen 443 ssl;": f"listen 127.0.0.1:{https} ssl;",
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        "/etc/ssl/ikz/fullchain.pem": f"{folder}/certificate.pem",
        "/etc/ssl/ikz/privkey.pem": f"{folder}/key.pem",
        "/opt/ikz/current": str(settings.BASE_DIR),
        "/var/log/nginx/ikz.log": f"{folder}/nginx-ikz.log",
    }
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for old, new in moved.items():
        assert old in site
        site = site.replace(old, new)
    (folder / "ikz.conf").write_text(site, encoding="utf-8")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=getpass.getuser()), encoding="utf-8")


def _certificate(folder):
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    names = [x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, private, serialization.NoEncryption()))
