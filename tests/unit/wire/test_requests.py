"""Requests: what a worker is told arrives, and it is told nothing of the truth."""

from __future__ import annotations

from dataclasses import replace

import pytest

from torchgrade.errors import WireError
from torchgrade.model.case import Case, Origin
from torchgrade.model.exercise import Limits, Python
from torchgrade.model.probe import Plan, Probe, ProbeOp, Source
from torchgrade.model.value import Layout, Scalar, ScalarType, Tensor
from torchgrade.wire import control, frames, requests

CANARY = "CANARY"
X = Tensor(dtype="float32", shape=(2,), data=b"abcdefgh", layout=Layout.STRIDED, requires_grad=True)
CASE = Case(
    name=f"{CANARY} name",
    group=f"{CANARY} group",
    origin=Origin.EDGE,
    visible=False,
    dtype=f"{CANARY}64",
    dims={f"{CANARY}_n": 271828},
    inputs={"x": X, "k": Scalar(type=ScalarType.INT, value=3)},
    expected={"result": f"{CANARY} + 1", "x.grad": (314159, {"a": 161803})},
    raises=f"{CANARY}Error",
)
PROBES = (
    Probe(op=ProbeOp.VALUE, case=CASE.name),
    Probe(
        op=ProbeOp.GRADIENT, case=CASE.name, of="u", wrt=("x",), order=2, cotangent=(1, -2), full=9, seeds=(("u", X),)
    ),
)
PLAN = Plan(
    entrypoint="solve",
    parameters=("x", "k"),
    returns=("u", "v"),
    call=Python("def call(solve, x, k): ..."),
    limits=Limits(seconds=57721, megabytes=66260),
    cases=(CASE,),
    probes=PROBES,
)
SOURCE = Source(text="def solve(x, k): ... # \ud800", filename="s.py")
SPOKEN = requests.load(5, 1, PLAN, SOURCE) + requests.measure(6, 1, requests.question(CASE.inputs, PROBES))


def test_load_round_trip():
    load = requests.decode(frames.unpack(requests.load(5, 1, PLAN, SOURCE)))
    assert load == requests.Load(
        number=5,
        plan=1,
        source=SOURCE,
        entrypoint="solve",
        parameters=("x", "k"),
        returns=("u", "v"),
        call=PLAN.call,
    )
    assert requests.decode(frames.unpack(requests.load(5, 1, replace(PLAN, call=None), SOURCE))).call is None


def test_measure_round_trip():
    measure = requests.decode(frames.unpack(requests.measure(6, 1, requests.question(CASE.inputs, PROBES))))
    assert (measure.number, measure.plan, measure.inputs) == (6, 1, CASE.inputs)
    seeds = (("u", replace(X, requires_grad=False)),)
    assert measure.probes == (replace(PROBES[0], case=""), replace(PROBES[1], case="", seeds=seeds))


@pytest.mark.parametrize("secret", [CANARY, "exercise", "edge", "hidden", "visible", *("271828", "314159", "161803")])
def test_nothing_of_the_truth_crosses(secret):
    assert secret.encode() not in SPOKEN


@pytest.mark.parametrize("known", ["def solve", "s.py", "def call", "abcdefgh", '"float32",[2],15', "cotangent"])
def test_the_test_above_could_fail(known):
    """Positive controls: what a worker must know is found in the same bytes."""
    assert known.encode() in SPOKEN


def test_requests_of_no_kind_are_refused():
    with pytest.raises(WireError, match="a request of no known kind"):
        requests.decode(frames.unpack(frames.pack({"ask": "grade"}, [])))


def test_control_messages():
    assert control.decode(control.encode(control.CHILD, 12), control.CHILD) == ("12",)
    assert control.decode(control.encode(control.READY), control.READY) == ()
    with pytest.raises(WireError, match="the zygote says 'child' where 'ended' is expected"):
        control.decode(control.encode(control.CHILD, 12), control.ENDED)
