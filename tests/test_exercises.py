"""Every exercise of the bank proves itself: references right, mistakes caught and named, the starter worth nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from torchgrade.authoring.proof import RowKind
from torchgrade.authoring.prove import prove
from torchgrade.model.kinds import Sandbox
from torchgrade.sandbox import strongest
from torchgrade.spec.excerpt import render
from torchgrade.spec.load import load
from torchgrade.store import bank

ROOT = Path(__file__).parents[1] / "exercises"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with strongest() as warm:
        yield warm


@pytest.mark.parametrize("identifier", bank.ids(ROOT))
def test_the_exercise_tells_right_from_wrong(identifier: str, sandbox: Sandbox) -> None:
    exercise = load(ROOT / f"{identifier}.yaml", ROOT)
    proof = prove(exercise, sandbox)
    assert proof.holds, "\n\n".join(map(render, proof.faults))
    assert len([row for row in proof.rows if row.kind is RowKind.MISTAKE]) == len(exercise.mistakes) >= 2
