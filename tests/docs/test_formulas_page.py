"""docs/formulas.md: its examples give what they say, what it calls refused is, and its table is the language's."""

from __future__ import annotations

import re

import numpy as np
import pytest

from docs.pages import ROOT, blocks
from torchgrade.errors import FormulaError
from torchgrade.formula import scope
from torchgrade.formula.evaluate import Scope, evaluate
from torchgrade.formula.functions import ATTRIBUTES, CONSTANTS, FUNCTIONS
from torchgrade.formula.parse import parse
from torchgrade.numeric.arrays import from_numpy, to_numpy

PAGE = ROOT / "docs" / "formulas.md"
TEXT = PAGE.read_text(encoding="utf-8")
ROW = re.compile(r"^\| (?P<names>`.+`) \| `(?P<parameters>[^|]*)` \| (?P<note>.*?) ?\|$", re.MULTILINE)
VALUES = {"x": from_numpy(np.array([1.0, 2.0, 3.0])), "A": from_numpy(np.array([[1.0, 2.0], [3.0, 4.0]]))}


def pairs(language: str) -> list[tuple[str, str]]:
    lines = [line for block in blocks(PAGE) if block.language == language for line in block.text.splitlines()]
    return [(left.strip(), right.strip()) for left, _, right in (line.partition("→") for line in lines)]


def value(text: str) -> np.ndarray:
    return to_numpy(evaluate(parse(text), Scope(values=VALUES, lets={}, observed={})))


@pytest.mark.parametrize(("formula", "result"), pairs("formula"))
def test_an_example_gives_what_stands_beside_it(formula: str, result: str) -> None:
    np.testing.assert_array_equal(value(formula), value(result))


@pytest.mark.parametrize(("text", "rewrite"), pairs("refused"))
def test_what_is_refused_is_refused_with_the_rewrite(text: str, rewrite: str) -> None:
    try:
        faults = scope.faults(parse(text), ("x", "A", "B"))
    except FormulaError as error:
        faults = (error,)
    assert [rewrite in fault.hint for fault in faults[:1]] == [True], [(str(fault), fault.hint) for fault in faults]


def test_the_table_is_that_of_the_language() -> None:
    shown = {
        name: (row["parameters"], row["note"])
        for row in ROW.finditer(TEXT)
        for name in re.findall(r"`(\w+)`", row["names"])
    }
    assert shown == {name: (str(signature), signature.note) for name, signature in FUNCTIONS.items()}


@pytest.mark.parametrize("word", sorted(CONSTANTS | {f".{name}" for name in ATTRIBUTES}))
def test_every_constant_and_attribute_is_mentioned(word: str) -> None:
    assert re.search(rf"`[^`]*{re.escape(word)}\b[^`]*`", TEXT)
