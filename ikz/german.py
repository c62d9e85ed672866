"""How amounts, shares, days and lists are said in German sentences."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

MINUS = "\N{MINUS SIGN}"


def euros(amount: Decimal) -> str:
    """`Decimal("1234.5")` → „1.234,50 €“; whole euros without cents."""
    digits = f"{amount:,.2f}".translate(str.maketrans(",.-", f".,{MINUS}"))
    return f"{digits.removesuffix(',00')} €"


def percent(share: Decimal) -> str:
    """Two decimals, cut off and never rounded up, so that 14,999 % does not read as 15 %."""
    hundredths = share.quantize(Decimal("0.01"), rounding=ROUND_DOWN) + 0  # + 0 takes the sign from a negative zero
    return f"{hundredths:.2f} %".translate(str.maketrans(".-", f",{MINUS}"))


def day(value: date) -> str:
    return f"{value:%d.%m.%Y}"


def listing(names: Sequence[str]) -> str:
    """`["A", "B", "C"]` → „A, B und C“."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} und {names[-1]}"


def beginning(text: str, longest: int) -> str:
    """The text in one line, or as many whole words of it as fit; of one long word as many characters."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    words, _gap, _rest = line[: longest + 1].rpartition(" ")
    return f"{words or line[:longest]} …"


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
