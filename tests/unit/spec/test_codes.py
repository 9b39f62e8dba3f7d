"""Explanations of codes: each `wrong` is met with its code, each `right` loads, and no code goes unexplained."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

import torchgrade.checks
import torchgrade.formula
import torchgrade.inputs
import torchgrade.references
import torchgrade.spec
from torchgrade.errors import ExerciseError
from torchgrade.model.assignment import Assignment
from torchgrade.model.exercise import Exercise
from torchgrade.spec.assignment import load_text as load_assignment
from torchgrade.spec.codes import CODES
from torchgrade.spec.load import load_text

BASE = {
    "schema": "schema: 1\n",
    "title": "title: The sum\n",
    "task": "task: Return the sum of x.\n",
    "entrypoint": "entrypoint: total\n",
    "parameters": "parameters: {x: [n]}\n",
    "reference": "reference:\n  formula: sum(x)\n  function: |\n    def total(x): return x.sum()\n",
}
ASSIGNMENT = {"schema": "schema: 1\n", "title": "title: Week 1\n", "exercises": "exercises: [tensor/sum]\n"}
BANK = ("tensor/sum", "linalg/solve")
SHOWN = [code for code, explained in CODES.items() if explained.wrong]
UNSHOWN = {
    *("unreadable-file", "not-utf8", "byte-order-mark", "forbidden-character", "too-large", "empty-file", "too-deep"),
    *("too-many-aliases", "too-many-values", "yaml-directive", "same-entrypoint", "no-bank"),
    *("formula-kind", "formula-domain", "formula-not-a-number", "formula-no-source"),
    *(
        "draw-type",
        "draw-family",
        "draw-range",
        "draw-edge",
        "input-literal",
        "input-shape",
        "expected",
        "gradient-of",
    ),
}
ROOMS = [
    Path(str(room.__file__)).parent
    for room in (torchgrade.spec, torchgrade.formula, torchgrade.inputs, torchgrade.checks, torchgrade.references)
]
SOURCES = "\n".join(path.read_text(encoding="utf-8") for room in ROOMS for path in sorted(room.rglob("*.py")))
CODE = r'"([a-z]+(?:-[a-z0-9]+)+)"'
IN_SOURCE = re.compile(rf'(?:fault|refuse|whole|begins_with)\([^"\n]*\s*(?:message, )?{CODE}|code="([a-z-]+)"')


def composed(fragment: str, base: Mapping[str, str]) -> str:
    """A file with the fields of a fragment, after those of a base that it does not set."""
    given = set(re.findall(r"^([a-z]+)\s*[:：]", fragment, re.MULTILINE))
    return "".join(text for name, text in base.items() if name not in given) + fragment


def loaded(code: str, fragment: str) -> Exercise | Assignment:
    """What a fragment is a part of: an exercise or an assignment, as the code says."""
    if CODES[code].of == "assignment":
        return load_assignment(composed(fragment, ASSIGNMENT), "shown.yaml", BANK)
    return load_text(composed(fragment, BASE), "shown.yaml", "shown")


@pytest.mark.parametrize("code", SHOWN)
def test_what_is_shown_as_wrong_is_met_with_its_code(code: str) -> None:
    with pytest.raises(ExerciseError) as caught:
        loaded(code, CODES[code].wrong)
    assert {fault.code for fault in caught.value.diagnostics} == {code}


@pytest.mark.parametrize("code", SHOWN)
def test_what_is_shown_as_right_loads(code: str) -> None:
    assert loaded(code, CODES[code].right).title


def test_only_codes_that_no_snippet_can_show_have_none() -> None:
    assert CODES.keys() - set(SHOWN) == UNSHOWN


def test_every_code_in_the_source_is_explained() -> None:
    used = {first or second for first, second in IN_SOURCE.findall(SOURCES)}
    assert len(used) > 50
    assert used <= CODES.keys()


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_used(code: str) -> None:
    built = {"unknown-parameter", "unknown-case", "unknown-check"}
    assert code in built or f'"{code}"' in SOURCES


@pytest.mark.parametrize("code", CODES)
def test_every_explanation_is_a_sentence_or_more(code: str) -> None:
    assert CODES[code].about.endswith((".", "?"))
    assert CODES[code].summary
    assert bool(CODES[code].wrong) == bool(CODES[code].right)
