"""Which hosts are this machine: what is sent to them does not go over a network."""

import ipaddress
from urllib.parse import urlsplit


def is_this_machine(host: str) -> bool:
    """Whether a host name, an address (with brackets or without) or the folder of a socket stays on this machine."""
    return host in ("", "localhost") or host.startswith("/") or _is_loopback(host.strip("[]"))


def is_in_the_clear(address: str) -> bool:
    """Whether what is sent to a web address goes over a network without TLS; not for an empty one."""
    parts = urlsplit(address)
    return parts.scheme == "http" and not is_this_machine(parts.hostname or "")


def is_address(host: str) -> bool:
    """Whether it is written as an internet address and not as a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return is_address(host) and ipaddress.ip_address(host).is_loopback
