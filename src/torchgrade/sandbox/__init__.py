"""Isolation levels: where the code of submissions runs, and how the judge talks with it.

ForkingSandbox (forking)    one warm zygote at an isolation level, the works that are measured with it
  Zygote (zygote)           starts it, has it fork and reap
    Child (child)           one process: its socket, its output, its handle
      Connection            what it has sent and was sent, from one request to the next
      ask (talk)            one request and its reply, against the clock: an Exchange
        Allowance, Watch    what a plan's limits come to; the process's processor time and threads, from outside
  Spawner (spawning)        where there is no fork: a Python for each child (`fresh`), which connects (`listener`)
  Measuring (measuring)     one work: which case next, what a death means for the rest
  incidents, answers        what the parent saw, told as Incidents; what the child claims, believed or not
  excess                    which limit was passed and by how much, for measurements
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from functools import partial

from torchgrade.model.isolation import LEVELS, PROCESS
from torchgrade.model.kinds import Sandbox
from torchgrade.sandbox.forking import ForkingSandbox
from torchgrade.sandbox.refusals import no_linux
from torchgrade.sandbox.spawning import SpawningSandbox, is_needed
from torchgrade.sandbox.warmth import Warmth


def _at(level: str, warm: Warmth = Warmth.LEAN) -> Sandbox:
    """The level of this name. Raises IsolationError if this system can have nothing of the kind."""
    if not is_needed():
        return ForkingSandbox(LEVELS[level], warm=warm)
    if level != PROCESS.level:
        raise no_linux(level, platform.system())
    return SpawningSandbox()


ISOLATIONS: Mapping[str, Callable[..., Sandbox]] = {level: partial(_at, level) for level in LEVELS}
"""Isolation levels by name, the weakest first."""


def strongest() -> Sandbox:
    """The strongest level that is to be had here; its `level` tells which."""
    if is_needed():
        return SpawningSandbox()
    return ForkingSandbox(*reversed(tuple(LEVELS.values())))
