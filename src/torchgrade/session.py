"""A session: exercises resolved once, submissions measured in a sandbox, measurements judged outside it.

exercise → cases → truth        once for each exercise, before any submission's code is run
submission → one child for all its plans → judge; what is not accepted is measured again alone, then reported
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from hashlib import sha256
from importlib.metadata import version
from itertools import tee
from pathlib import Path
from platform import python_version

from torchgrade.errors import FormulaError, IsolationError
from torchgrade.executors.pool import PoolExecutor
from torchgrade.executors.serial import SerialExecutor
from torchgrade.grading.judge import judge
from torchgrade.grading.looks import after_both, claims_fault, without_claims
from torchgrade.grading.plan import plan as plan_of
from torchgrade.grading.plan import reference_plan
from torchgrade.grading.resolved import Known, Resolved
from torchgrade.grading.solutions import mistake_work, solution_source
from torchgrade.grading.truth import truth
from torchgrade.inputs.draw import cases as drawn_cases
from torchgrade.model.case import Case
from torchgrade.model.exercise import Exercise
from torchgrade.model.finding import Attempt, Audience, CheckResult, Feedback, Finding
from torchgrade.model.kinds import Executor, Sandbox
from torchgrade.model.observation import Exceeded, Incident, Measured, Observation
from torchgrade.model.probe import Plan, Probe, Source, Work
from torchgrade.model.report import Header, Report
from torchgrade.model.submission import Submission
from torchgrade.model.verdict import Verdict
from torchgrade.readers import read
from torchgrade.sandbox import strongest
from torchgrade.spec.load import load
from torchgrade.store import bank
from torchgrade.writers.totals import totals

PACKAGES = ("torchgrade", "torch", "numpy", "sympy", "mpmath")
_FLEETING = (Verdict.TIME_LIMIT_EXCEEDED, Verdict.JUDGE_ERROR)
"""What may be the machine's doing, and gone when it is tried again."""
Draw = Callable[[Exercise, str], tuple[Case, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What an attempt took: it goes to `measurements.jsonl`, never into a report."""

    submitter: str
    exercise: str
    seconds: Mapping[str, float]
    exceeded: Mapping[str, Exceeded]
    peak_bytes: int

    def line(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """An exercise that could not be resolved, by our fault."""

    exercise: Exercise
    error: Exception


class Session:
    """Grades submissions with one sandbox and one seed; without a seed, each exercise's digest is its own.

    `jobs` submissions are measured at a time; whatever else a session does is done in the caller's thread.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        seed: str = "",
        *,
        draw: Draw = drawn_cases,
        noted: Callable[[Measurement], None] = lambda measurement: None,
        jobs: int = 1,
    ) -> None:
        self._sandbox = sandbox
        self._executor: Executor = PoolExecutor(sandbox, jobs) if jobs > 1 else SerialExecutor(sandbox)
        self._seed = seed
        self._draw = draw
        self._noted = noted
        self._resolved: dict[str, Resolved] = {}
        self._mistakes: dict[str, Mapping[str, Known]] = {}

    def attempt(self, submission: Submission, exercise: Exercise) -> Attempt:
        """One submission graded against one exercise."""
        (attempt,) = self.attempts((submission,), (exercise,))
        return attempt

    def attempts(self, submissions: Iterable[Submission], exercises: Sequence[Exercise]) -> Iterator[Attempt]:
        """Every submission against every exercise, in the order submitter, exercise, as they finish."""
        resolved = [self._try_to_resolve(exercise) for exercise in exercises]
        plans = tuple(each.plan for each in resolved if isinstance(each, Resolved))
        handed_in, read = tee(submissions)
        work = (Work(source=each.source, plans=plans) for each in read if each.problem is None)
        results = self._executor.map(work)
        for submission in handed_in:
            measured = next(results) if submission.problem is None else _unread(submission.problem, plans)
            yield from self._graded(submission, resolved, measured)

    def report(self, attempts: Iterable[Attempt]) -> Report:
        """The attempts with their totals and everything they depend on."""
        graded = tuple(attempts)
        return Report(header=self.header(), attempts=graded, totals=totals(graded))

    def header(self) -> Header:
        """The versions, isolation and seed of this session."""
        versions = {name: version(name) for name in PACKAGES} | {"python": python_version()}
        return Header(versions=versions, isolation=self._sandbox.level, seed=self._seed)

    def resolve(self, exercise: Exercise) -> Resolved:
        """The cases, plan and truth of an exercise; computed once."""
        if exercise.digest not in self._resolved:
            cases = self._draw(exercise, self._seed or exercise.digest)
            plan = plan_of(exercise, cases)
            measured = self._reference(exercise, reference_plan(exercise, cases, plan.probes))
            told = truth(exercise, cases, plan.probes, measured.observations)
            plan = replace(plan, reference_seconds=max(measured.seconds.values(), default=0.0))
            self._resolved[exercise.digest] = Resolved(exercise=exercise, cases=cases, plan=plan, truth=told)
        return self._resolved[exercise.digest]

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

    def _graded(
        self, submission: Submission, resolved: Sequence[Resolved | Failed], measured: tuple[Measured, ...]
    ) -> Iterator[Attempt]:
        together = iter(measured)
        for each in resolved:
            if isinstance(each, Failed):
                yield judge_error(submission, each.exercise, each.error)
            else:
                yield self._judged(submission, each, next(together), is_alone=len(measured) == 1)

    def _judged(self, submission: Submission, resolved: Resolved, measured: Measured, *, is_alone: bool) -> Attempt:
        """The attempt; anything but `accepted` only as it is alone, and beside the known mistakes."""
        try:
            attempt = judge(resolved, submission, measured, {})
            if attempt.verdict is not Verdict.ACCEPTED:
                seen = resolved
                if submission.problem is None and (not is_alone or attempt.verdict in _FLEETING):
                    seen, measured = after_both(resolved, measured, self.measure(submission.source, resolved.plan)[0])
                measured = self._believed(resolved, measured)
                attempt = judge(seen, submission, measured, self.mistakes(resolved))
        except IsolationError:
            raise
        except Exception as error:  # noqa: BLE001 - our fault spoils one attempt, and never the rest of the run.
            return judge_error(submission, resolved.exercise, error)
        self._note(submission, resolved.exercise, measured)
        return attempt

    def _believed(self, resolved: Resolved, measured: Measured) -> Measured:
        """What a worker says is our fault must befall a submission that does nothing, too."""
        if not claims_fault(measured):
            return measured
        nothing = f"def {resolved.exercise.entrypoint}(*given, **named): return None\n"
        (beside,) = self.measure(Source(text=nothing, filename="<nothing>"), resolved.plan)
        return measured if claims_fault(beside) else without_claims(measured)

    def mistakes(self, resolved: Resolved) -> Mapping[str, Known]:
        """What each known mistake does in the same plan; measured once, when the first submission fails."""
        digest = resolved.exercise.digest
        if digest not in self._mistakes:
            self._mistakes[digest] = {name: self._known(work) for name, work in _works(resolved)}
        return self._mistakes[digest]

    def _known(self, work: Work) -> Known:
        (measured,) = self._sandbox.measure(work)
        return Known(source=work.source.text, measured=measured)

    def _try_to_resolve(self, exercise: Exercise) -> Resolved | Failed:
        try:
            return self.resolve(exercise)
        except IsolationError:
            raise
        except Exception as error:  # noqa: BLE001 - one exercise that we cannot resolve leaves the others gradable.
            return Failed(exercise=exercise, error=error)

    def _note(self, submission: Submission, exercise: Exercise, measured: Measured) -> None:
        self._noted(
            Measurement(
                submitter=submission.submitter,
                exercise=exercise.id,
                seconds=measured.seconds,
                exceeded=measured.exceeded,
                peak_bytes=measured.peak_bytes,
            )
        )


def _unread(problem: Incident, plans: tuple[Plan, ...]) -> tuple[Measured, ...]:
    """What could not be read is measured without a child: the problem is all there is to observe."""
    return tuple(Measured(observations=dict.fromkeys(plan.probes, problem)) for plan in plans)


def _works(resolved: Resolved) -> Iterator[tuple[str, Work]]:
    """What the known mistakes run; one that cannot be written as torch code is for `prove` to tell."""
    for mistake in resolved.exercise.mistakes:
        with suppress(FormulaError):
            yield mistake.id, mistake_work(resolved, mistake)


def judge_error(submission: Submission, exercise: Exercise, error: Exception) -> Attempt:
    """An attempt that we failed to grade: it costs the student nothing but time, and says so."""
    feedback = (
        Feedback(
            audience=Audience.STUDENT,
            rationale="The grader itself failed here: this is not your fault, and your teacher can see it.",
        ),
        Feedback(audience=Audience.STAFF, rationale=f"{type(error).__name__}: {error}"),
    )
    finding = Finding(case="", verdict=Verdict.JUDGE_ERROR, feedback=feedback)
    checks = tuple(
        CheckResult(
            name=check.name,
            kind=check.kind,
            verdict=Verdict.JUDGE_ERROR,
            points=Fraction(0),
            max_points=Fraction(str(check.points)),
            condition=check.is_condition(),
            observed=check.is_observed(),
            findings=(finding,),
        )
        for check in exercise.checks
    )
    return Attempt(
        submitter=submission.submitter,
        exercise=exercise.id,
        title=dict(exercise.title.translations),
        verdict=Verdict.JUDGE_ERROR,
        points=Fraction(0),
        max_points=sum((check.max_points for check in checks), Fraction(0)),
        checks=checks,
        file=submission.path,
        exercise_digest=exercise.digest,
        submission_digest=submission.digest,
    )


def grade(source: str | Path, exercise: str | Path | Exercise, *, seed: str = "") -> Attempt:
    """Grade one solution: its text or its file, against an exercise, its file or its id in the bank."""
    if isinstance(source, Path):
        (submission,) = read(source)
    else:
        submission = Submission(
            submitter="you",
            path="submission.py",
            source=Source(text=source, filename="submission.py"),
            digest=sha256(source.encode("utf-8", "replace")).hexdigest(),
        )
    with strongest() as sandbox:
        return Session(sandbox, seed).attempt(submission, _exercise(exercise))


def _exercise(exercise: str | Path | Exercise) -> Exercise:
    if isinstance(exercise, Exercise):
        return exercise
    if isinstance(exercise, Path):
        return load(exercise, exercise.parent)
    return bank.one(bank.folder(None), exercise)
