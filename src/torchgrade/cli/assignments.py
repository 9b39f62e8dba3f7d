"""Assignment files, as commands are given them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from torchgrade.errors import ExerciseError
from torchgrade.store import bank

if TYPE_CHECKING:
    from torchgrade.model.assignment import Assignment
    from torchgrade.model.diagnostic import Diagnostic
    from torchgrade.model.exercise import Exercise


def assignment_of(path: Path, exercises: Path | None) -> tuple[Assignment, tuple[Exercise, ...]]:
    """An assignment and its exercises, in its order and under its limits; raises all faults of all these files."""
    from torchgrade.grading.weights import limited
    from torchgrade.spec.assignment import load

    root = bank_of(path, exercises)
    assignment = load(path, bank.ids(root))
    found = bank.load(root, [item.exercise for item in assignment.exercises])
    return assignment, tuple(limited(exercise, assignment) for exercise in found)


def bank_of(path: Path, given: Path | None) -> Path:
    """The folder of exercises that an assignment speaks of: that above its `assignments`, unless another is named."""
    above = path.resolve().parent
    if given is None and above.name == bank.ASSIGNMENTS:
        return above.parent
    return bank.folder(given)


def assignment_files(root: Path | None, paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The assignment files at `paths`, or those of the whole bank."""
    chosen = paths or (bank.folder(root),)
    return tuple(file for path in chosen for file in _at(path))


def faults_of(files: Iterable[Path], exercises: Path | None) -> Iterator[Diagnostic]:
    """Every fault of some assignment files."""
    from torchgrade.spec.assignment import load

    ids = cache(bank.ids)
    for file in files:
        try:
            load(file, ids(bank_of(file, exercises)))
        except ExerciseError as error:
            yield from error.diagnostics


def _at(path: Path) -> tuple[Path, ...]:
    from torchgrade.spec.assignment import looks_like_one

    if not path.is_dir():
        is_one = path.suffix == ".yaml" and (path.resolve().parent.name == bank.ASSIGNMENTS or looks_like_one(path))
        return (path,) if is_one else ()
    folders = (path,) if path.resolve().name == bank.ASSIGNMENTS else sorted(path.rglob(bank.ASSIGNMENTS))
    return tuple(file for folder in folders for file in sorted(folder.glob("*.yaml")))
