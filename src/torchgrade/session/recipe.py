"""Recipes of graders: written where a run is started, followed wherever its submissions are graded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from torchgrade.errors import UsageError
from torchgrade.grading.weights import limited
from torchgrade.model.assignment import Assignment
from torchgrade.model.exercise import Exercise
from torchgrade.model.recipe import Recipe, Sheet
from torchgrade.model.report import Header
from torchgrade.model.text import Text
from torchgrade.spec.language import spoken
from torchgrade.spec.load import load_text


def recipe(
    exercises: Iterable[Exercise], header: Header, language: str = "", limits: Mapping[str, float] | None = None
) -> Recipe:
    """What it takes to grade these exercises, which stand in their files, under this header.

    `language` and the assignment's `limits` are what the exercises were put under when they had been loaded.
    """
    return Recipe(
        exercises=tuple(_sheet(exercise) for exercise in exercises),
        seed=header.seed,
        language=language,
        isolation=header.isolation,
        versions=header.versions,
        limits=limits or {},
    )


def exercises(recipe: Recipe) -> tuple[Exercise, ...]:
    """The exercises of a recipe. Raises UsageError if one is not what it was when the recipe was written."""
    return tuple(_exercise(sheet, recipe) for sheet in recipe.exercises)


def _sheet(exercise: Exercise) -> Sheet:
    try:
        text = Path(exercise.path).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the exercise {exercise.id} cannot be read from {exercise.path}: {error}") from error
    return Sheet(id=exercise.id, text=text, digest=exercise.digest)


def _exercise(sheet: Sheet, recipe: Recipe) -> Exercise:
    exercise = load_text(sheet.text, f"{sheet.id}.yaml", sheet.id)
    if recipe.language:
        exercise = spoken(exercise, recipe.language)
    exercise = limited(exercise, Assignment(id="", title=Text(), exercises=(), limits=recipe.limits))
    if exercise.digest != sheet.digest:
        raise UsageError(
            f"the file of the exercise {sheet.id} changed after it was loaded",
            hint="let it be while a class is graded, and run the command again",
        )
    return exercise
