"""Which versions may grade for which."""

from __future__ import annotations

import pytest

from torchgrade.executors.fitness import misfits

WANTED = {"torchgrade": "0.1.0", "torch": "2.13.0+cpu", "python": "3.11.7"}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({}, ""),
        ({"python": "3.11.0"}, ""),
        ({"numpy": "9"}, ""),
        ({"python": "3.12.7"}, "has python 3.12.7, and 3.11.7 is wanted"),
        ({"torch": "2.13.0+cu126"}, "has torch 2.13.0+cu126, and 2.13.0+cpu is wanted"),
        ({"torchgrade": ""}, "has no torchgrade, and 0.1.0 is wanted"),
        (
            {"torch": "2.12.1", "torchgrade": "0.2"},
            "has torchgrade 0.2, and 0.1.0 is wanted, has torch 2.12.1, and 2.13.0+cpu is wanted",
        ),
    ],
)
def test_both_versions_are_named(found, said):
    assert misfits(WANTED, WANTED | found) == said


def test_who_has_nothing_is_told_everything():
    assert misfits(WANTED, {}).count("has no") == 3
