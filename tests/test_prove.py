"""`prove` refuses exercises that cannot tell right from wrong, and says why; sabotaged gradients are never accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from torchgrade.authoring import witnesses
from torchgrade.authoring.proof import CODES, Proof, RowKind
from torchgrade.authoring.prove import prove
from torchgrade.authoring.sabotage import SABOTAGES, sabotaged
from torchgrade.authoring.scaffold import exercise_text
from torchgrade.authoring.trial import as_submission
from torchgrade.model.verdict import Verdict
from torchgrade.sandbox.process import ProcessSandbox
from torchgrade.session import Session
from torchgrade.spec.load import load, load_text

BASE = """\
schema: 1
title: T
task: T
entrypoint: f
"""
SQUARE = """\
parameters: {A: [n, n]}
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[ProcessSandbox]:
    with ProcessSandbox() as warm:
        yield warm


def proven(text: str, folder: Path, sandbox: ProcessSandbox) -> Proof:
    path = folder / "f.yaml"
    path.write_text(BASE + text)
    return prove(load(path, folder), sandbox, "1")


PRODUCT = """\
parameters: {A: [m, k], B: [k, n]}
reference:
  formula: A @ B
  function: |
    def f(A, B): return A @ B
cases: [{draw: 2, dims: {m: 2, k: 3, n: 4}}]
"""
SUM = """\
parameters: {x: [n]}
reference:
  formula: sum(x)
  function: |
    def f(x): return x.sum()
"""


