"""Isolation levels: where the code of submissions runs, and how the judge talks with it.

ProcessSandbox (process)    one warm zygote, the works that are measured with it
  Zygote (zygote)           starts it, has it fork and reap
    Child (child)           one process: its socket, its output, its handle
      Exchange (exchange)   one request and its reply, against the clock
  Measuring (measuring)     one work: which case next, what a death means for the rest
  incidents, answers        what the parent saw, told as Incidents; what the child claims, believed or not
"""

from __future__ import annotations

from collections.abc import Mapping

from torchgrade.model.kinds import Sandbox
from torchgrade.sandbox.process import ProcessSandbox

ISOLATIONS: Mapping[str, type[Sandbox]] = {ProcessSandbox.level: ProcessSandbox}
"""Isolation levels by name, the weakest first."""
