"""The level `process`: a crash, a hang or a flood ends one case. It is NOT a sandbox: files and network are open."""

from __future__ import annotations

from typing import ClassVar

from torchgrade.model.observation import Measured
from torchgrade.model.probe import Work
from torchgrade.sandbox.measuring import Measuring
from torchgrade.sandbox.warmth import Warmth, needs
from torchgrade.sandbox.zygote import Zygote, ZygoteError
from torchgrade.wire import control

_ZYGOTES_A_WORK = 2


class ProcessSandbox:
    """A warm zygote, and a child of it for each work. Not to be shared between threads."""

    level: ClassVar[str] = "process"

    def __init__(self, *, warm: Warmth | str = Warmth.LEAN) -> None:
        self._warmth = Warmth(warm)
        self._zygote: Zygote | None = None

    def __enter__(self) -> ProcessSandbox:
        self._living()
        return self

    def __exit__(self, *exception: object) -> None:
        self._close()

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
                self._close()
                death = error.message
        else:
            measuring.give_up(death)
        return measuring.results()

    def _living(self) -> Zygote:
        if self._zygote is None:
            self._zygote = Zygote()
        return self._zygote

    def _close(self) -> None:
        if self._zygote is not None:
            self._zygote.close()
        self._zygote = None
