"""The key: everything that an attempt depends on, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.store.pieces import HEADER

from torchgrade.model.exercise import Limits
from torchgrade.model.report import Header
from torchgrade.store.key import key, keys

E1 = ("t/a", "e1")
"""An exercise's id and digest."""


def test_a_key_is_the_same_on_every_machine() -> None:
    assert key(HEADER, "en", E1, "s1") == (
        "0fc34686741291b4c22af13545cd8b601c347541461aa1018a6415dec6ed35bdb9172c87f311d353"
    )


def test_the_order_of_versions_and_the_language_of_the_reader_do_not_matter() -> None:
    shuffled = replace(HEADER, versions=dict(reversed(HEADER.versions.items())), language="zh")
    assert key(shuffled, "en", E1, "s1") == key(HEADER, "en", E1, "s1")


@pytest.mark.parametrize(
    ("header", "language", "exercise", "submission"),
    [
        (replace(HEADER, seed="other"), "en", E1, "s1"),
        (replace(HEADER, seed=""), "en", E1, "s1"),
        (replace(HEADER, isolation="process"), "en", E1, "s1"),
        (replace(HEADER, versions={**HEADER.versions, "torch": "2.10"}), "en", E1, "s1"),
        (replace(HEADER, versions={**HEADER.versions, "numpy": "2"}), "en", E1, "s1"),
        (HEADER, "zh", E1, "s1"),
        (HEADER, "", E1, "s1"),
        (HEADER, "en", ("t/a", "e2"), "s1"),
        (HEADER, "en", ("t/b", "e1"), "s1"),
        (HEADER, "en", E1, "s2"),
        (HEADER, "en", ("t/a", "s1"), "e1"),
        (HEADER, "en", ("e1", "t/a"), "s1"),
    ],
)
def test_whatever_an_attempt_depends_on_is_in_it(
    header: Header, language: str, exercise: tuple[str, str], submission: str
) -> None:
    assert key(header, language, exercise, submission) != key(HEADER, "en", E1, "s1")


def test_limits_are_in_it_if_they_stand_in_place_of_the_exercises_own() -> None:
    found = {keys(HEADER, "en", limits)(*E1, "s1") for limits in (None, Limits(), Limits(seconds=3))}
    assert len(found) == 3
    assert key(HEADER, "en", E1, "s1") in found


def test_attempts_of_one_submission_are_neighbours() -> None:
    assert (
        key(HEADER, "en", E1, "s1")[:16]
        == key(HEADER, "zh", ("t/b", "e2"), "s1")[:16]
        != key(HEADER, "en", E1, "s2")[:16]
    )
