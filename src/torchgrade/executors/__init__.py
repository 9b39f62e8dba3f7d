"""Where work is done: here, one piece after another, for now."""

from __future__ import annotations

from collections.abc import Mapping

from torchgrade.executors.serial import SerialExecutor
from torchgrade.model.kinds import Executor

EXECUTORS: Mapping[str, type[Executor]] = {SerialExecutor.kind: SerialExecutor}
"""Executors by name."""
