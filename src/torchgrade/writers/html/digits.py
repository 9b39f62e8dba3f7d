"""Two different numbers side by side: which of their digits differ."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import NamedTuple

_DECIMAL = re.compile(r"(-?)(\d+)(\.\d*)?")


class Digits(NamedTuple):
    """A number as text: what both have in common, and what only this one has."""

    same: str
    other: str


def digits(number: str, beside: str) -> Digits:
    """The number beside another: digits of equal worth stand under each other, so `12.5` shares none with `2.5`."""
    if number == beside:
        return Digits(number, "")
    ours, theirs = _DECIMAL.fullmatch(number), _DECIMAL.fullmatch(beside)
    if not ours or not theirs or ours[1] != theirs[1] or len(ours[2]) != len(theirs[2]):
        return Digits("", number)
    common = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(number, beside, strict=False))))
    return Digits(number[:common], number[common:]) if common < len(number) else Digits("", number)
