"""The key: everything that an attempt depends on, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.store.pieces import HEADER

from torchgrade.model.exercise import Limits
from torchgrade.model.report import Header
from torchgrade.store.key import key, keys


def test_a_key_is_the_same_on_every_machine() -> None:
    assert key(HEADER, "en", "e1", "s1") == (
        "0fc34686741291b498b4fef1791c4f6aac77147461677bf27beb08d3d5759e7b3d2ec6cfc516d17f"
    )


def test_the_order_of_versions_and_the_language_of_the_reader_do_not_matter() -> None:
    shuffled = replace(HEADER, versions=dict(reversed(HEADER.versions.items())), language="zh")
    assert key(shuffled, "en", "e1", "s1") == key(HEADER, "en", "e1", "s1")


@pytest.mark.parametrize(
    ("header", "language", "exercise", "submission"),
    [
        (replace(HEADER, seed="other"), "en", "e1", "s1"),
        (replace(HEADER, seed=""), "en", "e1", "s1"),
        (replace(HEADER, isolation="process"), "en", "e1", "s1"),
        (replace(HEADER, versions={**HEADER.versions, "torch": "2.10"}), "en", "e1", "s1"),
        (replace(HEADER, versions={**HEADER.versions, "numpy": "2"}), "en", "e1", "s1"),
        (HEADER, "zh", "e1", "s1"),
        (HEADER, "", "e1", "s1"),
        (HEADER, "en", "e2", "s1"),
        (HEADER, "en", "e1", "s2"),
        (HEADER, "en", "s1", "e1"),
    ],
)
def test_whatever_an_attempt_depends_on_is_in_it(header: Header, language: str, exercise: str, submission: str) -> None:
    assert key(header, language, exercise, submission) != key(HEADER, "en", "e1", "s1")


def test_limits_are_in_it_if_they_stand_in_place_of_the_exercises_own() -> None:
    found = {keys(HEADER, "en", limits)("e1", "s1") for limits in (None, Limits(), Limits(seconds=3))}
    assert len(found) == 3
    assert key(HEADER, "en", "e1", "s1") in found


def test_attempts_of_one_submission_are_neighbours() -> None:
    assert (
        key(HEADER, "en", "e1", "s1")[:16] == key(HEADER, "zh", "e2", "s1")[:16] != key(HEADER, "en", "e1", "s2")[:16]
    )
