"""A class is the same every time and what was asked for, every platform's is read back, all get what they deserve."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest
from tests.classes import pools, spoilt
from tests.classes.__main__ import expected, main, mix
from tests.classes.answers import Answer, Sheet, picked
from tests.classes.handin import Kind, Member
from tests.classes.layouts import LAYOUTS, submitters, write
from tests.classes.members import MIX, Plan, counts, members
from tests.classes.mutations import mutations
from tests.classes.style import VARIANTS, written

from torchgrade.model.exercise import Exercise
from torchgrade.model.submission import Submission
from torchgrade.model.verdict import Verdict
from torchgrade.readers import read
from torchgrade.sandbox import strongest
from torchgrade.session import Session
from torchgrade.spec.load import load_bank

IDS = ("linalg/solve", "autograd/quadratic", "tensor/clone-and-add", "tensor/length")
ALL, _ = load_bank(Path(__file__).parents[2] / "exercises")
SHEET = tuple(each for each in ALL if each.id in IDS)


def plan(count: int = 120, seed: int = 1, exercises: tuple[Exercise, ...] = SHEET, **more: object) -> Plan:
    return Plan(**{"exercises": exercises, "count": count, "mix": MIX, "seed": seed, **more})  # type: ignore[arg-type]


@cache
def everybody() -> tuple[Member, ...]:
    return tuple(members(plan()))


def test_the_same_class_every_time() -> None:
    again = tuple(members(plan()))
    assert again == everybody()
    assert [each.content for each in members(plan(seed=2))] != [each.content for each in again]


def test_as_many_of_each_kind_as_were_asked_for() -> None:
    assert Counter(each.kind for each in everybody()) == {
        Kind.RIGHT: 72,
        Kind.WRONG: 30,
        Kind.CRASHING: 6,
        Kind.HANGING: 2,
        Kind.EMPTY: 4,
        Kind.HOSTILE: 6,
    }


@pytest.mark.parametrize(
    ("text", "count", "found"),
    [
        ("right=60,wrong=40", 10, [6, 4]),
        ("right=1,wrong=1,empty=1", 10, [4, 3, 3]),
        ("right=0.5, hanging=0.001", 10, [10, 0]),
        ("hostile=3", 2, [2]),
        ("right=1,wrong=1", 0, [0, 0]),
    ],
)
def test_counts(text: str, count: int, found: list[int]) -> None:
    assert list(counts(mix(text), count).values()) == found


@pytest.mark.parametrize("text", ["", "right", "good=1", "right=x", "right=-1,wrong=3", "right=0"])
def test_what_is_no_mix(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        mix(text)


def test_a_kind_is_what_it_says() -> None:
    for each in everybody():
        possible = [work.verdicts for work in each.works.values()]
        assert tuple(each.works) == tuple(exercise.id for exercise in SHEET)
        assert (each.kind is Kind.RIGHT) == (set(possible) == {(Verdict.ACCEPTED,)})
        assert all(Verdict.JUDGE_ERROR not in verdicts for verdicts in possible)


def test_people_differ_and_friends_hand_in_the_same_bytes() -> None:
    many = tuple(members(plan(400, exercises=SHEET[:1])))
    assert len({each.person.number for each in many}) == len({each.person.label for each in many}) == len(many)
    friends = [each for each in many if each.friend >= 0]
    assert {each.is_group for each in friends} == {True, False}
    for each in friends:
        original = many[each.friend]
        assert (each.content, each.filename, each.works) == (original.content, original.filename, original.works)
        assert original.submission().digest == each.submission().digest
    alone = [each.content for each in many if each.friend < 0 and each.kind is not Kind.EMPTY]
    assert len(set(alone)) == len(alone)


def test_there_are_scripts_and_notebooks_and_some_are_late() -> None:
    suffixes = Counter(Path(each.filename).suffix for each in everybody())
    assert suffixes[".py"] > suffixes[".ipynb"] > 10
    assert {each.is_late for each in everybody()} == {each.number > 1 for each in everybody()} == {True, False}
    assert all(each.filename.endswith(".ipynb") for each in members(plan(20, notebooks=1.0)))


@pytest.mark.parametrize("suffix", ["", ".zip"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_platform_is_read_back(layout: str, suffix: str, tmp_path: Path) -> None:
    into = tmp_path / f"submissions{suffix}"
    write(layout, everybody(), into)
    found = {each.submitter: each for each in read(into)}
    names = submitters(layout, everybody())
    assert sorted(found) == sorted(names)
    for name, each in zip(names, everybody(), strict=True):
        same(found[name], each.submission(), layout)


def same(found: Submission, direct: Submission, layout: str) -> None:
    """Platforms tell less than there is, and each something else."""
    assert (found.source.text, bool(found.problem)) == (direct.source.text, bool(direct.problem))
    if layout in ("gradescope", "nbgrader"):
        assert found.submitted[:10] == direct.submitted[:10] or layout == "gradescope"
    if layout in ("canvas", "moodle"):
        assert found.account == direct.account
    assert found.late == (direct.late and layout == "canvas")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--submitters", "30", "--exercises", *IDS, "--layout", "moodle", "--zip", "--into", str(tmp_path)]
    assert main(arguments) == 0
    assert capsys.readouterr().out == f"30 submitters in {tmp_path}\n"
    lines = [json.loads(line) for line in (tmp_path / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["submitter"] for line in lines} == {each.submitter for each in read(tmp_path / "submissions.zip")}
    assert all(set(line["exercises"]) == set(IDS) for line in lines)
    assert {work["expected"] for line in lines for work in line["exercises"].values()} >= {"accepted", "not accepted"}


def test_the_command_refuses_what_is_no_exercise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--exercises", "linalg/sovle", "--into", str(tmp_path)])
    assert "there is no exercise linalg/sovle" in capsys.readouterr().err


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with strongest() as sandbox:
        yield Session(sandbox, "classes")


def test_everybody_gets_what_they_deserve(session: Session) -> None:
    """Of one hanging only, since each takes seconds."""
    small = plan(30, mix=mix("right=8,wrong=10,crashing=4,hanging=1,empty=3,hostile=4"))
    for each in members(small):
        for attempt in session.attempts((each.submission(),), SHEET):
            work = each.works[attempt.exercise]
            assert attempt.verdict in work.verdicts, f"{each.position}: {work.what}: {expected(work)}"
            assert not work.mistake or work.mistake in attempt.mistakes, f"{each.position}: {work.what}"


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.id)
def test_answers_keep_what_they_are_in_other_hands(exercise: Exercise, session: Session) -> None:
    random = Random(f"3/{exercise.id}")  # noqa: S311
    for answer in (random.choice(pools.right(exercise)), random.choice(pools.declared(exercise))):
        styled = written(answer, random.randrange(1, VARIANTS))
        text = "\n".join((*(line for _, line in styled.imports), styled.body))
        submission = replace(everybody()[0], filename="a.py", content=text.encode()).submission()
        attempt = session.attempt(submission, exercise)
        assert attempt.verdict in answer.verdicts, f"{answer.what}\n{text}"
        assert not answer.mistake or answer.mistake in attempt.mistakes, f"{answer.what}\n{text}"


def test_an_answer_brings_what_it_needs_and_no_more() -> None:
    text = (
        "import math\nimport numpy as np\nfrom torch import ones, zeros\nfrom torch.linalg import *\n"
        "def unused(): return 1\nSIZE = 3\ndef _helper(x): return np.sum(x) + SIZE\n"
        "@staticmethod\ndef f(x):\n    y = _helper(ones(x))\n    return norm(y)\ndef g(): return f(1)\n"
    )
    answer = picked(text, "f", "a test")
    assert answer is not None
    assert dict(answer.imports) == {
        "np": "import numpy as np",
        "ones": "from torch import ones",
        "*torch.linalg": "from torch.linalg import *",
    }
    assert answer.helpers == {"SIZE", "_helper"}
    assert answer.body.startswith("SIZE = 3\n")
    assert "@staticmethod\ndef f(x):" in answer.body
    assert not answer.is_definitions
    assert picked(text, "h", "a test") is None


@pytest.mark.parametrize(
    ("first", "second", "takes"),
    [
        ("def f(): return math.pi", "def g(): return math.e", True),
        ("def _h(): return 1\ndef f(): return _h()", "def _h(): return 2\ndef g(): return _h()", False),
        ("from a import grad\ndef f(): return grad", "from b import grad\ndef g(): return grad", False),
        ("from a import grad\ndef f(): return grad", "from a import grad\ndef g(): return grad", True),
        ("from a import h\ndef f(): return h", "def h(): return 1\ndef g(): return h()", False),
        ("def f(): return 1", "from a import f\ndef g(): return f()", False),
        ("def f(): return 1", "def g():\n    f = 2\n    return f", True),
    ],
)
def test_every_name_means_one_thing(first: str, second: str, takes: bool) -> None:
    sheet = Sheet(frozenset({"f", "g"}))
    answers = [picked(text, name, "a test") for text, name in ((first, "f"), (second, "g"))]
    one, other = (each for each in answers if isinstance(each, Answer))
    assert sheet.takes(one)
    sheet.add(one)
    assert sheet.takes(other) is takes


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        ("a - b", {"another sign": "a + b", "a term dropped": "a", "two exchanged": "b - a"}),
        ("A @ b", {"a transposition": "A.T @ b", "another operator": "A * b"}),
        ("A.T", {"a transposition": "A"}),
        ("torch.sum(x, dim=0)", {"off by one": "torch.sum(x, dim=1)", "another function": "torch.mean(x, dim=0)"}),
        ("x.sum(1, keepdim=True)", {"a flag turned": "x.sum(1, keepdim=False)"}),
        ("x > 3", {"another bound": "x >= 3", "off by one": "x > 4"}),
    ],
)
def test_mutations(body: str, changes: dict[str, str]) -> None:
    text = f"def f(a, b, A, x):\n    return {body}\n"
    assert {(how, text.replace(body, changed)) for how, changed in changes.items()} <= set(mutations(text))


def test_nothing_that_could_become_endless_is_mutated() -> None:
    assert list(mutations("def f(a):\n    while a < 3:\n        a = a + 1\n    return a\n")) == []


def test_attacks_stand_in_for_any_function() -> None:
    for answer in spoilt.spoiled("solve")[Kind.HOSTILE]:
        compile(answer.body, answer.what, "exec")
        assert "def solve(*given)" in answer.body
