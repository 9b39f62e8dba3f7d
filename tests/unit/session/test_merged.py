"""Parts of a class as one report: in order, made alike, nobody twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import pytest

from torchgrade.errors import ReportError
from torchgrade.model.finding import Attempt
from torchgrade.model.report import Header
from torchgrade.model.verdict import Verdict
from torchgrade.session.merged import Merged

HEADER = Header(versions={"torch": "2.13"}, isolation="sandbox", seed="1")


@dataclass(frozen=True)
class Canned:
    """A part with two exercises for each of some submitters."""

    names: str
    header: Header = HEADER
    digest: str = "d"

    def __iter__(self) -> Iterator[Attempt]:
        for name in self.names:
            for exercise in ("z", "a"):
                yield Attempt(
                    submitter=name,
                    exercise=exercise,
                    exercise_digest=f"{exercise} {self.digest}",
                    verdict=Verdict.ACCEPTED,
                    points=Fraction(1),
                    max_points=Fraction(1),
                )


@pytest.mark.parametrize("parts", [("abc",), ("ac", "b"), ("b", "ac"), ("", "abc"), ("c", "b", "a")])
def test_submitters_come_in_order_and_their_exercises_as_they_were(parts: tuple[str, ...]) -> None:
    merged = Merged([Canned(names) for names in parts])
    expected = [(name, exercise) for name in "abc" for exercise in "za"]
    for _ in range(2):
        assert [(each.submitter, each.exercise) for each in merged] == expected
    assert merged.header == HEADER


@pytest.mark.parametrize("parts", [("ab", "bc"), ("b", "a", "b"), ("abc", "abc")])
def test_nobody_is_in_two_parts(parts: tuple[str, ...]) -> None:
    with pytest.raises(ReportError, match=r"^[ab] is in more than one of these reports$") as caught:
        list(Merged([Canned(names) for names in parts]))
    assert caught.value.hint == "give each part once"


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (Header(versions={"torch": "2.12"}, isolation="sandbox", seed="1"), "versions"),
        (Header(versions={"torch": "2.13"}, isolation="process", seed="2"), "isolation, seed"),
    ],
)
def test_parts_are_made_alike(other: Header, named: str) -> None:
    merged = Merged([Canned("a"), Canned("b", other)])
    with pytest.raises(ReportError, match=f"they differ in {named}$") as caught:
        _ = merged.header
    assert caught.value.hint == "grade all parts with the same exercises, --seed, --isolation and versions"


def test_parts_are_graded_with_the_same_exercises() -> None:
    merged = Merged([Canned("a"), Canned("b", digest="changed")])
    assert merged.header == HEADER
    with pytest.raises(ReportError, match=r"they differ in the exercise z$") as caught:
        list(merged)
    assert caught.value.hint == "grade all parts with the same exercises, --seed, --isolation and versions"
