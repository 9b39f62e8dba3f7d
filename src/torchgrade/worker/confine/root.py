"""The root folder of a namespace: an empty file system on which the files that may be seen are mounted, read-only.

They are taken hold of first and mounted later, because in between the process loses its way to them: it stops being
root. The calls are open_tree(2), move_mount(2) (Linux 5.2) and mount_setattr(2) (5.12), with the same numbers on all
machines.
"""

from __future__ import annotations

import errno
import os
import stat
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path

from torchgrade.worker.confine import libc

TEMPORARY = "/tmp"  # noqa: S108
"""Inside, an empty folder in which nobody can write."""

_PASSING = (Path("/proc"), Path("/sys/devices/system/cpu"))
"""What torch looks at while it is loaded and at its first product (which processor is this?): not for submissions."""

_OPEN_TREE, _MOVE_MOUNT, _SET_ATTRIBUTES = 428, 429, 442
_HERE = -100
_CLONE = 1
_RECURSIVE = 0x8000
_EMPTY_PATH = 0x1000
_FROM_DESCRIPTOR = 4
_READ_ONLY, _NO_SET_ID, _NO_DEVICES = 1, 2, 4
_PRIVATE = 1 << 18
_DETACH = 2


def take(paths: Iterable[Path]) -> Mapping[Path, int]:
    """A descriptor of each of these files and folders, and of what is mounted in them."""
    _set(_HERE, "/", propagation=_PRIVATE)  # from now on, what is mounted outside does not show inside, nor the reverse
    return {path: _tree(path) for path in dict.fromkeys((*paths, *filter(os.path.exists, _PASSING)))}


def change(trees: Mapping[Path, int]) -> None:
    """Mount them on a root folder of their own and go there: nothing else can be reached any more."""
    libc.call("mount", b"tmpfs", b"/proc", b"tmpfs", 0, b"mode=755")  # any folder will do that everybody may enter
    os.chdir("/proc")
    modes = {path: os.fstat(tree).st_mode for path, tree in trees.items()}
    _make_places(modes)
    for path, tree in trees.items():
        no_devices = 0 if stat.S_ISCHR(modes[path]) else _NO_DEVICES
        _set(tree, "", on=_READ_ONLY | _NO_SET_ID | no_devices)
        libc.syscall(f"move_mount {path}", _MOVE_MOUNT, tree, b"", _HERE, _below(path), _FROM_DESCRIPTOR)
        os.close(tree)
    libc.call("pivot_root", b".", b".")
    libc.call("umount2", b".", _DETACH)
    os.chdir("/")
    _set(_HERE, "/", on=_READ_ONLY | _NO_SET_ID | _NO_DEVICES, flags=0)
    _check(path for path, mode in modes.items() if stat.S_ISDIR(mode))


def hide() -> None:
    """Take away what only the loading of torch needed."""
    for path in filter(os.path.ismount, _PASSING):
        libc.call("umount2", os.fsencode(path), _DETACH)


def _tree(path: Path) -> int:
    return libc.syscall(f"open_tree {path}", _OPEN_TREE, _HERE, os.fsencode(path), _CLONE | _RECURSIVE | os.O_CLOEXEC)


def _make_places(modes: Mapping[Path, int]) -> None:
    """Folders and empty files to mount on, below the current folder."""
    made = set()
    for path, mode in {**modes, Path(TEMPORARY): stat.S_IFDIR}.items():
        folder = path if stat.S_ISDIR(mode) else path.parent
        if folder not in made:
            os.makedirs(_below(folder), exist_ok=True)  # noqa: PTH103
            made.add(folder)
        if folder != path:
            os.mknod(_below(path))


def _below(path: Path) -> bytes:
    return os.fsencode(path)[1:]


def _set(place: int, path: str, *, on: int = 0, propagation: int = 0, flags: int = _RECURSIVE) -> None:
    """Attributes of a mount and of those in it; without a path, `place` is the descriptor of the mount."""
    attributes = struct.pack("=4Q", on, 0, propagation, 0)
    flags |= 0 if path else _EMPTY_PATH
    libc.syscall("mount_setattr", _SET_ATTRIBUTES, place, os.fsencode(path), flags, attributes, len(attributes))


def _check(folders: Iterable[Path]) -> None:
    """A Python that only root may read is of no use to who is not root any more."""
    for folder in folders:
        if not os.access(folder, os.R_OK | os.X_OK):
            raise OSError(errno.EACCES, f"user {os.getuid()} may not read {folder}")
