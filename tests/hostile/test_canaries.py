"""Nothing of an exercise that is hidden from students stands in what students are given, in any format, byte for byte.

An exercise has a canary in every field that is hidden; submissions of every kind are graded in the sandbox; all that
every writer for students writes is searched for the canaries, and for what the hidden cases hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256

import pytest
from tests.unit.writers.pieces import FOR_STUDENTS, OF_ONE, everything, rendered

from torchgrade.grading.discretion import withheld
from torchgrade.model.assignment import Hidden
from torchgrade.model.case import Case
from torchgrade.model.finding import Attempt
from torchgrade.model.probe import Source
from torchgrade.model.report import Header
from torchgrade.model.submission import Submission
from torchgrade.model.value import Tensor
from torchgrade.model.verdict import Verdict
from torchgrade.numeric.arrays import to_numpy
from torchgrade.sandbox import strongest
from torchgrade.session import Session, header
from torchgrade.spec.load import load_text

EXERCISE = """
schema: 1
title: Seven times
task: Return a multiple of x.
entrypoint: seven
parameters: {x: [n]}
let: {canarylet: 7 * x}
reference:
  formula: canarylet + 0 * 90407 * x
  function: |
    def seven(x):
        canaryreference = 7  # canaryreference
        return canaryreference * x
accepted:
  - {name: canaryaccepted, function: "def seven(x): return x * 7  # canaryaccepted"}
cases:
  - {name: by hand, inputs: {x: [1, 2]}, expected: [7, 14]}
  - {name: secret, inputs: {x: [73519.25, 48611.5]}, expected: [514634.75, 340280.5], visible: false}
  - {draw: 2, dims: {n: 3..5}}
checks: [{kind: value, points: 2}, gradient, {kind: property, name: linear, holds: result / 7 == x}]
mistakes:
  - {id: six, function: "def seven(x): return 6 * x  # canarymistake", says: That is six times.}
  - {id: cube, formula: x**3 + 0 * 55163, says: That is another thing.}
hints: [Count to seven.]
"""
SUBMISSIONS: Mapping[str, str] = {
    "right": "def seven(x): return 7 * x",
    "a known mistake": "def seven(x): return 6 * x",
    "another wrong answer": "def seven(x): return 7 * x + (x > 100) - (x < 1.5)",
    "wrong where it is hidden": "def seven(x): return 7 * x if len(x) == 2 and x[0] < 3 else 7 * x - 1",
    "no gradient": "def seven(x): return (7 * x).detach()",
    "a wrong gradient": "def seven(x): return 7 * x.detach() + 0 * x",
    "a crash that tells": "def seven(x):\n    raise ValueError(x.tolist())",
    "a crash where it is hidden": "def seven(x):\n    if x[0] > 3: raise ValueError(x.tolist())\n    return 7 * x",
    "prints": "def seven(x):\n    print('seen', x.tolist())\n    return 6 * x",
    "a text": "def seven(x): return str(x.tolist())",
    "another shape": "def seven(x): return (7 * x).repeat(3, 1)",
    "another type": "def seven(x): return (7 * x).long()",
    "not finite": "def seven(x): return 7 * x / (x < 3)",
    "items": "def seven(x): return [7 * x, x.tolist()]",
    "changes its input": "def seven(x):\n    x.data.mul_(7)\n    return x",
    "no such function": "def eight(x): return 8 * x",
    "no Python": "def seven(x) return 7",
}
RIGHT_VALUES = ("right", "no gradient", "a wrong gradient", "changes its input")
"""They have found the answer: the page shows it to them as a formula, with its derivative."""
FORMULA = ("canarylet", "90407")
TEXTS = ("canaryreference", "canaryaccepted", "canarymistake", "canaryseed", "55163")
DIGITS = 5


@pytest.fixture(scope="module")
def graded() -> Iterator[tuple[Header, Mapping[str, Attempt], tuple[str, ...]]]:
    """By what it does, the attempt of each submission; and the numbers that are hidden."""
    asked = load_text(EXERCISE, "canary.yaml", "hidden/canary")
    with strongest() as sandbox:
        session = Session(sandbox, "canaryseed")
        submissions = [submitted(name, text) for name, text in SUBMISSIONS.items()]
        attempts = dict(zip(SUBMISSIONS, session.attempts(submissions, (asked,)), strict=True))
        numbers = tuple(hidden_numbers(session.resolve(asked).cases))
        yield header(sandbox.level, "canaryseed", (asked,)), attempts, numbers


def submitted(name: str, text: str) -> Submission:
    source = Source(text=text + "\n", filename="answer.py")
    digest = sha256(text.encode()).hexdigest()
    return Submission(submitter=name.replace(" ", "-"), path="class/answer.py", source=source, digest=digest)


def hidden_numbers(cases: tuple[Case, ...]) -> Iterator[str]:
    """The leading digits of what goes in, and of what is to come out, as any format would write them."""
    for case in cases:
        for value in case.inputs.values():
            if not case.visible and isinstance(value, Tensor):
                for number in to_numpy(value).ravel().tolist():
                    yield from (leading(number), leading(7 * number))


def leading(number: float) -> str:
    """A pattern of the first digits, whatever stands between them: `1.2345` of 1.23456, `7351.9` of 73519.25."""
    digits = f"{abs(number):.{DIGITS + 3}e}".replace(".", "")[:DIGITS].rstrip("0")
    return r"[.,]?".join(digits)


def found(text: str, name: str, numbers: tuple[str, ...]) -> list[str]:
    """What stands in a text and must not; digests are no numbers."""
    plain = re.sub(r"\b[0-9a-f]{64}\b|sha256-[\w+/=]+|#[0-9a-fA-F]{3,8}\b", "", text)
    words = TEXTS if name in RIGHT_VALUES else (*TEXTS, *FORMULA)
    return [each for each in words if each in plain] + [
        each for each in numbers if re.search(rf"(?<![\d.]){each}", plain)
    ]


@pytest.mark.parametrize("name", SUBMISSIONS)
@pytest.mark.parametrize("hidden", Hidden)
def test_nothing_hidden_is_told(
    name: str, hidden: Hidden, graded: tuple[Header, Mapping[str, Attempt], tuple[str, ...]]
) -> None:
    told, attempts, numbers = graded
    attempt = withheld(attempts[name], hidden)
    assert (attempt.verdict is Verdict.ACCEPTED) == (name == "right")
    for kind in FOR_STUDENTS:
        for language in ("en", "zh"):
            text = everything(kind, replace(told, language=language), [attempt])
            assert found(text, name, numbers) == [], kind


def test_nor_in_the_report_of_a_class(graded: tuple[Header, Mapping[str, Attempt], tuple[str, ...]]) -> None:
    told, attempts, numbers = graded
    some = [attempts[name] for name in sorted(set(attempts) - {*RIGHT_VALUES})]
    for kind in set(FOR_STUDENTS) - {*OF_ONE}:
        assert found(everything(kind, told, some), "", numbers) == [], kind


def test_there_is_something_to_find(graded: tuple[Header, Mapping[str, Attempt], tuple[str, ...]]) -> None:
    """So nothing is found because it is not there, and not because nobody looks well."""
    told, attempts, numbers = graded
    record = rendered("json", told, attempts.values()).decode()
    assert {"90407", "canaryseed"} <= set(found(record, "", numbers))
    assert len(set(found(record, "", numbers)) & set(numbers)) >= len(set(numbers)) // 3
    page = everything("html", told, [attempts["prints"]])
    assert "seen [1.0, 2.0]" in page
