"""What the layers of a level cost a child: the same work at each level, in turns; the difference to `process`.

The work is the least there is: a source of one line, one case, one call. It takes a fork, the confinement, the loading,
one answer and the reaping.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

from benchmarks.speed.figures import Figure, medians, taken
from torchgrade.errors import IsolationError
from torchgrade.model.case import Case, Origin
from torchgrade.model.exercise import Limits
from torchgrade.model.isolation import LEVELS
from torchgrade.model.kinds import Sandbox
from torchgrade.model.observation import Snapshot
from torchgrade.model.probe import Plan, Probe, ProbeOp, Source, Work
from torchgrade.sandbox.forking import ForkingSandbox

ROUNDS = 101
PLAIN = "process"
MOST = 2.0
CASE = Case(
    name="one", group="one", origin=Origin.GIVEN, visible=True, dtype="float32", dims={}, inputs={}, expected={}
)
PROBE = Probe(op=ProbeOp.VALUE, case=CASE.name)
PLAN = Plan(
    entrypoint="one",
    parameters=(),
    returns=("result",),
    call=None,
    limits=Limits(),
    cases=(CASE,),
    probes=(PROBE,),
)
WORK = Work(source=Source(text="def one():\n    return 1\n", filename="submission.py"), plans=(PLAN,))


def figures() -> Iterator[Figure]:
    """The second row of DESIGN §7, for every level that is to be had here."""
    with ExitStack() as stack:
        sandboxes = {level: stack.enter_context(ForkingSandbox(LEVELS[level])) for level in LEVELS}
        works = {level: sandbox for level, sandbox in sandboxes.items() if _runs(sandbox)}
        took = medians(ROUNDS, {level: partial(taken, partial(_measure, works[level])) for level in works})
    for level in works:
        if level == PLAIN:
            continue
        yield Figure(
            what=f"the confinement of a child at {level}",
            value=took[level] - took[PLAIN],
            most=MOST,
            unit="ms",
            of=f"{took[level]:.1f} ms - {took[PLAIN]:.1f} ms",
        )


def _runs(sandbox: Sandbox) -> bool:
    """Whether the level is to be had here: without it there is nothing to measure."""
    try:
        _measure(sandbox)
    except IsolationError:
        return False
    return True


def _measure(sandbox: Sandbox) -> None:
    (measured,) = sandbox.measure(WORK)
    if not isinstance(measured.observations[PROBE], Snapshot):
        raise AssertionError(measured.observations[PROBE])
