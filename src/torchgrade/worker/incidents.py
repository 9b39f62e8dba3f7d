"""Exceptions of a submission, told as Incidents: what happened, and where in the student's own file."""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping
from dataclasses import dataclass
from traceback import walk_tb

from torchgrade.model.observation import Frame, Incident, IncidentKind
from torchgrade.model.places import code, parts
from torchgrade.model.probe import Source
from torchgrade.model.said import said
from torchgrade.wire.fields import clean
from torchgrade.wire.replies import MAX_FRAMES, MAX_MESSAGE
from torchgrade.wire.values import MAX_WORDS

_OUT_OF_MEMORY = ("DefaultCPUAllocator", "bad_alloc", "Cannot allocate memory", "not enough memory")
_NO_THREAD = ("can't start new thread", "Resource temporarily unavailable", "Thread creation failed")
_ASKED = re.compile(r"you tried to allocate (\d{1,18}) bytes|Unable to allocate (\d{1,15}(?:\.\d{1,9})?) ([KMGTP])iB")
_MEGABYTE = 2**20
_OF_ERRNO = {errno.ENOMEM: IncidentKind.MEMORY_LIMIT, errno.EMFILE: IncidentKind.FILE_LIMIT}
_UNITS = {"K": 2**-10, "M": 1.0, "G": 2.0**10, "T": 2.0**20, "P": 2.0**30}


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """The code that exceptions are traced to, and the limit that memory errors speak of.

    `first` is where each script, cell and module begins in the count of `lines` (`model.places`).
    """

    first: Mapping[str, int]
    lines: tuple[str, ...]
    megabytes: int

    @classmethod
    def of(cls, source: Source, megabytes: int) -> Blame:
        """Everything that was handed in."""
        first = {part.name: part.first for part in parts(source)}
        return cls(first=first, lines=tuple(code(source).split("\n")), megabytes=megabytes)

    def incident(self, error: BaseException, kind: IncidentKind = IncidentKind.EXCEPTION) -> Incident:
        """What stopped the submission; `kind` is for ordinary exceptions."""
        text = _text(error)
        limit = _limit(error, text)
        if limit is not None:
            kind, text = limit, self._memory(text) if limit is IncidentKind.MEMORY_LIMIT else text
        elif not isinstance(error, Exception):
            kind, text = IncidentKind.EXITED, _exit_text(error)
        classes = type(error).__mro__
        return Incident(
            kind=kind,
            message=clean(text, MAX_MESSAGE),
            exception=_name(classes[0]),
            bases=tuple(_name(each) for each in classes[1 : MAX_FRAMES + 1]),
            frames=self._frames(error),
        )

    def _memory(self, text: str) -> str:
        """How much was asked for, if that alone is more than is allowed; else it was the sum."""
        asked = _asked(text)
        if asked >= self.megabytes:
            words = {"asked": asked, "megabytes": self.megabytes}
            return said("{asked:,} MB of memory were asked for at once; {megabytes:,} MB are allowed.", **words)
        return said("More than {megabytes:,} MB of memory were asked for.", megabytes=self.megabytes)

    def syntax(self, error: SyntaxError) -> Incident:
        """A file or cell that is no Python."""
        line = self.line(error.filename, error.lineno)
        return Incident(
            kind=IncidentKind.SYNTAX_ERROR,
            message=clean(str(error.msg), MAX_MESSAGE),
            exception=_name(type(error)),
            bases=("SyntaxError", "Exception", "BaseException", "object")[type(error) is SyntaxError :],
            frames=(self.frame(line, "<module>"),) if line else (),
        )

    def frame(self, line: int, function: str) -> Frame:
        """A place in the student's code."""
        text = self.lines[line - 1].strip() if 0 < line <= len(self.lines) else ""
        return Frame(
            filename=clean(self._file(line), MAX_WORDS),
            line=line,
            function=clean(function, MAX_WORDS),
            text=clean(text, MAX_WORDS),
        )

    def _frames(self, error: BaseException) -> tuple[Frame, ...]:
        """The innermost frames of the student's code, the outermost of them first."""
        try:
            places = [(frame.f_code, line) for frame, line in walk_tb(error.__traceback__)]
        except Exception:  # a submission may define a property of that name
            return ()
        own = [(each.co_name, self.line(each.co_filename, line)) for each, line in places]
        if isinstance(error, SyntaxError):  # of a module beside the code
            own.append(("<module>", self.line(error.filename, error.lineno)))
        own = [(name, line) for name, line in own if line]
        return tuple(self.frame(line, name) for name, line in own[-MAX_FRAMES:])

    def line(self, filename: object, line: object) -> int:
        """A line in the count; 0 if it is not of the student's code."""
        first = self.first.get(filename, 0) if isinstance(filename, str) else 0
        return first + line - 1 if first and isinstance(line, int) and line else 0

    def _file(self, line: int) -> str:
        """The part that a line of the count stands in."""
        return max((first, name) for name, first in self.first.items() if first <= max(line, 1))[1]


def _text(error: BaseException) -> str:
    try:
        return str.__str__(str(error))
    except BaseException as fault:
        return f"(its message cannot be shown: {_name(type(fault))})"


def _name(kind: type) -> str:
    try:
        return clean(str.__str__(kind.__name__), MAX_WORDS)
    except Exception:
        return "?"


def _limit(error: BaseException, text: str) -> IncidentKind | None:
    """The limit of the kernel's that an exception speaks of, if it does."""
    if isinstance(error, RuntimeError) and any(words in text for words in _OUT_OF_MEMORY):
        return IncidentKind.MEMORY_LIMIT
    if isinstance(error, RuntimeError) and any(words in text for words in _NO_THREAD):
        return IncidentKind.THREAD_LIMIT
    if isinstance(error, OSError):
        return _OF_ERRNO.get(error.errno or 0)
    return IncidentKind.MEMORY_LIMIT if isinstance(error, MemoryError) else None


def _asked(text: str) -> int:
    """How many MB were asked for, as torch and numpy tell; 0 if nothing is told."""
    found = _ASKED.search(text)
    if not found:
        return 0
    return int(found[1]) // _MEGABYTE if found[1] else int(float(found[2]) * _UNITS[found[3]])


def _exit_text(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return said("The code called sys.exit().")
    return said("The code raised {exception}.", exception=_name(type(error)))
