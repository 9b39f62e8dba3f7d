"""What is written for students and authors: whole, loadable, and nothing secret in it."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from torchgrade.authoring.bundle import files
from torchgrade.authoring.scaffold import exercise_text, starter
from torchgrade.model.exercise import Exercise
from torchgrade.model.text import Text
from torchgrade.spec.load import load, load_text
from torchgrade.store import bank

GUARDED = """\
# CANARY-comment
schema: 1
title: Double
task: Return 2x.
entrypoint: double
parameters: {x: {shape: [n], range: 0..717}}
dims: {n: 1..9}
let: {canary_let: 2*x}
reference:
  formula: canary_let + 0*717171
  function: |
    def double(x):
        return 2 * x  # CANARY-function
accepted:
  - name: CANARY-accepted
    function: |
      def double(x): return x + x  # CANARY-accepted
cases:
  - {name: by hand, inputs: {x: [1, 2]}, expected: [2, 4]}
  - {name: with a dict, inputs: {x: [1]}, expected: {result: [2]}}
  - {name: CANARY-hidden, inputs: {x: [91919]}, expected: [183838], visible: false}
  - {name: CANARY-drawn, draw: 4}
  - {edges: [zeros]}
  - {name: wrong, inputs: {x: '[1]'}, raises: ValueError}
checks:
  - value
  - {kind: value, name: CANARY-check, cases: [CANARY-drawn]}
  - {kind: gradient, name: CANARY-gradient}
  - {kind: property, holds: result == canary_let, name: CANARY-property}
  - {kind: rule, forbid: [torch.add], name: no add}
mistakes:
  - {id: canary-mistake, says: CANARY-says, formula: x}
hints: [Think.]
tags: [CANARY-tag]
"""


@pytest.fixture
def secret(tmp_path: Path) -> Exercise:
    path = tmp_path / "double.yaml"
    path.write_text(GUARDED)
    return load(path, tmp_path)


def test_no_byte_of_a_bundle_gives_an_answer_away(secret: Exercise) -> None:
    for name, text in files([secret]).items():
        for canary in ("canary", "91919", "183838", "717", "1..9 ", "reference", "mistakes", "accepted"):
            assert canary not in (name + text).lower()


def test_a_bundled_exercise_loads_with_its_visible_cases_and_their_answers(secret: Exercise) -> None:
    made = files([secret])
    assert list(made) == ["README.md", "double.py", "exercises/double.yaml"]
    bundled = load_text(made["exercises/double.yaml"], "double.yaml", "double")
    assert [(case.name, dict(case.expected)) for case in bundled.cases] == [
        ("by hand", {"result": (2.0, 4.0)}),
        ("with a dict", {"result": (2.0,)}),
        ("wrong", {}),
    ]
    assert [check.name for check in bundled.checks] == ["value", "no add"]
    assert [str(hint) for hint in bundled.hints] == ["Think."]


def test_whole_numbers_of_a_floating_answer_are_written_with_a_point(secret: Exercise) -> None:
    assert "[2.0, 4.0]" in files([secret])["exercises/double.yaml"]


def test_an_exercise_without_a_visible_answer_is_only_told(tmp_path: Path) -> None:
    path = tmp_path / "double.yaml"
    path.write_text(
        GUARDED.replace("{name: by hand, inputs: {x: [1, 2]}, expected: [2, 4]}", "{draw: 1}")
        .replace("expected: {result: [2]}", "visible: false, expected: {result: [2]}")
        .replace("  - {name: wrong, inputs: {x: '[1]'}, raises: ValueError}\n", "")
    )
    made = files([load(path, tmp_path)])
    assert list(made) == ["README.md", "double.py"]
    assert "which no visible case checks" in made["README.md"]


@pytest.mark.parametrize("identifier", bank.ids(bank.installed()))
def test_the_whole_bank_can_be_bundled(identifier: str) -> None:
    (exercise,) = bank.load(bank.installed(), [identifier])
    made = files([exercise])
    ast.parse(made[f"{exercise.entrypoint}.py"])
    if f"exercises/{identifier}.yaml" in made:
        bundled = load_text(made[f"exercises/{identifier}.yaml"], "x.yaml", identifier)
        assert bundled.cases
        assert not bundled.reference.function
        assert not bundled.mistakes


@pytest.mark.parametrize("identifier", bank.ids(bank.installed()))
def test_every_starter_defines_its_entry_point_and_nothing_else(identifier: str) -> None:
    (exercise,) = bank.load(bank.installed(), [identifier])
    tree = ast.parse(starter(exercise, "zh"))
    defined = [node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    assert exercise.entrypoint in defined


def test_a_starter_is_the_signature_with_the_task(secret: Exercise) -> None:
    assert starter(secret) == (
        "import torch\n\n\n"
        "def double(x):\n"
        '    """Double\n\n    Return 2x.\n\n    x: tensor of shape [n]\n    """\n'
        "    raise NotImplementedError\n"
    )


@pytest.mark.parametrize(
    ("task", "shown"),
    [
        ('Say """hello""".', "Say '''hello'''."),
        ("Return $\\nabla f$.", "Return ∇f."),
        ('Ends with a quote"', 'Ends with a quote"'),
        ("back\\", "back\\"),
    ],
)
def test_no_task_breaks_the_starter(secret: Exercise, task: str, shown: str) -> None:
    text = starter(replace(secret, task=Text((("en", task),))))
    tree = ast.parse(text)
    (function,) = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert shown in (ast.get_docstring(function) or "")


def test_a_class_is_started_as_a_class(secret: Exercise) -> None:
    tree = ast.parse(starter(replace(secret, entrypoint="Affine")))
    assert [node.name for node in tree.body if isinstance(node, ast.ClassDef)] == ["Affine"]


def test_a_new_exercise_loads() -> None:
    exercise = load_text(exercise_text("linalg/two-norm"), "two-norm.yaml", "linalg/two-norm")
    assert (exercise.entrypoint, str(exercise.title)) == ("two_norm", "Two norm")
