"""Where a store may be: in a folder and a file of the user's own, on this machine, outside what is graded."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from torchgrade.errors import StoreError

ELSEWHERE = "name another folder for state with XDG_STATE_HOME"
NETWORK = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "glusterfs", "gpfs", "lustre", "nfs", "nfs4", "smb3", "sshfs"}
)
"""File systems on which SQLite's locks, or the memory that its processes share, are not to be relied upon."""
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def prepare(folder: Path, file: Path) -> None:
    """Make the folder and the file, if they are not there, for their owner only; refuse what is not safe."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_folder(folder)
        _refuse_file(file)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StoreError(f"the store {file} cannot be opened: {reason}", hint=ELSEWHERE) from error


def refuse_inside(folder: Path, graded: Iterable[Path]) -> None:
    """Refuse a store within what is graded: there, whoever hands something in could have a say in grades."""
    place = folder.resolve()
    for path in graded:
        tree = path.resolve()
        if place == tree or tree in place.parents:
            raise StoreError(f"the store {folder} lies inside {path}, which is to be graded", hint=ELSEWHERE)


def file_system(folder: Path, mounts: str) -> str:
    """The type of the file system that holds a folder, by the text of `/proc/self/mountinfo`; empty if unknown."""
    device = folder.stat().st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        if before.split()[2:3] == [number]:
            return after.partition(" ")[0].removeprefix("fuse.")
    return ""


def refuse_network(folder: Path, mounts: str) -> None:
    """Refuse a file system that other machines share."""
    kind = file_system(folder, mounts)
    if kind in NETWORK:
        raise StoreError(
            f"the store {folder} is on a network file system ({kind}), where it may be damaged", hint=ELSEWHERE
        )


def _refuse_folder(folder: Path) -> None:
    found = folder.stat()
    if _is_somebody_elses(found):
        raise StoreError(f"the folder {folder} belongs to somebody else", hint=ELSEWHERE)
    if os.name == "posix" and found.st_mode & _OTHERS_WRITE:
        raise StoreError(f"others can write into the folder {folder}", hint=f"chmod 700 {folder}")
    mounts = Path("/proc/self/mountinfo")
    if mounts.exists():
        refuse_network(folder, mounts.read_text(encoding="utf-8", errors="replace"))


def _refuse_file(file: Path) -> None:
    if file.is_symlink():
        raise StoreError(f"{file} is a link to another place", hint="remove the link")
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        found = os.fstat(descriptor)
        if _is_somebody_elses(found):
            raise StoreError(f"{file} belongs to somebody else, who could have a say in grades", hint="move it aside")
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
            raise StoreError(f"{file} is no ordinary file, or has a second name", hint="move it aside")
        if os.name == "posix" and found.st_mode & 0o077:
            os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


def _is_somebody_elses(found: os.stat_result) -> bool:
    return hasattr(os, "getuid") and found.st_uid != os.getuid()
