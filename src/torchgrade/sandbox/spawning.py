"""The level `process` on systems without forks that can be watched (Windows, macOS): a fresh Python for each child.

Requests, limits of time and output, and verdicts are those of a zygote's children; the connections are two of the
machine's own network, because that is what every system can wait for. Each child pays for an import of torch (1 to 3 s,
before its clock runs); the first is imported in the background. What the system lacks is missing: limits of threads and
of a case's processor time; on macOS, the limit of memory; on Windows, all limits of the kernel, the peak of memory, and
an end of what a submission started itself. Tested on Linux only, with all that Windows lacks taken away.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import cast

from torchgrade.errors import IsolationError
from torchgrade.model.isolation import PROCESS
from torchgrade.sandbox.child import Child
from torchgrade.sandbox.connection import NO_HANDLE, Channels
from torchgrade.sandbox.forking import ForkingSandbox
from torchgrade.sandbox.fresh import Fresh
from torchgrade.sandbox.launcher import Launcher
from torchgrade.sandbox.listener import Listener
from torchgrade.sandbox.zygote import Ending, ZygoteError
from torchgrade.wire import introduction
from torchgrade.wire.introduction import Order

WORKER = ("-m", "torchgrade.worker.spawned")
_START_SECONDS = 120.0


def is_needed() -> bool:
    """True where a child cannot be forked and watched by a handle, which is everywhere but on Linux."""
    return not (hasattr(os, "fork") and hasattr(os, "pidfd_open"))


class SpawningSandbox(ForkingSandbox):
    """The same works, without a fork; `worker` is what each Python runs."""

    def __init__(self, worker: Sequence[str] = WORKER) -> None:
        super().__init__(PROCESS)
        self._worker = worker

    def _launch(self) -> Launcher:
        return Spawner(self._worker)


class Spawner:
    """Starts a Python for each child; the first at once, in the background. Threads may share it."""

    def __init__(self, worker: Sequence[str] = WORKER) -> None:
        self._worker = worker
        self._lock = Lock()
        self._topics: set[str] = set()
        self._waiting = [Fresh(worker)]
        self._running = set(self._waiting)
        self._works = False
        self._is_over = False

    def level(self) -> str:
        """There is only one."""
        return PROCESS.level

    def warm(self, topics: Iterable[str]) -> None:
        """Have each child load what submissions on these topics would load, before its clock runs."""
        with self._lock:
            self._topics.update(topics)

    def spawn(self, megabytes: int, cpu_seconds: int, files: int) -> Child:
        """A child that may use so much memory beyond torch's own, processor time, and open files."""
        process, topics = self._start()
        listener = Listener()
        order = Order(
            port=listener.port,
            token=listener.token,
            megabytes=megabytes,
            cpu_seconds=cpu_seconds,
            files=files,
            topics=topics,
        )
        try:
            process.tell(introduction.write(order))
            data, output = listener.meet(process.is_alive, _START_SECONDS)
        except OSError:
            raise self._death(process) from None
        finally:
            listener.close()
        self._works = True
        return _Spawned(process, data, output)

    def end(self, child: Child) -> Ending:
        """Kill what is left of a child and reap it."""
        child.kill()
        child.close()
        return self._end(cast(_Spawned, child).process)

    def dismiss(self, child: Child) -> int:
        """The same: where it ran, nothing is to be gained by not waiting."""
        return self.end(child).peak_bytes

    def close(self) -> None:
        """End whatever runs; threads that wait for one of them are told."""
        with self._lock:
            self._is_over = True
            running = tuple(self._running)
        for each in running:
            each.end()

    def _start(self) -> tuple[Fresh, tuple[str, ...]]:
        with self._lock:
            if self._is_over:
                raise _closed()
            process = self._waiting.pop() if self._waiting else Fresh(self._worker)
            self._running.add(process)
            return process, tuple(sorted(self._topics))

    def _end(self, process: Fresh) -> Ending:
        ending = process.end()
        with self._lock:
            self._running.discard(process)
            if self._is_over:
                raise _closed()
        return ending

    def _death(self, process: Fresh) -> IsolationError:
        status = self._end(process).status
        kind = ZygoteError if self._works else IsolationError
        return kind(
            f"the worker process ended with status {status >> 8 or -status}: {process.last_words}",
            hint="check that this Python can import torch: python -c 'import torch'",
        )


class _Spawned(Child):
    """A child whose handle is its process."""

    def __init__(self, process: Fresh, data: socket.socket, output: socket.socket) -> None:
        super().__init__(process.pid, Channels(data, output.fileno(), NO_HANDLE, lambda _, most: output.recv(most)))
        self.process = process
        self._output = output

    def has_died(self, seconds: float) -> bool:
        return self.process.has_died(seconds)

    def kill(self) -> None:
        self.process.kill()

    def close(self) -> None:
        self._channels.data.close()
        self._output.close()


def _closed() -> ZygoteError:
    return ZygoteError("the sandbox is closed")
