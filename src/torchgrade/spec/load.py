"""Exercise files into Exercises: read, checked against the schema, built, and held against the rules between fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

from torchgrade.errors import ExerciseError
from torchgrade.model.diagnostic import Diagnostic
from torchgrade.model.exercise import Exercise
from torchgrade.spec import faults, rules, yaml
from torchgrade.spec.build import Builder, digest
from torchgrade.spec.document import Document, Plain
from torchgrade.spec.files import text_of, whole
from torchgrade.spec.forms import BUILDERS
from torchgrade.spec.rules.draft import Draft

SUFFIX = ".yaml"
ASSIGNMENTS = "assignments"


def load(path: Path, root: Path) -> Exercise:
    """The exercise in a file; its id is the path under the root. Raises ExerciseError with all Diagnostics."""
    text = text_of(path)
    if isinstance(text, Diagnostic):
        raise ExerciseError((text,))
    return load_text(text, str(path), _id(path, root))


def load_text(text: str, path: str, id: str) -> Exercise:
    """The exercise that a text describes. Raises ExerciseError with all Diagnostics."""
    document = yaml.read(text, path)
    found = document.faults
    if document.data is not None:
        found = tuple(sorted({*found, *faults.check(document)}))
    if found:
        raise ExerciseError(found)
    exercise = _built(document, id)
    found = rules.check(Draft(document=document, exercise=exercise))
    if found:
        raise ExerciseError(found)
    return exercise


def load_files(files: Iterable[tuple[Path, Path]]) -> tuple[tuple[Exercise, ...], tuple[Diagnostic, ...]]:
    """The exercises in some files, each beside the folder its id counts from, and all Diagnostics of the others."""
    exercises: list[Exercise] = []
    found: list[Diagnostic] = []
    for root, path in files:
        try:
            exercises.append(load(path, root))
        except ExerciseError as error:
            found.extend(error.diagnostics)
    return tuple(exercises), tuple(found)


def load_bank(root: Path) -> tuple[tuple[Exercise, ...], tuple[Diagnostic, ...]]:
    """Every exercise under a folder in the order of ids, and every Diagnostic of those that have faults."""
    if not root.is_dir():
        return (), (whole(root, "no-bank", "there is no such folder"),)
    exercises, found = load_files((root, path) for path in _files(root))
    if not exercises and not found:
        return (), (whole(root, "no-bank", f"this folder holds no exercises (`*{SUFFIX}`)"),)
    return exercises, (*found, *alike(exercises))


def _built(document: Document, id: str) -> Exercise:
    data = cast("dict[str, Plain]", document.data)
    returns = data.get("returns", {"result": {}})
    outcomes = list(returns) if isinstance(returns, dict) else []
    builder = Builder(forms=BUILDERS, only=outcomes[0] if len(outcomes) == 1 else "")
    named = {**data, "checks": _named(data.get("checks", ["value"]))}
    made = {"id": id, "digest": digest(document.data), "path": document.page.path}
    return cast("Exercise", builder.instance(Exercise, named, **made))


def _named(checks: Plain) -> Plain:
    """Checks with their names: the author's, else the kind and how many of its kind stand before it."""
    counts: dict[str, int] = {}
    named: list[Plain] = []
    for check in cast("list[Plain]", checks):
        fields = dict(check) if isinstance(check, dict) else {"kind": check}
        kind = str(fields["kind"])
        counts[kind] = counts.get(kind, 0) + 1
        name = kind if counts[kind] == 1 else f"{kind}-{counts[kind]}"
        named.append({**fields, "name": fields.get("name", name)})
    return named


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob(f"*{SUFFIX}")):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if not hidden and ASSIGNMENTS not in path.relative_to(root).parts:
            yield path


def _id(path: Path, root: Path) -> str:
    inside = path.relative_to(root) if path.is_relative_to(root) else Path(path.name)
    return inside.with_suffix("").as_posix()


def alike(exercises: Iterable[Exercise]) -> Iterator[Diagnostic]:
    """Entry points are unique in a bank, so that one submission can hold all answers."""
    first: dict[str, Exercise] = {}
    for exercise in exercises:
        other = first.setdefault(exercise.entrypoint, exercise)
        if other is not exercise:
            message = f"the entry point `{exercise.entrypoint}` is also that of {other.id}"
            yield whole(Path(exercise.path), "same-entrypoint", message, "rename one of them")
