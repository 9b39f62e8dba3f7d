"""A `report.json` that was written before: its header, and its attempts one after another, as often as wanted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import IO, cast

from torchgrade.errors import ReportError
from torchgrade.model.finding import Attempt
from torchgrade.model.report import Header
from torchgrade.model.text import Text
from torchgrade.spec.build import Builder
from torchgrade.spec.document import Plain

VERSION = 1
_CHUNK = 2**20
_LONGEST = 64 * 2**20
"""Characters of one attempt; what is longer is no report of ours."""
_ROUNDED = Fraction(1, 2 * 10**6)
_FIVE_DECIMALS = 10**5
_FEW, _MANY = 100, 1_000
"""Denominators, where five decimals would do and where they would not: greater ones fit a number by chance."""
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True)
class Stored:
    """A report on the disk. Raises ReportError where it is not one of ours."""

    path: Path

    @cached_property
    def header(self) -> Header:
        """What it says beside its attempts."""
        members: dict[str, Plain] = {}
        exercises: list[Plain] = []
        for name, value in self._members():
            if name in ("schema", "tool"):
                members[name] = value
            exercises += [value] if name == "exercises" else []
        if members.get("schema") != VERSION or not isinstance(members.get("tool"), dict):
            raise ReportError(f"{self.path} is no report of torchgrade's", hint="give a report.json that grade wrote")
        told = {**cast("dict[str, Plain]", members["tool"]), "exercises": exercises}
        return cast("Header", self._built(Header, {name: value for name, value in told.items() if name != "name"}))

    def __iter__(self) -> Iterator[Attempt]:
        """The attempts in their order."""
        for name, value in self._members():
            if name == "attempts":
                yield cast("Attempt", self._built(Attempt, value))

    def _built(self, kind: type, data: Plain) -> object:
        try:
            return _BUILDER.instance(kind, cast("dict[str, Plain]", data))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            name = data.get("submitter", "") if isinstance(data, dict) else ""
            raise ReportError(
                f"{self.path}: {kind.__name__.lower()} {name!s:.80}: {error}",
                hint="give a report.json as this version of torchgrade writes it",
            ) from error

    def _members(self) -> Iterator[tuple[str, Plain]]:
        """The top of the document: each name with its value, and a list's name with each of its items."""
        with self._reading() as text:
            text.skip("{")
            while not text.skips("}"):
                name = str(text.value())
                text.skip(":")
                yield from ((name, value) for value in text.items())
                text.skips(",")

    @contextmanager
    def _reading(self) -> Iterator[_Text]:
        try:
            with self.path.open(encoding="utf-8") as stream:
                yield _Text(stream)
        except OSError as error:
            raise ReportError(f"{self.path} cannot be read: {error.strerror or error}") from error
        except (ValueError, RecursionError) as error:
            raise ReportError(
                f"{self.path} is no whole JSON document: {error}", hint="it may have been cut off; grade again"
            ) from error


class _Text:
    """JSON text that is read as far as it is needed."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._text = ""
        self._at = 0
        self._decode = json.JSONDecoder().raw_decode

    def skips(self, sign: str) -> bool:
        """Whether the sign comes next; then it is read."""
        found = self._next() == sign
        self._at += found
        return found

    def skip(self, sign: str) -> None:
        """The sign must come next."""
        if not self.skips(sign):
            raise ValueError(f"{sign!r} was expected, and {self._next()!r} found")

    def value(self) -> Plain:
        """The next value. Where a number ends is seen by what follows; none stands at the end of a document."""
        self._next()
        while True:
            with suppress(ValueError):
                value, end = self._decode(self._text, self._at)
                if end < len(self._text):
                    self._at = end
                    return cast("Plain", value)
            if len(self._text) - self._at > _LONGEST or not self._more():
                raise ValueError(f"{self._text[self._at : self._at + 20]!r} begins no whole value")

    def items(self) -> Iterator[Plain]:
        """The items of the list that comes next, else the one value that does."""
        if not self.skips("["):
            yield self.value()
            return
        while not self.skips("]"):
            yield self.value()
            self.skips(",")

    def _next(self) -> str:
        """The next character that is no space."""
        while True:
            self._at = cast("re.Match[str]", _SPACE.match(self._text, self._at)).end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                raise ValueError("it ends too soon")

    def _more(self) -> bool:
        """Read on, twice as much as there is; False at the end of the file."""
        rest = self._text[self._at :]
        chunk = self._stream.read(max(_CHUNK, len(rest)))
        self._text, self._at = rest + chunk, 0
        return bool(chunk)


def _points(builder: Builder, data: Plain) -> Fraction:
    """Points as they were before they were rounded to six decimals, as far as that can be known."""
    if not isinstance(data, int | float):  # of a text such as 1e999999999, Python would write out every digit
        raise ValueError(f"{data!r:.40} is no number of points")
    exact = Fraction(str(data))
    likely = exact.limit_denominator(_MANY if _FIVE_DECIMALS % exact.denominator else _FEW)
    return likely if abs(likely - exact) <= _ROUNDED else exact


def _number(builder: Builder, data: Plain) -> float:
    """What JSON cannot write is text."""
    return float(cast("float", data))


def _string(builder: Builder, data: Plain) -> str:
    """A name that is none would be found much later."""
    if not isinstance(data, str):
        raise ValueError(f"{data!r:.40} is no text")
    return data


def _text(builder: Builder, data: Plain) -> Text:
    """Text by language."""
    return Text(tuple((language, str(text)) for language, text in cast("dict[str, Plain]", data).items()))


_BUILDER = Builder(forms={Fraction: _points, float: _number, str: _string, Text: _text}, only="")
