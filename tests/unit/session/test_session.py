"""The session: what is measured, how often and in which order; and whose fault a failure is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import torchgrade
from torchgrade.errors import IsolationError
from torchgrade.executors.pool import PoolExecutor
from torchgrade.grading.resolved import Resolved
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Audience
from torchgrade.model.observation import Exceeded, Incident, IncidentKind, Measured, Snapshot
from torchgrade.model.probe import Plan, Source, Work
from torchgrade.model.submission import Submission
from torchgrade.model.task import Measurement, Task
from torchgrade.model.value import Tensor
from torchgrade.model.verdict import Verdict
from torchgrade.numeric.arrays import from_numpy, to_numpy
from torchgrade.session import Session, header, one
from torchgrade.session import session as session_module
from torchgrade.spec.load import load_text

TEXT = """
schema: 1
title: Double
task: Return 2x.
entrypoint: {name}
parameters: {{x: [n]}}
reference:
  function: |
    def {name}(x): return 2 * x  # REFERENCE
cases:
  - {{name: by hand, inputs: {{x: [1, 2]}}, expected: [2, 4]}}
  - {{draw: 2}}
mistakes:
  - id: tripled
    says: Three is too many.
    function: |
      def {name}(x): return 3 * x  # MISTAKE
"""
FACTORS = {"RIGHT": 2.0, "REFERENCE": 2.0, "MISTAKE": 3.0, "WRONG": 3.0, "OTHER": 5.0}


class Canned:
    """A sandbox that multiplies by the factor its source's last word stands for; it remembers what it was asked."""

    level = "canned"

    def __init__(self, factor: Callable[[Work], float] | None = None) -> None:
        self.works: list[Work] = []
        self.factor = factor or (lambda work: FACTORS[work.source.text.split()[-1]])

    def measure(self, work: Work) -> tuple[Measured, ...]:
        self.works.append(work)
        return tuple(self._measured(plan, self.factor(work)) for plan in work.plans)

    def _measured(self, plan: Plan, factor: float) -> Measured:
        cases = {case.name: case for case in plan.cases}
        answers = {}
        for probe in plan.probes:
            given = cases[probe.case].inputs["x"]
            assert isinstance(given, Tensor)
            returned = from_numpy((to_numpy(given) * factor).astype(np.dtype(given.dtype)))
            answers[probe] = Snapshot(returned=returned, after=dict(cases[probe.case].inputs))
        passed = {"by hand": Exceeded(limit="seconds", allowed=2.0, used=2.5)} if factor == FACTORS["OTHER"] else {}
        return Measured(observations=answers, seconds={"by hand": 0.25}, exceeded=passed, peak_bytes=1000)

    def __enter__(self) -> Canned:
        return self

    def __exit__(self, *exception: object) -> None: ...

    @property
    def asked(self) -> list[tuple[str, int]]:
        """The last word of each source, and how many plans it was measured in."""
        return [(work.source.text.split()[-1], len(work.plans)) for work in self.works]


def exercise(name: str) -> Exercise:
    return load_text(TEXT.format(name=name), f"{name}.yaml", f"test/{name}")


def submission(submitter: str, word: str, problem: Incident | None = None) -> Submission:
    return Submission(
        submitter=submitter,
        path=f"{submitter}.py",
        source=Source(text=word, filename="s.py"),
        digest="",
        problem=problem,
    )


@pytest.fixture
def two() -> tuple[Exercise, Exercise]:
    return exercise("double"), exercise("twice")


def test_a_class_in_the_order_of_submitters_and_exercises(two: tuple[Exercise, Exercise]) -> None:
    attempts = Session(Canned(), "1").attempts((submission("bob", "WRONG"), submission("ann", "RIGHT")), two)
    assert [(each.submitter, each.exercise, each.verdict.value) for each in attempts] == [
        ("bob", "test/double", "wrong_answer"),
        ("bob", "test/twice", "wrong_answer"),
        ("ann", "test/double", "accepted"),
        ("ann", "test/twice", "accepted"),
    ]


def test_references_first_then_all_plans_of_a_submission_in_one_child(two: tuple[Exercise, Exercise]) -> None:
    sandbox = Canned()
    list(Session(sandbox, "1").attempts((submission("ann", "RIGHT"), submission("bob", "RIGHT")), two))
    assert sandbox.asked == [("REFERENCE", 1), ("REFERENCE", 1), ("RIGHT", 2), ("RIGHT", 2)]


