"""Code from exercise files, made ready for the sandbox: references, other right answers, and mistakes."""

from __future__ import annotations

from dataclasses import replace

from torchgrade.formula.source import solution
from torchgrade.grading.resolved import Resolved
from torchgrade.model.exercise import Exercise, Mistake
from torchgrade.model.probe import Source, Work

_NAMESPACE = "import math\nimport torch\n"
_SYMPY = "import sympy\n"
_PATCH = """
_right = {entrypoint}

{wrong}
_wrong = {entrypoint}

def {entrypoint}(*inputs):
    right = _right(*inputs)
    outcomes = dict(right) if isinstance(right, dict) else dict(zip({names}, right))
    wrong = _wrong(*inputs)
    outcomes.update(zip({changed}, wrong if {several} else (wrong,)))
    return tuple(outcomes[name] for name in {names})
"""


def solution_source(text: str, filename: str) -> Source:
    """Code from an exercise file, with the modules it may take for granted."""
    prefix = _NAMESPACE + (_SYMPY if "sympy" in text else "")
    return Source(text=prefix + text, filename=filename)


def mistake_work(resolved: Resolved, mistake: Mistake) -> Work:
    """What a known mistake runs, and what to measure of it: what is measured of a submission.

    A mistake by formula is a function of the parameters, so it is called with them, whatever `call` says.
    Raises FormulaError if the formulas cannot be written as torch code.
    """
    exercise = resolved.exercise
    source = solution_source(mistake_text(exercise, mistake), f"<mistake {mistake.id}>")
    plan = resolved.plan if mistake.function is not None else replace(resolved.plan, call=None)
    return Work(source=source, plans=(plan,))


def mistake_text(exercise: Exercise, mistake: Mistake) -> str:
    """The mistake's function, or its formulas beside the reference's as a function.

    Where the reference has no formula for some result, its function gives that result.
    """
    if mistake.function is not None:
        return mistake.function
    exercise, formulas = replace(exercise, call=None), {**exercise.reference.formula, **mistake.formula}
    right, changed = exercise.reference.function, tuple(name for name in exercise.returns if name in mistake.formula)
    if right is None or not changed or exercise.returns.keys() <= formulas.keys():
        return solution(exercise, formulas)
    part = replace(exercise, returns={name: exercise.returns[name] for name in changed})
    patch = {
        "entrypoint": exercise.entrypoint,
        "wrong": solution(part, mistake.formula),
        "names": tuple(exercise.returns),
        "changed": changed,
        "several": len(changed) > 1,
    }
    return right + _PATCH.format(**patch)
