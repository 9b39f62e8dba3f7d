"""The files that code on tensors needs: the standard library, torch with what it requires, shared libraries, devices.

No entry contains a folder of packages or torchgrade: a course, its exercises and the bank are never among them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_REQUIRED = (
    "torch torchgen functorch numpy numpy.libs sympy isympy.py mpmath networkx jinja2 markupsafe fsspec filelock"
    " typing_extensions.py setuptools _distutils_hack"
)
_FOR_GRAPHICS_CARDS = "triton nvidia cuda"
_LOADED_IF_INSTALLED = "opt_einsum optree gmpy2 gmpy2.libs flint python_flint.libs"
PACKAGES = frozenset(f"{_REQUIRED} {_FOR_GRAPHICS_CARDS} {_LOADED_IF_INSTALLED}".split())
"""What belongs to torch, numpy and sympy in a folder of packages. To ask importlib.metadata would take too long."""

_ROOMS = ("__init__.py", "errors.py", "model", "wire", "worker")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_LINKER = ("/etc/ld.so.cache", "/etc/alternatives")
"""Where shared libraries are found, and which of several each name stands for."""
_FOLDERS_OF_PACKAGES = ("site-packages", "dist-packages")
_TORCHGRADE = Path(__file__).parents[2]


def readable() -> tuple[Path, ...]:
    """Files and folders that a submission may read: those that are there, as few as possible, none of them twice."""
    library = Path(os.__file__).parent
    packages = {Path(entry) for entry in sys.path if Path(entry).name in _FOLDERS_OF_PACKAGES}
    inside = {library / name for name in _FOLDERS_OF_PACKAGES if (library / name).is_dir()}
    closed = {_TORCHGRADE, *packages, *inside}
    found = [*_standard_library(library), *_packages(), *_shared_libraries()]
    found += [Path(each) for each in (*_LINKER, *_DEVICES) if os.path.exists(each)]  # noqa: PTH110
    return tuple(dict.fromkeys(_parted(found, closed)))


def importable() -> tuple[Path, ...]:
    """What the zygote imports besides, once it is confined: of torchgrade, what runs on this side, and no more."""
    return tuple(_TORCHGRADE / name for name in _ROOMS)


def _parted(paths: Iterable[Path], closed: set[Path]) -> Iterator[Path]:
    """The paths; in the place of a folder that contains a closed one, what else is in it."""
    above = {parent for each in closed for parent in each.parents}
    for path in paths:
        if path in above:
            yield from _parted(sorted(path.iterdir()), closed)
        elif path not in closed:
            yield path


def _standard_library(library: Path) -> Iterator[Path]:
    """Its folder, and its extension modules if they are elsewhere."""
    yield library
    for entry in map(Path, sys.path):
        if entry.name == "lib-dynload" and entry.parent != library:
            yield entry


def _packages() -> Iterator[Path]:
    for entry in sys.path:
        yield from (Path(entry, name) for name in sorted(PACKAGES.intersection(_names(entry))))


def _shared_libraries() -> Iterator[Path]:
    """Debian's folders hold nothing else, and are taken whole; others hold interpreters too, and are not."""
    machine = getattr(sys.implementation, "_multiarch", "")
    if machine:
        whole = (Path("/lib", machine), Path("/usr/lib", machine))
        yield from (folder for folder in whole if folder.is_dir())
    prefixes = (sys.prefix, sys.base_prefix, "/usr", "/")
    for folder in dict.fromkeys(str(Path(each, name)) for each in prefixes for name in ("lib", "lib64")):
        yield from (Path(folder, name) for name in sorted(_names(folder)) if name.endswith(".so") or ".so." in name)


def _names(folder: str) -> list[str]:
    """What is in a folder, which need not be there."""
    try:
        return os.listdir(folder)  # noqa: PTH208
    except OSError:
        return []
