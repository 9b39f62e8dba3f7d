"""Sources for the sandbox; these texts are written by authors, so running them here is harmless."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from torchgrade.grading.plan import plan
from torchgrade.grading.resolved import Resolved
from torchgrade.grading.solutions import mistake_work, solution_source
from torchgrade.model.exercise import Exercise, Formula, Mistake, Python, Spec, Truth
from torchgrade.model.probe import Work
from torchgrade.model.text import Text

Changed = Callable[..., Exercise]


def work_of(exercise: Exercise, mistake: str) -> Work:
    resolved = Resolved(exercise=exercise, cases=(), plan=plan(exercise, ()), truth={})
    return next(mistake_work(resolved, each) for each in exercise.mistakes if each.id == mistake)


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("def f(): pass", "import math\nimport torch\n"),
        ("def f(): return sympy.pi", "import math\nimport torch\nimport sympy\n"),
    ],
)
def test_modules_are_there(text: str, prefix: str) -> None:
    source = solution_source(text, "a.py")
    assert (source.text, source.filename) == (prefix + text, "a.py")


def test_mistakes_are_functions_or_formulas(changed: Changed) -> None:
    wrong = Mistake(id="cubed", says=Text(), function=Python("def square(x): return x**3"))
    exercise = changed(mistakes=(*changed().mistakes, wrong))
    doubled, cubed = work_of(exercise, "doubled").source, work_of(exercise, "cubed").source
    assert "def square(x):\n    return 2 * x" in doubled.text
    assert doubled.filename == "<mistake doubled>"
    assert cubed.text.endswith("def square(x): return x**3")


def test_formulas_are_called_with_the_parameters_and_functions_as_the_exercise_says(changed: Changed) -> None:
    wrong = Mistake(id="cubed", says=Text(), function=Python("def square(x): return x**3"))
    call = Python("def call(square, x): return square(x)")
    exercise = changed(call=call, mistakes=(*changed().mistakes, wrong))
    assert [work_of(exercise, name).plans[0].call for name in ("doubled", "cubed")] == [None, call]


def test_outcomes_that_a_mistake_does_not_name_are_the_reference_s(changed: Changed) -> None:
    exercise = changed(
        returns={"a": Spec(), "b": Spec()},
        reference=Truth(formula={"a": Formula("x"), "b": Formula("3*x")}),
        mistakes=(Mistake(id="m", says=Text(), formula={"a": Formula("2*x")}),),
    )
    text = work_of(exercise, "m").source.text
    assert "2 * x" in text
    assert "3 * x" in text


@pytest.mark.parametrize("right", ["(x + 1, x + 2, x + 3)", "{'b': x + 2, 'c': x + 3, 'a': x + 1}"])
def test_outcomes_without_a_formula_are_the_function_s(right: str, changed: Changed) -> None:
    exercise = changed(
        returns={"a": Spec(), "b": Spec(), "c": Spec()},
        reference=Truth(formula={"a": Formula("x + 1")}, function=Python(f"def square(x): return {right}\n")),
        mistakes=(Mistake(id="m", says=Text(), formula={"b": Formula("9*x")}),),
    )
    text = work_of(exercise, "m").source.text.replace("import torch\n", "")
    namespace: dict[str, Callable[[int], tuple[int, ...]]] = {}
    exec(text, namespace)  # noqa: S102 - the author's code, in a test
    assert namespace["square"](1) == (2, 9, 4)
