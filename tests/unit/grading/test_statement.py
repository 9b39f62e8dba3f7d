"""What exercises say to people, with formulas as LaTeX."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from torchgrade.grading.statement import statement
from torchgrade.model.exercise import Exercise, Formula, Spec, Truth, Type
from torchgrade.model.text import Text

SHAPED = Spec(shape=(Formula("n"),))
NUMBER = Spec(type=Type.FLOAT)


def formulas(exercise: Exercise, formula: str, gradient: dict[str, str] | None = None, **parameters: Spec) -> list[str]:
    truth = Truth(
        formula={"result": Formula(formula)},
        gradient={name: Formula(text) for name, text in (gradient or {}).items()},
    )
    told = statement(replace(exercise, reference=truth, parameters=parameters))
    return [f"{each.of}/{each.wrt}: {each.latex}" for each in told.formulas]


def test_texts_stay_in_all_languages(exercise: Exercise) -> None:
    told = statement(replace(exercise, hints=(Text((("en", "Think."), ("zh", "想。"))),)))
    assert (told.exercise, told.entrypoint, told.points) == (exercise.id, exercise.entrypoint, Fraction(4))
    assert told.title == exercise.title
    assert told.hints[0].to("zh") == "想。"


@pytest.mark.parametrize(
    ("formula", "parameters", "told"),
    [
        ("3*a**3 - b**2", {"a": SHAPED, "b": SHAPED}, ["a: 9 a^{2}", "b: - 2 b"]),
        ("sum(u*v)", {"u": SHAPED, "v": SHAPED}, ["u: v", "v: u"]),
        ("k*x", {"x": SHAPED, "k": NUMBER}, ["x: k"]),
        (
            "where(x > 0, x**2, x)",
            {"x": SHAPED},
            [r"x: \begin{cases} 2 x & \text{for}\: x > 0 \\1 & \text{otherwise} \end{cases}"],
        ),
        ("A @ x", {"A": Spec(shape=(Formula("n"), Formula("n"))), "x": SHAPED}, []),
        ("norm(x)", {"x": SHAPED}, []),
        ("x", {"x": SHAPED}, []),
        ("x * y", {"x": SHAPED, "y": Spec(shape=())}, ["x: y"]),
        ("x + 1", {"x": Spec()}, []),
        ("x +", {"x": SHAPED}, None),
    ],
)
def test_derivatives_of_elementwise_formulas_are_told(
    exercise: Exercise, formula: str, parameters: dict[str, Spec], told: list[str] | None
) -> None:
    found = formulas(exercise, formula, **parameters)
    assert found[: 0 if told is None else 1] == ([] if told is None else found[:1])
    assert found[1:] == [f"result/{each}" for each in told or []]


def test_an_authors_own_gradient_comes_first(exercise: Exercise) -> None:
    assert formulas(exercise, "x**2", {"x": "grad_output*x"}, x=SHAPED)[1:] == [
        r"result/x: \mathrm{grad}_{\mathrm{output}} \cdot x"
    ]
