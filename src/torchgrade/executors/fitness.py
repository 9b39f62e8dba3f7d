"""Whether a machine of a cluster may grade: a report must be the same, byte for byte, wherever it is made."""

from __future__ import annotations

from collections.abc import Mapping

SAME_VERSIONS = "install the same versions on every machine of the cluster"
_PYTHON = "python"


def misfits(wanted: Mapping[str, str], found: Mapping[str, str]) -> str:
    """What is wrong with the versions found, as the end of a sentence; nothing if they are as they should be.

    Of Python, the third number makes no difference.
    """
    wrong = (_misfit(name, wanted[name], found.get(name, "")) for name in wanted)
    return ", ".join(word for word in wrong if word)


def _misfit(name: str, wanted: str, found: str) -> str:
    if not found:
        return f"has no {name}, and {wanted} is wanted"
    if name == _PYTHON and _minor(wanted) == _minor(found):
        return ""
    return "" if wanted == found else f"has {name} {found}, and {wanted} is wanted"


def _minor(version: str) -> list[str]:
    return version.split(".")[:2]
