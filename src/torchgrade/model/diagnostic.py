"""A fault in an exercise file, told to its author."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Diagnostic:
    """Where, what is wrong, what was found and allowed, and what to do; `code` is stable (`torchgrade explain CODE`).

    `line` and `column` count from 1, in characters; `width` characters are underlined in `excerpt`,
    which is the line as it stands in the file. Line 0 means the whole file.
    """

    path: str
    line: int = 0
    column: int = 0
    code: str
    message: str
    hint: str = ""
    excerpt: str = ""
    width: int = 1

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part)
        return f"{place}: {self.code}: {self.message}" + (f" (hint: {self.hint})" if self.hint else "")
