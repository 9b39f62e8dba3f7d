"""The sandbox attacks itself: a real child tries what a hostile submission would, before any is let in."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from torchgrade.errors import IsolationError
from torchgrade.model.case import Case, Origin
from torchgrade.model.exercise import Limits
from torchgrade.model.kinds import Sandbox
from torchgrade.model.observation import Incident, Snapshot
from torchgrade.model.probe import Plan, Probe, ProbeOp, Source, Work
from torchgrade.model.value import Scalar, ScalarType, Series

_ATTACK = Path(__file__).with_name("attack.py")
_CASE = "attack"
_PROBE = Probe(op=ProbeOp.VALUE, case=_CASE)


def attacked(sandbox: Sandbox) -> dict[str, bool]:
    """What was tried, and whether it worked. Raises IsolationError if it could not be tried."""
    with tempfile.TemporaryDirectory(prefix="torchgrade-") as folder:
        Path(folder).chmod(0o755)
        canary = Path(folder) / "canary"
        canary.write_text("canary", encoding="ascii")
        (measured,) = sandbox.measure(Work(source=_source(), plans=(_plan(str(canary), os.getpid()),)))
    answer = measured.observations[_PROBE]
    if isinstance(answer, Incident):
        raise IsolationError(f"the sandbox could not be tried: {answer.message}")
    return dict(zip(_texts(answer, 0), (text == "worked" for text in _texts(answer, 1)), strict=True))


def verify(sandbox: Sandbox) -> None:
    """Raises IsolationError if anything works that must not."""
    holes = [name for name, worked in attacked(sandbox).items() if worked]
    if holes:
        raise IsolationError(
            f"isolation {sandbox.level!r} does not hold on this machine: a submission could {', '.join(holes)}",
            hint="this must not be: please report it, with what torchgrade doctor prints",
        )


def _source() -> Source:
    return Source(text=_ATTACK.read_text(encoding="utf-8"), filename="attack.py")


def _plan(canary: str, grader: int) -> Plan:
    inputs = {
        "canary": Scalar(type=ScalarType.STR, value=canary),
        "grader": Scalar(type=ScalarType.INT, value=grader),
    }
    case = Case(
        name=_CASE,
        group=_CASE,
        origin=Origin.GIVEN,
        visible=True,
        dtype="float64",
        dims={},
        inputs=inputs,
        expected={},
    )
    return Plan(
        entrypoint="attack",
        parameters=("canary", "grader"),
        returns=("result",),
        call=None,
        limits=Limits(seconds=10),
        cases=(case,),
        probes=(_PROBE,),
    )


def _texts(answer: object, place: int) -> list[str]:
    """One of the two lists that the attack returns."""
    pair = answer.returned.items if isinstance(answer, Snapshot) and isinstance(answer.returned, Series) else ()
    column = pair[place] if len(pair) == 2 else None
    items = column.items if isinstance(column, Series) else ()
    texts = [item.value for item in items if isinstance(item, Scalar) and isinstance(item.value, str)]
    if not texts or len(texts) != len(items):
        raise IsolationError("the sandbox could not be tried: the attack's answer cannot be read")
    return texts
