"""What the bank promises of every exercise, beyond what `prove` executes: rows, languages, cases, hints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from torchgrade.model.exercise import Exercise, Type
from torchgrade.model.text import Text
from torchgrade.spec.load import load_bank

ROWS = {*(f"N{row}" for row in range(1, 16)), *(f"A{row}" for row in range(1, 29))}
LANGUAGES = {"en", "zh"}
BANK, DIAGNOSTICS = load_bank(Path(__file__).parents[1] / "exercises")


def takes_tensors(exercise: Exercise) -> bool:
    return any(spec.type in (None, Type.TENSOR) for spec in exercise.parameters.values())


def texts(exercise: Exercise) -> Iterator[tuple[str, Text]]:
    yield "title", exercise.title
    yield "task", exercise.task
    yield from ((f"hint {place}", hint) for place, hint in enumerate(exercise.hints, 1))
    for said in (*exercise.checks, *exercise.mistakes):
        name = getattr(said, "id", None) or getattr(said, "name", "")
        yield from ((f"{name} {field}", text) for field, text in (("says", said.says), ("help", said.help)) if text)


def test_the_bank_has_no_faults_and_every_row_an_exercise() -> None:
    assert DIAGNOSTICS == ()
    tagged = {tag for exercise in BANK for tag in exercise.tags}
    assert ROWS - tagged == set()


@pytest.mark.parametrize("exercise", BANK, ids=lambda exercise: exercise.id)
def test_it_speaks_both_languages(exercise: Exercise) -> None:
    for place, text in texts(exercise):
        assert {language for language, _ in text.translations} >= LANGUAGES, place
        assert all(sentence.strip() for _, sentence in text.translations), place


@pytest.mark.parametrize("exercise", BANK, ids=lambda exercise: exercise.id)
def test_it_has_mistakes_hints_and_cases(exercise: Exercise) -> None:
    assert len(exercise.mistakes) >= 2
    assert len(exercise.hints) >= 2
    assert any(group.expected for group in exercise.cases)
    if takes_tensors(exercise):
        assert sum(group.draw or 0 for group in exercise.cases) >= 8
