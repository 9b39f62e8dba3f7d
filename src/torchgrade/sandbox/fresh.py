"""A Python that is started for one child: from its start to how it ended, on any system."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock
from typing import IO, cast

from torchgrade.sandbox.zygote import ENVIRONMENT, Ending

_MOMENT = 0.005
_TAIL = 2_000
_RUSAGE_UNIT = 1 if sys.platform == "darwin" else 1024
# What Windows needs to start any program, and its names for TMPDIR.
_INHERITED = ("SYSTEMROOT", "TEMP", "TMP")
# Ctrl-C is for the grader, which ends its children itself.
_NEW_GROUP = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
_SIGKILL = 9
_SIGSEGV = 11
_UNHANDLED = 0xC0000000
"""Windows: what ends a process there as a signal does elsewhere is an exit code from here on (NTSTATUS)."""
_EXCEPTIONS = {0xC000001D: 4, 0xC0000094: 8, 0xC0000409: 6}
"""An illegal instruction, a division by zero, an abort; by the numbers of signals. The others are bad addresses."""


class Fresh:
    """Isolated (-I -P), with an empty environment; it lives no longer than its standard input is open.

    Threads may share it: it is reaped once.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-P", "-B", "-X", "utf8", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            cwd="/",
            env=_environment(),
            start_new_session=True,
            creationflags=_NEW_GROUP,
        )
        self._life = cast(IO[bytes], self._process.stdin)
        self.pid = self._process.pid
        self.last_words = ""
        self._lock = Lock()
        self._ending: Ending | None = None

    def tell(self, order: bytes) -> None:
        """Write to its standard input. Raises OSError if it is dead."""
        self._life.write(order)
        self._life.flush()

    def is_alive(self) -> bool:
        return self._reaped() is None

    def has_died(self, seconds: float) -> bool:
        """True if it dies within this time."""
        end = time.monotonic() + seconds
        while self.is_alive():
            if time.monotonic() >= end:
                return False
            time.sleep(_MOMENT)
        return True

    def kill(self) -> None:
        """End it, with whatever it started that is still in its group, where there are groups."""
        if not hasattr(os, "killpg"):
            self._process.kill()
            return
        with suppress(ProcessLookupError, PermissionError):  # not Popen's own, which would reap it and lose its peak
            os.killpg(self.pid, _SIGKILL)

    def end(self) -> Ending:
        """Kill it, reap it, and keep as `last_words` what it wrote to stderr before it became a child."""
        self.kill()
        with suppress(OSError):
            self._life.close()
        while (ending := self._reaped()) is None:
            time.sleep(_MOMENT)
        with self._lock:
            if not self._errors.closed:
                self.last_words = self._last_line()
                self._errors.close()
        return ending

    def _last_line(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read()[-_TAIL:].decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def _reaped(self) -> Ending | None:
        with self._lock:
            if self._ending is None:
                self._ending = _reap(self._process)
            return self._ending


def _reap(process: subprocess.Popen[bytes]) -> Ending | None:
    """How it ended, if it has; with its peak memory where the system tells it."""
    if not hasattr(os, "wait4"):
        code = process.poll()
        return None if code is None else Ending(_wait_status(code), 0)
    pid, status, usage = os.wait4(process.pid, os.WNOHANG)
    if pid == 0:
        return None
    process.returncode = os.waitstatus_to_exitcode(status)
    return Ending(status, usage.ru_maxrss * _RUSAGE_UNIT)


def _wait_status(code: int) -> int:
    """An exit code, as wait(2) would have it."""
    if code >= _UNHANDLED:
        return _EXCEPTIONS.get(code, _SIGSEGV)
    return -code if code < 0 else code << 8


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {**ENVIRONMENT, **kept, "TMPDIR": tempfile.gettempdir()}
