"""Attempts as bytes: exact both ways, small, and nothing believed that does not fit."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torchgrade.errors import WireError
from torchgrade.model.finding import Attempt, Audience, CheckResult, Comparison, Feedback, Finding, Stage
from torchgrade.model.verdict import Verdict
from torchgrade.wire.attempts import decode, encode
from torchgrade.wire.codec import Codec

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=8)
"""Halves of surrogate pairs among it: a notebook may hold them."""


def whole(kind: type) -> st.SearchStrategy[object]:
    """Instances of a dataclass with all of its fields drawn, those with defaults too."""
    return st.builds(kind, **{field.name: ... for field in fields(kind)})


for each in (Feedback, Comparison, Finding, CheckResult, Attempt):
    st.register_type_strategy(each, whole(each))
st.register_type_strategy(str, ANY_TEXT)
st.register_type_strategy(Mapping, st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=3))


@settings(max_examples=40, deadline=None)
@given(st.from_type(Attempt))
def test_what_is_written_is_read_back_exactly(attempt: Attempt) -> None:
    data = encode(attempt)
    assert repr(decode(data)) == repr(attempt)  # tells -0.0 from 0.0, and finds NaN the same
    assert repr(decode(data)) == repr(attempt)  # from what was kept of the first time
    json.loads(data.decode("utf-8", "surrogatepass"), parse_constant=pytest.fail)


FINDING = Finding(case="drawn 3", verdict=Verdict.ACCEPTED)
CHECK = CheckResult(
    name="v", kind="value", verdict=Verdict.ACCEPTED, points=Fraction(1, 3), max_points=Fraction(1), findings=(FINDING,)
)
ATTEMPT = Attempt(
    submitter="a",
    exercise="t/x",
    verdict=Verdict.ACCEPTED,
    points=Fraction(1, 3),
    max_points=Fraction(1),
    checks=(CHECK,),
)


def test_what_is_as_by_default_is_absent() -> None:
    assert encode(ATTEMPT).decode() == (
        '{"submitter":"a","exercise":"t/x","verdict":"accepted","points":"1/3","max_points":"1","checks":['
        '{"name":"v","kind":"value","verdict":"accepted","points":"1/3","max_points":"1","findings":['
        '{"case":"drawn 3","verdict":"accepted"}]}]}'
    )


def test_look_alikes_are_kept_once_and_stay_apart_from_the_rest() -> None:
    hidden = Finding(case="drawn 3", verdict=Verdict.ACCEPTED, visible=False)
    told = Finding(
        case="drawn 3",
        verdict=Verdict.WRONG_ANSWER,
        feedback=(Feedback(audience=Audience.STUDENT, rationale="r"),),
        comparison=Comparison(stage=Stage.NUMBERS, difference=math.inf),
    )
    for findings in ((FINDING, hidden, told, FINDING), (hidden,), (told, told)):
        check = CheckResult(
            name="v", kind="k", verdict=Verdict.ACCEPTED, points=Fraction(0), max_points=Fraction(0), findings=findings
        )
        codec = Codec(CheckResult)
        assert codec.decode(codec.encode(check)) == check


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"later": 1}, "the field 'later' is unknown; a newer torchgrade may have written it"),
        ({"verdict": "fine"}, "'fine' is none of accepted, skipped"),
        ({"verdict": ["accepted"]}, "is none of accepted, skipped"),
        ({"points": 1}, "int where str is expected"),
        ({"points": "1/0"}, "this is no Attempt"),
        ({"points": "9" * 5000}, "this is no Attempt"),
        ({"line": True}, "bool where int is expected"),
        ({"checks": {}}, "dict where list is expected"),
        ({"checks": [1]}, "int where dict is expected"),
        ({"title": {"en": 3}}, "int where str is expected"),
        ({"mistakes": [None]}, "NoneType where str is expected"),
    ],
)
def test_what_does_not_fit_is_refused(change: Mapping[str, object], message: str) -> None:
    plain = json.loads(encode(ATTEMPT)) | change
    with pytest.raises(WireError, match=message):
        decode(json.dumps(plain).encode())


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"{", b"[" * 100_000, b"{}"])
def test_what_is_no_attempt_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode(data)


class Colour(StrEnum):
    """For the fields that attempts may get."""

    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One more level."""

    value: float | str | None
    colour: Colour = Colour.RED


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Every type of field there is a way for."""

    cells: tuple[tuple[Cell, ...], ...] = ()
    shape: tuple[int, str] = (0, "")
    code: str = ""
    data: bytes = b""
    named: Mapping[str, Cell] | None = None
    floor: float = -0.0
    share: Fraction | None = None


@pytest.mark.parametrize(
    "grid",
    [
        Sheet(),
        Sheet(cells=((Cell(value=math.nan), Cell(value="nan")), ()), shape=(2, "rows"), data=b"\0\xff", code="E1"),
        Sheet(named={"a": Cell(value=None), "b": Cell(value=-math.inf)}, floor=0, share=Fraction(-1, 7)),
        Sheet(named={}, floor=0.0),
    ],
)
def test_fields_to_come_need_no_line(grid: Sheet) -> None:
    codec = Codec(Sheet)
    assert repr(codec.decode(codec.encode(grid))) == repr(grid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwritable:
    """A class of ours that nobody could read back."""

    either: Cell | Sheet


def test_a_class_that_cannot_be_read_back_is_found_at_once() -> None:
    with pytest.raises(TypeError, match="cannot be read back"):
        Codec(Unwritable)


def test_what_is_none_of_several_types_is_refused() -> None:
    with pytest.raises(WireError, match="bool is none of float, str, NoneType"):
        Codec(Cell).decode(b'{"value":true}')
