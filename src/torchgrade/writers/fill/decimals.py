"""Numbers as platforms write them: `7.50`, `7,50`, `1,234.50`."""

from __future__ import annotations

import re
from fractions import Fraction

_NUMBER = re.compile(r"\d[\d.,\s]*")
PLACES = 2


def number(text: str) -> Fraction | None:
    """The number that a cell says, whichever sign is its decimal one; None if it says none.

    The last comma or point is the decimal sign, as Canvas reads it; those before it separate thousands.
    """
    if not _NUMBER.fullmatch(text):
        return None
    *whole, last = re.split(r"[.,]", re.sub(r"\s", "", text))
    if not whole:
        return Fraction(int(last))
    return Fraction(int("".join(whole) or "0")) + Fraction(int(last or "0"), 10 ** len(last))


def has_comma(text: str) -> bool:
    """True for a number whose decimal sign is a comma."""
    return number(text) is not None and text.rfind(",") > text.rfind(".")


def places(text: str) -> int:
    """How many digits stand behind the decimal sign."""
    found = re.search(r"[.,](\d+)$", text)
    return len(found[1]) if found else 0


def written(points: Fraction, digits: int = PLACES, *, comma: bool = False) -> str:
    """Points with so many digits, cut and never rounded up to more than was earned."""
    sign = "-" if points < 0 else ""
    units = abs(points) * 10**digits // 1
    text = f"{units // 10**digits}.{units % 10**digits:0{digits}d}"
    return sign + (text.replace(".", ",") if comma else text)
