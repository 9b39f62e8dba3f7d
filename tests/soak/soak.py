"""Thousands of submissions through one session, and what must not come of them: hangs, wrong verdicts, growth."""

from __future__ import annotations

import faulthandler
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.soak.kinds import TEXT, Kind, mixed

from torchgrade.executors.pool import PoolExecutor
from torchgrade.model.finding import Attempt
from torchgrade.model.isolation import LEVELS
from torchgrade.model.probe import Source
from torchgrade.model.submission import Submission
from torchgrade.model.task import Task
from torchgrade.model.verdict import Verdict
from torchgrade.sandbox.forking import ForkingSandbox
from torchgrade.session import Session
from torchgrade.spec.load import load_text

EXERCISE = load_text(TEXT, "double.yaml", "soak/double")
_SETTLED = 0.1
"""After this share of the submissions, caches are full and nothing may grow any more."""
_SILENCE = 120
"""Seconds without any result after which the grader itself is stuck: it says where, and ends."""
_TELL = 500
MOST_GROWTH = 16 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What a process holds: resident bytes and open descriptors."""

    memory: int
    descriptors: int

    @classmethod
    def of(cls, *processes: int) -> Size:
        """From /proc."""
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in processes)
        descriptors = sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in processes)
        return cls(memory=pages * os.sysconf("SC_PAGE_SIZE"), descriptors=descriptors)


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What came of a soak; `sizes` are the parent's and the zygote's, when it had settled and at the end."""

    submissions: int = 0
    seconds: float = 0.0
    zygotes: int = 0
    hangs: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    sizes: list[tuple[Size, Size]] = field(default_factory=list)

    def growth(self) -> list[str]:
        """What has grown, in words."""
        pairs = zip(("grader", "zygote"), *(self.sizes[0], self.sizes[-1]), strict=True)
        return [
            f"{name}: {before} -> {after}"
            for name, before, after in pairs
            if after.memory - before.memory > MOST_GROWTH or after.descriptors > before.descriptors
        ]

    def faults(self) -> list[str]:
        """Everything that must not be."""
        lost = [f"{self.zygotes} zygotes were needed"] if self.zygotes != 1 else []
        return [*(f"hang: {each}" for each in self.hangs), *self.wrong, *self.growth(), *lost]


class _Watched(ForkingSandbox):
    """Tells which processes its zygote is, and how many there were."""

    launched = 0

    def _launch(self):
        self.launched += 1
        return super()._launch()

    def processes(self) -> list[int]:
        """The zygote's, when nothing is at work: at some levels it is not the process that was started."""
        found = [self._living()._process.pid]
        for pid in found:
            found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return found


def soak(count: int, jobs: int, level: str, seed: int = 1) -> Outcome:
    """Grade so many mixed submissions, `jobs` at a time, twice over one session: until it has settled, and the rest."""
    kinds = list(mixed(count, seed))
    settled = max(1, int(count * _SETTLED))
    outcome = Outcome(submissions=count)
    with _Watched(LEVELS[level], warm="full") as sandbox:
        executor = PoolExecutor(Session(sandbox, "soak").grader((EXERCISE,)), jobs)
        _grade(executor, kinds[:1], outcome)
        start = time.monotonic()
        for part in (kinds[1:settled], kinds[settled:]):
            _grade(executor, part, outcome)
            outcome.sizes.append((Size.of(os.getpid()), Size.of(*sandbox.processes())))
        outcome.seconds = time.monotonic() - start
    outcome.zygotes = sandbox.launched
    return outcome


def _grade(executor: PoolExecutor, kinds: Sequence[Kind], outcome: Outcome) -> None:
    for done in executor.map(_tasks(kinds)):
        (attempt,), kind = done.attempts, kinds[int(done.task.submission.submitter)]
        faulthandler.dump_traceback_later(_SILENCE, exit=True)
        outcome.kinds[kind.name] += 1
        if outcome.kinds.total() % _TELL == 0:
            print(outcome.kinds.total(), len(outcome.hangs), len(outcome.wrong), file=sys.stderr, flush=True)
        if attempt.verdict is not kind.verdict:
            fault = f"{kind.name}: {attempt.verdict} instead of {kind.verdict}: {_told(attempt)}"
            print(fault, file=sys.stderr, flush=True)
            (outcome.hangs if attempt.verdict is Verdict.TIME_LIMIT_EXCEEDED else outcome.wrong).append(fault)
    faulthandler.cancel_dump_traceback_later()


def _told(attempt: Attempt) -> str:
    findings = (finding for check in attempt.checks for finding in check.findings)
    return " / ".join(each.rationale for finding in findings for each in finding.feedback)


def _tasks(kinds: Sequence[Kind]) -> Iterator[Task]:
    for place, kind in enumerate(kinds):
        source = Source(text=kind.source, filename="submission.py")
        handed_in = Submission(submitter=f"{place:05}", path=f"{place:05}.py", source=source, digest=f"{place:064}")
        yield Task(submission=handed_in, exercises=(EXERCISE.id,))
