"""The offline acceptance set: matrix derivative identities as exercises, closed forms accepted, spoiled ones rejected.

The truth is the derivative of the expression, taken by the formula language; the claim that is graded is sympy's closed
form, run as torch code in the sandbox like any submission.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from acceptance.spoils import Spoil, spoils
from acceptance.sympy_identities import MATRICES, Identity, identities, source
from torchgrade.errors import FormulaError
from torchgrade.formula.evaluate import evaluate, scope_of
from torchgrade.formula.parse import parse
from torchgrade.formula.source import solution
from torchgrade.model.exercise import Exercise, Formula, Python
from torchgrade.model.finding import Attempt
from torchgrade.model.probe import Source
from torchgrade.model.submission import Submission
from torchgrade.model.value import Scalar, Tensor
from torchgrade.model.verdict import Verdict
from torchgrade.numeric.arrays import to_numpy
from torchgrade.sandbox import strongest
from torchgrade.session import Session
from torchgrade.spec.load import load_text

SEEDS = ("one", "two", "three")
EQUAL = 1e-60
SURVIVORS = Path(__file__).parent / "survivors.txt"
ALL = identities(source().read_text(encoding="utf-8"))

VECTOR = "{shape: [k, 1], range: 0.25..2}"
POSITIVE = "{shape: [k, k], range: 0.25..2}"
INVERTIBLE = "{shape: [k, k], family: invertible}"
SYMMETRIC = "{shape: [k, k], family: symmetric, range: 0.25..2}"
ASSUMED = {
    # With a square X the trace does not depend on X at all; with fewer columns the claim says something, and it is
    # true for symmetric B and C, as sympy's comment on its neighbours says.
    "trace(inv((X.T @ C) @ X) @ ((X.T @ B) @ X))": {
        "X": "{shape: [k, p], range: 0.25..2}",
        "B": SYMMETRIC,
        "C": "{shape: [k, k], family: positive_definite}",
    },
}

HEADER = """\
schema: 1
title: An identity of line {line}
task: Return the derivative of the expression with respect to {variable}.
entrypoint: derivative
dims: {{{dims}}}
parameters:
{parameters}
reference:
  formula: grad({expression}, {variable})
  function: |
    def derivative({names}):
        raise NotImplementedError("in its place: the formula, as torch code")
cases: [{{draw: 3}}]
"""


def exercise(identity: Identity) -> Exercise:
    """The exercise that asks for the derivative.

    Entries are positive, so that every root and logarithm exists; where there is an inverse, matrices are well
    conditioned.
    """
    square = INVERTIBLE if "inv(" in identity.expression else POSITIVE
    drawn = {name: square if MATRICES[name] == ("k", "k") else VECTOR for name in identity.names}
    drawn |= ASSUMED.get(identity.expression, {})
    text = HEADER.format(
        line=identity.line,
        variable=identity.variable,
        expression=identity.expression,
        dims="k: 3..4, p: 1..2" if "p]" in "".join(drawn.values()) else "k: 2..4",
        names=", ".join(drawn),
        parameters="\n".join(f"  {name}: {spec}" for name, spec in drawn.items()),
    )
    draft = load_text(text, f"identity-{identity.line}.yaml", f"identities/line-{identity.line}")
    function = Python(solution(draft, draft.reference.formula))
    return replace(draft, reference=replace(draft.reference, function=function))


def submission(formula: str, asked: Exercise) -> Submission:
    code = solution(asked, {"result": Formula(formula)})
    return Submission(
        submitter=formula, path="identity.py", source=Source(text=code, filename="identity.py"), digest=code
    )


def gap(first: str, second: str, asked: Exercise, session: Session) -> float:
    """The greatest difference of two formulas over the cases of an exercise, at 50 digits; inf where shapes differ."""
    difference = parse(f"max(abs(({first}) - ({second})))")
    values = (evaluate(difference, scope_of(asked, case)) for case in session.resolve(asked).cases)
    return max(_number(value) for value in values)


def _number(value: object) -> float:
    if isinstance(value, Tensor):
        return float(to_numpy(value))
    assert isinstance(value, Scalar) and isinstance(value.value, (int, float))
    return float(value.value)


@pytest.fixture(scope="module")
def sessions() -> Iterator[dict[str, Session]]:
    with strongest() as sandbox:
        yield {seed: Session(sandbox, seed) for seed in SEEDS}


def test_the_file_has_as_many_identities_as_were_counted() -> None:
    assert len(ALL) >= 57
    assert len({identity.line for identity in ALL}) == len(ALL)


@pytest.mark.parametrize("identity", ALL, ids=lambda identity: f"line-{identity.line}")
@pytest.mark.parametrize("seed", SEEDS)
def test_closed_form_is_accepted(identity: Identity, seed: str, sessions: dict[str, Session]) -> None:
    asked = exercise(identity)
    attempt = sessions[seed].attempt(submission(identity.derivative, asked), asked)
    assert attempt.verdict is Verdict.ACCEPTED, _told(attempt)


def _told(attempt: Attempt) -> list[str]:
    return [
        f"{finding.case}: {finding.verdict}: {feedback.rationale}"
        for check in attempt.checks
        for finding in check.findings
        for feedback in finding.feedback
    ]


def test_spoiled_forms_are_rejected_and_survivors_listed(sessions: dict[str, Session]) -> None:
    """At least 99 in 100 are rejected; every one that is not stands in `survivors.txt` with its reason."""
    session = sessions[SEEDS[0]]
    rejected, survivors = 0, []
    for identity in ALL:
        asked = exercise(identity)
        for spoil in _different(identity, asked, session):
            attempt = session.attempt(submission(spoil.formula, asked), asked)
            if attempt.verdict is Verdict.ACCEPTED:
                survivors.append(f"line {identity.line}: {spoil.how}: {spoil.formula}")
            else:
                rejected += 1
    listed = [
        line.partition(" # ")[0] for line in SURVIVORS.read_text(encoding="utf-8").splitlines() if line[:1] != "#"
    ]
    assert survivors == listed
    assert rejected >= 0.99 * (rejected + len(survivors))
    assert rejected > 400


def _different(identity: Identity, asked: Exercise, session: Session) -> Iterator[Spoil]:
    """The spoils that are not equal to the closed form; `X` of shape [1, 1] and symmetric terms make some equal."""
    matrices = [name for name in identity.names if MATRICES[name] == ("k", "k")]
    for spoil in spoils(identity.derivative, matrices):
        try:
            equal = gap(spoil.formula, identity.derivative, asked, session) < EQUAL
        except FormulaError:  # shapes that do not fit are different enough
            equal = False
        if not equal:
            yield spoil
