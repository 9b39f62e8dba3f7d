"""The parent's side of the zygote: start it, have it warm itself, fork and reap."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from torchgrade.errors import IsolationError, WireError
from torchgrade.model.isolation import Confinement
from torchgrade.sandbox.child import Child, plumbing
from torchgrade.sandbox.connection import Channels
from torchgrade.sandbox.refusals import refused
from torchgrade.wire import control

_START_SECONDS = 120.0
_REPLY_SECONDS = 60.0
_TAIL = 2_000
# Nothing of the grader's environment: it may hold tokens, and a student's may hold PYTHONPATH.
ENVIRONMENT = {
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


Reply = tuple[tuple[str, ...], list[int]]
"""The words after the first, and descriptors."""


class Zygote:
    """A warm process that forks children. It starts at once, in the background; the first call waits for it.

    Threads may share it. Each command and its reply have the line to themselves; once it is gone, each thread is told.
    """

    def __init__(self, candidates: Sequence[Confinement]) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = _start(theirs.fileno(), self._errors.fileno(), candidates)
        theirs.close()
        self._lock = threading.RLock()
        self._failure: IsolationError | None = None
        self._level = ""
        self._warm: set[str] = set()

    def level(self) -> str:
        """The isolation level it is at."""
        with self._lock:
            if not self._level:
                (self._level, _), _ = self._hear(control.READY, _START_SECONDS)
            return self._level

    def warm(self, topics: Iterable[str]) -> None:
        """Load what submissions on these topics would load in every child."""
        with self._lock:
            missing = sorted(set(topics) - self._warm)
            if missing:
                self._ask(control.WARMED, control.encode(control.WARM, *missing))
                self._warm.update(missing)

    def spawn(self, megabytes: int, cpu_seconds: int, files: int) -> Child:
        """Fork a child that may use so much memory beyond torch's own, processor time, and open files."""
        ours, theirs, reading, writing = plumbing()
        try:
            order = control.encode(control.SPAWN, megabytes, cpu_seconds, files)
            (pid,), (handle,) = self._ask(control.CHILD, order, [theirs.fileno(), writing])
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
        (status, peak), _ = self._ask(control.ENDED, control.encode(control.END, child.pid))
        return Ending(int(status), int(peak))

    def dismiss(self, child: Child) -> int:
        """Kill a child and have it reaped while we go on: the kernel takes 9 ms to clear its memory away."""
        peak = child.peak_bytes()
        if not peak:
            return self.end(child).peak_bytes
        child.kill()
        child.close()
        with self._lock:
            self._tell(control.encode(control.DISMISS, child.pid))
        return peak

    def close(self) -> None:
        """End it; its children die with it, and whoever waits for a reply gets none."""
        self._process.kill()
        with self._lock:
            self._fail(self._death)
            self._process.wait()
            self._line.close()
            self._errors.close()

    def _ask(self, answer: str, message: bytes, descriptors: list[int] | None = None) -> Reply:
        with self._lock:
            self.level()
            self._tell(message, descriptors)
            return self._hear(answer)

    def _tell(self, message: bytes, descriptors: list[int] | None = None) -> None:
        try:
            socket.send_fds(self._line, [message], descriptors or [])
        except OSError:
            raise self._fail(self._death) from None

    def _hear(self, word: str, seconds: float = _REPLY_SECONDS) -> Reply:
        try:
            self._line.settimeout(seconds)
            message, descriptors, _, _ = socket.recv_fds(self._line, control.MAX_MESSAGE, 1)
            if message.startswith(control.REFUSED.encode()):
                raise self._fail(lambda: self._refusal(message))
            return control.decode(message, word), descriptors
        except (OSError, WireError):
            raise self._fail(self._death) from None

    def _fail(self, reason: Callable[[], IsolationError]) -> IsolationError:
        """The first failure is the reason of all that follow."""
        if self._failure is None:
            self._failure = reason()
        return type(self._failure)(self._failure.message, hint=self._failure.hint)

    def _refusal(self, message: bytes) -> IsolationError:
        level, layer, number, *text = control.decode(message, control.REFUSED)
        return refused(level, layer, int(number), " ".join(text))

    def _death(self) -> IsolationError:
        """It never dies of itself: what it wrote to stderr is the reason."""
        with suppress(OSError):
            self._process.kill()
        status = self._process.wait()
        self._errors.seek(0)
        last = self._errors.read()[-_TAIL:].decode("utf-8", "replace").strip().splitlines()
        kind = ZygoteError if self._level else IsolationError
        return kind(
            f"the worker process ended with status {status}: {last[-1] if last else 'it said nothing'}",
            hint="check that this Python can import torch: python -c 'import torch'",
        )


def _start(line: int, errors: int, candidates: Sequence[Confinement]) -> subprocess.Popen[bytes]:
    """By exec, before any answer exists; isolated (-I -P), so that no file of a student's can pose as a module."""
    command = [sys.executable, "-I", "-P", "-B", "-X", "utf8", "-m", "torchgrade.worker", str(line)]
    command += [f"{each.level}={','.join(sorted(each.layers))}" for each in candidates]
    return subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        pass_fds=(line,),
        cwd="/",
        env={**ENVIRONMENT, "TMPDIR": tempfile.gettempdir()},
        start_new_session=True,
    )
