"""The levels, and what is needed to see which layer stops what: each wall alone, and each of the others left out."""

from __future__ import annotations

from collections.abc import Mapping

from hostile.attack import Attack
from torchgrade.model.isolation import LEVELS, Confinement, Layer

_WALLS = (Layer.CAPABILITIES, Layer.LANDLOCK, Layer.SECCOMP, Layer.NAMESPACES)
_OTHERS = tuple(sorted(LEVELS["process"].layers))


def _made(level: str, layers: frozenset[Layer]) -> Confinement:
    return Confinement(level=level, layers=layers)


ONLY: Mapping[str, Layer] = {f"only-{layer}": layer for layer in _WALLS}
WITHOUT: Mapping[str, Layer] = {f"without-{layer}": layer for layer in _OTHERS}
CONFINEMENTS: Mapping[str, Confinement] = {
    **LEVELS,
    **{name: _made(name, frozenset({layer})) for name, layer in ONLY.items()},
    **{name: _made(name, LEVELS["process"].layers - {layer}) for name, layer in WITHOUT.items()},
}
"""By name: the three levels, each wall alone, and `process` with one layer less."""


def concerns(name: str, attack: Attack) -> bool:
    """Whether an attack is tried in a confinement: at every level, and where it can show which layer stops it."""
    if name in LEVELS:
        return True
    if name in WITHOUT:
        return WITHOUT[name] in attack.stops
    if ONLY[name] is Layer.CAPABILITIES and attack.needs != "root":
        return False  # there are none to be dropped
    return bool(attack.stops & set(ONLY.values()))
