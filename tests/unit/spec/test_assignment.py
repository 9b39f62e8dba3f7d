"""Assignments beside what else reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from torchgrade.model import assignment
from torchgrade.readers import pattern
from torchgrade.spec.assignment import looks_like_one


def test_a_pattern_may_name_what_the_reader_knows() -> None:
    assert assignment.GROUPS == pattern.GROUPS


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"schema: 1\nexercises: [a]\n", True),
        (b"exercises: [a]\nentrypoint: f\n", False),
        (b"tags: [exercises]\nentrypoint: f\n", False),
        (b"exercises: \xff", False),
        (b"", False),
    ],
)
def test_a_file_says_itself_that_it_is_an_assignment(content: bytes, expected: bool, tmp_path: Path) -> None:
    path = tmp_path / "week.yaml"
    path.write_bytes(content)
    assert looks_like_one(path) is expected