@pytest.mark.parametrize(
    ("text", "code", "place", "said", "hint"),
    [
        (
            PRODUCT + "mistakes:\n  - {id: elementwise, says: S, formula: A * B}\n",
            "mistake-never-runs",
            (12, 5),
            "mistake `elementwise` cannot be recognised: it fails to run in all 2 cases (",
            "add a case where it computes, for instance - {edges: [square]}",
        ),
        (
            "parameters: {A: [m, n]}\ndims: {m: 3, n: 3}\nreference: {formula: shape(A)[0], function: 'def f(A):\n"
            "    return A.shape[0]'}\nreturns: {result: {type: int}}\ncases: [{draw: 9}]\n"
            "mistakes:\n  - {id: by-columns, says: S, formula: 'shape(A)[1]'}\n",
            "mistake-accepted",
            (12, 5),
            "mistake `by-columns` gives the reference's values in all 9 cases: nothing can tell it from a right answer",
            "the cases never have m != n: let their sizes differ",
        ),
        (
            "parameters: {a: [n, m], b: [n, m]}\nreference: 3*a**3 - b**2\ncases:\n  - {name: the notebook's, inputs: "
            "{a: [[1, 2], [3, 4]], b: [[4, 5], [6, 7]]}, expected: [[-13, -1], [45, 142]]}\n",
            "witnesses-disagree",
            (8, 5),
            "the notebook's: formula gives 143 at [1, 1], `expected` says 142",
            "one of them is wrong; line 6 or line 8",
        ),
        (
            "parameters: {x: [n]}\ncases: [{inputs: {x: [1, 2]}, expected: 3}]\n",
            "one-witness",
            (1, 1),
            "only one witness: nothing else says what is right",
            "give the reference a `formula:` or a `function:`",
        ),
        (
            SUM + "cases: [{draw: 1}]\nchecks: [value, {kind: property, holds: result > 100, name: large}]\n",
            "reference-rejected",
            (7, 3),
            "the reference in float32 earns 1 of 2 points: check `large`, case `drawn 1`: ",
            "torchgrade explain reference-rejected",
        ),
        (
            SUM + "cases: [{draw: 2}]\naccepted:\n  - {name: mean, function: 'def f(x): return x.mean()'}\n",
            "accepted-rejected",
            (11, 5),
            "the accepted `mean` in float32 earns 0 of 1 points: check `value`, case `drawn 1`: ",
            "torchgrade explain accepted-rejected",
        ),
        (
            SUM + "cases: [{draw: 2}]\nmistakes:\n  - {id: doubled, says: S, formula: 2*sum(x)}\n"
            "  - {id: twice, says: S, formula: sum(x) + sum(x)}\n",
            "mistake-not-named",
            (12, 5),
            "mistake `twice` loses points but is taken for `doubled`",
            "add a case in which it differs from the others",
        ),
        (
            SUM + "cases: [{draw: 2}]\nchecks: [value, gradient]\n"
            "mistakes:\n  - {id: doubled, says: S, formula: 2*sum(x), loses: [value]}\n",
            "mistake-loses",
            (12, 56),
            "mistake `doubled` fails `value`, `gradient`, but its `loses` says `value`",
            "loses: [value, gradient]",
        ),
        (
            SUM + "cases: [{draw: 2}]\nstarter: |\n  def f(x): return x.sum()\n",
            "starter-earns",
            (10, 10),
            "the starter earns 1 of 1 points",
            "doing nothing earns 0",
        ),
        (
            "parameters: {A: {shape: [4, 4], condition: 1.0e+9, dtype: float32}, b: {shape: [4], dtype: float32}}\n"
            "reference:\n  formula: solve(A, b)\n  function: |\n    def f(A, b): return torch.linalg.solve(A, b)\n"
            "cases: [{draw: 1}]\n",
            "case-undecided",
            (7, 3),
            "the reference earns 0 of 1 points: check `value`, case `drawn 1`: ",
            "torchgrade explain case-undecided",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value in {*CODES, "one-witness"} else "",
)
def test_an_exercise_that_proves_nothing_is_refused(
    text: str, code: str, place: tuple[int, int], said: str, hint: str, tmp_path: Path, sandbox: ProcessSandbox
) -> None:
    proof = proven(text, tmp_path, sandbox)
    fault = proof.faults[0]
    assert (fault.code, {each.code for each in proof.faults}) == (code, {code})
    assert fault.message.startswith(said)
    assert fault.hint == hint
    assert (fault.line, fault.column) == place
    assert not proof.holds


def test_a_formula_that_torch_reads_otherwise_is_refused(
    tmp_path: Path, sandbox: ProcessSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witnesses, "solution", lambda exercise, formulas: "def f(x): return x.sum() * 2")
    text = "parameters: {x: [n]}\nreference: sum(x)\ncases: [{name: c, inputs: {x: [1, 2]}, expected: 3}]\n"
    (fault,) = proven(text, tmp_path, sandbox).faults
    assert (fault.code, fault.message) == ("readings-disagree", "c: formula gives 3, run by torch it gives 6")


def test_a_new_exercise_proves_itself_as_it_is_written(tmp_path: Path, sandbox: ProcessSandbox) -> None:
    path = tmp_path / "two-norm.yaml"
    path.write_text(exercise_text("linalg/two-norm"))
    proof = prove(load(path, tmp_path), sandbox)
    assert proof.faults == ()
    assert [(row.kind, row.name, row.dtype) for row in proof.rows] == [
        (RowKind.WITNESSES, "", ""),
        (RowKind.REFERENCE, "", "float32"),
        (RowKind.REFERENCE, "", "float64"),
        (RowKind.MISTAKE, "squared", ""),
        (RowKind.MISTAKE, "detached", ""),
        (RowKind.STARTER, "", ""),
    ]
    assert all(row.holds for row in proof.rows)


def test_sizes_and_answers_may_come_in_several_forms(tmp_path: Path, sandbox: ProcessSandbox) -> None:
    text = (
        "parameters: {A: {shape: [3, 3], family: symmetric}}\nreference:\n  formula: eigvalsh(A)[0:1]\n  function: |\n"
        "    def f(A): return -torch.linalg.eigvalsh(A)[0:1]\n"
        "cases: [{draw: 2}]\nchecks: [{kind: value, up_to: sign}]\n"
    )
    assert proven(text, tmp_path, sandbox).faults == ()
    assert {each.code for each in proven(text.replace(", up_to: sign", ""), tmp_path, sandbox).faults} >= {
        "witnesses-disagree"
    }


@pytest.mark.parametrize("sabotage", SABOTAGES)
def test_right_values_with_a_sabotaged_gradient_are_not_accepted(sabotage: str, sandbox: ProcessSandbox) -> None:
    exercise = load_text(exercise_text("tensor/twice"), "twice.yaml", "tensor/twice")
    right = "def twice(x):\n    return x + x\n"
    session = Session(sandbox, "1")
    attempt = session.attempt(as_submission(sabotaged(right, "twice", sabotage), "s.py"), exercise)
    verdicts = {check.name: check.verdict for check in attempt.checks}
    assert verdicts["value"] is Verdict.ACCEPTED
    assert verdicts["gradient"] is Verdict.WRONG_ANSWER
    assert session.attempt(as_submission(right, "s.py"), exercise).verdict is Verdict.ACCEPTED


def test_sabotage_reaches_every_returned_tensor(sandbox: ProcessSandbox) -> None:
    exercise = load_text(exercise_text("tensor/twice"), "twice.yaml", "tensor/twice")
    several = replace(
        exercise, digest="several", returns={"a": exercise.returns["result"], "b": exercise.returns["result"]}
    )
    source = sabotaged("def twice(x):\n    return {'a': x + x, 'b': 2 * x}\n", "twice", "zero")
    assert "spoilt(item)" in source
    assert several.returns.keys() == {"a", "b"}
