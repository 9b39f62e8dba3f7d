"""Sent to a child as if it were a submission; nothing imports it. Each attempt undoes what it may have done."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path


def attack(canary: str, grader: int) -> tuple[list[str], list[str]]:
    """What was tried, and for each `worked` or `failed`."""
    attempts: dict[str, Callable[[], object]] = {
        "read a file that anybody may read": lambda: Path(canary).read_text(encoding="ascii"),
        "list a folder": lambda: list(Path(canary).parent.iterdir()),
        "change a file's mode": lambda: _change_mode(canary),
        "write a file": lambda: Path(f"{canary}.written").write_text("x", encoding="ascii"),
        "read the grader's environment": lambda: Path(f"/proc/{grader}/environ").read_bytes(),
        "open the grader's memory": lambda: Path(f"/proc/{grader}/mem").open("rb").close(),
        "signal the grader": lambda: os.kill(grader, 0),
        "start a process": _fork,
        "run a program": lambda: os.execv(canary, [canary]),
        "open a socket": lambda: socket.socket().close(),
        "make memory that no limit counts": lambda: os.close(os.memfd_create("attack")),
        "make shared memory that outlives it": _shared_memory,
        "load the answers' judge": lambda: _load("torchgrade.grading.judge"),
    }
    return list(attempts), ["worked" if _works(attempt) else "failed" for attempt in attempts.values()]


def _works(attempt: Callable[[], object]) -> bool:
    """A program that is no program is refused as such only where programs may be run at all."""
    try:
        attempt()
    except OSError as error:
        return error.errno == errno.ENOEXEC
    except ImportError:
        return False
    return True


def _change_mode(canary: str) -> None:
    Path(canary).chmod(0o755)


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)


def _shared_memory() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    identifier = libc.shmget(0, 4096, 0o1600)
    if identifier == -1:
        raise PermissionError
    libc.shmctl(identifier, 0, None)


def _load(name: str) -> None:
    sys.modules.pop(name, None)
    __import__(name)
