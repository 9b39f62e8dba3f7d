"""Names that nobody gave, as readers see them."""

from __future__ import annotations

import pytest

from torchgrade.checks import CHECKS
from torchgrade.model.case import Origin
from torchgrade.model.exercise import Edge
from torchgrade.model.labels import case_label, check_label, outcome_label


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("drawn 2", "随机 2"),
        ("given", "给定"),
        ("one", "单个"),
        ("one 2", "单个 2"),
        ("by hand", "by hand"),
        ("drawn by hand", "drawn by hand"),
        ("", ""),
    ],
)
def test_cases(name: str, shown: str) -> None:
    assert case_label(name, "zh") == shown
    assert case_label(name, "en") == case_label(name, "fr") == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [("value", "值"), ("gradient-2", "梯度-2"), ("no inverse", "no inverse"), ("value of dx", "value of dx")],
)
def test_checks(name: str, shown: str) -> None:
    assert check_label(name, "zh") == shown
    assert check_label(name, "en") == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("gradient of y in x", "y 对 x 的梯度"),
        ("third derivatives of a @ b in x", "a @ b 对 x 的全部三阶导数"),
        ("result", "result"),
        ("sum of y in x", "sum of y in x"),
    ],
)
def test_outcomes(name: str, shown: str) -> None:
    assert outcome_label(name, "zh") == shown
    assert outcome_label(name, "en") == name


def test_none_is_missing() -> None:
    names = [*Edge, *(origin.value for origin in Origin if origin is not Origin.EDGE)]
    assert [name for name in names if case_label(name, "zh") == name] == []
    assert [kind for kind in CHECKS if check_label(kind, "zh") == kind] == []
