"""Answers to the bank as students give them: those in `bank/right` earn all points, those in `bank/wrong` do not.

Each file answers many exercises at once. In `wrong`, the docstring of an answer says which checks it loses: these and
no others, so that an answer which is right but for its gradient shows that only the gradient gives it away.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.classes.pools import UNSAID

from torchgrade.formula.source import solution
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt
from torchgrade.model.verdict import Verdict
from torchgrade.readers import read
from torchgrade.sandbox import strongest
from torchgrade.session import Session
from torchgrade.spec.load import load_bank

HERE = Path(__file__).parent
RIGHT = sorted((HERE / "bank" / "right").glob("*.py"))
WRONG = sorted((HERE / "bank" / "wrong").glob("*.py"))
EXERCISES, _ = load_bank(HERE.parents[1] / "exercises")
NOT_A_VERDICT = (Verdict.ACCEPTED, Verdict.UNDECIDED, Verdict.JUDGE_ERROR)


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with strongest() as sandbox:
        yield Session(sandbox, "red team")


def named(path: Path) -> str:
    return path.stem


def answers(path: Path) -> Mapping[str, str]:
    """What a file defines or assigns, with its docstring."""
    found: dict[str, str] = {}
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        match statement:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found[name] = ast.get_docstring(statement) or ""
            case ast.Assign(targets=[ast.Name(id=name)]):
                found[name] = ""
    return found


def graded(path: Path, session: Session) -> Iterator[tuple[Exercise, Attempt]]:
    """The exercises that a file answers, with how it did."""
    answered = [exercise for exercise in EXERCISES if exercise.entrypoint in answers(path)]
    return zip(answered, session.attempts(read(path), answered), strict=True)


def lost(attempt: Attempt) -> list[str]:
    return [check.name for check in attempt.checks if check.verdict is not Verdict.ACCEPTED]


@pytest.mark.parametrize("path", RIGHT, ids=named)
def test_no_right_answer_is_rejected(path: Path, session: Session) -> None:
    rejected = {exercise.id: lost(attempt) for exercise, attempt in graded(path, session) if lost(attempt)}
    assert rejected == {}


@pytest.mark.parametrize("path", WRONG, ids=named)
def test_no_wrong_answer_is_accepted(path: Path, session: Session) -> None:
    expected = {name: text.removeprefix("loses: ").split(", ") for name, text in answers(path).items()}
    for exercise, attempt in graded(path, session):
        assert lost(attempt) == expected[exercise.entrypoint], exercise.id
        assert attempt.verdict not in NOT_A_VERDICT, exercise.id


def test_code_made_of_formulas_earns_all_that_formulas_say(session: Session, tmp_path: Path) -> None:
    made = [each for each in EXERCISES if each.reference.formula and each.call is None]
    text = "\n\n".join(solution(each, each.reference.formula) for each in made)
    (tmp_path / "formulas.py").write_text(text, encoding="utf-8")
    attempts = session.attempts(read(tmp_path / "formulas.py"), made)
    assert {each.exercise: lost(each) for each in attempts if lost(each)} == {id: [name] for id, name in UNSAID.items()}
    assert len(made) > 40


def test_every_exercise_has_right_answers_and_wrong_ones() -> None:
    for exercise in EXERCISES:
        assert sum(exercise.entrypoint in answers(path) for path in RIGHT) == len(RIGHT) >= 3
        assert sum(exercise.entrypoint in answers(path) for path in WRONG) >= 3, exercise.id
