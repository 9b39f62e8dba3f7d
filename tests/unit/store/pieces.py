"""Small exercises, submissions and attempts for the tests of the store."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from hashlib import sha256

from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt, CheckResult, Finding
from torchgrade.model.observation import Incident, IncidentKind
from torchgrade.model.probe import Source
from torchgrade.model.report import Header
from torchgrade.model.submission import Submission
from torchgrade.model.task import Done, Task
from torchgrade.model.text import Text
from torchgrade.model.verdict import Verdict
from torchgrade.store.run import Run

HEADER = Header(versions={"torch": "2.9", "python": "3.12"}, isolation="sandbox", seed="s3cret")
UNREADABLE = Incident(kind=IncidentKind.UNREADABLE, message="It is empty.")


def digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def exercise(name: str) -> Exercise:
    return Exercise(id=name, digest=digest(name), title=Text(), task=Text(), entrypoint="f")


EXERCISES = tuple(exercise(name) for name in ("tensor/b", "tensor/a", "linalg/c"))
"""Not in the order of names: reports have the order in which exercises are given."""


def submission(
    submitter: str, text: str = "", *, number: int = 0, submitted: str = "", account: str = ""
) -> Submission:
    """The work of someone, whose name is its text if none is given."""
    return Submission(
        submitter=submitter,
        path=f"class/{submitter}.py",
        source=Source(text=text or submitter, filename="answers.py", files=(("data.bin", b"\0\xff"),)),
        digest=digest(text or submitter),
        number=number,
        submitted=submitted,
        account=account,
    )


def attempt(
    given: Submission, name: str, verdict: Verdict = Verdict.ACCEPTED, within: Verdict | None = None
) -> Attempt:
    """An attempt whose points tell whose it is; `within` is the verdict of its only finding, if it is another one."""
    points = Fraction(len(given.source.text), 3)
    finding = Finding(case="drawn 1", verdict=within or verdict)
    check = CheckResult(
        name="value", kind="value", verdict=verdict, points=points, max_points=points, findings=(finding,)
    )
    return Attempt(
        submitter=given.submitter,
        exercise=name,
        verdict=verdict,
        points=points,
        max_points=points,
        checks=(check,),
        file=given.path,
        printed=given.source.text,
        submission_digest=given.digest,
    )


def done(task: Task, verdict: Verdict = Verdict.ACCEPTED) -> Done:
    """The task, graded."""
    attempts = tuple(attempt(task.submission, name, verdict) for name in task.exercises)
    return Done(task=task, attempts=attempts, measurements=())


def grade(run: Run, verdict: Verdict = Verdict.ACCEPTED) -> int:
    """Grade all that is pending, the last first; how many attempts that were."""
    tasks = tuple(run.pending())
    for task in reversed(tasks):
        run.keep(done(task, verdict))
    return sum(len(task.exercises) for task in tasks)


def added(run: Run, submissions: Iterable[Submission]) -> Run:
    """The run with these submissions."""
    for each in submissions:
        run.add(each)
    return run