def test_what_is_not_accepted_is_measured_again_alone_and_beside_the_mistakes_once(
    two: tuple[Exercise, Exercise],
) -> None:
    sandbox = Canned()
    attempts = list(Session(sandbox, "1").attempts((submission("bob", "WRONG"), submission("cy", "OTHER")), two))
    assert sandbox.asked[2:] == [
        ("WRONG", 2),
        *(("WRONG", 1), ("MISTAKE", 1)) * 2,
        ("OTHER", 2),
        *(("OTHER", 1),) * 2,
    ]
    assert [each.mistakes for each in attempts] == [("tripled",), ("tripled",), (), ()]


def test_what_was_alone_is_not_measured_again() -> None:
    sandbox = Canned()
    attempts = list(Session(sandbox, "1").attempts((submission("bob", "WRONG"),), (exercise("double"),)))
    assert sandbox.asked == [("REFERENCE", 1), ("WRONG", 1), ("MISTAKE", 1)]
    assert [each.mistakes for each in attempts] == [("tripled",)]


class Claiming(Canned):
    """A sandbox whose workers say that the fault is ours: those of some sources."""

    def __init__(self, *words: str) -> None:
        super().__init__(lambda work: FACTORS.get(work.source.text.split()[-1], 0.0))
        self.words = words

    def measure(self, work: Work) -> tuple[Measured, ...]:
        claim = Incident(kind=IncidentKind.CLAIMED_FAULT, message="An input cannot be made.")
        measured = super().measure(work)
        if self.asked[-1][0] not in self.words:
            return measured
        return tuple(replace(each, observations=dict.fromkeys(each.observations, claim)) for each in measured)


@pytest.mark.parametrize(
    ("words", "verdict"),
    [(("WRONG",), Verdict.RUNTIME_ERROR), (("WRONG", "None"), Verdict.JUDGE_ERROR)],
    ids=["only the submission says so", "whoever is asked says so"],
)
def test_a_fault_of_ours_must_befall_others_too(words: tuple[str, ...], verdict: Verdict) -> None:
    session = Session(Claiming(*words), "1")
    assert session.attempt(submission("eve", "WRONG"), exercise("double")).verdict is verdict


def test_what_goes_wrong_only_in_company_is_accepted() -> None:
    sandbox = Canned(lambda work: 2.0 if len(work.plans) == 1 else 3.0)
    attempts = Session(sandbox, "1").attempts((submission("ann", "RIGHT"),), (exercise("double"), exercise("twice")))
    assert [each.verdict for each in attempts] == [Verdict.ACCEPTED, Verdict.ACCEPTED]


def test_what_cannot_be_read_is_never_run() -> None:
    sandbox = Canned()
    problem = Incident(kind=IncidentKind.UNREADABLE, message="The file is empty.")
    (attempt,) = Session(sandbox, "1").attempts((submission("dan", "", problem),), (exercise("double"),))
    assert (attempt.verdict, attempt.points, attempt.max_points) == (Verdict.INVALID_SUBMISSION, 0, 1)
    assert ("", 1) not in sandbox.asked


