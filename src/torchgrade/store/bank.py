"""Where exercises are found: the folder that was named, else `./exercises`, else the bank inside torchgrade."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from torchgrade.errors import ExerciseError, UsageError
from torchgrade.model.said import said

if TYPE_CHECKING:
    from torchgrade.model.diagnostic import Diagnostic
    from torchgrade.model.exercise import Exercise

ASSIGNMENTS = "assignments"
SUFFIX_HINT = said("an exercise is a .yaml file; name their folder with --exercises")
ENTRYPOINT = re.compile(r"""^entrypoint: *["']?([A-Za-z_][A-Za-z0-9_]*)""", re.MULTILINE)


def folder(given: Path | None) -> Path:
    """The folder of exercises to use."""
    if given:
        return given
    here = Path("exercises")
    return here if here.is_dir() else installed()


def installed() -> Path:
    """The bank inside the installed package, or in the source checkout that the package is run from."""
    package = Path(__file__).resolve().parent.parent
    for candidate in (package / "bank", package.parent.parent / "exercises"):
        if candidate.is_dir():
            return candidate
    raise UsageError(said("there are no exercises here"), hint=said("name their folder with --exercises"))


def ids(root: Path) -> tuple[str, ...]:
    """The ids of all exercises under `root`, in order; a folder without any is the wrong folder."""
    files = (path.relative_to(root).with_suffix("") for path in root.rglob("*.yaml"))
    found = tuple(sorted(file.as_posix() for file in files if file.parts[0] != ASSIGNMENTS))
    if not found:
        raise UsageError(said("there are no exercises in {place}", place=str(root)), hint=SUFFIX_HINT)
    return found


def named(root: Path, wanted: Iterable[str]) -> tuple[str, ...]:
    """`wanted` as ids: the last part of an id is enough where only one exercise ends with it."""
    known = ids(root)
    return tuple(dict.fromkeys(_named(word.removesuffix(".yaml"), known, root) for word in wanted))


def load(root: Path, wanted: Collection[str]) -> tuple[Exercise, ...]:
    """The exercises with these ids; all faults of all files at once."""
    exercises, faults = sound(root, wanted)
    if faults:
        raise ExerciseError(faults)
    return exercises


def one(root: Path, word: str) -> Exercise:
    """The exercise that a person means by `word`: its id, or the end of it."""
    (exercise,) = load(root, named(root, [word]))
    return exercise


def sound(root: Path, wanted: Collection[str]) -> tuple[tuple[Exercise, ...], tuple[Diagnostic, ...]]:
    """Those of the exercises that have no faults, and all faults of the others."""
    from torchgrade.spec.load import load_files

    return load_files((root, root / f"{identifier}.yaml") for identifier in wanted)


def entrypoints(root: Path) -> dict[str, str]:
    """The entry point of every exercise, by id: read off the text, because loading a whole bank takes long."""
    found = {}
    for identifier in ids(root):
        match = ENTRYPOINT.search((root / f"{identifier}.yaml").read_text(encoding="utf-8", errors="replace"))
        if match:
            found[identifier] = match.group(1)
    return found


def _named(word: str, known: tuple[str, ...], root: Path) -> str:
    if word in known:
        return word
    ends = [identifier for identifier in known if identifier.rpartition("/")[2] == word]
    if len(ends) == 1:
        return ends[0]
    if ends:
        told = said("{name} is the name of several exercises: {ids}", name=repr(word), ids=", ".join(ends))
        raise UsageError(told, hint=said("give the whole id"))
    near = _near(word, known)
    meant = said("; did you mean {name}?", name=repr(near)) if near else ""
    told = said("there is no exercise {name} in {place}{near}", name=repr(word), place=str(root), near=meant)
    raise UsageError(told, hint=said("torchgrade list shows them all"))


def _near(word: str, known: tuple[str, ...]) -> str:
    """The id that was meant: a whole id misspelt, its last part misspelt, or a part of it."""
    from torchgrade.formula.spelling import similar

    last = {identifier.rpartition("/")[2]: identifier for identifier in known}
    parts = [identifier for identifier in known if word and word.lower() in identifier]
    return (
        similar(word, known, 0.8) or last.get(similar(word, last), "") or next(iter(parts), "") or similar(word, known)
    )
