"""The parent's side of the zygote: start it, have it warm itself, fork and reap."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from torchgrade.errors import IsolationError, WireError
from torchgrade.sandbox.child import Child, plumbing
from torchgrade.sandbox.exchange import Channels
from torchgrade.wire import control

_START_SECONDS = 120.0
_REPLY_SECONDS = 60.0
_TAIL = 2_000
# Nothing of the grader's environment: it may hold tokens, and a student's may hold PYTHONPATH.
_ENVIRONMENT = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "MALLOC_ARENA_MAX"), "1"),
    "CUDA_VISIBLE_DEVICES": "",
    "LANG": "C.UTF-8",
    "USER": "worker",
}


class ZygoteError(IsolationError):
    """The zygote was there, and is gone."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended: its wait status, and the most memory it had, in bytes."""

    status: int
    peak_bytes: int


class Zygote:
    """A warm process that forks children. It starts at once, in the background; the first call waits for it."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = _start(theirs.fileno(), self._errors.fileno())
        theirs.close()
        self._is_ready = False
        self._warm: set[str] = set()

    def warm(self, topics: Iterable[str]) -> None:
        """Load what submissions on these topics would load in every child."""
        missing = sorted(set(topics) - self._warm)
        if missing:
            self._ask(control.encode(control.WARM, *missing))
            self._hear(control.WARMED)
            self._warm.update(missing)

    def spawn(self, megabytes: int, seconds: int) -> Child:
        """Fork a child that may use so much memory beyond torch's own, and so much processor time."""
        ours, theirs, reading, writing = plumbing()
        try:
            self._ask(control.encode(control.SPAWN, megabytes, seconds), [theirs.fileno(), writing])
            (pid,), (handle,) = self._hear(control.CHILD)
        except BaseException:
            ours.close()
            os.close(reading)
            raise
        finally:
            theirs.close()
            os.close(writing)
        return Child(int(pid), Channels(ours, reading, handle))

    def end(self, child: Child) -> Ending:
        """Kill what is left of a child and reap it."""
        child.kill()
        child.close()
        self._ask(control.encode(control.END, child.pid))
        (status, peak), _ = self._hear(control.ENDED)
        return Ending(int(status), int(peak))

    def close(self) -> None:
        """End it; it exits when its line closes, and its children die with it."""
        self._line.close()
        self._process.kill()
        self._process.wait()
        self._errors.close()

    def _ask(self, message: bytes, descriptors: list[int] | None = None) -> None:
        if not self._is_ready:
            self._hear(control.READY, _START_SECONDS)
            self._is_ready = True
        try:
            socket.send_fds(self._line, [message], descriptors or [])
        except OSError:
            raise self._death() from None

    def _hear(self, word: str, seconds: float = _REPLY_SECONDS) -> tuple[tuple[str, ...], list[int]]:
        self._line.settimeout(seconds)
        try:
            message, descriptors, _, _ = socket.recv_fds(self._line, control.MAX_MESSAGE, 1)
            return control.decode(message, word), descriptors
        except (OSError, WireError):
            raise self._death() from None

    def _death(self) -> IsolationError:
        """It never dies of itself: what it wrote to stderr is the reason."""
        with suppress(OSError):
            self._process.kill()
        status = self._process.wait()
        self._errors.seek(0)
        last = self._errors.read()[-_TAIL:].decode("utf-8", "replace").strip().splitlines()
        kind = ZygoteError if self._is_ready else IsolationError
        return kind(
            f"the worker process ended with status {status}: {last[-1] if last else 'it said nothing'}",
            hint="check that this Python can import torch: python -c 'import torch'",
        )


def _start(line: int, errors: int) -> subprocess.Popen[bytes]:
    """By exec, before any answer exists; isolated (-I -P), so that no file of a student's can pose as a module."""
    command = [sys.executable, "-I", "-P", "-B", "-X", "utf8", "-m", "torchgrade.worker", str(line)]
    return subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        pass_fds=(line,),
        cwd="/",
        env={**_ENVIRONMENT, "TMPDIR": tempfile.gettempdir()},
        start_new_session=True,
    )