def test_our_fault_is_a_judge_error_and_the_rest_is_graded(
    two: tuple[Exercise, Exercise], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = session_module.judge

    def failing(given: Resolved, *rest: object, **named: object) -> object:
        if given.exercise.id == "test/double":
            raise ZeroDivisionError("a secret of ours")
        return real(given, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(session_module, "judge", failing)
    bad, good = Session(Canned(), "1").attempts((submission("ann", "RIGHT"),), two)
    assert (bad.verdict, bad.points, bad.max_points) == (Verdict.JUDGE_ERROR, 0, 1)
    told = {feedback.audience: feedback.rationale for feedback in bad.checks[0].findings[0].feedback}
    assert "not your fault" in told[Audience.STUDENT]
    assert "secret" not in told[Audience.STUDENT]
    assert told[Audience.STAFF] == "ZeroDivisionError: a secret of ours"
    assert good.verdict is Verdict.ACCEPTED


def test_an_exercise_we_cannot_resolve_leaves_the_others(two: tuple[Exercise, Exercise]) -> None:
    def draw(given: Exercise, seed: str) -> tuple[()]:
        raise ValueError("no cases")

    attempts = list(Session(Canned(), "1", draw=draw).attempts((submission("ann", "RIGHT"),), two))
    assert [each.verdict for each in attempts] == [Verdict.JUDGE_ERROR, Verdict.JUDGE_ERROR]


def test_no_isolation_is_no_judge_error(two: tuple[Exercise, Exercise]) -> None:
    def refuse(work: Work) -> float:
        raise IsolationError("no zygote")

    with pytest.raises(IsolationError):
        list(Session(Canned(refuse), "1").attempts((submission("ann", "RIGHT"),), two))


def test_the_seed_draws_and_the_digest_stands_in_for_it() -> None:
    only = exercise("double")
    inputs = [
        [case.inputs for case in Session(Canned(), seed).resolve(only).cases]
        for seed in ("1", "2", "1", "", only.digest)
    ]
    assert inputs[0] == inputs[2] != inputs[1]
    assert inputs[3] == inputs[4]


def test_a_copy_of_an_exercise_is_another_one() -> None:
    here, copy = exercise("double"), replace(exercise("double"), id="test/copy")
    session = Session(Canned(), "1")
    assert [session.resolve(each).exercise for each in (here, copy)] == [here, copy]
    assert session.resolve(here).cases != session.resolve(copy).cases
    attempts = session.attempts([submission("ada", "WRONG")], [here, copy])
    assert [(each.exercise, each.mistakes) for each in attempts] == [
        ("test/double", ("tripled",)),
        ("test/copy", ("tripled",)),
    ]


def test_the_header_says_everything_that_attempts_depend_on() -> None:
    told = header("canned", "seed")
    assert (told.isolation, told.seed) == ("canned", "seed")
    assert list(told.versions) == ["torchgrade", "torch", "numpy", "sympy", "mpmath", "python"]


@pytest.mark.parametrize(
    ("word", "exceeded"),
    [("RIGHT", {}), ("OTHER", {"by hand": Exceeded(limit="seconds", allowed=2.0, used=2.5)})],
)
def test_times_and_limits_that_were_passed_go_to_measurements(word: str, exceeded: dict[str, Exceeded]) -> None:
    only = exercise("double")
    done = Session(Canned(), "1").grader([only])(Task(submission=submission("ann", word), exercises=(only.id,)))
    (measurement,) = done.measurements
    assert measurement == Measurement(
        submitter="ann", exercise="test/double", seconds={"by hand": 0.25}, exceeded=exceeded, peak_bytes=1000
    )


def test_a_plan_knows_the_longest_that_the_reference_took() -> None:
    only = exercise("double")
    assert Session(Canned(), "1").resolve(only).plan.reference_seconds == 0.25


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_several_jobs_at_a_time_give_the_same_attempts(two: tuple[Exercise, Exercise], jobs: int) -> None:
    """With what cannot be read, second looks and known mistakes in between."""
    problem = Incident(kind=IncidentKind.UNREADABLE, message="The file is empty.")
    words = ("RIGHT", "WRONG", "OTHER") * 4
    given = [submission(f"{word} {place}", word) for place, word in enumerate(words)]
    given[5:5] = [submission("dan", "", problem)]
    sandbox = Canned()
    tasks = (Task(submission=each, exercises=tuple(only.id for only in two)) for each in given)
    done = list(PoolExecutor(Session(sandbox, "1").grader(two), jobs).map(tasks))
    attempts = [attempt for each in done for attempt in each.attempts]
    assert sorted((each.submitter, each.exercise) for each in attempts) == sorted(
        (each.submitter, only.id) for each in given for only in two
    )
    verdicts = {each.submitter.split()[0]: (each.verdict.value, each.mistakes) for each in attempts}
    assert verdicts == {
        "RIGHT": ("accepted", ()),
        "WRONG": ("wrong_answer", ("tripled",)),
        "OTHER": ("wrong_answer", ()),
        "dan": ("invalid_submission", ()),
    }
    assert sorted(sandbox.asked).count(("MISTAKE", 1)) == 2


@pytest.mark.parametrize("as_file", [True, False])
def test_grade_takes_text_and_files(as_file: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one, "strongest", Canned)
    path = tmp_path / "ann.py"
    path.write_text("RIGHT")
    (tmp_path / "double.yaml").write_text(TEXT.format(name="double"))
    attempt = torchgrade.grade(path if as_file else "RIGHT", tmp_path / "double.yaml", seed="1")
    assert (attempt.verdict, attempt.submitter) == (Verdict.ACCEPTED, "ann" if as_file else "you")


def test_only_what_exists_can_be_imported() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'grades'"):
        torchgrade.grades  # noqa: B018
