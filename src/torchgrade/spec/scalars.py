"""Plain scalars as YAML 1.2's core schema reads them: `no` is text, `010` is ten, `1e-3` a number."""

from __future__ import annotations

import math
import re

WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
DIGITS = 40


def read(text: str) -> bool | int | float | str | None:
    """The value of a plain scalar. Raises OverflowError, with a sentence, for a number that cannot be kept."""
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return _integer(text)
    if NUMBER.fullmatch(text):
        return _number(text)
    return text


def is_special(text: str) -> bool:
    """True if a plain scalar means anything but its own text."""
    return text in WORDS or bool(INTEGER.fullmatch(text) or NUMBER.fullmatch(text))


def _integer(text: str) -> int:
    if len(text) > DIGITS:
        raise OverflowError(f"an integer of {len(text)} characters; the most is {DIGITS}")
    return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))


def _number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise OverflowError("this number is greater than any float64")
    if number == 0 and re.search("[1-9]", re.split("[eE]", text)[0]):
        raise OverflowError("this number is closer to 0 than any float64")
    return number
