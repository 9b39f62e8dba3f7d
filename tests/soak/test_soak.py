"""A short soak; `make soak` runs the long one."""

from __future__ import annotations

from tests.soak.kinds import KINDS, mixed
from tests.soak.soak import soak


def test_a_short_soak_has_no_faults():
    outcome = soak(120, 2, "sandbox")
    assert outcome.faults() == []
    assert set(outcome.kinds) == {kind.name for kind in KINDS}


def test_the_mixture_depends_on_its_seed_alone():
    assert list(mixed(100, 1)) == list(mixed(100, 1)) != list(mixed(100, 2))
