"""What is different in the world after an attack: nothing, if all went well."""

from __future__ import annotations

import ctypes
import hashlib
import os
import resource
import signal
import socket
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import torchgrade
from hostile.evidence import Evidence
from hostile.stage import Stage

_PATIENCE = 0.4
"""Seconds within which a process that is ending must have ended."""
_LONG = 5.0
"""Seconds within which a process that was killed must have ended."""
_PR_SET_CHILD_SUBREAPER = 36
_IPC_RMID = 0
_SYSTEM_V = {"shm": "shmctl", "msg": "msgctl", "sem": "semctl"}
_LIBC = ctypes.CDLL(None, use_errno=True)
_PACKAGE = Path(torchgrade.__file__).parent
_ROOMS = (_PACKAGE, *(each for each in _PACKAGE.rglob("*") if each.is_dir() and each.name != "__pycache__"))


def adopt_orphans(*, do: bool) -> None:
    """Have processes that lose their parent become children of ours, so that none can hide."""
    _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, int(do), 0, 0, 0)


@dataclass(frozen=True)
class World:
    """What is looked at before and after."""

    course: dict[str, tuple[object, ...]]
    marked: frozenset[str]
    victim: tuple[object, ...]
    processes: frozenset[int]
    objects: frozenset[str]
    mounts: frozenset[str]
    descriptors: int

    @classmethod
    def now(cls, stage: Stage) -> World:
        """As it is."""
        return cls(
            course={str(path): _state(path) for path in sorted(stage.course.rglob("*"))},
            marked=frozenset(_marked(stage.mark)),
            victim=_condition(stage.victim.pid),
            processes=frozenset(_descendants(os.getpid())),
            objects=frozenset(_objects(stage)),
            mounts=frozenset(Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()),
            descriptors=len(os.listdir("/proc/self/fd")),  # noqa: PTH208
        )


def settled(before: World, stage: Stage, own: frozenset[int]) -> World:
    """The world when everything that is about to end has ended; `own` are processes of ours that may come and go."""
    end = time.monotonic() + _PATIENCE
    while _left(after := World.now(stage), before, own) and time.monotonic() < end:
        time.sleep(0.02)
    return after


def await_victim(before: World, stage: Stage) -> None:
    """Signals take their time on a busy machine: wait for what an attack says that it did."""
    end = time.monotonic() + _LONG
    while _condition(stage.victim.pid) == before.victim and time.monotonic() < end:
        time.sleep(0.01)


def harm(before: World, after: World, stage: Stage, own: frozenset[int]) -> set[Evidence]:
    """What an attack did."""
    found = {Evidence.LEFT} if _left(after, before, own) else set()
    if (after.course, after.marked) != (before.course, before.marked):
        found.add(Evidence.FILES)
    if after.victim != before.victim:
        found.add(Evidence.VICTIM)
    if _was_called(stage):
        found.add(Evidence.LISTENER)
    return found


def clean(before: World, after: World, stage: Stage, own: frozenset[int]) -> None:
    """The world as it was before."""
    for name in sorted(after.marked - before.marked, reverse=True):
        path = Path(name)
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    if (after.course, after.marked) != (before.course, before.marked):
        stage.restore()
    if after.victim != before.victim:
        stage.replace_victim()
    for pid in after.processes - before.processes - own - {stage.victim.pid}:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(pid, 0)
    for each in after.objects - before.objects:
        _remove(each, stage)


def _left(after: World, before: World, own: frozenset[int]) -> bool:
    processes = after.processes - before.processes - own
    for pid in processes:  # a child of a child that ended becomes ours, and waits for us
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
    return (
        bool(processes or after.objects - before.objects or after.mounts - before.mounts)
        or after.descriptors > before.descriptors
    )


def _state(path: Path) -> tuple[object, ...]:
    """All there is to know of a file, but for when it was read."""
    found = path.lstat()
    content = (
        hashlib.sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(found.st_mode) and found.st_mode & 0o400 else ""
    )
    return found.st_mode, found.st_nlink, found.st_size, found.st_mtime_ns, found.st_uid, content


def _marked(mark: str) -> Iterator[str]:
    """Files whose names bear the mark, wherever a submission might think of leaving one."""
    for folder in (tempfile.gettempdir(), "/var/tmp", "/dev/shm", "/dev/mqueue", "/", *_ROOMS):  # noqa: S108
        with suppress(OSError):
            yield from (os.path.join(folder, name) for name in os.listdir(folder) if mark in name)  # noqa: PTH118, PTH208


def _condition(pid: int) -> tuple[object, ...]:
    """Whether a process lives, and what it may do."""
    if _status(pid)[0] in "ZX":
        return ("dead",)
    limits = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    return pid, limits, os.getpriority(os.PRIO_PROCESS, pid), tuple(os.sched_getaffinity(pid))


def is_alive(pid: int) -> bool:
    """Zombies do not live."""
    return _status(pid)[0] not in "ZX"


def _status(pid: int) -> tuple[str, int]:
    """The state of a process, and its parent."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return "X", 0
    return fields[0], int(fields[1])


def _descendants(root: int) -> Iterator[int]:
    """The processes that come from one, those that have ended and wait for their parent left out."""
    known = {int(name): _status(int(name)) for name in os.listdir("/proc") if name.isdigit()}  # noqa: PTH208
    family = {root}
    for _ in known:
        more = {pid for pid, (_, parent) in known.items() if parent in family} - family
        if not more:
            break
        family |= more
    return (pid for pid in family - {root} if known[pid][0] not in "ZX")


def _objects(stage: Stage) -> Iterator[str]:
    """Objects of the kernel that outlive the process that made them."""
    for kind in _SYSTEM_V:
        for line in Path(f"/proc/sysvipc/{kind}").read_text(encoding="ascii").splitlines()[1:]:
            key, number, *_ = line.split()
            if int(key) == stage.key + 1:
                yield f"{kind} {number}"
    with suppress(OSError):
        for line in Path("/proc/keys").read_text(encoding="utf-8").splitlines():
            if stage.mark in line:
                yield f"key {line.split()[0]}"
    if (queue := _LIBC.mq_open(f"/{stage.mark}".encode(), os.O_RDONLY)) >= 0:
        os.close(queue)
        yield "queue"


def _remove(each: str, stage: Stage) -> None:
    match each.split():
        case ["key", number]:
            revoke = {"x86_64": 250, "aarch64": 219}[os.uname().machine]
            _LIBC.syscall(revoke, 3, int(number, 16))
            _LIBC.syscall(revoke, 9, int(number, 16), -4)
        case ["queue"]:
            _LIBC.mq_unlink(f"/{stage.mark}".encode())
        case ["shm", number]:
            _LIBC.shmctl(int(number), _IPC_RMID, None)
        case ["msg", number]:
            _LIBC.msgctl(int(number), _IPC_RMID, None)
        case ["sem", number]:
            _LIBC.semctl(int(number), 0, _IPC_RMID)


def _was_called(stage: Stage) -> bool:
    """Whether anybody connected or sent something; all of it is taken away."""
    heard = [_heard(each) for each in (stage.tcp, stage.udp, stage.path, stage.abstract)]
    return any(heard)


def _heard(door: socket.socket) -> bool:
    heard = False
    with suppress(BlockingIOError):
        while True:
            if door.type == socket.SOCK_DGRAM:
                door.recv(100)
            else:
                door.accept()[0].close()
            heard = True
    return heard
