"""Several witnesses as one truth."""

from __future__ import annotations

from collections.abc import Iterable

from torchgrade.model.target import Target, Targets


def merge(witnesses: Iterable[Targets]) -> Targets:
    """For every outcome what the first witness that knows it says; a full derivative goes with its product."""
    value: dict[str, Target] = {}
    full: dict[str, Target] = {}
    for targets in witnesses:
        fresh = targets.value.keys() - value.keys()
        value |= {name: target for name, target in targets.value.items() if name in fresh}
        full |= {name: target for name, target in targets.full.items() if name in fresh}
    return Targets(value=value, full=full)
