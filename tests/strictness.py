"""What the tests forbid: connections to other machines, and variables that our own templates do not get."""

import inspect
import socket
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.template.base import Node


class ForeignConnection(AssertionError):
    """A test tried to reach another machine."""


def only_loopback(monkeypatch):
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise ForeignConnection(f"{address[0]} is not this machine.")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def _is_loopback(host: str) -> bool:
    return host == "localhost" or ip_address(host).is_loopback


class UnknownVariable(AssertionError):
    """A template of ours asks for something that the view does not give."""


class ComplainingString(str):
    """Django's `string_if_invalid`: silent for the templates of others, loud for ours."""

    __slots__ = ()

    def __contains__(self, text):
        return text == "%s"  # so that Django hands over the variable's name

    def __mod__(self, variable):
        template = _template_that_asks()
        if template and _is_ours(template):
            raise UnknownVariable(f"{template} does not know {variable}.")
        return ""


def _template_that_asks() -> str | None:
    """The file of the innermost template node that is being rendered."""
    frame = inspect.currentframe()
    while frame := frame.f_back:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            return node.origin.name
    return None


def _is_ours(template: str) -> bool:
    path = Path(template)
    return path.is_relative_to(settings.BASE_DIR) and ".venv" not in path.parts
