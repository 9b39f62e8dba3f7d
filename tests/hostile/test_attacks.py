"""Every attack at every level, and every layer shown to be what stops it.

Each is held against what its own first lines say: the grade, no word of what is secret in anything a student sees, no
harm done, nothing left behind. An attack that nothing stops must be seen to work, so that none is a blank.
"""

from __future__ import annotations

import builtins
import os
from collections import Counter
from fractions import Fraction

import pytest

from hostile.attack import ATTACKS, EXEC, PARENT, Attack, Outcome
from hostile.confinements import CONFINEMENTS, ONLY, WITHOUT, concerns
from hostile.evidence import Evidence
from hostile.fooled import Naive
from hostile.needs import has, landlock_abi
from hostile.trial import Place, Trial
from torchgrade.model.isolation import LEVELS, Layer
from torchgrade.model.verdict import Verdict

REFUSALS = (OSError, MemoryError, RuntimeError)
"""What the kernel's refusals become in Python (in torch, RuntimeError): an attack that stumbles over its own feet
proves nothing."""


def is_of_this_machine(attack: Attack) -> bool:
    """Whether it can at least be tried: there are two that speak the language of one processor."""
    return attack.needs not in ("x32", "int80") or os.uname().machine == "x86_64"


def can_be_tried(name: str, attack: Attack) -> bool:
    """What must work takes a machine on which it can; an ordinary user has no capabilities to be dropped."""
    if name == "only-capabilities" and not has("root"):
        return False
    works = attack.works_in(CONFINEMENTS[name], landlock_abi())
    return has(attack.needs) or (not works and is_of_this_machine(attack))


PAIRS = [
    pytest.param(name, attack, id=f"{name}-{attack.name}")
    for name in CONFINEMENTS
    for attack in ATTACKS
    if concerns(name, attack) and can_be_tried(name, attack)
]
MET_BY_US = [attack for attack in ATTACKS if attack.stops & {PARENT, EXEC}]


@pytest.mark.parametrize(("place", "attack"), PAIRS, indirect=["place"])
def test_an_attack(place: Place, attack: Attack) -> None:
    works = attack.works_in(place.confinement, landlock_abi())
    trial = place.run(attack)
    if attack.is_control:
        assert not trial.found, (trial.found, trial.stops)
    elif works:
        assert attack.evidence in trial.found, (trial.found, trial.stops)
        assert trial.leaks or attack.evidence is not Evidence.SECRET  # or the search for secrets would be a blank
    else:
        assert not trial.found, (trial.found, trial.stops)
        assert not trial.leaks, trial.told
        assert refused_by_the_kernel(attack, trial), trial.stops
    if place.confinement.level in LEVELS:
        expected = attack.expected[place.confinement.level]
        assert trial.attempt.verdict is expected.verdict, trial.stops
        assert trial.was_killed is (expected.outcome is Outcome.KILLED), trial.stops
    full = trial.attempt.max_points if trial.attempt.verdict is Verdict.ACCEPTED else Fraction(0)
    assert trial.attempt.points == full


def refused_by_the_kernel(attack: Attack, trial: Trial) -> bool:
    """Whether what stopped it is a refusal, where a layer is said to do so."""
    if not attack.is_met_by_a_layer or trial.was_killed:
        return True
    names = {each.exception for each in trial.stops if each.exception}
    return all(issubclass(getattr(builtins, name), REFUSALS) for name in names)


@pytest.mark.parametrize("attack", MET_BY_US, ids=lambda attack: attack.name)
def test_a_naive_grader_falls_for_it(naive: Naive, attack: Attack) -> None:
    assert attack.evidence in naive.run(attack)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_what_an_attack_says_of_itself_agrees(attack: Attack) -> None:
    """Whether it works at a level follows from the layers that stop it."""
    known = set(Layer) | {PARENT, EXEC}
    assert attack.stops <= known
    assert attack.is_control is (not attack.stops)
    for level, expected in attack.expected.items():
        works = attack.works_in(LEVELS[level], abi=99)
        assert works is (expected.outcome is Outcome.WORKS)
        if attack.is_control:
            assert expected.verdict is Verdict.ACCEPTED


def test_every_layer_is_what_stops_something() -> None:
    """Each is tried alone or left out, and has an attack that shows the difference."""
    stopped = Counter(layer for attack in ATTACKS for layer in attack.stops)
    assert set(stopped) == {*Layer, PARENT, EXEC}
    assert {*ONLY.values(), *WITHOUT.values()} == set(Layer)


def test_the_exceptions_are_those_that_are_documented() -> None:
    """At the levels that are sandboxes, one attack works: to learn that a file is there."""
    working = [
        (attack.name, level)
        for attack in ATTACKS
        for level in ("sandbox", "namespaces")
        if not attack.is_control and attack.expected[level].outcome is Outcome.WORKS
    ]
    assert working == [("files/stat_answer", "sandbox")]


def test_no_two_attacks_are_equal() -> None:
    assert len({attack.tries for attack in ATTACKS}) == len(ATTACKS)


def test_evidence_is_of_the_right_kind() -> None:
    """What can be checked from outside is not left to an attack's own word."""
    for attack in ATTACKS:
        assert (attack.evidence is Evidence.POINTS) is (attack.entrypoint == "secret" or attack.is_control), attack.name
