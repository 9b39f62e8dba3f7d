"""Finding the value that a name speaks of among what was returned, by the rules of `numeric.structure.unpack`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torchgrade.worker.reading import field_names

_AFTER = ".after"


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no value of that name."""

    name: str


def find(name: str, returned: object, returns: tuple[str, ...], inputs: Mapping[str, object]) -> object:
    """The returned value (or `<parameter>.after`) of that name, or Missing."""
    if name.endswith(_AFTER):
        return inputs.get(name.removesuffix(_AFTER), Missing(name))
    if len(returns) <= 1:
        return returned
    if name not in returns:
        return Missing(name)
    if isinstance(returned, dict):
        return dict.get(returned, name, Missing(name))
    if not isinstance(returned, (tuple, list)) or len(returned) != len(returns):
        return Missing(name)
    names = field_names(returned)
    return returned[names.index(name) if set(names) == set(returns) else returns.index(name)]
