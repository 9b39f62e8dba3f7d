"""Replies: every answer crosses unchanged, and every forgery is refused with its reason."""

from __future__ import annotations

import copy
import math

import pytest

from torchgrade.errors import WireError
from torchgrade.model.observation import Derivatives, Frame, Incident, IncidentKind, Snapshot
from torchgrade.model.value import Expression, Opaque, Record, Scalar, ScalarType, Series, Tensor
from torchgrade.wire import frames, replies
from torchgrade.wire.replies import Reply

TENSOR = Tensor(dtype="float32", shape=(1, 2), data=b"abcdefgh", storage=3, identity=2, requires_grad=True)
VALUES = [
    TENSOR,
    Tensor(dtype="bool", shape=(0, 3), data=b"", is_leaf=False, is_contiguous=False),
    Tensor(dtype="int64", shape=(), data=bytes(8), grad=Tensor(dtype="uint8", shape=(2,), data=b"\0\1")),
    Scalar(type=ScalarType.BOOL, value=True),
    Scalar(type=ScalarType.INT, value=-(10**4299)),
    Scalar(type=ScalarType.FLOAT, value=math.inf),
    Scalar(type=ScalarType.FLOAT, value=0.1),
    Scalar(type=ScalarType.COMPLEX, value=complex(1, -2)),
    Scalar(type=ScalarType.STR, value="é\0\n"),
    Scalar(type=ScalarType.NONE, value=None),
    Scalar(type=ScalarType.SYMBOL, value="x"),
    Series(type="tuple", items=(TENSOR, Series(type="list", items=()))),
    Series(type="Pair", items=(TENSOR, TENSOR), names=("left", "right")),
    Record(items=(("a", TENSOR), ("", Scalar(type=ScalarType.NONE, value=None)))),
    Expression(text="x + 1"),
    Opaque(type="set", reason="not a value"),
]
ANSWERS = [
    *(Snapshot(returned=value, after={"x": value, "y": TENSOR}) for value in VALUES),
    Derivatives(shape=(2,), product={"x": TENSOR, "y": None}, full={"x": None, "y": TENSOR}),
    Derivatives(product={}, problem="no graph"),
    Incident(kind=IncidentKind.EXITED, message="The code called sys.exit()."),
    Incident(
        kind=IncidentKind.EXCEPTION,
        message="m",
        exception="E",
        bases=("A", "B"),
        frames=(Frame(filename="s.py", line=3, function="f", text="1 / 0"),),
    ),
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_round_trip(answer):
    reply = Reply(number=7, answers=(answer, answer))
    packed = replies.encode(reply)
    assert replies.fits(packed)
    assert replies.decode(packed, 2) == reply


def header_of(answer) -> tuple[dict, bytes]:
    frame = frames.unpack(replies.encode(Reply(number=1, answers=(answer,))))
    return frame.header, bytes(frame.body)


def put(data, path, value):
    """`data` with the place at `path` changed; None as a value removes it."""
    data = copy.deepcopy(data)
    *way, last = path
    place = data
    for step in way:
        place = place[step]
    if value is REMOVED:
        del place[last]
    else:
        place[last] = value
    return data


REMOVED = object()
SNAPSHOT = Snapshot(returned=TENSOR, after={})
RETURNED = ("answers", 0, "returned")
INCIDENT = ANSWERS[-1]
FORGERIES = [
    (SNAPSHOT, (*RETURNED, 1), [2, 2], "a tensor of 16 bytes where 8 are left"),
    (SNAPSHOT, (*RETURNED, 1), [1], "4 bytes that belong to no tensor"),
    (SNAPSHOT, (*RETURNED, 1), [2**29, 2**29, 0], "8 bytes that belong to no tensor"),
    (SNAPSHOT, (*RETURNED, 1), [2**29, 2**29], "a tensor of 1152921504606846976 bytes where 8 are left"),
    (SNAPSHOT, (*RETURNED, 1), [-1, -2], "a shape that no tensor has"),
    (SNAPSHOT, (*RETURNED, 1), [2**62, 0, 4], "a shape that no tensor has"),
    (SNAPSHOT, (*RETURNED, 1), [2**63, 0], "a shape that no tensor has"),
    (SNAPSHOT, (*RETURNED, 1), [2**60, 0], "a shape that no tensor has"),
    (SNAPSHOT, (*RETURNED, 1), [1] * 33, "a shape that no tensor has"),
    (SNAPSHOT, (*RETURNED, 1), [True, 2], "bool where int is expected"),
    (SNAPSHOT, (*RETURNED, 1), [1.0, 2], "float where int is expected"),
    (SNAPSHOT, (*RETURNED, 1), "12", "str where list is expected"),
    (SNAPSHOT, (*RETURNED, 0), "float8_e5m2", "the dtype 'float8_e5m2' does not cross"),
    (SNAPSHOT, (*RETURNED, 0), "O" * 99, f"the dtype '{'O' * 40}' does not cross"),
    (SNAPSHOT, (*RETURNED, 0), REMOVED, "a tensor of 5 parts"),
    (SNAPSHOT, (*RETURNED, 0), None, "NoneType where str is expected"),
    (SNAPSHOT, (*RETURNED, 2), 16, "flags that no tensor has"),
    (SNAPSHOT, (*RETURNED, 2), -1, "flags that no tensor has"),
    (SNAPSHOT, (*RETURNED, 2), True, "flags that no tensor has"),
    (SNAPSHOT, (*RETURNED, 3), 2**40, "storage is no ordinal: 1099511627776"),
    (SNAPSHOT, (*RETURNED, 4), -2, "identity is no ordinal: -2"),
    (SNAPSHOT, (*RETURNED, 4), True, "bool where int is expected"),
    (SNAPSHOT, (*RETURNED, 5), {}, "dict where list is expected"),
    (SNAPSHOT, RETURNED, [], "a tensor of 0 parts"),
    (SNAPSHOT, RETURNED, ["float32", [1, 2], 6], "a tensor of 3 parts"),
    (SNAPSHOT, RETURNED, "tensor", "str where dict is expected"),
    (SNAPSHOT, RETURNED, {"is": "secret", "value": 1}, "a value of a kind that does not cross"),
    (SNAPSHOT, RETURNED, {"is": ["int"], "value": 1}, "a value of a kind that does not cross"),
    (SNAPSHOT, RETURNED, {"is": "int", "value": True}, "bool where int is expected"),
    (SNAPSHOT, RETURNED, {"is": "float", "value": 1}, "int where float is expected"),
    (SNAPSHOT, RETURNED, {"is": "none", "value": 0}, "int where none is expected"),
    (SNAPSHOT, RETURNED, {"is": "complex", "value": [1.0]}, "a complex number of 1 parts"),
    (SNAPSHOT, RETURNED, {"is": "complex", "value": [1, 2]}, "int where float is expected"),
    (SNAPSHOT, RETURNED, {"is": "record", "items": [["a"]]}, "an entry of a record with 1 parts"),
    (SNAPSHOT, RETURNED, {"is": "series", "type": "t", "names": ["a"], "items": []}, "1 names for 0 items"),
    (SNAPSHOT, ("answers", 0, "is"), "verdict", "an answer of no known kind"),
    (SNAPSHOT, ("answers", 0, "after"), [["x"]], "an entry that is no pair"),
    (SNAPSHOT, ("answers",), {}, "dict where list is expected"),
    (SNAPSHOT, ("number",), "1", "str where int is expected"),
    (INCIDENT, ("answers", 0, "kind"), "time_limit", "an incident that a worker cannot know of"),
    (INCIDENT, ("answers", 0, "kind"), "cpu_limit", "an incident that a worker cannot know of"),
    (INCIDENT, ("answers", 0, "kind"), "not_allowed", "an incident that a worker cannot know of"),
    (INCIDENT, ("answers", 0, "kind"), "passed", "an incident that a worker cannot know of"),
    (INCIDENT, ("answers", 0, "frames"), [["s.py", 1]], "a line of a traceback without its parts"),
    (INCIDENT, ("answers", 0, "frames"), [["s.py", -1, "", ""]], "a line that no file has"),
    (ANSWERS[-4], ("answers", 0, "shape"), [-1], "a shape that no tensor has"),
    (ANSWERS[-4], ("answers", 0, "shape"), [10**99], "a shape that no tensor has"),
    (ANSWERS[-4], ("answers", 0, "product"), [["x", {}]], "dict where list is expected"),
]


@pytest.mark.parametrize(("answer", "path", "value", "message"), FORGERIES)
def test_forgeries_are_refused(answer, path, value, message):
    header, body = header_of(answer)
    with pytest.raises(WireError) as refusal:
        replies.decode(frames.pack(put(header, path, value), [body]), 1)
    assert str(refusal.value) == message


def nested(depth: int) -> dict:
    value = {"is": "none", "value": None}
    for _ in range(depth):
        value = {"is": "series", "type": "list", "names": [], "items": [value]}
    return value


@pytest.mark.parametrize(
    "value", [nested(33), {"is": "series", "type": "t", "names": [], "items": [nested(0)] * 10_000}]
)
def test_values_are_bounded(value):
    header, _ = header_of(Snapshot(returned=Scalar(type=ScalarType.NONE, value=None), after={}))
    with pytest.raises(WireError, match="values that are too many or nested too deep"):
        replies.decode(frames.pack(put(header, RETURNED, value), []), 1)


def test_a_gradient_has_no_gradient():
    tensor = Tensor(dtype="uint8", shape=(), data=b"\0", grad=TENSOR)
    twice = Tensor(dtype="uint8", shape=(), data=b"\0", grad=tensor)
    with pytest.raises(WireError, match="a gradient of a gradient"):
        replies.decode(replies.encode(Reply(number=1, answers=(Snapshot(returned=twice, after={}),))), 1)


def test_texts_are_cut_and_cleaned():
    header, body = header_of(INCIDENT)
    header = put(header, ("answers", 0, "message"), "\ud800" * 5000)
    header = put(header, ("answers", 0, "frames"), [["\ud800.py", 1, "f" * 999, "t" * 999]] * 99)
    header = put(header, ("answers", 0, "bases"), ["b" * 999] * 99)
    (incident,) = replies.decode(frames.pack(header, [body]), 1).answers
    assert incident.message == "?" * 2000
    assert len(incident.frames) == len(incident.bases) == 16
    frame = incident.frames[0]
    assert (frame.filename, len(frame.function), len(frame.text), len(incident.bases[0])) == ("?.py", 200, 200, 200)


def test_a_reply_that_is_too_large_does_not_fit():
    text = Scalar(type=ScalarType.STR, value="x" * frames.MAX_HEADER)
    assert not replies.fits(replies.encode(Reply(number=1, answers=(Snapshot(returned=text, after={}),))))
