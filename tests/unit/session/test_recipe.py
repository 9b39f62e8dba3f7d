"""Recipes: the same exercises come out of them as went in, or none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from torchgrade.errors import UsageError
from torchgrade.grading.weights import limited
from torchgrade.model.assignment import Assignment
from torchgrade.model.exercise import Exercise
from torchgrade.model.text import Text
from torchgrade.session import header
from torchgrade.session.recipe import exercises, recipe
from torchgrade.spec.language import spoken
from torchgrade.spec.load import load

TEXT = """
schema: 1
title: {en: Double, zh: 翻倍}
task: Return 2x.
entrypoint: double
parameters: {x: [n]}
reference: 2*x
cases: [{name: by hand, inputs: {x: [1, 2]}, expected: [2, 4]}, {draw: 3}]
mistakes: [{id: squared, formula: x**2, says: {en: You squared it., zh: 你平方了。}}]
"""
HEADER = header("sandbox", "seed")


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    (tmp_path / "tensor").mkdir()
    (tmp_path / "tensor" / "double.yaml").write_text(TEXT, encoding="utf-8")
    return load(tmp_path / "tensor" / "double.yaml", tmp_path)


def under(exercise: Exercise, limits: dict[str, float]) -> Exercise:
    return limited(exercise, Assignment(id="a", title=Text(), exercises=(), limits=limits))


@pytest.mark.parametrize("language", ["", "en", "zh"])
@pytest.mark.parametrize("limits", [{}, {"seconds": 0.5}])
def test_what_comes_out_is_what_went_in(exercise, language, limits):
    wanted = under(spoken(exercise, language) if language else exercise, limits)
    (found,) = exercises(recipe([wanted], HEADER, language, limits))
    assert replace(found, path=wanted.path) == wanted
    assert found.path == "tensor/double.yaml"


def test_the_header_is_in_it():
    made = recipe([], HEADER)
    assert (made.seed, made.isolation, made.versions) == (HEADER.seed, HEADER.isolation, HEADER.versions)


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda exercise: Path(exercise.path).write_text(TEXT.replace("2*x", "x + x"), encoding="utf-8"),
        lambda exercise: None,
    ],
    ids=["the file", "the limits"],
)
def test_what_is_not_the_exercise_any_more_is_refused(exercise, spoiled):
    spoiled(exercise)
    limits = {"seconds": 0.5}
    with pytest.raises(UsageError, match="the file of the exercise tensor/double changed after it was loaded") as error:
        exercises(recipe([exercise], HEADER, limits=limits))
    assert error.value.hint == "let it be while a class is graded, and run the command again"


def test_a_file_that_is_gone_is_told(exercise):
    Path(exercise.path).unlink()
    with pytest.raises(
        UsageError, match=r"the exercise tensor/double cannot be read from .+double.yaml: .*No such file"
    ):
        recipe([exercise], HEADER)
