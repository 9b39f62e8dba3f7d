"""One Python file: one submission."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from torchgrade.model.observation import Incident, IncidentKind
from torchgrade.model.probe import Source
from torchgrade.model.submission import Submission

LARGEST = 1_000_000


class Script:
    """A `.py` file; its name without the suffix is the submitter's."""

    kind: ClassVar[str] = "script"

    def claims(self, path: Path) -> bool:
        return path.suffix == ".py" and path.exists() and not path.is_dir()

    def read(self, path: Path) -> Iterator[Submission]:
        yield submission(path, path.stem)


def submission(path: Path, submitter: str) -> Submission:
    """What stands in the file `path`, as the work of `submitter`; never raises for what the file holds."""
    try:
        content = _content(path)
    except OSError as error:
        return unreadable(path, submitter, f"The file cannot be read: {error.strerror or type(error).__name__}.")
    problem = _problem(content)
    if problem:
        return unreadable(path, submitter, problem, content)
    source = Source(text=content.decode("utf-8-sig"), filename=printable(path.name))
    return Submission(submitter=printable(submitter), path=printable(str(path)), source=source, digest=_digest(content))


def unreadable(path: Path, submitter: str, problem: str, content: bytes = b"") -> Submission:
    """A submission that cannot be run, and why, in a sentence for the student."""
    return Submission(
        submitter=printable(submitter),
        path=printable(str(path)),
        source=Source(text="", filename=printable(path.name)),
        digest=_digest(content),
        problem=Incident(kind=IncidentKind.UNREADABLE, message=problem),
    )


def printable(name: str) -> str:
    """A file name as text that can be written in UTF-8: bytes that are no text become question marks."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _content(path: Path) -> bytes:
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, "it is no ordinary file")
    with path.open("rb") as stream:
        return stream.read(LARGEST + 1)


def _problem(content: bytes) -> str:
    if not content:
        return "The file is empty (0 bytes): write your functions in it and hand it in again."
    if len(content) > LARGEST:
        return "The file is larger than 1 MB: hand in source code only, no data."
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return f"The file is not UTF-8 text (byte 0x{content[error.start]:02x} on line {line}): save it as UTF-8."
    return ""


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
