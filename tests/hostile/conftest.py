"""The stage, and one warm sandbox at a time: tests are sorted by confinement."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hostile import world
from hostile.confinements import CONFINEMENTS
from hostile.fooled import Naive
from hostile.stage import Stage
from hostile.trial import Place
from torchgrade.errors import IsolationError


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    world.adopt_orphans(do=True)
    with Stage() as built:
        yield built
    world.adopt_orphans(do=False)


class Places:
    """One warm sandbox at a time: a zygote takes a second and a quarter of a gigabyte."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._place: Place | None = None

    def at(self, name: str) -> Place:
        """The sandbox at this confinement. Raises IsolationError if it is not to be had here."""
        if self._place is None or self._place.confinement is not CONFINEMENTS[name]:
            self.close()
            self._place = Place(self._stage, CONFINEMENTS[name])
        return self._place

    def close(self) -> None:
        """End the one that there is."""
        if self._place is not None:
            self._place.close()
        self._place = None


@pytest.fixture(scope="session")
def places(stage: Stage) -> Iterator[Places]:
    opened = Places(stage)
    yield opened
    opened.close()


@pytest.fixture
def place(request: pytest.FixtureRequest, places: Places) -> Place:
    """The tests come sorted by confinement."""
    name: str = request.param
    try:
        return places.at(name)
    except IsolationError as refusal:
        if "namespaces" in name:
            pytest.skip(f"NOT TESTED: {refusal}")
        raise


@pytest.fixture(scope="session")
def naive(stage: Stage) -> Iterator[Naive]:
    grader = Naive(stage)
    yield grader
    grader.close()
