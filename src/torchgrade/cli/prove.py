"""The command that executes everything an exercise says about itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from torchgrade.cli.author import exercise_files, loaded
from torchgrade.cli.command import Command, asks
from torchgrade.cli.options import exercises_option

if TYPE_CHECKING:
    from torchgrade.authoring.proof import Proof, Row
    from torchgrade.model.exercise import Exercise

COLUMNS = ("exercise", "what", "name", "dtype", "result", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proving:
    """What `prove` was asked."""

    exercises: Path | None
    paths: tuple[Path, ...]
    format: str
    seed: str


@click.command(
    "prove",
    cls=Command,
    examples=("torchgrade prove exercises/linalg/solve.yaml", "torchgrade prove --format markdown > proof.md"),
)
@exercises_option
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--format", type=click.Choice(["table", "markdown", "json"]), default="table", show_default=True)
@click.option("--seed", default="", help="Draws the hidden inputs; else the exercise's own digest does.")
@asks(Proving)
def prove_command(request: Proving) -> int:
    """Execute exercises: do they tell right from wrong?"""
    from torchgrade.cli.faults import show

    exercises, faults = loaded(exercise_files(request.exercises, request.paths))
    show(faults)
    proofs = []
    for proof in _proofs(exercises, request.seed):
        proofs.append(proof)
        if request.format != "json":
            show(proof.faults)
    click.echo(FORMATS[request.format](proofs), nl=False)
    return 0 if not faults and all(proof.holds for proof in proofs) else 1


def _proofs(exercises: Iterable[Exercise], seed: str) -> Iterator[Proof]:
    from torchgrade.authoring.prove import prove
    from torchgrade.cli.isolation import best

    with best() as sandbox:
        for exercise in exercises:
            yield prove(exercise, sandbox, seed)


def _table(proofs: Iterable[Proof]) -> str:
    from torchgrade.writers.terminal import table

    return table(COLUMNS, [_cells(proof, row) for proof in proofs for row in proof.rows])


def _markdown(proofs: Iterable[Proof]) -> str:
    rows = [COLUMNS, ("---",) * len(COLUMNS), *(_cells(proof, row) for proof in proofs for row in proof.rows)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _json(proofs: Iterable[Proof]) -> str:
    return json.dumps([asdict(proof) for proof in proofs], ensure_ascii=False, indent=2) + "\n"


def _cells(proof: Proof, row: Row) -> tuple[str, ...]:
    return (proof.exercise, row.kind.value, row.name, row.dtype, row.result, "✓" if row.holds else "✗")


FORMATS = {"table": _table, "markdown": _markdown, "json": _json}
