"""All experiments, in full or in short."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.correctness import families, gradients, sabotage, systems
from benchmarks.correctness.table import Row
from torchgrade.model.kinds import Sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is tried: draws for each function, system and family, and how many exercises (None: all)."""

    gradients: int
    conditions: tuple[float, ...]
    systems: int
    families: int
    exercises: int | None


FULL = Size(
    gradients=25,
    conditions=tuple(10.0**power for power in range(1, 13)),
    systems=15,
    families=40,
    exercises=None,
)
SHORT = Size(gradients=1, conditions=(1e2, 1e5, 1e11), systems=8, families=8, exercises=2)


def rows(sandbox: Sandbox, size: Size) -> Iterator[Row]:
    """The rows of the table, in the order of NUMERICS."""
    yield from gradients.rows(sandbox, size.gradients)
    yield from systems.rows(sandbox, size.conditions, size.systems)
    yield from families.rows(sandbox, size.families)
    yield from sabotage.rows(sandbox, sabotage.with_gradients(size.exercises))
