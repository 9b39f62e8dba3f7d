"""The archive that Gradescope makes an autograder of: scripts at its root, the exercises, and what to install.

setup.sh run_autograder         Gradescope's names for them; both are executable
requirements.txt uv.txt python-version.txt
grade.arguments                 one argument of `torchgrade grade` a line
exercises/                      those that count, and the assignment
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files as resources
from pathlib import Path
from typing import IO

from torchgrade.model.assignment import Assignment
from torchgrade.model.exercise import Exercise

SCRIPTS = ("setup.sh", "run_autograder")
PINNED = ("torch", "numpy", "sympy", "mpmath")
"""What the numbers of a grade come from: there, as here."""
UV = "uv>=0.8,<1"
GRADER_MEGABYTES = 500
"""What the grader takes beside the submission: 280 to 350 measured, for one exercise and for the whole bank."""
_SPARE = 1.25
_SCRIPT, _FILE = 0o100755, 0o100644
_ALWAYS = (1980, 1, 1, 0, 0, 0)
"""The same exercises make the same archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Autograder:
    """What goes into the archive: more `arguments` of `grade`, and the wheel that is installed if it is no release."""

    exercises: Sequence[Exercise]
    assignment: Assignment | None
    arguments: Sequence[str]
    wheel: Path | None


def write(autograder: Autograder, stream: IO[bytes]) -> None:
    """The archive."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(autograder):
            about = zipfile.ZipInfo(name, _ALWAYS)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.create_system = 3  # Unix, whose permissions these are
            about.external_attr = (_SCRIPT if name in SCRIPTS else _FILE) << 16
            archive.writestr(about, content)


def memory(exercises: Sequence[Exercise]) -> tuple[Exercise, float]:
    """The exercise that may take the most memory, and how many gigabytes a container should have for it."""
    largest = max(exercises, key=lambda exercise: exercise.limits.megabytes)
    needed = (GRADER_MEGABYTES + largest.limits.megabytes) * _SPARE / 1024
    return largest, -(-needed // 0.5) * 0.5


def _files(autograder: Autograder) -> Iterator[tuple[str, bytes]]:
    for name in SCRIPTS:
        yield name, resources(__package__).joinpath(name).read_bytes()
    arguments = list(autograder.arguments)
    if autograder.assignment:
        path = f"exercises/assignments/{autograder.assignment.id}.yaml"
        arguments += ["--assignment", path]
        yield path, Path(autograder.assignment.path).read_bytes()
    for exercise in autograder.exercises:
        yield f"exercises/{exercise.id}.yaml", Path(exercise.path).read_bytes()
    if autograder.wheel:
        yield autograder.wheel.name, autograder.wheel.read_bytes()
    lines = {
        "grade.arguments": arguments,
        "requirements.txt": _requirements(autograder.wheel),
        "uv.txt": [UV],
        "python-version.txt": [f"{sys.version_info.major}.{sys.version_info.minor}"],
    }
    for name, texts in lines.items():
        yield name, "".join(f"{text}\n" for text in texts).encode()


def _requirements(wheel: Path | None) -> Iterator[str]:
    """torchgrade and its numbers, at the versions that are here; builds of torch (`+cpu`) have names of their own."""
    yield f"./{wheel.name}" if wheel else f"torchgrade=={version('torchgrade')}"
    yield from (f"{name}=={version(name).partition('+')[0]}" for name in PINNED)
