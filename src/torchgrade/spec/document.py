"""A YAML file after reading: plain data, where each part of it stands, and the faults met on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, Union

from torchgrade.model.diagnostic import Diagnostic

Route: TypeAlias = tuple[str | int, ...]
"""The keys and indices that lead to a part of the data."""
Plain: TypeAlias = Union[bool, int, float, str, "list[Plain]", "dict[str, Plain]", None]
"""What YAML can say. None only stands where a fault is reported."""

LINE_BREAK = re.compile(r"\r\n|\r|\n")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def one_line(text: str) -> str:
    """A sentence that may quote a stretch of a file: a space for each line break, a dot for a control character."""
    return CONTROL.sub("·", " ".join(map(str.strip, text.splitlines())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A stretch of the text: offsets of its first character and of the one after its last.

    `style` is a scalar's: empty for plain text, `'`, `"`, `|` or `>`; collections have `{`, `[` or `block`.
    """

    start: int
    end: int
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A text and the places in it, for pointing at them; `kind` is what the file is: an exercise or an assignment."""

    path: str
    text: str
    starts: tuple[int, ...]
    kind: str = "exercise"

    @classmethod
    def of(cls, text: str, path: str, kind: str = "exercise") -> Page:
        """The page of a text."""
        starts = (0, *(found.end() for found in LINE_BREAK.finditer(text)))
        return cls(path=path, text=text, starts=starts, kind=kind)

    def line(self, offset: int) -> int:
        """The line of an offset, from 1."""
        low, high = 0, len(self.starts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.starts[middle] <= offset else (low, middle)
        return low + 1

    def line_text(self, line: int) -> str:
        """A line as it stands in the file, without its line break."""
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return self.text[self.starts[line - 1] : end].rstrip("\r\n")

    def fault(self, code: str, message: str, mark: Mark, *, hint: str = "") -> Diagnostic:
        """A Diagnostic at a mark; of several lines the first is underlined."""
        offset = min(mark.start, len(self.text))
        line = self.line(offset)
        excerpt, column = self.line_text(line), offset - self.starts[line - 1]
        width = max(1, min(mark.end - offset, len(excerpt) - column))
        return Diagnostic(
            path=self.path,
            line=line,
            column=column + 1,
            code=code,
            message=one_line(message),
            hint=one_line(hint),
            excerpt=excerpt,
            width=width,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The data of a file with a mark for every key and every value.

    `faults` hold what the reader refused; `blamed` are the paths they are about. `data` is None if the text
    could not be read to its end.
    """

    page: Page
    data: Plain
    keys: Mapping[Route, Mark] = field(default_factory=dict)
    values: Mapping[Route, Mark] = field(default_factory=dict)
    faults: tuple[Diagnostic, ...] = ()
    blamed: frozenset[Route] = frozenset()

    def place(self, path: Route, *, key: bool = False) -> Mark:
        """The mark of a value, or of the key before it; of what is absent, that of the nearest part above it."""
        if key and path in self.keys:
            return self.keys[path]
        while path not in self.values and path:
            path = path[:-1]
        return self.values.get(path, Mark(start=0, end=0))

    def fault(self, code: str, message: str, path: Route, *, key: bool = False, hint: str = "") -> Diagnostic:
        """A Diagnostic at a path."""
        return self.page.fault(code, message, self.place(path, key=key), hint=hint)

    def at(self, path: Route) -> Plain:
        """The data at a path."""
        data = self.data
        for part in path:
            data = inner(data, part)
        return data


def inner(data: Plain, part: str | int) -> Plain:
    """The value of a field or the item at an index. Raises LookupError if there is none."""
    if isinstance(data, dict) and isinstance(part, str):
        return data[part]
    if isinstance(data, list) and isinstance(part, int):
        return data[part]
    raise LookupError(part)
