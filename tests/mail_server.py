"""A real mail server on loopback, which can be down, refuse, or keep what it gets."""

import asyncio
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Mailbox:
    """What arrived, as (recipients, content)."""

    def __init__(self):
        self.received = []
        self.answer = "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            self.received.append((envelope.rcpt_tos, envelope.content.decode()))
        return self.answer


class Choosy(Mailbox):
    """Refuses some recipients: address → what it says to them."""

    def __init__(self, refused):
        super().__init__()
        self.refused = refused

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"


class SlowMailbox(Mailbox):
    """Keeps what it gets, and says so only when it is told to."""

    def __init__(self):
        super().__init__()
        self.is_held = self.is_holding = False

    def answers_are_held(self):
        self.is_held = True

    def let_go(self):
        self.is_held = self.is_holding = False

    async def handle_DATA(self, server, session, envelope):
        answer = await super().handle_DATA(server, session, envelope)
        while self.is_held:
            self.is_holding = True
            await asyncio.sleep(0.02)
        return answer


def _anybody(server, session, envelope, mechanism, data):
    return AuthResult(success=True)


@contextmanager
def serving(port, mailbox=None, *, asks_for_password=False):
    mailbox = mailbox or Mailbox()
    options = {"auth_require_tls": False, "authenticator": _anybody} if asks_for_password else {}
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
