"""Where work is done: one piece after another, or several at a time."""

from __future__ import annotations

from collections.abc import Mapping

from torchgrade.executors.pool import PoolExecutor
from torchgrade.executors.serial import SerialExecutor
from torchgrade.model.kinds import Executor

EXECUTORS: Mapping[str, type[Executor]] = {each.kind: each for each in (SerialExecutor, PoolExecutor)}
"""Executors by name."""
