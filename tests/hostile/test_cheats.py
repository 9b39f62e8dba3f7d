"""Cheats get no credit, though each of them fools a grader that shares a process with them; honest code loses nothing.

The first lines of a cheat are data: what it does, the exercise it is for, the verdict and the points that torchgrade
gives it (all that it has right without cheating), and the habit of `gullible.py` that it fools.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest

from torchgrade.grading.judge import judge
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt
from torchgrade.model.probe import Source
from torchgrade.model.submission import Submission
from torchgrade.model.verdict import Verdict
from torchgrade.sandbox import strongest
from torchgrade.session import Session, header
from torchgrade.spec.load import load, load_text
from torchgrade.writers import WRITERS

HERE = Path(__file__).parent
BANK = HERE.parents[1] / "exercises"
CHEATS = sorted((HERE / "cheats").glob("*.py"))
HONEST = sorted((HERE / "cheats" / "honest").glob("*.py"))
_TRIES = 3  # a thread must win a race, and memory lie where it lay
FIELD = re.compile(r"^# (\w+): (.+)$", re.MULTILINE)
RIGHT = {"tensor/hadamard": "A * B", "tensor/sum": "x.sum()", "tensor/keepdims-normalise": "A / A.sum(1, keepdim=True)"}
WRONG = {"tensor/hadamard": "A + B", "tensor/sum": "2 * x.sum()", "tensor/keepdims-normalise": "A * A"}


@dataclass(frozen=True)
class Script:
    """A submission with its header."""

    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def field(self, name: str) -> str:
        return dict(FIELD.findall(self.text))[name]

    @property
    def exercise(self) -> Exercise:
        return exercise(self.field("exercise"))


def exercise(identifier: str) -> Exercise:
    return load(BANK / f"{identifier}.yaml", BANK)


def submission(text: str) -> Submission:
    source = Source(text=text, filename="submission.py")
    return Submission(submitter="eve", path="submission.py", source=source, digest=sha256(text.encode()).hexdigest())


def attempt(session: Session, script: Script) -> Attempt:
    return session.attempt(submission(script.text), script.exercise)


class Gullible:
    """The grader that is fooled, as a process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(HERE / "gullible.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def accepts(self, text: str, entrypoint: str, habit: str) -> bool:
        """Whether it gives full marks."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(
            json.dumps({"text": text, "entrypoint": entrypoint, "habit": habit}), file=self._process.stdin, flush=True
        )
        return bool(json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End it."""
        self._process.communicate()


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with strongest() as sandbox:
        yield Session(sandbox, "cheats")


@pytest.fixture(scope="module")
def gullible() -> Iterator[Gullible]:
    grader = Gullible()
    yield grader
    grader.close()


def by_name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", CHEATS, ids=by_name)
def test_a_cheat_gets_no_credit(path: Path, session: Session) -> None:
    script = Script(path)
    found = attempt(session, script)
    assert (found.verdict.value, found.points) == (script.field("verdict"), Fraction(script.field("points")))
    assert found.points < found.max_points


@pytest.mark.parametrize("path", CHEATS, ids=by_name)
def test_and_fools_a_grader_in_its_own_process(path: Path, gullible: Gullible) -> None:
    script = Script(path)
    name, habit = script.exercise.entrypoint, script.field("fools")
    assert any(gullible.accepts(script.text, name, habit) for _ in range(_TRIES))


@pytest.mark.parametrize("path", CHEATS, ids=by_name)
def test_which_tells_right_from_wrong_where_nobody_cheats(path: Path, gullible: Gullible) -> None:
    script = Script(path)
    name, parameters = script.exercise.entrypoint, ", ".join(script.exercise.parameters)
    texts = [f"def {name}({parameters}): return {each[script.exercise.id]}" for each in (RIGHT, WRONG)]
    marks = [gullible.accepts(text, name, script.field("fools")) for text in texts]
    assert marks == [True, False]


@pytest.mark.parametrize("path", HONEST, ids=by_name)
def test_an_honest_answer_gets_everything(path: Path, session: Session) -> None:
    found = attempt(session, Script(path))
    assert (found.verdict, found.points) == (Verdict.ACCEPTED, found.max_points)


SETTINGS = """
import warnings
import torch

def hadamard(A, B):
    torch.set_default_dtype(torch.float16)
    torch.set_grad_enabled(False)
    torch.set_autocast_enabled("cpu", True)
    torch.set_flush_denormal(True)
    torch.set_num_threads(2)
    torch.set_printoptions(precision=0)
    torch.manual_seed(3)
    torch._C._set_deterministic_algorithms(True)
    warnings.simplefilter("error")
    return torch.zeros_like(A)

def matrix_vector(A, x):
    assert torch.get_default_dtype() is torch.float32 and torch.is_grad_enabled() and torch.get_num_threads() == 1
    warnings.warn("noise")
    return A @ x
"""


def test_no_setting_of_one_answer_reaches_another_in_the_same_file(session: Session) -> None:
    """Measured in one process, and right there already: nothing has to be run again alone."""
    resolved = [session.resolve(exercise(each)) for each in ("tensor/hadamard", "linalg/matrix-vector")]
    handed_in = submission(SETTINGS)
    measured = session.measure(handed_in.source, *(each.plan for each in resolved))
    verdicts = [judge(each, handed_in, found, {}).verdict for each, found in zip(resolved, measured, strict=True)]
    assert verdicts == [Verdict.WRONG_ANSWER, Verdict.ACCEPTED]


CHANCE = """
schema: 1
title: Noise
task: Return n numbers between 0 and 1, others in each call.
entrypoint: noise
parameters: {{n: {{type: int, range: 1..5}}}}
returns: {{result: [n]}}
reference: {{function: 'def noise(n): return torch.rand(n)'}}
checks: [{{kind: property, holds: all((result >= 0) & (result < 1))}}]
random: {random}
"""


@pytest.mark.parametrize(
    ("random", "source", "verdict"),
    [
        (False, "torch.rand(n)", Verdict.ACCEPTED),
        (False, "torch.tensor(numpy.random.default_rng().random(n))", Verdict.WRONG_ANSWER),
        (True, "torch.tensor(numpy.random.default_rng().random(n))", Verdict.ACCEPTED),
        (True, "torch.ones(n)", Verdict.WRONG_ANSWER),
    ],
)
def test_chance_is_declared(random: bool, source: str, verdict: Verdict, session: Session) -> None:
    """Torch's, Python's and numpy's own generators start anew for every call, and need no word."""
    exercise = load_text(CHANCE.format(random=str(random).lower()), "noise.yaml", "noise")
    assert (
        session.attempt(submission(f"import numpy, torch\ndef noise(n): return {source}"), exercise).verdict is verdict
    )


FORGED = {
    "tensor/column": """
import sys
sys.modules["torchgrade.worker.reading"].Reader._storage = lambda self, plain: 0

def first_column(A):
    return A[:, 0].clone()
""",
    "linalg/solve": """
import torch

def solve(A, b):
    return getattr(torch.linalg, "in" + "v")(A) @ b
""",
}


@pytest.mark.parametrize("name", FORGED)
def test_what_can_be_forged_is_marked_as_observed(name: str, session: Session) -> None:
    """What is seen of memory, graph and source can be made to look right. This is known, and every report says so."""
    found = session.attempt(submission(FORGED[name]), exercise(name))
    honest = [check.name for check in found.checks if check.kind in ("value", "gradient")]
    assert found.verdict is Verdict.ACCEPTED
    assert [check.name for check in found.checks if not check.observed] == honest
    for kind in ("markdown", "terminal", "junit"):
        text = b"".join(WRITERS[kind].render(header("sandbox", "cheats"), [found])).decode()
        assert "not proven" in text, kind
