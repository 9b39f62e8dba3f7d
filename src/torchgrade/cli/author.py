"""What authors of exercises ask for: new, validate, bundle, schema."""

from __future__ import annotations

import re
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING

import click

from torchgrade.cli.command import Command, asks
from torchgrade.cli.options import exercises_option
from torchgrade.errors import UsageError
from torchgrade.store import bank

if TYPE_CHECKING:
    from torchgrade.model.diagnostic import Diagnostic
    from torchgrade.model.exercise import Exercise

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """What `new` was asked."""

    exercises: Path | None
    id: str


@click.command("new", cls=Command, examples=("torchgrade new linalg/projection",))
@exercises_option
@click.argument("id")
@asks(New)
def new_command(request: New) -> int:
    """Write a new exercise file to fill in."""
    from torchgrade.authoring.scaffold import exercise_text

    if not ID.fullmatch(request.id):
        raise UsageError(f"{request.id!r} cannot be an id", hint="a topic and a name, like linalg/projection")
    function = request.id.rpartition("/")[2].replace("-", "_")
    if not function.isidentifier() or iskeyword(function):
        raise UsageError(f"{request.id!r} cannot be an id: no function can be called {function!r}", hint="rename it")
    root = request.exercises or Path("exercises")
    path = root / f"{request.id}.yaml"
    if path.exists():
        raise UsageError(f"{path} exists already", hint="choose another id")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(exercise_text(request.id), encoding="utf-8")
    click.echo(f"wrote {path}; then: torchgrade validate {path} && torchgrade prove {path}")
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """What `validate` was asked."""

    exercises: Path | None
    paths: tuple[Path, ...]


@click.command("validate", cls=Command, examples=("torchgrade validate", "torchgrade validate exercises/linalg/"))
@exercises_option
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@asks(Validation)
def validate_command(request: Validation) -> int:
    """Check the form of exercises and assignments; nothing is run."""
    from torchgrade.cli.assignments import assignment_files, faults_of
    from torchgrade.cli.faults import show

    assignments = assignment_files(request.exercises, request.paths)
    others = tuple(
        path for path in request.paths if path not in assignments and path.resolve().name != bank.ASSIGNMENTS
    )
    files = exercise_files(request.exercises, others) if others or not request.paths else ()
    faults = (*loaded(files)[1], *faults_of(assignments, request.exercises))
    show(faults, err=False)
    click.echo(_validated(files, assignments, faults))
    return 1 if faults else 0


def _validated(
    files: tuple[tuple[Path, Path], ...], assignments: tuple[Path, ...], faults: tuple[Diagnostic, ...]
) -> str:
    """`44 exercises, 1 assignment, 2 faults in 1 of them`."""
    found = [counted(len(files), "exercise")] if files or not assignments else []
    found += [counted(len(assignments), "assignment")] if assignments else []
    broken = len({fault.path for fault in faults})
    where = f" in {broken} of them" if broken else ""
    return ", ".join([*found, f"{counted(len(faults), 'fault')}{where}"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundling:
    """What `bundle` was asked."""

    exercises: Path | None
    directory: Path
    ids: tuple[str, ...]


@click.command("bundle", cls=Command, examples=("torchgrade bundle week3/ autograd/detach autograd/quadratic",))
@exercises_option
@click.argument("directory", type=click.Path(path_type=Path))
@click.argument("ids", nargs=-1)
@asks(Bundling)
def bundle_command(request: Bundling) -> int:
    """Write a folder for students, without the answers."""
    from torchgrade.authoring.bundle import files

    root = bank.folder(request.exercises)
    exercises = bank.load(root, bank.named(root, request.ids) or bank.ids(root))
    if request.directory.exists() and not request.directory.is_dir():
        raise UsageError(f"{request.directory} is no folder", hint="name a new folder")
    if request.directory.exists() and any(request.directory.iterdir()):
        raise UsageError(f"{request.directory} is not empty", hint="name a new folder")
    for name, text in files(exercises).items():
        path = request.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    click.echo(f"wrote {counted(len(exercises), 'exercise')} to {request.directory}")
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Schemas:
    """What `schema` was asked."""

    directory: Path
    write: bool
    check: bool


@click.command("schema", cls=Command, examples=("torchgrade schema --write", "torchgrade schema --check"))
@click.option("--directory", type=click.Path(path_type=Path), default=Path("schemas"), show_default=True)
@click.option("--write", is_flag=True, help="Write the schemas.")
@click.option("--check", is_flag=True, help="Fail if the schemas there are not those of this version.")
@asks(Schemas)
def schema_command(request: Schemas) -> int:
    """Write the JSON Schemas, or check that they are fresh."""
    from torchgrade.spec.schema import check, write

    if request.write == request.check:
        raise UsageError("schema needs one of --write and --check")
    stale = write(request.directory) if request.write else check(request.directory)
    for name in stale:
        click.echo(f"{request.directory / name}: " + ("written" if request.write else "not fresh"))
    return 1 if stale and request.check else 0


def exercise_files(root: Path | None, paths: tuple[Path, ...]) -> tuple[tuple[Path, Path], ...]:
    """The exercise files at `paths`, or of the whole bank, each with the folder that its id counts from."""
    chosen = paths or (bank.folder(root),)
    files = []
    for path in chosen:
        base = root or _base(path)
        found = sorted(path.rglob("*.yaml")) if path.is_dir() else [path] if path.suffix == ".yaml" else []
        if not found:
            what = f"there are no exercises in {path}" if path.is_dir() else f"{path} is no exercise"
            raise UsageError(what, hint=bank.SUFFIX_HINT)
        files += [(base, file) for file in found if bank.ASSIGNMENTS not in _below(file, base)]
    return tuple(files)


def loaded(files: tuple[tuple[Path, Path], ...]) -> tuple[tuple[Exercise, ...], tuple[Diagnostic, ...]]:
    """The exercises in these files, and the faults of each file and of all together."""
    from torchgrade.spec.load import alike, load_files

    exercises, faults = load_files(files)
    return exercises, (*faults, *alike(exercises))


def counted(number: int, noun: str) -> str:
    """`1 fault`, `2 faults`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _below(file: Path, base: Path) -> tuple[str, ...]:
    return file.relative_to(base).parts if file.is_relative_to(base) else ()


def _base(path: Path) -> Path:
    """The folder that ids count from: the `exercises` that `path` lies in, else the path's own folder."""
    for parent in (path, *path.parents):
        if parent.name == "exercises":
            return parent
    return path if path.is_dir() else path.parent
