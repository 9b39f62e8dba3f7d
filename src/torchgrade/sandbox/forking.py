"""A sandbox of the machine's own kernel: a warm zygote at one isolation level, and a fork of it for each work."""

from __future__ import annotations

from threading import Lock

from torchgrade.errors import IsolationError
from torchgrade.model.isolation import Confinement
from torchgrade.model.observation import Measured
from torchgrade.model.probe import Work
from torchgrade.sandbox.launcher import Launcher
from torchgrade.sandbox.measuring import Measuring
from torchgrade.sandbox.warmth import Warmth, needs
from torchgrade.sandbox.zygote import Zygote, ZygoteError
from torchgrade.wire import control

_ZYGOTES_A_WORK = 2


class ForkingSandbox:
    """At the first of the levels that is to be had here. Threads may share it: each work has a child of its own."""

    def __init__(self, *candidates: Confinement, warm: Warmth | str = Warmth.LEAN) -> None:
        self._candidates = candidates
        self._warmth = Warmth(warm)
        self._lock = Lock()
        self._is_over = False
        self._zygote: Launcher | None = None

    def __enter__(self) -> ForkingSandbox:
        self._is_over = False
        self._living()
        return self

    def __exit__(self, *exception: object) -> None:
        """Works that other threads are measuring end with an IsolationError."""
        with self._lock:
            self._is_over = True
            zygote, self._zygote = self._zygote, None
        if zygote is not None:
            zygote.close()

    @property
    def level(self) -> str:
        """The level in force. Raises IsolationError, as `measure`, if none is to be had."""
        return self._living().level()

    def measure(self, work: Work) -> tuple[Measured, ...]:
        """Every plan of the work, in order. Raises only if no zygote can be started at all."""
        measuring, death = Measuring(work), ""
        for _ in range(_ZYGOTES_A_WORK):
            zygote = self._living()
            try:
                zygote.warm(control.TOPICS if self._warmth is Warmth.FULL else needs(work))
                measuring.run(zygote)
                break
            except ZygoteError as error:
                self._bury(zygote)
                death = error.message
        else:
            measuring.give_up(death)
        return measuring.results()

    def _living(self) -> Launcher:
        """The zygote, or the one that replaces it."""
        with self._lock:
            if self._is_over:
                raise IsolationError("the sandbox is closed")
            if self._zygote is None:
                self._zygote = self._launch()
            return self._zygote

    def _launch(self) -> Launcher:
        return Zygote(self._candidates)

    def _bury(self, zygote: Launcher) -> None:
        """Of all threads that see a zygote die, one makes room for the next."""
        with self._lock:
            is_first = self._zygote is zygote
            self._zygote = None if is_first else self._zygote
        if is_first:
            zygote.close()
