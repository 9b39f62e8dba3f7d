"""What can be said of a formula's text before Python's parser sees it: its length, characters, brackets and numbers."""

from __future__ import annotations

import keyword
import re
from typing import Final, NoReturn

from torchgrade.errors import FormulaError
from torchgrade.formula import spelling

LENGTH: Final = 2000
BRACKETS: Final = 40
DIGITS: Final = 40
POWER_OF_TEN: Final = 400

_DIGITS: Final = re.compile(rf"[0-9_]{{{DIGITS + 1},}}")
_POWER: Final = re.compile(r"(?<![\w.])(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)[eE][+-]?([0-9][0-9_]*)")
_GLUED: Final = re.compile(r"(?<![\w.])(?>(?:[0-9][0-9_]*\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[jJ]?)(?=[A-Za-z_])")
_UNFINISHED: Final = re.compile(r"(?:[-+*/%@&|^~<>=,.]|\b(?:and|or|not|if|else|is))\s*$")
_WORDS: Final = (
    (re.compile(r"&&"), "&&", "write `and` between numbers, & between tensors"),
    (re.compile(r"\|\|"), "||", "write `or` between numbers, | between tensors"),
    (re.compile(r"!(?!=)"), "!", "write `not` before a number, ~ before a tensor"),
    (re.compile(r"<>"), "<>", "write !="),
    (re.compile(r";"), ";", "a formula is one expression; names for others stand in `let`"),
    (re.compile(r"#"), "#", "a formula has no comments; YAML has them after ` #`"),
    (re.compile(r"\\"), "a backslash", "a formula is no LaTeX; write sqrt(x), a / b, sum(x)"),
    (re.compile(r"\?"), "?", "write `a if condition else b`, or where(condition, a, b)"),
    (re.compile(r"\$"), "$", "a formula is no LaTeX and needs no dollars"),
    (re.compile(r"`"), "`", "write the name without quotes"),
    (re.compile(r"[\x00-\x08\x0b-\x1f\x7f]"), "a control character", "delete it"),
)
_OPEN: Final = {"(": ")", "[": "]"}
_KEYWORD: Final = re.compile(
    r"\b(import|def|class|return|assert|del|global|print|exec|eval|for|while|with|raise|try|yield|await|async)\b"
)


def refuse(message: str, code: str, start: int, end: int, hint: str = "") -> NoReturn:
    """Raise the fault."""
    raise FormulaError(message, code=code, start=start, end=end, hint=hint)


def checked(text: str) -> str:
    """The formula as one line of ASCII, every character in its place."""
    if len(text) > LENGTH:
        message = f"this formula has {len(text):,} characters; {LENGTH:,} are allowed"
        refuse(message, "formula-too-large", LENGTH, len(text), "split it with `let`")
    if not text.strip():
        refuse("a formula is missing here", "formula-syntax", 0, len(text))
    _characters(text)
    line = re.sub(r"[\n\r\t]", " ", text)
    for pattern, what, hint in _WORDS:
        if found := pattern.search(line):
            refuse(f"a formula cannot hold {what}", "formula-syntax", found.start(), found.end(), hint)
    _brackets(line)
    _numbers(line)
    return line


def _characters(text: str) -> None:
    for place, symbol in enumerate(text):
        if not symbol.isascii():
            called, plain = spelling.character(symbol)
            message = f"{symbol} ({called}) has no meaning in a formula, which is ASCII"
            refuse(message, "formula-character", place, place + 1, f"write {plain}" if plain else "")


def _brackets(line: str) -> None:
    opened: list[int] = []
    for place, symbol in enumerate(line):
        if symbol in "([":
            opened.append(place)
            if len(opened) > BRACKETS:
                message = f"these brackets are more than {BRACKETS} deep"
                refuse(message, "formula-too-large", place, place + 1, "split the formula with `let`")
        elif symbol in ")]":
            begin = opened.pop() if opened else None
            if begin is None:
                refuse(f"{symbol} closes nothing", "formula-syntax", place, place + 1, "delete it or open it before")
            if _OPEN[line[begin]] != symbol:
                message = f"{line[begin]} is closed by {symbol}"
                refuse(message, "formula-syntax", begin, place + 1, f"write {_OPEN[line[begin]]}")
    if opened:
        begin = opened[-1]
        refuse(f"{line[begin]} is never closed", "formula-syntax", begin, begin + 1, f"add {_OPEN[line[begin]]}")


def _numbers(line: str) -> None:
    if found := _DIGITS.search(line):
        message = f"this number has more than {DIGITS} digits"
        refuse(message, "formula-too-large", found.start(), found.end(), "write it as a product of powers")
    for found in _POWER.finditer(line):
        digits = found[1].replace("_", "").lstrip("0")
        if len(digits) > len(str(POWER_OF_TEN)) or int(digits or 0) > POWER_OF_TEN:
            message = f"this number's power of ten is beyond {POWER_OF_TEN}"
            refuse(message, "formula-too-large", found.start(), found.end())
    if found := _GLUED.search(line):
        name = re.match(r"\w+", line[found.end() :])
        glued = name[0] if name else ""
        message = f"between {found[0]} and {glued} an operator is missing"
        hint = f"write {found[0]}*{glued}"
        if found[0] == "0" or keyword.iskeyword(glued):
            hint = f"write {found[0]} {glued}" if keyword.iskeyword(glued) else "numbers are decimal"
        refuse(message, "formula-syntax", found.start(), found.end() + len(glued), hint)


def unreadable(line: str, place: int) -> FormulaError:
    """The fault for text that Python's parser refuses at `place`."""
    found = re.search(r"(?<![=<>!:])=(?!=)", line)
    if found and "(" not in line[: found.start()]:
        return _syntax("= assigns; a formula only compares", *found.span(), "write ==, or name it in `let`")
    if found := _KEYWORD.search(line):
        return FormulaError(
            f"a formula is an expression; `{found[0]}` is a statement's word",
            code="formula-forbidden",
            start=found.start(),
            end=found.end(),
        )
    word = re.match(r"\s*(\w+|.)", line[place:])
    if word is None or _UNFINISHED.search(line):
        end = len(line.rstrip())
        return _syntax("the formula ends too early", end - 1, end, "something must follow here")
    start = place + word.start(1)
    return _syntax(f"{word[1]} cannot stand here", start, place + word.end(1), "is an operator or a comma missing?")


def _syntax(message: str, start: int, end: int, hint: str) -> FormulaError:
    return FormulaError(message, code="formula-syntax", start=start, end=end, hint=hint)
