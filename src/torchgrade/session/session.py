"""A session: exercises resolved once, submissions measured in a sandbox, measurements judged outside it.

exercise → cases → truth        once for each exercise, before any submission's code is run
submission → one child for all its plans → judge; what is not accepted is measured again alone, then reported
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from platform import python_version
from threading import Lock

from torchgrade.errors import FormulaError, IsolationError
from torchgrade.grading.examine import Known, examine
from torchgrade.grading.judge import judge
from torchgrade.grading.looks import after_both, claims_fault, without_claims
from torchgrade.grading.plan import plan as plan_of
from torchgrade.grading.plan import reference_plan
from torchgrade.grading.resolved import Resolved
from torchgrade.grading.solutions import mistake_work, solution_source
from torchgrade.grading.statement import statement
from torchgrade.grading.truth import truth
from torchgrade.inputs.draw import cases as drawn_cases
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt
from torchgrade.model.kinds import Sandbox
from torchgrade.model.observation import Incident, Measured, Observation
from torchgrade.model.probe import Plan, Probe, Source, Work
from torchgrade.model.report import Header
from torchgrade.model.submission import Submission
from torchgrade.model.task import Done, Grader, Measurement, Task
from torchgrade.model.text import FALLBACK
from torchgrade.model.verdict import Verdict
from torchgrade.session.failure import Failed, judge_error

PACKAGES = ("torchgrade", "torch", "numpy", "sympy", "mpmath")
_FLEETING = (Verdict.TIME_LIMIT_EXCEEDED, Verdict.JUDGE_ERROR)
"""What may be the machine's doing, and gone when it is tried again."""
Draw = Callable[[Exercise, str], tuple[Case, ...]]


def header(isolation: str, seed: str, exercises: Iterable[Exercise] = (), language: str = FALLBACK) -> Header:
    """The versions, isolation level and seed that attempts depend on, and what the exercises say to people."""
    versions = {name: version(name) for name in PACKAGES} | {"python": python_version()}
    told = tuple(map(statement, exercises))
    return Header(versions=versions, isolation=isolation, seed=seed, exercises=told, language=language)


