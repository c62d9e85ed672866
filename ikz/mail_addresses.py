"""Which addresses a mail can be sent to: one rule for where people type them and for where mails are sent."""

from email.errors import MessageError
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.mail.message import sanitize_address

# What Python's email package raises for texts that it cannot write as an address or a header.
UNWRITABLE = (ValueError, LookupError, MessageError)
UNSENDABLE = (
    "An diese Adresse lässt sich keine E-Mail senden. Bitte prüfen Sie sie auf Tippfehler und ungewöhnliche Zeichen."
)


def sendable(address: str) -> None:
    """A validator beside Django's own, which lets through what no mail server is told. Raises ValidationError.

    A local part such as `=?utf-8?q?a?=` is read as an encoded word: the mail would go to somebody else, or end in an
    error. The domain may change: names with umlauts have a spelling of their own among servers.
    """
    try:
        told = sanitize_address(address, "utf-8")
    except UNWRITABLE:
        raise ValidationError(UNSENDABLE, code="unsendable") from None
    if _local_part(told) != _local_part(address):
        raise ValidationError(UNSENDABLE, code="unsendable")


def _local_part(address: str) -> str:
    return parseaddr(address)[1].rpartition("@")[0]
