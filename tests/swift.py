"""A second S3 store on loopback: OpenStack Swift with all its servers, as Debian packages it.

It is another implementation than moto's, made for production: it checks signatures and refuses what it does not know.
"""

import contextlib
import getpass
import shutil
import subprocess
from pathlib import Path

from tests.ports import free_port, wait_until_open

KINDS = ("account", "container", "object")
PACKAGES = "swift-proxy swift-account swift-container swift-object"
PATIENCE = "conn_timeout = 20\nnode_timeout = 60"  # a busy machine may pause for seconds; that is no broken disk
STORAGE = """
[DEFAULT]
devices = {folder}/devices
mount_check = false
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
swift_dir = {folder}
workers = 0
fallocate_reserve = 0
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
{patience}
"""
PROXY = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
swift_dir = {folder}
workers = 0
[pipeline:main]
pipeline = catch_errors cache s3api tempauth copy slo dlo symlink versioned_writes proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
{patience}
recoverable_node_timeout = 60
error_suppression_limit = 1000000
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_{key} = {secret} .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:symlink]
use = egg:swift#symlink
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
"""


def is_installed() -> bool:
    return all(shutil.which(f"swift-{kind}-server") for kind in (*KINDS, "proxy"))


@contextlib.contextmanager
def running(folder: Path, *, key: str, secret: str):
    """Yield the port of its proxy and the process behind it. `key` is „account:user“; the store is gone afterwards."""
    (folder / "devices" / "disk").mkdir(parents=True)
    facts = {"folder": folder, "user": getpass.getuser(), "patience": PATIENCE}
    with contextlib.ExitStack() as servers:
        for kind in KINDS:
            port = free_port()
            _make_ring(folder, kind, port)
            servers.enter_context(_server(folder, kind, port, STORAGE.format(**facts, kind=kind, port=port)))
        port = free_port()
        proxy = PROXY.format(**facts, port=port, key=key.replace(":", "_"), secret=secret)
        yield port, servers.enter_context(_server(folder, "proxy", port, proxy))


def _make_ring(folder, kind, port):
    """Where the store finds its only disk."""
    builder = folder / f"{kind}.builder"
    disk = ["--region=1", "--zone=1", "--ip=127.0.0.1", f"--port={port}", "--device=disk", "--weight=1"]
    for order in (["create", "1", "1", "0"], ["add", *disk], ["rebalance"]):
        subprocess.run(["swift-ring-builder", builder, *order], check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def _server(folder, kind, port, configuration):
    """It answers from the first moment on: a proxy that comes before its disks turns everybody away."""
    path = folder / f"{kind}.conf"
    path.write_text(configuration, encoding="utf-8")
    log = folder / f"{kind}.log"
    with log.open("wb") as out:
        process = subprocess.Popen([f"swift-{kind}-server", path], stdout=out, stderr=out)
        try:
            wait_until_open(port, process, log)
            yield process
        finally:
            process.kill()
            process.wait()