class Session:
    """Grades submissions with one sandbox and one seed; without a seed, each exercise's digest is its own."""

    def __init__(self, sandbox: Sandbox, seed: str = "", *, draw: Draw = drawn_cases) -> None:
        self._sandbox = sandbox
        self._seed = seed
        self._draw = draw
        self._resolved: dict[tuple[str, str], Resolved] = {}
        self._mistakes: dict[tuple[str, str], Mapping[str, Known]] = {}
        self._mistakes_wanted = Lock()

    def attempt(self, submission: Submission, exercise: Exercise) -> Attempt:
        """One submission graded against one exercise."""
        (attempt,) = self.attempts((submission,), (exercise,))
        return attempt

    def attempts(self, submissions: Iterable[Submission], exercises: Sequence[Exercise]) -> Iterator[Attempt]:
        """Every submission against every exercise, in this order, as they finish."""
        grade = self.grader(exercises)
        ids = tuple(exercise.id for exercise in exercises)
        for submission in submissions:
            yield from grade(Task(submission=submission, exercises=ids)).attempts

    def grader(self, exercises: Sequence[Exercise]) -> Grader:
        """What grades a task of these exercises, in as many threads as call it; they are resolved now, in this one."""
        return partial(self._grade, {exercise.id: self._try_to_resolve(exercise) for exercise in exercises})

    def resolve(self, exercise: Exercise) -> Resolved:
        """The cases, plan and truth of an exercise; computed once."""
        known_as = _known_as(exercise)
        if known_as not in self._resolved:
            cases = self._draw(exercise, self._seed or exercise.digest)
            plan = plan_of(exercise, cases)
            measured = self._reference(exercise, reference_plan(exercise, cases, plan.probes))
            told = truth(exercise, cases, plan.probes, measured.observations)
            plan = replace(plan, reference_seconds=max(measured.seconds.values(), default=0.0))
            self._resolved[known_as] = Resolved(exercise=exercise, cases=cases, plan=plan, truth=told)
        return self._resolved[known_as]

    def reference(self, exercise: Exercise, plan: Plan) -> Mapping[Probe, Observation | Incident]:
        """What the reference function does, in a child of its own: no submission's code has run in it."""
        return self._reference(exercise, plan).observations

    def _reference(self, exercise: Exercise, plan: Plan) -> Measured:
        if not plan.probes or not exercise.reference.function:
            return Measured(observations={})
        limits = replace(plan.limits, seconds=plan.limits.seconds * plan.limits.times_reference)
        plan = replace(plan, limits=limits)  # it sets the pace of this machine, however slow that is
        (measured,) = self.measure(solution_source(exercise.reference.function, "<reference>"), plan)
        return measured

    def measure(self, source: Source, *plans: Plan) -> tuple[Measured, ...]:
        """What `source` does in each plan, in one child process."""
        return self._sandbox.measure(Work(source=source, plans=plans))

    def _grade(self, resolved: Mapping[str, Resolved | Failed], task: Task) -> Done:
        """All exercises of a task in one child; anything but `accepted` only as it is alone."""
        submission = task.submission
        wanted = [resolved[name] for name in task.exercises]
        plans = tuple(each.plan for each in wanted if isinstance(each, Resolved))
        if submission.problem is not None:
            together = iter(_unread(submission.problem, plans))
        else:
            together = iter(self.measure(submission.source, *plans) if plans else ())
        attempts: list[Attempt] = []
        measurements: list[Measurement] = []
        for each in wanted:
            if isinstance(each, Failed):
                attempts.append(judge_error(submission, each.exercise, each.error))
                continue
            attempt, measured = self._judged(submission, each, next(together), is_alone=len(plans) == 1)
            attempts.append(attempt)
            measurements.append(_measurement(attempt, measured))
        return Done(task=task, attempts=tuple(attempts), measurements=tuple(measurements))

    def _judged(
        self, submission: Submission, resolved: Resolved, measured: Measured, *, is_alone: bool
    ) -> tuple[Attempt, Measured]:
        """The attempt, and the look that decided it; what is not accepted is held against the known mistakes."""
        try:
            attempt = judge(resolved, submission, measured)
            if attempt.verdict is not Verdict.ACCEPTED:
                seen = resolved
                if submission.problem is None and (not is_alone or attempt.verdict in _FLEETING):
                    seen, measured = after_both(resolved, measured, self.measure(submission.source, resolved.plan)[0])
                measured = self._believed(resolved, measured)
                attempt = judge(seen, submission, measured, self.mistakes(resolved))
        except IsolationError:
            raise
        except Exception as error:  # noqa: BLE001 - our fault spoils one attempt, and never the rest of the run.
            attempt = judge_error(submission, resolved.exercise, error)
        return attempt, measured

    def _believed(self, resolved: Resolved, measured: Measured) -> Measured:
        """What a worker says is our fault must befall a submission that does nothing, too."""
        if not claims_fault(measured):
            return measured
        nothing = f"def {resolved.exercise.entrypoint}(*given, **named): return None\n"
        (beside,) = self.measure(Source(text=nothing, filename="<nothing>"), resolved.plan)
        return measured if claims_fault(beside) else without_claims(measured)

    def mistakes(self, resolved: Resolved) -> Mapping[str, Known]:
        """What each known mistake does in the same plan; measured once, when the first submission fails."""
        known_as = _known_as(resolved.exercise)
        with self._mistakes_wanted:  # of two threads that want them, one measures them
            if known_as not in self._mistakes:
                self._mistakes[known_as] = {name: self._known(resolved, work) for name, work in _works(resolved)}
            return self._mistakes[known_as]

    def _known(self, resolved: Resolved, work: Work) -> Known:
        (measured,) = self._sandbox.measure(work)
        return Known(source=work.source, measured=measured, examined=examine(resolved, work.source, measured))

    def _try_to_resolve(self, exercise: Exercise) -> Resolved | Failed:
        try:
            return self.resolve(exercise)
        except IsolationError:
            raise
        except Exception as error:  # noqa: BLE001 - one exercise that we cannot resolve leaves the others gradable.
            return Failed(exercise=exercise, error=error)


def _known_as(exercise: Exercise) -> tuple[str, str]:
    """What tells exercises apart: one of another id has inputs of its own, even if it says the same."""
    return exercise.id, exercise.digest


def _measurement(attempt: Attempt, measured: Measured) -> Measurement:
    return Measurement(
        submitter=attempt.submitter,
        exercise=attempt.exercise,
        seconds=measured.seconds,
        exceeded=measured.exceeded,
        peak_bytes=measured.peak_bytes,
    )


def _unread(problem: Incident, plans: tuple[Plan, ...]) -> tuple[Measured, ...]:
    """What could not be read is measured without a child: the problem is all there is to observe."""
    return tuple(Measured(observations=dict.fromkeys(plan.probes, problem)) for plan in plans)


def _works(resolved: Resolved) -> Iterator[tuple[str, Work]]:
    """What the known mistakes run; one that cannot be written as torch code is for `prove` to tell."""
    for mistake in resolved.exercise.mistakes:
        with suppress(FormulaError):
            yield mistake.id, mistake_work(resolved, mistake)
